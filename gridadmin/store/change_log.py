"""The change log of a project file: one row per revision, and the history that follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import sqlite

from gridadmin.base.errors import StoreError
from gridadmin.domain.change import LASTING, Change, LogEntry
from gridadmin.store.change_data import unpack_change
from gridadmin.store.tables import CHANGE_LOG

_LIGHT = (
    CHANGE_LOG.c.revision,
    CHANGE_LOG.c.gesture,
    CHANGE_LOG.c.kind,
    CHANGE_LOG.c.author,
    CHANGE_LOG.c.time,
    CHANGE_LOG.c.note,
    CHANGE_LOG.c.undid,
    CHANGE_LOG.c.redid,
)

UndoRedo = tuple[int | None, int | None]


def append_entry(connection: Connection, entry: LogEntry, data: bytes) -> None:
    """Log a change; its parent is the revision before it."""
    connection.exec_driver_sql(
        _insert_sql(),
        (
            entry.revision,
            entry.gesture,
            entry.kind,
            entry.author,
            entry.time,
            entry.note,
            entry.undid,
            entry.redid,
            entry.revision - 1,
            data,
        ),
    )


@cache
def _insert_sql() -> str:
    """Return the SQL that logs a change; building it anew costs more than running it."""
    columns = (*_LIGHT, CHANGE_LOG.c.parent_revision, CHANGE_LOG.c.data)
    statement = insert(CHANGE_LOG).values({column.name: None for column in columns})
    return str(statement.compile(dialect=sqlite.dialect()))


def read_entries(connection: Connection, limit: int | None) -> list[LogEntry]:
    """Return the entries without their rows, the newest first."""
    statement = select(*_LIGHT).order_by(CHANGE_LOG.c.revision.desc()).limit(limit)
    return [LogEntry(*row) for row in connection.execute(statement)]


def read_entry(connection: Connection, revision: int) -> LogEntry | None:
    """Return the entry of *revision* without its rows, None when there is none."""
    statement = select(*_LIGHT).where(CHANGE_LOG.c.revision == revision)
    row = connection.execute(statement).one_or_none()
    return None if row is None else LogEntry(*row)


def read_change(connection: Connection, revision: int) -> Change:
    """Return the change that made *revision*.

    Raises: StoreError ``store.no_revision``, ``store.log_unreadable``.
    """
    statement = select(*_LIGHT, CHANGE_LOG.c.data).where(CHANGE_LOG.c.revision == revision)
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise StoreError("store.no_revision", revision=revision)
    *light, data = row
    return unpack_change(data, LogEntry(*light))


def read_history(connection: Connection) -> tuple[list[int], list[int]]:
    """Return the undo and the redo stack, see :func:`history_of`."""
    columns = CHANGE_LOG.c.revision, CHANGE_LOG.c.undid, CHANGE_LOG.c.redid
    passing = select(*columns).where(CHANGE_LOG.c.kind.not_in(LASTING))
    rows = connection.execute(passing.order_by(CHANGE_LOG.c.revision))
    return history_of((revision, (undid, redid)) for revision, undid, redid in rows)


def history_of(log: Iterable[tuple[int, UndoRedo]]) -> tuple[list[int], list[int]]:
    """Return the revisions that can be undone and those that can be redone, the next one last.

    Both stacks name the revision that made the gesture first, however often it was taken back and
    repeated since; the log may name any of these as what it took back or repeated. An undo takes
    back what lies on the gesture that it names, too.
    """
    undo: list[int] = []
    redo: list[int] = []
    origin: dict[int, int] = {}
    for revision, (undid, redid) in log:
        if undid is not None:
            gesture = origin.get(undid, undid)
            _take_back(gesture, undo, redo)
        elif redid is not None:
            gesture = origin.get(redid, redid)
            _repeat(gesture, undo, redo)
        else:
            gesture = revision
            undo.append(revision)
            redo.clear()
        origin[revision] = gesture
    return undo, redo


def _take_back(gesture: int, undo: list[int], redo: list[int]) -> None:
    """Move a gesture, and those that lie on it, the last first, from the undo to the redo stack."""
    if gesture not in undo:
        redo.append(gesture)
        return
    at = undo.index(gesture)
    redo.extend(reversed(undo[at:]))
    del undo[at:]


def _repeat(gesture: int, undo: list[int], redo: list[int]) -> None:
    if gesture in redo:
        redo.remove(gesture)
    undo.append(gesture)
