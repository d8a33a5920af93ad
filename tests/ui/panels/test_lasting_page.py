"""Pages of the inspector that last: an edit changes their words, not their widgets."""

from __future__ import annotations

import gc

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gridadmin.base.ids import OUTSIDE, oid_of
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.vertex_commands import Move
from gridadmin.partition.border import points_of
from gridadmin.partition.figures import households_of
from tests.ui.panels.conftest import area, click, idle, press, said, shown, type_into
from ui.context import Context
from ui.panels.inspector import Inspector
from ui.panels.page import Page
from ui.panels.parts import BandBar


def inspect(qtbot: QtBot, context: Context) -> Inspector:
    panel = shown(qtbot, Inspector(context))
    panel.activateWindow()
    idle(qtbot, context)
    return panel


def page_of(qtbot: QtBot, inspector: Inspector, context: Context) -> Page:
    inspector.refresh()
    idle(qtbot, context)
    inspector.refresh()
    return inspector.page


def move_a_corner(context: Context, uid: str, by_m: float) -> None:
    """Move a corner of an area's outline that is no node."""
    bridge = context.bridge
    outline = sorted(bridge.snapshot.partition.outline(oid_of(uid)), key=lambda border: border.id)
    for border in outline:
        points = points_of(border)
        if len(points) > 2 and OUTSIDE not in (border.left, border.right):
            x, y = bridge.to_plane((points[1][0] / 1000, points[1][1] / 1000))
            assert bridge.execute(Move((x, y), (x + by_m, y + by_m))) is not None
            return
    raise AssertionError(uid)


def test_after_an_edit_an_area_is_told_in_the_same_widgets(qtbot: QtBot, demo: Context) -> None:
    uid = area(demo, "庚午社区", "第五网格").uid
    inspector = inspect(qtbot, demo)
    demo.selection.select_areas([uid])
    # The first move makes what was written of it stale; the second changes figures alone.
    move_a_corner(demo, uid, 0.5)
    page = page_of(qtbot, inspector, demo)
    widgets, told = page.findChildren(QWidget), said(page).splitlines()

    move_a_corner(demo, uid, 0.5)

    assert page_of(qtbot, inspector, demo) is page
    now = said(page).splitlines()
    land = told.index("面积") + 1
    assert (now[land], now[land].endswith("m²）")) != (told[land], True)
    left = set(page.findChildren(QWidget))
    assert [one for one in widgets if one not in left] == []


def known_scroll_bars() -> int:
    """Return how many scroll bars Python keeps objects of."""
    return sum(type(one) is QScrollBar for one in gc.get_objects())


def test_inner_widgets_of_a_page_are_not_kept_by_python(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    demo.selection.select_areas([area(demo, "庚午社区", "第五网格").uid])
    inspector.refresh()
    assert inspector.page.findChild(QPlainTextEdit) is not None
    before = known_scroll_bars()

    demo.bridge.issues_changed.emit()

    assert known_scroll_bars() <= before


def test_a_gesture_more_is_a_row_more(qtbot: QtBot, demo: Context) -> None:
    uid = area(demo, "子虚街道").uid
    inspector = inspect(qtbot, demo)
    demo.selection.select_areas([uid])
    page = page_of(qtbot, inspector, demo)
    before = said(page).count("今天 ")

    demo.bridge.execute(SetField(uid, "note", "甲"))
    first = said(page_of(qtbot, inspector, demo))
    demo.bridge.undo()
    second = said(page_of(qtbot, inspector, demo))

    assert inspector.page is page
    assert (first.count("今天 "), second.count("今天 ")) == (before + 1, before + 2)
    assert "撤销" in second


def test_what_is_half_written_outlives_an_edit_elsewhere(qtbot: QtBot, demo: Context) -> None:
    street, other = area(demo, "子虚街道"), area(demo, "无是街道")
    inspector = inspect(qtbot, demo)
    demo.selection.select_areas([street.uid])
    page = page_of(qtbot, inspector, demo)
    note = page.findChild(QPlainTextEdit, "note")
    assert note is not None
    note.setFocus()
    note.insertPlainText("写到一半")

    demo.bridge.execute(SetField(other.uid, "name", "别的街道"))
    inspector.refresh()

    assert inspector.page.findChild(QPlainTextEdit, "note") is note
    assert (note.toPlainText(), note.hasFocus()) == ("写到一半", True)


def test_tab_goes_through_a_page_from_top_to_bottom_whatever_was_made_anew(
    qtbot: QtBot, demo: Context
) -> None:
    uid = area(demo, "庚午社区", "第五网格").uid
    inspector = inspect(qtbot, demo)
    demo.selection.select_areas([uid])
    page = page_of(qtbot, inspector, demo)

    demo.bridge.execute(SetField(uid, "name", "别的网格"))

    assert page_of(qtbot, inspector, demo) is page
    QApplication.processEvents()
    name = page.findChild(QWidget, "name")
    assert name is not None
    name.setFocus()
    reached: list[QWidget] = []
    focused = QApplication.focusWidget()
    while focused is not None and page.isAncestorOf(focused) and focused not in reached:
        reached.append(focused)
        press(focused, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
    tops = [one.mapTo(page, one.rect().topLeft()).y() for one in reached]
    assert tops == sorted(tops)
    assert {"name", "kind", "note", "lock-reason"} <= {one.objectName() for one in reached}


def test_a_border_is_told_in_the_same_widgets_until_it_is_gone(qtbot: QtBot, demo: Context) -> None:
    uid = area(demo, "庚午社区", "第五网格").uid
    outline = demo.bridge.snapshot.partition.outline(oid_of(uid))
    border = min(
        (b for b in outline if len(points_of(b)) > 2 and OUTSIDE not in (b.left, b.right)),
        key=lambda border: border.id,
    )
    inspector = inspect(qtbot, demo)
    demo.selection.select_border(border.id)
    page = page_of(qtbot, inspector, demo)
    before = said(page)

    move_a_corner(demo, uid, 3)

    assert page_of(qtbot, inspector, demo) is page
    assert said(page) != before


def test_the_project_counts_its_changes_in_the_same_page(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    page = page_of(qtbot, inspector, demo)

    demo.bridge.execute(SetField(area(demo, "子虚街道").uid, "note", "甲"))

    assert page_of(qtbot, inspector, demo) is page
    assert f"第 {demo.bridge.snapshot.revision} 次" in said(page)
    assert "已自动保存" in said(page)


def test_another_area_of_a_level_is_told_in_the_same_fields(qtbot: QtBot, demo: Context) -> None:
    first, second = area(demo, "子虚街道"), area(demo, "无是街道")
    demo.bridge.execute(SetField(second.uid, "note", "第二"))
    inspector = inspect(qtbot, demo)
    demo.selection.select_areas([first.uid])
    page = page_of(qtbot, inspector, demo)
    name, note = page.findChild(QLineEdit, "name"), page.findChild(QPlainTextEdit, "note")
    assert name is not None
    assert note is not None

    demo.selection.select_areas([second.uid])

    page_of(qtbot, inspector, demo)
    told = said(inspector.page).splitlines()
    assert (name.text(), note.toPlainText()) == ("无是街道", "第二")
    assert told[told.index("编码") + 1] == "990001003"
    type_into(name, "Xin An")
    press(name, Qt.Key.Key_Return)
    names = [demo.bridge.snapshot.area(one.uid).name for one in (first, second)]
    assert names == ["子虚街道", "Xin An"]


def test_what_is_half_written_goes_to_the_area_that_it_was_written_of(
    qtbot: QtBot, demo: Context
) -> None:
    first, second = area(demo, "子虚街道"), area(demo, "无是街道")
    inspector = inspect(qtbot, demo)
    demo.selection.select_areas([first.uid])
    note = page_of(qtbot, inspector, demo).findChild(QPlainTextEdit, "note")
    assert note is not None
    note.setFocus()
    note.insertPlainText("写到一半")

    demo.selection.select_areas([second.uid])
    page_of(qtbot, inspector, demo)

    assert note.toPlainText() == ""
    notes = [demo.bridge.snapshot.area(one.uid).note for one in (first, second)]
    assert notes == ["写到一半", None]


def test_an_area_of_another_level_has_its_own_fields(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    demo.selection.select_areas([area(demo, "庚午社区", "第五网格").uid])
    assert page_of(qtbot, inspector, demo).findChild(QWidget, "kind") is not None

    demo.selection.select_areas([area(demo, "庚午社区").uid])

    assert page_of(qtbot, inspector, demo).findChild(QWidget, "kind") is None


def test_households_of_another_area_stand_against_its_own_band(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    demo.selection.select_areas([area(demo, "庚午社区", "第五网格").uid])
    (bar,) = page_of(qtbot, inspector, demo).findChildren(BandBar)
    other = area(demo, "庚午社区", "第四网格")
    count = households_of(demo.bridge.snapshot, other)[0]

    demo.selection.select_areas([other.uid])

    page = page_of(qtbot, inspector, demo)
    assert page.findChildren(BandBar) == [bar]
    assert bar.accessibleName() == f"{count} 户，标准 300–500"
    assert f"户数 {count} 户" in said(page).splitlines()


def test_a_form_that_was_opened_for_one_area_is_shut_for_another(
    qtbot: QtBot, demo: Context
) -> None:
    first, second = area(demo, "庚午社区", "第五网格"), area(demo, "庚午社区", "第四网格")
    inspector = inspect(qtbot, demo)
    demo.selection.select_areas([first.uid])
    link = page_of(qtbot, inspector, demo).findChild(QPushButton, "type-households")
    assert link is not None
    click(link)
    assert inspector.page.findChild(QLineEdit, "households") is not None

    demo.selection.select_areas([second.uid])

    page = page_of(qtbot, inspector, demo)
    assert page.findChild(QLineEdit, "households") is None
    assert page.findChild(QPushButton, "type-households") is not None
