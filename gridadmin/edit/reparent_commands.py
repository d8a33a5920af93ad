"""Hang an area below another one, and paint land and areas into one in a single gesture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area
from gridadmin.edit.area_commands import check_level
from gridadmin.edit.chain import Chain
from gridadmin.edit.command import Metres, face_of_point, find_area, label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.land_commands import give_face
from gridadmin.partition.base import chain_of
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class Reparent:
    """Hang an area, with all below it, below another parent; its land goes with it."""

    area: str
    to: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        area, parent = find_area(snapshot, self.area), find_area(snapshot, self.to)
        if area.parent is None:
            raise EditError("edit.root_stays", area=label(area))
        if area.cell is not None:
            raise EditError("edit.hangs_with_cell", area=label(area))
        check_level(snapshot, area.level, parent)
        if area.parent == parent.uid:
            raise EditError("edit.nothing_changes")
        draft = Draft(snapshot)
        draft.put("area", replace(area, parent=parent.uid))
        for sharing in snapshot.linked("area", area.uid):
            if sharing.valid_to is None:
                draft.put("area", replace(sharing, parent=parent.uid))
        draft.tell(**facts_of_parent(snapshot, area, parent))
        return draft.change("reparent")


def facts_of_parent(snapshot: Snapshot, area: Area, parent: Area) -> dict[str, bool]:
    """Return what speaks against a parent without forbidding it; only what holds."""
    facts = {
        "not_adjacent": not _is_adjacent(snapshot, area, parent),
        "code_no_longer_fits": not _fits(snapshot, area, parent),
    }
    return {name: True for name, holds in facts.items() if holds}


def _is_adjacent(snapshot: Snapshot, area: Area, parent: Area) -> bool:
    partition = snapshot.partition
    if not partition.has_land(oid_of(parent.uid)):
        return True
    borders = partition.outline(oid_of(area.uid))
    beside = {side for border in borders for side in (border.left, border.right)}
    return not borders or any(
        oid_of(parent.uid) in chain_of(side, partition.parents) for side in beside
    )


def _fits(snapshot: Snapshot, area: Area, parent: Area) -> bool:
    template = snapshot.scheme.templates.get(area.level)
    if template is None or area.code is None or parent.code is None:
        return True
    return template.matches(area.code, parent.code)


FREE, ANY = "free", "any"


@dataclass(frozen=True)
class Paint:
    """Give the faces at *points*, and *areas*, to one area.

    Where a lower level holds the land, that area is hung below it; else the face is given.
    *source*: ``free`` = only what nobody holds and what the parent keeps itself; names of areas =
    only from those and from below them; ``any`` = from all but exempt land. The rest is skipped.
    """

    to: str
    areas: Sequence[str] = ()
    points: Sequence[Metres] = ()
    source: str | Sequence[str] = ANY
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        to = find_area(snapshot, self.to)
        brush = _Brush(snapshot, desk, to, source_of(snapshot, to, self.source))
        for name in self.areas:
            brush.take_area(find_area(snapshot, name))
        for point in self.points:
            brush.take_face(point)
        if not brush.moved and not brush.given:
            raise EditError("edit.nothing_to_take")
        return brush.chain.change(
            "paint", moved=brush.moved, given=brush.given, skipped=brush.skipped
        )


def source_of(
    snapshot: Snapshot, to: Area, source: str | Sequence[str]
) -> Callable[[Sequence[int]], bool]:
    """Return what tells whether land may be taken, by its owner and the areas above that.

    Raises: EditError ``edit.bad_value``.
    """
    if source == ANY:
        return lambda _: True
    if source == FREE:
        free = {NOBODY} if to.parent is None else {NOBODY, oid_of(to.parent)}
        return lambda chain: chain[-1] in free
    if isinstance(source, str):
        raise EditError("edit.bad_value", field="from", value=source)
    named = {oid_of(find_area(snapshot, name).uid) for name in source}
    return lambda chain: not named.isdisjoint(chain)


class _Brush:
    """What is painted so far."""

    def __init__(
        self, snapshot: Snapshot, desk: Desk, to: Area, may_take: Callable[[Sequence[int]], bool]
    ) -> None:
        self.chain = Chain(snapshot)
        self.moved: list[str] = []
        self.given = 0
        self.skipped = 0
        self._desk = desk
        self._to = to
        self._may_take = may_take

    def take_area(self, area: Area) -> None:
        """Hang an area below the one that is painted."""
        snapshot = self.chain.snapshot
        chain = chain_of(oid_of(area.uid), snapshot.partition.parents)
        if oid_of(self._to.uid) in chain:
            return
        if not self._may_take(chain):
            self.skipped += 1
            return
        self.chain.take(Reparent(area.uid, self._to.uid).propose(snapshot, self._desk))
        self.moved.append(area.uid)

    def take_face(self, point: Metres) -> None:
        """Take the face at a place, or the area that it is land of."""
        snapshot = self.chain.snapshot
        face = face_of_point(snapshot, point)
        area = snapshot.owning_area(face.owner)
        chain = chain_of(face.owner, snapshot.partition.parents)
        if oid_of(self._to.uid) in chain:
            return
        owner = snapshot.owner(face.owner)
        is_exempt = owner is not None and owner[0] == "exempt"
        if face.owner == OUTSIDE or is_exempt or not self._may_take(chain):
            self.skipped += 1
            return
        rank = snapshot.level_rank
        if area is not None and rank(area.level) > rank(self._to.level):
            self.take_area(self._below_that_level(snapshot, area))
            return
        draft = Draft(snapshot)
        give_face(snapshot, draft, self._desk, face, oid_of(self._to.uid))
        self.chain.take(draft.change("give"))
        self.given += 1

    def _below_that_level(self, snapshot: Snapshot, area: Area) -> Area:
        """Return the area or the uppermost one above it that can hang below the painted one."""
        for above in snapshot.ancestors(area.uid):  # pragma: no branch - the root is above all
            if snapshot.level_rank(above.level) <= snapshot.level_rank(self._to.level):
                break
            area = above
        return area
