"""Proves that a package just written holds what was meant, and that what was meant is sound.

Outlines are parsed from the bytes that go into the file and judged while it is being written; then
every row is read back and compared with those bytes. What lies on the disk is thus what was judged,
and no outline is parsed twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.base.progress import Progress, checkpoint
from gridadmin.exchange.gpkg_blob import blobs
from gridadmin.exchange.layer_check import extent_problems, index_problems, listed
from gridadmin.exchange.package_check import file_problems
from gridadmin.exchange.package_content import KEY_COLUMN, Geometries
from gridadmin.exchange.sql_names import quoted
from gridadmin.exchange.stored_content import TYPE_IDS, StoredTable

_ROWS_AT_ONCE = 5_000

Faulty = NDArray[np.bool_]
T = TypeVar("T")


def rows_of(table: StoredTable, srs_id: int, begin: int, end: int) -> Iterator[tuple[Any, ...]]:
    """Return the rows *begin* to *end* of a table as they stand in the file."""
    part = slice(begin, end)
    columns: list[Sequence[Any]] = [table.fids[part].tolist()]
    if table.wkbs is not None and table.boxes is not None:
        columns.append(blobs(table.wkbs[part], table.boxes[part], srs_id))
    columns += [values[part] for values in table.values]
    return zip(*columns, strict=True)


class PackageProof:
    """Judges the outlines of a package beside other work, then the file that holds them."""

    def __init__(self, tables: Sequence[StoredTable], srs_id: int) -> None:
        self._tables = tables
        self._srs_id = srs_id
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="outlines")
        self._judged: list[tuple[StoredTable, int, Future[Faulty]]] = []

    def __enter__(self) -> Self:
        """Begin to judge."""
        for table in self._tables:
            for begin in range(0, len(table.fids) if table.wkbs else 0, _ROWS_AT_ONCE):
                future = self._worker.submit(_faulty, table, begin)
                self._judged.append((table, begin, future))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave off."""
        self._worker.shutdown(cancel_futures=True)

    def beside(self, work: Callable[[], T]) -> Future[T]:
        """Have something worked out beside the proof: what lets other Python code run meanwhile."""
        return self._worker.submit(work)

    def problems(self, path: Path, progress: Progress) -> list[str]:
        """Return what is wrong with the file at *path* or its outlines; empty when nothing is.

        Raises: Cancelled.
        """
        checkpoint(progress, "progress.export_check", 0, 1)
        found = file_problems(path, is_sampled=True)
        try:
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA query_only = ON")
                for table in self._tables:
                    found += self._table_problems(connection, table, progress)
        except sqlite3.Error as fault:
            found.append(f"can't be read as a database: {fault}")
        for table, begin, future in self._judged:
            wrong = future.result()
            if wrong.any():
                fids = table.fids[begin : begin + _ROWS_AT_ONCE][wrong].tolist()
                found.append(f"{table.name}: invalid geometry: {listed(fids)}")
        return found

    def _table_problems(
        self, connection: sqlite3.Connection, table: StoredTable, progress: Progress
    ) -> Iterator[str]:
        total = len(table.fids)
        order = quoted(KEY_COLUMN)
        cursor = connection.execute(f"SELECT * FROM {quoted(table.name)} ORDER BY {order}")  # noqa: S608 - quoted
        for begin in range(0, total, _ROWS_AT_ONCE):
            checkpoint(progress, "progress.export_check", begin, total)
            end = min(begin + _ROWS_AT_ONCE, total)
            read = cursor.fetchmany(end - begin)
            if read != list(rows_of(table, self._srs_id, begin, end)):
                yield f"{table.name}: rows after {begin} aren't those that were written"
        if list(islice(cursor, 1)):
            yield f"{table.name}: more rows than were written"
        if table.boxes is not None:
            yield from extent_problems(connection, table.name, table.boxes)
            yield from index_problems(connection, table.name, table.fids, table.boxes)


def _faulty(table: StoredTable, begin: int) -> Faulty:
    part = slice(begin, begin + _ROWS_AT_ONCE)
    assert table.wkbs is not None  # noqa: S101 - layers alone are judged
    assert table.boxes is not None  # noqa: S101
    outlines: Geometries = np.asarray(
        shapely.from_wkb(table.wkbs[part], on_invalid="ignore"), dtype=object
    )
    faulty = shapely.get_type_id(outlines) != TYPE_IDS[table.shape]
    faulty |= shapely.is_empty(outlines) | ~shapely.is_valid(outlines)
    faulty |= (shapely.bounds(outlines).reshape(-1, 4) != table.boxes[part]).any(axis=1)
    return np.asarray(faulty, dtype=bool)
