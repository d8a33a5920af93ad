"""Reads the whole change log for searching, when first wanted, and keeps it up."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from gridadmin.base.errors import GridAdminError
from gridadmin.edit.document import Done
from ui.context import Context
from ui.jobs import Job, JobProgress
from ui.panels.gesture_words import gesture_about
from ui.panels.history_index import HistoryIndex
from ui.panels.project_index import ProjectIndex
from ui.texts import tr


class HistorySearch(QObject):
    """The searchable log of the open project."""

    ready = Signal()
    """The log has been read."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._bridge = context.bridge
        self.index: HistoryIndex | None = None
        self._job: Job | None = None
        self._meanwhile: list[Done] = []

    @property
    def is_reading(self) -> bool:
        """Whether the log is being read."""
        return self._job is not None

    def forget(self) -> None:
        """Another project is open, or none."""
        self.index = None
        self._meanwhile = []
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def read(self) -> None:
        """Read the log in a worker, unless that is under way."""
        if self._job is not None or not self._bridge.is_open:
            return
        store, snapshot = self._bridge.session.store, self._bridge.snapshot

        def work(progress: JobProgress) -> HistoryIndex:
            return HistoryIndex.read(store.log(), store.change_at, snapshot, progress)

        def take(index: HistoryIndex) -> None:
            if self._job is job:
                self._job, self.index = None, index
                for done in self._meanwhile:
                    self._add(done)
                self._meanwhile = []
                self.ready.emit()

        def fail(error: BaseException) -> None:
            if self._job is job:
                self._job = None
            if not isinstance(error, GridAdminError):
                raise error
            self._context.messages.refused(error)

        job = self._context.jobs.start(
            tr("读取全部变更记录"), work, on_done=take, on_failed=fail, is_quiet=True
        )
        self._job = job

    def follow(self, done: Done) -> None:
        """Take a change in."""
        if self._job is not None:
            self._meanwhile.append(done)
        elif self.index is not None:
            self._add(done)

    def _add(self, done: Done) -> None:
        index = self.index
        entry = self._bridge.session.store.log_entry(done.revision)
        if index is None or entry is None:
            return
        named = entry.undid if entry.undid is not None else entry.redid
        about = None if named is None else self._bridge.session.store.log_entry(named)
        gist = ProjectIndex.of(self._context).gist_of(about or entry)
        index.add(entry, gesture_about(entry, about, gist), done)
