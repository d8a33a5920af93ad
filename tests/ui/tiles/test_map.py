"""A base map from a server in the real window: the same picture as from a file, asked for once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gisdata.make_demo_basemap import FILE
from gridadmin.tiles.grid import web_grid
from gridadmin.tiles.source import Datum, Kind, Source
from tests.helpers.tile_server import Answer as Said
from tests.helpers.tile_server import TileServer
from tests.ui.hands import tap
from ui.main_window import MainWindow
from ui.tiles.basemaps import BaseMaps
from ui.tiles.choice import BESIDE


@pytest.fixture
def server() -> Iterator[TileServer]:
    with TileServer(FILE) as server:
        yield server


@pytest.fixture
def maps(window: MainWindow) -> BaseMaps:
    window.context.settings.set_value("proxy", "none")
    return BaseMaps.of(window.context)


def _source(server: TileServer, **changes: object) -> Source:
    plain = {"grid": web_grid(18), "attribution": "单位测绘科"}
    return Source("office", "单位底图", Kind.XYZ, server.template, **(plain | changes))  # type: ignore[arg-type]


def _painted(window: MainWindow) -> NDArray[np.int16]:
    picture = window.map_panel.view.picture
    assert picture is not None
    image = picture.image.convertToFormat(QImage.Format.Format_RGBX8888)
    raw = np.frombuffer(image.constBits(), dtype=np.uint8)
    shown: NDArray[np.int16] = raw.reshape(image.height(), image.width(), 4)[..., :3].astype(
        np.int16
    )
    return shown


def _wait_until_shown(qtbot: QtBot, window: MainWindow, wanted: NDArray[np.int16]) -> None:
    def is_shown() -> bool:
        now = _painted(window)
        return now.shape == wanted.shape and int(np.abs(now - wanted).max()) == 0

    qtbot.waitUntil(is_shown, timeout=30_000)


def _settle(qtbot: QtBot, window: MainWindow) -> NDArray[np.int16]:
    """Return the map when all of it has come."""
    maps = BaseMaps.of(window.context)
    qtbot.waitUntil(
        lambda: (
            maps.supply.is_idle
            and not window.context.jobs.is_busy
            and window.map_panel.is_at_rest()
        ),
        timeout=30_000,
    )
    return _painted(window)


def test_map_from_a_server_is_the_map_from_its_file(
    qtbot: QtBot, window: MainWindow, maps: BaseMaps, server: TileServer
) -> None:
    assert maps.choice.base == BESIDE
    from_file = _painted(window)
    maps.declare(_source(server))
    maps.choose_base("")
    without = _settle(qtbot, window)
    assert np.abs(without - from_file).max() > 30
    assert window.map_panel.attribution.text() == ""

    maps.choose_base("office")
    _wait_until_shown(qtbot, window, from_file)
    assert window.map_panel.attribution.text() == "单位测绘科"
    assert len(server.counts) > 10
    assert set(server.counts.values()) == {1}

    # There and back: what was seen before is asked for by nobody.
    before = len(server.requests)
    view = window.map_panel.view
    view.look(view.view.panned(40, 0))
    qtbot.waitUntil(view.is_sharp, timeout=30_000)
    view.look(view.view.panned(-40, 0))
    _wait_until_shown(qtbot, window, from_file)
    assert set(server.counts.values()) == {1}
    assert len(server.requests) - before < 20


def test_what_left_the_view_is_broken_off(
    qtbot: QtBot, window: MainWindow, maps: BaseMaps, server: TileServer
) -> None:
    maps.declare(_source(server))
    server.hold()
    maps.choose_base("office")
    qtbot.waitUntil(lambda: len(server.requests) == 6, timeout=30_000)
    first = set(server.counts)
    view = window.map_panel.view
    view.zoom(8.0, (100.0, 100.0))
    qtbot.waitUntil(lambda: len(server.requests) > 6, timeout=30_000)
    server.let_go()
    qtbot.waitUntil(lambda: maps.supply.is_idle, timeout=30_000)
    levels = {key[0] for key in set(server.counts) - first}

    assert {key[0] for key in first} & levels == set()
    maps.choose_base("")
    qtbot.waitUntil(lambda: window.map_panel.base_layers.stack() is None, timeout=30_000)


def test_shifted_map_is_moved_back_and_marked(
    qtbot: QtBot, window: MainWindow, maps: BaseMaps, server: TileServer
) -> None:
    from_file = _painted(window)
    maps.declare(_source(server, datum=Datum.GCJ02, offset_m=(2.5, -1.0)))
    maps.choose_base("office")
    qtbot.waitUntil(lambda: bool(server.requests) and maps.supply.is_idle, timeout=30_000)
    words = window.map_panel.attribution.text()

    assert words == "单位测绘科  （GCJ-02，显示时已纠偏）  （已移动：东 2.5 米，北 -1 米）"
    assert np.abs(_painted(window) - from_file).max() > 30


def test_server_that_is_away_is_told_once_and_the_map_goes_on(
    qtbot: QtBot, window: MainWindow, maps: BaseMaps, server: TileServer
) -> None:
    source = _source(server)
    server.close()
    told: list[str] = []
    window.context.messages.told.connect(lambda message: told.append(message.text))
    maps.declare(source)
    maps.choose_base("office")
    qtbot.waitUntil(lambda: bool(maps.trouble(source)), timeout=30_000)
    view = window.map_panel.view
    view.look(view.view.panned(300, 0))
    qtbot.waitUntil(view.is_sharp, timeout=30_000)
    server.__init__(FILE)  # type: ignore[misc]

    assert [text for text in told if "连不上底图“单位底图”" in text] == told[-1:]


def test_what_was_said_of_a_map_goes_when_another_is_chosen(
    qtbot: QtBot, window: MainWindow, maps: BaseMaps, server: TileServer
) -> None:
    server.script = lambda _: Said(403)
    maps.declare(_source(server))
    maps.choose_base("office")
    bar = window.message_bar
    qtbot.waitUntil(lambda: bar.message is not None, timeout=30_000)
    assert "不允许取图（403）" in bar.text.text()

    maps.choose_base(BESIDE)
    assert bar.message is None
    assert bar.isHidden()


def test_what_was_said_of_a_map_goes_when_its_server_is_back(
    qtbot: QtBot, window: MainWindow, maps: BaseMaps, server: TileServer
) -> None:
    server.script = lambda _: Said(503)
    source = _source(server)
    maps.declare(source)
    maps.choose_base("office")
    bar = window.message_bar
    qtbot.waitUntil(lambda: bar.message is not None, timeout=30_000)
    server.script = None
    maps.try_again(source)

    qtbot.waitUntil(lambda: bar.message is None, timeout=30_000)
    assert maps.trouble(source) == ""


def test_other_map_of_a_host_that_asked_for_patience_is_asked_for_when_it_is_chosen(
    qtbot: QtBot, maps: BaseMaps, server: TileServer
) -> None:
    wait = {"Retry-After": "3600"}
    server.script = lambda asked: Said(503, headers=wait) if "busy" in asked.path else None
    busy = replace(_source(server), id="busy", address=server.template + "?busy")
    maps.declare(busy)
    maps.declare(_source(server))
    maps.choose_base("busy")
    qtbot.waitUntil(lambda: bool(maps.trouble(busy)), timeout=30_000)
    asked = len(server.requests)
    maps.choose_base("office")

    qtbot.waitUntil(lambda: len(server.requests) > asked + 5, timeout=30_000)
    assert maps.trouble(_source(server)) == ""


def test_what_is_wrong_stands_in_the_list_and_not_over_it(
    qtbot: QtBot, window: MainWindow, maps: BaseMaps, server: TileServer
) -> None:
    server.script = lambda _: Said(403)
    source = _source(server)
    maps.declare(source)
    tap(window.map_panel.basemap_button.button)
    picker = window.map_panel.basemap_button.picker
    maps.choose_base("office")
    qtbot.waitUntil(lambda: bool(maps.trouble(source)), timeout=30_000)

    assert "不允许取图（403）" in picker.trouble.said
    assert window.message_bar.message is None

    QTest.keyClick(picker.list, Qt.Key.Key_Escape)
    maps.try_again(source)
    qtbot.waitUntil(lambda: window.message_bar.message is not None, timeout=30_000)


def test_map_of_which_nobody_says_whose_it_is_is_named(
    window: MainWindow, maps: BaseMaps, server: TileServer
) -> None:
    maps.declare(_source(server, attribution=""))
    maps.choose_base("office")

    assert window.map_panel.attribution.text() == "底图：单位底图"
    assert window.map_panel.attribution.isVisible()


def test_choice_is_remembered_for_the_project(
    qtbot: QtBot, window: MainWindow, maps: BaseMaps, server: TileServer
) -> None:
    maps.declare(_source(server))
    maps.choose_base("office")
    maps.set_opacity("office", 40)
    maps.set_dimming(20)
    path = window.context.bridge.path
    window.close_project()
    assert maps.choice.base == ""
    window.open_project(path)
    qtbot.waitUntil(lambda: window.context.bridge.is_open, timeout=30_000)

    assert maps.choice.base == "office"
    assert maps.choice.opacity_of("office") == 0.4
    assert maps.choice.dimming == 20
    assert window.map_panel.style_now().dimming == 0.2


def test_picker_is_driven_by_the_keyboard(
    qtbot: QtBot, window: MainWindow, maps: BaseMaps, server: TileServer
) -> None:
    maps.declare(_source(server))
    button, picker = window.map_panel.basemap_button, window.map_panel.basemap_button.picker
    window.actions_table.action("map.basemap").trigger()
    assert picker.isVisible()
    assert picker.list.hasFocus()
    assert window.map_panel.rect().contains(picker.geometry())
    words = [picker.list.item(row).text().strip() for row in range(picker.list.count())]
    wanted = ["无底图", "文件", "项目旁的文件", "网址", "单位底图", "天地图", "天地图 地图"]
    assert words[:7] == wanted
    # Headings are stepped over.
    QTest.keyClick(picker.list, Qt.Key.Key_Down)
    assert maps.choice.base == "office"
    QTest.keyClick(picker.opacity.slider, Qt.Key.Key_Left)
    assert maps.choice.opacity == {"office": 99}
    QTest.keyClick(picker.dimming.slider, Qt.Key.Key_Home)
    assert maps.choice.dimming == 0
    QTest.keyClick(picker.list, Qt.Key.Key_Escape)
    assert picker.isHidden()
    _settle(qtbot, window)
    assert button.button.toolTip() == "底图：单位底图"


def test_picker_shows_the_marked_map_at_the_end_of_a_long_list(
    window: MainWindow, maps: BaseMaps, server: TileServer
) -> None:
    for number in range(20):
        maps.declare(replace(_source(server), id=f"office{number}", name=f"单位底图{number}"))
    maps.choose_base("office19")
    picker = window.map_panel.basemap_button.picker
    window.actions_table.action("map.basemap").trigger()
    marked = picker.list.visualItemRect(picker.list.currentItem())

    assert picker.list.currentItem().text().strip() == "单位底图19"
    assert picker.list.viewport().rect().contains(marked)


def test_picker_closes_when_the_map_is_clicked_and_tells_of_trouble(
    qtbot: QtBot, window: MainWindow, maps: BaseMaps, server: TileServer
) -> None:
    server.script = lambda _: Said(403)
    maps.declare(_source(server))
    picker = window.map_panel.basemap_button.picker
    window.map_panel.basemap_button.button.click()
    maps.choose_base("office")
    qtbot.waitUntil(picker.again.isVisible, timeout=30_000)
    assert "不允许取图（403）" in picker.trouble.text()
    server.script = None
    picker.again.click()
    _settle(qtbot, window)
    qtbot.waitUntil(picker.again.isHidden, timeout=30_000)
    window.map_panel.view.setFocus()
    qtbot.waitUntil(picker.isHidden, timeout=10_000)
