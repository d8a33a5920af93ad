"""Several changes in a row as one: each builds on the state that the one before leads to."""

from __future__ import annotations

from typing import Any

from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.model import BorderRow
from gridadmin.partition.snapshot import Snapshot


class Chain:
    """Changes taken one after the other; ``snapshot`` is the state after the last."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._revision = snapshot.revision
        self._rows: dict[tuple[str, str | int], RowChange] = {}

    def take(self, change: Change) -> None:
        """Carry out one more change."""
        self.snapshot = self.snapshot.applied(change, self._revision)
        for row in change.rows:
            known = self._rows.get((row.table, row.key), row)
            self._rows[row.table, row.key] = RowChange(row.table, known.before, row.after)

    def added(self, table: str) -> list[Any]:
        """Return the rows of a table, as they are now, that were not there at the start."""
        rows = (row for row in self._rows.values() if row.table == table and row.before is None)
        return [row.after for row in rows if row.after is not None]

    def change(self, kind: str, **told: Any) -> Change:
        """Return all changes as one."""
        rows = tuple(row for row in self._rows.values() if not _is_as_before(row))
        return Change(kind, rows, told=tuple(told.items()))


def _is_as_before(row: RowChange) -> bool:
    if isinstance(row.before, BorderRow) and isinstance(row.after, BorderRow):
        return _line(row.before) == _line(row.after)
    return bool(row.before == row.after)


def _line(border: BorderRow) -> tuple[bytes, int, int]:
    return border.points, border.left, border.right
