"""What the rules find on the people, as the window looks at it: in jobs, kept up after changes.

Nothing is looked at while nobody watches; what changed meanwhile is caught up with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from gridadmin.app.finding_list import FindingList
from gridadmin.app.seat_search import Spellings
from gridadmin.base.errors import GridAdminError
from gridadmin.domain.check_kinds import Severity
from gridadmin.edit.document import Done
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.kept import KeptFindings
from ui.context import Context
from ui.people.staff import today
from ui.texts import language, tr

_MANY = 20
"""After more changes than that it is quicker to look at everything anew."""


@dataclass(frozen=True)
class _Known:
    kept: KeptFindings
    list: FindingList


class Found(QObject):
    """The findings of today."""

    renewed = Signal()
    """The findings are others now, or aren't known any more."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._bridge = context.bridge
        self._known: _Known | None = None
        self._missed: list[Done] = []
        self._spellings = Spellings()
        self._is_watched = self._is_reading = False
        self._generation = 0
        self._bridge.opened.connect(self._begin)
        self._bridge.changed.connect(self._follow)

    @classmethod
    def of(cls, context: Context) -> Found:
        """Return what the pages of a window share."""
        for child in context.bridge.children():
            if isinstance(child, cls):
                return child
        return cls(context, context.bridge)

    @property
    def list(self) -> FindingList | None:
        """The findings that are known, None before the first look."""
        return None if self._known is None else self._known.list

    @property
    def weighing(self) -> int | None:
        """How many errors and warnings are known, None before the first look."""
        if self._known is None:
            return None
        counts = self._known.list.by_severity()
        return counts[Severity.ERROR] + counts[Severity.WARNING]

    @property
    def is_up_to_date(self) -> bool:
        """Whether the findings are those of the present state and day."""
        known = self._known
        return (
            known is not None
            and not self._is_reading
            and not self._missed
            and known.kept.book.day == today()
        )

    def watch(self, *, is_watched: bool) -> None:
        """Say whether somebody looks at the findings: only then they are kept up."""
        self._is_watched = is_watched
        self._read()

    def _begin(self) -> None:
        self._generation += 1
        self._known = None
        self._missed = []
        self._is_reading = False
        self._spellings = Spellings()
        self.renewed.emit()
        self._read()

    def _follow(self, done: Done) -> None:
        if self._known is None and not self._is_reading:
            return
        self._missed.append(done)
        if len(self._missed) > _MANY and not self._is_reading:
            # The changes hold states of the project that nobody else needs any more.
            self._known = None
            self._missed = []
        self._read()

    def _read(self) -> None:
        """Look at what changed, or at everything, beside the work."""
        can_read = self._is_watched and not self._is_reading and self._bridge.is_open
        if not can_read or self.is_up_to_date:
            return
        self._is_reading = True
        missed, self._missed = self._missed, []
        known = None if len(missed) > _MANY else self._known
        snapshot, spellings, lang = self._bridge.snapshot, self._spellings, language()
        generation = self._generation

        def take(read: _Known) -> None:
            if generation == self._generation:
                self._is_reading = False
                self._known = read
                self.renewed.emit()
                self._read()

        def stopped() -> None:
            if generation == self._generation:
                self._forget()

        def failed(error: BaseException) -> None:
            stopped()
            if not isinstance(error, GridAdminError):
                raise error

        self._context.jobs.start(
            tr("检查人员"),
            lambda _: _look(known, missed, snapshot, spellings, lang),
            on_done=take,
            on_failed=failed,
            on_cancelled=stopped,
            is_quiet=True,
        )

    def _forget(self) -> None:
        """Know nothing any more: the changes that a look took along are lost with it."""
        self._is_reading = False
        self._known = None
        self._missed = []
        self.renewed.emit()


def _look(
    known: _Known | None,
    missed: Sequence[Done],
    snapshot: Snapshot,
    spellings: Spellings,
    lang: str,
) -> _Known:
    day = today()
    if known is None or known.kept.book.day != day:
        kept, before = KeptFindings.of(snapshot, day), None
    else:
        kept, before = known.kept, known.list
        for done in missed:
            kept = kept.after(done.after, done.change, done.touched)
    return _Known(kept, FindingList(kept.book, kept.findings(), lang, spellings, before))
