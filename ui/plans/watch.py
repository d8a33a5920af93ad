"""The plan of the open project and its comparison with the base, kept up beside the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from gridadmin.app.plan_comparison import Comparison, compare_with_base
from gridadmin.app.plan_report import plan_to_tell
from gridadmin.base.errors import GridAdminError
from gridadmin.domain.model import Plan
from gridadmin.edit.document import Done
from gridadmin.edit.past_state import PastReader
from gridadmin.edit.plan_commands import base_revision_of
from ui.context import Context
from ui.jobs import Job, JobProgress
from ui.texts import tr

_PAUSE_MS = 300
"""Edits come in rows; only the last of them is worth a comparison."""


class PlanWatch(QObject):
    """The plan and its comparison. Ask :meth:`of` for the one that a window shares."""

    changed = Signal()
    """The plan, its state or its comparison is another one."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.bridge)
        self._context = context
        self._bridge = context.bridge
        self._reader: PastReader | None = None
        self._comparison: Comparison | None = None
        self._job: Job | None = None
        self._plan: Plan | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self._compare)
        self._bridge.opened.connect(self._begin)
        self._bridge.changed.connect(self._follow)
        self._begin()

    @classmethod
    def of(cls, context: Context) -> PlanWatch:
        """Return the watch that the parts of a window share."""
        for child in context.bridge.children():
            if isinstance(child, cls):
                return child
        return cls(context)

    @property
    def plan(self) -> Plan | None:
        """The open plan, else the one in force, else None."""
        return self._plan

    @property
    def comparison(self) -> Comparison | None:
        """How the last state that was compared differs from the base; None while not known."""
        return self._comparison

    @property
    def is_comparing(self) -> bool:
        """Whether a newer comparison is on its way."""
        return self._job is not None or self._soon.isActive()

    def _begin(self) -> None:
        self._soon.stop()
        self._stop()
        self._reader = self._comparison = self._plan = None
        if self._bridge.is_open:
            self._plan = plan_to_tell(self._bridge.snapshot)
        if self._plan is not None:
            self._soon.start()
        self.changed.emit()

    def _follow(self, done: Done) -> None:
        plan = plan_to_tell(done.after)
        if plan is None and self._plan is None:
            return
        if plan is None or self._plan is None or plan.uid != self._plan.uid:
            self._reader = self._comparison = None
        self._plan = plan
        if plan is not None:
            self._soon.start()
        self.changed.emit()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _compare(self) -> None:
        if not self._bridge.is_open or self._plan is None:
            return
        self._stop()
        plan, snapshot, store = self._plan, self._bridge.snapshot, self._bridge.session.store
        revision = min(base_revision_of(plan), snapshot.revision)
        if self._reader is None or self._reader.revision != revision:
            self._reader = PastReader(revision)
        reader = self._reader

        def work(progress: JobProgress) -> Comparison:
            past = reader.past(snapshot, store.change_at, progress)
            return compare_with_base(past, snapshot, plan, progress)

        def take(comparison: Comparison) -> None:
            self._take(job, comparison)

        def fail(error: BaseException) -> None:
            self._fail(job, error)

        def stop() -> None:
            self._end(job)

        job = self._context.jobs.start(
            tr("对比方案与基准"),
            work,
            on_done=take,
            on_failed=fail,
            on_cancelled=stop,
            is_quiet=True,
        )
        self._job = job

    def _take(self, job: Job, comparison: Comparison) -> None:
        if self._job is job:
            self._comparison = comparison
            self._end(job)

    def _fail(self, job: Job, error: BaseException) -> None:
        self._end(job)
        if not isinstance(error, GridAdminError):
            raise error

    def _end(self, job: Job) -> None:
        if self._job is job:
            self._job = None
            self.changed.emit()
