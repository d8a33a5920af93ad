"""WKB that shapely can't or mustn't read: curves, surfaces, and collections nested without end.

GEOS refuses curves, and a blob of ten thousand nested collections overflows its stack and ends the
program, so every blob of several parts is walked here first.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gridadmin.exchange.arcs import straightened

POINT, LINE, POLYGON, MULTIPOINT, MULTILINE, MULTIPOLYGON, COLLECTION = range(1, 8)
CIRCULAR, COMPOUND, CURVEPOLYGON, MULTICURVE, MULTISURFACE, CURVE, SURFACE = range(8, 15)
POLYHEDRAL, TIN, TRIANGLE = 15, 16, 17

_MAX_DEPTH = 16
SMALL = 4096
"""A blob below this many bytes can't nest deep enough to harm: nine bytes a level."""

Points = NDArray[np.float64]


class WkbError(ValueError):
    """The blob is no WKB geometry that we read; the message says where it breaks."""


def base_type(number: int) -> int:
    """Return the geometry type of a WKB number without Z, M and SRID marks (ISO and EWKB)."""
    return (number & 0x0FFF_FFFF) % 1000


def is_shallow(wkb: bytes) -> bool:
    """Return whether the blob nests no deeper than any honest geometry, and so is safe for GEOS."""
    try:
        _Walker(wkb).skip(0)
    except (WkbError, struct.error):
        return False
    return True


def read_curves(wkb: bytes, tolerance: float) -> BaseGeometry:
    """Return the geometry of any WKB, arcs turned into chords at most *tolerance* (its units) away.

    Heights and measures are dropped.

    Raises: WkbError.
    """
    try:
        return _Parser(wkb, tolerance).geometry(0)
    except (struct.error, shapely.errors.GEOSException) as error:
        raise WkbError(str(error)) from error


@dataclass
class _Header:
    order: str
    kind: int
    dimensions: int


class _Walker:
    """Goes through a blob without keeping coordinates."""

    def __init__(self, wkb: bytes) -> None:
        self.wkb = wkb
        self.at = 0

    def header(self, depth: int) -> _Header:
        if depth > _MAX_DEPTH:
            raise WkbError("nested too deep")
        if self.wkb[self.at : self.at + 1] not in (b"\0", b"\1"):
            raise WkbError("byte order")
        order = "<" if self.wkb[self.at] else ">"
        self.at += 1
        number = self.count(order)
        thousands = (number & 0x0FFF_FFFF) // 1000
        has_z = bool(number & 0x8000_0000) or thousands in (1, 3)
        has_m = bool(number & 0x4000_0000) or thousands in (2, 3)
        if number & 0x2000_0000:
            self.at += 4
        return _Header(order, base_type(number), 2 + has_z + has_m)

    def count(self, order: str) -> int:
        (value,) = struct.unpack_from(order + "I", self.wkb, self.at)
        self.at += 4
        return int(value)

    def skip(self, depth: int) -> None:
        head = self.header(depth)
        if head.kind == POINT:
            self.jump(8 * head.dimensions)
        elif head.kind in (LINE, CIRCULAR):
            self.jump(8 * head.dimensions * self.count(head.order))
        elif head.kind in (POLYGON, TRIANGLE):
            for _ in range(self.count(head.order)):
                self.jump(8 * head.dimensions * self.count(head.order))
        else:
            for _ in range(self.count(head.order)):
                self.skip(depth + 1)

    def jump(self, size: int) -> None:
        if self.at + size > len(self.wkb):
            raise WkbError("ends too early")
        self.at += size


class _Parser(_Walker):
    def __init__(self, wkb: bytes, tolerance: float) -> None:
        super().__init__(wkb)
        self.tolerance = tolerance

    def points(self, head: _Header) -> Points:
        number = self.count(head.order)
        start = self.at
        self.jump(8 * head.dimensions * number)
        flat = np.frombuffer(
            self.wkb, dtype=head.order + "f8", count=number * head.dimensions, offset=start
        )
        return flat.reshape(number, head.dimensions)[:, :2].astype(np.float64)

    def geometry(self, depth: int) -> BaseGeometry:
        start = self.at
        head = self.header(depth)
        readers: dict[int, Callable[[_Header, int], BaseGeometry]] = {
            POINT: self._point,
            LINE: self._curve,
            CIRCULAR: self._curve,
            COMPOUND: self._curve,
            POLYGON: self._polygon,
            TRIANGLE: self._polygon,
            CURVEPOLYGON: self._curve_polygon,
            MULTIPOINT: self._collection,
            MULTILINE: self._collection,
            MULTIPOLYGON: self._surfaces,
            COLLECTION: self._collection,
            MULTICURVE: self._collection,
            MULTISURFACE: self._surfaces,
            POLYHEDRAL: self._surfaces,
            TIN: self._surfaces,
        }
        if head.kind not in readers:
            raise WkbError(f"type {head.kind}")
        if head.kind in (LINE, CIRCULAR, COMPOUND):
            self.at = start
        return readers[head.kind](head, depth)

    def _point(self, head: _Header, depth: int) -> BaseGeometry:
        values = struct.unpack_from(f"{head.order}{head.dimensions}d", self.wkb, self.at)
        self.jump(8 * head.dimensions)
        return shapely.Point(values[:2])

    def _curve(self, head: _Header, depth: int) -> BaseGeometry:
        return shapely.linestrings(self._path(depth))

    def _polygon(self, head: _Header, depth: int) -> BaseGeometry:
        return _polygon([self.points(head) for _ in range(self.count(head.order))])

    def _curve_polygon(self, head: _Header, depth: int) -> BaseGeometry:
        return _polygon([self._path(depth + 1) for _ in range(self.count(head.order))])

    def _surfaces(self, head: _Header, depth: int) -> BaseGeometry:
        parts = [self.geometry(depth + 1) for _ in range(self.count(head.order))]
        if any(part.geom_type != "Polygon" for part in parts):
            raise WkbError("a surface that is no polygon")
        return shapely.multipolygons(parts) if parts else shapely.MultiPolygon()

    def _collection(self, head: _Header, depth: int) -> BaseGeometry:
        parts = [self.geometry(depth + 1) for _ in range(self.count(head.order))]
        return shapely.geometrycollections(parts) if parts else shapely.GeometryCollection()

    def _path(self, depth: int) -> Points:
        head = self.header(depth)
        if head.kind == LINE:
            return self.points(head)
        if head.kind == CIRCULAR:
            return straightened(self.points(head), self.tolerance)
        if head.kind != COMPOUND:
            raise WkbError("a curve that is no line")
        pieces = [self._path(depth + 1) for _ in range(self.count(head.order))]
        if not pieces:
            return np.empty((0, 2))
        return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _polygon(rings: list[Points]) -> BaseGeometry:
    if not rings:
        return shapely.Polygon()
    try:
        return shapely.Polygon(rings[0], rings[1:])
    except ValueError as error:
        raise WkbError(str(error)) from error
