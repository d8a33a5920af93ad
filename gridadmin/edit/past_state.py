"""An earlier state of a project, worked out of the present one and the change log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


def past_state(
    present: Snapshot, revision: int, change_at: ChangeAt, progress: Progress = SILENT
) -> Past:
    """Return the state after *revision*, and what came since; takes long, for a worker.

    Raises: EditError ``edit.no_such_revision``, StoreError, Cancelled.
    """
    if not 0 <= revision <= present.revision:
        raise EditError("edit.no_such_revision", revision=revision, newest=present.revision)
    revisions = range(revision + 1, present.revision + 1)
    back = taken_back(present, (change_at(n) for n in revisions), progress, len(revisions))
    snapshot = present.applied(Change("past", back), revision)
    return Past(snapshot, Change("since", tuple(row.swapped() for row in back)))


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
        for row in change.rows:
            first.setdefault((row.table, row.key), row.before)
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
