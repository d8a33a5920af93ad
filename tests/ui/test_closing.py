"""Closing projects: nothing half done stays, nothing is lost, nothing is left in memory."""

from __future__ import annotations

import gc
import threading
import weakref
from pathlib import Path
from shutil import copytree

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from gridadmin.app.session import Session
from gridadmin.base.errors import StoreError
from gridadmin.domain.change import Change
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.command import Command
from gridadmin.edit.draft import Desk
from gridadmin.partition.snapshot import Snapshot
from tests.ui.conftest import OpenWindow, rest
from tests.ui.finding import drop
from tests.ui.mapping import area_named
from ui.dialogs.import_wizard import ImportWizard
from ui.jobs import Job
from ui.main_window import MainWindow
from ui.settings import Settings


class _Slow(Command):
    """Renames an area, but not before it is let go on."""

    may_move_frame = False

    def __init__(self, uid: str) -> None:
        self._rename = SetField(uid, "name", "新名称")
        self.begun, self.go_on = threading.Event(), threading.Event()

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Wait, then rename."""
        self.begun.set()
        self.go_on.wait(60)
        return self._rename.propose(snapshot, desk)


@pytest.fixture
def slow(window: MainWindow) -> _Slow:
    return _Slow(area_named(window.context.bridge.snapshot, "第一网格", "甲子社区").uid)


def start(window: MainWindow, command: Command, told: list[str]) -> Job:
    return window.context.bridge.execute_long(
        "导入",
        lambda *_: command,
        on_done=lambda _: told.append("done"),
        on_failed=lambda error: told.append(repr(error)),
        on_cancelled=lambda: told.append("cancelled"),
    )


def revision_of(path: Path) -> int:
    with Session.open(path, write=True) as session:
        return session.snapshot.revision


def test_a_project_closed_during_an_import_stops_it_first_and_keeps_its_revision(
    window: MainWindow, slow: _Slow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    path, told = window.context.bridge.path, []  # type: ignore[var-annotated]

    def ask(*said: object) -> QMessageBox.StandardButton:
        asked.append(str(said[2]))
        return QMessageBox.StandardButton.Yes

    monkeypatch.setattr(QMessageBox, "question", ask)
    start(window, slow, told)

    window.close_project()
    is_still_open = window.context.bridge.is_open
    slow.go_on.set()
    qtbot.waitUntil(lambda: not window.context.bridge.is_open)

    assert is_still_open
    assert asked == ["还没有完成：导入。\n要停止它并关闭项目吗？已经保存的内容不受影响。"]
    assert told == ["cancelled"]
    assert revision_of(path) == 0


def test_a_project_stays_open_when_the_import_shall_go_on(
    window: MainWindow, slow: _Slow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.No)
    start(window, slow, told)

    window.close_project()
    slow.go_on.set()
    qtbot.waitUntil(lambda: bool(told))

    assert told == ["done"]
    assert window.context.bridge.snapshot.revision == 1


def test_an_import_that_ended_while_the_question_stood_does_not_keep_the_project_open(
    window: MainWindow, slow: _Slow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def ask(*_: object) -> QMessageBox.StandardButton:
        slow.go_on.set()
        qtbot.waitUntil(lambda: bool(told) and window.context.bridge.long_change is None)
        return QMessageBox.StandardButton.Yes

    monkeypatch.setattr(QMessageBox, "question", ask)
    start(window, slow, told)
    path = window.context.bridge.path

    window.close_project()

    assert told == ["done"]
    assert not window.context.bridge.is_open
    assert revision_of(path) == 1


def test_a_change_during_an_import_makes_the_import_say_so(
    window: MainWindow, slow: _Slow, qtbot: QtBot
) -> None:
    told: list[str] = []
    bridge = window.context.bridge
    start(window, slow, told)
    qtbot.waitUntil(slow.begun.is_set)

    other = area_named(bridge.snapshot, "第二网格", "甲子社区")
    bridge.execute(SetField(other.uid, "name", "二号网格"))
    slow.go_on.set()
    qtbot.waitUntil(lambda: bool(told))

    assert told == ["EditError('edit.meanwhile', {})"]
    assert bridge.snapshot.revision == 1


def test_a_closed_project_is_not_left_in_memory(
    open_window: OpenWindow, demo_folder: Path, qtbot: QtBot
) -> None:
    window = open_window()
    left: list[weakref.ref[object]] = []

    for _ in range(3):
        window.open_project(demo_folder / "demo.gpkg")
        rest(qtbot, window)
        left.append(weakref.ref(window.context.bridge.session))
        left.append(weakref.ref(window.context.bridge.document))
        window.close_project()
        qtbot.waitUntil(lambda: not window.context.jobs.is_busy)

    # The collector doesn't look at what a project is read into: no cycle may hold it.
    assert [one() for one in left] == [None] * 6


def test_nothing_of_a_closed_window_is_left_in_memory(
    demo_folder: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    left: list[weakref.ref[object]] = []

    def work_and_close() -> None:
        settings = Settings()
        settings.set_value("tour_seen", True)
        window = MainWindow(settings)
        window.show()
        window.open_project(demo_folder / "demo.gpkg")
        rest(qtbot, window)
        for key in ("tool.adjust", "tool.paint", "tool.draw", "tool.split", "tool.select"):
            window.map_panel.choose_tool(key)
        window.search_box.focus_search()
        qtbot.waitUntil(lambda: window.search_box.is_ready)
        community = area_named(window.context.bridge.snapshot, "甲子社区", "子虚街道")
        window.context.select_and_show(community.uid)
        window.context.bridge.execute(SetField(community.uid, "name", "甲丑社区"))
        rest(qtbot, window)
        left.extend(map(weakref.ref, (window, window.map_panel, window.context.bridge.session)))
        window.close()
        qtbot.waitUntil(window.isHidden)
        window.deleteLater()

    work_and_close()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()

    # A window that stays is a project that stays, and each collection goes over all of them.
    assert [one() for one in left] == [None] * 3


def test_the_panels_stay_as_they_are_when_the_theme_changes(window: MainWindow) -> None:
    window.docks["history"].hide()

    window.context.settings.set_value("theme", "dark")

    assert window.docks["history"].isHidden()
    assert window.actions_table.action("view.dark").isChecked()


def test_the_panels_stay_as_they_are_when_another_project_is_opened(
    window: MainWindow, demo_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    copytree(demo_folder, tmp_path / "other")
    window.docks["history"].hide()

    window.open_project(tmp_path / "other" / "demo.gpkg")
    qtbot.waitUntil(lambda: window.context.bridge.path.parent.name == "other")
    rest(qtbot, window)

    assert window.docks["history"].isHidden()


def test_work_that_could_not_be_written_back_is_told_before_the_window_goes(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    refusal = StoreError(
        "store.share_kept", path="共享/项目.gpkg", copy="本机/项目.gpkg", reason="x"
    )
    close = Session.close

    def refused(session: Session) -> None:
        close(session)
        raise refusal

    def show(box: QMessageBox) -> int:
        assert window.isVisible()
        told.append(box.text())
        return 0

    monkeypatch.setattr(Session, "close", refused)
    monkeypatch.setattr(QMessageBox, "exec", show)

    window.close()

    assert len(told) == 1
    assert "共享/项目.gpkg" in told[0]


def test_a_boundary_file_dropped_onto_a_project_is_imported(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "网格.csv"
    file.write_text("编码,名称\n990101001009,虚构社区\n", encoding="utf-8")

    drop(window, file)
    (wizard,) = window.findChildren(ImportWizard)
    qtbot.waitUntil(lambda: not wizard.strip.is_busy)

    assert wizard.file == file
    wizard.close()


def test_a_boundary_file_needs_an_open_project(
    open_window: OpenWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    file = tmp_path / "网格.csv"
    file.write_text("编码,名称\n", encoding="utf-8")

    with qtbot.waitSignal(window.context.messages.told) as told:
        drop(window, file)

    assert told.args[0].text == "没有打开的项目。"
