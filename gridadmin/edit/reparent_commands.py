"""Hang an area below another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area
from gridadmin.edit.area_commands import check_level
from gridadmin.edit.chain import Chain
from gridadmin.edit.command import find_area, label
from gridadmin.edit.draft import Desk, Draft
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
        check_may_hang(snapshot, area, parent)
        if area.parent == parent.uid:
            raise EditError("edit.nothing_changes")
        draft = Draft(snapshot)
        hang_below(snapshot, draft, area, parent)
        draft.tell(**facts_of_parent(snapshot, area, parent))
        return draft.change("reparent")


def check_may_hang(snapshot: Snapshot, area: Area, parent: Area) -> None:
    """Refuse an area that can't hang below *parent*.

    Raises: EditError ``edit.root_stays``, ``edit.hangs_with_cell``, ``edit.wrong_parent``.
    """
    if area.parent is None:
        raise EditError("edit.root_stays", area=label(area))
    if area.cell is not None:
        raise EditError("edit.hangs_with_cell", area=label(area))
    check_level(snapshot, area.level, parent)


def hang_below(snapshot: Snapshot, draft: Draft, area: Area, parent: Area) -> None:
    """Put into the draft that an area, and the stacked ones that share it, hang below *parent*."""
    draft.put("area", replace(area, parent=parent.uid))
    for sharing in snapshot.linked("area", area.uid):
        if sharing.valid_to is None:
            draft.put("area", replace(sharing, parent=parent.uid))


@dataclass(frozen=True)
class ReparentAll:
    """Hang several areas below one parent in one gesture; those that hang there already stay."""

    areas: Sequence[str]
    to: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        parent = find_area(snapshot, self.to)
        chain = Chain(snapshot)
        for name in dict.fromkeys(self.areas):
            if find_area(snapshot, name).parent != parent.uid:
                chain.take(Reparent(name, parent.uid).propose(chain.snapshot, desk))
        change = chain.change("reparent")
        if not change.rows:
            raise EditError("edit.nothing_changes")
        return change


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
