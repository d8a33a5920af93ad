"""Rows of the logged tables to and from the records of the model, many at a time."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cache
from itertools import repeat
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Boolean, Connection, bindparam, delete, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert

from gridadmin.base.ids import oid_of
from gridadmin.base.memory import collector_paused
from gridadmin.base.progress import Progress, checkpoint
from gridadmin.domain.change import TABLES, RowChange, columns_of, key_column
from gridadmin.store.tables import OWNERS, table_of

_DIALECT = sqlite.dialect()
_CHUNK = 20_000

Values = tuple[Any, ...]


@cache
def values_getter(table: str) -> Callable[[Any], Values]:
    """Return the quickest way from a record of *table* to its values in column order."""
    getter: Callable[[Any], Values] = attrgetter(*columns_of(table))
    return getter


def table_name_of(record: object) -> str:
    """Return the logged table that *record* belongs to."""
    return _TABLE_OF[type(record)]


def read_records(connection: Connection, table: str, *, in_order: bool = True) -> list[Any]:
    """Return all rows of *table* as records, by key or, where that is quicker, as they lie there.

    Owners of land lie by their kernel number.
    """
    is_sorted = in_order and table in OWNERS
    with collector_paused():
        rows = _rows(connection, columns_of(table), table)
        if is_sorted:
            key = columns_of(table).index(key_column(table))
            rows.sort(key=itemgetter(key))
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        for position in _flag_positions(table) if rows else ():
            columns[position] = [None if v is None else bool(v) for v in columns[position]]
        return _records(TABLES[table], columns)


def read_columns(
    connection: Connection, table: str, columns: tuple[str, ...]
) -> list[Sequence[Any]]:
    """Return some columns of *table*, by key unless owners of land are in it."""
    with collector_paused():
        rows = _rows(connection, columns, table)
        return list(zip(*rows, strict=True)) or [() for _ in columns]


def _rows(connection: Connection, columns: tuple[str, ...], table: str) -> list[Values]:
    # The driver's own tuples: wrapping each in a Row would take as long as reading them.
    cursor: Any = connection.exec_driver_sql(_select_sql(table, columns)).cursor
    rows: list[Values] = cursor.fetchall()
    return rows


def _records(record: type[Any], columns: Sequence[Sequence[Any]]) -> list[Any]:
    """Return the records whose fields are *columns*.

    Column by column into the slots: the constructor of a frozen dataclass takes twice as long.
    """
    make: Callable[..., Any] = record.__new__
    made = list(map(make, repeat(record, len(columns[0]) if columns else 0)))
    for field, column in zip(fields(record), columns, strict=bool(columns)):
        deque(map(getattr(record, field.name).__set__, made, column), maxlen=0)
    return made


def write_records(
    connection: Connection, table: str, records: Iterable[Any], progress: Progress
) -> None:
    """Insert records, or replace the rows that bear their keys.

    Raises: Cancelled.
    """
    get = values_getter(table)
    rows = [get(record) for record in records]
    if table in OWNERS:
        key = columns_of(table).index("uid")
        rows = [(oid_of(row[key]), *row) for row in rows]
    # Keys of owners are hashes: in order they fill the tree page by page.
    rows.sort(key=lambda row: row[0])
    _run(connection, _upsert_sql(table), rows, progress)


def delete_records(
    connection: Connection, table: str, keys: Iterable[str | int], progress: Progress
) -> None:
    """Delete the rows that bear these keys.

    Raises: Cancelled.
    """
    _run(connection, _delete_sql(table), [(key,) for key in keys], progress)


def apply_rows(connection: Connection, rows: Sequence[RowChange], progress: Progress) -> None:
    """Bring the tables to the state after these row changes: deletions first, then the rest.

    Raises: Cancelled.
    """
    kept: dict[str, list[Any]] = defaultdict(list)
    gone: dict[str, list[str | int]] = defaultdict(list)
    for row in rows:
        if row.after is None:
            gone[row.table].append(row.key)
        else:
            kept[row.table].append(row.after)
    for table, keys in gone.items():
        delete_records(connection, table, keys, progress)
    for table, records in kept.items():
        write_records(connection, table, records, progress)


def _run(connection: Connection, sql: str, rows: list[Values], progress: Progress) -> None:
    for start in range(0, len(rows), _CHUNK):
        checkpoint(progress, "progress.saving", start, len(rows))
        connection.exec_driver_sql(sql, rows[start : start + _CHUNK])


@cache
def _select_sql(name: str, columns: tuple[str, ...]) -> str:
    table = table_of(name)
    statement = select(*(table.c[column] for column in columns))
    # To follow the index of the uids of owners would mean to leap through the file.
    key = "oid" if name in OWNERS else key_column(name)
    return str(statement.order_by(table.c[key]).compile(dialect=_DIALECT))


@cache
def _upsert_sql(name: str) -> str:
    # Not INSERT OR REPLACE: it would silently drop another area whose number is the same.
    table = table_of(name)
    key = key_column(name)
    statement = insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=[key],
        set_={column: statement.excluded[column] for column in columns_of(name) if column != key},
    )
    return str(statement.compile(dialect=_DIALECT))


@cache
def _delete_sql(name: str) -> str:
    table = table_of(name)
    return str(
        delete(table).where(table.c[key_column(name)] == bindparam("key")).compile(dialect=_DIALECT)
    )


@cache
def _flag_positions(name: str) -> tuple[int, ...]:
    table = table_of(name)
    return tuple(
        position
        for position, column in enumerate(columns_of(name))
        if isinstance(table.c[column].type, Boolean)
    )


_TABLE_OF = {record: table for table, record in TABLES.items()}
