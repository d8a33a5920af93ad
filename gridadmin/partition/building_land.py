"""The land around buildings: what of a face lies nearer to some of them than to all others.

A cell of a Voronoi partition of the buildings in the face, taken from points all around a footprint
where one is known, so that no cut runs through a building.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import shapely

from gridadmin.domain.model import Building
from gridadmin.partition.faces import Face
from gridadmin.partition.grid import Ints
from gridadmin.partition.land_alone import in_mm
from gridadmin.partition.snapshot import Snapshot

_STEP_MM = 4000.0
"""Points on a footprint stand at most this far apart."""
_CORNER_MM = 600.0
"""So far the outline of a cell may be straightened."""


def land_around(snapshot: Snapshot, face: Face, chosen: Collection[str]) -> shapely.Geometry:
    """Return the part of *face* (mm of the kernel) around the *chosen* buildings in it.

    All of the face when no other building stands there, nothing when none of the chosen does.
    """
    land = in_mm(face.parts())
    buildings = snapshot.counts.on_face(snapshot.partition, face)
    ours = [building.uid in chosen for building in buildings]
    if not any(ours) or all(ours):
        return land if any(ours) else shapely.Polygon()
    points, building_of = _samples(snapshot, buildings)
    is_ours = np.array(ours)[building_of]
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=land, ordered=True)
    )
    around = shapely.union_all(cells[is_ours])
    return shapely.intersection(_straightened(around, points, is_ours), land)


def _samples(snapshot: Snapshot, buildings: Sequence[Building]) -> tuple[np.ndarray, Ints]:
    """Return points of buildings ``(n, 2)`` in mm, and the row of the building of each."""
    origin = np.array(snapshot.origin_mm, dtype=np.float64)
    points, rows, seen = [], [], set()
    for row, building in enumerate(buildings):
        own = [np.array([[building.x_mm, building.y_mm]], dtype=np.float64) - origin]
        if building.footprint is not None:
            own.append(_along(building.footprint, origin))
        for x, y in np.concatenate(own).round().tolist():
            # Two buildings may share a wall; a point that both have would have no cell.
            if (x, y) not in seen:
                seen.add((x, y))
                points.append((x, y))
                rows.append(row)
    return np.array(points), np.array(rows, dtype=np.int64)


def _along(footprint: bytes, origin: np.ndarray) -> np.ndarray:
    outline = shapely.transform(
        shapely.boundary(shapely.from_wkb(footprint)), lambda xy: xy * 1000.0 - origin
    )
    xy: np.ndarray = shapely.get_coordinates(shapely.segmentize(outline, _STEP_MM))
    return xy


def _straightened(
    around: shapely.Geometry, points: np.ndarray, is_ours: np.ndarray
) -> shapely.Geometry:
    """Return a cell with a simpler outline that still holds its own points and no others."""
    simpler = shapely.simplify(around, _CORNER_MM)
    holds = shapely.contains_xy(simpler, points[:, 0], points[:, 1])
    return simpler if bool((holds == is_ours).all()) else around
