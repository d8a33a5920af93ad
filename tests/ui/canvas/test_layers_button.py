"""The layers of the map: each is switched by itself, and it is remembered."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area
from gridadmin.partition.ground import Ground
from tests.ui.conftest import OpenWindow
from ui.canvas.layers_button import COLOURINGS, OVER, SWITCHES
from ui.main_window import MainWindow
from ui.shell.object_menu import add_object_entries


def pixels(window: MainWindow) -> bytes:
    return bytes(window.map_panel.view.grab().toImage().constBits())


def test_every_layer_has_its_switch_in_the_menu_and_behind_the_button(window: MainWindow) -> None:
    switches = window.map_panel.layers_button.switches()

    assert [action.objectName() for action in switches] == [*SWITCHES, *OVER, *COLOURINGS]
    assert all(action.isCheckable() for action in switches)
    layers = switches[: len(SWITCHES)]
    assert all(action.isChecked() for action in layers)
    others = [action.objectName() for action in switches[len(SWITCHES) :] if action.isChecked()]
    assert others == ["view.plain"]
    assert window.map_panel.layers_button.button.accessibleName() == "图层"


def test_hidden_layer_leaves_the_map_and_stays_hidden_in_the_next_window(
    qtbot: QtBot, window: MainWindow, open_window: OpenWindow
) -> None:
    before = pixels(window)
    window.actions_table.action("view.roads").trigger()
    window.actions_table.action("view.water").trigger()
    qtbot.waitUntil(lambda: pixels(window) != before, timeout=10_000)

    assert window.context.settings.value("hidden_layers") == ["roads", "water"]
    later = open_window()
    assert not later.actions_table.action("view.roads").isChecked()
    assert later.actions_table.action("view.buildings").isChecked()


def test_compound_under_the_pointer_can_become_a_grid(window: MainWindow) -> None:
    bridge, view = window.context.bridge, window.map_panel.view
    ground = Ground.of(bridge.snapshot)
    compound = ground.compounds.objects[0]
    x, y = ground.compounds.shapes[0].representative_point().coords[0]
    menu = QMenu(window)
    add_object_entries(menu, window.context, view, (x, y))
    first, entry = menu.actions()[:2]
    assert compound.name in first.text()
    assert first.isEnabled()

    entry.hover()
    shown = view.overlay.things("r outline")
    entry.trigger()
    menu.aboutToHide.emit()

    made = [area for area in bridge.snapshot.areas() if area.name == compound.name]
    assert shown
    assert [area.level for area in made] == ["grid"]
    grid: Area = made[0]
    assert bridge.snapshot.partition.has_land(oid_of(grid.uid))
    assert not view.overlay.things("r outline")
