"""Geometries out of GeoPackage blobs, all rows at once.

Source: GeoPackage 1.3, 2.1.3 "Geometry Encoding": "GP", version, flags, srs id, envelope, WKB.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from gridadmin.exchange import wkb
from gridadmin.exchange.source import Geometries

_MAGIC = b"GP"
_ENVELOPE_SIZES = (0, 32, 48, 48, 64)
_EXTENDED = 0b0010_0000
_SHORTEST = 8 + 5
_CHORD_ERROR_M = 0.01
_DEGREES_PER_M = 8.9e-6
"""Along the equator, where a degree is longest."""


@dataclass
class DecodedRows:
    """Geometries by row (None = none usable), rows given up by code, and mended rows by warning."""

    geometries: Geometries
    refused: dict[int, str] = field(default_factory=dict)
    warned: dict[str, list[int]] = field(default_factory=dict)

    def warn(self, row: int, code: str) -> None:
        """Remember that a row had to be mended."""
        self.warned.setdefault(code, []).append(row)


def decode(blobs: Sequence[object], crs: CRS | None) -> DecodedRows:
    """Return the geometries of GeoPackage blobs; None is a row without geometry.

    Arcs become chords at most 1 cm beside them, measured by the units of *crs*.
    """
    rows = DecodedRows(np.full(len(blobs), None, dtype=object))
    polygons = _plain_polygons(blobs)
    if polygons is not None:
        _read_quickly(rows, list(range(len(blobs))), polygons)
        return rows
    straight: list[int] = []
    bodies: list[bytes] = []
    for row, blob in enumerate(blobs):
        if blob is None:
            continue
        body = _body(blob)
        if isinstance(body, str):
            rows.refused[row] = body
        elif _is_for_shapely(body):
            straight.append(row)
            bodies.append(body)
        else:
            _read_slowly(rows, row, body, crs)
    _read_quickly(rows, straight, bodies)
    return rows


def looks_like_blob(value: object) -> bool:
    """Return whether a value of unknown origin is a GeoPackage geometry."""
    return isinstance(_body(value), bytes)


def _plain_polygons(blobs: Sequence[object]) -> list[bytes] | None:
    """The WKB of a layer whose rows are all polygons under one kind of header, as most are."""
    if not blobs or any(type(blob) is not bytes for blob in blobs):
        return None
    first = _body(blobs[0])
    heads = {blob[:4] for blob in blobs if isinstance(blob, bytes)}
    if isinstance(first, str) or len(heads) > 1:
        return None
    start = 8 + _ENVELOPE_SIZES[(heads.pop()[3] >> 1) & 7]
    bodies = [blob[start:] for blob in blobs if isinstance(blob, bytes)]
    kinds = {_kind(body) for body in {body[:5] for body in bodies}}
    return bodies if kinds == {wkb.POLYGON} else None


def _body(blob: object) -> bytes | str:
    """The WKB behind the header, or the code of what is wrong with the header."""
    if type(blob) is not bytes or blob[:2] != _MAGIC or len(blob) < _SHORTEST:
        return "input.row_unreadable"
    flags = blob[3]
    if flags & _EXTENDED:
        return "input.row_extended"
    envelope = (flags >> 1) & 7
    if envelope >= len(_ENVELOPE_SIZES):
        return "input.row_unreadable"
    return blob[8 + _ENVELOPE_SIZES[envelope] :]


@lru_cache(maxsize=256)
def _kind(start: bytes) -> int:
    if len(start) < 5:
        return 0
    is_little = start[:1] == b"\1"
    return wkb.base_type(int.from_bytes(start[1:5], "little" if is_little else "big"))


def _is_for_shapely(body: bytes) -> bool:
    kind = _kind(body[:5])
    if kind <= wkb.POLYGON:
        return True
    if kind >= wkb.COLLECTION:
        return False
    return len(body) < wkb.SMALL or wkb.is_shallow(body)


def _read_quickly(rows: DecodedRows, numbers: list[int], bodies: list[bytes]) -> None:
    if not numbers:
        return
    array = np.array(bodies, dtype=object)
    try:
        with np.errstate(invalid="ignore"):
            found = shapely.from_wkb(array, on_invalid="ignore")
    except (NotImplementedError, shapely.errors.GEOSException):
        found = np.array([_one(body, "ignore") for body in bodies], dtype=object)
    rows.geometries[numbers] = found
    for index in np.flatnonzero(shapely.is_missing(found)):
        mended = _one(bodies[index], "fix")
        if mended is None:
            rows.refused[numbers[index]] = "input.row_unreadable"
        else:
            rows.geometries[numbers[index]] = mended
            rows.warn(numbers[index], "input.ring_closed")


def _one(body: bytes, on_invalid: str) -> BaseGeometry | None:
    try:
        with np.errstate(invalid="ignore"):
            return shapely.from_wkb(body, on_invalid=on_invalid)
    except (NotImplementedError, shapely.errors.GEOSException):
        return None


def _read_slowly(rows: DecodedRows, row: int, body: bytes, crs: CRS | None) -> None:
    try:
        rows.geometries[row] = wkb.read_curves(body, _tolerance(body, crs))
    except wkb.WkbError:
        rows.refused[row] = "input.row_unreadable"
        return
    if _kind(body[:5]) in range(wkb.CIRCULAR, wkb.POLYHEDRAL):
        rows.warn(row, "input.curves_straightened")


def _tolerance(body: bytes, crs: CRS | None) -> float:
    """One centimetre in the units of the coordinates; without a CRS the numbers tell degrees."""
    if crs is not None and not crs.is_geographic:
        return _CHORD_ERROR_M / (crs.axis_info[0].unit_conversion_factor or 1.0)
    if crs is None:
        bounds = np.abs(shapely.bounds(wkb.read_curves(body, np.inf)))
        if not (np.isfinite(bounds).all() and bounds.max() <= 360):
            return _CHORD_ERROR_M
    return _CHORD_ERROR_M * _DEGREES_PER_M
