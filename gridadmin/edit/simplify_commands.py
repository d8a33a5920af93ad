"""Simplify many borders at once within a stated distance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gridadmin.base.errors import EditError
from gridadmin.base.ids import OUTSIDE, oid_of
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.change import Change
from gridadmin.domain.model import BorderRow
from gridadmin.edit.command import find_area
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.base import chain_of
from gridadmin.partition.planar import points_of
from gridadmin.partition.simplify import greatest_shift_mm, simplified
from gridadmin.partition.snapshot import Snapshot

_MOST_M = 100.0


@dataclass(frozen=True)
class Simplify:
    """Take vertices out of borders that stay within *within_m* of where they ran.

    Nodes, the frame and locked borders stay. *areas*: only the borders of these and inside them.
    It may take seconds: *progress* hears how far it is, and cancels it.
    """

    within_m: float
    areas: Sequence[str] = ()
    progress: Progress = field(default=SILENT, compare=False, repr=False)
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.nothing_changes``, Cancelled."""
        within_mm = int(min(self.within_m, _MOST_M) * 1000 + 1e-6)
        if within_mm < 1:
            raise EditError("edit.bad_value", field="within", value=self.within_m)
        borders = list(self._borders(snapshot))
        changes = simplified(snapshot.partition, borders, within_mm, self.progress)
        if not changes:
            raise EditError("edit.nothing_changes")
        removed = sum(_count(before) - _count(after) for before, after in changes)
        draft = Draft(snapshot)
        draft.borders(changes)
        shift_m = round(greatest_shift_mm(changes) / 1000, 3)
        draft.tell(vertices_removed=removed, borders=len(changes), greatest_shift_m=shift_m)
        return draft.change("simplify")

    def _borders(self, snapshot: Snapshot) -> Iterator[BorderRow]:
        """Yield the borders that may change, by id."""
        wanted = {oid_of(find_area(snapshot, name).uid) for name in self.areas}
        locked = locked_borders(snapshot)
        for border in sorted(snapshot.partition, key=lambda one: one.id):
            if border.id not in locked and (not wanted or _meets(snapshot, border, wanted)):
                yield border


def locked_borders(snapshot: Snapshot) -> set[int]:
    """Return the borders that nothing may move: the frame's, and those locked by hand."""
    partition = snapshot.partition
    found = {b.id for b in partition.beside(OUTSIDE)} if snapshot.has_frame else set()
    for lock in snapshot.rows("border_lock").values():
        if lock.scope == "area":
            found.update(border.id for border in partition.outline(oid_of(lock.target)))
        else:
            found.add(int(lock.target))
    return found


def _meets(snapshot: Snapshot, border: BorderRow, wanted: set[int]) -> bool:
    parents = snapshot.partition.parents
    return any(
        not wanted.isdisjoint(chain_of(side, parents)) for side in (border.left, border.right)
    )


def _count(border: BorderRow | None) -> int:
    return 0 if border is None else len(points_of(border))
