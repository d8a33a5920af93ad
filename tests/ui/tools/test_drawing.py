"""What all drawing tools share, by mouse and by keyboard, on the split tool in the real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridadmin.partition.border import points_of
from tests.ui.mapping import (
    at,
    border_with_vertex,
    click,
    drag,
    hover,
    press_key,
)
from ui.canvas.overlay import Outline, Role, SnapSign, Tag
from ui.canvas.snapping import SnapKind
from ui.canvas.viewport import Place
from ui.main_window import MainWindow
from ui.tools.distance_entry import DistanceEntry
from ui.tools.drawing import DrawingTool
from ui.tools.tool import Hint

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def vertex(window: MainWindow, qtbot: QtBot) -> Place:
    """A point of a border in the middle of the map at 1:1500, the split tool in hand."""
    _, found = border_with_vertex(window.context.bridge.snapshot, "micro_grid")
    window.map_panel.view.look(window.map_panel.view.view.centred(found).at_scale_number(1500))
    qtbot.waitUntil(window.map_panel.view.is_sharp)
    QTest.keyClick(window, Qt.Key.Key_S)
    window.map_panel.view.setFocus()
    return found


def tool(window: MainWindow) -> DrawingTool:
    found = window.map_panel.tool
    assert isinstance(found, DrawingTool)
    return found


def open_ground(window: MainWindow) -> Place:
    """Return a place on the map with nothing to snap to around it."""
    view = window.map_panel.view.view
    borders = [points_of(b) / 1000 for b in window.context.bridge.snapshot.partition]
    lines = np.concatenate([np.linspace(b[:-1], b[1:], 50).reshape(-1, 2) for b in borders])
    best: tuple[float, Place] = (0.0, (0.0, 0.0))
    for x in range(200, view.width_px - 200, 40):
        for y in range(200, view.height_px - 200, 40):
            place = view.place_of((float(x), float(y)))
            distance = float(np.hypot(*(lines - np.array(place)).T).min())
            best = max(best, (distance, place))
    assert best[0] > 15 * view.metres_per_px
    return best[1]


def near(place: Place, east: float, north: float) -> Place:
    return place[0] + east, place[1] + north


def outline(window: MainWindow) -> list[list[float]]:
    """Return the points of the line shown."""
    (shown,) = [
        thing
        for thing in window.map_panel.view.overlay.things("split")
        if isinstance(thing, Outline) and thing.role is Role.AFTER
    ]
    points: list[list[float]] = shown.lines[0].tolist()
    return points


def sign(window: MainWindow) -> list[SnapKind]:
    things = window.map_panel.view.overlay.things("zy snap")
    return [thing.kind for thing in things if isinstance(thing, SnapSign)]


def test_a_click_near_a_vertex_takes_the_vertex_and_says_so(
    window: MainWindow, vertex: Place
) -> None:
    click(window, near(vertex, 2, 2))

    assert tool(window).drawn == [vertex]
    assert sign(window) == [SnapKind.VERTEX]
    assert window.status_line.snapped_to.text() == "捕捉：边界上的点"


def test_alt_suspends_snapping(window: MainWindow, vertex: Place) -> None:
    click(window, near(vertex, 2, 2), ALT)

    assert tool(window).drawn == [pytest.approx(near(vertex, 2, 2), abs=0.5)]


def test_alt_pressed_while_the_pointer_rests_lets_go_of_the_vertex(
    window: MainWindow, vertex: Place
) -> None:
    hover(window, near(vertex, 2, 2))
    before = sign(window)
    QTest.keyPress(window.map_panel.view, Qt.Key.Key_Alt, ALT)
    held = sign(window)
    QTest.keyRelease(window.map_panel.view, Qt.Key.Key_Alt)

    assert (before, held, sign(window)) == ([SnapKind.VERTEX], [], [SnapKind.VERTEX])


@pytest.mark.usefixtures("vertex")
def test_shift_keeps_to_eighths_of_a_turn(window: MainWindow) -> None:
    start = open_ground(window)
    click(window, start)

    click(window, near(start, 9, 1), SHIFT)

    (ax, ay), (bx, by) = tool(window).drawn
    assert by == pytest.approx(ay)
    assert bx - ax == pytest.approx(9, abs=0.5)


@pytest.mark.usefixtures("vertex")
def test_a_digit_opens_the_fields_and_enter_sets_the_point(window: MainWindow) -> None:
    start = open_ground(window)
    click(window, start)
    (x, y) = tool(window).drawn[0]

    press_key(window, Qt.Key.Key_1)
    entry = window.map_panel.view.findChild(DistanceEntry)
    QTest.keyClicks(entry.distance, "2.5")
    entry.bearing.clear()
    QTest.keyClicks(entry.bearing, "90")
    shown = outline(window)[-1]
    QTest.keyClick(entry.bearing, Qt.Key.Key_Return)

    assert shown == pytest.approx([x + 12.5, y])
    assert tool(window).drawn[1:] == [pytest.approx((x + 12.5, y))]
    assert entry.isHidden()


@pytest.mark.usefixtures("vertex")
def test_escape_in_the_fields_keeps_the_line(window: MainWindow) -> None:
    click(window, open_ground(window))
    press_key(window, Qt.Key.Key_1)
    entry = window.map_panel.view.findChild(DistanceEntry)

    QTest.keyClick(entry.distance, Qt.Key.Key_Escape)

    assert len(tool(window).drawn) == 1
    assert entry.isHidden()


@pytest.mark.usefixtures("vertex")
def test_a_drag_is_a_freehand_stretch_with_few_points(window: MainWindow) -> None:
    start = open_ground(window)

    drag(window, start, near(start, 12, 6))

    assert tool(window).drawn == [
        pytest.approx(start, abs=0.5),
        pytest.approx(near(start, 12, 6), abs=0.5),
    ]


@pytest.mark.usefixtures("vertex")
def test_backspace_takes_back_a_whole_freehand_stretch(window: MainWindow) -> None:
    start = open_ground(window)
    drag(window, start, near(start, 12, 6))

    press_key(window, Qt.Key.Key_Backspace)

    assert tool(window).drawn == []


def test_tracing_follows_the_border_to_the_pointer(window: MainWindow, vertex: Place) -> None:
    border, _ = border_with_vertex(window.context.bridge.snapshot, "micro_grid")
    along = [tuple(point) for point in (points_of(border) / 1000).tolist()]
    click(window, along[1])

    press_key(window, Qt.Key.Key_T)
    click(window, along[3])

    assert vertex == along[2]
    assert tool(window).drawn == [pytest.approx(point) for point in along[1:4]]


@pytest.mark.usefixtures("vertex")
def test_where_nothing_leads_there_tracing_says_so(window: MainWindow) -> None:
    start = open_ground(window)
    click(window, start)
    press_key(window, Qt.Key.Key_T)

    hover(window, near(start, 4, 4))

    assert window.map_panel.hint_line.shown.is_refusal
    assert "没有连着的边界" in window.map_panel.hint_line.shown.text


@pytest.mark.usefixtures("vertex")
def test_the_keyboard_alone_draws_a_line(window: MainWindow) -> None:
    press_key(window, Qt.Key.Key_Right)
    press_key(window, Qt.Key.Key_Space)
    press_key(window, Qt.Key.Key_Down, SHIFT)
    press_key(window, Qt.Key.Key_Down, SHIFT)
    press_key(window, Qt.Key.Key_Space)
    (_, ay), (_, by) = tool(window).drawn
    press_key(window, Qt.Key.Key_Escape)

    metres_per_px = window.map_panel.view.view.metres_per_px
    assert ay - by == pytest.approx(128 * metres_per_px, abs=20 * metres_per_px)
    assert tool(window).drawn == []


@pytest.mark.usefixtures("vertex")
def test_length_and_bearing_of_the_stretch_stand_beside_the_pointer(window: MainWindow) -> None:
    start = open_ground(window)
    click(window, start)

    hover(window, near(start, 0, 8))

    things = window.map_panel.view.overlay.things("split")
    (tag,) = [thing for thing in things if isinstance(thing, Tag)]
    words, metres, bearing = tag.rows[0]
    assert words == "这一段"
    assert float(metres.removesuffix(" 米")) == pytest.approx(8, abs=0.5)
    assert min(float(bearing[:-1]), 360 - float(bearing[:-1])) < 4


@pytest.mark.usefixtures("vertex")
def test_no_table_stands_under_the_palette(window: MainWindow) -> None:
    overlay = window.map_panel.view.overlay
    palette = window.map_panel.palette_box.geometry()
    beside = window.map_panel.view.view.place_of((float(palette.right() + 30), 200.0))

    x, _ = overlay.spot(beside, 5000.0, 80.0)

    assert x >= palette.right()


@pytest.mark.usefixtures("vertex")
def test_another_tool_takes_the_line_and_the_sign_away(window: MainWindow) -> None:
    click(window, open_ground(window))

    QTest.keyClick(window, Qt.Key.Key_V)

    assert window.map_panel.view.overlay.things("split") == ()
    assert sign(window) == []
    assert at(window, (0, 0)) is not None


def test_no_table_stands_under_the_choices_of_a_tool(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_D)
    strip = window.map_panel.tool.strip()
    assert strip is not None
    box = strip.geometry()
    beside = window.map_panel.view.view.place_of((box.left() - 40.0, float(box.center().y())))

    x, _ = window.map_panel.view.overlay.spot(beside, 300.0, 40.0)

    assert x + 300 <= box.left()


def test_the_way_out_is_told_when_other_keys_find_no_room(window: MainWindow) -> None:
    line = window.map_panel.hint_line
    keys = [(f"键{number}", "做一件很长很长的事") for number in range(20)]

    line.tell(Hint("单击加点", (*keys, ("Esc", "取消"))))

    # Word joiners keep a key and what it does on one line.
    told = line.text().replace("\u2060", "")
    assert "Esc" in told
    assert "键19" not in told
