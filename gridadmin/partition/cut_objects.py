"""Buildings and compounds that a border cuts through: all of them, or those that a change cuts.

A border along a wall or a fence cuts nothing, though the two are never drawn on quite the same
line: it must run deeper inside than a margin. A building may be cut by no border at all; a compound
may well hold several micro-grids, so only borders between grids, or anything above, cut it. The
frame is given and cuts nothing, and disputed land waits for a decision anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import shapely

from gridadmin.base.ids import OUTSIDE, oid_of
from gridadmin.domain.model import BorderRow
from gridadmin.partition.ground import Ground, GroundBuilding, GroundCompound, Placed
from gridadmin.partition.planar import points_of
from gridadmin.partition.rewire import BorderChange
from gridadmin.partition.snapshot import Snapshot

WALL_M = 0.5
"""A border this near to the walls of a building, inside, is taken to run along them."""
FENCE_M = 2.0
"""The same of a compound, whose outline is drawn along fences, kerbs and road edges."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A building or compound that borders run through.

    ``table`` is ``building`` or ``compound``; ``owners`` are the kernel numbers on both sides of
    these ``borders``, sorted; ``households`` are those of a building, 0 of a compound; ``point``
    is a place on a border inside, in local metres.
    """

    table: str
    uid: str
    name: str
    households: int
    borders: tuple[int, ...]
    owners: tuple[int, ...]
    point: tuple[float, float]


@dataclass(frozen=True, slots=True)
class CutChange:
    """What a change of borders cuts, and what it leaves whole that was cut before."""

    new: tuple[Cut, ...] = ()
    healed: tuple[Cut, ...] = ()

    def of(self, table: str) -> tuple[Cut, ...]:
        """Return what is newly cut of ``building`` or ``compound``."""
        return tuple(cut for cut in self.new if cut.table == table)


def cut_buildings(snapshot: Snapshot, borders: Iterable[BorderRow] | None = None) -> list[Cut]:
    """Return the buildings that these borders (all, if None) run through, by uid."""
    rows = snapshot.partition if borders is None else borders
    parting = [row for row in rows if _parts(snapshot, row)]
    buildings = Ground.of(snapshot).buildings
    return [
        _cut("building", building.uid, building.name, building.households, found)
        for building, found in _crossed(buildings, parting, WALL_M)
    ]


def cut_compounds(snapshot: Snapshot, borders: Iterable[BorderRow] | None = None) -> list[Cut]:
    """Return the compounds that borders between grids (of these, or all) run through, by uid."""
    rows = snapshot.partition if borders is None else borders
    parting = [row for row in rows if _parts(snapshot, row) and _parts_grids(snapshot, row)]
    compounds = Ground.of(snapshot).compounds
    return [
        _cut("compound", compound.uid, compound.name, 0, found)
        for compound, found in _crossed(compounds, parting, FENCE_M)
    ]


def cut_change(before: Snapshot, after: Snapshot, changes: Sequence[BorderChange]) -> CutChange:
    """Return which buildings and compounds a change of borders cuts, and which it leaves whole.

    Looks at the changed borders alone, and around what they no longer cut.
    """
    if not changes:
        return CutChange()
    old = _cuts(before, [row for row, _ in changes if row is not None])
    new = _cuts(after, [row for _, row in changes if row is not None])
    known = {(cut.table, cut.uid) for cut in old}
    still = {(cut.table, cut.uid) for cut in new}
    gone = [cut for cut in old if (cut.table, cut.uid) not in still]
    fresh = [cut for cut in new if (cut.table, cut.uid) not in known]
    return CutChange(
        tuple(cut for cut in fresh if not _is_cut(before, cut)),
        tuple(cut for cut in gone if not _is_cut(after, cut)),
    )


def _cuts(snapshot: Snapshot, borders: Sequence[BorderRow]) -> list[Cut]:
    return [*cut_buildings(snapshot, borders), *cut_compounds(snapshot, borders)]


def _is_cut(snapshot: Snapshot, cut: Cut) -> bool:
    """Return whether any border of a snapshot cuts the object."""
    return cut_of(snapshot, cut.table, cut.uid) is not None


def cut_of(snapshot: Snapshot, table: str, uid: str) -> Cut | None:
    """Return how borders cut one ``building`` or ``compound``, None when they don't."""
    ground = Ground.of(snapshot)
    placed: Placed[Any] = ground.buildings if table == "building" else ground.compounds
    number = placed.number_of(uid)
    if number is None:
        return None
    x0, y0, x1, y1 = (shapely.bounds(placed.shapes[number]) * 1000).tolist()
    near = snapshot.partition.in_box((int(x0), int(y0)), (int(x1) + 1, int(y1) + 1))
    cut_by = cut_buildings if table == "building" else cut_compounds
    return next((found for found in cut_by(snapshot, near) if found.uid == uid), None)


def _parts(snapshot: Snapshot, border: BorderRow) -> bool:
    """Return whether a border has an owner on each side that somebody could be given to."""
    sides = border.left, border.right
    if border.left == border.right or OUTSIDE in sides:
        return False
    owners = [snapshot.owner(side) for side in sides]
    return not any(owner is not None and owner[0] == "dispute" for owner in owners)


def _parts_grids(snapshot: Snapshot, border: BorderRow) -> bool:
    return _grid_of(snapshot, border.left) != _grid_of(snapshot, border.right)


def _grid_of(snapshot: Snapshot, oid: int) -> int:
    """Return the owner of land, or the grid (or what is above it) that holds a micro-grid."""
    area = snapshot.owning_area(oid)
    if area is None:
        return oid
    grid = snapshot.level_rank("grid")
    while area.parent is not None and snapshot.level_rank(area.level) > grid:
        area = snapshot.area(area.parent)
    return oid_of(area.uid)


_T = TypeVar("_T", GroundBuilding, GroundCompound)
_Crossing = tuple[shapely.Geometry, list[BorderRow], list[shapely.Geometry]]
"""The inside of a shape, the borders that run through it, and their lines."""


def _crossed(
    placed: Placed[_T], borders: Sequence[BorderRow], margin_m: float
) -> list[tuple[_T, _Crossing]]:
    """Return the objects that borders run through, deeper inside than the margin."""
    if not borders or not len(placed.shapes):
        return []
    lines = np.empty(len(borders), dtype=object)
    lines[:] = [shapely.LineString(points_of(border) / 1000.0) for border in borders]
    line, shape = placed.tree.query(lines, predicate="intersects")
    numbers, place = np.unique(shape, return_inverse=True)
    inside = shapely.buffer(placed.shapes[numbers], -margin_m, quad_segs=2)
    hits = np.flatnonzero(shapely.intersects(inside[place], lines[line]))
    found: dict[int, list[int]] = {}
    for hit in hits.tolist():
        found.setdefault(int(place[hit]), []).append(int(line[hit]))
    return [
        (
            placed.objects[int(numbers[at])],
            (inside[at], [borders[n] for n in through], [lines[n] for n in through]),
        )
        for at, through in sorted(found.items())
    ]


def _cut(table: str, uid: str, name: str | None, households: int, crossing: _Crossing) -> Cut:
    inside, borders, lines = crossing
    within = max(shapely.intersection(lines, inside), key=shapely.length)
    part = max(shapely.get_parts(within), key=shapely.length)
    place = shapely.line_interpolate_point(part, 0.5, normalized=True)
    if place.is_empty:
        place = part.representative_point()
    return Cut(
        table,
        uid,
        name or "",
        households,
        tuple(sorted(border.id for border in borders)),
        tuple(sorted({side for border in borders for side in (border.left, border.right)})),
        (float(place.x), float(place.y)),
    )
