"""Which building stands on whose land, and the households that follow from it.

A building belongs to the owner of the face that holds its point; one that stands on a border
belongs to the land west of it (on a level border: north), however the border is cut and stored.
Kept up with every change of borders for the buildings near it alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from immutables import Map

from gridadmin.base.giving_way import give_way
from gridadmin.base.ids import OUTSIDE
from gridadmin.domain.change import RowChange
from gridadmin.domain.model import Building
from gridadmin.partition.base import chain_of
from gridadmin.partition.border import Box
from gridadmin.partition.faces import Face
from gridadmin.partition.planar import Parents, Partition, points_of
from gridadmin.partition.polygons import own_polygons
from gridadmin.partition.portions import map_in_portions, points_in_portions
from gridadmin.partition.rewire import BorderChange, box_of_changes
from gridadmin.partition.sight import owner_at, owners_at
from gridadmin.partition.walk import half_left_of, to_polygon

_SHIFT = 17
_BREATH = 2000
_Sums = Map[int, tuple[int, int]]


class BuildingCounts:
    """Buildings and households by owner; immutable. ``sums`` include the land of descendants."""

    __slots__ = ("_buildings", "_cells", "_origin", "_owner", "_sums")

    def __init__(
        self,
        buildings: Map[str, Building],
        cells: Map[tuple[int, int], frozenset[str]],
        owner: Map[str, int],
        sums: _Sums,
        origin: tuple[int, int],
    ) -> None:
        self._buildings = buildings
        self._cells = cells
        self._owner = owner
        self._sums = sums
        self._origin = origin

    @classmethod
    def of(
        cls, partition: Partition, buildings: Iterable[Building], origin_mm: tuple[int, int]
    ) -> BuildingCounts:
        """Return the counts of all *buildings*; their points are in mm of the plane."""
        rows = list(buildings)
        known = map_in_portions({b.uid: b for b in rows})
        found = cls(known, Map(), Map(), Map(), origin_mm)
        if not rows:
            return found
        cells: dict[tuple[int, int], set[str]] = {}
        for number, building in enumerate(rows):
            if not number % _BREATH:
                give_way()
            cells.setdefault(found._cell(building), set()).add(building.uid)
        owner = _owners_at_once(partition, rows, origin_mm)
        sums: dict[int, tuple[int, int]] = {}
        for number, building in enumerate(rows):
            if not number % _BREATH:
                give_way()
            for oid in chain_of(owner[building.uid], partition.parents):
                count, households = sums.get(oid, (0, 0))
                sums[oid] = count + 1, households + building.households
        return cls(
            found._buildings,
            map_in_portions({cell: frozenset(uids) for cell, uids in cells.items()}),
            map_in_portions(owner),
            map_in_portions(sums),
            origin_mm,
        )

    def __len__(self) -> int:
        return len(self._buildings)

    def buildings_of(self, owner: int) -> int:
        """Return how many buildings stand on the land of an owner and its descendants."""
        return self._sums.get(owner, (0, 0))[0]

    def households_of(self, owner: int) -> int:
        """Return how many households live on the land of an owner and its descendants."""
        return self._sums.get(owner, (0, 0))[1]

    def owner_of(self, building: str) -> int:
        """Return on whose land a building stands. Raises: KeyError."""
        return self._owner[building]

    def building(self, uid: str) -> Building:
        """Return one building. Raises: KeyError."""
        return self._buildings[uid]

    def on_land(self, partition: Partition, owner: int) -> list[Building]:
        """Return the buildings on the land of an owner and its descendants, by uid."""
        near = self.near([(border, None) for border in partition.outline(owner)])
        return [
            self._buildings[uid]
            for uid in sorted(near)
            if owner in chain_of(self._owner[uid], partition.parents)
        ]

    def handed_over(self, after: BuildingCounts, borders: Sequence[BorderChange]) -> list[str]:
        """Return the buildings that stand on somebody else's land in *after*, sorted.

        *borders* are all that changed in between.
        """
        return [
            uid
            for uid in sorted(self._maybe_moved(borders))
            if uid in after._owner and after._owner[uid] != self._owner[uid]
        ]

    def in_face(self, partition: Partition, face: Face) -> tuple[int, int]:
        """Return how many buildings stand in one face of the partition, and their households."""
        found = self.on_face(partition, face)
        return len(found), sum(building.households for building in found)

    def on_face(self, partition: Partition, face: Face) -> list[Building]:
        """Return the buildings that stand in one face of the partition, by uid."""
        polygon = to_polygon(face.parts(), lambda xy: xy.astype(np.float64))
        shapely.prepare(polygon)
        keys = {half.key for half in face.halves()}
        found = []
        for uid in sorted(self.near([(half.border, None) for half in face.rings[0]])):
            if self._owner[uid] != face.owner:
                continue
            building = self._buildings[uid]
            x, y = self._kernel_point(building)
            is_in = shapely.contains_xy(polygon, x, y)
            if not is_in and shapely.intersects_xy(polygon, x, y):
                half = half_left_of(partition, x, y)
                is_in = half is not None and half.key in keys
            if is_in:
                found.append(building)
        return found

    def after(
        self,
        before: Partition,
        partition: Partition,
        borders: Sequence[BorderChange],
        changed: Sequence[RowChange],
    ) -> BuildingCounts:
        """Return the counts after changes of borders and of building rows.

        Areas that got another parent must have their outline among *borders*.
        """
        if not self._buildings and not changed:
            return self
        if len(changed) > _MANY:
            return BuildingCounts.of(partition, self._with(changed).values(), self._origin)
        moved = self._maybe_moved(borders) | {str(row.key) for row in changed}
        if len(moved) > _MANY:
            return BuildingCounts.of(partition, self._with(changed).values(), self._origin)
        return self._moved(before, partition, moved, changed)

    def _moved(
        self,
        before: Partition,
        partition: Partition,
        moved: set[str],
        changed: Sequence[RowChange],
    ) -> BuildingCounts:
        buildings = self._with(changed)
        cells, owner, sums = self._cells.mutate(), self._owner.mutate(), self._sums.mutate()

        def add(oid: int, parents: Parents, building: Building, sign: int) -> None:
            for holder in chain_of(oid, parents):
                count, households = sums.get(holder, (0, 0))
                if count + sign:
                    sums[holder] = count + sign, households + sign * building.households
                else:
                    del sums[holder]

        located = self._located(partition, [buildings[uid] for uid in moved if uid in buildings])
        for uid in moved:
            old, new = self._buildings.get(uid), buildings.get(uid)
            if old is not None:
                add(owner[uid], before.parents, old, -1)
                del owner[uid]
                left = cells[self._cell(old)] - {uid}
                if left:
                    cells[self._cell(old)] = left
                else:
                    del cells[self._cell(old)]
            if new is not None:
                owner[uid] = located[uid]
                add(owner[uid], partition.parents, new, 1)
                cells[self._cell(new)] = cells.get(self._cell(new), frozenset()) | {uid}
        return BuildingCounts(
            buildings, cells.finish(), owner.finish(), sums.finish(), self._origin
        )

    def _with(self, changed: Sequence[RowChange]) -> Map[str, Building]:
        buildings = self._buildings.mutate()
        for row in changed:
            if row.after is None:
                del buildings[str(row.key)]
            else:
                buildings[str(row.key)] = row.after
        return buildings.finish()

    def _located(self, partition: Partition, buildings: Sequence[Building]) -> dict[str, int]:
        points = [self._kernel_point(building) for building in buildings]
        owners = owners_at(partition, points)
        return {b.uid: owner for b, owner in zip(buildings, owners, strict=True)}

    def _maybe_moved(self, borders: Sequence[BorderChange]) -> set[str]:
        """Return the buildings in the box of all stretches that changed.

        Beyond it no place changes hands: each part of the plane there touches either a stretch that
        stayed, with the same owners beside it, or none at all before and after.
        """
        box = box_of_changes(borders)
        if box is None:
            return set()
        x0, y0, x1, y1 = box
        near = [(uid, self._kernel_point(self._buildings[uid])) for uid in self._in_box(box)]
        return {uid for uid, (x, y) in near if x0 - 1 <= x <= x1 + 1 and y0 - 1 <= y <= y1 + 1}

    def _kernel_point(self, building: Building) -> tuple[int, int]:
        return building.x_mm - self._origin[0], building.y_mm - self._origin[1]

    def near(self, borders: Sequence[BorderChange]) -> set[str]:
        """Return the buildings in the box of all changed borders: where land can change hands."""
        points = [points_of(row) for pair in borders for row in pair if row is not None]
        if not points:
            return set()
        low = np.min([xy.min(axis=0) for xy in points], axis=0)
        high = np.max([xy.max(axis=0) for xy in points], axis=0)
        (x0, y0), (x1, y1) = low.tolist(), high.tolist()
        return self._in_box((x0, y0, x1, y1))

    def _in_box(self, box: Box) -> set[str]:
        """Return the buildings of all cells that a box meets."""
        x0, y0, x1, y1 = (value >> _SHIFT for value in box)
        if (x1 - x0 + 1) * (y1 - y0 + 1) > len(self._cells):
            return set(self._buildings)
        found: set[str] = set()
        for x in range(x0, x1 + 1):
            for y in range(y0, y1 + 1):
                found |= self._cells.get((x, y), frozenset())
        return found

    def _cell(self, building: Building) -> tuple[int, int]:
        return (
            (building.x_mm - self._origin[0]) >> _SHIFT,
            (building.y_mm - self._origin[1]) >> _SHIFT,
        )


_MANY = 2000
"""Above this many buildings the count starts afresh, all at once."""


def _owners_at_once(
    partition: Partition, buildings: Sequence[Building], origin: tuple[int, int]
) -> dict[str, int]:
    points = np.array([(b.x_mm - origin[0], b.y_mm - origin[1]) for b in buildings], np.float64)
    polygons = own_polygons(partition, lambda xy: xy.astype(np.float64))
    owners = list(polygons)
    found = np.full(len(buildings), OUTSIDE, dtype=np.int64)
    if owners:
        tree = shapely.STRtree([polygons[owner] for owner in owners])
        point, polygon = tree.query(points_in_portions(points), predicate="within")
        found[point] = np.array(owners, dtype=np.int64)[polygon]
        # What lies in no polygon is outside, or on a border: that is settled exactly.
        for number in np.setdiff1d(np.arange(len(buildings)), point).tolist():
            x, y = points[number].tolist()
            found[number] = owner_at(partition, int(x), int(y))
        # One after the other: all at once they would take a while to end.
        del tree
        while polygons:
            polygons.popitem()
    return {b.uid: owner for b, owner in zip(buildings, found.tolist(), strict=True)}
