"""Measuring length and land, through the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from gridadmin.app.measuring import measured
from gridadmin.exchange.ellipsoid import length_m
from gridadmin.exchange.import_source import plane_of
from tests.ui.mapping import click, hover, press_key
from ui.canvas.overlay import Tag
from ui.canvas.viewport import Place
from ui.main_window import MainWindow

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def start(window: MainWindow) -> Place:
    """The middle of the map at 1:2000, the tool in hand."""
    view = window.map_panel.view
    view.look(view.view.at_scale_number(2000))
    QTest.keyClick(window, Qt.Key.Key_L)
    view.setFocus()
    return view.view.centre_x, view.view.centre_y


def tag(window: MainWindow, name: str) -> Tag:
    (found,) = [t for t in window.map_panel.view.overlay.things(name) if isinstance(t, Tag)]
    return found


def figure(words: str) -> float:
    return float(words.partition(" ")[0].replace(",", ""))


def triangle(start: Place) -> list[Place]:
    x, y = start
    return [(x, y), (x + 30, y), (x + 30, y + 40)]


def test_length_and_land_stand_beside_the_pointer(window: MainWindow, start: Place) -> None:
    corners = triangle(start)
    click(window, corners[0], ALT)
    click(window, corners[1], ALT)

    hover(window, corners[2])

    rows = {row[0]: row[1] for row in tag(window, "measure").rows}
    assert figure(rows["长度"]) == pytest.approx(70, abs=6)
    assert figure(rows["围合面积"]) == pytest.approx(600, rel=0.1)
    assert figure(rows["围合周长"]) == pytest.approx(120, abs=10)


def test_enter_keeps_the_result_and_it_is_copied(window: MainWindow, start: Place) -> None:
    for place in triangle(start):
        click(window, place, ALT)

    press_key(window, Qt.Key.Key_Return)
    press_key(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    lines = QGuiApplication.clipboard().text().split("\n")
    assert [line.split("\t")[0] for line in lines] == ["长度", "围合面积", "围合周长"]
    assert [tuple(line.split("\t")) for line in lines] == [
        tuple(row) for row in tag(window, "measure result").rows
    ]
    assert window.context.bridge.snapshot.revision == 0


def test_escape_and_another_tool_take_the_result_away(window: MainWindow, start: Place) -> None:
    for place in triangle(start)[:2]:
        click(window, place, ALT)
    press_key(window, Qt.Key.Key_Return)

    press_key(window, Qt.Key.Key_Escape)

    assert window.map_panel.view.overlay.things("measure result") == ()


def test_length_and_land_are_those_of_the_ellipsoid(window: MainWindow) -> None:
    bridge = window.context.bridge
    plane = plane_of(bridge.snapshot)
    assert plane is not None
    x, y = bridge.to_plane((0.0, 0.0))
    line = [(x, y), (x + 1000, y), (x + 1000, y + 1000)]

    found = measured(bridge.snapshot, line)

    # Half a square kilometre of a Gauss-Kruger plane, some way off its middle meridian.
    scale = length_m(line[:2], plane.crs) / 1000
    assert scale != 1.0
    assert found.length_m == pytest.approx(2000 * scale, abs=0.01)
    assert found.land_m2 == pytest.approx(500_000 * scale**2, abs=1)


def test_a_line_that_crosses_itself_encloses_nothing(window: MainWindow) -> None:
    x, y = window.context.bridge.to_plane((0.0, 0.0))
    bow = [(x, y), (x + 10, y + 10), (x + 10, y), (x, y + 10)]

    assert measured(window.context.bridge.snapshot, bow).land_m2 is None


@pytest.mark.usefixtures("start")
def test_the_keyboard_alone_measures(window: MainWindow) -> None:
    press_key(window, Qt.Key.Key_Right)
    press_key(window, Qt.Key.Key_Space)
    press_key(window, Qt.Key.Key_Down)
    press_key(window, Qt.Key.Key_Down)
    press_key(window, Qt.Key.Key_Space)
    press_key(window, Qt.Key.Key_Return)

    (row,) = tag(window, "measure result").rows
    assert figure(row[1]) > 0
