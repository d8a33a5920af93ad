"""The borders that both sides moved, as outlines to be painted side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from gridadmin.base.ids import oid_of
from gridadmin.edit.take_in_command import Returned
from gridadmin.edit.three_ways import LandClash
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import land_parts, to_polygon

_AIR = 0.35
_LEAST_M = 8.0


@dataclass(frozen=True)
class ClashShapes:
    """Outlines of the areas of a clash in plane metres, and the box in which they differ.

    ``ours_moved`` and ``theirs_moved`` are the land that each side gave to somebody else.
    """

    key: str
    names: tuple[str, ...]
    base: tuple[shapely.MultiPolygon, ...]
    ours: tuple[shapely.MultiPolygon, ...]
    theirs: tuple[shapely.MultiPolygon, ...]
    ours_moved: shapely.Geometry
    theirs_moved: shapely.Geometry
    box: tuple[float, float, float, float]


def shapes_of(
    clashes: Sequence[LandClash], project: Snapshot, package: Returned
) -> list[ClashShapes]:
    """Return what is to be painted of each clash; takes long where there are many."""
    return [_shapes(one, project, package) for one in clashes]


def _shapes(clash: LandClash, project: Snapshot, package: Returned) -> ClashShapes:
    states = (package.base, project, package.now)
    base, ours, theirs = ([_land(state, uid) for uid in clash.areas] for state in states)
    moved = [_moved(base, side) for side in (ours, theirs)]
    areas = {**package.now.rows("area"), **project.rows("area")}
    return ClashShapes(
        clash.key,
        tuple(areas[uid].name for uid in clash.areas),
        tuple(base),
        tuple(ours),
        tuple(theirs),
        moved[0],
        moved[1],
        _box([*moved, _moved(ours, theirs)]),
    )


def _moved(
    before: Sequence[shapely.MultiPolygon], after: Sequence[shapely.MultiPolygon]
) -> shapely.Geometry:
    pairs = zip(before, after, strict=True)
    return shapely.union_all([shapely.symmetric_difference(one, other) for one, other in pairs])


def _land(state: Snapshot, uid: str) -> shapely.MultiPolygon:
    if not state.partition.has_land(oid_of(uid)):
        return shapely.MultiPolygon()
    return to_polygon(land_parts(state.partition, oid_of(uid)), state.place)


def _box(shapes: Sequence[shapely.Geometry]) -> tuple[float, float, float, float]:
    """Return the box of all shapes with air around it, at least some metres wide."""
    x0, y0, x1, y1 = (float(value) for value in shapely.total_bounds(list(shapes)))
    air = max(_LEAST_M, (x1 - x0) * _AIR, (y1 - y0) * _AIR)
    return x0 - air, y0 - air, x1 + air, y1 + air
