"""What the dialog that adds a base map says and refuses when there is nothing to be had."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from gisdata.make_demo_basemap import FILE
from tests.helpers.tile_server import Answer as Said
from tests.helpers.tile_server import TileServer
from tests.ui.finding import part
from tests.ui.hands import tap
from ui.context import Context
from ui.tiles.basemaps import BaseMaps
from ui.tiles.source_dialog import SourceDialog

LEFT = Qt.MouseButton.LeftButton


def opened(qtbot: QtBot, context: Context, kind: str) -> SourceDialog:
    dialog = SourceDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))
    return dialog


def field(dialog: SourceDialog, name: str) -> QLineEdit:
    return part(dialog.page, QLineEdit, name)


def press(dialog: SourceDialog, name: str) -> None:
    tap(part(dialog, QPushButton, name))


def fault(dialog: SourceDialog) -> str:
    return part(dialog, QLabel, "fault").text()


@contextmanager
def nobody() -> Iterator[int]:
    """Return a port at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


def test_wmts_that_nobody_serves_is_said_to_be_out_of_reach(qtbot: QtBot, context: Context) -> None:
    dialog = opened(qtbot, context, "wmts")
    with nobody() as port:
        field(dialog, "source_wmts_url").setText(f"http://127.0.0.1:{port}/wmts")
        press(dialog, "read_layers")
        qtbot.waitUntil(lambda: "连不上" in dialog.said.text(), timeout=10_000)

        assert dialog.said.text() == (
            f"连不上服务器 127.0.0.1:{port}。请检查地址和端口，以及这台电脑能不能访问它。"
        )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said(404), "上没有这个地址（404）"),
        (Said(403), "不让读取（403），可能需要密钥或先登录"),
        (Said(429), "嫌请求太多（429）。请稍后再试"),
        (Said(500), "自己出了错（500）"),
        (Said(204), "回答是空的（204）"),
        (Said(200, b"<html><body>log in</body></html>"), "收到的是别的文档（html）"),
        (Said(200, b"hello"), "这不是能力文档"),
    ],
)
def test_wmts_that_gives_no_capabilities_is_told_by_what_it_answered(
    qtbot: QtBot, context: Context, server: TileServer, said: Said, words: str
) -> None:
    server.script = lambda _: said
    dialog = opened(qtbot, context, "wmts")
    field(dialog, "source_wmts_url").setText(server.root + "/wmts")
    press(dialog, "read_layers")
    qtbot.waitUntil(lambda: words in dialog.said.text(), timeout=10_000)

    assert "存下的图块" not in dialog.said.text()
    assert "自动再试" not in dialog.said.text()
    assert [one.path for one in server.requests] == ["/wmts?SERVICE=WMTS&REQUEST=GetCapabilities"]


@pytest.mark.parametrize(
    ("said", "words"),
    [(Said(429), "请稍后再试"), (Said(503), "自己出了错（503）")],
)
def test_test_promises_no_further_try_of_its_own(
    qtbot: QtBot, context: Context, server: TileServer, said: Said, words: str
) -> None:
    server.script = lambda _: said
    dialog = opened(qtbot, context, "address")
    field(dialog, "source_url").setText(server.template)
    press(dialog, "test_source")
    qtbot.waitUntil(lambda: words in dialog.said.text(), timeout=10_000)

    assert "自动再试" not in dialog.said.text()


def test_address_whose_test_failed_is_kept_only_when_asked_twice(
    qtbot: QtBot, context: Context, maps: BaseMaps, server: TileServer
) -> None:
    server.script = lambda _: Said(404)
    dialog = opened(qtbot, context, "address")
    field(dialog, "source_url").setText(server.template)
    press(dialog, "test_source")
    qtbot.waitUntil(lambda: "没有图块" in dialog.said.text(), timeout=10_000)
    press(dialog, "main")

    assert "测试没有取到图块" in fault(dialog)
    assert dialog.keep.text() == "仍然添加"
    assert maps.choice.base == "beside"

    QTest.keyClick(field(dialog, "source_url"), Qt.Key.Key_End)
    QTest.keyClicks(field(dialog, "source_url"), "?v=2")
    assert (dialog.keep.text(), fault(dialog)) == ("添加", "")
    press(dialog, "test_source")
    qtbot.waitUntil(lambda: "没有图块" in dialog.said.text(), timeout=10_000)
    press(dialog, "main")
    press(dialog, "main")

    assert maps.base is not None
    assert maps.base.address == server.template + "?v=2"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("没有.mbtiles", None, "找不到文件"),
        ("不是.mbtiles", b"no tiles", "不是.mbtiles"),
        ("信.txt", "一封信".encode(), "不能作底图"),
    ],
)
def test_file_that_can_be_no_base_map_is_not_added(
    qtbot: QtBot,
    context: Context,
    maps: BaseMaps,
    tmp_path: Path,
    name: str,
    content: bytes | None,
    words: str,
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    dialog = opened(qtbot, context, "file")
    field(dialog, "source_path").setText(str(tmp_path / name))
    press(dialog, "main")
    qtbot.waitUntil(lambda: words in fault(dialog), timeout=10_000)

    assert dialog.isVisible()
    assert dialog.keep.isEnabled()
    assert maps.choice.base == "beside"
    assert name not in [one.name for one in maps.all_sources()]


def test_picture_that_says_no_crs_is_added_once_it_is_typed(
    qtbot: QtBot, context: Context, maps: BaseMaps, tmp_path: Path
) -> None:
    path = tmp_path / "航片.png"
    Image.new("RGB", (40, 30), "green").save(path)
    path.with_suffix(".pgw").write_text("1\n0\n0\n-1\n500000\n4000000\n", encoding="ascii")
    dialog = opened(qtbot, context, "file")
    field(dialog, "source_path").setText(str(path))
    press(dialog, "main")
    crs = field(dialog, "source_crs")
    qtbot.waitUntil(lambda: "坐标系" in fault(dialog), timeout=20_000)
    assert maps.choice.base == "beside"

    qtbot.waitUntil(crs.hasFocus, timeout=10_000)
    QTest.keyClicks(crs, "EPSG:4547")
    press(dialog, "main")
    qtbot.waitUntil(lambda: maps.choice.base != "beside", timeout=20_000)

    assert maps.base is not None
    assert (maps.base.address, maps.base.crs) == (str(path), "EPSG:4547")


def test_path_that_was_copied_with_quotation_marks_is_read(
    qtbot: QtBot, context: Context, maps: BaseMaps, tmp_path: Path
) -> None:
    path = tmp_path / "底图 一.mbtiles"
    path.write_bytes(FILE.read_bytes())
    dialog = opened(qtbot, context, "file")
    field(dialog, "source_path").setText(f'"{path}"')
    assert dialog.name.text() == "底图 一"
    press(dialog, "main")
    qtbot.waitUntil(lambda: maps.choice.base != "beside", timeout=20_000)

    assert maps.base is not None
    assert maps.base.address == str(path)


def test_map_of_elsewhere_is_kept_only_when_asked_twice(
    qtbot: QtBot, context: Context, maps: BaseMaps, tmp_path: Path
) -> None:
    path = tmp_path / "别处.png"
    Image.new("RGB", (40, 30), "green").save(path)
    path.with_suffix(".pgw").write_text("1\n0\n0\n-1\n500000\n2500000\n", encoding="ascii")
    dialog = opened(qtbot, context, "file")
    field(dialog, "source_path").setText(str(path))
    field(dialog, "source_crs").setText("EPSG:4547")
    press(dialog, "test_source")
    qtbot.waitUntil(lambda: "没有图块" in dialog.said.text(), timeout=20_000)
    press(dialog, "main")
    qtbot.waitUntil(lambda: dialog.keep.text() == "仍然添加", timeout=20_000)
    assert maps.choice.base == "beside"
    press(dialog, "main")
    qtbot.waitUntil(lambda: maps.choice.base != "beside", timeout=20_000)

    assert maps.base is not None
    assert maps.base.name == "别处"


def test_every_file_of_other_makers_is_added_or_refused_in_words(
    qtbot: QtBot, context: Context, maps: BaseMaps, shared_data: Path
) -> None:
    said: dict[str, str] = {}
    for path in sorted((shared_data / "mbtiles-cases").iterdir()):
        dialog = opened(qtbot, context, "file")
        field(dialog, "source_path").setText(str(path))
        before = maps.choice.base
        press(dialog, "main")

        def is_over(dialog: SourceDialog = dialog, before: str = before) -> bool:
            is_added = maps.choice.base != before
            return is_added or (isValid(dialog) and bool(fault(dialog)))

        qtbot.waitUntil(is_over, timeout=20_000)
        said[path.stem] = "" if maps.choice.base != before else fault(dialog)
        if said[path.stem]:
            dialog.reject()

    assert sorted(name for name, words in said.items() if words) == [
        "consbio_invalid",
        "consbio_invalid-tile-format",
        "consbio_world_cities",
        "node_corrupt",
        "node_with spaces",
    ]
    assert "矢量瓦片" in said["consbio_world_cities"]
    assert len(said) == 12
