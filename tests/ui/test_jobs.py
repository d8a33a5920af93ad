"""Long work: its result comes back on the GUI thread, a cancel cancels, closing waits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from gridadmin.base.errors import InputError
from gridadmin.base.progress import checkpoint
from ui.jobs import JobProgress, Jobs

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


def test_the_result_comes_back_on_the_gui_thread(jobs: Jobs, qtbot: QtBot) -> None:
    seen: list[Any] = []
    worked_in: list[QThread] = []

    def work(_: JobProgress) -> int:
        worked_in.append(QThread.currentThread())
        return 42

    with qtbot.waitSignal(jobs.idle):
        jobs.start("x", work, on_done=lambda value: seen.append((value, QThread.currentThread())))

    assert seen == [(42, jobs.thread())]
    assert worked_in[0] is not jobs.thread()


def test_jobs_run_one_after_another(jobs: Jobs, qtbot: QtBot) -> None:
    order: list[str] = []

    with qtbot.waitSignal(jobs.idle):
        for name in ("first", "second", "third"):
            jobs.start(name, _appending(order, name))

    assert order == ["first", "second", "third"]


def _appending(order: list[str], name: str) -> Callable[[JobProgress], None]:
    return lambda _: order.append(name)


def test_a_cancel_stops_the_work_at_its_next_step(jobs: Jobs, qtbot: QtBot) -> None:
    begun = threading.Event()
    ends: list[str] = []

    def work(progress: JobProgress) -> None:
        for step in range(1_000_000):
            checkpoint(progress, "progress.reading", step, 1_000_000)
            begun.set()

    job = jobs.start(
        "x",
        work,
        on_done=lambda _: ends.append("done"),
        on_cancelled=lambda: ends.append("cancelled"),
    )
    assert begun.wait(60)
    with qtbot.waitSignal(job.ended):
        job.cancel()

    assert ends == ["cancelled"]


def test_a_waiting_job_that_is_cancelled_never_runs(jobs: Jobs, qtbot: QtBot) -> None:
    gate, ran, ends = threading.Event(), [], []

    jobs.start("first", lambda _: gate.wait(60))
    jobs.start("second", lambda _: ran.append(1), on_cancelled=lambda: ends.append("cancelled"))
    with qtbot.waitSignal(jobs.idle):
        jobs.cancel_all()
        gate.set()

    assert (ran, ends) == ([], ["cancelled"])


def test_what_the_user_asked_for_is_known_while_it_waits(jobs: Jobs, qtbot: QtBot) -> None:
    gate = threading.Event()

    jobs.start("quiet", lambda _: gate.wait(60), is_quiet=True)
    wanted = jobs.start("wanted", lambda _: None)
    found = jobs.wanted
    with qtbot.waitSignal(jobs.idle):
        gate.set()

    assert found is wanted
    assert jobs.wanted is None


def test_quiet_jobs_wait_while_they_are_held(jobs: Jobs, qtbot: QtBot) -> None:
    order: list[str] = []

    jobs.hold_quiet()
    jobs.start("quiet", _appending(order, "quiet"), is_quiet=True)
    wanted = jobs.start("wanted", _appending(order, "wanted"))
    with qtbot.waitSignal(wanted.ended):
        pass
    is_busy, held = jobs.is_busy, list(order)
    with qtbot.waitSignal(jobs.idle):
        jobs.release_quiet()

    assert (is_busy, held) == (True, ["wanted"])
    assert order == ["wanted", "quiet"]


def test_a_refusal_is_handed_to_whoever_asked(jobs: Jobs, qtbot: QtBot) -> None:
    seen: list[BaseException] = []

    def work(_: JobProgress) -> None:
        raise InputError("input.no_file", file="x")

    with qtbot.waitSignal(jobs.idle):
        jobs.start("x", work, on_failed=seen.append)

    assert isinstance(seen[0], InputError)
    assert seen[0].code == "input.no_file"


def test_a_fault_in_what_is_called_back_is_told_and_stops_nothing(jobs: Jobs, qtbot: QtBot) -> None:
    ends: list[str] = []

    def faulty(_: Any) -> None:
        raise ValueError("mistaken")

    with qtbot.captureExceptions() as faults, qtbot.waitSignal(jobs.idle):
        job = jobs.start("x", lambda _: 42, on_done=faulty)
        job.finished.connect(lambda value: ends.append(f"finished with {value}"))
        job.ended.connect(lambda: ends.append("ended"))

    assert [str(fault[1]) for fault in faults] == ["mistaken"]
    assert ends == ["finished with 42", "ended"]


def test_a_job_tells_how_far_it_is(jobs: Jobs, qtbot: QtBot) -> None:
    gate = threading.Event()

    def work(progress: JobProgress) -> None:
        progress.step("progress.reading", 3, 7)
        gate.wait(60)

    job = jobs.start("x", work)
    with qtbot.waitSignal(
        job.progressed, check_params_cb=lambda *told: told == ("progress.reading", 3, 7)
    ):
        pass
    with qtbot.waitSignal(jobs.idle):
        gate.set()


def test_closing_waits_for_the_work_and_calls_nobody_back(qtbot: QtBot) -> None:
    jobs, called = Jobs(), []
    begun = threading.Event()

    def work(progress: JobProgress) -> None:
        begun.set()
        while not progress.is_cancelled():
            pass

    jobs.start("x", work, on_done=lambda _: called.append(1), on_cancelled=lambda: called.append(2))
    assert begun.wait(60)
    jobs.close()
    qtbot.wait(1)

    assert called == []
    assert jobs.wanted is None or jobs.wanted.progress.is_cancelled()
