"""Take the outline of a compound, a building or a block as an area, or give its land to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import AreaKind
from gridadmin.edit.command import Metres, find_area
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.draw_commands import FREE, Draw, givers_of, land_taken, taken_from
from gridadmin.edit.land_commands import without_pockets
from gridadmin.partition.grid import Ints, twice_area
from gridadmin.partition.object_outlines import TABLES, block_around, outline_of
from gridadmin.partition.rewire import BorderChange, composed
from gridadmin.partition.snapshot import Snapshot

BLOCK = "block"


@dataclass(frozen=True)
class OutlineOf:
    """An outline to take over: of a ``compound`` or ``building`` by uid, or of a ``block``.

    A block is the land between roads, rivers and railways around ``point`` (plane metres).
    """

    table: str
    uid: str | None = None
    point: Metres | None = None

    def rings(self, snapshot: Snapshot) -> list[list[Metres]]:
        """Return its outer rings in plane metres, the largest first.

        Raises: EditError ``edit.no_outline``, ``edit.no_block``, ``edit.bad_value``.
        """
        origin = np.array(snapshot.origin_mm) / 1000.0
        if self.table == BLOCK and self.point is not None:
            x, y = (np.array(self.point) - origin).tolist()
            found = block_around(snapshot, (x, y))
            if not found:
                raise EditError("edit.no_block")
        elif self.table in TABLES and self.uid is not None:
            found = outline_of(snapshot, self.table, self.uid)
            if not found:
                raise EditError("edit.no_outline", object=self.name(snapshot) or self.uid)
        else:
            raise EditError("edit.bad_value", field="outline", value=self.table)
        return [[(x, y) for x, y in (ring + origin).tolist()] for ring in found]

    def name(self, snapshot: Snapshot) -> str | None:
        """Return what the object is called, None when it has no name."""
        if self.table not in TABLES or self.uid is None:
            return None
        row = snapshot.rows(self.table).get(self.uid)
        return None if row is None else (row.name or None)


@dataclass(frozen=True)
class DrawOutline:
    """Make an area of the largest ring of an outline; else as :class:`Draw`.

    Without *name* the area is called as the object is.
    """

    outline: OutlineOf
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
        return Draw(
            self.outline.rings(snapshot)[0],
            self.level,
            self.parent,
            self.code,
            self.name or self.outline.name(snapshot),
            self.take,
            self.kind,
            self.exclusive_type,
        ).propose(snapshot, desk)


@dataclass(frozen=True)
class GiveOutline:
    """Give the land of an outline to an area that is there.

    *take* is as with :class:`Draw`, below the parent of *to*.
    """

    outline: OutlineOf
    to: str
    take: str | Sequence[str] = FREE
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.nothing_to_take`` and others."""
        area = find_area(snapshot, self.to)
        if area.parent is None:
            raise EditError("edit.no_sibling", area=area.name)
        own = {oid_of(area.uid), *(oid_of(one.uid) for one in snapshot.descendants(area.uid))}
        givers = givers_of(snapshot, snapshot.area(area.parent), self.take) - own
        draft = Draft(snapshot)
        changes = self._changes(snapshot, desk, givers, oid_of(area.uid))
        draft.borders(without_pockets(snapshot, changes, desk))
        draft.tell(taken=taken_from(snapshot, changes, givers))
        return draft.change("draw")

    def _changes(
        self, snapshot: Snapshot, desk: Desk, givers: set[int], owner: int
    ) -> list[BorderChange]:
        partition, changes = snapshot.partition, list[BorderChange]()
        for ring in self.outline.rings(snapshot):
            try:
                more = land_taken(partition, desk, _kernel(snapshot, ring), givers, owner)
            except EditError as refusal:
                if refusal.code != "edit.nothing_to_take":
                    raise
                continue
            partition = partition.applied(more, partition.parents)
            changes = composed(changes, more)
        if not changes:
            raise EditError("edit.nothing_to_take")
        return changes


def _kernel(snapshot: Snapshot, ring: Sequence[Metres]) -> Ints:
    points = snapshot.to_kernel(np.array(ring))
    return points if twice_area(points) > 0 else points[::-1]
