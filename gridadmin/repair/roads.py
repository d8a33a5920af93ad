"""The road that runs through a piece of land, as a line to cut it along."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.partition.faces import Face
from gridadmin.partition.grid import Ints
from gridadmin.partition.ground import Ground, GroundLine
from gridadmin.repair.medial import Floats, overshot

_LEAST_SHARE = 0.4
"""A road counts when it runs through so much of the length of the land."""
_OVERSHOOT_MM = 3.0
_ON_BORDER_MM = 1.0


@dataclass(frozen=True)
class Road:
    """The part of a road inside a face, led on to its border, and what it is called."""

    lines: tuple[Ints, ...]
    name: str


def road_inside(face: Face, ground: Ground) -> Road | None:
    """Return the road that runs along a face, None when there is none."""
    part = face.part()
    polygon = shapely.Polygon(part.shell, part.holes)
    x0, y0, x1, y1 = (value / 1000 for value in polygon.bounds)
    by_name: dict[str, list[shapely.Geometry]] = {}
    for road in ground.lines_near((x0, y0, x1, y1), ("road",)):
        inside = shapely.intersection(shapely.LineString(road.points * 1000), polygon)
        by_name.setdefault(_name(road), []).extend(
            piece for piece in shapely.get_parts(inside) if piece.geom_type == "LineString"
        )
    best: tuple[float, str, shapely.Geometry] | None = None
    for name, pieces in sorted(by_name.items()):
        merged = shapely.line_merge(shapely.multilinestrings(pieces)) if pieces else None
        if merged is not None and (best is None or merged.length > best[0]):
            best = merged.length, name, merged
    if best is None or best[0] < _LEAST_SHARE * polygon.length / 2:
        return None
    lines = [_led_on(shapely.get_coordinates(one), polygon) for one in shapely.get_parts(best[2])]
    return Road(tuple(np.rint(line).astype(np.int64) for line in lines), best[1])


def _name(road: GroundLine) -> str:
    return road.name or ""


def _led_on(xy: Floats, polygon: shapely.Polygon) -> Floats:
    """Return a line with both ends on the border of the land, or a little over it."""
    border = shapely.boundary(polygon)
    for end in (0, -1):
        point = shapely.Point(xy[end])
        if shapely.distance(border, point) > _ON_BORDER_MM:
            nearest = shapely.get_coordinates(
                shapely.shortest_line(point, _beyond(border, xy, end))
            )[1]
            xy = np.concatenate((nearest[None], xy) if end == 0 else (xy, nearest[None]))
        xy = overshot(xy, end, _OVERSHOOT_MM)
    return xy


def _beyond(border: shapely.Geometry, xy: Floats, end: int) -> shapely.Geometry:
    """Return what of a border lies ahead of a line's end, all of it when nothing does."""
    before = xy[1] if end == 0 else xy[-2]
    way = xy[end] - before
    way = way / max(float(np.hypot(*way)), 1e-9)
    reach = float(np.hypot(*(np.ptp(shapely.get_coordinates(border), axis=0)))) + 1
    ahead = shapely.LineString([xy[end] + way, xy[end] + way * reach])
    met = shapely.intersection(border, ahead)
    return border if met.is_empty else met
