"""The commands that ways to settle are made of, beside those of every edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.checks.scopes import sides_of as owners_beside
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area
from gridadmin.edit.command import Command, Metres, face_of_point, find_area, label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.draw_commands import land_taken
from gridadmin.edit.land_commands import cut_off, give_face, without_pockets
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.shifts import Shifts
from gridadmin.partition.cuts import insert_lines
from gridadmin.partition.faces import Face, faces_of
from gridadmin.partition.grid import Ints, twice_area
from gridadmin.partition.ground import Ground
from gridadmin.partition.rewire import relabelled
from gridadmin.partition.snapshot import Snapshot
from gridadmin.repair.medial import centre_lines, sides_of
from gridadmin.repair.roads import road_inside
from gridadmin.repair.takers import Taker, by_neighbour, takers_of

REPAIR = "repair"


@dataclass(frozen=True)
class Settle:
    """Carry out a way to settle an issue, held to what a repair may do.

    *concerned* are the uids of the areas that may gain or lose land; of what nobody or a dispute
    holds anything may change.
    """

    way: Command
    concerned: frozenset[str]
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.third_area_moves`` and those of the way."""
        change = replace(self.way.propose(snapshot, desk), kind=REPAIR)
        allowed = {oid_of(uid) for uid in self.concerned}
        allowed.update(oid_of(str(row.key)) for row in change.of("area") if row.before is None)
        allowed.update(oid_of(str(row.key)) for row in change.of("exempt"))
        after = snapshot.applied(change, snapshot.revision)
        shifts = Shifts(snapshot, after, change)
        for oid in sorted(owners_beside(change) - allowed - {NOBODY, OUTSIDE}):
            owner = snapshot.owner(oid)
            if owner is not None and owner[0] != "dispute" and not shifts.of(oid).is_bend:
                area = snapshot.owning_area(oid)
                name = snapshot.exempt(owner[1]).name if area is None else label(area)
                raise EditError("edit.third_area_moves", area=name or owner[1])
        return change


def longest_heir(takers: Sequence[Taker], who: Mapping[int, int]) -> Callable[[Face], int]:
    """Return what gives a piece to the taker with whom it shares the longest border."""

    def give(piece: Face) -> int:
        shared: dict[int, float] = {}
        for oid, length in piece.neighbours().items():
            if oid in who:
                shared[who[oid]] = shared.get(who[oid], 0.0) + length
        return max(shared, key=lambda oid: (shared[oid], oid), default=takers[0].oid)

    return give


@dataclass(frozen=True)
class Divide:
    """Part the face at a place between those around it, each piece to the one it touches.

    Along the centre line between them, or along the road that runs through it.
    """

    point: Metres
    along_road: bool = False
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.cuts_nothing``, ``edit.no_road``."""
        face = face_of_point(snapshot, self.point, is_inside=True)
        takers = takers_of(snapshot, face)
        who = by_neighbour(snapshot, face, takers)
        lines = self._lines(snapshot, face, who)
        if not lines:
            raise EditError("edit.cuts_nothing")
        give = longest_heir(takers, who)
        changes = insert_lines(snapshot.partition, lines, {face.owner}, give, desk.ids)
        if not changes:
            raise EditError("edit.cuts_nothing")
        draft = Draft(snapshot)
        draft.borders(without_pockets(snapshot, changes, desk))
        return draft.change(REPAIR)

    def _lines(self, snapshot: Snapshot, face: Face, who: Mapping[int, int]) -> list[Ints]:
        if not self.along_road:
            return centre_lines(face, sides_of(face, who))
        road = road_inside(face, Ground.of(snapshot))
        if road is None:
            raise EditError("edit.no_road")
        return list(road.lines)


@dataclass(frozen=True)
class OwnArea:
    """Make an area of its own of the face at a place, a sibling of *sibling*."""

    point: Metres
    sibling: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.no_sibling``, ``edit.no_free_code``."""
        face = face_of_point(snapshot, self.point, is_inside=True)
        sibling = find_area(snapshot, self.sibling)
        if sibling.parent is None:
            raise EditError("edit.no_sibling")
        draft = Draft(snapshot)
        made = cut_off(snapshot, draft, desk, sibling, snapshot.area(sibling.parent))
        draft.tell(created=[{"uid": made.uid, "code": made.code}])
        give_face(snapshot, draft, desk, face, oid_of(made.uid))
        return draft.change(REPAIR)


@dataclass(frozen=True)
class GiveParts:
    """Give the small parts of an area away, each to the sibling with the longest border.

    It keeps as many of its largest parts as it may have.
    """

    area: str
    keeps: int = 1
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.no_sibling_beside``."""
        area = find_area(snapshot, self.area)
        owner_of: dict[tuple[int, bool], int] = {}
        for part, heir in parts_to_give(snapshot, area, self.keeps):
            if heir is None:
                raise EditError("edit.no_sibling_beside", area=label(area))
            owner_of.update((half.key, oid_of(heir.uid)) for half in part.halves())
        if not owner_of:
            raise EditError("edit.nothing_changes")
        draft = Draft(snapshot)
        draft.borders(relabelled(snapshot.partition, owner_of, desk.ids))
        return draft.change(REPAIR)


def parts_to_give(snapshot: Snapshot, area: Area, keeps: int) -> list[tuple[Face, Area | None]]:
    """Return the small parts of an area, each with the sibling it borders most, if any."""
    faces = sorted(
        faces_of(snapshot.partition, oid_of(area.uid)),
        key=lambda face: (-face.twice_area(), min(half.key for half in face.halves())),
    )
    return [(face, sibling_beside(snapshot, area, face)) for face in faces[keeps:]]


def sibling_beside(snapshot: Snapshot, area: Area, face: Face) -> Area | None:
    """Return the area below the same parent that shares the longest border with a face."""
    shared: dict[str, float] = {}
    for oid, length in face.neighbours().items():
        beside = snapshot.owning_area(oid)
        if beside is not None and beside.parent == area.parent and beside.uid != area.uid:
            shared[beside.uid] = length
    best = max(shared, key=lambda uid: (shared[uid], uid), default=None)
    return None if best is None else snapshot.area(best)


@dataclass(frozen=True)
class Dissolve:
    """Make a narrow area part of the sibling with the longest border."""

    area: str
    into: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: as a merge."""
        return Merge([self.area, self.into], self.into).propose(snapshot, desk)


@dataclass(frozen=True)
class AroundBuilding:
    """Lead the border around a building, so that all of it is on the land of one area."""

    building: str
    to: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.no_footprint``, ``edit.nothing_to_take``."""
        area = find_area(snapshot, self.to)
        ring = footprint_ring(snapshot, self.building)
        givers = owners_under(snapshot, ring) - {oid_of(area.uid)}
        changes = land_taken(snapshot.partition, desk, ring, givers, oid_of(area.uid))
        draft = Draft(snapshot)
        draft.borders(without_pockets(snapshot, changes, desk))
        return draft.change(REPAIR)


def footprint_ring(snapshot: Snapshot, building: str) -> Ints:
    """Return the outer ring of a building's footprint in mm, counter-clockwise and closed.

    Raises: EditError ``edit.no_footprint``.
    """
    row = snapshot.rows("building").get(building)
    shape = None if row is None or row.footprint is None else shapely.from_wkb(row.footprint)
    if shape is None or shape.is_empty:
        raise EditError("edit.no_footprint")
    largest = max(shapely.get_parts(shape), key=shapely.area)
    ring = snapshot.to_kernel(shapely.get_coordinates(largest.exterior)[:, :2])
    fresh = np.ones(len(ring), dtype=bool)
    fresh[1:] = (ring[1:] != ring[:-1]).any(axis=1)
    ring = ring[fresh]
    return ring if twice_area(ring) > 0 else ring[::-1]


def owners_under(snapshot: Snapshot, ring: Ints) -> set[int]:
    """Return the areas whose land a ring runs over, by oid; exempt and disputed land left out."""
    return set(shares_under(snapshot, ring))


def shares_under(snapshot: Snapshot, ring: Ints) -> dict[int, float]:
    """Return how much of the land in a ring each area holds itself, in mm²."""
    land = shapely.Polygon(ring)
    low, high = ring.min(axis=0), ring.max(axis=0)
    corner = (int(low[0]), int(low[1])), (int(high[0]), int(high[1]))
    found: dict[int, float] = {}
    sides = {o for b in snapshot.partition.in_box(*corner) for o in (b.left, b.right)}
    for oid in sorted(sides):
        if snapshot.owning_area(oid) is None:
            continue
        for face in faces_of(snapshot.partition, oid):
            part = face.part()
            share = shapely.area(
                shapely.intersection(shapely.Polygon(part.shell, part.holes), land)
            )
            if share > 0:
                found[oid] = found.get(oid, 0.0) + float(share)
    return found
