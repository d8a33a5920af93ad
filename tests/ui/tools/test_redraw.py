"""Redrawing a border by mouse and by keys, through the real window."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridadmin.app.border_facts import middle_of
from gridadmin.domain.model import BorderRow
from gridadmin.edit.lock_commands import Lock, LockTarget
from gridadmin.partition.border import points_of
from tests.ui.mapping import border_with_vertex, click, hover, press_key
from ui.canvas.overlay import Outline, Role, Tag
from ui.canvas.viewport import Place
from ui.main_window import MainWindow
from ui.tools.point_pull import borders_through


@pytest.fixture
def border(window: MainWindow, qtbot: QtBot) -> BorderRow:
    """A border between two micro-grids in the middle of the map, the tool in hand."""
    found, middle = border_with_vertex(window.context.bridge.snapshot, "micro_grid")
    window.map_panel.view.look(window.map_panel.view.view.centred(middle).at_scale_number(2000))
    qtbot.waitUntil(window.map_panel.view.is_sharp)
    QTest.keyClick(window, Qt.Key.Key_R)
    window.map_panel.view.setFocus()
    return found


def bulge(border: BorderRow) -> tuple[Place, Place, Place]:
    """Return two points of a border, and one off it between them."""
    points = points_of(border) / 1000
    start, end = points[1], points[3]
    dx, dy = end - start
    off = (start + end) / 2 + np.array([-dy, dx]) / np.hypot(dx, dy) * 8
    return tuple(start.tolist()), tuple(off.tolist()), tuple(end.tolist())


def lands(window: MainWindow, border: BorderRow) -> tuple[int, int]:
    partition = window.context.bridge.snapshot.partition
    return partition.land_twice_area(border.left), partition.land_twice_area(border.right)


def roles(window: MainWindow) -> set[Role]:
    things = window.map_panel.view.overlay.things("redraw")
    return {thing.role for thing in things if isinstance(thing, Outline)}


def test_the_stretch_between_the_ends_is_replaced_and_land_changes_hands(
    window: MainWindow, border: BorderRow
) -> None:
    start, off, end = bulge(border)
    left, right = lands(window, border)

    click(window, start)
    click(window, off)
    click(window, end)
    press_key(window, Qt.Key.Key_Return)

    after = lands(window, border)
    assert after[0] < left
    assert after[1] > right
    assert sum(after) == pytest.approx(left + right, abs=100_000)
    assert window.context.bridge.snapshot.revision == 1
    assert window.map_panel.view.overlay.things("redraw") == ()


def test_the_land_that_changes_hands_is_filled_and_told_before(
    window: MainWindow, border: BorderRow
) -> None:
    start, off, end = bulge(border)
    click(window, start)
    click(window, off)

    hover(window, end)

    (tag,) = [
        thing for thing in window.map_panel.view.overlay.things("redraw") if isinstance(thing, Tag)
    ]
    assert roles(window) == {Role.HANDED, Role.BEFORE, Role.AFTER}
    assert [row[3] for row in tag.rows[1:3]] == ["标准 30–70", "标准 30–70"]
    assert window.context.bridge.snapshot.revision == 0


def test_a_line_that_has_not_come_back_yet_is_no_mistake(
    window: MainWindow, border: BorderRow
) -> None:
    start, off, _ = bulge(border)
    click(window, start)

    hover(window, off)

    assert not window.map_panel.hint_line.shown.is_refusal


def test_a_line_that_never_comes_back_is_refused_and_kept(
    window: MainWindow, border: BorderRow, qtbot: QtBot
) -> None:
    start, off, _ = bulge(border)
    click(window, start)
    click(window, off)

    with qtbot.waitSignal(window.context.messages.told) as told:
        press_key(window, Qt.Key.Key_Return)

    assert told.args[0].place is not None
    assert window.context.bridge.snapshot.revision == 0
    assert window.map_panel.view.overlay.things("redraw") != ()


def test_undo_puts_the_old_course_back(window: MainWindow, border: BorderRow) -> None:
    before = lands(window, border)
    for place in bulge(border):
        click(window, place)
    press_key(window, Qt.Key.Key_Return)

    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert lands(window, border) == before


def test_the_keyboard_alone_redraws_a_border(window: MainWindow, border: BorderRow) -> None:
    before = lands(window, border)
    # The pointer of the keys begins in the middle of the map, which is a point of the border.
    press_key(window, Qt.Key.Key_Right)
    press_key(window, Qt.Key.Key_Left)
    press_key(window, Qt.Key.Key_Space)
    *_, end = bulge(border)
    view = window.map_panel.view
    (x, y), (wanted_x, wanted_y) = view.view.px_of(points_at(border, 2)), view.view.px_of(end)
    steps = round((wanted_x - x) / 16), round((wanted_y - y) / 16)
    # Sideways first: a corner off the border, then back to it.
    for key, count in ways(steps):
        for _ in range(count):
            press_key(window, key)
        press_key(window, Qt.Key.Key_Space)
    press_key(window, Qt.Key.Key_Return)

    assert window.context.bridge.snapshot.revision == 1
    assert lands(window, border) != before


def points_at(border: BorderRow, row: int) -> Place:
    x, y = points_of(border)[row].tolist()
    return x / 1000, y / 1000


def ways(steps: tuple[int, int]) -> list[tuple[Qt.Key, int]]:
    across = Qt.Key.Key_Right if steps[0] > 0 else Qt.Key.Key_Left
    down = Qt.Key.Key_Down if steps[1] > 0 else Qt.Key.Key_Up
    return [(across, abs(steps[0])), (down, abs(steps[1]))]


def test_a_locked_border_says_why_before_the_first_click(
    window: MainWindow, border: BorderRow
) -> None:
    bridge = window.context.bridge
    bridge.execute(Lock(LockTarget(border=middle_of(bridge.snapshot, border)), "正在公示"))
    start, off, _ = bulge(border)

    hover(window, start)
    near = window.map_panel.hint_line.shown
    hover(window, off)
    away = window.map_panel.hint_line.shown

    assert near.is_refusal
    assert "正在公示" in near.text
    assert not away.is_refusal


def test_beside_a_node_the_unlocked_border_may_be_redrawn(
    window: MainWindow, border: BorderRow
) -> None:
    bridge = window.context.bridge
    x, y = (points_of(border)[0] / 1000).tolist()
    others = [one for one in borders_through(bridge.snapshot, (x, y)) if one.id != border.id]
    for one in others:
        place = middle_of(bridge.snapshot, one)
        bridge.execute(Lock(LockTarget(border=place), "正在公示"))

    hover(window, (x, y))

    assert others
    assert not window.map_panel.hint_line.shown.is_refusal


def test_a_refusal_tells_its_distance_to_the_centimetre(
    window: MainWindow, border: BorderRow, qtbot: QtBot
) -> None:
    start, off, _ = bulge(border)
    click(window, start)
    click(window, off)

    with qtbot.waitSignal(window.context.messages.told) as told:
        press_key(window, Qt.Key.Key_Return)

    metres = re.search(r"([0-9.]+) 米以内", told.args[0].text)
    assert metres is not None
    assert len(metres[1].partition(".")[2]) <= 2
