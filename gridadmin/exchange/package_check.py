"""Proves that a GeoPackage is what the specification asks and what its own tables say.

Two parts: GDAL's validator for the specification, and what it doesn't look at: extents, spatial
index, feature counts, outlines, styles. The sentences are for logs and for those who look into a
file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree as ET

from gridadmin.exchange.layer_check import layer_problems
from gridadmin.exchange.package_content import GEOMETRY_COLUMN, KEY_COLUMN
from gridadmin.exchange.sql_names import quoted

_PART = ".part"
_WRONG_EXTENSION = 3
"""The validator's number for a file that isn't called ``.gpkg``."""
_SAMPLE_ROWS = 500

_Check = Callable[[sqlite3.Connection], Iterator[str]]


def problems_of(path: Path, *, is_sampled: bool = False) -> list[str]:
    """Return everything that is wrong with the package at *path*; empty when nothing is.

    A file that is still being made (``.part``) needn't have the package's extension yet. When
    *is_sampled*, GDAL's validator, which goes through outlines one by one, looks at the first 500
    of each layer; our own checks always look at all of them.
    """
    return _problems(path, (_layers, _counts, _styles), is_sampled=is_sampled)


def file_problems(path: Path, counts: Mapping[str, int], *, is_sampled: bool = False) -> list[str]:
    """Return what is wrong with the package at *path* apart from rows, extents and indexes.

    *counts* says how many rows tables have, where that is shown elsewhere.
    """
    checks = (partial(_counts, known=counts), _styles)
    return _problems(path, checks, is_sampled=is_sampled)


def _problems(path: Path, checks: Sequence[_Check], *, is_sampled: bool) -> list[str]:
    if not path.is_file():
        return [f"{path}: no such file"]
    problems = _validator_problems(path, is_sampled=is_sampled)
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA query_only = ON")
            problems += [problem for check in checks for problem in check(connection)]
    except sqlite3.Error as error:
        problems.append(f"can't be read as a database: {error}")
    return problems


def _validator_problems(path: Path, *, is_sampled: bool) -> list[str]:
    from osgeo_utils.samples.validate_gpkg import GPKGChecker

    class SamplingChecker(GPKGChecker):  # type: ignore[misc]
        def _check_vector_user_table(self, cursor: sqlite3.Cursor, table: str) -> None:
            super()._check_vector_user_table(_SamplingCursor(cursor, table), table)

    kind = SamplingChecker if is_sampled else GPKGChecker
    checker: Any = kind(str(path), abort_at_first_error=False, warning_msg=False)
    stopped = []
    try:
        checker.check()
    except Exception as error:  # noqa: BLE001 - made for nearly sound files, it stumbles over others
        stopped = [f"validator stopped: {type(error).__name__}: {error}"]
    is_part = path.suffix == _PART
    errors = [
        f"requirement {number}: {text}" if number else str(text)
        for number, text in checker.errors
        if not (is_part and number == _WRONG_EXTENSION)
    ]
    return errors + stopped


class _SamplingCursor:
    """A cursor that gives the outlines of one layer only up to a limit.

    Should the validator one day ask in other words, it simply gets them all.
    """

    def __init__(self, cursor: sqlite3.Cursor, table: str) -> None:
        self._cursor = cursor
        self._outlines = f'SELECT "{KEY_COLUMN}", "{GEOMETRY_COLUMN}" FROM {quoted(table)}'  # noqa: S608 - quoted

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> sqlite3.Cursor:
        if sql.strip() == self._outlines:
            sql = f"{sql} LIMIT {_SAMPLE_ROWS}"
        return self._cursor.execute(sql, parameters)

    def fetchone(self) -> Any:
        return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()


def _layers(connection: sqlite3.Connection) -> Iterator[str]:
    if not _has_table(connection, "gpkg_contents"):
        return
    layers = connection.execute(
        "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY table_name"
    ).fetchall()
    for (name,) in layers:
        try:
            yield from layer_problems(connection, name)
        except sqlite3.Error as error:
            yield f"{name}: can't be read: {error}"


def _counts(
    connection: sqlite3.Connection, known: Mapping[str, int] = MappingProxyType({})
) -> Iterator[str]:
    if not _has_table(connection, "gpkg_ogr_contents"):
        return
    for name, told in connection.execute("SELECT * FROM gpkg_ogr_contents").fetchall():
        if not _has_table(connection, name):
            yield f"{name}: feature count of a table that isn't there"
            continue
        count = known.get(name)
        if count is None:
            (count,) = connection.execute(f"SELECT COUNT(*) FROM {quoted(name)}").fetchone()  # noqa: S608 - quoted
        if told is not None and told != count:
            yield f"{name}: feature count says {told}, there are {count}"


def _styles(connection: sqlite3.Connection) -> Iterator[str]:
    if not _has_table(connection, "layer_styles"):
        return
    known = set(
        connection.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall()
    )
    styles = connection.execute(
        "SELECT f_table_name, f_geometry_column, styleQML FROM layer_styles"
    ).fetchall()
    for table, column, qml in styles:
        if (table, column) not in known:
            yield f"layer_styles: a style for {table}.{column}, which isn't in this package"
        try:
            root = ET.fromstring(qml or "")  # noqa: S314 - expat bounds entity expansion itself
        except (ET.ParseError, TypeError) as error:
            yield f"layer_styles: the style of {table} is no XML: {error}"
            continue
        if root.tag != "qgis":
            yield f"layer_styles: the style of {table} is no QML"


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND lower(name) = lower(?)",
        (name,),
    )
    return found.fetchone() is not None
