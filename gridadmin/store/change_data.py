"""A change as bytes for the change log: MessagePack, deflated.

The bytes name the columns of every table they hold, so a log written before a column was added, or
taken away, is still read.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import msgpack

from gridadmin.base.errors import StoreError
from gridadmin.base.memory import collector_paused
from gridadmin.domain.change import TABLES, Change, LogEntry, RowChange, columns_of
from gridadmin.store.records import values_getter

FORMAT = 1
_LEVEL = 1


def pack_change(change: Change) -> bytes:
    """Return the rows and the told facts of *change*; the rest stands in columns of the log."""
    tables = list(dict.fromkeys(row.table for row in change.rows))
    numbers = {table: number for number, table in enumerate(tables)}
    getters = {table: values_getter(table) for table in tables}
    with collector_paused():
        rows = []
        for row in change.rows:
            get = getters[row.table]
            before = None if row.before is None else get(row.before)
            after = None if row.after is None else get(row.after)
            rows.append((numbers[row.table], before, after))
        content = {
            "format": FORMAT,
            "tables": [(table, columns_of(table)) for table in tables],
            "rows": rows,
            "told": change.told,
        }
        packed: bytes = msgpack.packb(content)
    return zlib.compress(packed, _LEVEL)


def unpack_change(data: bytes, entry: LogEntry) -> Change:
    """Return the change that *entry* logged with *data*.

    Raises: StoreError ``store.log_unreadable``.
    """
    try:
        with collector_paused():
            content = msgpack.unpackb(zlib.decompress(data), strict_map_key=False)
            makers = [(table, _maker(table, columns)) for table, columns in content["tables"]]
            rows = []
            for number, before, after in content["rows"]:
                table, make = makers[number]
                rows.append(RowChange(table, make(before), make(after)))
        told = tuple((name, value) for name, value in content["told"])
    except (zlib.error, ValueError, TypeError, KeyError, IndexError) as cause:
        raise StoreError(
            "store.log_unreadable", revision=entry.revision, reason=str(cause)
        ) from cause
    return Change(
        kind=entry.kind,
        rows=tuple(rows),
        note=entry.note,
        undid=entry.undid,
        redid=entry.redid,
        told=told,
    )


def _maker(table: str, columns: list[str]) -> Callable[[list[Any] | None], Any]:
    """Return what turns the values of *columns* into a record; columns it lacks get defaults."""
    record = TABLES[table]
    if tuple(columns) == columns_of(table):
        return lambda values: None if values is None else record(*values)
    known = {field.name for field in fields(record)}

    def make(values: list[Any] | None) -> Any:
        if values is None:
            return None
        given: Mapping[str, Any] = dict(zip(columns, values, strict=True))
        return record(**{name: value for name, value in given.items() if name in known})

    return make
