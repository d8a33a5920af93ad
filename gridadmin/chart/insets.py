"""Land far off: shown in a box of its own, so that it doesn't make everything else small."""

from __future__ import annotations

import numpy as np
import shapely

from gridadmin.chart.facts import MapFacts
from gridadmin.chart.map_view import Bounds, MapView

_NEAR = 0.35
"""Land is near when it lies within this share of the size of the rest."""
_GAIN = 1.6
"""So much larger the rest has to become by it."""
_MOST_LAND = 0.3
_GREAT_GAIN = 6.0
"""Where all land together would be specks, however much of it stands in boxes."""
_MOST_INSETS = 3


def main_and_far(about: shapely.MultiPolygon) -> tuple[Bounds, list[Bounds]]:
    """Return the box of what the map shows, and those of what stands in boxes of its own.

    Local metres. There are such boxes only where the map gains much by them, and where what is in
    them is little land, or all would be specks without them.
    """
    whole: Bounds = about.bounds
    parts = sorted(about.geoms, key=lambda part: -part.area)
    clusters = _clusters(parts)
    main, far = clusters[0], clusters[1:]
    if not far or len(far) > _MOST_INSETS:
        return whole, []
    left_out = sum(part.area for cluster in far for part in cluster)
    bounds = _bounds(main)
    gain = _size(whole) / max(_size(bounds), 1.0)
    if gain < (_GAIN if left_out <= _MOST_LAND * about.area else _GREAT_GAIN):
        return whole, []
    return bounds, [_bounds(cluster) for cluster in far]


def areas_outside(facts: MapFacts, view: MapView) -> int | None:
    """Return how many areas the map doesn't show; None where all the land is on it."""
    main, far = main_and_far(facts.about)
    boxes = [shapely.box(*view.bounds), *(shapely.box(*one) for one in far)]
    hair = 0.2 / view.mm_per_m
    if shapely.covers(boxes[0].buffer(hair), shapely.box(*main)):
        return None
    lands = np.array([area.land for area in facts.areas], dtype=object)
    seen = shapely.intersects(np.array(boxes, dtype=object)[:, None], lands[None, :])
    return int(np.count_nonzero(~seen.any(axis=0)))


def _clusters(parts: list[shapely.Polygon]) -> list[list[shapely.Polygon]]:
    """Return parts that lie together, the cluster of the largest part first."""
    left, found = list(parts), list[list[shapely.Polygon]]()
    while left:
        cluster = [left.pop(0)]
        is_growing = True
        while is_growing:
            box = shapely.box(*_bounds(cluster))
            reach = _NEAR * _size(_bounds(cluster))
            near = [part for part in left if box.distance(part) <= reach]
            cluster += near
            left = [part for part in left if part not in near]
            is_growing = bool(near)
        found.append(cluster)
    return found


def _bounds(parts: list[shapely.Polygon]) -> Bounds:
    x0, y0, x1, y1 = shapely.total_bounds(parts).tolist()
    return x0, y0, x1, y1


def _size(bounds: Bounds) -> float:
    return max(bounds[2] - bounds[0], bounds[3] - bounds[1])
