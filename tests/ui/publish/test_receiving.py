"""A package that came in is compared, kept as reference, or made a project and opened."""

from __future__ import annotations

import json
import socket
import threading
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridadmin.app import publishing
from gridadmin.base.progress import SILENT
from gridadmin.publish.abandoning import NAME as ABANDONED
from gridadmin.publish.outbox import Outbox, Work
from gridadmin.publish.package import make_package
from gridadmin.publish.patience import Patience
from gridadmin.publish.releasing import make_release
from gridadmin.publish.target_book import TargetSetting
from tests.ui.hands import tap
from tests.ui.people.acting import dialog_of
from tests.ui.publish.test_releases import rename
from ui.main_window import MainWindow
from ui.publish.comparison_page import ComparisonPage
from ui.publish.fetch_dialog import FetchDialog
from ui.publish.receive_work import ReceiveForm
from ui.publish.targets_page import TargetsPage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def package(window: MainWindow, tmp_path: Path) -> Path:
    session = window.context.bridge.session
    release = make_release(session.document)
    return make_package(session, release, "public", folder=tmp_path).path


def chosen(window: MainWindow, file: Path, key: str) -> None:
    window.publish.receiving.receive(file)
    form = dialog_of(window, ReceiveForm)
    form.buttons[key].setChecked(True)
    tap(form.act_button)


def test_a_package_is_compared_with_the_project(
    qtbot: QtBot, window: MainWindow, package: Path
) -> None:
    chosen(window, package, "compare")
    page = window.publish.show_page("comparison")
    assert isinstance(page, ComparisonPage)
    qtbot.waitUntil(lambda: page.comparison is not None, timeout=60_000)

    assert page.comparison is not None
    assert page.comparison.handovers == ()
    assert page.before.currentText() == package.name


def test_a_package_is_kept_as_reference(qtbot: QtBot, window: MainWindow, package: Path) -> None:
    bridge = window.context.bridge
    before = bridge.snapshot.revision
    chosen(window, package, "reference")
    qtbot.waitUntil(lambda: bridge.snapshot.revision == before + 1, timeout=60_000)
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=60_000)

    sources = {row.source for row in bridge.snapshot.rows("reference_outline").values()}
    assert package.name in sources


def test_a_package_becomes_a_project_that_is_opened(
    qtbot: QtBot, window: MainWindow, package: Path, tmp_path: Path
) -> None:
    out = tmp_path / "新 项目.gpkg"
    window.publish.receiving.make_project(package, out)
    bridge = window.context.bridge
    qtbot.waitUntil(lambda: bridge.is_open and bridge.path == out, timeout=60_000)
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=60_000)

    assert bridge.snapshot.root.name


@pytest.fixture
def server(window: MainWindow, tmp_path: Path) -> Path:
    """A folder that got two releases, set up as a target."""
    folder = tmp_path / "共享 目录"
    folder.mkdir()
    setting = TargetSetting("共享", folder.as_uri())
    session = window.context.bridge.session
    for name in ("甲微网格", "乙微网格"):
        rename(window, name)
        work = Work(SILENT, Patience(1), str)
        publishing.publish(session, setting, publishing.Order("public"), Outbox(), work)
    window.publish.desk.post.book.keep(setting)
    return folder


def open_fetch(qtbot: QtBot, window: MainWindow) -> FetchDialog:
    page = window.publish.show_page("targets")
    assert isinstance(page, TargetsPage)
    page.refresh()
    page.choose("共享")
    window.actions_table.action("publish.fetch").trigger()
    dialog = dialog_of(window, FetchDialog)
    qtbot.waitUntil(lambda: not window.publish.desk.post.is_busy, timeout=30_000)
    return dialog


def test_the_newest_release_of_a_target_is_taken_and_compared(
    qtbot: QtBot, window: MainWindow, server: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "收 到"
    folder.mkdir()
    dialog = open_fetch(qtbot, window)
    assert dialog.page.release.count() == 2
    dialog.page.place.folder.setText(str(folder))
    tap(dialog.main_button)
    qtbot.waitUntil(lambda: not window.publish.desk.post.is_busy, timeout=30_000)

    name = "demo-r0002-public.gpkg"
    assert (folder / name).read_bytes() == (server / name).read_bytes()
    form = dialog_of(window, ReceiveForm)
    tap(form.act_button)
    page = window.publish.show_page("comparison")
    assert isinstance(page, ComparisonPage)
    qtbot.waitUntil(lambda: page.comparison is not None, timeout=60_000)
    assert page.before.currentText() == name


def test_an_older_release_is_chosen_by_keys_and_a_damaged_one_is_refused(
    qtbot: QtBot, window: MainWindow, server: Path, tmp_path: Path
) -> None:
    name = "demo-r0001-public.gpkg"
    good = (server / name).read_bytes()
    (server / name).write_bytes(good[:-9] + b"damaged!!")
    folder = tmp_path / "收 到"
    folder.mkdir()
    dialog = open_fetch(qtbot, window)
    dialog.page.place.folder.setText(str(folder))
    QTest.keyClick(dialog.page.release, Qt.Key.Key_Down)
    assert dialog.page.place.path == folder / name
    tap(dialog.main_button)
    qtbot.waitUntil(lambda: not window.publish.desk.post.is_busy, timeout=30_000)
    assert name in dialog.banner.text
    assert list(folder.iterdir()) == []

    (server / name).write_bytes(good)
    tap(dialog.main_button)
    qtbot.waitUntil((folder / name).is_file, timeout=30_000)
    qtbot.waitUntil(lambda: not window.publish.desk.post.is_busy, timeout=30_000)
    assert (folder / name).read_bytes() == good
    dialog_of(window, ReceiveForm).reject()


def test_the_date_of_a_release_is_that_of_the_clock_and_a_strange_one_stands_as_it_is(
    qtbot: QtBot, window: MainWindow, server: Path
) -> None:
    pointer = server / "latest.json"
    said = json.loads(pointer.read_bytes())
    ours, strange = datetime(2026, 3, 1, 8, 30, 59).astimezone().isoformat(), "昨天 <b>上午</b>"
    said["date"] = ours
    for one in said["releases"]:
        one["date"] = ours if one["number"] == 2 else strange
    pointer.write_text(json.dumps(said), encoding="utf-8")
    dialog = open_fetch(qtbot, window)

    listed = [dialog.page.release.itemText(row).split(" · ") for row in range(2)]
    assert [parts[2] for parts in listed] == ["2026-03-01 08:30", "昨天 <b>上午</b>"]
    dialog.reject()


def test_a_target_that_is_away_says_so_in_the_dialog(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    gone = (tmp_path / "gone" / "share").as_uri()
    window.publish.desk.post.book.keep(TargetSetting("共享", gone))
    dialog = open_fetch(qtbot, window)

    assert dialog.banner.text
    assert not dialog.main_button.isEnabled()
    assert dialog.main_button.toolTip() == "还没有可接收的版本。"
    dialog.reject()


def test_a_server_that_never_answers_can_be_left(qtbot: QtBot, window: MainWindow) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/grids"
        window.publish.desk.post.book.keep(TargetSetting("不说话", url))
        page = window.publish.show_page("targets")
        assert isinstance(page, TargetsPage)
        page.refresh()
        page.choose("不说话")
        window.actions_table.action("publish.fetch").trigger()
        dialog = dialog_of(window, FetchDialog)
        assert dialog.strip.is_busy

        QTest.keyClick(dialog, Qt.Key.Key_Escape)

        # The program itself waits a minute for an answer.
        qtbot.waitUntil(lambda: not dialog.strip.is_busy, timeout=20_000)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
    # What was left behind ends when its server does.
    qtbot.waitUntil(lambda: ABANDONED not in [one.name for one in threading.enumerate()])
