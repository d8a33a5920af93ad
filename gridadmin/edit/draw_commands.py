"""Draw a new area over land: free land, or land of areas that give some up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area, AreaKind, Land
from gridadmin.edit.area_commands import (
    check_free_code,
    check_level,
    checked_exclusive_type,
    checked_kind,
    checked_name,
    checked_text,
)
from gridadmin.edit.command import Metres, find_area, label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.land_commands import free_code, new_name, without_pockets
from gridadmin.edit.split_commands import kernel_line
from gridadmin.partition.border import box_of
from gridadmin.partition.cuts import insert_what_cuts
from gridadmin.partition.faces import face_at
from gridadmin.partition.grid import Ints, twice_area
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import BorderChange, composed, relabelled
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import Half, ring_points

FREE, ALL = "free", "all"


@dataclass(frozen=True)
class Draw:
    """Make an area of what lies in a polygon and may be taken.

    *take*: ``free`` = what nobody holds and what the parent keeps itself; names of areas below the
    parent = from those as well; ``all`` = from all below the parent. Exempt land never. Without
    *code* it gets the next free one, without *name* a made one.
    """

    polygon: Sequence[Metres]
    level: str
    parent: str
    code: str | None = None
    name: str | None = None
    take: str | Sequence[str] = FREE
    kind: str = AreaKind.GENERAL
    exclusive_type: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        parent = find_area(snapshot, self.parent)
        check_level(snapshot, self.level, parent)
        ring = _ring(snapshot, self.polygon)
        draft = Draft(snapshot)
        area = self._area(snapshot, draft, desk, parent)
        givers = givers_of(snapshot, parent, self.take)
        changes = land_taken(snapshot.partition, desk, ring, givers, oid_of(area.uid))
        draft.add_area(area, desk)
        draft.borders(without_pockets(snapshot, changes, desk))
        draft.tell(
            created=[{"uid": area.uid, "code": area.code}],
            taken=taken_from(snapshot, changes, givers),
        )
        return draft.change("draw")

    def _area(self, snapshot: Snapshot, draft: Draft, desk: Desk, parent: Area) -> Area:
        kind = checked_kind(self.kind)
        if self.code is None:
            code = free_code(snapshot, draft, self.level, parent, AreaKind(kind))
        else:
            code = checked_text("code", self.code)
            check_free_code(snapshot, code)
        name = new_name(snapshot, self.level, code) if self.name is None else self.name
        return Area(
            desk.new_uid(),
            code,
            checked_name(name),
            self.level,
            parent.uid,
            land=Land.DRAWN,
            kind=kind,
            exclusive_type=checked_exclusive_type(snapshot, self.exclusive_type, kind, name),
        )


def givers_of(snapshot: Snapshot, parent: Area, take: str | Sequence[str]) -> set[int]:
    """Return the owners whose land an area below *parent* may take.

    Raises: EditError ``edit.not_below_parent``, ``edit.bad_value``.
    """
    givers = {NOBODY, oid_of(parent.uid)}
    if not snapshot.has_frame:
        givers.add(OUTSIDE)
    if take == FREE:
        return givers
    if isinstance(take, str) and take != ALL:
        raise EditError("edit.bad_value", field="take", value=take)
    named = [parent] if take == ALL else [find_area(snapshot, name) for name in take]
    for area in named:
        above = {area.uid, *(one.uid for one in snapshot.ancestors(area.uid))}
        if parent.uid not in above:
            raise EditError("edit.not_below_parent", area=label(area), parent=label(parent))
        givers.add(oid_of(area.uid))
        givers.update(oid_of(one.uid) for one in snapshot.descendants(area.uid))
    return givers


def _ring(snapshot: Snapshot, polygon: Sequence[Metres]) -> Ints:
    """Return a drawn polygon as a closed counter-clockwise ring.

    Raises: EditError ``edit.bad_polygon`` when it crosses itself or has fewer than three corners.
    """
    drawn = kernel_line(snapshot, polygon)
    ring = drawn if (drawn[0] == drawn[-1]).all() else np.concatenate((drawn, drawn[:1]))
    if len(ring) < 4 or not shapely.is_valid(shapely.Polygon(ring)):
        raise EditError("edit.bad_polygon")
    return ring if twice_area(ring) > 0 else ring[::-1]


def land_taken(
    partition: Partition, desk: Desk, ring: Ints, givers: Collection[int], owner: int
) -> list[BorderChange]:
    """Return the border changes that give *owner* what lies in *ring* and *givers* hold.

    Raises: EditError ``edit.nothing_to_take``.
    """

    def decide(holder: int, side: str) -> int:
        return owner if side == "left" and holder in givers else holder

    # It may run along borders that are there, or through land that isn't taken.
    drawn = insert_what_cuts(partition, ring, decide, desk.ids, spare_outside=OUTSIDE not in givers)
    cut = partition.applied(drawn, partition.parents)
    whole = _faces_inside(cut, ring, givers)
    changes = composed(drawn, relabelled(cut, dict.fromkeys(whole, owner), desk.ids))
    if not changes:
        raise EditError("edit.nothing_to_take")
    return changes


def _faces_inside(
    partition: Partition, ring: Ints, givers: Collection[int]
) -> set[tuple[int, bool]]:
    """Return the halves of the faces of *givers* that lie wholly inside a ring."""
    low, high = ring.min(axis=0) - 1, ring.max(axis=0) + 1
    land = shapely.Polygon(ring)
    shapely.prepare(land)
    near = land.buffer(_BEND_MM)
    shapely.prepare(near)
    inside: set[tuple[int, bool]] = set()
    seen: set[tuple[int, bool]] = set()
    for border in partition.in_box((int(low[0]), int(low[1])), (int(high[0]), int(high[1]))):
        x0, y0, x1, y1 = box_of(border)
        if x0 < low[0] or y0 < low[1] or x1 > high[0] or y1 > high[1]:
            continue
        for half in (Half(border, True), Half(border, False)):
            if half.owner not in givers or half.key in seen:
                continue
            face = face_at(partition, half)
            if face is None:
                continue
            keys = {one.key for one in face.halves()}
            seen |= keys
            outer = shapely.LineString(ring_points(face.rings[0]))
            if near.covers(outer) and shapely.contains_xy(land, *face.inner_point()):
                inside |= keys
    return inside


_BEND_MM = 2.0
"""New nodes bend the drawn line a little."""


def taken_from(
    snapshot: Snapshot, changes: Sequence[BorderChange], givers: Collection[int]
) -> list[dict[str, object]]:
    """Return how much land each giver loses, in m² of the plane; uid None = nobody's land."""
    after = snapshot.partition.applied(changes, snapshot.partition.parents)
    told: list[dict[str, object]] = []
    sides = {o for pair in changes for b in pair if b is not None for o in (b.left, b.right)}
    for oid in sorted(sides.intersection(givers) - {OUTSIDE}):
        lost = snapshot.partition.own_twice_area(oid) - after.own_twice_area(oid)
        if lost > 0:
            area = snapshot.owning_area(oid)
            told.append(
                {
                    "uid": None if area is None else area.uid,
                    "code": None if area is None else area.code,
                    "land_m2": lost / 2_000_000,
                }
            )
    return told
