"""A change as data: the before and after of every touched row.

It is at once what the store writes, what memory applies, what undo swaps, what the log keeps and
what other users receive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from gridadmin.domain import model
from gridadmin.domain.people import PEOPLE
from gridadmin.domain.release import RELEASE_GESTURE, Release

Row = Mapping[str, Any]

TABLES: Mapping[str, type[Any]] = {
    "area": model.Area,
    "border": model.BorderRow,
    "exempt": model.Exempt,
    "dispute": model.Dispute,
    "stacked_part": model.StackedPart,
    "building": model.Building,
    "entrance": model.Entrance,
    "compound": model.Compound,
    "line_object": model.LineObject,
    "point_object": model.PointObject,
    "code_period": model.CodePeriod,
    "lineage": model.Lineage,
    "reference_outline": model.ReferenceOutline,
    "grouping": model.Grouping,
    "grouping_member": model.GroupingMember,
    "border_lock": model.BorderLock,
    "issue_mark": model.IssueMark,
    "plan": model.Plan,
    "release": Release,
    "context": model.Context,
    "setting": model.Setting,
    **PEOPLE,
}
"""Every logged table and the dataclass of its rows; the key is ``id`` for borders, else ``uid``."""


LASTING = (RELEASE_GESTURE,)
"""Kinds of changes that undo and redo pass over."""


RESTORING_GESTURE = "roll_back"
"""The kind of a change that brings whole rows back: nothing follows from it."""


def key_column(table: str) -> str:
    """Return the name of the key column of *table*."""
    return "id" if table == "border" else "uid"


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after, as typed records of :data:`TABLES`; None = absent."""

    table: str
    before: Any
    after: Any

    @property
    def key(self) -> str | int:
        """The key of the row."""
        record = self.before if self.after is None else self.after
        key: str | int = getattr(record, key_column(self.table))
        return key

    def swapped(self) -> RowChange:
        """The change that takes this one back."""
        return RowChange(self.table, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Change:
    """All rows that one gesture touches, and what it tells the user.

    ``kind`` names the command, ``undid``/``redid`` the revision whose gesture this takes back or
    repeats, ``told`` holds facts for the answer (mm moved by snapping, dust settled…), plain JSON
    values.
    """

    kind: str
    rows: tuple[RowChange, ...]
    note: str = ""
    undid: int | None = None
    redid: int | None = None
    told: tuple[tuple[str, Any], ...] = ()

    def of(self, table: str) -> tuple[RowChange, ...]:
        """The row changes of one table."""
        return tuple(row for row in self.rows if row.table == table)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the change log without its rows."""

    revision: int
    gesture: str
    kind: str
    author: str
    time: str
    note: str
    undid: int | None
    redid: int | None


_FIELDS: Mapping[type[Any], tuple[str, ...]] = {
    record: tuple(field.name for field in fields(record)) for record in TABLES.values()
}


def columns_of(table: str) -> tuple[str, ...]:
    """Return the column names of *table*, in the order of its dataclass."""
    return _FIELDS[TABLES[table]]
