"""Land that went from one area to another between two states, and lines that part none any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import shapely

LEAST_M2 = 0.01
"""Less land than this changes no hands: a new node bends a border by that much."""
_BEND_M = 0.002
_LEAST_M = 0.01

Piece = tuple[str | None, str | None, shapely.MultiPolygon]


def pieces(
    before: Mapping[str, shapely.MultiPolygon], after: Mapping[str, shapely.MultiPolygon]
) -> list[Piece]:
    """Return the land that went from one area to another, to none, and from none."""
    if not before and not after:
        return []
    olds, news = list(before), list(after)
    old_shapes = np.array([before[uid] for uid in olds], dtype=object)
    new_shapes = np.array([after[uid] for uid in news], dtype=object)
    found: list[Piece] = []
    if olds and news:
        pairs = shapely.STRtree(old_shapes).query(new_shapes, predicate="intersects")
        for new, old in sorted(zip(*pairs.tolist(), strict=True)):
            if olds[old] != news[new]:
                shared = shapely.intersection(old_shapes[old], new_shapes[new])
                _add(found, olds[old], news[new], shared)
    all_old, all_new = shapely.union_all(old_shapes), shapely.union_all(new_shapes)
    for uid, shape in before.items():
        _add(found, uid, None, shapely.difference(shape, all_new))
    for uid, shape in after.items():
        _add(found, None, uid, shapely.difference(shape, all_old))
    return found


def _add(found: list[Piece], old: str | None, new: str | None, shape: shapely.Geometry) -> None:
    parts = [
        part
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon" and part.area >= LEAST_M2
    ]
    if parts:
        found.append((old, new, shapely.MultiPolygon(parts)))


def united(polygons: Iterable[shapely.MultiPolygon]) -> shapely.MultiPolygon:
    """Return all the land as one."""
    whole = shapely.union_all(list(polygons))
    parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def old_lines(
    before: Mapping[str, shapely.MultiPolygon], after: Mapping[str, shapely.MultiPolygon]
) -> shapely.MultiLineString | None:
    """Return the outlines of before that are none any more, None when all still are."""
    old, new = _outlines(before), _outlines(after)
    # What was only cut by a new node lies within a millimetre of itself.
    left = shapely.difference(old, shapely.buffer(new, _BEND_M, quad_segs=1))
    parts = [part for part in shapely.get_parts(left) if part.length > _LEAST_M]
    return shapely.MultiLineString(parts) if parts else None


def _outlines(polygons: Mapping[str, shapely.MultiPolygon]) -> shapely.Geometry:
    return shapely.union_all(shapely.boundary(list(polygons.values())))
