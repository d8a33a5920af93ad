"""Geometries from GeoJSON's coordinate lists, with the reason where there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gridadmin.exchange.blob_reader import DecodedRows

_MAX_DEPTH = 16
_UNREADABLE = (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError)


def shaped(geometries: Sequence[object]) -> DecodedRows:
    """Return the shapely geometries of GeoJSON geometry objects; None is a row without geometry.

    Heights are kept, so that the one who drops them can tell. Rings that don't close are closed,
    with a warning.
    """
    rows = DecodedRows(np.full(len(geometries), None, dtype=object))
    for row, geometry in enumerate(geometries):
        if geometry is None:
            continue
        open_rings: list[int] = []
        try:
            # GEOS flags a NaN; the row is refused for it where all rows are looked at.
            with np.errstate(invalid="ignore"):
                rows.geometries[row] = _shape(geometry, open_rings, 0)
        except (*_UNREADABLE, shapely.errors.GEOSException):
            rows.refused[row] = "input.row_unreadable"
            continue
        if open_rings:
            rows.warn(row, "input.ring_closed")
    return rows


def _shape(geometry: Any, open_rings: list[int], depth: int) -> BaseGeometry:
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deep")
    kind = geometry["type"]
    if kind == "GeometryCollection":
        parts = [_shape(part, open_rings, depth + 1) for part in geometry["geometries"] or ()]
        return shapely.geometrycollections(parts) if parts else shapely.GeometryCollection()
    return _SHAPES[kind](geometry["coordinates"], open_rings)


def _point(position: Any, _open_rings: list[int]) -> BaseGeometry:
    return shapely.Point(position) if len(position) else shapely.Point()


def _points(positions: Any, _open_rings: list[int]) -> BaseGeometry:
    return shapely.MultiPoint(_positions(positions))


def _line(positions: Any, _open_rings: list[int]) -> BaseGeometry:
    return shapely.linestrings(_positions(positions)) if len(positions) else shapely.LineString()


def _lines(lines: Any, _open_rings: list[int]) -> BaseGeometry:
    return shapely.MultiLineString([_positions(line) for line in lines])


def _polygon(rings: Any, open_rings: list[int]) -> BaseGeometry:
    if not len(rings):
        return shapely.Polygon()
    arrays = [_positions(ring) for ring in rings]
    open_rings.extend(1 for ring in arrays if not np.array_equal(ring[0], ring[-1]))
    made = [shapely.linearrings(ring) for ring in arrays]
    return shapely.polygons(made[0], holes=made[1:] or None)


def _polygons(polygons: Any, open_rings: list[int]) -> BaseGeometry:
    if not len(polygons):
        return shapely.MultiPolygon()
    return shapely.multipolygons([_polygon(rings, open_rings) for rings in polygons])


def _positions(positions: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    array = np.asarray(positions, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] < 2:
        raise ValueError("positions of two or three numbers")
    return array[:, :3]


_SHAPES: Mapping[str, Callable[[Any, list[int]], BaseGeometry]] = {
    "Point": _point,
    "MultiPoint": _points,
    "LineString": _line,
    "MultiLineString": _lines,
    "Polygon": _polygon,
    "MultiPolygon": _polygons,
}
