"""Bookmarks: named views of the project and of the user, by dialog, menu, keys and search."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.conftest import OpenWindow
from tests.ui.hands import tap
from tests.ui.mapping import area_named, inner_place
from ui.canvas.viewport import Viewport
from ui.main_window import MainWindow
from ui.maps.bookmark_dialog import BookmarkDialog

LEFT = Qt.MouseButton.LeftButton


def dialog_of(window: MainWindow) -> BookmarkDialog:
    window.actions_table.action("map.bookmarks").trigger()
    (dialog,) = [one for one in window.findChildren(BookmarkDialog) if one.isVisible()]
    return dialog


def keep(window: MainWindow, name: str, *, is_own: bool) -> Viewport:
    """Keep the present view by typing its name; return it."""
    dialog = dialog_of(window)
    tap(dialog.own if is_own else dialog.of_project)
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, name)
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    dialog.close()
    return window.map_panel.view.view


def looks_as(window: MainWindow, then: Viewport) -> bool:
    now = window.map_panel.view.view
    wanted = (then.centre_x, then.centre_y, then.metres_per_px)
    return (now.centre_x, now.centre_y, now.metres_per_px) == pytest.approx(wanted, rel=1e-6)


def test_kept_views_come_back_by_keys_menu_and_search(qtbot: QtBot, window: MainWindow) -> None:
    view, bridge = window.map_panel.view, window.context.bridge
    view.zoom(5, (200, 200))
    first = keep(window, "hehe bei", is_own=False)
    view.zoom(3, (500, 100))
    second = keep(window, "mine", is_own=True)
    assert bridge.snapshot.revision == 1
    assert [kept.mark.name for kept in window.maps.bookmarks.marks.all()] == ["hehe bei", "mine"]

    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert looks_as(window, first)
    actions = window.maps.bookmarks.menu.actions()
    assert [action.text() for action in actions] == ["hehe bei\tAlt+1", "mine\tAlt+2"]
    actions[1].trigger()
    assert looks_as(window, second)

    # The list closes when the keys turn elsewhere, as they do when a dialog has gone.
    qtbot.waitUntil(window.isActiveWindow)
    window.actions_table.action("edit.search").trigger()
    qtbot.waitUntil(window.search_box.hasFocus)
    QTest.keyClicks(window.search_box, "hehe")
    qtbot.waitUntil(window.search_box.popup.isVisible, timeout=5_000)
    QTest.keyClick(window.search_box, Qt.Key.Key_Return)
    assert looks_as(window, first)


def test_project_bookmarks_go_with_the_file_and_own_ones_with_the_user(
    window: MainWindow, open_window: OpenWindow
) -> None:
    keep(window, "all", is_own=False)
    keep(window, "mine", is_own=True)
    project = window.context.bridge.path
    window.close()

    later = open_window(project)
    known = [(kept.mark.name, kept.is_own) for kept in later.maps.bookmarks.marks.all()]
    assert known == [("all", False), ("mine", True)]

    later.context.settings.set_value("bookmarks", {})
    assert [kept.mark.name for kept in later.maps.bookmarks.marks.all()] == ["all"]


def test_bookmarks_are_renamed_handed_over_and_taken_away(window: MainWindow) -> None:
    keep(window, "north", is_own=False)
    keep(window, "south", is_own=True)
    dialog, marks = dialog_of(window), window.maps.bookmarks.marks
    dialog.table.selectRow(0)
    tap(dialog.buttons["rename"])
    editor = dialog.table.findChild(QLineEdit)
    assert editor is not None
    QTest.keyClicks(editor, "gate")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert [kept.mark.name for kept in marks.all()] == ["gate", "south"]

    dialog.table.selectRow(1)
    tap(dialog.buttons["owner"])
    assert [kept.is_own for kept in marks.all()] == [False, False]
    dialog.table.setFocus()
    dialog.table.selectRow(0)
    QTest.keyClick(dialog.table, Qt.Key.Key_Delete)
    assert [kept.mark.name for kept in marks.all()] == ["south"]

    window.undoing.undo()
    assert [kept.mark.name for kept in marks.all()] == ["gate", "south"]


def test_a_name_that_is_taken_is_refused_in_words(window: MainWindow) -> None:
    keep(window, "north", is_own=True)
    keep(window, "south", is_own=True)
    marks = window.maps.bookmarks.marks

    assert not marks.rename(marks.all()[1], "north")

    assert "已经有名为“north”的书签" in window.message_bar.text.text()
    assert [kept.mark.name for kept in marks.all()] == ["north", "south"]


def test_a_view_is_called_by_the_land_in_its_middle(window: MainWindow) -> None:
    snapshot = window.context.bridge.snapshot
    x, y = inner_place(snapshot, area_named(snapshot, "第一网格", "甲子社区"))
    window.map_panel.show_box((x - 700, y - 500, x + 700, y + 500))
    view = window.map_panel.view.view
    window.map_panel.view.look(view.centred((x, y)))

    dialog = dialog_of(window)
    first = dialog.name.text()
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    dialog.close()

    assert (first, dialog_of(window).name.text()) == ("第一网格", "第一网格 2")
