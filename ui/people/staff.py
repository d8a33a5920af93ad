"""The people of the open project as the window looks at them: read in a job, kept up after changes.

All panels of one window share one; nothing is read before somebody looks at people.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from gridadmin.app.seat_search import SeatSearch, Spellings
from gridadmin.base.errors import GridAdminError
from gridadmin.domain.people import ANCHOR_TABLES, PEOPLE
from gridadmin.edit.document import Done
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.seats import Seat, SeatRoll
from ui.context import Context
from ui.texts import tr

Made = TypeVar("Made")

_FEW = 1500
"""So many seats are read again at once; more of them in a job."""
_COUNTED = ("grouping_member", "entrance", "stacked_part", "border", "setting")
_TABLES = frozenset((*PEOPLE, *ANCHOR_TABLES, *_COUNTED))
"""What the seats follow from: people, where posts stand, and what households are counted from."""


class Staff(QObject):
    """Seats and persons of today, and which seats are chosen. Ask :meth:`of` for it."""

    renewed = Signal()
    """The seats are others now, or aren't known any more."""
    spelled = Signal()
    """Names can be found by pinyin now."""
    chosen_changed = Signal()
    """Other seats are chosen in the table."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.bridge)
        self._context = context
        self._bridge = context.bridge
        self._roll: SeatRoll | None = None
        self._search: SeatSearch | None = None
        self._spellings = Spellings()
        self._chosen: tuple[Seat, ...] = ()
        self._is_awake = self._is_reading = self._is_stale = False
        self._generation = 0
        self._bridge.opened.connect(self._begin)
        self._bridge.changed.connect(self._follow)

    @classmethod
    def of(cls, context: Context) -> Staff:
        """Return what the panels of a window share."""
        for child in context.bridge.children():
            if isinstance(child, cls):
                return child
        return cls(context)

    # What is known

    @property
    def roll(self) -> SeatRoll | None:
        """All seats, None while they are being read."""
        # A project that is being closed is gone before everybody has heard of it.
        return self._roll if self._bridge.is_open else None

    @property
    def search(self) -> SeatSearch | None:
        """What looks through the seats, None while they are being read."""
        return self._search if self._bridge.is_open else None

    @property
    def book(self) -> StaffBook | None:
        """Who holds what today, None while it is being read."""
        roll = self.roll
        return None if roll is None else roll.book

    @property
    def spellings(self) -> Spellings:
        """How names are typed in Latin letters, as far as somebody asked."""
        return self._spellings

    @property
    def is_up_to_date(self) -> bool:
        """Whether the seats are those of the present state."""
        return self._roll is not None and not self._is_reading

    def wake(self) -> None:
        """Read the people, because somebody looks at them; later calls do nothing."""
        if not self._is_awake:
            self._is_awake = True
            self._read()

    def work_out(
        self, title: str, make: Callable[[SeatRoll], Made], take: Callable[[Made], None]
    ) -> None:
        """Work something out from the seats: at once where they are few, else in a quiet job.

        *take* gets it on this thread, unless the seats are others by then.
        """
        roll = self.roll
        if roll is None:
            return
        if len(roll.seats) <= _FEW:
            take(make(roll))
            return

        def take_in_time(made: Made) -> None:
            if self.roll is roll:
                take(made)

        self._context.jobs.start(title, lambda _: make(roll), on_done=take_in_time, is_quiet=True)

    # What is chosen

    @property
    def chosen(self) -> tuple[Seat, ...]:
        """The seats that are chosen in the table."""
        return self._chosen

    def choose(self, seats: Sequence[Seat]) -> None:
        """Choose seats instead of whatever was chosen."""
        if tuple(seats) != self._chosen:
            self._chosen = tuple(seats)
            self.chosen_changed.emit()

    # Keeping up

    def _begin(self) -> None:
        self._generation += 1
        self._roll = self._search = None
        self._is_reading = self._is_stale = False
        self._spellings = Spellings()
        self._chosen = ()
        self.renewed.emit()
        self.chosen_changed.emit()
        if self._is_awake:
            self._read()

    def _follow(self, done: Done) -> None:
        if self._is_awake and any(done.change.of(table) for table in _TABLES):
            self._read()

    def _read(self) -> None:
        """Read the seats of the present state: few at once, many in a job."""
        if not self._bridge.is_open:
            return
        if self._is_reading:
            self._is_stale = True
            return
        snapshot = self._bridge.snapshot
        if self._roll is not None and len(self._roll.seats) <= _FEW and snapshot.knows_counts:
            self._take(_read(snapshot, self._spellings))
            return
        self._is_reading, self._is_stale = True, False
        generation, spellings = self._generation, self._spellings

        def take(read: tuple[SeatRoll, SeatSearch]) -> None:
            if generation == self._generation:
                self._is_reading = False
                self._take(read)

        self._context.jobs.start(
            tr("读取岗位和人员"),
            lambda _: _read(snapshot, spellings),
            on_done=take,
            on_failed=self._failed,
            on_cancelled=self._cancelled,
            is_quiet=True,
        )

    def _take(self, read: tuple[SeatRoll, SeatSearch]) -> None:
        self._roll, self._search = read
        by_key = {seat.key: seat for seat in self._roll.seats}
        self._chosen = tuple(by_key[seat.key] for seat in self._chosen if seat.key in by_key)
        self.renewed.emit()
        self.chosen_changed.emit()
        if self._is_stale:
            self._read()
        else:
            self._spell()

    def _spell(self) -> None:
        """Learn how names are typed: at once where they are few or known, else in a job."""
        search, generation = self._search, self._generation
        if search is None:
            return
        if len(self._spellings) and len(search) <= _FEW:
            search.spell()
            self.spelled.emit()
            return

        def done(_: object) -> None:
            if generation == self._generation and search is self._search:
                self.spelled.emit()

        self._context.jobs.start(
            tr("整理姓名拼音"), lambda _: search.spell(), on_done=done, is_quiet=True
        )

    def _failed(self, error: BaseException) -> None:
        self._is_reading = False
        if not isinstance(error, GridAdminError):
            raise error

    def _cancelled(self) -> None:
        self._is_reading = False


def today() -> str:
    """Return the day on the wall calendar, ISO 8601."""
    return datetime.now().astimezone().date().isoformat()


def _read(snapshot: Snapshot, spellings: Spellings) -> tuple[SeatRoll, SeatSearch]:
    # What the pages of the workspace need comes in here, in a worker: on the other thread its
    # first use would be felt.
    import gridadmin.app.finding_list
    import gridadmin.staffing.bars
    import gridadmin.staffing.kept
    import gridadmin.staffing.matrix  # noqa: F401

    roll = SeatRoll.of(StaffBook(snapshot, today()))
    roll.book.cadres()
    return roll, SeatSearch(roll, spellings)
