"""Dissolve an island: an area that lies inside another goes back into the one around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area, Land, Lineage
from gridadmin.edit.command import find_area, label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.merge_commands import hang_below, with_households
from gridadmin.edit.withdrawal import heirs_of_merged_claims
from gridadmin.partition.base import chain_of
from gridadmin.partition.border import points_of
from gridadmin.partition.rewire import taken_over
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class Dissolve:
    """Give the land of an area inside another of its level back to it, and retire the area.

    Land that the area holds itself goes to whoever has most of the border around it: a micro-grid
    where the area around is divided. Areas below it hang below the one around it.
    """

    area: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.not_drawn``, ``edit.not_enclosed``."""
        area = find_area(snapshot, self.area)
        if area.land != Land.DRAWN:
            raise EditError("edit.not_drawn", area=label(area))
        around = area_around(snapshot, area)
        if around is None:
            raise EditError("edit.not_enclosed", area=label(area))
        draft = Draft(snapshot)
        hang_below(snapshot, draft, [area], around.uid)
        heirs = {oid_of(area.uid): _owner_around(snapshot, area)}
        heirs.update(heirs_of_merged_claims(snapshot, draft, desk, [area.uid], around.uid))
        draft.borders(taken_over(snapshot.partition, heirs, desk.ids))
        draft.retire(area, desk)
        row = Lineage(desk.new_uid(), area.uid, around.uid, "merge", 1.0, date=desk.today)
        draft.put("lineage", row)
        draft.put("area", with_households(around, [area]))
        draft.tell(
            into={"uid": around.uid, "code": around.code},
            retired=[{"uid": area.uid, "code": area.code}],
        )
        return draft.change("dissolve")


def area_around(snapshot: Snapshot, area: Area) -> Area | None:
    """Return the sibling that lies around all of an area's land, None where others do too.

    Windows ask this whenever something changes: it looks no further than the second neighbour.
    """
    parents = snapshot.partition.parents
    around: str | None = None
    seen: set[int] = set()
    for owner in _beside(snapshot, area):
        if owner in seen:
            continue
        seen.add(owner)
        chain = [snapshot.owning_area(oid) for oid in chain_of(owner, parents)]
        siblings = [
            one.uid
            for one in chain
            if one is not None and (one.level, one.parent) == (area.level, area.parent)
        ]
        if not siblings or around not in (None, siblings[0]):
            return None
        around = siblings[0]
    return None if around is None else snapshot.area(around)


def _beside(snapshot: Snapshot, area: Area) -> Iterator[int]:
    """Yield for each border of an area's outline who holds the land beside it."""
    partition, oid = snapshot.partition, oid_of(area.uid)
    for border in partition.outline(oid):
        is_left = oid in chain_of(border.left, partition.parents)
        yield border.right if is_left else border.left


def _owner_around(snapshot: Snapshot, area: Area) -> int:
    """Return who holds most of the border around an area."""
    shares = _shares(snapshot, area)
    return max(shares, key=lambda owner: (shares[owner], owner))


def _shares(snapshot: Snapshot, area: Area) -> dict[int, float]:
    """Return how much of the outline of an area, in mm, lies beside whom."""
    partition, oid = snapshot.partition, oid_of(area.uid)
    shares: dict[int, float] = {}
    for border in partition.outline(oid):
        is_left = oid in chain_of(border.left, partition.parents)
        beside = border.right if is_left else border.left
        steps = np.diff(points_of(border), axis=0).astype(np.float64)
        length = float(np.hypot(steps[:, 0], steps[:, 1]).sum())
        shares[beside] = shares.get(beside, 0.0) + length
    return shares
