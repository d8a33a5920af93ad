"""Adding, managing, packing and clearing base maps, with real events and a real server."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from keyring.errors import NoKeyringError
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from gisdata.make_demo_basemap import FILE
from gridadmin.tiles.cache import TileCache
from gridadmin.tiles.grid import web_grid
from gridadmin.tiles.mbtiles import MBTiles
from gridadmin.tiles.source import Datum, KeyType, Kind, Role, Source, Terms
from tests.helpers.certificates import Authority
from tests.helpers.memory_keyring import MemoryKeyring
from tests.helpers.patience import PATIENCE_MS
from tests.helpers.tile_server import Answer as Said
from tests.helpers.tile_server import TileServer
from tests.ui.finding import part
from tests.ui.hands import tap
from ui.context import Context
from ui.tiles.basemaps import BaseMaps, cache_file
from ui.tiles.cache_dialog import CacheDialog
from ui.tiles.pack_dialog import PackDialog
from ui.tiles.source_dialog import SourceDialog
from ui.tiles.sources_dialog import SourcesDialog


def _dialog(qtbot: QtBot, context: Context, source: Source | None = None) -> SourceDialog:
    dialog = SourceDialog(context, source)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def _choose(box: QComboBox, data: object) -> None:
    box.setCurrentIndex(box.findData(data))
    assert box.currentData() == data


def _press(dialog: SourceDialog | SourcesDialog | CacheDialog | PackDialog, name: str) -> None:
    tap(part(dialog, QPushButton, name))


def _page_field(dialog: SourceDialog, name: str) -> QLineEdit:
    return part(dialog.page, QLineEdit, name)


def _office(server: TileServer, **changes: object) -> Source:
    plain = {"grid": web_grid(18), "terms": Terms(pack=True)}
    return Source("office", "单位底图", Kind.XYZ, server.template, **(plain | changes))  # type: ignore[arg-type]


def test_address_is_tested_then_added_and_chosen(
    qtbot: QtBot, context: Context, maps: BaseMaps, server: TileServer
) -> None:
    dialog = _dialog(qtbot, context)
    _choose(dialog.kind, "address")
    QTest.keyClicks(_page_field(dialog, "source_url"), server.template)
    assert dialog.name.text() == "127.0.0.1"
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, "Office")
    _press(dialog, "test_source")
    qtbot.waitUntil(lambda: not dialog.picture.pixmap().isNull(), timeout=10_000)
    assert dialog.said.text() == "能取到图块。"
    dialog.east.setValue(1.5)
    _choose(dialog.datum, Datum.GCJ02)
    _press(dialog, "main")

    base = maps.base
    assert base is not None
    assert (base.name, base.address, base.kind) == ("Office", server.template, Kind.XYZ)
    assert (base.offset_m, base.datum, base.levels) == ((1.5, 0.0), Datum.GCJ02, (0, 18))
    assert "Office" in maps.file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said(403), "403"),
        (Said(404), "没有图块"),
        (Said(500), "500"),
        (Said(200, b"<html>log in", {"Content-Type": "text/html"}), "log in"),
        (Said(200, b"x", {"Content-Length": str(10**9)}), "太大"),
    ],
)
def test_test_says_why_there_is_no_tile(
    qtbot: QtBot, context: Context, server: TileServer, said: Said, words: str
) -> None:
    server.script = lambda _: said
    dialog = _dialog(qtbot, context)
    _choose(dialog.kind, "address")
    _page_field(dialog, "source_url").setText(server.template)
    _press(dialog, "test_source")
    qtbot.waitUntil(lambda: words in dialog.said.text(), timeout=10_000)

    assert dialog.picture.pixmap().isNull()


def test_server_with_an_unknown_authority_is_refused_in_words(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    dialog = _dialog(qtbot, context)
    _choose(dialog.kind, "address")
    with TileServer(FILE, tls=Authority(tmp_path).signed()) as server:
        _page_field(dialog, "source_url").setText(server.template)
        _press(dialog, "test_source")
        qtbot.waitUntil(lambda: "证书有问题" in dialog.said.text(), timeout=10_000)

        assert server.requests == []
        assert [b.text() for b in dialog.findChildren(QPushButton) if "继续" in b.text()] == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://x/{z}/{x}/{y}", "http"),
        ("http://x/tiles.png", "{z}"),
        ("http://x/{z}/{y}/{w}", "{w}"),
    ],
)
def test_address_that_can_not_be_one_is_refused_before_it_is_kept(
    qtbot: QtBot, context: Context, maps: BaseMaps, url: str, words: str
) -> None:
    dialog = _dialog(qtbot, context)
    _choose(dialog.kind, "address")
    _page_field(dialog, "source_url").setText(url)
    _press(dialog, "main")

    assert words in part(dialog, QLabel, "fault").text()
    assert dialog.isVisible()
    assert maps.choice.base == "beside"


def test_layer_of_a_wmts_is_chosen_from_what_the_server_has(
    qtbot: QtBot, context: Context, maps: BaseMaps, server: TileServer
) -> None:
    server.files["/wmts"] = Said(200, _CAPABILITIES.replace("ROOT", server.root).encode())
    dialog = _dialog(qtbot, context)
    _choose(dialog.kind, "wmts")
    field = _page_field(dialog, "source_wmts_url")
    field.setText(server.root + "/wmts?REQUEST=GetCapabilities")
    _press(dialog, "read_layers")
    layers = part(dialog.page, QComboBox, "source_layer")
    qtbot.waitUntil(lambda: layers.count() == 1, timeout=10_000)
    assert dialog.said.text() == "服务器有 1 个图层可用。"
    assert dialog.name.text() == "区电子地图"
    _press(dialog, "test_source")
    qtbot.waitUntil(lambda: not dialog.picture.pixmap().isNull(), timeout=10_000)
    _press(dialog, "main")

    assert maps.base is not None
    assert (maps.base.kind, maps.base.layer.name) == (Kind.WMTS, "base")


def test_dialog_is_as_high_as_the_fields_of_each_kind(qtbot: QtBot, context: Context) -> None:
    dialog = _dialog(qtbot, context)
    for kind in ("address", "tianditu", "wmts", "file", "tianditu"):
        _choose(dialog.kind, kind)
        qtbot.waitUntil(lambda: dialog.stack.height() == dialog.page.sizeHint().height())
        for field in (dialog.name, dialog.datum, dialog.east, dialog.attribution):
            assert field.height() >= field.minimumSizeHint().height()


@pytest.mark.parametrize("typed", ["10.1.2.3/wmts", "wmts", "file:///etc/hosts", "http://[a/wmts"])
def test_what_is_no_address_of_a_wmts_is_said_to_be_none(
    qtbot: QtBot, context: Context, typed: str
) -> None:
    dialog = _dialog(qtbot, context)
    _choose(dialog.kind, "wmts")
    _page_field(dialog, "source_wmts_url").setText(typed)
    _press(dialog, "read_layers")

    assert dialog.said.text() == f"“{typed}”不是网址，应以 http:// 或 https:// 开头。"


def test_key_of_tianditu_goes_into_the_keyring_and_no_file(
    qtbot: QtBot, context: Context, maps: BaseMaps, ring: MemoryKeyring, tmp_path: Path
) -> None:
    dialog = _dialog(qtbot, context)
    _choose(dialog.kind, "tianditu")
    _press(dialog, "main")
    assert "需要密钥" in part(dialog, QLabel, "fault").text()
    QTest.keyClicks(_page_field(dialog, "source_key"), "abc123geheim")
    _choose(part(dialog.page, QComboBox, "source_key_type"), "server")
    _press(dialog, "main")
    qtbot.waitUntil(lambda: bool(ring.kept), timeout=10_000)

    assert ring.kept == {("gridadmin basemaps", "tianditu"): "abc123geheim"}
    assert maps.choice.base == "tianditu_vec"
    assert maps.choice.overlay == "tianditu_cva"
    assert maps.base is not None
    assert maps.base.key_type is KeyType.SERVER
    assert maps.overlay is not None
    assert maps.overlay.key_type is KeyType.SERVER
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if b"abc123geheim" in path.read_bytes()]


@pytest.mark.usefixtures("ring")
def test_map_that_lacks_its_key_has_the_keys_where_it_is_typed(
    qtbot: QtBot, context: Context, maps: BaseMaps
) -> None:
    source = maps.source("tianditu_vec")
    assert source is not None
    dialog = SourceDialog(context, source)
    qtbot.addWidget(dialog)
    dialog.open()

    assert dialog.focusWidget() is part(dialog.page, QLineEdit, "source_key")


def test_key_that_is_in_the_keyring_stays_when_something_else_is_changed(
    qtbot: QtBot, context: Context, maps: BaseMaps, ring: MemoryKeyring
) -> None:
    ring.kept["gridadmin basemaps", "tianditu"] = "abc123"
    source = maps.source("tianditu_img")
    assert source is not None
    dialog = _dialog(qtbot, context, source)
    dialog.north.setValue(2.0)
    field = _page_field(dialog, "source_key")
    assert field.echoMode() is not QLineEdit.EchoMode.Normal
    qtbot.waitUntil(lambda: field.text() == "abc123", timeout=10_000)
    _press(dialog, "main")
    qtbot.waitUntil(lambda: not context.jobs.is_busy, timeout=60_000)

    assert ring.kept == {("gridadmin basemaps", "tianditu"): "abc123"}
    assert maps.base is not None
    assert (maps.base.id, maps.base.offset_m) == ("tianditu_img", (0.0, 2.0))


def test_without_a_keyring_the_key_lives_as_long_as_the_program(
    qtbot: QtBot, context: Context, maps: BaseMaps, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    context.messages.told.connect(lambda message: told.append(message.text))

    def none(*_: str) -> str:
        raise NoKeyringError

    monkeypatch.setattr(keyring, "set_password", none)
    monkeypatch.setattr(keyring, "get_password", none)
    maps.keys.keep("tianditu", "abc")
    qtbot.waitUntil(lambda: not maps.keys.is_lasting, timeout=10_000)

    assert maps.keys.key("tianditu") == "abc"
    assert told == ["这台电脑没有系统密钥库，密钥只在这次运行中有效。"]


def test_file_is_opened_and_shown(
    qtbot: QtBot, context: Context, maps: BaseMaps, tmp_path: Path
) -> None:
    path = tmp_path / "底图 一.mbtiles"
    path.write_bytes(FILE.read_bytes())
    dialog = _dialog(qtbot, context)
    _choose(dialog.kind, "file")
    _page_field(dialog, "source_path").setText(str(path))
    assert dialog.name.text() == "底图 一"
    _press(dialog, "test_source")
    qtbot.waitUntil(lambda: dialog.said.text() == "文件可用。", timeout=10_000)
    _press(dialog, "main")
    qtbot.waitUntil(lambda: maps.choice.base != "beside", timeout=10_000)

    assert maps.base is not None
    assert maps.base.address == str(path)


def test_file_that_is_none_is_refused_in_words(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    path = tmp_path / "不是底图.mbtiles"
    path.write_bytes(b"no tiles")
    dialog = _dialog(qtbot, context)
    _choose(dialog.kind, "file")
    _page_field(dialog, "source_path").setText(str(path))
    _press(dialog, "test_source")

    qtbot.waitUntil(lambda: "不是底图.mbtiles" in dialog.said.text(), timeout=10_000)


def test_sources_are_switched_changed_and_taken_away(
    qtbot: QtBot, context: Context, maps: BaseMaps, server: TileServer
) -> None:
    maps.declare(_office(server))
    dialog = SourcesDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    tree = part(dialog, QTreeWidget, "sources")
    rows = {tree.topLevelItem(n).text(0): n for n in range(tree.topLevelItemCount())}  # type: ignore[union-attr]
    assert next(iter(rows)) == "项目旁的文件"
    item = tree.topLevelItem(rows["OpenStreetMap"])
    assert item is not None
    item.setCheckState(0, Qt.CheckState.Checked)
    # Qt is not done with the item yet: it must be there as long.
    assert isValid(item)
    qtbot.waitUntil(lambda: "osm" in [one.id for one in maps.sources(Role.BASE)], timeout=10_000)
    tree.setCurrentItem(tree.topLevelItem(rows["单位底图"]))  # type: ignore[arg-type]
    _press(dialog, "remove_source")

    assert maps.source("office") is None
    tree.setCurrentItem(tree.topLevelItem(0))  # type: ignore[arg-type]
    assert not part(dialog, QPushButton, "edit_source").isEnabled()


def test_cache_tells_what_is_kept_and_is_cleared(
    qtbot: QtBot, context: Context, maps: BaseMaps, server: TileServer
) -> None:
    maps.declare(_office(server))
    source = maps.source("office")
    assert source is not None
    keys = list(source.grid.tiles(16, _around()))[:5]
    shelf = maps.supply.shelf(source)
    shelf.see(keys)
    qtbot.waitUntil(lambda: len(server.requests) == 5 and maps.supply.is_idle, timeout=10_000)
    dialog = CacheDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    tree = part(dialog, QTreeWidget, "cached")
    qtbot.waitUntil(lambda: tree.topLevelItemCount() == 1, timeout=10_000)
    row = tree.topLevelItem(0)
    assert row is not None
    assert (row.text(0), row.text(1)) == ("单位底图", "5")
    # All of one day, which is said once.
    assert len(row.text(3)) == len("2025-01-31")
    _press(dialog, "clear_one")
    qtbot.waitUntil(lambda: tree.topLevelItemCount() == 0, timeout=10_000)

    with closing(TileCache(cache_file())) as cache:
        assert cache.total_tiles() == 0


def _around() -> tuple[float, float, float, float]:
    with MBTiles(FILE) as file:
        return file.extent


def _pack(qtbot: QtBot, context: Context) -> PackDialog:
    dialog = PackDialog(context, lambda: None, lambda: None)
    with qtbot.waitExposed(dialog, timeout=PATIENCE_MS):
        dialog.show()
    dialog.low.setValue(13)
    dialog.high.setValue(15)
    return dialog


def _close(qtbot: QtBot, dialog: PackDialog) -> None:
    dialog.close()
    qtbot.waitUntil(dialog.isHidden, timeout=10_000)


def test_pack_is_broken_off_goes_on_and_is_a_base_map_then(
    qtbot: QtBot, context: Context, maps: BaseMaps, server: TileServer, tmp_path: Path
) -> None:
    maps.declare(_office(server))
    maps.choose_base("office")
    dialog = _pack(qtbot, context)
    plan = dialog._plan()
    assert not isinstance(plan, str)
    assert f"{plan.total} 块图块" in dialog.estimate.text()
    out = tmp_path / "离线 包.mbtiles"
    server.script = lambda _: server.hold() if len(server.requests) == 10 else None
    dialog.make(plan, out)
    qtbot.waitUntil(lambda: len(server.requests) >= 10, timeout=10_000)
    _press(dialog, "stop")
    qtbot.waitUntil(lambda: dialog._job is None, timeout=10_000)
    assert "接着取" in dialog.said.text()
    assert not out.exists()
    server.script = None
    server.let_go()
    dialog.make(plan, out)
    qtbot.waitUntil(lambda: "已做好" in dialog.said.text(), timeout=30_000)
    _close(qtbot, dialog)

    with MBTiles(out) as packed, MBTiles(FILE) as stored:
        key = next(iter(plan.tiles()))
        assert packed.tile(key) == stored.tile(key)
    assert "离线 包" in [source.name for source in maps.all_sources()]


def test_pack_of_a_source_whose_terms_forbid_it_is_refused(
    qtbot: QtBot, context: Context, maps: BaseMaps, server: TileServer
) -> None:
    maps.declare(_office(server, terms=Terms(pack=False)))
    maps.choose_base("office")
    dialog = _pack(qtbot, context)

    assert "单位底图" in part(dialog, QLabel, "pack_why_not").text()
    assert not part(dialog, QPushButton, "main").isEnabled()
    _close(qtbot, dialog)


@pytest.mark.usefixtures("ring")
def test_pack_asks_for_the_key_that_its_source_needs(
    qtbot: QtBot, context: Context, maps: BaseMaps, server: TileServer
) -> None:
    template = server.template + "?k={key}"
    maps.declare(replace(_office(server), address=template, key_name="office"))
    maps.choose_base("office")
    dialog = _pack(qtbot, context)
    enter = part(dialog, QPushButton, "pack_key")
    qtbot.waitUntil(enter.isVisible, timeout=10_000)
    assert "需要密钥" in part(dialog, QLabel, "pack_why_not").text()
    assert not part(dialog, QPushButton, "main").isEnabled()
    tap(enter)
    asked = dialog.findChildren(SourceDialog)[0]
    QTest.keyClicks(_page_field(asked, "source_key"), "abc")
    _press(asked, "main")
    qtbot.waitUntil(lambda: part(dialog, QPushButton, "main").isEnabled(), timeout=10_000)

    assert not enter.isVisible()
    assert part(dialog, QLabel, "pack_why_not").text() == ""
    _close(qtbot, dialog)


def test_pack_finds_the_key_that_is_in_the_keyring(
    qtbot: QtBot, context: Context, maps: BaseMaps, ring: MemoryKeyring, server: TileServer
) -> None:
    ring.kept["gridadmin basemaps", "office"] = "abc"
    template = server.template + "?k={key}"
    maps.declare(replace(_office(server), address=template, key_name="office"))
    maps.choose_base("office")
    dialog = _pack(qtbot, context)
    qtbot.waitUntil(lambda: part(dialog, QPushButton, "main").isEnabled(), timeout=10_000)

    assert not part(dialog, QPushButton, "pack_key").isVisible()
    _close(qtbot, dialog)


_CAPABILITIES = """<?xml version="1.0"?>
<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1"
 xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0">
 <Contents>
  <Layer>
   <ows:Title>区电子地图</ows:Title><ows:Identifier>base</ows:Identifier>
   <Style isDefault="true"><ows:Identifier>default</ows:Identifier></Style>
   <Format>image/png</Format>
   <TileMatrixSetLink><TileMatrixSet>w</TileMatrixSet></TileMatrixSetLink>
   <ResourceURL format="image/png" resourceType="tile"
    template="ROOT/{TileMatrix}/{TileCol}/{TileRow}.png"/>
  </Layer>
  <TileMatrixSet>
   <ows:Identifier>w</ows:Identifier>
   <ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>
   <TileMatrix><ows:Identifier>15</ows:Identifier>
    <ScaleDenominator>17061.8366707</ScaleDenominator>
    <TopLeftCorner>-20037508.3427892 20037508.3427892</TopLeftCorner>
    <TileWidth>256</TileWidth><TileHeight>256</TileHeight>
    <MatrixWidth>32768</MatrixWidth><MatrixHeight>32768</MatrixHeight></TileMatrix>
  </TileMatrixSet>
 </Contents>
</Capabilities>
"""
