"""Inserts many rows into a SQLite table quickly: many with each statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from gridadmin.exchange.sql_names import quoted

_MOST_PLACES = 900
"""Any SQLite takes so many question marks in one statement."""


def insert_rows(
    connection: sqlite3.Connection, table: str, width: int, rows: Iterable[Sequence[Any]]
) -> None:
    """Insert *rows*, each of *width* values, in their order.

    Raises: sqlite3.Error.
    """
    flat = list(chain.from_iterable(rows))
    step = max(1, _MOST_PLACES // width) * width
    whole = len(flat) // step * step
    if whole:
        parts = (flat[begin : begin + step] for begin in range(0, whole, step))
        connection.executemany(_statement(table, width, step // width), parts)
    if whole < len(flat):
        rest = flat[whole:]
        connection.execute(_statement(table, width, len(rest) // width), rest)


def _statement(table: str, width: int, count: int) -> str:
    row = f"({','.join('?' * width)})"
    return f"INSERT INTO {quoted(table)} VALUES {','.join([row] * count)}"  # noqa: S608 - quoted
