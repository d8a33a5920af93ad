"""GeoPackages of any maker: their layers, and one layer as a table of land.

Geometry comes as blobs through SQLite and is read for all rows at once, twenty times quicker than
feature by feature.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError

from gridadmin.base.errors import Cancelled, InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.exchange.blob_reader import decode, looks_like_blob
from gridadmin.exchange.geopackage_file import opened
from gridadmin.exchange.land import Judge, land_of
from gridadmin.exchange.source import NO_GEOMETRY, FeatureTable, RowProblem, SourceLayer
from gridadmin.exchange.sql_names import quoted

_ROWS_AT_ONCE = 20_000
_TECHNICAL = "ogr_empty_table"
"""GDAL's placeholder in packages that hold tiles alone."""
_REGISTERS = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    is_integer_key: bool


@dataclass(frozen=True, slots=True)
class _Layer:
    name: str
    geometry_column: str | None
    kind: str
    crs: CRS | None
    crs_text: str
    columns: tuple[_Column, ...]
    is_view: bool
    remarks: tuple[RowProblem, ...] = ()

    @property
    def key(self) -> str | None:
        """The column (or hidden number) that names rows, None when rows have to be counted."""
        keys = [column.name for column in self.columns if column.is_integer_key]
        if len(keys) == 1:
            return quoted(keys[0])
        return None if self.is_view else "rowid"

    @property
    def attributes(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.name != self.geometry_column)


def geopackage_layers(path: Path) -> list[SourceLayer]:
    """Return the vector layers and attribute tables of a GeoPackage, in the file's order.

    Raises: InputError ``input.not_geopackage``, ``input.unreadable``, ``input.damaged``,
    ``input.no_geopackage_tables``.
    """
    with _reading(path, "", SILENT), opened(path) as file:
        return [
            SourceLayer(
                layer.name,
                _count(file.connection, layer.name),
                layer.kind,
                layer.attributes,
                layer.crs,
                layer.crs_text,
            )
            for layer in _layers(file.connection, path)
        ]


def read_geopackage(
    path: Path, layer: str, progress: Progress = SILENT, judge: Judge = land_of
) -> FeatureTable:
    """Return the rows of one layer of a GeoPackage that *judge* finds usable.

    Raises: InputError ``input.not_geopackage``, ``input.unreadable``, ``input.damaged``,
    ``input.no_geopackage_tables``, ``input.no_such_layer``; Cancelled.
    """
    with _reading(path, layer, progress), opened(path, progress) as file:
        layers = _layers(file.connection, path)
        found = next((one for one in layers if one.name == layer), None)
        if found is None:
            names = ", ".join(one.name for one in layers)
            raise InputError("input.no_such_layer", file=path.name, layer=layer, layers=names)
        remarks = list(found.remarks)
        if file.remark:
            remarks.append(RowProblem("", file.remark))
        rows = _rows(file.connection, found, remarks, progress)
    return _table(path, found, rows, remarks, judge)


@contextmanager
def _reading(path: Path, layer: str, progress: Progress) -> Iterator[None]:
    """Turn what SQLite says about a broken file into a sentence."""
    try:
        yield
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        if progress.is_cancelled():
            raise Cancelled from error
        raise InputError("input.damaged", file=path.name, layer=layer, why=str(error)) from error


def _rows(
    connection: sqlite3.Connection,
    layer: _Layer,
    remarks: list[RowProblem],
    progress: Progress,
) -> list[tuple[object, ...]]:
    try:
        return _fetched(connection, layer, progress)
    except sqlite3.OperationalError as error:
        if "UTF-8" not in str(error):
            raise
    connection.text_factory = _text
    remarks.append(RowProblem("", "input.text_not_utf8", {"layer": layer.name}))
    return _fetched(connection, layer, progress)


def _fetched(
    connection: sqlite3.Connection, layer: _Layer, progress: Progress
) -> list[tuple[object, ...]]:
    wanted = [
        layer.key or "NULL",
        quoted(layer.geometry_column) if layer.geometry_column else "NULL",
    ]
    wanted += [quoted(name) for name in layer.attributes]
    total = _count(connection, layer.name)
    query = f"SELECT {', '.join(wanted)} FROM {quoted(layer.name)}"  # noqa: S608
    cursor = connection.execute(query)
    rows: list[tuple[object, ...]] = []
    while chunk := cursor.fetchmany(_ROWS_AT_ONCE):
        rows += chunk
        checkpoint(progress, "progress.read_rows", len(rows), total)
    return rows


def _table(
    path: Path,
    layer: _Layer,
    rows: list[tuple[object, ...]],
    remarks: Sequence[RowProblem],
    judge: Judge,
) -> FeatureTable:
    keys, blobs, *values = zip(*rows, strict=True) if rows else [()] * (2 + len(layer.attributes))
    row_ids = [str(number if key is None else key) for number, key in enumerate(keys, start=1)]
    columns: dict[str, Sequence[object]] = dict(zip(layer.attributes, values, strict=True))
    if layer.geometry_column is None:
        return FeatureTable(
            path,
            layer.name,
            layer.crs,
            layer.crs_text,
            {name: list(column) for name, column in columns.items()},
            row_ids,
            np.full(len(rows), None, dtype=object),
            warnings=tuple(remarks),
        )
    decoded = decode(blobs, layer.crs)
    land = judge(decoded.geometries, row_ids, decoded.refused, decoded.warned)
    if len(land.kept) < len(rows):
        columns = {name: [column[row] for row in land.kept] for name, column in columns.items()}
        row_ids = [row_ids[row] for row in land.kept]
    return FeatureTable(
        path,
        layer.name,
        layer.crs,
        layer.crs_text,
        {name: list(column) for name, column in columns.items()},
        row_ids,
        land.geometries,
        land.left_out,
        (*remarks, *land.warnings),
    )


def _layers(connection: sqlite3.Connection, path: Path) -> list[_Layer]:
    objects = {
        str(name).lower(): (str(name), kind == "view")
        for name, kind in connection.execute(
            "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')"
        )
    }
    missing = [name for name in _REGISTERS if name not in objects]
    if "gpkg_contents" in missing and "gpkg_geometry_columns" in missing:
        return _unregistered(connection, objects, missing, path)
    layers = []
    for name, column, kind, srs_id in _registered(connection, missing):
        if name.lower() not in objects or name.lower() == _TECHNICAL:
            continue
        crs, crs_text, remarks = _crs(connection, srs_id, missing)
        columns = _columns(connection, name)
        names = {one.name.lower(): one.name for one in columns}
        if column is not None and column.lower() not in names:
            continue
        layers.append(
            _Layer(
                name,
                names[column.lower()] if column is not None else None,
                kind,
                crs,
                crs_text,
                columns,
                objects[name.lower()][1],
                remarks if column is not None else (),
            )
        )
    return layers


def _registered(
    connection: sqlite3.Connection, missing: Sequence[str]
) -> Iterator[tuple[str, str | None, str, object]]:
    """Layers as the package's registers name them: table, geometry column, kind, srs id."""
    seen = set()
    if "gpkg_geometry_columns" not in missing:
        for row in _dicts(connection, "gpkg_geometry_columns"):
            name = str(row.get("table_name"))
            seen.add(name.lower())
            kind = str(row.get("geometry_type_name") or "GEOMETRY").upper()
            yield name, str(row.get("column_name")), kind, row.get("srs_id")
    if "gpkg_contents" not in missing:
        for row in _dicts(connection, "gpkg_contents"):
            name = str(row.get("table_name"))
            if row.get("data_type") == "attributes" and name.lower() not in seen:
                yield name, None, NO_GEOMETRY, None


def _unregistered(
    connection: sqlite3.Connection,
    objects: dict[str, tuple[str, bool]],
    missing: Sequence[str],
    path: Path,
) -> list[_Layer]:
    """Layers of a file without registers: tables in which a value is a geometry blob."""
    layers = []
    remark = RowProblem("", "input.registers_missing", {"tables": ", ".join(missing)})
    for name, is_view in objects.values():
        if name.lower().startswith(("sqlite_", "gpkg_", "rtree_")):
            continue
        columns = _columns(connection, name)
        for column in columns:
            if _holds_geometry(connection, name, column.name):
                layers.append(
                    _Layer(name, column.name, "GEOMETRY", None, "", columns, is_view, (remark,))
                )
                break
    if not layers:
        raise InputError("input.no_geopackage_tables", file=path.name, tables=", ".join(missing))
    return layers


def _holds_geometry(connection: sqlite3.Connection, table: str, column: str) -> bool:
    name = quoted(column)
    query = f"SELECT {name} FROM {quoted(table)} WHERE typeof({name}) = 'blob' LIMIT 1"  # noqa: S608
    row = connection.execute(query).fetchone()
    return row is not None and looks_like_blob(row[0])


def _columns(connection: sqlite3.Connection, table: str) -> tuple[_Column, ...]:
    return tuple(
        _Column(str(name), bool(key) and str(kind).upper() == "INTEGER")
        for _, name, kind, _, _, key in connection.execute(f"PRAGMA table_info({quoted(table)})")
    )


def _count(connection: sqlite3.Connection, table: str) -> int:
    query = f"SELECT count(*) FROM {quoted(table)}"  # noqa: S608
    (count,) = connection.execute(query).fetchone()
    return int(count)


def _dicts(connection: sqlite3.Connection, table: str) -> list[Row]:
    """Rows by column name in lower case: makers order the columns as they like."""
    cursor = connection.execute(f"SELECT * FROM {quoted(table)}")  # noqa: S608
    names = [str(column[0]).lower() for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _crs(
    connection: sqlite3.Connection, srs_id: object, missing: Sequence[str]
) -> tuple[CRS | None, str, tuple[RowProblem, ...]]:
    if srs_id in (None, 0, -1):
        return None, "", ()
    rows = [] if "gpkg_spatial_ref_sys" in missing else _dicts(connection, "gpkg_spatial_ref_sys")
    row = next((row for row in rows if row.get("srs_id") == srs_id), None)
    if row is None:
        return None, str(srs_id), (RowProblem("", "input.srs_undefined", {"srs": srs_id}),)
    authority = f"{row.get('organization')}:{row.get('organization_coordsys_id')}".upper()
    wkts = [row.get("definition_12_063"), row.get("definition")]
    crs = _known_crs(authority, *(wkt for wkt in wkts if isinstance(wkt, str)))
    if crs is None:
        return None, authority, (RowProblem("", "input.srs_undefined", {"srs": authority}),)
    return crs, authority, ()


@lru_cache(maxsize=64)
def _known_crs(authority: str, *wkts: str) -> CRS | None:
    """The CRS of an authority's code, else of the definition that is written out."""
    name, _, code = authority.partition(":")
    if name in ("EPSG", "ESRI"):
        try:
            return CRS.from_authority(name, code)
        except CRSError:
            pass
    for wkt in wkts:
        try:
            crs = CRS.from_wkt(wkt)
        except CRSError:
            continue
        # GDAL writes a row of its own for layers that have no CRS.
        if not crs.name.lower().startswith("undefined"):
            return crs
    return None


def _text(raw: bytes) -> str:
    """Text of makers who store GBK where the format says UTF-8."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")
