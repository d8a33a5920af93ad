"""Length and land of a line drawn on the map, on the ellipsoid where the plane is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from gridadmin.exchange.ellipsoid import land_m2, length_m
from gridadmin.exchange.import_source import plane_of
from gridadmin.partition.snapshot import Snapshot

Metres = tuple[float, float]


@dataclass(frozen=True)
class Measured:
    """How long a line is, open and closed, and how much land it encloses once closed.

    ``land_m2`` is None for fewer than three corners and where the line crosses itself;
    ``is_plane`` tells that the plane isn't known on the earth, so that it is measured as it is.
    """

    length_m: float
    around_m: float
    land_m2: float | None
    is_plane: bool


def measured(snapshot: Snapshot, line: Sequence[Metres]) -> Measured:
    """Return the figures of a line in plane metres."""
    plane = plane_of(snapshot)
    closed = [*line, line[0]]
    polygon = shapely.Polygon(closed) if len(set(line)) > 2 else None
    if polygon is not None and not shapely.is_valid(polygon):
        polygon = None
    if plane is None:
        length, around = (shapely.LineString(xy).length for xy in (line, closed))
        return Measured(length, around, None if polygon is None else polygon.area, is_plane=True)
    land = None if polygon is None else land_m2([shapely.MultiPolygon([polygon])], plane.crs)[0]
    return Measured(length_m(line, plane.crs), length_m(closed, plane.crs), land, is_plane=False)
