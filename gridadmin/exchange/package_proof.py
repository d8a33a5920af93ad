"""Proves that a package just written holds what was meant, and that what was meant is sound.

The outlines given are judged beside the writing, from its very beginning. Where the bytes that go
into the file were shown to be the outline given (:mod:`outline_proof`), its verdict is theirs; all
others are parsed and judged themselves. Then every row is read back and compared with those bytes.
What lies on the disk is thus what was judged, and no outline is judged twice.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.base.progress import Progress, checkpoint
from gridadmin.exchange.gpkg_blob import HEADER_BYTES
from gridadmin.exchange.gpkg_schema import rtree_name
from gridadmin.exchange.layer_check import cell_problems, extent_problems, listed
from gridadmin.exchange.package_check import file_problems
from gridadmin.exchange.package_content import KEY_COLUMN, Geometries, Package
from gridadmin.exchange.packed_rtree import damage_of
from gridadmin.exchange.sql_names import quoted
from gridadmin.exchange.stored_content import TYPE_IDS, StoredTable

_ROWS_AT_ONCE = 5_000
_JUDGED_AT_ONCE = 20_000

Faulty = NDArray[np.bool_]


def rows_of(table: StoredTable, begin: int, end: int) -> Iterator[tuple[Any, ...]]:
    """Return the rows *begin* to *end* of a table as they stand in the file."""
    part = slice(begin, end)
    columns: list[Sequence[Any]] = [table.fids[part].tolist()]
    if table.blobs is not None:
        columns.append(table.blobs[part])
    columns += [values[part] for values in table.values]
    return zip(*columns, strict=True)


class PackageProof:
    """Judges the outlines of a package beside other work; gives the proofs of files made of it."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="proof")
        self._valid: list[list[Future[NDArray[np.bool_]]]] = []
        self._others: list[Future[Faulty]] = []

    def __enter__(self) -> Self:
        """Begin to judge."""
        for layer in self._package.layers:
            parts = range(0, max(1, len(layer.geometries)), _JUDGED_AT_ONCE)
            outlines = (layer.geometries[begin : begin + _JUDGED_AT_ONCE] for begin in parts)
            self._valid.append([self._worker.submit(shapely.is_valid, part) for part in outlines])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave off."""
        self._worker.shutdown(cancel_futures=True)

    def take(self, tables: Sequence[StoredTable]) -> None:
        """Begin to judge what the package became: *tables* is its stored form."""
        layers = tables[: len(self._package.layers)]
        self._others = [self._worker.submit(_faulty, table) for table in layers]

    def of_file(self, path: Path, tables: Sequence[StoredTable]) -> FileProof:
        """Begin to prove that the file at *path* holds *tables*."""
        return FileProof(path, tables, self._worker)

    def outline_problems(self) -> Iterator[str]:
        """Yield which outlines aren't sound."""
        layers = zip(self._package.layers, self._valid, self._others, strict=True)
        for layer, valid, others in layers:
            order = np.argsort(layer.fids)
            faulty = ~np.concatenate([future.result() for future in valid])[order]
            faulty |= others.result()
            if faulty.any():
                fids = layer.fids[order][faulty].tolist()
                yield f"{layer.name}: invalid geometry: {listed(fids)}"


class FileProof:
    """Looks at a finished file, partly beside whoever asks for the result."""

    def __init__(
        self, path: Path, tables: Sequence[StoredTable], worker: ThreadPoolExecutor
    ) -> None:
        self._path = path
        self._tables = tables
        counts = {table.name: len(table.fids) for table in tables}
        # SQLite and hashlib work on while other Python code runs.
        self._damage: dict[str, Future[str | None]] = {
            table.name: worker.submit(_damage, path, rtree_name(table.name))
            for table in tables
            if table.boxes is not None
        }
        self._apart = worker.submit(file_problems, path, counts, is_sampled=True)
        self._sha256 = worker.submit(_sha256, path)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the whole file."""
        return self._sha256.result()

    @property
    def is_index_damaged(self) -> bool:
        """Whether SQLite finds a spatial index damaged."""
        return any(future.result() is not None for future in self._damage.values())

    def leave(self) -> None:
        """Wait until nobody reads the file any more."""
        futures: list[Future[Any]] = [*self._damage.values(), self._apart, self._sha256]
        wait(futures)

    def problems(self, progress: Progress) -> list[str]:
        """Return what is wrong with the file; empty when nothing is.

        Raises: Cancelled.
        """
        checkpoint(progress, "progress.export_check", 0, 1)
        found: list[str] = []
        try:
            with closing(sqlite3.connect(self._path)) as connection:
                connection.execute("PRAGMA query_only = ON")
                for table in self._tables:
                    found += self._table_problems(connection, table, progress)
        except sqlite3.Error as fault:
            found.append(f"can't be read as a database: {fault}")
        return self._apart.result() + found

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
            if read != list(rows_of(table, begin, end)):
                yield f"{table.name}: rows after {begin} aren't those that were written"
        if list(islice(cursor, 1)):
            yield f"{table.name}: more rows than were written"
        if table.boxes is None:
            return
        yield from extent_problems(connection, table.name, table.boxes)
        damage = self._damage[table.name].result()
        if damage is not None:
            yield f"{table.name}: damaged spatial index: {damage}"
        else:
            yield from cell_problems(connection, table.name, table.fids, table.boxes)


def _faulty(table: StoredTable) -> Faulty:
    """Judge by their bytes the outlines that weren't shown to be those given."""
    assert table.blobs is not None  # noqa: S101 - layers alone are judged
    assert table.boxes is not None  # noqa: S101
    assert table.is_given is not None  # noqa: S101
    faulty = np.zeros(len(table.fids), dtype=bool)
    places = np.flatnonzero(~table.is_given)
    wkbs = [table.blobs[place][HEADER_BYTES:] for place in places.tolist()]
    outlines: Geometries = np.asarray(shapely.from_wkb(wkbs, on_invalid="ignore"), dtype=object)
    wrong = shapely.get_type_id(outlines) != TYPE_IDS[table.shape]
    wrong |= shapely.is_empty(outlines) | ~shapely.is_valid(outlines)
    wrong |= (shapely.bounds(outlines).reshape(-1, 4) != table.boxes[places]).any(axis=1)
    faulty[places] = wrong
    return faulty


def _damage(path: Path, index: str) -> str | None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA query_only = ON")
            return damage_of(connection, index)
    except sqlite3.Error as error:
        return str(error)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
