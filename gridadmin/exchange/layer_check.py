"""What a single layer of a package says of itself, compared with its rows."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.exchange.gpkg_blob import headers_in, wkbs_in
from gridadmin.exchange.package_content import GEOMETRY_COLUMN, Geometries
from gridadmin.exchange.packed_rtree import damage_of, leaf_cells
from gridadmin.exchange.sql_names import quoted

_TYPE_IDS = {"MULTIPOLYGON": 6, "POINT": 0}
_SHOWN = 5
_RELATIVE_ERROR = 1e-12
_FULL_TURN_DEG = (180.0, 90.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The rows of a layer; ``outlines`` holds None where there is no readable geometry."""

    name: str
    geometry_column: str
    kind: str
    srs_id: int
    is_view: bool
    fids: NDArray[np.object_]
    blobs: list[object]
    outlines: Geometries
    boxes: NDArray[np.float64]

    def told(self, where: NDArray[np.bool_], what: str) -> Iterator[str]:
        """Give one sentence about the rows *where*, when there are any."""
        if where.any():
            yield f"{self.name}: {what}: {listed(self.fids[where].tolist())}"


def layer_problems(connection: sqlite3.Connection, name: str) -> Iterator[str]:
    """Yield what is wrong with the features table *name*.

    Raises: sqlite3.Error when it can't be read.
    """
    described = connection.execute(
        "SELECT column_name, geometry_type_name, srs_id FROM gpkg_geometry_columns"
        " WHERE table_name = ?",
        (name,),
    ).fetchone()
    if described is None:
        yield f"{name}: not described in gpkg_geometry_columns"
        return
    geometry_column, kind, srs_id = described
    if kind not in _TYPE_IDS:
        yield f"{name}: declared as {kind}, not MULTIPOLYGON or POINT"
        kind = "MULTIPOLYGON"
    rows = _read(connection, name, (geometry_column, kind), srs_id)
    yield from _fid_problems(rows)
    yield from _outline_problems(rows)
    yield from extent_problems(connection, name, rows.boxes)
    if not all(type(fid) is int for fid in rows.fids.tolist()):
        return
    if _has_index(connection, name, geometry_column):
        yield from index_problems(connection, name, rows.fids, rows.boxes, geometry_column)
    elif not rows.is_view:
        yield f"{name}: no spatial index"


def _read(
    connection: sqlite3.Connection, name: str, geometry: tuple[str, str], srs_id: int
) -> _Rows:
    geometry_column, shape = geometry
    columns = connection.execute("SELECT name, pk FROM pragma_table_info(?)", (name,)).fetchall()
    key = next((column for column, pk in columns if pk), columns[0][0] if columns else "rowid")
    (kind,) = connection.execute(
        "SELECT type FROM sqlite_master WHERE name = ? COLLATE NOCASE", (name,)
    ).fetchone() or ("",)
    selected = f"SELECT {quoted(key)}, {quoted(geometry_column)} FROM {quoted(name)}"  # noqa: S608 - quoted
    rows = connection.execute(selected).fetchall()
    fids = np.empty(len(rows), dtype=object)
    fids[:] = [fid for fid, _ in rows]
    found = [blob for _, blob in rows]
    outlines = np.asarray(shapely.from_wkb(wkbs_in(found), on_invalid="ignore"), dtype=object)
    boxes = shapely.bounds(outlines).reshape(-1, 4)
    is_view = kind == "view"
    return _Rows(name, geometry_column, shape, srs_id, is_view, fids, found, outlines, boxes)


def _fid_problems(rows: _Rows) -> Iterator[str]:
    counts = Counter(rows.fids.tolist())
    if len(counts) < len(rows.fids):
        repeated = [fid for fid, count in counts.items() if count > 1]
        yield f"{rows.name}: fid used more than once: {listed(repeated)}"
    if not all(type(fid) is int for fid in counts):
        yield f"{rows.name}: fid that is no whole number"


def _outline_problems(rows: _Rows) -> Iterator[str]:
    is_missing = np.array([blob is None for blob in rows.blobs], dtype=bool)
    is_unreadable = shapely.is_missing(rows.outlines) & ~is_missing
    is_read = ~shapely.is_missing(rows.outlines)
    is_other = is_read & (shapely.get_type_id(rows.outlines) != _TYPE_IDS[rows.kind])
    is_empty = is_read & shapely.is_empty(rows.outlines)
    is_invalid = is_read & ~shapely.is_valid(rows.outlines)
    yield from rows.told(is_missing, "no geometry")
    yield from rows.told(is_unreadable, "geometry that can't be read")
    yield from rows.told(is_other, f"geometry that is no {rows.kind}")
    yield from rows.told(is_empty, "empty geometry")
    yield from rows.told(is_invalid, "invalid geometry")
    headers = headers_in(rows.blobs)
    is_foreign = is_read & (headers["srs_id"] != rows.srs_id)
    yield from rows.told(is_foreign, f"geometry whose coordinate system isn't {rows.srs_id}")
    told = headers["box"][:, [0, 2, 1, 3]]
    differs = is_read & ~is_empty & ~np.isnan(told).any(axis=1) & (told != rows.boxes).any(axis=1)
    yield from rows.told(differs, "envelope that doesn't fit its geometry")


def extent_problems(
    connection: sqlite3.Connection, name: str, boxes: NDArray[np.float64]
) -> Iterator[str]:
    """Yield what is wrong with the extent of a layer whose outlines have *boxes* ``(n, 4)``.

    Boxes are min x, min y, max x, max y; NaN where a row has no outline.
    """
    *told, srs_id = connection.execute(
        "SELECT min_x, min_y, max_x, max_y, srs_id FROM gpkg_contents WHERE table_name = ?",
        (name,),
    ).fetchone()
    true = _extent(boxes)
    if all(number is None for number in told):
        return
    if true is None:
        yield f"{name}: has an extent but no land"
        return
    if any(number is None for number in told) or not np.allclose(
        np.array(told, dtype=float), true, rtol=_RELATIVE_ERROR, atol=0
    ):
        yield f"{name}: stale extent {told}, true is {list(true)}"
    if srs_id in (4326, 4490) and (np.abs(true) > _FULL_TURN_DEG * 2).any():
        yield f"{name}: degrees beyond ±180, ±90: {list(true)}"


def _extent(boxes: NDArray[np.float64]) -> tuple[float, float, float, float] | None:
    real = boxes[~np.isnan(boxes).any(axis=1)]
    if not len(real):
        return None
    min_x, min_y = real[:, :2].min(axis=0).tolist()
    max_x, max_y = real[:, 2:].max(axis=0).tolist()
    return min_x, min_y, max_x, max_y


def _has_index(connection: sqlite3.Connection, layer: str, geometry_column: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE name = ?", (f"rtree_{layer}_{geometry_column}",)
    )
    return found.fetchone() is not None


def index_problems(
    connection: sqlite3.Connection,
    layer: str,
    row_ids: NDArray[np.object_] | NDArray[np.int64],
    row_boxes: NDArray[np.float64],
    geometry_column: str = GEOMETRY_COLUMN,
) -> Iterator[str]:
    """Yield what is wrong with the spatial index of a layer whose rows have these ids and boxes."""
    damage = damage_of(connection, f"rtree_{layer}_{geometry_column}")
    if damage is not None:
        yield f"{layer}: damaged spatial index: {damage}"
        return
    yield from cell_problems(connection, layer, row_ids, row_boxes, geometry_column)


def cell_problems(
    connection: sqlite3.Connection,
    layer: str,
    row_ids: NDArray[np.object_] | NDArray[np.int64],
    row_boxes: NDArray[np.float64],
    geometry_column: str = GEOMETRY_COLUMN,
) -> Iterator[str]:
    """Yield how a sound spatial index differs from the rows with these ids and boxes."""
    name = f"rtree_{layer}_{geometry_column}"
    has_box = ~np.isnan(row_boxes).any(axis=1)
    fids, places = np.unique(row_ids[has_box].astype(np.int64), return_index=True)
    ids, held = leaf_cells(connection, name)
    order = np.argsort(ids)
    ids, held = ids[order], held[order]
    if not np.array_equal(ids, fids):
        missing, extra = np.setdiff1d(fids, ids), np.setdiff1d(ids, fids)
        if len(missing):
            yield f"{layer}: not in the spatial index: {listed(missing.tolist())}"
        if len(extra):
            yield f"{layer}: in the spatial index without a row: {listed(extra.tolist())}"
        if not (len(missing) or len(extra)):
            yield f"{layer}: more than once in the spatial index"
        return
    boxes = row_boxes[has_box][places]
    is_outside = (held[:, [0, 2]] > boxes[:, :2]).any(axis=1)
    is_outside |= (held[:, [1, 3]] < boxes[:, 2:]).any(axis=1)
    if is_outside.any():
        outside = listed(ids[is_outside].tolist())
        yield f"{layer}: index box that doesn't contain its land: {outside}"


def listed(items: Sequence[object]) -> str:
    """Return the first few of many things, and how many more there are."""
    shown = ", ".join(str(item) for item in items[:_SHOWN])
    return shown if len(items) <= _SHOWN else f"{shown} and {len(items) - _SHOWN} more"
