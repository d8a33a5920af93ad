"""Giving a face to an area by two clicks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridadmin.domain.model import Area
from gridadmin.edit.area_commands import Delete
from gridadmin.edit.land_commands import InsertLine
from tests.ui.mapping import click, first_drawn, hover, inner_place, press_key
from ui.canvas.overlay import Outline, Role
from ui.canvas.picking import areas_at
from ui.canvas.viewport import Place
from ui.main_window import MainWindow


@pytest.fixture
def gap(window: MainWindow, qtbot: QtBot) -> tuple[Place, Area]:
    """A place in a gap that was cut off a micro-grid, and that micro-grid; the tool in hand."""
    bridge = window.context.bridge
    snapshot = bridge.snapshot
    neighbour = first_drawn(snapshot, "micro_grid")
    x, _ = inner_place(snapshot, neighbour)
    box = bridge.box_of_area(neighbour.uid)
    assert box is not None
    line = [bridge.to_plane((x, box[1] - 1)), bridge.to_plane((x, box[3] + 1))]
    cut = bridge.document.execute(InsertLine(line, "keep", "new"))
    (new,) = (row.after for row in cut.change.of("area") if row.before is None)
    place = inner_place(bridge.snapshot, new)
    bridge.document.execute(Delete(new.uid))
    window.map_panel.show_box(box)
    qtbot.waitUntil(window.map_panel.view.is_sharp)
    QTest.keyClick(window, Qt.Key.Key_G)
    return place, neighbour


def roles(window: MainWindow, name: str) -> list[Role]:
    things = window.map_panel.view.overlay.things(name)
    return [thing.role for thing in things if isinstance(thing, Outline)]


def test_two_clicks_give_a_face_to_an_area(window: MainWindow, gap: tuple[Place, Area]) -> None:
    place, neighbour = gap
    bridge = window.context.bridge

    click(window, place)
    click(window, inner_place(bridge.snapshot, neighbour))

    assert areas_at(bridge.snapshot, place)[-1].uid == neighbour.uid
    assert window.context.selection.area == neighbour.uid


def test_the_target_and_its_gain_are_shown_before_the_second_click(
    window: MainWindow, gap: tuple[Place, Area]
) -> None:
    place, neighbour = gap
    revision = window.context.bridge.snapshot.revision

    click(window, place)
    hover(window, inner_place(window.context.bridge.snapshot, neighbour))

    assert roles(window, "give") == [Role.ISSUE]
    assert roles(window, "give target") == [Role.TARGET]
    assert len(window.map_panel.view.overlay.things("give target")) == 2
    assert window.context.bridge.snapshot.revision == revision


def test_escape_lets_another_face_be_chosen(window: MainWindow, gap: tuple[Place, Area]) -> None:
    place, neighbour = gap
    bridge = window.context.bridge
    revision = bridge.snapshot.revision

    click(window, place)
    press_key(window, Qt.Key.Key_Escape)
    click(window, inner_place(bridge.snapshot, neighbour))

    assert bridge.snapshot.revision == revision
    assert "再单击接收" in window.map_panel.hint_line.shown.text


def test_a_face_that_is_the_areas_already_is_refused(
    window: MainWindow, gap: tuple[Place, Area], qtbot: QtBot
) -> None:
    _, neighbour = gap
    own = inner_place(window.context.bridge.snapshot, neighbour)

    click(window, own)
    with qtbot.waitSignal(window.context.messages.told) as told:
        click(window, own)

    assert "已经归它所有" in told.args[0].text


@pytest.mark.usefixtures("gap")
def test_land_beyond_the_project_cannot_be_taken(window: MainWindow, qtbot: QtBot) -> None:
    extent = window.context.bridge.extent()
    assert extent is not None
    window.map_panel.zoom_all()
    qtbot.waitUntil(window.map_panel.view.is_sharp)

    with qtbot.waitSignal(window.context.messages.told) as told:
        click(window, (extent[0] - 30, extent[1] - 30))

    assert told.args[0].text == "这里在项目的土地之外。"
