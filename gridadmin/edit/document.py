"""The document: the only place where the state of a project changes.

A command proposes a change; the document completes it, guards it, stores it, and only then lets
memory follow. Undo and redo are changes through the same door.

A long command goes in three steps: prepare (pure) and store may run in a worker; memory follows
where the document is used. Nobody waits meanwhile: other changes are refused.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

import shapely

from gridadmin.base.errors import Cancelled, EditError
from gridadmin.base.ids import UidMaker, new_uid
from gridadmin.base.progress import SILENT, Progress
from gridadmin.checks.book import IssueBook
from gridadmin.checks.scopes import needs_full_check
from gridadmin.domain.change import LASTING, RESTORING_GESTURE, Change, LogEntry, RowChange
from gridadmin.edit.command import Command
from gridadmin.edit.consequences import consequences, locks_that_follow
from gridadmin.edit.draft import Desk
from gridadmin.edit.guards import check_locks, check_may_hold_land, check_nothing_vanishes
from gridadmin.edit.past_state import Past, past_state, taken_back
from gridadmin.edit.plan_locks import plan_that_follows
from gridadmin.edit.settled import marks_of_settled
from gridadmin.edit.shifts import Shifts
from gridadmin.partition.polygons import land_polygons
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import land_parts, to_polygon


class Store(Protocol):
    """What the document needs of a project file or database."""

    def write(
        self,
        change: Change,
        *,
        gesture: str,
        lands: Mapping[int, bytes | None],
        author: str,
        time: str,
        progress: Progress = ...,
    ) -> int:
        """Store a change durably and return the new revision."""

    def change_at(self, revision: int) -> Change:
        """Return the change that made a revision."""

    def history_state(self) -> tuple[list[int], list[int]]:
        """Return the revisions to undo and to redo, the next one last."""

    def log(self, limit: int | None = None) -> list[LogEntry]:
        """Return the change log, newest first."""

    def log_entry(self, revision: int) -> LogEntry | None:
        """Return the log entry of a revision, None when there is none."""

    def one_state(self) -> AbstractContextManager[None]:
        """Read one state of the store inside."""


@dataclass(frozen=True)
class Done:
    """A change that has been carried out: the states around it and the areas it touched."""

    change: Change
    before: Snapshot
    after: Snapshot
    touched: frozenset[int]
    book: IssueBook | None = None
    """The issues after it, where those before were known when it was prepared."""

    @property
    def revision(self) -> int:
        """The revision that it made."""
        return self.after.revision

    def changed_areas(self) -> list[str]:
        """Return the uids of the areas whose row or outline changed, sorted."""
        found = {str(row.key) for row in self.change.of("area")}
        for oid in self.touched:
            for snapshot in (self.before, self.after):
                owner = snapshot.owner(oid)
                if owner is not None and owner[0] == "area":
                    found.add(owner[1])
        return sorted(found)


@dataclass(frozen=True)
class Prepared:
    """A change that is worked out and may be stored, under the name of its gesture."""

    done: Done
    gesture: str


Listener = Callable[[Done], None]

_MANY_OUTLINES = 150
_LARGE_OVERLAY = 30_000
_RECENT_CHANGES = 100
"""So many of the last changes are at hand for undo and redo; older ones are read from the log."""
_LONG_CHANGE = 100
"""Changes of more rows take longer to undo than a window may stand still."""
_LARGE_CHANGE = 5000
"""Changes of more rows aren't kept at hand: reading them is little beside doing them again."""


class Document:
    """A project being worked on: snapshot, store and history as one."""

    def __init__(
        self,
        store: Store,
        snapshot: Snapshot,
        author: str,
        *,
        make_uid: UidMaker = new_uid,
        now: Callable[[], str] = lambda: datetime.now(UTC).isoformat(timespec="milliseconds"),
        book: Callable[[], IssueBook | None] = lambda: None,
    ) -> None:
        self._store = store
        self._snapshot = snapshot
        self._author = author
        self._make_uid = make_uid
        self._now = now
        self._book = book
        self._undo, self._redo = store.history_state()
        self._recent: dict[int, Change] = {}
        self._entries: dict[int, LogEntry | None] = {}
        self._listeners: list[Listener] = []
        self._writing = threading.Lock()
        # What is stored and not adopted yet, with the state that memory will take.
        self._stored: tuple[Prepared, Snapshot] | None = None

    @property
    def snapshot(self) -> Snapshot:
        """The present state."""
        return self._snapshot

    @property
    def can_undo(self) -> bool:
        """Whether there is a gesture to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is a gesture to repeat."""
        return bool(self._redo)

    @property
    def is_busy(self) -> bool:
        """Whether a change is being stored, so that any other is refused."""
        return self._writing.locked()

    def undo_entry(self) -> LogEntry | None:
        """Return the log entry of the gesture that undo would take back, if any.

        While a change is being stored it may be None too: the store isn't waited for.
        """
        return self._entry(self._undo[-1]) if self._undo else None

    def redo_entry(self) -> LogEntry | None:
        """Return the log entry of the gesture that redo would repeat, if any; see above."""
        return self._entry(self._redo[-1]) if self._redo else None

    @property
    def is_undo_long(self) -> bool:
        """Whether undo may take long, as after an import: better prepared in a worker."""
        return bool(self._undo) and self._is_long(self._undo[-1])

    @property
    def is_redo_long(self) -> bool:
        """Whether redo may take long; see above."""
        return bool(self._redo) and self._is_long(self._redo[-1])

    def on_change(self, listener: Listener) -> None:
        """Call *listener* after every change, undo and redo too."""
        self._listeners.append(listener)

    def forget_listeners(self) -> None:
        """Call and ask nobody any more: the project is closed."""
        self._listeners.clear()
        self._book = lambda: None

    def preview(self, command: Command) -> Done:
        """Return what *command* would do; nothing is stored. Raises: EditError."""
        before = self._snapshot
        return self._completed(command.propose(before, self._desk()), command, before)

    def execute(self, command: Command, progress: Progress = SILENT) -> Done:
        """Carry out *command* as one gesture.

        Raises: EditError when it is refused, StoreError when it can't be kept; nothing moves then.
        """
        self._refuse_when_busy()
        return self._carried_out(self.prepare(command, progress), progress)

    def undo(self) -> Done:
        """Take the last gesture back. Raises: EditError ``edit.nothing_to_undo``, StoreError."""
        return self._carried_out(self.prepare_undo(), SILENT)

    def redo(self) -> Done:
        """Repeat the gesture last taken back. Raises: EditError ``edit.nothing_to_redo``."""
        return self._carried_out(self.prepare_redo(), SILENT)

    def prepare(self, command: Command, progress: Progress = SILENT) -> Prepared:
        """Work out what *command* does; nothing moves, so it may run in a worker.

        Raises: EditError, Cancelled.
        """
        desk = self._desk()
        before = self._snapshot
        proposed = command.propose(before, desk)
        if progress.is_cancelled():
            raise Cancelled
        done = self._completed(proposed, command, before)
        if not done.change.rows:
            raise EditError("edit.nothing_changes")
        return Prepared(self._with_marks(done, desk.today), desk.gesture)

    def prepare_undo(self) -> Prepared:
        """Work out how the last gesture is taken back; may run in a worker.

        Raises: EditError ``edit.nothing_to_undo``, ``edit.busy``, StoreError.
        """
        self._refuse_when_busy()
        if not self._undo:
            raise EditError("edit.nothing_to_undo")
        revision = self._undo[-1]
        rows = tuple(row.swapped() for row in reversed(self._change_at(revision).rows))
        return self._repeated(Change("undo", rows, undid=revision))

    def prepare_undo_to(self, revision: int, progress: Progress = SILENT) -> Prepared:
        """Work out how all gestures after the one that made *revision* are taken back at once.

        It makes one revision, and redo repeats them one by one. May run in a worker.
        Raises: EditError ``edit.not_standing``, ``edit.nothing_to_undo``, ``edit.busy``,
            StoreError, Cancelled.
        """
        self._refuse_when_busy()
        count = self.gestures_after(revision)
        if count is None:
            raise EditError("edit.not_standing", revision=revision)
        if not count:
            raise EditError("edit.nothing_to_undo")
        gestures = self._undo[-count:]
        changes = (self._change_at(gesture) for gesture in gestures)
        rows = taken_back(self._snapshot, changes, progress, count)
        kind = "undo" if count == 1 else "undo_to"
        return self._repeated(Change(kind, rows, undid=gestures[0]))

    def undo_to(self, revision: int) -> Done:
        """Take back all gestures after the one that made *revision*; see above."""
        return self._carried_out(self.prepare_undo_to(revision), SILENT)

    def prepare_redo(self) -> Prepared:
        """Work out how the gesture last taken back is repeated; may run in a worker.

        Raises: EditError ``edit.nothing_to_redo``, ``edit.busy``, StoreError.
        """
        self._refuse_when_busy()
        if not self._redo:
            raise EditError("edit.nothing_to_redo")
        revision = self._redo[-1]
        return self._repeated(Change("redo", self._change_at(revision).rows, redid=revision))

    def store_prepared(self, prepared: Prepared, progress: Progress = SILENT) -> None:
        """Store what is prepared; may run in a worker. Until it is adopted all else is refused.

        Raises: EditError ``edit.busy`` while another change is being stored, ``edit.meanwhile``
            when the project is no longer as it was when this was prepared; StoreError, Cancelled.
            Nothing moves then.
        """
        if not self._writing.acquire(blocking=False):
            raise EditError("edit.busy")
        try:
            self._refuse_when_outdated(prepared)
            self._stored = prepared, self._kept(prepared, progress)
        except BaseException:
            self._writing.release()
            raise

    def adopt(self, prepared: Prepared) -> Done:
        """Let memory follow what was stored, and tell the listeners.

        Raises: ValueError when it was not stored.
        """
        if self._stored is None or self._stored[0] is not prepared:
            raise ValueError("not stored")
        done = prepared.done
        self._snapshot = self._stored[1]
        self._stored = None
        self._remember(done)
        self._writing.release()
        for listener in self._listeners:
            listener(done)
        return done

    def past(self, revision: int, progress: Progress = SILENT) -> Past:
        """Return the state after an earlier revision, and what came since; for a worker.

        Raises: EditError ``edit.no_such_revision``, StoreError, Cancelled.
        """
        return past_state(self._snapshot, revision, self._change_at, progress)

    def gestures_after(self, revision: int) -> int | None:
        """Return how many gestures lie on the one that made *revision*, None when it was undone."""
        at = bisect_left(self._undo, revision)
        is_standing = at < len(self._undo) and self._undo[at] == revision
        return len(self._undo) - at - 1 if is_standing else None

    def history(self, limit: int | None = None) -> list[LogEntry]:
        """Return the change log, newest first."""
        return self._store.log(limit)

    def _desk(self) -> Desk:
        return Desk(self._make_uid(), self._make_uid, self._now(), self._author, self.past)

    def _refuse_when_busy(self) -> None:
        if self.is_busy:
            raise EditError("edit.busy")

    def _refuse_when_outdated(self, prepared: Prepared) -> None:
        if prepared.done.before is not self._snapshot:
            raise EditError("edit.meanwhile")

    def _entry(self, revision: int) -> LogEntry | None:
        if revision not in self._entries:
            if self.is_busy:
                # The store is at work; nobody waits for it here.
                return None
            self._entries[revision] = self._store.log_entry(revision)
        return self._entries[revision]

    def _is_long(self, revision: int) -> bool:
        """Return whether a change has many rows, or has to be looked for in the store."""
        known = self._recent.get(revision)
        return known is None or len(known.rows) > _LONG_CHANGE

    def _change_at(self, revision: int) -> Change:
        known = self._recent.get(revision)
        return self._store.change_at(revision) if known is None else known

    def _carried_out(self, prepared: Prepared, progress: Progress) -> Done:
        self.store_prepared(prepared, progress)
        return self.adopt(prepared)

    def _completed(self, proposed: Change, command: Command, before: Snapshot) -> Done:
        """Stamp a proposed change, add what follows from it, and guard it."""
        revision = before.revision + 1
        change = replace(proposed, rows=tuple(_stamped(row, revision) for row in proposed.rows))
        after = before.applied(change, revision)
        shifts = Shifts(before, after, change)
        check_locks(before, shifts, change, may_move_frame=command.may_move_frame)
        restores = change.kind == RESTORING_GESTURE
        follow = [
            *([] if restores else consequences(before, after, shifts)),
            *locks_that_follow(before, change, self._make_uid),
            *plan_that_follows(before, change),
        ]
        if follow:
            extra = [_stamped(row, revision) for row in follow]
            after = after.applied(Change(change.kind, tuple(extra)), revision)
            change = replace(change, rows=_merged(change.rows, extra))
        check_nothing_vanishes(after, shifts)
        check_may_hold_land(after, shifts)
        return Done(change, before, after, shifts.touched())

    def _with_marks(self, done: Done, today: str) -> Done:
        """Return a change with what it settles, as far as the issues before it are known."""
        book = self._book()
        if (
            book is None
            or book.snapshot.revision != done.before.revision
            or needs_full_check(done.change)
        ):
            return done
        book = book.after(done.after, done.change, done.touched)
        marks = marks_of_settled(done.before, book, today)
        if not marks:
            return replace(done, book=book)
        rows = [_stamped(row, done.revision) for row in marks]
        after = done.after.applied(Change(done.change.kind, tuple(rows)), done.revision)
        change = replace(done.change, rows=_merged(done.change.rows, rows))
        return replace(done, change=change, after=after, book=book.on(after))

    def _repeated(self, change: Change) -> Prepared:
        before = self._snapshot
        revision = before.revision + 1
        stamped = replace(
            change, rows=tuple(_stamped(_current(row, before), revision) for row in change.rows)
        )
        after = before.applied(stamped, revision)
        done = Done(stamped, before, after, Shifts(before, after, stamped).touched())
        return Prepared(done, self._make_uid())

    def _kept(self, prepared: Prepared, progress: Progress) -> Snapshot:
        """Store a change and return the state that memory takes when it is adopted."""
        done = prepared.done
        self._store.write(
            done.change,
            gesture=prepared.gesture,
            lands=lands_of(done.after, done.touched),
            author=self._author,
            time=self._now(),
            progress=progress,
        )
        is_large = done.after.partition.overlay_size() > _LARGE_OVERLAY
        return done.after.compacted() if is_large else done.after

    def _remember(self, done: Done) -> None:
        """Keep up the history with a change that is stored."""
        change = done.change
        if change.undid is not None:
            # What was taken back at once is repeated one by one.
            while True:
                self._redo.append(self._undo.pop())
                if self._redo[-1] == change.undid:
                    break
        elif change.redid is not None:
            self._undo.append(self._redo.pop())
        elif change.kind not in LASTING:
            self._undo.append(done.revision)
            self._redo.clear()
            if len(change.rows) <= _LARGE_CHANGE:
                self._recent[done.revision] = change
            if len(self._recent) > _RECENT_CHANGES:
                del self._recent[min(self._recent)]


def _stamped(row: RowChange, revision: int) -> RowChange:
    if row.after is None:
        return row
    return RowChange(row.table, row.before, replace(row.after, revision=revision))


def _current(row: RowChange, snapshot: Snapshot) -> RowChange:
    """Return *row* with the revision stamps that the rows bear now."""
    if row.before is None:
        return row
    if row.table == "border":
        present = snapshot.partition.border(int(row.key))
    else:
        present = snapshot.rows(row.table)[str(row.key)]
    return RowChange(row.table, present, row.after)


def _merged(rows: Sequence[RowChange], extra: Sequence[RowChange]) -> tuple[RowChange, ...]:
    merged = {(row.table, row.key): row for row in rows}
    for row in extra:
        known = merged.get((row.table, row.key))
        before = row.before if known is None else known.before
        merged[row.table, row.key] = RowChange(row.table, before, row.after)
    return tuple(row for row in merged.values() if row.before is not None or row.after is not None)


def lands_of(snapshot: Snapshot, owners: Sequence[int] | frozenset[int]) -> dict[int, bytes | None]:
    """Return the polygons of areas and exempt land as WKB in plane metres, None = no land."""
    wanted = []
    for oid in owners:
        owner = snapshot.owner(oid)
        if owner is not None and owner[0] != "dispute":
            wanted.append(oid)
    with_land = set(wanted)
    gone: dict[int, bytes | None] = {
        oid: None for oid in owners if oid > 0 and oid not in with_land
    }
    if len(wanted) > _MANY_OUTLINES:
        polygons = land_polygons(snapshot.partition, _by_depth(snapshot, wanted), snapshot.place)
    else:
        polygons = {
            oid: to_polygon(land_parts(snapshot.partition, oid), snapshot.place) for oid in wanted
        }
    for oid in wanted:
        polygon = polygons.get(oid)
        has_land = polygon is not None and not polygon.is_empty
        gone[oid] = shapely.to_wkb(polygon, byte_order=1) if has_land else None
    return gone


def _by_depth(snapshot: Snapshot, owners: Sequence[int]) -> list[list[int]]:
    parents = snapshot.partition.parents
    groups: dict[int, list[int]] = {}
    for oid in owners:
        depth, current = 0, parents.get(oid)
        while current is not None:
            depth, current = depth + 1, parents.get(current)
        groups.setdefault(depth, []).append(oid)
    return list(groups.values())
