"""Settle near misses of polygons: a vertex goes to the neighbour's, or an edge is led through it.

Only what one polygon alone has is moved: so the land between two others never changes, and what
does lies in the gap or overlap that the miss had made.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import dist

import numpy as np
import shapely

from gridadmin.partition.edges import rounded
from gridadmin.partition.grid import Ints, pack, unpack_point
from gridadmin.partition.near_misses import NearMiss

Floats = np.ndarray
_TWO = 2


@dataclass
class _Moves:
    """What becomes of the outline of one polygon, by packed vertices."""

    to: dict[int, int] = field(default_factory=dict)
    through: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))


def with_misses_settled(
    polygons: np.ndarray,
    misses: Sequence[NearMiss],
    origin_mm: tuple[int, int],
    max_area_m2: float | None = None,
) -> tuple[np.ndarray, dict[int, int]]:
    """Return polygons (metres) without near misses, and how many were settled by row.

    A polygon that would cross itself, or change by more than *max_area_m2*, stays as it is.
    """
    counts: Counter[int] = Counter()
    moves: dict[int, _Moves] = defaultdict(_Moves)
    for miss in misses:
        row = _settle(miss, moves)
        if row is not None:
            counts[row] += 1
    mended = polygons.copy()
    places = _Places(polygons, misses, origin_mm)
    for row, change in moves.items():
        old = polygons[row]
        new = _changed(old, change, places)
        if _is_fair(old, new, max_area_m2):
            mended[row] = new
        else:
            del counts[row]
    return mended, dict(counts)


def _is_fair(old: shapely.Geometry, new: shapely.Geometry, max_area_m2: float | None) -> bool:
    if not new.is_valid:
        return not old.is_valid and max_area_m2 is None
    if max_area_m2 is None:
        return True
    return bool(old.is_valid and shapely.symmetric_difference(new, old).area <= max_area_m2)


def _settle(miss: NearMiss, moves: dict[int, _Moves]) -> int | None:
    """Note what settles a miss; return the row that changes, None where it would touch others."""
    if miss.other is not None:
        for who, goes, stays in (
            (miss.missed, miss.other, miss.vertex),
            (miss.holders, miss.vertex, miss.other),
        ):
            if len(who) == 1:
                (row,) = who
                moves[row].to[goes] = stays
                return row
    elif miss.edge is not None and len(miss.missed) == 1:
        (row,) = miss.missed
        moves[row].through[miss.edge].append(miss.vertex)
        return row
    return None


class _Places:
    """Packed vertices of polygons, and where exactly the file has them."""

    def __init__(
        self, polygons: np.ndarray, misses: Sequence[NearMiss], origin_mm: tuple[int, int]
    ) -> None:
        self._origin = np.asarray(origin_mm, dtype=np.float64)
        wanted = {key for miss in misses for key in (miss.vertex, miss.other) if key is not None}
        rows = sorted({row for miss in misses for row in miss.holders | miss.missed})
        xy = shapely.get_coordinates(polygons[rows])
        self._exact: dict[int, tuple[float, float]] = {}
        for key, (x, y) in zip(self.keys(xy).tolist(), xy.tolist(), strict=True):
            if key in wanted:
                self._exact.setdefault(key, (x, y))

    def keys(self, xy: Floats) -> Ints:
        """Return places in metres as packed vertices."""
        return pack(rounded(xy * 1000 - self._origin))

    def exact(self, key: int) -> tuple[float, float]:
        """Return a vertex in metres as the first polygon that has it does."""
        x, y = unpack_point(key)
        place = (x + self._origin[0]) / 1000, (y + self._origin[1]) / 1000
        return self._exact.get(key, (float(place[0]), float(place[1])))


def _changed(polygon: shapely.Geometry, moves: _Moves, places: _Places) -> shapely.Geometry:
    parts = []
    for part in shapely.get_parts(polygon):
        rings = [_ring(shapely.get_coordinates(ring), moves, places) for ring in _rings(part)]
        whole = [ring for ring in rings if len(set(ring)) > _TWO]
        if whole and len(rings[0]) > _TWO:
            parts.append(shapely.Polygon(whole[0], whole[1:]))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _rings(part: shapely.Polygon) -> list[shapely.LinearRing]:
    return [part.exterior, *part.interiors]


def _ring(xy: Floats, moves: _Moves, places: _Places) -> list[tuple[float, float]]:
    keys = places.keys(xy).tolist()
    points = [
        places.exact(moves.to[key]) if key in moves.to else (float(x), float(y))
        for key, (x, y) in zip(keys, xy, strict=True)
    ]
    ring = points[:1]
    for at in range(1, len(points)):
        ring += _between(keys[at - 1], keys[at], moves.through, places)
        ring.append(points[at])
    return ring


def _between(
    start: int, end: int, through: Mapping[tuple[int, int], list[int]], places: _Places
) -> list[tuple[float, float]]:
    """Return the vertices that an edge is led through, in walking order."""
    added = through.get((min(start, end), max(start, end)), [])
    ordered = sorted(added, key=lambda key: dist(unpack_point(key), unpack_point(start)))
    return [places.exact(key) for key in ordered]
