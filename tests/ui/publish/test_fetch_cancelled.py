"""Receiving is cancelled in the window: at the list, in the middle, by closing; nothing is left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridadmin.app import publishing
from gridadmin.base.progress import SILENT
from gridadmin.publish.outbox import Outbox, Work
from gridadmin.publish.patience import Patience
from gridadmin.publish.target_book import TargetSetting
from tests.ui.hands import tap
from tests.ui.people.acting import dialog_of
from tests.ui.publish.test_targets import act, keep_target, rest
from ui.main_window import MainWindow
from ui.publish.fetch_dialog import FetchDialog
from ui.publish.receive_work import ReceiveForm

LEFT = Qt.MouseButton.LeftButton
NAME = "demo-r0001-public.gpkg"


class Halting(ThreadingHTTPServer):
    """Serves a folder, and holds the answers for *held* until :attr:`may_go_on`."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.held = ""
        self.is_holding = threading.Event()
        self.may_go_on = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: Halting

    def do_HEAD(self) -> None:
        self._head()

    def do_GET(self) -> None:
        content = self._head()
        half = len(content) // 2 if self.path.endswith(".gpkg") else 0
        self.wfile.write(content[:half])
        if self.server.held and unquote(self.path).endswith(self.server.held):
            self.wfile.flush()
            self.server.is_holding.set()
            self.server.may_go_on.wait(120)
        self.wfile.write(content[half:])

    def _head(self) -> bytes:
        path = self.server.folder / unquote(self.path).rpartition("/")[2]
        content = path.read_bytes() if path.is_file() else b""
        self.send_response(200 if path.is_file() else 404)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return content

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(window: MainWindow, tmp_path: Path) -> Iterator[Halting]:
    folder = tmp_path / "服务器"
    folder.mkdir()
    session = window.context.bridge.session
    setting = TargetSetting("x", folder.as_uri())
    work = Work(SILENT, Patience(1), str)
    publishing.publish(session, setting, publishing.Order("public"), Outbox(), work)
    serving = Halting(folder)
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    yield serving
    serving.may_go_on.set()
    serving.shutdown()
    thread.join()
    serving.server_close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "收 到"
    folder.mkdir()
    return folder


@pytest.fixture
def dialog(window: MainWindow, server: Halting, out: Path) -> FetchDialog:
    """The dialog, that has begun to ask the server what it holds."""
    url = f"http://127.0.0.1:{server.server_port}/grids"
    keep_target(window, TargetSetting("服务器", url))
    window.context.settings.set_value("last_folder", str(out))
    server.held = "latest.json"
    act(window, "publish.fetch")
    return dialog_of(window, FetchDialog)


def let_go(server: Halting, held: str = "") -> None:
    server.held = held
    server.may_go_on.set()
    server.is_holding.clear()
    server.may_go_on = threading.Event()


def test_the_question_what_is_there_is_cancelled_and_asked_again(
    qtbot: QtBot, window: MainWindow, server: Halting, dialog: FetchDialog
) -> None:
    qtbot.waitUntil(server.is_holding.is_set, timeout=30_000)
    tap(dialog.strip.stop_button)
    let_go(server)
    rest(qtbot, window)
    assert dialog.isVisible()
    assert dialog.page.release.count() in (0, 1)
    dialog.reject()

    act(window, "publish.fetch")
    again = dialog_of(window, FetchDialog)
    rest(qtbot, window)
    assert again.page.release.count() == 1
    again.reject()


def test_a_download_is_cancelled_in_the_middle_and_done_again(
    qtbot: QtBot, window: MainWindow, server: Halting, dialog: FetchDialog, out: Path
) -> None:
    qtbot.waitUntil(server.is_holding.is_set, timeout=30_000)
    let_go(server, NAME)
    rest(qtbot, window)
    tap(dialog.main_button)
    qtbot.waitUntil(server.is_holding.is_set, timeout=30_000)
    qtbot.waitUntil(lambda: [path.suffix for path in out.iterdir()] == [".part"])
    tap(dialog.strip.stop_button)
    let_go(server)
    rest(qtbot, window)

    qtbot.waitUntil(lambda: list(out.iterdir()) == [], timeout=30_000)
    assert dialog.banner.text == "已取消，没有写出任何文件。"
    assert dialog.main_button.isEnabled()
    tap(dialog.main_button)
    rest(qtbot, window)
    assert [path.name for path in out.iterdir()] == [NAME]
    assert (out / NAME).read_bytes() == (server.folder / NAME).read_bytes()
    dialog_of(window, ReceiveForm).reject()


def test_closing_the_dialog_in_the_middle_leaves_nothing(
    qtbot: QtBot, window: MainWindow, server: Halting, dialog: FetchDialog, out: Path
) -> None:
    qtbot.waitUntil(server.is_holding.is_set, timeout=30_000)
    let_go(server, NAME)
    rest(qtbot, window)
    tap(dialog.main_button)
    qtbot.waitUntil(server.is_holding.is_set, timeout=30_000)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    let_go(server)
    rest(qtbot, window)

    qtbot.waitUntil(lambda: list(out.iterdir()) == [], timeout=30_000)
    assert not any(isinstance(one, ReceiveForm) for one in window.findChildren(ReceiveForm))
