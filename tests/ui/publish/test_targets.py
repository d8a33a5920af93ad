"""Targets and the queue in the window: set up, tested, sent to, refused, waited for."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridadmin.app.session import Session
from gridadmin.domain.delivery import DeliveryState
from gridadmin.publish.delivery import part_name
from gridadmin.publish.releasing import make_release
from gridadmin.publish.target_book import TargetSetting
from tests.helpers.memory_keyring import MemoryKeyring
from tests.ui.hands import tap
from tests.ui.people.acting import dialog_of
from tests.ui.publish.test_releases import release, rename
from ui.main_window import MainWindow
from ui.publish.queue_page import QueuePage
from ui.publish.target_form import TargetForm
from ui.publish.targets_page import TargetsPage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def own_outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    monkeypatch.setenv("GRIDADMIN_OUTBOX", str(tmp_path / "outbox"))
    before, ours = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ours)
    yield ours
    keyring.set_keyring(before)


@pytest.fixture
def server(tmp_path: Path) -> Path:
    folder = tmp_path / "共享 目录"
    folder.mkdir()
    return folder


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(60)
        yield listening


def address_of(server: socket.socket) -> str:
    return f"http://127.0.0.1:{server.getsockname()[1]}/grids"


def targets_page(window: MainWindow) -> TargetsPage:
    page = window.publish.show_page("targets")
    assert isinstance(page, TargetsPage)
    return page


def queue_page(window: MainWindow) -> QueuePage:
    page = window.publish.show_page("queue")
    assert isinstance(page, QueuePage)
    return page


def rest(qtbot: QtBot, window: MainWindow) -> None:
    jobs, post = window.context.jobs, window.publish.desk.post
    qtbot.waitUntil(lambda: not (jobs.is_busy or post.is_busy), timeout=30_000)


def act(window: MainWindow, key: str) -> None:
    action = window.actions_table.action(key)
    assert action.isEnabled(), action.toolTip()
    action.trigger()


def keep_target(window: MainWindow, setting: TargetSetting) -> TargetsPage:
    window.publish.desk.post.book.keep(setting)
    page = targets_page(window)
    page.refresh()
    return page


def test_a_target_is_added_by_keys_and_its_secret_goes_to_the_keyring_alone(
    window: MainWindow, own_outbox: MemoryKeyring, tmp_path: Path
) -> None:
    page = targets_page(window)
    act(window, "publish.target_add")
    form = dialog_of(window, TargetForm)
    form.name.setFocus()
    QTest.keyClicks(form.name, "dav")
    form.url.selectAll()
    QTest.keyClicks(form.url, "https://dav.example.org/grids")
    QTest.keyClicks(form.user, "publisher")
    QTest.keyClicks(form.secret, "geheim-7")
    QTest.keyClick(form.secret, Qt.Key.Key_Return)
    assert form.fault.text() == ""

    assert page.model.index(0, 0).data() == "dav"
    assert page.model.index(0, 1).data() == "https://dav.example.org/grids"
    assert list(own_outbox.kept.values()) == ["geheim-7"]
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"geheim-7" not in path.read_bytes()


def test_an_address_with_a_secret_is_refused_in_the_form(window: MainWindow) -> None:
    targets_page(window)
    act(window, "publish.target_add")
    form = dialog_of(window, TargetForm)
    QTest.keyClicks(form.name, "dav")
    form.url.setText("https://zhang:geheim-7@dav.example.org")
    tap(form.keep_button)

    assert "用户名或密码" in form.fault.text()
    assert "geheim-7" not in form.fault.text()
    assert form.isVisible()
    form.reject()


def test_a_tested_target_gets_the_release_and_the_record_says_confirmed(
    qtbot: QtBot, window: MainWindow, server: Path
) -> None:
    release(qtbot, window)
    page = keep_target(window, TargetSetting("共享", server.as_uri()))
    act(window, "publish.target_test")
    rest(qtbot, window)
    assert "连接正常" in page.said.text()
    assert list(server.iterdir()) == []

    act(window, "publish.send")
    rest(qtbot, window)

    assert json.loads((server / "latest.json").read_bytes())["number"] == 1
    assert queue_page(window).model.rowCount() == 0
    assert [one.state for one in window.publish.records.deliveries] == ["confirmed"]


@pytest.mark.parametrize("action", ["publish.send", "publish.dry_run", "publish.target_test"])
def test_sending_to_a_server_that_never_answers_can_be_stopped(
    qtbot: QtBot, window: MainWindow, silent: socket.socket, action: str
) -> None:
    release(qtbot, window)
    post = window.publish.desk.post
    keep_target(window, TargetSetting("不说话", address_of(silent)))
    act(window, action)
    # A tick of the event loop carries the package from its making to the post.
    qtbot.waitUntil(lambda: post.is_busy and not window.context.jobs.is_busy, timeout=30_000)
    connection, _ = silent.accept()

    post.jobs.cancel_all()

    # The program itself waits a minute for an answer.
    qtbot.waitUntil(lambda: not post.is_busy, timeout=20_000)
    connection.close()
    rest(qtbot, window)
    waiting = [item.state for item in post.items]
    assert waiting == ([DeliveryState.WAITING] if action == "publish.send" else [])


def test_a_delivery_whose_server_is_silent_leaves_the_queue_at_once(
    qtbot: QtBot, window: MainWindow, silent: socket.socket
) -> None:
    release(qtbot, window)
    post = window.publish.desk.post
    keep_target(window, TargetSetting("不说话", address_of(silent)))
    act(window, "publish.send")
    # A tick of the event loop carries the package from its making to the post.
    qtbot.waitUntil(lambda: post.is_busy and not window.context.jobs.is_busy, timeout=30_000)
    connection, _ = silent.accept()
    post.jobs.cancel_all()
    qtbot.waitUntil(lambda: not post.is_busy, timeout=20_000)
    connection.close()
    page = queue_page(window)
    assert page.model.rowCount() == 1

    act(window, "publish.queue_cancel")

    # Nobody has been asked yet, and nobody is waited for.
    assert page.model.rowCount() == 0
    assert post.items == []
    (kept,) = window.context.bridge.session.store.deliveries()
    assert (kept.state, kept.code) == ("failed", "job.cancelled")
    post.jobs.cancel_all()
    rest(qtbot, window)
    assert post.outbox.has_leftovers(kept.url)


def test_one_that_is_being_sent_to_a_silent_server_is_stopped_and_taken_out(
    qtbot: QtBot, window: MainWindow, silent: socket.socket
) -> None:
    release(qtbot, window)
    post = window.publish.desk.post
    keep_target(window, TargetSetting("不说话", address_of(silent)))
    act(window, "publish.send")
    qtbot.waitUntil(lambda: post.is_busy and not window.context.jobs.is_busy, timeout=30_000)
    connection, _ = silent.accept()
    page = queue_page(window)
    page.refresh()
    assert page.model.index(0, 3).data() == "正在发送"

    act(window, "publish.queue_cancel")

    # The program itself waits a minute for an answer.
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=20_000)
    connection.close()
    post.jobs.cancel_all()
    rest(qtbot, window)
    (kept,) = window.context.bridge.session.store.deliveries()
    assert (kept.state, kept.code) == ("failed", "job.cancelled")


def test_what_a_cancelled_delivery_left_on_a_server_that_answers_is_removed(
    qtbot: QtBot, window: MainWindow, server: Path
) -> None:
    release(qtbot, window)
    folder = server / "成果" / "边界"
    keep_target(window, TargetSetting("共享", folder.as_uri()))
    act(window, "publish.send")
    rest(qtbot, window)
    (item,) = window.publish.desk.post.items
    # The share is back, with the beginning of the upload on it.
    folder.mkdir(parents=True)
    (folder / part_name(item.release)).write_bytes(b"half")
    (folder / "其他.part").write_bytes(b"theirs")
    queue_page(window)

    act(window, "publish.queue_cancel")
    rest(qtbot, window)

    assert [path.name for path in folder.iterdir()] == ["其他.part"]


@pytest.mark.parametrize("action", ["publish.target_test", "publish.dry_run"])
def test_a_question_to_a_silent_server_has_a_button_that_stops_it(
    qtbot: QtBot, window: MainWindow, silent: socket.socket, action: str
) -> None:
    release(qtbot, window)
    page = keep_target(window, TargetSetting("不说话", address_of(silent)))
    act(window, action)
    connection, _ = silent.accept()
    qtbot.waitUntil(page.strip.stop_button.isVisible)

    tap(page.strip.stop_button)

    # The program itself waits a minute for an answer.
    qtbot.waitUntil(lambda: page.said.text() == "已取消。", timeout=20_000)
    connection.close()
    rest(qtbot, window)
    assert not page.strip.isVisible()


def test_what_was_found_stands_beside_its_target_and_pulls_nobody_there(
    qtbot: QtBot, window: MainWindow, server: Path, silent: socket.socket
) -> None:
    keep_target(window, TargetSetting("共享", server.as_uri()))
    page = keep_target(window, TargetSetting("不说话", address_of(silent)))
    page.choose("不说话")
    act(window, "publish.target_test")
    connection, _ = silent.accept()
    page.choose("共享")
    window.choose_workspace("boundaries")

    connection.close()
    rest(qtbot, window)

    assert window.workspace == "boundaries"
    assert page.said.text() == "先测试连接，再发送。发布前可以预演。"
    page.choose("不说话")
    assert page.said.text() == "和“127.0.0.1”的连接中途断了。"


def test_what_was_said_on_a_target_is_taken_back_when_it_is_changed(
    qtbot: QtBot, window: MainWindow, server: Path
) -> None:
    page = keep_target(window, TargetSetting("共享", (server / "没有" / "这里").as_uri()))
    act(window, "publish.target_test")
    rest(qtbot, window)
    assert "没有文件夹" in page.said.text()

    act(window, "publish.target_edit")
    form = dialog_of(window, TargetForm)
    form.url.setText(server.as_uri())
    tap(form.keep_button)

    assert page.said.text() == "先测试连接，再发送。发布前可以预演。"


def test_the_queue_that_is_opened_later_shows_what_is_being_sent(
    qtbot: QtBot, window: MainWindow, silent: socket.socket
) -> None:
    release(qtbot, window)
    post = window.publish.desk.post
    setting = TargetSetting("不说话", address_of(silent))
    post.book.keep(setting)
    post.publish(setting, window.publish.records.releases[0])
    qtbot.waitUntil(lambda: post.is_busy and not window.context.jobs.is_busy, timeout=30_000)
    connection, _ = silent.accept()

    page = queue_page(window)
    qtbot.waitUntil(page.strip.stop_button.isVisible)
    tap(page.strip.stop_button)

    qtbot.waitUntil(lambda: not post.is_busy, timeout=20_000)
    connection.close()
    assert [item.state for item in post.items] == [DeliveryState.WAITING]


def test_the_queue_says_what_is_tried_again_and_what_is_not(
    qtbot: QtBot, window: MainWindow, server: Path
) -> None:
    release(qtbot, window)
    (server / "demo-r0001-public.gpkg").write_bytes(b"theirs")
    away = server / "没有" / "这里"
    for name, folder in (("远处", away), ("共享", server)):
        page = keep_target(window, TargetSetting(name, folder.as_uri()))
        page.choose(name)
        act(window, "publish.send")
        rest(qtbot, window)

    assert [item.state for item in window.publish.desk.post.items] == ["waiting", "refused"]
    assert queue_page(window).said.text() == (
        "1 份成果在路上。连不上时自动再试，重新打开程序后接着发。"
        " 1 份没有发成，不会自动再试，请看原因。"
    )


def test_a_rehearsal_lists_what_would_change(
    qtbot: QtBot, window: MainWindow, server: Path
) -> None:
    release(qtbot, window)
    page = keep_target(window, TargetSetting("共享", server.as_uri()))

    act(window, "publish.dry_run")
    rest(qtbot, window)

    assert "+ latest.json → r0001" in page.said.text()
    assert list(server.iterdir()) == []


def test_what_cannot_be_sent_waits_with_its_reason_and_is_sent_later(
    qtbot: QtBot, window: MainWindow, server: Path
) -> None:
    release(qtbot, window)
    keep_target(window, TargetSetting("共享", server.as_uri()))
    act(window, "publish.send")
    rest(qtbot, window)
    rename(window)
    release(qtbot, window)
    away = server.rename(server.with_name("away"))
    targets_page(window)

    act(window, "publish.send")
    rest(qtbot, window)

    page = queue_page(window)
    assert page.model.index(0, 3).data() == "等待发送"
    assert "没有文件夹" in page.model.index(0, 6).data()
    away.rename(server)
    act(window, "publish.queue_send")
    rest(qtbot, window)
    assert page.model.rowCount() == 0
    assert json.loads((server / "latest.json").read_bytes())["number"] == 2


def test_a_waiting_delivery_is_taken_out_by_cancel(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    release(qtbot, window)
    keep_target(window, TargetSetting("没有", (tmp_path / "no" / "folder").as_uri()))
    act(window, "publish.send")
    rest(qtbot, window)
    page = queue_page(window)
    assert page.model.rowCount() == 1

    act(window, "publish.queue_cancel")
    rest(qtbot, window)

    assert page.model.rowCount() == 0
    assert list((tmp_path / "outbox").iterdir()) == []


def test_somebody_elses_release_is_shown_and_followed_only_when_asked(
    qtbot: QtBot, window: MainWindow, server: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.gpkg"
    shutil.copy(window.context.bridge.session.store.path, copy)
    release(qtbot, window)
    theirs = _published_from(copy, server)
    page = keep_target(window, TargetSetting("共享", server.as_uri()))

    act(window, "publish.send")
    rest(qtbot, window)
    qtbot.waitUntil(page.answer.isVisible)

    assert "别人已经" in page.said.text()
    assert json.loads((server / "latest.json").read_bytes())["sha256"] == theirs
    tap(page.answer)
    qtbot.waitUntil(
        lambda: json.loads((server / "latest.json").read_bytes())["number"] == 2, timeout=30_000
    )
    rest(qtbot, window)


def test_what_was_confirmed_after_its_project_was_closed_is_recorded_at_the_next_opening(
    qtbot: QtBot, window: MainWindow, server: Path
) -> None:
    release(qtbot, window)
    keep_target(window, TargetSetting("共享", (server / "no" / "folder").as_uri()))
    act(window, "publish.send")
    rest(qtbot, window)
    post = window.publish.desk.post
    (item,) = post.items
    post.outbox._write(replace(item, state=DeliveryState.CONFIRMED))

    window.context.bridge.opened.emit()
    rest(qtbot, window)

    assert post.items == []
    qtbot.waitUntil(
        lambda: [one.state for one in window.publish.records.deliveries] == ["confirmed"]
    )


def _published_from(project: Path, server: Path) -> str:
    from gridadmin.app.publishing import Order, publish
    from gridadmin.base.progress import SILENT
    from gridadmin.publish.outbox import Outbox, Work
    from gridadmin.publish.patience import Patience

    with Session.open(project, write=True) as session:
        make_release(session.document, "theirs")
        setting = TargetSetting("x", server.as_uri())
        work = Work(SILENT, Patience(), str)
        told = publish(session, setting, Order("public"), Outbox(), work)
        return told.release.sha256


def test_a_target_that_is_away_does_not_hold_up_the_others(
    qtbot: QtBot, window: MainWindow, server: Path, tmp_path: Path
) -> None:
    release(qtbot, window)
    away = tmp_path / "不在"
    for name, folder in (("远处", away / "共享"), ("共享", server / "发布")):
        page = keep_target(window, TargetSetting(name, folder.as_uri()))
        page.choose(name)
        server.rename(tmp_path / "移走") if server.exists() else None
        act(window, "publish.send")
        rest(qtbot, window)
    post = window.publish.desk.post
    assert [item.state for item in post.items] == [DeliveryState.WAITING] * 2
    (tmp_path / "移走").rename(server)

    for _ in range(2):
        post.try_again()
        rest(qtbot, window)

    assert [item.target for item in post.items] == ["远处"]
    assert json.loads((server / "发布" / "latest.json").read_bytes())["number"] == 1
