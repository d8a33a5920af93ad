"""The document: the only place where the state of a project changes.

A command proposes a change; the document completes it, guards it, stores it, and only then lets
memory follow. Undo and redo are changes through the same door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import UidMaker, new_uid
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.change import Change, LogEntry, RowChange
from gridadmin.edit.command import Command
from gridadmin.edit.consequences import consequences, locks_that_follow
from gridadmin.edit.draft import Desk
from gridadmin.edit.guards import check_locks, check_may_hold_land, check_nothing_vanishes
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

    def one_state(self) -> AbstractContextManager[None]:
        """Read one state of the store inside."""


@dataclass(frozen=True)
class Done:
    """A change that has been carried out: the states around it and the areas it touched."""

    change: Change
    before: Snapshot
    after: Snapshot
    touched: frozenset[int]

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


Listener = Callable[[Done], None]

_MANY_OUTLINES = 150
_LARGE_OVERLAY = 30_000


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
    ) -> None:
        self._store = store
        self._snapshot = snapshot
        self._author = author
        self._make_uid = make_uid
        self._now = now
        self._undo, self._redo = store.history_state()
        self._listeners: list[Listener] = []

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

    def on_change(self, listener: Listener) -> None:
        """Call *listener* after every change, undo and redo too."""
        self._listeners.append(listener)

    def preview(self, command: Command) -> Done:
        """Return what *command* would do; nothing is stored. Raises: EditError."""
        return self._completed(command.propose(self._snapshot, self._desk()), command)

    def execute(self, command: Command, progress: Progress = SILENT) -> Done:
        """Carry out *command* as one gesture.

        Raises: EditError when it is refused, StoreError when it can't be kept; nothing moves then.
        """
        desk = self._desk()
        done = self._completed(command.propose(self._snapshot, desk), command)
        if not done.change.rows:
            raise EditError("edit.nothing_changes")
        self._keep(done, desk.gesture, progress)
        self._undo.append(done.revision)
        self._redo.clear()
        self._announce(done)
        return done

    def undo(self) -> Done:
        """Take the last gesture back. Raises: EditError ``edit.nothing_to_undo``, StoreError."""
        if not self._undo:
            raise EditError("edit.nothing_to_undo")
        revision = self._undo[-1]
        change = self._store.change_at(revision)
        rows = tuple(row.swapped() for row in reversed(change.rows))
        done = self._repeated(Change("undo", rows, undid=revision))
        self._redo.append(self._undo.pop())
        self._announce(done)
        return done

    def redo(self) -> Done:
        """Repeat the gesture last taken back. Raises: EditError ``edit.nothing_to_redo``."""
        if not self._redo:
            raise EditError("edit.nothing_to_redo")
        revision = self._redo[-1]
        change = self._store.change_at(revision)
        done = self._repeated(Change("redo", change.rows, redid=revision))
        self._undo.append(self._redo.pop())
        self._announce(done)
        return done

    def history(self, limit: int | None = None) -> list[LogEntry]:
        """Return the change log, newest first."""
        return self._store.log(limit)

    def _desk(self) -> Desk:
        now = self._now()
        return Desk(self._make_uid(), self._make_uid, now[:10], self._author)

    def _completed(self, proposed: Change, command: Command) -> Done:
        """Stamp a proposed change, add what follows from it, and guard it."""
        before = self._snapshot
        revision = before.revision + 1
        change = replace(proposed, rows=tuple(_stamped(row, revision) for row in proposed.rows))
        after = before.applied(change, revision)
        shifts = Shifts(before, after, change)
        if not command.may_move_frame:
            check_locks(before, shifts, change)
        follow = [*consequences(after, shifts), *locks_that_follow(before, change, self._make_uid)]
        if follow:
            extra = [_stamped(row, revision) for row in follow]
            after = after.applied(Change(change.kind, tuple(extra)), revision)
            change = replace(change, rows=_merged(change.rows, extra))
        check_nothing_vanishes(after, shifts)
        check_may_hold_land(after, shifts)
        return Done(change, before, after, shifts.touched())

    def _repeated(self, change: Change) -> Done:
        before = self._snapshot
        revision = before.revision + 1
        stamped = replace(
            change, rows=tuple(_stamped(_current(row, before), revision) for row in change.rows)
        )
        after = before.applied(stamped, revision)
        done = Done(stamped, before, after, Shifts(before, after, stamped).touched())
        self._keep(done, self._make_uid(), SILENT)
        return done

    def _keep(self, done: Done, gesture: str, progress: Progress) -> None:
        self._store.write(
            done.change,
            gesture=gesture,
            lands=lands_of(done.after, done.touched),
            author=self._author,
            time=self._now(),
            progress=progress,
        )
        after = done.after
        if after.partition.overlay_size() > _LARGE_OVERLAY:
            after = after.compacted()
        self._snapshot = after

    def _announce(self, done: Done) -> None:
        for listener in self._listeners:
            listener(done)


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
