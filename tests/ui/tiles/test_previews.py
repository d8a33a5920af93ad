"""Small pictures in the picker: of the place that is seen, and nobody is asked for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QListWidgetItem
from pytestqt.qtbot import QtBot

from gisdata.make_demo_basemap import FILE
from gridadmin.tiles.grid import web_grid
from gridadmin.tiles.source import Kind, Source
from tests.helpers.tile_server import TileServer
from tests.ui.hands import tap
from ui.main_window import MainWindow
from ui.tiles.basemaps import BaseMaps
from ui.tiles.choice import BESIDE
from ui.tiles.previews import SIZE


@pytest.fixture
def server() -> Iterator[TileServer]:
    with TileServer(FILE) as server:
        yield server


def item(window: MainWindow, source: str) -> QListWidgetItem:
    listed = window.map_panel.basemap_button.picker.list
    items = [listed.item(row) for row in range(listed.count())]
    return next(one for one in items if one.data(Qt.ItemDataRole.UserRole) == source)


def picture(window: MainWindow, source: str) -> QImage:
    return item(window, source).icon().pixmap(SIZE).toImage()


def is_empty(image: QImage) -> bool:
    blank = QImage(image.size(), image.format())
    blank.fill(Qt.GlobalColor.transparent)
    return image == blank


def open_picker(qtbot: QtBot, window: MainWindow) -> None:
    tap(window.map_panel.basemap_button.button)
    qtbot.waitUntil(lambda: not is_empty(picture(window, BESIDE)), timeout=30_000)


def test_picker_shows_what_lies_here_of_files_and_of_what_was_fetched(
    qtbot: QtBot, window: MainWindow, server: TileServer
) -> None:
    window.context.settings.set_value("proxy", "none")
    maps = BaseMaps.of(window.context)
    maps.declare(Source("office", "单位底图", Kind.XYZ, server.template, grid=web_grid(18)))
    open_picker(qtbot, window)
    assert is_empty(picture(window, "office"))
    assert server.requests == []

    maps.choose_base("office")
    qtbot.waitUntil(lambda: bool(server.requests) and maps.supply.is_idle, timeout=30_000)
    asked = len(server.requests)
    picker = window.map_panel.basemap_button.picker
    picker.close_picker()
    view = window.map_panel.view
    view.look(view.view.panned(4, 0))
    qtbot.waitUntil(lambda: view.is_sharp() and maps.supply.is_idle, timeout=30_000)
    asked = len(server.requests)
    open_picker(qtbot, window)
    qtbot.waitUntil(lambda: not is_empty(picture(window, "office")), timeout=30_000)

    assert len(server.requests) == asked
    assert picture(window, "office") == picture(window, BESIDE)
