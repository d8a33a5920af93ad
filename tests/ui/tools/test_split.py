"""Splitting an area by a drawn line, through the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridadmin.domain.model import Area
from gridadmin.edit.lock_commands import Lock, LockTarget
from tests.ui.mapping import at, click, first_drawn, hover, inner_place, press_key
from ui.canvas.overlay import Outline, Role, Tag
from ui.canvas.viewport import Place
from ui.dialogs.papers_fields import PapersForm
from ui.main_window import MainWindow


@pytest.fixture
def across(window: MainWindow, qtbot: QtBot) -> tuple[Area, Place, Place]:
    """A micro-grid in the middle of the map, and two places west and east of it; tool in hand."""
    bridge = window.context.bridge
    area = first_drawn(bridge.snapshot, "micro_grid")
    box = bridge.box_of_area(area.uid)
    assert box is not None
    _, y = inner_place(bridge.snapshot, area)
    window.map_panel.show_box((box[0] - 60, box[1] - 60, box[2] + 60, box[3] + 60))
    qtbot.waitUntil(window.map_panel.view.is_sharp)
    window.context.selection.select_areas([area.uid])
    QTest.keyClick(window, Qt.Key.Key_S)
    return area, (box[0] - 8, y), (box[2] + 8, y)


def land(window: MainWindow, uid: str) -> int:
    return window.context.bridge.snapshot.land_twice_mm2(uid)


def double_click(window: MainWindow, place: Place) -> None:
    port = window.map_panel.view.viewport()
    QTest.mouseDClick(
        port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(window, place)
    )


def test_a_line_makes_two_areas_of_one(
    window: MainWindow, across: tuple[Area, Place, Place]
) -> None:
    area, west, east = across
    before = land(window, area.uid)

    click(window, west)
    click(window, east)
    double_click(window, east)

    both = window.context.selection.areas
    assert len(both) == 2
    assert both[0] == area.uid
    # A new node may bend an old border by less than a millimetre.
    assert sum(land(window, uid) for uid in both) == pytest.approx(before, abs=100_000)
    assert window.context.bridge.snapshot.revision == 1


def test_what_a_line_would_do_is_shown_before_it_is_done(
    window: MainWindow, across: tuple[Area, Place, Place]
) -> None:
    _, west, east = across

    click(window, west)
    hover(window, east)

    things = window.map_panel.view.overlay.things("split")
    roles = {thing.role for thing in things if isinstance(thing, Outline)}
    assert roles == {Role.HOVER, Role.HANDED, Role.AFTER}
    assert len([t for t in things if isinstance(t, Tag)]) == 1
    assert window.context.bridge.snapshot.revision == 0


def test_enter_cuts_and_undo_takes_it_back(
    window: MainWindow, across: tuple[Area, Place, Place]
) -> None:
    area, west, east = across
    before = land(window, area.uid)

    click(window, west)
    click(window, east)
    press_key(window, Qt.Key.Key_Return)
    cut = land(window, area.uid)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert cut < before
    assert land(window, area.uid) == before


def test_backspace_takes_a_point_back_and_escape_the_line(
    window: MainWindow, across: tuple[Area, Place, Place]
) -> None:
    _, west, east = across
    click(window, west)
    click(window, east)

    press_key(window, Qt.Key.Key_Backspace)
    press_key(window, Qt.Key.Key_Return)
    press_key(window, Qt.Key.Key_Escape)

    assert window.context.bridge.snapshot.revision == 0
    assert not window.map_panel.view.overlay.things("split")


def test_a_line_that_stops_inside_is_refused_and_nothing_moves(
    window: MainWindow, across: tuple[Area, Place, Place], qtbot: QtBot
) -> None:
    area, west, _ = across
    click(window, west)
    click(window, inner_place(window.context.bridge.snapshot, area))

    with qtbot.waitSignal(window.context.messages.told):
        press_key(window, Qt.Key.Key_Return)

    assert window.context.bridge.snapshot.revision == 0


def test_merging_says_what_is_lacking_while_one_area_is_selected(window: MainWindow) -> None:
    window.context.selection.select_areas([window.context.bridge.snapshot.root.uid])
    action = window.actions_table.action("edit.merge")

    assert not action.isEnabled()
    assert "请先选中两个或更多相邻的区域" in action.toolTip()


def test_a_line_that_is_not_across_yet_is_no_mistake(
    window: MainWindow, across: tuple[Area, Place, Place]
) -> None:
    area, west, _ = across
    click(window, west)

    hover(window, inner_place(window.context.bridge.snapshot, area))

    assert not window.map_panel.hint_line.shown.is_refusal


def asked_for_a_community(window: MainWindow, qtbot: QtBot) -> tuple[Area, PapersForm]:
    """Draw a line across a community, end it, and return what asks for the document."""
    bridge = window.context.bridge
    community = first_drawn(bridge.snapshot, "community")
    box = bridge.box_of_area(community.uid)
    assert box is not None
    middle = (box[1] + box[3]) / 2
    window.map_panel.show_box((box[0] - 60, box[1] - 60, box[2] + 60, box[3] + 60))
    qtbot.waitUntil(window.map_panel.view.is_sharp)
    window.context.selection.select_areas([community.uid])
    click(window, (box[0] - 8, middle))
    click(window, (box[2] + 8, middle))
    press_key(window, Qt.Key.Key_Return)
    form = window.findChild(PapersForm)
    assert form is not None
    return community, form


@pytest.mark.usefixtures("across")
def test_a_community_is_cut_with_its_document_asked_first(window: MainWindow, qtbot: QtBot) -> None:
    bridge = window.context.bridge
    community, form = asked_for_a_community(window, qtbot)
    assert bridge.snapshot.revision == 0
    assert form.windowTitle() == f"分割{community.name}"
    QTest.keyClicks(form.fields.number, "No. 1")
    QTest.keyClicks(form.fields.day, "2026-13-01")
    assert form.act_button.toolTip() == "日期写成 2026-12-31 的样子。"
    form.fields.day.setText("2026-01-05")

    QTest.keyClick(form.fields.day, Qt.Key.Key_Return)

    assert bridge.snapshot.revision == 1
    lines = bridge.snapshot.linked("lineage", community.uid)
    assert {(line.document, line.date) for line in lines} == {("No. 1", "2026-01-05")}
    assert window.map_panel.view.overlay.things("split") == ()


@pytest.mark.usefixtures("across")
def test_escape_from_the_document_leaves_the_line_and_the_land(
    window: MainWindow, qtbot: QtBot
) -> None:
    bridge = window.context.bridge
    _, form = asked_for_a_community(window, qtbot)

    QTest.keyClick(form, Qt.Key.Key_Escape)

    assert bridge.snapshot.revision == 0
    assert window.map_panel.view.overlay.things("split") != ()


def test_an_area_with_a_locked_outline_says_why_before_the_first_click(
    window: MainWindow, across: tuple[Area, Place, Place]
) -> None:
    area, west, _ = across
    window.context.bridge.execute(Lock(LockTarget(area=area.uid), "正在公示"))

    hover(window, west)

    hint = window.map_panel.hint_line.shown
    assert hint.is_refusal
    assert "正在公示" in hint.text
