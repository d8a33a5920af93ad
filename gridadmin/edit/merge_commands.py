"""Make one area of several neighbours: the others retire, what was below them hangs below it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area, Land, Lineage
from gridadmin.edit.area_commands import checked_name
from gridadmin.edit.command import find_area, label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.papers import NO_PAPERS, Papers
from gridadmin.edit.withdrawal import heirs_of_merged_claims
from gridadmin.partition.base import chain_of
from gridadmin.partition.rewire import taken_over
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class Merge:
    """Merge neighbours of one level and parent; the oldest stays, unless *into* names another."""

    areas: Sequence[str]
    into: str | None = None
    name: str | None = None
    papers: Papers = NO_PAPERS
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        areas = {area.uid: area for area in (find_area(snapshot, name) for name in self.areas)}
        _check_alike(list(areas.values()))
        stays = self._survivor(snapshot, areas)
        gone = [areas[uid] for uid in sorted(areas) if uid != stays.uid]
        _check_adjacent(snapshot, stays, gone)
        draft = Draft(snapshot)
        hang_below(snapshot, draft, gone, stays.uid)
        heirs = {oid_of(area.uid): oid_of(stays.uid) for area in gone}
        uids = [area.uid for area in gone]
        heirs.update(heirs_of_merged_claims(snapshot, draft, desk, uids, stays.uid))
        draft.borders(taken_over(snapshot.partition, heirs, desk.ids))
        for area in gone:
            draft.retire(area, desk)
            draft.put(
                "lineage",
                Lineage(desk.new_uid(), area.uid, stays.uid, "merge", 1.0, date=desk.today),
            )
        name = stays.name if self.name is None else checked_name(self.name)
        draft.put("area", replace(with_households(stays, gone), name=name))
        draft.tell(
            into={"uid": stays.uid, "code": stays.code},
            retired=[{"uid": area.uid, "code": area.code} for area in gone],
        )
        return self.papers.recorded(draft.change("merge"))

    def _survivor(self, snapshot: Snapshot, areas: dict[str, Area]) -> Area:
        if self.into is None:
            # Uids are ordered by time.
            return areas[min(areas)]
        stays = find_area(snapshot, self.into)
        if stays.uid not in areas:
            raise EditError("edit.into_is_none_of_them", area=label(stays))
        return stays


def _check_alike(areas: Sequence[Area]) -> None:
    """Refuse areas that can't become one, wherever they lie."""
    if len(areas) < 2:
        raise EditError("edit.merge_of_one")
    if len({area.level for area in areas}) > 1:
        raise EditError("edit.two_levels")
    if len({area.parent for area in areas}) > 1:
        raise EditError("edit.two_parents")
    for area in areas:
        if area.land != Land.DRAWN:
            raise EditError("edit.not_drawn", area=label(area))


def _check_adjacent(snapshot: Snapshot, stays: Area, gone: Sequence[Area]) -> None:
    """Refuse areas that don't all hang together by shared borders."""
    areas = {oid_of(area.uid): area for area in (stays, *gone)}
    reached, queue = {oid_of(stays.uid)}, [oid_of(stays.uid)]
    while queue:
        fresh = _neighbours(snapshot, queue.pop(), areas) - reached
        reached |= fresh
        queue += fresh
    apart = [label(area) for oid, area in areas.items() if oid not in reached]
    if apart:
        raise EditError("edit.not_adjacent", areas=", ".join(apart), area=label(stays))


def _neighbours(snapshot: Snapshot, oid: int, among: Collection[int]) -> set[int]:
    """Return which areas *among* some share a border with an area."""
    partition = snapshot.partition
    beside = {side for b in partition.outline(oid) for side in (b.left, b.right)}
    return {above for side in beside for above in chain_of(side, partition.parents)} & set(among)


def hang_below(snapshot: Snapshot, draft: Draft, gone: Sequence[Area], parent: str) -> None:
    """Put into the draft that what hangs below areas, or shares them as cells, goes to another."""
    for area in gone:
        for child in snapshot.children(area.uid):
            draft.put("area", replace(child, parent=parent))
        for sharing in snapshot.linked("area", area.uid):
            if sharing.valid_to is None:
                draft.put("area", replace(draft.now("area", sharing.uid), cell=parent))


def with_households(stays: Area, gone: Sequence[Area]) -> Area:
    """Return the area with the sum of the typed households, with none when some are not typed."""
    areas = [stays, *gone]
    typed = [area.households_typed for area in areas if area.households_typed is not None]
    if len(typed) < len(areas):
        return replace(stays, households_typed=None, households_as_of=None, is_stale=False)
    dates = [area.households_as_of for area in areas if area.households_as_of is not None]
    return replace(
        stays,
        households_typed=sum(typed),
        households_as_of=min(dates, default=None),
        is_stale=any(area.is_stale for area in areas),
    )
