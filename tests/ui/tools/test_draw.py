"""Drawing new areas by mouse and by keys, through the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area, AreaKind
from tests.ui.mapping import click, drag, first_drawn, hover, inner_place, press_key
from ui.canvas.overlay import Outline, Role
from ui.canvas.viewport import Place
from ui.main_window import MainWindow
from ui.tools.draw import DrawTool
from ui.tools.draw_strip import DrawStrip

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def middle(window: MainWindow, qtbot: QtBot) -> Place:
    """A place inside a micro-grid in the middle of the map at 1:1500, the tool in hand."""
    area = micro_grid(window)
    found = inner_place(window.context.bridge.snapshot, area)
    window.map_panel.view.look(window.map_panel.view.view.centred(found).at_scale_number(1500))
    qtbot.waitUntil(window.map_panel.view.is_sharp)
    QTest.keyClick(window, Qt.Key.Key_D)
    window.map_panel.view.setFocus()
    return found


def micro_grid(window: MainWindow) -> Area:
    return first_drawn(window.context.bridge.snapshot, "micro_grid")


def tool(window: MainWindow) -> DrawTool:
    found = window.map_panel.tool
    assert isinstance(found, DrawTool)
    return found


def choose(window: MainWindow, name: str, words: str) -> None:
    """Choose a row of one of the boxes by its words, with the keys."""
    box = window.map_panel.view.findChild(QComboBox, name)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    while box.currentText() != words:
        before = box.currentIndex()
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() > before, words
    window.map_panel.view.setFocus()


def new_area(window: MainWindow) -> Area:
    uid = window.context.selection.area
    assert uid is not None
    return window.context.bridge.snapshot.area(uid)


def land_m2(window: MainWindow, uid: str) -> float:
    return window.context.bridge.snapshot.land_twice_mm2(uid) / 2_000_000


def square(middle: Place, half: float) -> list[Place]:
    x, y = middle
    return [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]


@pytest.mark.usefixtures("middle")
def test_the_choices_stand_beside_the_map_while_the_tool_is_in_hand(window: MainWindow) -> None:
    strip = tool(window).strip()
    shown = strip.isVisible()
    QTest.keyClick(window, Qt.Key.Key_V)

    assert shown
    assert strip.isHidden()


def test_land_of_others_is_taken_when_that_is_chosen(window: MainWindow, middle: Place) -> None:
    giver = micro_grid(window)
    before = land_m2(window, giver.uid)
    choose(window, "draw_take", "也从上级内其他区域划出")

    for place in square(middle, 6):
        click(window, place, ALT)
    press_key(window, Qt.Key.Key_Return)

    made = new_area(window)
    assert (made.level, made.parent) == ("micro_grid", giver.parent)
    assert land_m2(window, made.uid) == pytest.approx(144, rel=0.15)
    assert land_m2(window, made.uid) + land_m2(window, giver.uid) == pytest.approx(before, abs=0.1)
    assert window.context.bridge.snapshot.revision == 1


def test_land_of_others_is_offered_where_nothing_is_free(window: MainWindow, middle: Place) -> None:
    strip = tool(window).strip()
    assert isinstance(strip, DrawStrip)
    assert strip.take.currentText() == "也从上级内其他区域划出"

    for place in square(middle, 6):
        click(window, place, ALT)
    press_key(window, Qt.Key.Key_Return)

    assert new_area(window).level == "micro_grid"


@pytest.mark.usefixtures("middle")
def test_tab_leads_from_the_map_to_the_choices_and_esc_back(window: MainWindow) -> None:
    view = window.map_panel.view
    view.setFocus()

    QTest.keyClick(view, Qt.Key.Key_Tab)
    first = QApplication.focusWidget()
    assert first is not None
    QTest.keyClick(first, Qt.Key.Key_Escape)

    assert first.objectName() == "draw_shape"
    assert QApplication.focusWidget() is view


@pytest.mark.usefixtures("middle")
def test_the_keys_go_on_where_the_pointer_stood_before_the_choices(window: MainWindow) -> None:
    view = window.map_panel.view
    press_key(window, Qt.Key.Key_Right)
    where = view.pointer()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    first = QApplication.focusWidget()
    assert first is not None
    QTest.keyClick(first, Qt.Key.Key_Escape)

    press_key(window, Qt.Key.Key_Space)

    assert where is not None
    assert view.pointer() == where
    assert len(tool(window).drawn) == 1


def test_nothing_free_is_refused_and_the_choice_that_allows_it_is_named(
    window: MainWindow, middle: Place, qtbot: QtBot
) -> None:
    choose(window, "draw_take", "只占没有划分的地")
    for place in square(middle, 6)[:3]:
        click(window, place, ALT)

    hover(window, square(middle, 6)[3])

    way_out = (
        "这里的地属于其他区域。要占用，请按 Tab 到右上角，将“用地”改为“也从上级内其他区域划出”。"
    )
    assert window.map_panel.hint_line.shown.is_refusal
    assert window.map_panel.hint_line.shown.text == way_out
    with qtbot.waitSignal(window.context.messages.told) as told:
        press_key(window, Qt.Key.Key_Return)
    assert told.args is not None
    assert told.args[0].text == way_out
    assert window.context.bridge.snapshot.revision == 0


def test_what_may_not_be_taken_is_cut_off_while_it_is_drawn(
    window: MainWindow, middle: Place
) -> None:
    giver = micro_grid(window)
    window.context.selection.select_areas([giver.uid])
    choose(window, "draw_take", "也从所选区域划出")
    corners = square(middle, 80)
    for place in corners[:3]:
        click(window, place, ALT)

    hover(window, corners[3])

    things = window.map_panel.view.overlay.things("draw")
    outlines = {thing.role: thing for thing in things if isinstance(thing, Outline)}
    drawn = outlines[Role.BEFORE].lines[0]
    clipped = outlines[Role.AFTER].lines
    assert drawn[:, 0].max() - drawn[:, 0].min() > 150
    box = window.context.bridge.box_of_area(giver.uid)
    assert box is not None
    for line in clipped:
        assert line[:, 0].min() >= box[0] - 0.01
        assert line[:, 0].max() <= box[2] + 0.01


def test_taking_from_selected_areas_wants_some_selected(
    window: MainWindow, middle: Place, qtbot: QtBot
) -> None:
    window.context.selection.clear()
    choose(window, "draw_take", "也从所选区域划出")
    for place in square(middle, 6)[:3]:
        click(window, place, ALT)

    with qtbot.waitSignal(window.context.messages.told) as told:
        press_key(window, Qt.Key.Key_Return)

    assert "请先选中" in told.args[0].text


def test_a_school_is_cut_out_of_the_grid_around_it(window: MainWindow, middle: Place) -> None:
    grid = window.context.bridge.snapshot.area(micro_grid(window).parent or "")
    choose(window, "draw_level", "网格")
    choose(window, "draw_take", "也从上级内其他区域划出")
    choose(window, "draw_kind", "专属：学校")

    for place in square(middle, 6):
        click(window, place, ALT)
    click(window, square(middle, 6)[0])

    made = new_area(window)
    partition = window.context.bridge.snapshot.partition
    beside = {side for b in partition.outline(oid_of(made.uid)) for side in (b.left, b.right)}
    assert (made.kind, made.level, made.parent) == (AreaKind.EXCLUSIVE, "grid", grid.parent)
    assert made.exclusive_type is not None
    assert beside - {oid_of(made.uid)} == {oid_of(micro_grid(window).uid)}


def test_a_rectangle_is_dragged_from_corner_to_corner(window: MainWindow, middle: Place) -> None:
    choose(window, "draw_shape", "矩形")
    choose(window, "draw_take", "也从上级内其他区域划出")
    corners = square(middle, 6)

    drag(window, corners[0], corners[2], ALT)

    assert land_m2(window, new_area(window).uid) == pytest.approx(144, rel=0.15)


def test_a_rectangle_is_drawn_by_a_side_and_its_width(window: MainWindow, middle: Place) -> None:
    choose(window, "draw_shape", "矩形")
    choose(window, "draw_take", "也从上级内其他区域划出")
    corners = square(middle, 6)

    for place in (corners[0], corners[1], middle):
        click(window, place, ALT)

    assert land_m2(window, new_area(window).uid) == pytest.approx(72, rel=0.2)


def test_right_angles_are_kept_and_closed(window: MainWindow, middle: Place) -> None:
    choose(window, "draw_shape", "直角多边形")
    choose(window, "draw_take", "也从上级内其他区域划出")
    x, y = middle
    for place in ((x - 6, y - 6), (x + 6, y - 5.2), (x + 6.6, y + 6)):
        click(window, place, ALT)

    press_key(window, Qt.Key.Key_Return)

    assert land_m2(window, new_area(window).uid) == pytest.approx(144, rel=0.15)


def test_undo_takes_the_area_away(window: MainWindow, middle: Place) -> None:
    giver = micro_grid(window)
    before = window.context.bridge.snapshot.land_twice_mm2(giver.uid)
    choose(window, "draw_take", "也从上级内其他区域划出")
    for place in square(middle, 6):
        click(window, place, ALT)
    press_key(window, Qt.Key.Key_Return)

    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert window.context.bridge.snapshot.land_twice_mm2(giver.uid) == before


@pytest.mark.usefixtures("middle")
def test_the_keyboard_alone_draws_an_area(window: MainWindow) -> None:
    choose(window, "draw_take", "也从上级内其他区域划出")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        press_key(window, key)
        press_key(window, key)
        press_key(window, Qt.Key.Key_Space)

    press_key(window, Qt.Key.Key_Return)

    assert window.context.bridge.snapshot.revision == 1
    assert new_area(window).level == "micro_grid"


def test_an_exclusive_grid_is_taken_back_into_the_one_around_it(
    window: MainWindow, middle: Place
) -> None:
    giver = micro_grid(window)
    before = window.context.bridge.snapshot.land_twice_mm2(giver.uid)
    choose(window, "draw_level", "网格")
    choose(window, "draw_take", "也从上级内其他区域划出")
    choose(window, "draw_kind", "专属：学校")
    for place in square(middle, 6):
        click(window, place, ALT)
    press_key(window, Qt.Key.Key_Return)
    school = new_area(window).uid

    window.actions_table.action("edit.dissolve").trigger()

    assert window.context.selection.area == giver.parent
    assert window.context.bridge.snapshot.land_twice_mm2(giver.uid) == before
    assert window.context.bridge.snapshot.area(school).valid_to is not None


@pytest.mark.usefixtures("middle")
def test_an_area_between_others_cannot_be_taken_back_and_the_tip_says_so(
    window: MainWindow,
) -> None:
    window.context.selection.select_areas([micro_grid(window).uid])
    action = window.actions_table.action("edit.dissolve")

    assert not action.isEnabled()
    assert "不是整个在一个同级区域里面" in action.toolTip()
