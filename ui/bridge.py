"""The open project as Qt sees it: the session of the core, with signals.

Everything that changes a project goes through here, on the GUI thread; long work prepares and
stores in a worker and is adopted here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import shapely
from PySide6.QtCore import QObject, Signal

from gridadmin.app.session import Session
from gridadmin.base.errors import EditError, GridAdminError, StoreError
from gridadmin.base.ids import oid_of
from gridadmin.base.progress import Progress
from gridadmin.checks.book import IssueBook
from gridadmin.checks.states import state_of
from gridadmin.domain.change import LogEntry
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import Issue, IssueState
from gridadmin.domain.model import Land
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document, Done, Prepared
from gridadmin.partition.border import points_of
from gridadmin.partition.snapshot import Snapshot
from ui.jobs import Job, Jobs
from ui.messages import Messages
from ui.selection import Box, Place
from ui.texts import explain, tr
from ui.turns import take_turn

_log = logging.getLogger("gridadmin.bridge")

CommandMaker = Callable[[Snapshot, Progress], Command]


@dataclass(frozen=True)
class Tally:
    """The issues on an area and all below it: how many weigh, and how much the worst does."""

    count: int
    worst: Severity | None


class Bridge(QObject):
    """The project that the window works on, or none."""

    opened = Signal()
    """Another project is open now, or none."""
    changed = Signal(object)
    """A :class:`Done`: after every change, undo and redo too."""
    issues_changed = Signal()
    """The issues are others now, or a check began or ended."""

    def __init__(self, jobs: Jobs, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._messages = messages
        self._session: Session | None = None
        self._refusal: StoreError | None = None
        self._issues: list[Issue] | None = None
        self._tallies: dict[str, Tally] | None = None
        self._check: Job | None = None
        self._long_changes: list[Job] = []
        self._dones: list[Done] = []
        self._saved_at: datetime | None = None
        self._newest: LogEntry | None = None

    # What is open

    @property
    def is_open(self) -> bool:
        """Whether a project is open."""
        return self._session is not None

    @property
    def session(self) -> Session:
        """The open session. Raises: RuntimeError when there is none."""
        if self._session is None:
            raise RuntimeError("no project is open")
        return self._session

    @property
    def document(self) -> Document:
        """The open document. Raises: RuntimeError when there is none."""
        return self.session.document

    @property
    def snapshot(self) -> Snapshot:
        """The present state. Raises: RuntimeError when no project is open."""
        return self.session.snapshot

    @property
    def path(self) -> Path:
        """The file of the open project."""
        return self.session.store.path

    @property
    def name(self) -> str:
        """The name of the project, empty when none is open."""
        if self._session is None:
            return ""
        return str(self.snapshot.setting("name", self.snapshot.root.name))

    @property
    def refusal(self) -> StoreError | None:
        """Why the project can only be read, or None when it can be changed."""
        return self._refusal

    @property
    def is_read_only(self) -> bool:
        """Whether the project can only be read."""
        return self._refusal is not None

    @property
    def saved_at(self) -> datetime | None:
        """When the last change was stored in this session, None before the first."""
        return self._saved_at

    def newest_entry(self) -> LogEntry | None:
        """Return the log entry of the last change, read once for all who ask after it."""
        if self._newest is None or self._newest.revision != self.snapshot.revision:
            self._newest = next(iter(self.document.history(1)), None)
        return self._newest

    def adopt_session(self, session: Session, refusal: StoreError | None) -> None:
        """Work on *session* from now on; the one before is closed."""
        self.close()
        self._session = session
        self._refusal = refusal
        session.document.on_change(self._follow)
        self.opened.emit()
        self.start_check()

    def close(self) -> None:
        """Close the open project, if any. Raises: StoreError of a network share."""
        session, self._session = self._session, None
        self._refusal, self._saved_at, self._newest = None, None, None
        self._drop_issues()
        if self._check is not None:
            self._check.cancel()
            self._check = None
        if session is not None:
            try:
                session.close()
            finally:
                self.opened.emit()

    # Changing it

    def why_not_change(self) -> str:
        """Return why nothing can be changed now, in words; empty when it can."""
        if self._session is None:
            return tr("没有打开的项目。")
        if self._refusal is not None:
            return tr("项目以只读方式打开。")
        return ""

    @property
    def long_change(self) -> Job | None:
        """The last of the changes that wait for a worker or are at work, or None."""
        return self._long_changes[-1] if self._long_changes else None

    def stop_long_changes(self) -> None:
        """Ask the changes that wait for a worker or are at work to stop."""
        for job in self._long_changes:
            job.cancel()

    def execute(self, command: Command, *, place: Place | None = None) -> Done | None:
        """Carry out *command*; a refusal is told (at *place*, local metres) and returns None."""
        return self._told(lambda: self.document.execute(command), place)

    def attempt(self, command: Command) -> str:
        """Carry out *command*; return why it is refused, in words for the place it came from."""
        why = self.why_not_change()
        if why:
            return why
        take_turn()
        try:
            self.document.execute(command)
        except GridAdminError as refusal:
            return explain(refusal)
        return ""

    def preview(self, command: Command) -> Done:
        """Return what *command* would do. Raises: EditError."""
        take_turn()
        return self.document.preview(command)

    def undo(self) -> Done | None:
        """Take the last gesture back; a refusal is told, and so is what a worker has to do."""
        if self.is_open and self.document.is_undo_long:
            self._repeat_long(tr("撤销"), self.document.prepare_undo, tr("已撤销。"))
            return None
        return self._told(self.document.undo, None)

    def undo_to(self, revision: int) -> None:
        """Take back all gestures after the one that made *revision*, in a worker; tells how."""
        why = self.why_not_change()
        if why:
            self._messages.refuse(why)
            return
        count, document = self.document.gestures_after(revision) or 0, self.document
        words = tr("已撤销 {n} 步。", n=f"{count:,}")
        self._start_long(
            tr("撤销多步操作"),
            lambda progress: document.prepare_undo_to(revision, progress),
            on_done=lambda _: self._messages.done(words),
            on_failed=self._long_failed,
        )

    def redo(self) -> Done | None:
        """Repeat the gesture last taken back; as :meth:`undo`."""
        if self.is_open and self.document.is_redo_long:
            self._repeat_long(tr("重做"), self.document.prepare_redo, tr("已重做。"))
            return None
        return self._told(self.document.redo, None)

    def _repeat_long(self, title: str, prepare: Callable[[], Prepared], words: str) -> None:
        why = self.why_not_change()
        if why:
            self._messages.refuse(why)
            return
        self._start_long(
            title,
            lambda _: prepare(),
            on_done=lambda _: self._messages.done(words),
            on_failed=self._long_failed,
        )

    def _long_failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self._messages.refused(error)

    def execute_long(
        self,
        title: str,
        make: CommandMaker,
        *,
        on_done: Callable[[Done], None],
        on_failed: Callable[[BaseException], None],
        on_cancelled: Callable[[], None] | None = None,
    ) -> Job:
        """Carry out the command that *make* returns, in a worker; memory follows on this thread."""
        document, snapshot = self.document, self.snapshot
        return self._start_long(
            title,
            lambda progress: document.prepare(make(snapshot, progress), progress),
            on_done=on_done,
            on_failed=on_failed,
            on_cancelled=on_cancelled,
        )

    def _start_long(
        self,
        title: str,
        prepare: Callable[[Progress], Prepared],
        *,
        on_done: Callable[[Done], None],
        on_failed: Callable[[BaseException], None],
        on_cancelled: Callable[[], None] | None = None,
    ) -> Job:
        """Prepare and store a change in a worker, and adopt it."""
        session, document = self.session, self.document

        def work(progress: Progress) -> Prepared:
            prepared = prepare(progress)
            document.store_prepared(prepared, progress)
            return prepared

        def adopt(prepared: Prepared) -> None:
            # Whoever closed the project meanwhile finds the change when it is opened again.
            if self._session is session:
                on_done(document.adopt(prepared))

        job = self._jobs.start(
            title, work, on_done=adopt, on_failed=on_failed, on_cancelled=on_cancelled
        )
        self._long_changes.append(job)
        job.ended.connect(self._long_change_ended)
        return job

    def _long_change_ended(self) -> None:
        # They end in the order in which they began.
        del self._long_changes[0]

    def _told(self, act: Callable[[], Done], place: Place | None) -> Done | None:
        why = self.why_not_change()
        if why:
            self._messages.refuse(why, place)
            return None
        take_turn()
        try:
            return act()
        except GridAdminError as refusal:
            self._messages.refused(refusal, self.place_of(refusal) or place)
            return None

    def place_of(self, refusal: GridAdminError) -> Place | None:
        """Return where a refusal lies, in local metres, when it says so."""
        x, y = refusal.params.get("x"), refusal.params.get("y")
        if not isinstance(refusal, EditError):
            return None
        if not isinstance(x, (int, float)) or not isinstance(y, (int, float)):
            return None
        return self.to_local((float(x), float(y)))

    def _follow(self, done: Done) -> None:
        take_turn()
        self._saved_at = datetime.now()  # noqa: DTZ005 - shown to the user as the clock on the wall
        self._issues = self._tallies = None
        if self._check is not None:
            self._dones.append(done)
        self.changed.emit(done)
        if self.session.has_book:
            self.issues_changed.emit()
        elif self._check is None:
            self.start_check()

    # Issues

    @property
    def is_checking(self) -> bool:
        """Whether a full check is under way, so that the issues aren't known yet."""
        return self._check is not None

    @property
    def has_issues(self) -> bool:
        """Whether the issues of the present state are known."""
        return self._session is not None and self._session.has_book

    def issues(self) -> list[Issue]:
        """Return the issues of the present state, errors first; empty while they aren't known."""
        if not self.has_issues:
            return []
        if self._issues is None:
            self._issues = self.session.book().issues()
        return self._issues

    def issue(self, number: str) -> Issue | None:
        """Return the issue of that number, or None."""
        return next((issue for issue in self.issues() if issue.id == number), None)

    def dust(self) -> tuple[Mapping[str, int], float]:
        """Return the faces too small to be listed: count by kind, and their land in m²."""
        return self.session.book().dust() if self.has_issues else ({}, 0.0)

    def tally(self, uid: str) -> Tally:
        """Return the issues on an area and all below it. Notes don't count."""
        if self._tallies is None:
            self._tallies = self._count_issues()
        return self._tallies.get(uid, _NO_ISSUES)

    def weighing(self) -> int:
        """Return how many issues weigh in all, those that concern no area among them."""
        return self.tally("").count

    def start_check(self) -> None:
        """Check everything in a worker."""
        if self._session is None or self._check is not None:
            return
        snapshot = self.snapshot
        self._dones = []
        self._check = self._jobs.start(
            tr("检查整个项目"),
            lambda progress: IssueBook.of(snapshot, progress),
            on_done=self._take_book,
            on_failed=self._check_failed,
            on_cancelled=self._check_cancelled,
            is_quiet=True,
        )
        self.issues_changed.emit()

    def _take_book(self, book: IssueBook) -> None:
        dones, self._dones, self._check = self._dones, [], None
        if self._session is None:
            return
        if not self.session.take_book(book, dones):
            self.start_check()
            return
        self._issues = self._tallies = None
        self.issues_changed.emit()

    def _check_failed(self, error: BaseException) -> None:
        self._check = None
        self.issues_changed.emit()
        if not isinstance(error, GridAdminError):
            raise error
        self._messages.refused(error)

    def _check_cancelled(self) -> None:
        self._check = None
        self.issues_changed.emit()

    def _drop_issues(self) -> None:
        self._issues = self._tallies = None
        self._dones = []

    def _count_issues(self) -> dict[str, Tally]:
        tallies: dict[str, Tally] = {}
        areas = self.snapshot.rows("area")
        for issue in self.issues():
            if issue.severity is Severity.INFO or self.is_accepted(issue):
                continue
            # Nobody's uid is empty; under it all are counted, a gap without neighbours too.
            concerned: set[str] = {""}
            for uid in issue.areas:
                if uid in areas:
                    concerned.add(uid)
                    concerned.update(above.uid for above in self.snapshot.ancestors(uid))
            for uid in concerned:
                known = tallies.get(uid, _NO_ISSUES)
                # Issues come with errors first, so the first that is met is the worst.
                tallies[uid] = Tally(known.count + 1, known.worst or issue.severity)
        return tallies

    def is_accepted(self, issue: Issue) -> bool:
        """Return whether somebody answers for an issue today, so that it weighs no more."""
        today = datetime.now(UTC).date().isoformat()
        return state_of(self.snapshot, issue, today) is IssueState.ACCEPTED

    # Places

    def to_local(self, metres: Place) -> Place:
        """Return a place in plane metres as local metres."""
        x, y = self.snapshot.origin_mm
        return metres[0] - x / 1000, metres[1] - y / 1000

    def to_plane(self, local: Place) -> Place:
        """Return a place in local metres as plane metres."""
        x, y = self.snapshot.origin_mm
        return local[0] + x / 1000, local[1] + y / 1000

    def box_of_area(self, uid: str) -> Box | None:
        """Return the box of an area's land in local metres; of its cell where it is stacked.

        None for an area without land, and for one that an undo took away.
        """
        area = self.snapshot.rows("area").get(uid)
        if area is None:
            return None
        holder = area.cell if area.land == Land.STACKED and area.cell else uid
        borders = self.snapshot.partition.outline(oid_of(holder))
        if not borders:
            return None
        lows = [points_of(border).min(axis=0) for border in borders]
        highs = [points_of(border).max(axis=0) for border in borders]
        x0, y0 = (float(min(low[axis] for low in lows)) / 1000 for axis in (0, 1))
        x1, y1 = (float(max(high[axis] for high in highs)) / 1000 for axis in (0, 1))
        return x0, y0, x1, y1

    def extent(self) -> Box | None:
        """Return the box of all land in local metres, None before the first land came."""
        if self._session is None:
            return None
        extent = self.snapshot.partition.extent()
        if extent is None:
            return None
        x0, y0, x1, y1 = (value / 1000 for value in extent)
        return x0, y0, x1, y1

    def box_of_issue(self, issue: Issue) -> Box | None:
        """Return where an issue lies in local metres: its face, or the land of its areas."""
        if issue.bbox is not None:
            x0, y0 = self.to_local(issue.bbox[:2])
            x1, y1 = self.to_local(issue.bbox[2:])
            return x0, y0, x1, y1
        known = self.snapshot.rows("area")
        boxes = [self.box_of_area(uid) for uid in issue.areas if uid in known]
        found = [box for box in boxes if box is not None]
        if not found:
            return None
        x0, y0, x1, y1 = shapely.total_bounds([shapely.box(*box) for box in found]).tolist()
        return x0, y0, x1, y1


_NO_ISSUES = Tally(0, None)
