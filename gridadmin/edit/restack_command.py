"""Change what the stacked micro-grids of one cell hold, all in one gesture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.model import CELL_LEVEL
from gridadmin.edit.command import find_area, label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.stack_commands import (
    Share,
    buildings_on,
    check_shares,
    drop_shares,
    put_shares,
    shares_of,
)
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class Restack:
    """Change what several stacked micro-grids of a cell hold, so that they can swap entrances.

    *holds* is by area; those that it doesn't name keep what they have.
    """

    cell: str
    holds: Mapping[str, Sequence[Share]]
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        cell = find_area(snapshot, self.cell)
        sharing = {one.uid for one in snapshot.linked("area", cell.uid) if one.valid_to is None}
        if cell.level != CELL_LEVEL or not sharing:
            raise EditError("edit.not_a_cell", area=label(cell))
        wanted: dict[str, list[Share]] = {}
        for name, shares in self.holds.items():
            area = find_area(snapshot, name)
            if area.uid not in sharing:
                raise EditError("edit.not_stacked", area=label(area))
            wanted[area.uid] = list(shares)
        others = [shares_of(snapshot, uid) for uid in sorted(sharing - wanted.keys())]
        check_shares(snapshot, buildings_on(snapshot, cell.uid), list(wanted.values()), others)
        changed = {u: held for u, held in wanted.items() if held != shares_of(snapshot, u)}
        if not changed:
            raise EditError("edit.nothing_changes")
        draft = Draft(snapshot)
        for uid, shares in changed.items():
            drop_shares(snapshot, draft, uid)
            put_shares(draft, desk, uid, shares)
        return draft.change("set_shares")
