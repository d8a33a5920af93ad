"""Outlines that an area can take over: of a compound, a building, or a block between roads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from gridadmin.base.ids import OUTSIDE
from gridadmin.partition.ground import Box, Ground
from gridadmin.partition.planar import points_of
from gridadmin.partition.snapshot import Snapshot

SNAP_M = 1.0
"""Outlines run along a border that is this near: a sliver between the two is nobody's wish."""
_REACHES_M = (250.0, 1_000.0, 4_000.0)
_LEAST_M2 = 1.0
TABLES = ("compound", "building")


def outline_of(snapshot: Snapshot, table: str, uid: str) -> list[np.ndarray]:
    """Return the outer rings of an object in local metres, the largest first; empty for none.

    *table* is ``compound`` or ``building``. Rings follow borders that run within 1 m.
    """
    ground = Ground.of(snapshot)
    placed = ground.compounds if table == "compound" else ground.buildings
    number = placed.numbers.get(uid)
    return [] if number is None else _rings(snapshot, placed.shapes[number])


def block_around(snapshot: Snapshot, place: tuple[float, float]) -> list[np.ndarray]:
    """Return the ring of the land between roads, rivers and railways around a place.

    Empty when the lines around it don't close. The frame closes a block as well.
    """
    x, y = place
    for reach in _REACHES_M:
        box = x - reach, y - reach, x + reach, y + reach
        found = _block_in(snapshot, box, shapely.Point(x, y))
        if found is not None:
            return _rings(snapshot, found)
    return []


def _block_in(snapshot: Snapshot, box: Box, place: shapely.Point) -> shapely.Geometry | None:
    lines = [shapely.LineString(line.points) for line in Ground.of(snapshot).lines_near(box)]
    lines += [line for line, sides in _borders_in(snapshot, box) if OUTSIDE in sides]
    if not lines:
        return None
    noded = shapely.union_all(lines)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return next((face for face in faces if shapely.contains(face, place)), None)


def _rings(snapshot: Snapshot, shape: shapely.Geometry) -> list[np.ndarray]:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]
    parts.sort(key=lambda part: -float(part.area))
    return [
        shapely.get_coordinates(_along_borders(snapshot, shapely.Polygon(part.exterior)).exterior)
        for part in parts
        if part.area >= _LEAST_M2
    ]


def _along_borders(snapshot: Snapshot, polygon: shapely.Polygon) -> shapely.Polygon:
    x0, y0, x1, y1 = polygon.bounds
    box = x0 - SNAP_M, y0 - SNAP_M, x1 + SNAP_M, y1 + SNAP_M
    near = [line for line, _ in _borders_in(snapshot, box)]
    if not near:
        return polygon
    snapped = shapely.snap(polygon, shapely.union_all(near), SNAP_M)
    is_good = isinstance(snapped, shapely.Polygon) and snapped.is_valid and not snapped.is_empty
    return snapped if is_good else polygon


def _borders_in(
    snapshot: Snapshot, box: Box
) -> Sequence[tuple[shapely.LineString, tuple[int, int]]]:
    low = int(box[0] * 1000), int(box[1] * 1000)
    high = int(box[2] * 1000) + 1, int(box[3] * 1000) + 1
    return [
        (shapely.LineString(points_of(border) / 1000.0), (border.left, border.right))
        for border in snapshot.partition.in_box(low, high)
    ]
