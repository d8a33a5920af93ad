"""Who holds the land at a point, or at many points at once: what is seen looking left.

Floats find the nearest edge; where two are nearly as near, or the point lies nearly on one, exact
arithmetic decides (:func:`gridadmin.partition.walk.half_left_of`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gridadmin.base.ids import OUTSIDE
from gridadmin.partition.grid import Ints
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import edges_of_borders
from gridadmin.partition.walk import half_left_of

_FEW = 4
_LOOK_MM = 200_000
"""So far left of the first point edges are gathered; who sees none is asked for exactly."""
_ALIKE_MM = 0.01
"""Nearer together than this, floats can't tell which is nearer."""
_AT_ONCE = 2_000_000
"""Pairs of a point and an edge that are looked at together."""


def owner_at(partition: Partition, x: int, y: int) -> int:
    """Return who holds the land at a point, in mm; on a border, the land to its left."""
    half = half_left_of(partition, x, y)
    return OUTSIDE if half is None else half.owner


def owners_at(partition: Partition, points: Sequence[tuple[int, int]]) -> list[int]:
    """Return :func:`owner_at` of each point; quick where they lie near each other."""
    if len(points) <= _FEW:
        return [owner_at(partition, x, y) for x, y in points]
    xy = np.array(points, dtype=np.int64)
    (x0, y0), (x1, y1) = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
    edges = edges_of_borders(partition.in_box((x0 - _LOOK_MM, y0), (x1, y1)))
    low, high = np.minimum(edges.start, edges.end), np.maximum(edges.start, edges.end)
    is_seen = (low[:, 1] <= y1) & (high[:, 1] > y0) & (low[:, 0] <= x1)
    start, end = edges.start[is_seen], edges.end[is_seen]
    rises = end[:, 1] > start[:, 1]
    owners = np.where(rises, edges.right[is_seen], edges.left[is_seen])
    found: list[int] = []
    step = max(_AT_ONCE // max(len(start), 1), 1)
    for first in range(0, len(xy), step):
        found += _seen(partition, xy[first : first + step], start, end, owners, x0 - _LOOK_MM)
    return found


def _seen(
    partition: Partition, xy: Ints, start: Ints, end: Ints, owners: Ints, west: int
) -> list[int]:
    """Answer for points whose edges are all known as far as *west*."""
    x, y = xy[:, 0, None].astype(np.float64), xy[:, 1, None]
    spans = (start[None, :, 1] <= y) != (end[None, :, 1] <= y)
    height = (end[:, 1] - start[:, 1]).astype(np.float64)
    lean = (end[:, 0] - start[:, 0]) / np.where(height == 0.0, 1.0, height)
    gaps = x - start[None, :, 0] - (y - start[None, :, 1]) * lean
    gaps = np.where(spans & (gaps > -_ALIKE_MM), gaps, np.inf)
    if not gaps.size:
        return [owner_at(partition, *point) for point in xy.tolist()]
    nearest = gaps.argmin(axis=1)
    rows = np.arange(len(xy))
    least = gaps[rows, nearest]
    gaps[rows, nearest] = np.inf
    # Too near to the edge, two edges alike, or none where all are known: floats don't settle it.
    is_sure = (least > _ALIKE_MM) & (x[:, 0] - least > west)
    is_sure &= gaps.min(axis=1) > np.where(np.isfinite(least), least, 0.0) + _ALIKE_MM
    return [
        owner if sure else owner_at(partition, *point)
        for owner, sure, point in zip(
            owners[nearest].tolist(), is_sure.tolist(), xy.tolist(), strict=True
        )
    ]
