"""A server that nobody knows here shows its fingerprint wherever it is first met."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gridadmin.publish.target_book import TargetSetting
from tests.servers.programs import own_folder
from tests.servers.ssh import SshServed, openssh
from tests.ui.hands import tap
from tests.ui.people.acting import dialog_of
from tests.ui.publish.test_releases import release
from tests.ui.publish.test_targets import act, keep_target, queue_page, rest
from ui.main_window import MainWindow
from ui.publish.fetch_dialog import FetchDialog
from ui.publish.targets_page import TargetsPage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def server() -> Iterator[SshServed]:
    with own_folder() as folder, openssh(folder) as served:
        yield served


@pytest.fixture
def page(
    qtbot: QtBot,
    window: MainWindow,
    server: SshServed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[TargetsPage]:
    monkeypatch.setenv("GRIDADMIN_OUTBOX", str(tmp_path / "outbox"))
    release(qtbot, window)
    yield keep_target(
        window,
        TargetSetting("文件服务器", server.url, server.user, key_file=str(server.open_key_file)),
    )
    for path in server.folder.iterdir():
        path.unlink()


def accept(qtbot: QtBot, window: MainWindow, page: TargetsPage, server: SshServed) -> None:
    qtbot.waitUntil(page.answer.isVisible, timeout=30_000)
    assert server.fingerprint in page.said.text()
    assert page.chosen is not None
    assert page.chosen.host_key == ""
    tap(page.answer)
    rest(qtbot, window)
    assert page.chosen.host_key == server.fingerprint


def test_a_rehearsal_goes_on_once_the_fingerprint_is_accepted(
    qtbot: QtBot, window: MainWindow, page: TargetsPage, server: SshServed
) -> None:
    act(window, "publish.dry_run")
    rest(qtbot, window)
    accept(qtbot, window, page, server)

    assert "+ latest.json → r0001" in page.said.text()


def test_a_delivery_goes_on_once_the_fingerprint_is_accepted(
    qtbot: QtBot, window: MainWindow, page: TargetsPage, server: SshServed
) -> None:
    act(window, "publish.send")
    rest(qtbot, window)
    assert list(server.folder.iterdir()) == []
    accept(qtbot, window, page, server)

    assert json.loads((server.folder / "latest.json").read_bytes())["number"] == 1
    assert queue_page(window).model.rowCount() == 0


def test_receiving_asks_again_once_the_fingerprint_is_accepted(
    qtbot: QtBot, window: MainWindow, page: TargetsPage, server: SshServed
) -> None:
    act(window, "publish.fetch")
    dialog = dialog_of(window, FetchDialog)
    rest(qtbot, window)
    assert server.fingerprint in dialog.banner.text.replace("\u200b", "")
    assert not dialog.main_button.isEnabled()

    tap(dialog.accept_button)
    rest(qtbot, window)

    assert dialog.banner.text == "那里还没有发布过。"
    assert not dialog.accept_button.isVisible()
    dialog.reject()
    page.refresh()
    assert page.chosen is not None
    assert page.chosen.host_key == server.fingerprint


def test_a_server_that_is_not_accepted_is_told_nothing(
    qtbot: QtBot, window: MainWindow, page: TargetsPage, server: SshServed
) -> None:
    act(window, "publish.send")
    rest(qtbot, window)
    qtbot.waitUntil(page.answer.isVisible, timeout=30_000)

    assert list(server.folder.iterdir()) == []
    assert queue_page(window).model.rowCount() == 1
    assert page.chosen is not None
    assert page.chosen.host_key == ""
