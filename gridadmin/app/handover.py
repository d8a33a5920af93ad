"""The pieces of land that a change hands from one owner to another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.base.ids import OUTSIDE
from gridadmin.edit.document import Done
from gridadmin.partition.border import points_of
from gridadmin.partition.grid import Ints
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import half_left_of


@dataclass(frozen=True)
class Handed:
    """A piece of land: its rings in local metres (closed, holes too), who had it and who gets it.

    *before* and *after* are kernel numbers.
    """

    rings: tuple[np.ndarray, ...]
    before: int
    after: int


def handed_over(done: Done) -> list[Handed]:
    """Return the pieces of land that belong to somebody else after a change, the largest first.

    What changes hands is bounded by borders that are new, gone, or have another side.
    """
    rows = [b for row in done.change.of("border") for b in (row.before, row.after) if b is not None]
    lines = {row.points: points_of(row) for row in rows}
    if not lines:
        return []
    noded = shapely.union_all([shapely.LineString(xy) for xy in lines.values()])
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    found = []
    for piece in sorted(pieces, key=shapely.area, reverse=True):
        inner = shapely.point_on_surface(piece)
        point = round(inner.x), round(inner.y)
        before, after = _owner(done.before, point), _owner(done.after, point)
        if before != after:
            rings = [piece.exterior, *piece.interiors]
            found.append(Handed(tuple(_metres(ring) for ring in rings), before, after))
    return found


def _owner(snapshot: Snapshot, point: tuple[int, int]) -> int:
    half = half_left_of(snapshot.partition, *point)
    return OUTSIDE if half is None else half.owner


def _metres(ring: shapely.LinearRing) -> np.ndarray:
    xy: Ints = shapely.get_coordinates(ring)
    metres: np.ndarray = xy / 1000.0
    return metres
