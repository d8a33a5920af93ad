"""Stacked micro-grids: every entrance and floor of a tower is in exactly one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise

import shapely

from gridadmin.base.ids import oid_of
from gridadmin.checks.finding import placed_issue
from gridadmin.checks.look import Look, Survey
from gridadmin.checks.registry import Check
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import CELL_LEVEL, Building, StackedPart
from gridadmin.partition.snapshot import Snapshot

_ONE_FLOOR = (1, 1)


def _entrances(look: Look, uid: str) -> Iterator[Issue]:
    snapshot = look.snapshot
    building = snapshot.rows("building").get(uid)
    if building is None:
        return
    parts = [part for part in snapshot.linked("stacked_part", uid) if _is_alive(snapshot, part)]
    if not parts and not (building.households and _stands_on_cell(snapshot, building)):
        return
    for entrance, keys in _entrances_of(snapshot, building):
        mine = [part for part in parts if part.entrance is None or part.entrance in keys]
        floors = [_floors(building, part) for part in mine]
        whole = (1, building.floors) if building.floors else _ONE_FLOOR
        for kind, is_wrong in (
            ("entrance_twice", _meet(floors)),
            ("entrance_unplaced", not _fill(floors, whole)),
        ):
            if is_wrong:
                yield placed_issue(
                    snapshot,
                    kind,
                    shapely.Point(building.x_mm / 1000, building.y_mm / 1000),
                    level="micro_grid",
                    areas={part.area for part in mine},
                    about=f"{uid} {entrance}",
                    building=building.name or building.address or uid[-6:],
                    entrance=entrance,
                )


def _is_alive(snapshot: Snapshot, part: StackedPart) -> bool:
    area = snapshot.rows("area").get(part.area)
    return area is not None and area.valid_to is None


def _stands_on_cell(snapshot: Snapshot, building: Building) -> bool:
    area = snapshot.owning_area(snapshot.counts.owner_of(building.uid))
    return area is not None and area.level == CELL_LEVEL


def _entrances_of(snapshot: Snapshot, building: Building) -> list[tuple[str, set[str]]]:
    """Return the entrances by name with all that a part may call them; one when none is known."""
    rows = snapshot.linked("entrance", building.uid)
    if not rows:
        named = {p.entrance for p in snapshot.linked("stacked_part", building.uid) if p.entrance}
        return [(name, {name}) for name in sorted(named)] or [("", set())]
    return [(row.name, {row.name, row.uid}) for row in sorted(rows, key=lambda r: (r.name, r.uid))]


def _floors(building: Building, part: StackedPart) -> tuple[int, int]:
    if not building.floors:
        # Without a number of floors a part is taken to hold what it names, once.
        return (part.floor_from or 1, part.floor_to or part.floor_from or 1)
    first = 1 if part.floor_from is None else part.floor_from
    return first, building.floors if part.floor_to is None else part.floor_to


def _meet(floors: list[tuple[int, int]]) -> bool:
    ordered = sorted(floors)
    return any(after[0] <= before[1] for before, after in pairwise(ordered))


def _fill(floors: list[tuple[int, int]], whole: tuple[int, int]) -> bool:
    """Return whether the floors from the ground up to the roof are all there."""
    upto = whole[0] - 1
    for first, last in sorted(floors):
        if first > upto + 1:
            return False
        upto = max(upto, last)
    return upto >= whole[1]


def _listed(survey: Survey) -> Collection[str]:
    snapshot = survey.snapshot
    listed = {part.building for part in snapshot.rows("stacked_part").values()}
    counts = snapshot.counts
    for area in snapshot.areas():
        if area.level == CELL_LEVEL and counts.buildings_of(oid_of(area.uid)):
            listed |= {b.uid for b in counts.on_land(snapshot.partition, oid_of(area.uid))}
    return listed


CHECKS = (Check(("entrance_unplaced", "entrance_twice"), "building", _entrances, _listed),)
