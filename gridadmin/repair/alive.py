"""Hold a way to settle an issue to leaving no area without land."""

from __future__ import annotations

from dataclasses import dataclass

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.checks.scopes import sides_of as owners_beside
from gridadmin.domain.change import Change
from gridadmin.edit.command import Command, label
from gridadmin.edit.draft import Desk
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class KeepAlive:
    """Carry out a way unless an area would end with no land, held or claimed."""

    way: Command
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.leaves_no_land`` and those of the way."""
        change = self.way.propose(snapshot, desk)
        after = snapshot.applied(change, snapshot.revision)
        for uid in sorted(_concerned(snapshot, change)):
            if uid in after.rows("area") and not is_alive(after, uid):
                raise EditError("edit.leaves_no_land", area=label(snapshot.area(uid)))
        return change


def is_alive(snapshot: Snapshot, uid: str) -> bool:
    """Return whether an area has land, or claims land that isn't settled yet."""
    if snapshot.land_twice_mm2(uid):
        return True
    disputes = snapshot.linked("dispute", uid)
    return any(snapshot.partition.has_land(oid_of(dispute.uid)) for dispute in disputes)


def _concerned(snapshot: Snapshot, change: Change) -> set[str]:
    """Return the areas that hold or claim land beside a change before it."""
    found: set[str] = set()
    for oid in owners_beside(change):
        owner = snapshot.owner(oid)
        if owner is not None and owner[0] == "dispute":
            found.update(snapshot.dispute(owner[1]).claims.split())
        elif owner is not None and owner[0] == "area":
            found.add(owner[1])
    return {uid for uid in found if is_alive(snapshot, uid)}
