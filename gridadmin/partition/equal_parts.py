"""Where straight lines cut an area into parts with equal households or equal land."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area, Building
from gridadmin.partition.blocks import pieces_between
from gridadmin.partition.grid import Ints
from gridadmin.partition.land_alone import in_mm
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import land_parts

BY = ("households", "land")
DIRECTIONS = ("auto", "ns", "ew")

_SHIFT_MM = 5000.0
"""So far a cut gives way to a building's footprint."""
_SLACK = 0.008
"""Share of a part's land that a cut may give away for that; the parts stay equal within 2 %."""
_CLEAR_MM = 100.0
_BEYOND_MM = 1000.0
_STEPS = 48

Span = tuple[float, float]


def cuts_for(snapshot: Snapshot, area: Area, parts: int, by: str, direction: str) -> list[Ints]:
    """Return the lines (mm of the kernel) that cut *area*, the first part to the left of the first.

    Raises: EditError ``edit.bad_value``, ``edit.not_drawn``, ``edit.too_few_buildings``.
    """
    for field, value, known in (("by", by, BY), ("direction", direction, DIRECTIONS)):
        if value not in known:
            raise EditError("edit.bad_value", field=field, value=value)
    if not 2 <= parts <= _MOST_PARTS:
        raise EditError("edit.bad_value", field="parts", value=parts)
    oid = oid_of(area.uid)
    land = in_mm(land_parts(snapshot.partition, oid))
    if land.is_empty:
        raise EditError("edit.not_drawn", area=area.name)
    buildings = snapshot.counts.on_land(snapshot.partition, oid)
    axis = _Axis.of(land, direction)
    shut = [axis.span(shape) for shape in _footprints(snapshot, buildings)]
    if by == "land":
        places = _by_land(axis, land, parts, shut)
    else:
        places = _by_households(snapshot, axis, buildings, parts, shut)
    return [axis.cut_at(place) for place in places]


_MOST_PARTS = 99


def regions_between(land: shapely.Geometry, lines: Sequence[Ints]) -> list[shapely.Geometry]:
    """Return the parts of *land* (mm) that parallel *lines* make, the first to the left of all."""
    pieces = pieces_between(land, [shapely.LineString(line) for line in lines])
    held: list[list[shapely.Geometry]] = [[] for _ in range(len(lines) + 1)]
    for piece in pieces:
        here = shapely.get_coordinates(piece.representative_point())[0]
        held[sum(_is_right_of(here, line) for line in lines)].append(piece)
    return [shapely.union_all(part) for part in held]


def _is_right_of(here: np.ndarray, line: Ints) -> bool:
    way, reach = line[-1] - line[0], here - line[0]
    return bool(way[0] * reach[1] - way[1] * reach[0] < 0)


@dataclass(frozen=True, slots=True)
class _Axis:
    """The direction in which the parts follow each other, and how far the land reaches across."""

    x: float
    y: float
    low: float
    high: float

    @classmethod
    def of(cls, land: shapely.Geometry, direction: str) -> _Axis:
        """Return the axis of some land."""
        x, y = {"ns": (0.0, -1.0), "ew": (1.0, 0.0)}.get(direction) or _longer_side(land)
        xy = shapely.get_coordinates(land)
        across = xy[:, 1] * x - xy[:, 0] * y
        return cls(x, y, float(across.min()) - _BEYOND_MM, float(across.max()) + _BEYOND_MM)

    def along(self, xy: np.ndarray) -> np.ndarray:
        """Return how far along points ``(n, 2)`` lie."""
        far: np.ndarray = xy[:, 0] * self.x + xy[:, 1] * self.y
        return far

    def span(self, shape: shapely.Geometry) -> Span:
        """Return from where to where a shape reaches."""
        far = self.along(shapely.get_coordinates(shape))
        return float(far.min()), float(far.max())

    def point(self, along: float, across: float) -> tuple[float, float]:
        """Return the point at a place along and across."""
        return along * self.x - across * self.y, along * self.y + across * self.x

    def cut_at(self, along: float) -> Ints:
        """Return the line across at a place; what comes before it lies on its left."""
        ends = [self.point(along, self.low), self.point(along, self.high)]
        return np.floor(np.array(ends) + 0.5).astype(np.int64)

    def before(self, land: shapely.Geometry, along: float) -> float:
        """Return how much of some land comes before a place."""
        start = self.span(land)[0] - _BEYOND_MM
        corners = [
            self.point(start, self.low),
            self.point(start, self.high),
            self.point(along, self.high),
            self.point(along, self.low),
        ]
        return float(shapely.intersection(land, shapely.Polygon(corners)).area)


def _longer_side(land: shapely.Geometry) -> tuple[float, float]:
    """Return the direction of the longer side of the box around land, southward or eastward."""
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(land))
    sides = [second - first for first, second in pairwise(box[:3])]
    x, y = max(sides, key=lambda side: float(np.hypot(*side)))
    length = float(np.hypot(x, y))
    is_backward = y > 0 if abs(y) > abs(x) else x < 0
    sign = -1.0 if is_backward else 1.0
    return sign * float(x) / length, sign * float(y) / length


def _footprints(snapshot: Snapshot, buildings: Sequence[Building]) -> list[shapely.Geometry]:
    """Return the footprints of buildings in mm of the kernel."""
    shapes = [shapely.from_wkb(b.footprint) for b in buildings if b.footprint is not None]
    origin = np.array(snapshot.origin_mm)
    return [shapely.transform(shape, lambda xy: xy * 1000.0 - origin) for shape in shapes]


def _by_land(axis: _Axis, land: shapely.Geometry, parts: int, shut: Sequence[Span]) -> list[float]:
    share = land.area / parts
    places = []
    for number in range(1, parts):
        place = _place_of(axis, land, number * share)
        if _is_open(place, shut):
            places.append(place)
            continue
        slack = share * _SLACK
        low = _place_of(axis, land, number * share - slack)
        high = _place_of(axis, land, number * share + slack)
        places.append(_given_way(place, (low, high), shut))
    return places


def _place_of(axis: _Axis, land: shapely.Geometry, wanted: float) -> float:
    """Return before which place that much land comes."""
    low, high = axis.span(land)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if axis.before(land, middle) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _by_households(
    snapshot: Snapshot,
    axis: _Axis,
    buildings: Sequence[Building],
    parts: int,
    shut: Sequence[Span],
) -> list[float]:
    lived_in = [building for building in buildings if building.households > 0]
    if len(lived_in) < parts:
        raise EditError("edit.too_few_buildings", buildings=len(lived_in), parts=parts)
    origin = np.array(snapshot.origin_mm)
    far = axis.along(np.array([(b.x_mm, b.y_mm) for b in lived_in]) - origin)
    order = np.argsort(far, kind="stable")
    far = far[order]
    before = np.cumsum(np.array([b.households for b in lived_in])[order])
    gaps = np.nonzero(np.diff(far) > 2.0)[0]
    if len(gaps) < parts - 1:
        raise EditError("edit.too_few_buildings", buildings=len(gaps) + 1, parts=parts)
    places, taken = [], 0
    for number in range(1, parts):
        # One gap at least is left for each of the cuts to come.
        free = gaps[taken : len(gaps) - (parts - 1 - number)]
        best = int(np.argmin(np.abs(before[free] - before[-1] * number / parts)))
        taken += best + 1
        low, high = float(far[free[best]]) + 1.0, float(far[free[best] + 1]) - 1.0
        places.append(_given_way((low + high) / 2, (low, high), shut))
    return places


def _given_way(place: float, allowed: Span, shut: Sequence[Span]) -> float:
    """Return the place nearest to *place* that is allowed and lies in no shut span.

    *place* itself when there is none a few metres away: then a building is cut.
    """
    edges = [edge for low, high in shut for edge in (low - _CLEAR_MM, high + _CLEAR_MM)]
    for candidate in sorted((place, *edges), key=lambda one: abs(one - place)):
        if abs(candidate - place) > _SHIFT_MM:
            break
        if allowed[0] <= candidate <= allowed[1] and _is_open(candidate, shut):
            return candidate
    return place


def _is_open(place: float, shut: Sequence[Span]) -> bool:
    return all(not low < place < high for low, high in shut)
