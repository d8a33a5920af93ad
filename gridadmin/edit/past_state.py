"""An earlier state of a project, worked out of the present one and the change log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gridadmin.base.errors import EditError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.change import Change, RowChange
from gridadmin.partition.snapshot import Snapshot

ChangeAt = Callable[[int], Change]


@dataclass(frozen=True)
class Past:
    """An earlier state, and all that has changed from there to the present as one change."""

    snapshot: Snapshot
    since: Change


class PastReader:
    """The state after one revision, kept up while the project goes on: each change is read once."""

    def __init__(self, revision: int) -> None:
        self.revision = revision
        self._read_to = revision
        self._first: dict[tuple[str, str | int], Any] = {}
        self._snapshot: Snapshot | None = None

    def past(self, present: Snapshot, change_at: ChangeAt, progress: Progress = SILENT) -> Past:
        """Return the state after the revision, and what came since; takes long, for a worker.

        Raises: EditError ``edit.no_such_revision``, StoreError, Cancelled.
        """
        if not 0 <= self.revision <= present.revision or self._read_to > present.revision:
            raise EditError(
                "edit.no_such_revision", revision=self.revision, newest=present.revision
            )
        revisions = range(self._read_to + 1, present.revision + 1)
        for number in revisions:
            checkpoint(progress, "progress.reading", number - revisions.start, len(revisions))
            _enter(self._first, change_at(number))
            self._read_to = number
        back = _way_back(present, self._first)
        if self._snapshot is None:
            self._snapshot = present.applied(Change("past", back), self.revision)
        return Past(self._snapshot, Change("since", tuple(row.swapped() for row in back)))


def past_state(
    present: Snapshot, revision: int, change_at: ChangeAt, progress: Progress = SILENT
) -> Past:
    """Return the state after *revision*, and what came since; takes long, for a worker.

    Raises: EditError ``edit.no_such_revision``, StoreError, Cancelled.
    """
    return PastReader(revision).past(present, change_at, progress)


def taken_back(
    present: Snapshot,
    changes: Iterable[Change],
    progress: Progress = SILENT,
    total: int = 0,
) -> tuple[RowChange, ...]:
    """Return the row changes that lead from the present state to the one before *changes*.

    The changes come oldest first. Rows that are as they were, but for their revision, are left out.
    Raises: Cancelled.
    """
    first: dict[tuple[str, str | int], Any] = {}
    for number, change in enumerate(changes):
        checkpoint(progress, "progress.reading", number, total)
        _enter(first, change)
    return _way_back(present, first)


def _enter(first: dict[tuple[str, str | int], Any], change: Change) -> None:
    for row in change.rows:
        first.setdefault((row.table, row.key), row.before)


def _way_back(
    present: Snapshot, first: Mapping[tuple[str, str | int], Any]
) -> tuple[RowChange, ...]:
    rows = []
    for (table, key), before in first.items():
        now = present_row(present, table, key)
        if not _is_same(now, before):
            rows.append(RowChange(table, now, before))
    return tuple(rows)


def present_row(snapshot: Snapshot, table: str, key: str | int) -> Any:
    """Return a row of any table as it is in *snapshot*, None when it isn't there."""
    if table != "border":
        return snapshot.rows(table).get(str(key))
    partition = snapshot.partition
    return partition.border(int(key)) if partition.has(int(key)) else None


def _is_same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return bool(replace(one, revision=0) == replace(other, revision=0))
