"""Long work beside the window: one worker thread, progress, a cancel that cancels.

A job gets a :class:`JobProgress`, works on things that don't change, and its result comes back on
the GUI thread. Jobs run one after another, so two of them never fight for the project file.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gridadmin.base.errors import Cancelled, GridAdminError
from gridadmin.base.giving_way import give_way_by
from ui.turns import stand_back, take_turn

_log = logging.getLogger("gridadmin.jobs")

Work = Callable[["JobProgress"], Any]


class JobProgress:
    """What the work reports to; also says whether the user wants it to stop."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self.state: tuple[str, int, int] = ("", 0, 0)
        """The stage (a text code), steps done, steps in all; read by the GUI thread."""

    def step(self, what: str, done: int, total: int) -> None:
        """Say how far a stage has come."""
        self.state = (what, done, total)
        stand_back()

    def is_cancelled(self) -> bool:
        """Return whether the user asked to stop."""
        stand_back()
        return self._stop.is_set()

    def check(self) -> None:
        """Stop here when the user asked to. Raises: Cancelled."""
        stand_back()
        if self._stop.is_set():
            raise Cancelled

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()


@dataclass
class _Callbacks:
    """What whoever started a job wants to be called with when it ends."""

    done: Callable[[Any], None] | None = None
    failed: Callable[[BaseException], None] | None = None
    cancelled: Callable[[], None] | None = None


class Job(QObject):
    """One piece of long work. Signals come on the GUI thread, and exactly one of them ends it.

    Callbacks are kept by Python and let go when they were called. As connections of the job's own
    signals they would be kept by Qt, out of sight of the collector, and with them their window.
    """

    progressed = Signal(str, int, int)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()
    """Comes after the one that says how it ended."""

    def __init__(self, title: str, work: Work, *, can_cancel: bool, is_quiet: bool) -> None:
        super().__init__()
        self.title = title
        self.can_cancel = can_cancel
        self.is_quiet = is_quiet
        """Quiet jobs show no progress unless they take long: the user didn't ask for them."""
        self.progress = JobProgress()
        self.work = work
        self._callbacks = _Callbacks()

    def cancel(self) -> None:
        """Ask it to stop; ``cancelled`` comes when it has."""
        self.progress.cancel()

    def call_back(self, callbacks: _Callbacks) -> None:
        """Let *callbacks* be called before the signals that end it."""
        self._callbacks = callbacks

    def end(self, result: object, error: BaseException | None) -> None:
        """Call back and say how it ended. For :class:`Jobs` alone."""
        callbacks, self._callbacks = self._callbacks, _Callbacks()
        if error is None:
            _call(callbacks.done, result)
            self.finished.emit(result)
        elif isinstance(error, Cancelled):
            _call(callbacks.cancelled)
            self.cancelled.emit()
        else:
            _call(callbacks.failed or _unhandled, error)
            self.failed.emit(error)
        self.ended.emit()


def _call(callback: Callable[..., None] | None, *arguments: object) -> None:
    """Call it as a signal would: a fault in it goes to the hook for faults and stops nothing."""
    if callback is None:
        return
    try:
        callback(*arguments)
    except Exception:  # noqa: BLE001 - the hook takes what nobody awaited
        sys.excepthook(*sys.exc_info())


class _Worker(QObject):
    """The thread that does the work, one job after another.

    A thread of Python's and not a QThread: what libraries keep for each thread (PROJ its context)
    must last from one job to the next, and for Python a QThread is another thread at every call.
    """

    done = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__()
        self._handed: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="gridadmin jobs", daemon=True)
        self._thread.start()

    def hand(self, job: Job) -> None:
        """Let the thread do *job*; ``done`` hands back ``(job, result, error)``."""
        self._handed.put(job)

    def close(self, patience_s: float | None) -> None:
        """Let the thread end and wait for it, no longer than *patience_s* if that is given."""
        self._handed.put(None)
        self._thread.join(patience_s)

    def _run(self) -> None:
        give_way_by(stand_back)
        job = self._handed.get()
        while job is not None:
            result: Any = None
            error: BaseException | None = None
            try:
                result = _result_of(job)
            except BaseException as fault:  # noqa: BLE001 - handed to whoever started the job
                error = fault
            self.done.emit(job, result, error)
            job = self._handed.get()


def _result_of(job: Job) -> Any:
    if job.progress.is_cancelled():
        raise Cancelled
    return job.work(job.progress)


class Jobs(QObject):
    """The queue of long work of one window."""

    started = Signal(object)
    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: list[Job] = []
        self._current: Job | None = None
        self._last: Job | None = None
        self._worker = _Worker()
        self._worker.done.connect(self._end)
        self._watch = QTimer(self)
        self._watch.setInterval(100)
        self._watch.timeout.connect(self._tell)
        self._is_closing = False
        self._holds_quiet = False

    @property
    def current(self) -> Job | None:
        """The job at work, or None."""
        return self._current

    @property
    def wanted(self) -> Job | None:
        """The first job, at work or waiting, that the user asked for; None when there is none."""
        jobs = [*([] if self._current is None else [self._current]), *self._queue]
        return next((job for job in jobs if not job.is_quiet), None)

    @property
    def is_busy(self) -> bool:
        """Whether any job is at work or waits."""
        return self._current is not None or bool(self._queue)

    def start(
        self,
        title: str,
        work: Work,
        *,
        on_done: Callable[[Any], None] | None = None,
        on_failed: Callable[[BaseException], None] | None = None,
        on_cancelled: Callable[[], None] | None = None,
        can_cancel: bool = True,
        is_quiet: bool = False,
    ) -> Job:
        """Queue *work* and return its job; the callbacks run on the GUI thread.

        Without *on_failed* a refusal of the core is logged; other faults go to the hook for faults.
        """
        job = Job(title, work, can_cancel=can_cancel, is_quiet=is_quiet)
        job.call_back(_Callbacks(on_done, on_failed, on_cancelled))
        self._queue.append(job)
        self._next()
        return job

    def hold_quiet(self) -> None:
        """Let quiet jobs wait until :meth:`release_quiet`: the user waits for something else."""
        self._holds_quiet = True

    def release_quiet(self) -> None:
        """Let quiet jobs begin again."""
        self._holds_quiet = False
        self._next()

    def cancel_all(self) -> None:
        """Ask everything to stop; jobs that wait end as cancelled at once."""
        waiting, self._queue = self._queue, []
        for job in waiting:
            job.cancel()
            job.end(None, Cancelled())
        if self._current is not None:
            self._current.cancel()

    def close(self, patience_s: float | None = None) -> None:
        """Stop everything and wait for the thread; nothing is called back any more.

        With *patience_s* a thread that waits for a network is left behind, to end with the program.
        """
        self._is_closing = True
        self.cancel_all()
        self._watch.stop()
        self._worker.close(patience_s)

    def _next(self) -> None:
        if self._current is not None or self._is_closing:
            return
        ready = (job for job in self._queue if not (job.is_quiet and self._holds_quiet))
        job = next(ready, None)
        if job is None:
            return
        self._queue.remove(job)
        self._current = job
        self._watch.start()
        self.started.emit(self._current)
        self._worker.hand(self._current)

    @Slot()
    def _tell(self) -> None:
        if self._current is not None:
            self._current.progressed.emit(*self._current.progress.state)

    @Slot(object, object, object)
    def _end(self, job: Job, result: object, error: BaseException | None) -> None:
        if self._is_closing:
            return
        # The worker's frame may still hold it: a Qt object must not end in a foreign thread.
        self._last, self._current = job, None
        take_turn()
        self._watch.stop()
        try:
            job.end(result, error)
        finally:
            self._next()
            if not self.is_busy:
                self.idle.emit()


def _unhandled(error: BaseException) -> None:
    if isinstance(error, GridAdminError):
        _log.error("a job was refused: %s", error)
        return
    raise error
