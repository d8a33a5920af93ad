import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from gridadmin.base.errors import Cancelled
from tests.ui.hands import tap
from ui.context import Context
from ui.jobs import JobProgress, Jobs
from ui.shell import progress_strip
from ui.shell.progress_strip import ProgressStrip


@pytest.fixture
def strip(context: Context, frame: QMainWindow, monkeypatch: pytest.MonkeyPatch) -> ProgressStrip:
    monkeypatch.setattr(progress_strip, "_WAIT_MS", 1)
    made = ProgressStrip(context.jobs)
    frame.statusBar().addPermanentWidget(made)
    return made


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Work waits for it."""
    made = threading.Event()
    yield made
    made.set()


def waiting(gate: threading.Event, done: int, total: int) -> Callable[[JobProgress], None]:
    def work(progress: JobProgress) -> None:
        progress.step("progress.checking", done, total)
        while not gate.wait(0.005):
            if progress.is_cancelled():
                raise Cancelled

    return work


def test_work_is_shown_with_stage_and_number(
    qtbot: QtBot, context: Context, strip: ProgressStrip, gate: threading.Event
) -> None:
    context.jobs.start("检查整个项目", waiting(gate, 30, 120))
    qtbot.waitUntil(lambda: strip.words.text() == "检查整个项目 · 正在检查 · 25 %")
    assert strip.isVisible()
    assert strip.bar.value() == 250
    assert strip.bar.accessibleName() == strip.words.text()
    gate.set()
    qtbot.waitUntil(strip.isHidden)


def test_work_of_unknown_length_has_a_busy_bar(
    qtbot: QtBot, context: Context, strip: ProgressStrip, gate: threading.Event
) -> None:
    context.jobs.start("打开", waiting(gate, 0, 0))
    qtbot.waitUntil(strip.isVisible)
    assert (strip.bar.minimum(), strip.bar.maximum()) == (0, 0)


def test_cancel_cancels(
    qtbot: QtBot, context: Context, strip: ProgressStrip, gate: threading.Event
) -> None:
    job = context.jobs.start("导入", waiting(gate, 1, 2))
    qtbot.waitUntil(strip.isVisible)
    assert strip.cancel_button.accessibleName() == "停止“导入”"
    with qtbot.waitSignal(job.cancelled):
        tap(strip.cancel_button)
    assert strip.isHidden()


def test_what_cant_be_cancelled_has_no_button(
    qtbot: QtBot, context: Context, strip: ProgressStrip, gate: threading.Event
) -> None:
    context.jobs.start("打开", waiting(gate, 1, 2), can_cancel=False)
    qtbot.waitUntil(strip.isVisible)
    assert strip.cancel_button.isHidden()


def test_quiet_work_is_shown_only_when_it_takes_long(
    qtbot: QtBot,
    context: Context,
    strip: ProgressStrip,
    gate: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context.jobs.start("检查", waiting(gate, 1, 2), is_quiet=True)
    assert strip._wait.interval() == 2000
    assert strip.isHidden()
    monkeypatch.setattr(progress_strip, "_QUIET_WAIT_MS", 1)
    context.jobs.start("再检查", waiting(gate, 1, 2), is_quiet=True)
    gate.set()
    qtbot.waitUntil(lambda: not context.jobs.is_busy)
    gate.clear()
    context.jobs.start("第三次", waiting(gate, 1, 2), is_quiet=True)
    qtbot.waitUntil(strip.isVisible)


def test_the_next_in_the_queue_takes_over(
    qtbot: QtBot, context: Context, strip: ProgressStrip, gate: threading.Event
) -> None:
    context.jobs.start("第一件", lambda _: None)
    context.jobs.start("第二件", waiting(gate, 1, 2))
    qtbot.waitUntil(lambda: strip.isVisible() and strip.words.text().startswith("第二件"))


def test_work_of_another_thread_is_shown_and_what_goes_on_beside_it_afterwards(
    qtbot: QtBot, context: Context, strip: ProgressStrip, gate: threading.Event
) -> None:
    others, other_gate = Jobs(), threading.Event()
    others.started.connect(strip.follow)
    context.jobs.start("导入", waiting(gate, 1, 4))
    others.start("打开底图", waiting(other_gate, 3, 4))
    qtbot.waitUntil(lambda: strip.isVisible() and "75 %" in strip.words.text())
    assert "打开底图" in strip.words.text()

    other_gate.set()
    qtbot.waitUntil(lambda: not others.is_busy)
    assert strip.isVisible()
    assert "导入" in strip.words.text()
    assert strip.cancel_button.accessibleName() == "停止“导入”"
    gate.set()
    qtbot.waitUntil(strip.isHidden)
    others.close()
