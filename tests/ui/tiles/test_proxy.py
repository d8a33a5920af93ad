"""A proxy that asks who comes: its password stands in the keyring and nowhere else."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from gridadmin.tiles.grid import web_grid
from gridadmin.tiles.source import Kind, Source
from tests.helpers.memory_keyring import MemoryKeyring
from tests.helpers.tile_server import Answer as Said
from tests.helpers.tile_server import Request, TileServer
from tests.ui.finding import part
from ui.context import Context
from ui.dialogs.settings_dialog import SettingsDialog
from ui.tiles.basemaps import BaseMaps
from ui.tiles.probe import Probe, Probed

PASSWORD = "geheim-42"


def guard(request: Request) -> Said | None:
    """Let only Zhang with his password through, as a proxy does."""
    said = request.headers.get("proxy-authorization", "")
    if said == "Basic " + b64encode(f"zhang:{PASSWORD}".encode()).decode():
        return None
    return Said(407, headers={"Proxy-Authenticate": 'Basic realm="office"'})


def through(context: Context, proxy: TileServer) -> None:
    proxy.script = guard
    context.settings.set_value("proxy", "own")
    context.settings.set_value("proxy_address", f"127.0.0.1:{proxy.port}")


def probed(qtbot: QtBot, context: Context) -> Probed:
    """Return what a test of a map says that only the proxy can reach."""
    url = "http://map.district.example/{z}/{x}/{y}.png"
    source = Source("office", "单位底图", Kind.XYZ, url, grid=web_grid(18))
    probe, found = Probe(context), list[Probed]()
    probe.done.connect(found.append)
    probe.try_source(source, "")
    qtbot.waitUntil(lambda: bool(found), timeout=15_000)
    probe.stop()
    return found[0]


def typed(dialog: SettingsDialog, name: str, text: str) -> None:
    field = part(dialog, QLineEdit, name)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    field.editingFinished.emit()


def test_proxy_is_told_user_and_password_of_the_settings(
    qtbot: QtBot, context: Context, ring: MemoryKeyring, server: TileServer, tmp_path: Path
) -> None:
    through(context, server)
    dialog = SettingsDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    assert part(dialog, QLineEdit, "setting_proxy_password").echoMode() is (
        QLineEdit.EchoMode.Password
    )
    typed(dialog, "setting_proxy_user", "zhang")
    typed(dialog, "setting_proxy_password", PASSWORD)
    qtbot.waitUntil(lambda: bool(ring.kept), timeout=10_000)

    assert probed(qtbot, context).picture is not None
    assert ring.kept == {("gridadmin basemaps", "proxy"): PASSWORD}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if PASSWORD.encode() in path.read_bytes()]
    assert PASSWORD not in repr(BaseMaps.of(context).reach())


# Qt itself warns that it keeps the refused password a second time.
@pytest.mark.qt_log_ignore("overriding active cache entry")
@pytest.mark.parametrize("user", ["", "zhang"])
def test_proxy_that_lets_nobody_through_is_told_in_words_and_not_asked_again(
    qtbot: QtBot, context: Context, ring: MemoryKeyring, server: TileServer, user: str
) -> None:
    through(context, server)
    ring.kept["gridadmin basemaps", "proxy"] = "wrong"
    context.settings.set_value("proxy_user", user)
    maps = BaseMaps.of(context)
    maps.reach()
    qtbot.waitUntil(lambda: not context.jobs.is_busy, timeout=60_000)

    found = probed(qtbot, context)

    assert found.picture is None
    assert found.words == (
        "代理服务器要求登录，所以问不到 map.district.example。"
        "请在设置的“网络”里填写代理的用户名和密码。"
    )
    assert len(server.requests) <= 2


def test_all_settings_as_usual_forgets_the_password_too(
    qtbot: QtBot, context: Context, ring: MemoryKeyring
) -> None:
    ring.kept["gridadmin basemaps", "proxy"] = PASSWORD
    dialog = SettingsDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    field = part(dialog, QLineEdit, "setting_proxy_password")
    qtbot.waitUntil(lambda: field.text() == PASSWORD, timeout=10_000)
    dialog.reset_button.click()
    qtbot.waitUntil(lambda: ring.kept == {}, timeout=10_000)

    assert field.text() == ""
