"""Writes rings as a GeoPackage the quick way: blobs made in numpy, no spatial index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pyproj import CRS

from benchmarks.partition import EPSG, IntArray, Rings, closed_index

ROWS_AT_ONCE = 20_000
_HEADER = np.dtype(
    [
        ("magic", "S2"),
        ("version", "u1"),
        ("flags", "u1"),
        ("srs", "<i4"),
        ("envelope", "<f8", 4),
        ("order", "u1"),
        ("type", "<u4"),
        ("polygons", "<u4"),
        ("inner_order", "u1"),
        ("inner_type", "<u4"),
        ("rings", "<u4"),
        ("points", "<u4"),
    ]
)
"""GeoPackage header with an xy envelope, then the head of a MULTIPOLYGON of one ring (packed)."""

_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL,
  description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
  identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL
  DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE,
  max_y DOUBLE, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  PRIMARY KEY (table_name, column_name));
"""


def made_up_codes(count: int, prefix: str = "99") -> list[str]:
    """Return *count* codes that begin with 99 like all made-up codes do."""
    return [f"{prefix}{index:07d}" for index in range(1, count + 1)]


def write_gpkg(
    path: Path, rings: Rings, codes: Sequence[str], *, layer: str = "micro_grid", epsg: int = EPSG
) -> None:
    """Write one polygon layer with the columns ``fid``, ``geom`` and ``code``, in metres.

    An existing file is replaced; a second layer goes into the same file with :func:`add_layer`.
    """
    path.unlink(missing_ok=True)
    with _Opened(path) as database:
        database.executescript(_TABLES)
        database.execute("PRAGMA application_id = 1196444487")
        database.execute("PRAGMA user_version = 10300")
        database.executemany(
            "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)", _systems(epsg)
        )
        _add_layer(database, rings, codes, layer, epsg)


def add_layer(
    path: Path, rings: Rings, codes: Sequence[str], *, layer: str, epsg: int = EPSG
) -> None:
    """Add one more layer to a file that :func:`write_gpkg` wrote."""
    with _Opened(path) as database:
        _add_layer(database, rings, codes, layer, epsg)


class _Opened:
    """A connection that commits when all went well and is closed in any case."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path)

    def __enter__(self) -> sqlite3.Connection:
        self._database.execute("PRAGMA synchronous = OFF")
        return self._database

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._database.commit()
        self._database.close()


def _systems(epsg: int) -> list[tuple[str, int, str, int, str]]:
    wkt = CRS.from_epsg(epsg).to_wkt("WKT1_GDAL")
    wgs84 = CRS.from_epsg(4326).to_wkt("WKT1_GDAL")
    return [
        ("Undefined Cartesian", -1, "NONE", -1, "undefined"),
        ("Undefined geographic", 0, "NONE", 0, "undefined"),
        ("WGS 84", 4326, "EPSG", 4326, wgs84),
        (CRS.from_epsg(epsg).name, epsg, "EPSG", epsg, wkt),
    ]


def _add_layer(
    database: sqlite3.Connection, rings: Rings, codes: Sequence[str], layer: str, epsg: int
) -> None:
    database.execute(
        f'CREATE TABLE "{layer}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, '
        "geom MULTIPOLYGON, code TEXT)"
    )
    low = (rings.coords.min(axis=0) / 1000).tolist()
    high = (rings.coords.max(axis=0) / 1000).tolist()
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, '', '2025-01-01T00:00:00.000Z', "
        "?, ?, ?, ?, ?)",
        (layer, layer, *low, *high, epsg),
    )
    database.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'MULTIPOLYGON', ?, 0, 0)",
        (layer, epsg),
    )
    database.executemany(
        f'INSERT INTO "{layer}" (geom, code) VALUES (?, ?)',
        zip(blobs(rings, epsg), codes, strict=True),
    )


def blobs(rings: Rings, srs_id: int) -> Iterator[memoryview]:
    """Yield the GeoPackage blob of each ring as a MULTIPOLYGON, in metres."""
    for first in range(0, len(rings), ROWS_AT_ONCE):
        offsets = rings.offsets[first : first + ROWS_AT_ONCE + 1]
        part = Rings(rings.coords[offsets[0] : offsets[-1]], offsets - offsets[0])
        yield from _blobs_of_part(part, srs_id)


def _blobs_of_part(rings: Rings, srs_id: int) -> Iterator[memoryview]:
    metres = rings.coords / 1000.0
    starts = rings.offsets[:-1]
    points = np.diff(rings.offsets) + 1
    header = np.zeros(len(rings), dtype=_HEADER)
    header["magic"], header["flags"], header["srs"] = b"GP", 0b11, srs_id
    header["envelope"][:, 0::2] = np.minimum.reduceat(metres, starts)
    header["envelope"][:, 1::2] = np.maximum.reduceat(metres, starts)
    header["order"] = header["inner_order"] = header["polygons"] = header["rings"] = 1
    header["type"], header["inner_type"], header["points"] = 6, 3, points
    body = np.ascontiguousarray(metres[closed_index(rings.offsets)]).view(np.uint8).reshape(-1)
    yield from _joined(header, body, points * 16)


def _joined(
    header: npt.NDArray[np.void], body: npt.NDArray[np.uint8], body_sizes: IntArray
) -> Iterator[memoryview]:
    heads = header.view(np.uint8).reshape(len(header), _HEADER.itemsize)
    ends = np.cumsum(body_sizes + _HEADER.itemsize)
    begins = ends - body_sizes - _HEADER.itemsize
    whole = np.empty(int(ends[-1]), dtype=np.uint8)
    is_head = np.zeros(len(whole), dtype=bool)
    for column in range(_HEADER.itemsize):
        is_head[begins + column] = True
        whole[begins + column] = heads[:, column]
    whole[~is_head] = body
    view = memoryview(whole.data)
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        yield view[begin:end]
