"""Adjusting a border by mouse and by keys, through the real canvas."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridadmin.app.border_facts import middle_of
from gridadmin.base.ids import OUTSIDE
from gridadmin.edit.lock_commands import Lock, LockTarget
from gridadmin.partition.border import node_keys, points_of
from gridadmin.partition.grid import unpack
from gridadmin.partition.ground import Ground
from gridadmin.partition.snapshot import Snapshot
from tests.ui.mapping import (
    at,
    border_with_vertex,
    click,
    drag,
    first_drawn,
    hover,
    press_key,
)
from ui.canvas.overlay import Handles, Mark, Outline, Role, Tag
from ui.canvas.picking import border_near, vertex_near
from ui.canvas.viewport import Place
from ui.main_window import MainWindow
from ui.tools.point_pull import borders_through


@pytest.fixture
def place(window: MainWindow, qtbot: QtBot) -> Place:
    """A point of a border between two micro-grids, in the middle of the map, tool in hand."""
    _, found = border_with_vertex(window.context.bridge.snapshot, "micro_grid")
    window.map_panel.view.look(window.map_panel.view.view.centred(found).at_scale_number(1500))
    qtbot.waitUntil(window.map_panel.view.is_sharp)
    QTest.keyClick(window, Qt.Key.Key_A)
    return found


def vertices(snapshot: Snapshot) -> set[tuple[int, int]]:
    return {(x, y) for border in snapshot.partition for x, y in points_of(border).tolist()}


def marks(window: MainWindow, name: str = "adjust") -> set[Mark]:
    things = window.map_panel.view.overlay.things(name)
    return {thing.mark for thing in things if isinstance(thing, Handles)}


@pytest.mark.usefixtures("place")
def test_the_tool_is_taken_by_its_key(window: MainWindow) -> None:
    assert window.map_panel.tool is window.map_panel.tools["tool.adjust"]
    assert window.actions_table.action("tool.adjust").isChecked()
    assert "拖动边界上的点" in window.map_panel.hint_line.shown.text


def test_hovering_a_border_shows_its_points_and_nodes(window: MainWindow, place: Place) -> None:
    hover(window, place)

    assert marks(window) == {Mark.VERTEX, Mark.NODE, Mark.ACTIVE}


def test_the_status_line_says_what_the_pointer_snapped_to(window: MainWindow, place: Place) -> None:
    hover(window, place)

    assert window.status_line.snapped_to.text() == "捕捉：边界上的点"


def test_dragging_a_point_moves_it_for_both_sides(window: MainWindow, place: Place) -> None:
    before = vertices(window.context.bridge.snapshot)

    drag(window, place, (place[0] + 3, place[1] + 2))

    after = window.context.bridge.snapshot
    ((gone_x, gone_y),) = before - vertices(after)
    ((new_x, new_y),) = vertices(after) - before
    assert (gone_x / 1000, gone_y / 1000) == place
    assert (new_x / 1000, new_y / 1000) == pytest.approx((place[0] + 3, place[1] + 2), abs=0.5)
    assert after.revision == 1


def test_while_dragging_the_map_tells_what_every_area_concerned_gains(
    window: MainWindow, place: Place
) -> None:
    drag(window, place, (place[0] + 3, place[1] + 2), let_go=False)

    things = window.map_panel.view.overlay.things("adjust")
    tags = [thing for thing in things if isinstance(thing, Tag)]
    roles = [thing.role for thing in things if isinstance(thing, Outline)]
    changes = [float(row[2].removesuffix(" m²").replace(",", "")) for row in tags[0].rows[:2]]
    assert roles == [Role.BEFORE, Role.AFTER]
    assert sum(changes) == pytest.approx(0, abs=0.011)
    assert window.context.bridge.snapshot.revision == 0


def test_escape_while_dragging_leaves_everything_as_it_was(
    window: MainWindow, place: Place
) -> None:
    drag(window, place, (place[0] + 3, place[1] + 2), let_go=False)
    press_key(window, Qt.Key.Key_Escape)
    QTest.mouseRelease(
        window.map_panel.view.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        at(window, (place[0] + 3, place[1] + 2)),
    )

    assert window.context.bridge.snapshot.revision == 0


def test_a_drag_across_another_border_is_refused_where_it_is(
    window: MainWindow, place: Place, qtbot: QtBot
) -> None:
    far = (place[0] + 60, place[1] + 60)
    window.map_panel.view.look(window.map_panel.view.view.at_scale_number(2500))

    drag(window, place, far, let_go=False)
    hint = window.map_panel.hint_line.shown
    shown = marks(window)
    with qtbot.waitSignal(window.context.messages.told) as told:
        QTest.mouseRelease(
            window.map_panel.view.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            at(window, far),
        )

    assert hint.is_refusal
    assert Mark.REFUSED in shown
    assert told.args[0].place is not None
    assert window.context.bridge.snapshot.revision == 0
    assert window.map_panel.view.overlay.things("y refusal")


def test_dragging_a_line_between_two_points_adds_a_point(window: MainWindow, qtbot: QtBot) -> None:
    snapshot = window.context.bridge.snapshot
    border, _ = border_with_vertex(snapshot, "micro_grid")
    points = points_of(border) / 1000
    lengths = np.hypot(*np.diff(points, axis=0).T)
    at_row = int(lengths.argmax())
    x, y = points[at_row : at_row + 2].mean(axis=0).tolist()
    window.map_panel.view.look(window.map_panel.view.view.centred((x, y)).at_scale_number(800))
    qtbot.waitUntil(window.map_panel.view.is_sharp)
    QTest.keyClick(window, Qt.Key.Key_A)

    drag(window, (x, y), (x + 1, y + 1))

    after = window.context.bridge.snapshot
    assert len(vertices(after)) == len(vertices(snapshot)) + 1


def test_delete_takes_the_point_under_the_pointer_away(window: MainWindow, place: Place) -> None:
    before = vertices(window.context.bridge.snapshot)

    hover(window, place)
    press_key(window, Qt.Key.Key_Delete)

    ((x, y),) = before - vertices(window.context.bridge.snapshot)
    assert (x / 1000, y / 1000) == place


def test_a_adds_a_point_under_the_pointer(window: MainWindow) -> None:
    snapshot = window.context.bridge.snapshot
    border, _ = border_with_vertex(snapshot, "micro_grid")
    x, y = (points_of(border)[:2] / 1000).mean(axis=0).tolist()
    window.map_panel.view.look(window.map_panel.view.view.centred((x, y)).at_scale_number(800))
    QTest.keyClick(window, Qt.Key.Key_A)

    hover(window, (x, y))
    press_key(window, Qt.Key.Key_A)

    assert len(vertices(window.context.bridge.snapshot)) == len(vertices(snapshot)) + 1


@pytest.mark.parametrize(
    ("modifiers", "metres"),
    [(Qt.KeyboardModifier.NoModifier, 0.1), (Qt.KeyboardModifier.ShiftModifier, 1.0)],
)
def test_arrow_keys_nudge_the_active_point(
    window: MainWindow, place: Place, modifiers: Qt.KeyboardModifier, metres: float
) -> None:
    before = vertices(window.context.bridge.snapshot)

    click(window, place)
    press_key(window, Qt.Key.Key_Up, modifiers)

    ((x, y),) = vertices(window.context.bridge.snapshot) - before
    assert (x / 1000, y / 1000) == pytest.approx((place[0], place[1] + metres), abs=0.0006)


def test_holding_an_arrow_key_is_one_gesture(window: MainWindow, place: Place) -> None:
    view = window.map_panel.view
    click(window, place)

    for _ in range(5):
        QTest.keyPress(view, Qt.Key.Key_Right)
    during = window.context.bridge.snapshot.revision
    QTest.keyRelease(view, Qt.Key.Key_Right)

    assert (during, window.context.bridge.snapshot.revision) == (0, 1)


def test_keys_alone_go_from_a_selected_area_to_a_moved_point(window: MainWindow) -> None:
    bridge = window.context.bridge
    area = first_drawn(bridge.snapshot, "micro_grid")
    before = vertices(bridge.snapshot)
    window.context.select_and_show(area.uid)
    QTest.keyClick(window, Qt.Key.Key_A)

    moved = 0
    for _ in range(12):
        press_key(window, Qt.Key.Key_Tab)
        press_key(window, Qt.Key.Key_Right)
        moved = len(vertices(bridge.snapshot) - before)
        if moved:
            break

    assert moved == 1


def test_a_node_of_three_moves_with_all_its_borders(window: MainWindow, qtbot: QtBot) -> None:
    bridge = window.context.bridge
    border, _ = border_with_vertex(bridge.snapshot, "micro_grid")
    node = next(
        key for key in node_keys(border) if len(bridge.snapshot.partition.at_node(key)) >= 3
    )
    x, y = (unpack(np.array([node]))[0] / 1000).tolist()
    ids = {b.id for b in bridge.snapshot.partition.at_node(node)}
    window.map_panel.view.look(window.map_panel.view.view.centred((x, y)).at_scale_number(500))
    qtbot.waitUntil(window.map_panel.view.is_sharp)
    QTest.keyClick(window, Qt.Key.Key_A)

    drag(window, (x, y), (x + 0.6, y + 0.4))

    changed = {int(row.key) for row in bridge.document._store.change_at(1).of("border")}
    assert changed == ids


def test_one_undo_takes_the_drag_back(window: MainWindow, place: Place) -> None:
    before = vertices(window.context.bridge.snapshot)
    drag(window, place, (place[0] + 3, place[1] + 2))

    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert vertices(window.context.bridge.snapshot) == before


def test_the_frame_does_not_move_and_says_why(window: MainWindow, qtbot: QtBot) -> None:
    bridge = window.context.bridge
    border = next(b for b in bridge.snapshot.partition.beside(-1) if len(points_of(b)) > 4)
    x, y = (points_of(border)[2] / 1000).tolist()
    window.map_panel.view.look(window.map_panel.view.view.centred((x, y)).at_scale_number(1500))
    qtbot.waitUntil(window.map_panel.view.is_sharp)
    QTest.keyClick(window, Qt.Key.Key_A)

    with qtbot.waitSignal(window.context.messages.told) as told:
        drag(window, (x, y), (x + 2, y + 2))

    assert "外框" in told.args[0].text
    assert bridge.snapshot.revision == 0


def test_a_double_click_on_a_point_adds_none_and_says_nothing(
    window: MainWindow, place: Place
) -> None:
    said: list[object] = []
    window.context.messages.told.connect(said.append)

    hover(window, place)
    QTest.mouseDClick(
        window.map_panel.view.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        at(window, place),
    )

    assert said == []
    assert window.context.bridge.snapshot.revision == 0


def test_a_nudge_is_stored_when_the_keyboard_goes_elsewhere(
    window: MainWindow, place: Place
) -> None:
    click(window, place)
    QTest.keyPress(window.map_panel.view, Qt.Key.Key_Up)
    during = window.context.bridge.snapshot.revision

    window.search_box.setFocus()

    assert (during, window.context.bridge.snapshot.revision) == (0, 1)


def vertex_beside_a_road(snapshot: Snapshot) -> tuple[Place, Place]:
    """Return a point of a border and the nearest place on a road that it may go to."""
    ground = Ground.of(snapshot)
    for border in sorted(snapshot.partition, key=lambda one: one.id):
        if OUTSIDE in (border.left, border.right):
            continue
        for x, y in (points_of(border)[1:-1] / 1000).tolist():
            box = (x - 40, y - 40, x + 40, y + 40)
            for line in ground.lines_near(box, {"road"}):
                road, point = shapely.LineString(line.points), shapely.Point(x, y)
                foot = road.interpolate(road.project(point))
                end = (foot.x, foot.y)
                is_free = vertex_near(snapshot, end, 6) is None
                if 8 < foot.distance(point) < 35 and is_free and not touched(snapshot, end):
                    return (x, y), end
    raise AssertionError("no such point")


def touched(snapshot: Snapshot, end: Place) -> bool:
    return border_near(snapshot, end, 4.0) is not None


@pytest.fixture
def beside_road(window: MainWindow, qtbot: QtBot) -> tuple[Place, Place]:
    """A point of a border and a place on a road beside it, the tool in hand."""
    start, end = vertex_beside_a_road(window.context.bridge.snapshot)
    window.map_panel.view.look(window.map_panel.view.view.centred(start).at_scale_number(1000))
    qtbot.waitUntil(window.map_panel.view.is_sharp)
    QTest.keyClick(window, Qt.Key.Key_A)
    return start, end


def dragged_to(window: MainWindow) -> Place:
    attempt = window.map_panel.tools["tool.adjust"].attempt  # type: ignore[attr-defined]
    assert attempt is not None
    place: Place = attempt.place
    return place


def test_a_dragged_point_snaps_to_a_road_and_says_so(
    window: MainWindow, beside_road: tuple[Place, Place]
) -> None:
    start, end = beside_road
    beside = (end[0] + 0.7, end[1] + 0.7)

    drag(window, start, beside, let_go=False)

    snapped = window.status_line.snapped_to.text()
    signs = window.map_panel.view.overlay.things("zy snap")
    ground = Ground.of(window.context.bridge.snapshot)
    x, y = dragged_to(window)
    lines = ground.lines_near((x - 5, y - 5, x + 5, y + 5))
    distances = [shapely.LineString(line.points).distance(shapely.Point(x, y)) for line in lines]
    assert min(distances) == pytest.approx(0, abs=1e-6)
    assert ("道路" in snapped) or ("交点" in snapped)
    assert len(signs) == 1


def test_alt_suspends_the_snapping_of_a_dragged_point(
    window: MainWindow, beside_road: tuple[Place, Place]
) -> None:
    start, end = beside_road
    beside = (end[0] + 0.7, end[1] + 0.7)
    px = at(window, beside)

    drag(window, start, beside, let_go=False)
    snapped = dragged_to(window)
    QTest.keyPress(window.map_panel.view, Qt.Key.Key_Alt)
    free = dragged_to(window)
    QTest.keyRelease(window.map_panel.view, Qt.Key.Key_Alt)

    assert free == pytest.approx(window.map_panel.view.view.place_of((px.x(), px.y())), abs=1e-6)
    assert snapped != pytest.approx(free, abs=1e-3)
    assert dragged_to(window) == snapped


def test_no_sign_of_snapping_stays_after_the_drag(
    window: MainWindow, beside_road: tuple[Place, Place]
) -> None:
    start, end = beside_road

    drag(window, start, end, let_go=False)
    press_key(window, Qt.Key.Key_Escape)

    assert window.map_panel.view.overlay.things("zy snap") == ()


def test_hovering_a_locked_border_says_by_whom_and_why(window: MainWindow, place: Place) -> None:
    bridge = window.context.bridge
    border = borders_through(bridge.snapshot, place)[0]
    bridge.execute(Lock(LockTarget(border=middle_of(bridge.snapshot, border)), "正在听取居民意见"))

    hover(window, place)

    hint = window.map_panel.hint_line.shown
    assert hint.is_refusal
    assert "正在听取居民意见" in hint.text
    assert window.map_panel.view.viewport().cursor().shape() == Qt.CursorShape.ForbiddenCursor
