"""Painting land, blocks and buildings into an area, through the real window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area, Land
from gridadmin.edit.area_commands import Delete
from tests.ui.mapping import at, click, drag, first_drawn, hover, inner_place, press_key
from ui.canvas.overlay import Outline, Role, Tag
from ui.canvas.viewport import Place
from ui.main_window import MainWindow
from ui.tools.paint import PaintTool

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def grids(window: MainWindow, qtbot: QtBot) -> tuple[Area, Area]:
    """Two grids of one community that share a border; the first is selected, the tool in hand."""
    snapshot = window.context.bridge.snapshot
    micro = first_drawn(snapshot, "micro_grid")
    one = snapshot.area(micro.parent or "")
    other = next(a for a in neighbours(window, one) if a.parent == one.parent)
    boxes = [window.context.bridge.box_of_area(area.uid) for area in (one, other)]
    window.map_panel.show_box(
        (
            min(box[0] for box in boxes if box) - 40,
            min(box[1] for box in boxes if box) - 40,
            max(box[2] for box in boxes if box) + 40,
            max(box[3] for box in boxes if box) + 40,
        )
    )
    qtbot.waitUntil(window.map_panel.view.is_sharp)
    window.context.selection.select_areas([one.uid])
    QTest.keyClick(window, Qt.Key.Key_P)
    return one, other


def neighbours(window: MainWindow, area: Area) -> list[Area]:
    snapshot = window.context.bridge.snapshot
    sides = {s for b in snapshot.partition.outline(oid_of(area.uid)) for s in (b.left, b.right)}
    found = set()
    for side in sides:
        owner = snapshot.owning_area(side)
        while owner is not None and owner.level != area.level:
            owner = None if owner.parent is None else snapshot.area(owner.parent)
        if owner is not None and owner.uid != area.uid:
            found.add(owner.uid)
    return sorted((snapshot.area(uid) for uid in found), key=lambda a: a.code or "")


def drawn_children(window: MainWindow, area: Area) -> list[Area]:
    children = window.context.bridge.snapshot.children(area.uid)
    return [child for child in children if child.land == Land.DRAWN]


def parent_of(window: MainWindow, area: Area) -> str | None:
    return window.context.bridge.snapshot.area(area.uid).parent


def tool(window: MainWindow) -> PaintTool:
    found = window.map_panel.tool
    assert isinstance(found, PaintTool)
    return found


def places(window: MainWindow, areas: list[Area]) -> list[Place]:
    return [inner_place(window.context.bridge.snapshot, area) for area in areas]


def stroke(
    window: MainWindow, route: list[Place], modifiers: Callable[[int], Qt.KeyboardModifier]
) -> None:
    """Drag along a route; *modifiers* says what is held on the way to each place."""
    port = window.map_panel.view.viewport()
    hover(window, route[0])
    QTest.mousePress(port, Qt.MouseButton.LeftButton, modifiers(0), at(window, route[0]))
    for number, place in enumerate(route[1:], start=1):
        _move(window, place, modifiers(number))
    QTest.mouseRelease(
        port, Qt.MouseButton.LeftButton, modifiers(len(route) - 1), at(window, route[-1])
    )
    QApplication.processEvents()


def _move(window: MainWindow, place: Place, held: Qt.KeyboardModifier) -> None:
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    port = window.map_panel.view.viewport()
    pixel = at(window, place)
    left = Qt.MouseButton.LeftButton
    move = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(pixel), QPointF(port.mapToGlobal(pixel)), left, left, held
    )
    QApplication.sendEvent(port, move)
    QApplication.processEvents()


def test_a_click_gives_a_micro_grid_to_the_selected_grid(
    window: MainWindow, grids: tuple[Area, Area]
) -> None:
    one, other = grids
    micro = drawn_children(window, other)[0]

    click(window, places(window, [micro])[0])

    assert parent_of(window, micro) == one.uid
    assert window.context.bridge.snapshot.revision == 1


def test_a_stroke_is_one_entry_to_undo(window: MainWindow, grids: tuple[Area, Area]) -> None:
    one, other = grids
    taken = drawn_children(window, other)[:2]

    stroke(window, places(window, taken), lambda _: Qt.KeyboardModifier.NoModifier)
    both = [parent_of(window, area) for area in taken]
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)

    assert both == [one.uid, one.uid]
    assert window.context.bridge.snapshot.revision == 2
    assert [parent_of(window, area) for area in taken] == [other.uid, other.uid]


def test_what_a_stroke_would_give_is_shown_before_the_button_is_let_go(
    window: MainWindow, grids: tuple[Area, Area], qtbot: QtBot
) -> None:
    _, other = grids
    first, second = places(window, drawn_children(window, other)[:2])

    drag(window, first, second, let_go=False)
    overlay = window.map_panel.view.overlay
    qtbot.waitUntil(lambda: any(isinstance(t, Tag) for t in overlay.things("paint")))

    roles = [thing.role for thing in overlay.things("paint") if isinstance(thing, Outline)]
    assert roles == [Role.COMING, Role.AFTER]
    assert "→" in tool(window).bar.target.figures.text()
    assert window.context.bridge.snapshot.revision == 0
    press_key(window, Qt.Key.Key_Escape)
    assert not overlay.things("paint")


def test_ctrl_takes_back_within_the_stroke(window: MainWindow, grids: tuple[Area, Area]) -> None:
    one, other = grids
    first, second = drawn_children(window, other)[:2]
    route = [*places(window, [first, second]), places(window, [second])[0]]
    aside = route[1][0] + 0.5, route[1][1]

    # The last step goes over the second one again, now with Ctrl.
    stroke(
        window,
        [route[0], route[1], aside],
        lambda number: CTRL if number == 2 else Qt.KeyboardModifier.NoModifier,
    )

    assert parent_of(window, first) == one.uid
    assert parent_of(window, second) == other.uid


def test_a_rectangle_gives_what_lies_wholly_in_it(
    window: MainWindow, grids: tuple[Area, Area]
) -> None:
    one, other = grids
    micro = drawn_children(window, other)[0]
    box = window.context.bridge.box_of_area(micro.uid)
    assert box is not None

    drag(window, (box[0] - 3, box[1] - 3), (box[2] + 3, box[3] + 3), SHIFT)

    assert parent_of(window, micro) == one.uid
    assert len(drawn_children(window, other)) > 1


def test_painting_all_of_a_grid_is_refused_and_the_grid_is_shown(
    window: MainWindow, grids: tuple[Area, Area], qtbot: QtBot
) -> None:
    _, other = grids
    box = window.context.bridge.box_of_area(other.uid)
    assert box is not None

    start, end = (box[0] - 3, box[1] - 3), (box[2] + 3, box[3] + 3)
    drag(window, start, end, SHIFT, let_go=False)
    qtbot.waitUntil(lambda: window.map_panel.hint_line.shown.is_refusal)
    things = window.map_panel.view.overlay.things("paint")
    refused = [t for t in things if isinstance(t, Outline) and t.role is Role.REFUSED]
    QTest.mouseRelease(
        window.map_panel.view.viewport(),
        Qt.MouseButton.LeftButton,
        SHIFT,
        at(window, end),
    )

    assert len(refused) == 1
    assert window.context.bridge.snapshot.revision == 0


def test_without_a_selection_the_first_click_says_who_receives(
    window: MainWindow, grids: tuple[Area, Area]
) -> None:
    one, other = grids
    micro = drawn_children(window, other)[0]
    press_key(window, Qt.Key.Key_Escape)
    window.map_panel.view.shown_level = "grid"

    click(window, places(window, drawn_children(window, one))[0])
    click(window, places(window, [micro])[0])

    assert tool(window).bar.target.name.toolTip() == one.name
    assert parent_of(window, micro) == one.uid


def test_only_free_land_is_taken_when_that_is_the_source(
    window: MainWindow, grids: tuple[Area, Area], qtbot: QtBot
) -> None:
    one, other = grids
    held, freed = drawn_children(window, other)[:2]
    place = places(window, [freed])[0]
    bridge = window.context.bridge
    bridge.document.execute(Delete(freed.uid))
    bar = tool(window).bar
    bar.source.setCurrentIndex(bar.source.findData(other.uid))
    bar.source.activated.emit(bar.source.currentIndex())
    click(window, place)
    from_other = bridge.snapshot.partition.own_twice_area(oid_of(one.uid))

    bar.source.setCurrentIndex(bar.source.findData("free"))
    bar.source.activated.emit(bar.source.currentIndex())
    with qtbot.waitSignal(window.context.messages.told) as told:
        click(window, places(window, [held])[0])

    assert from_other > 0
    assert told.args[0].text == "按所选的来源，这里的地不能划出。"
    assert parent_of(window, held) == other.uid


def test_buildings_take_their_micro_grid_along(
    window: MainWindow, grids: tuple[Area, Area]
) -> None:
    one, other = grids
    counts = window.context.bridge.snapshot.counts
    micro = next(
        area
        for area in drawn_children(window, other)
        if counts.buildings_of(oid_of(area.uid)) and area.level == "micro_grid"
    )
    building = counts.on_land(window.context.bridge.snapshot.partition, oid_of(micro.uid))[0]
    place = window.context.bridge.to_local((building.x_mm / 1000, building.y_mm / 1000))

    press_key(window, Qt.Key.Key_3)
    click(window, place)

    assert tool(window).bar.buttons["buildings"].isChecked()
    assert parent_of(window, micro) == one.uid


def test_a_stroke_by_keys_alone(window: MainWindow, grids: tuple[Area, Area]) -> None:
    one, other = grids
    micro = drawn_children(window, other)[0]
    view = window.map_panel.view
    hover(window, places(window, [micro])[0])

    press_key(window, Qt.Key.Key_B)
    press_key(window, Qt.Key.Key_Right)
    press_key(window, Qt.Key.Key_Left)
    shown = [t.role for t in view.overlay.things("paint") if isinstance(t, Outline)]
    press_key(window, Qt.Key.Key_Return)

    assert shown[0] is Role.COMING
    assert parent_of(window, micro) == one.uid
    assert window.context.bridge.snapshot.revision == 1
