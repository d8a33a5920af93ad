"""The locator: all land in a corner, the frame of what is seen is dragged."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridadmin.edit.reparent_commands import Reparent
from tests.ui.conftest import OpenWindow
from tests.ui.mapping import area_named, first_drawn
from tests.ui.maps.choosing import LEFT, NONE
from ui.main_window import MainWindow
from ui.maps.locator import Locator


def begin(qtbot: QtBot, window: MainWindow) -> Locator:
    window.actions_table.action("map.locator").trigger()
    locator = window.maps.locator
    assert locator is not None
    qtbot.waitUntil(lambda: locator._picture is not None, timeout=20_000)
    return locator


def test_frame_stands_where_the_map_looks_and_is_dragged(qtbot: QtBot, window: MainWindow) -> None:
    locator, view = begin(qtbot, window), window.map_panel.view
    view.zoom(6)
    middle = locator.frame().center()
    assert locator.viewport.place_of((middle.x(), middle.y())) == pytest.approx(
        (view.view.centre_x, view.view.centre_y)
    )
    scale = view.view.metres_per_px

    start, by = middle.toPoint(), QPoint(25, -12)
    QTest.mousePress(locator, LEFT, NONE, start)
    QTest.mouseMove(locator, start + by)
    QTest.mouseRelease(locator, LEFT, NONE, start + by)

    wanted = locator.viewport.place_of((middle.x() + 25, middle.y() - 12))
    step = locator.viewport.metres_per_px
    assert (view.view.centre_x, view.view.centre_y) == pytest.approx(wanted, abs=step)
    assert view.view.metres_per_px == scale


def test_click_and_arrow_keys_look_elsewhere(qtbot: QtBot, window: MainWindow) -> None:
    locator, view = begin(qtbot, window), window.map_panel.view
    view.zoom(8)
    QTest.mouseClick(locator, LEFT, NONE, QPoint(40, 40))
    here = locator.viewport.place_of((40, 40))
    assert (view.view.centre_x, view.view.centre_y) == pytest.approx(here)

    QTest.keyClick(locator, Qt.Key.Key_Right)
    far = view.view.width_px * view.view.metres_per_px / 4

    assert view.view.centre_x == pytest.approx(here[0] + far)
    assert view.view.centre_y == pytest.approx(here[1])


def test_locator_follows_an_edit_and_is_remembered(
    qtbot: QtBot, window: MainWindow, open_window: OpenWindow
) -> None:
    locator, bridge = begin(qtbot, window), window.context.bridge
    lot = first_drawn(bridge.snapshot, "micro_grid")
    heir = area_named(bridge.snapshot, "第二网格", "甲子社区")
    assert bridge.execute(Reparent(lot.uid, heir.uid)) is not None
    revision = bridge.snapshot.revision
    qtbot.waitUntil(
        lambda: locator._picture is not None and locator._picture.revision == revision,
        timeout=20_000,
    )

    later = open_window(bridge.path)

    assert later.maps.locator is not None
    assert later.actions_table.action("map.locator").isChecked()
    later.actions_table.action("map.locator").trigger()
    assert later.maps.locator is None


def test_a_small_map_keeps_its_room(qtbot: QtBot, window: MainWindow) -> None:
    locator = begin(qtbot, window)
    assert locator.isVisible()

    window.choose_workspace("people")
    window.docks["people"].show()
    window.resizeDocks([window.docks["people"]], [400], Qt.Orientation.Vertical)

    qtbot.waitUntil(lambda: not locator.isVisible(), timeout=5_000)
