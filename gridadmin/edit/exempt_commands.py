"""Exempt land that is there already: change what it says, or give it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import Exempt
from gridadmin.edit.area_commands import checked_text
from gridadmin.edit.command import Metres, face_of_point, find_area
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.land_commands import beyond_frame, check_date, without_pockets
from gridadmin.partition.base import chain_of
from gridadmin.partition.faces import faces_of
from gridadmin.partition.rewire import relabelled
from gridadmin.partition.snapshot import Snapshot

AROUND = "around"
FIELDS = ("reason", "approver", "until", "name")


@dataclass(frozen=True)
class SetExempt:
    """Change what exempt land says: reason, approver, until when, its name.

    *which* is its uid, or a place in it; *values* are the fields that change, None for no end and
    no name.
    """

    which: str | Metres
    values: Mapping[str, str | None]
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        exempt = find_exempt(snapshot, self.which)
        changed: dict[str, str | None] = {}
        for field, value in self.values.items():
            if field not in FIELDS:
                raise EditError("edit.unknown_field", field=field, fields=", ".join(FIELDS))
            if field in ("reason", "approver") and not (value or "").strip():
                raise EditError("edit.exempt_needs_reason")
            changed[field] = None if value is None else checked_text(field, value)
        check_date(changed.get("until"))
        draft = Draft(snapshot)
        draft.put("exempt", replace(exempt, **changed))  # type: ignore[arg-type]
        change = draft.change("set_exempt")
        if not change.rows:
            raise EditError("edit.nothing_changes")
        return change


@dataclass(frozen=True)
class EndExempt:
    """Give exempt land back, all of it, and end its row.

    *to* is an area; None = nobody, so that it shows as a gap; ``around`` = the lowest area that has
    all that lies around it.
    """

    which: str | Metres
    to: str | None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        exempt = find_exempt(snapshot, self.which)
        partition, oid = snapshot.partition, oid_of(exempt.uid)
        owner_of: dict[tuple[int, bool], int] = {}
        for face in faces_of(partition, oid):
            owner = OUTSIDE if self.to is None and beyond_frame(snapshot, face) else None
            if owner is None:
                owner = self._owner(snapshot, oid)
            owner_of.update((half.key, owner) for half in face.halves())
        draft = Draft(snapshot)
        changes = relabelled(partition, owner_of, desk.ids)
        draft.borders(without_pockets(snapshot, changes, desk))
        draft.remove("exempt", exempt.uid)
        return draft.change("end_exempt")

    def _owner(self, snapshot: Snapshot, oid: int) -> int:
        if self.to is None:
            return NOBODY
        if self.to == AROUND:
            return oid_of(area_around(snapshot, oid))
        return oid_of(find_area(snapshot, self.to).uid)


def find_exempt(snapshot: Snapshot, which: str | Metres) -> Exempt:
    """Return exempt land by its uid or by a place in it. Raises: EditError ``edit.not_exempt``."""
    uid = which
    if not isinstance(which, str):
        owner = snapshot.owner(face_of_point(snapshot, which).owner)
        uid = owner[1] if owner is not None else ""
    found = snapshot.rows("exempt").get(str(uid))
    if found is None:
        raise EditError("edit.not_exempt", exempt=str(which))
    exempt: Exempt = found
    return exempt


def area_around(snapshot: Snapshot, oid: int) -> str:
    """Return the uid of the lowest area that has all areas around an owner's land.

    Raises: EditError ``edit.nobody_around``.
    """
    partition = snapshot.partition
    beside = {side for border in partition.beside(oid) for side in (border.left, border.right)}
    chains = [
        chain_of(side, partition.parents)
        for side in sorted(beside - {oid})
        if snapshot.owning_area(side) is not None
    ]
    if not chains:
        raise EditError("edit.nobody_around")
    common = 0
    while all(common < len(c) and c[common] == chains[0][common] for c in chains):
        common += 1
    area = snapshot.owning_area(chains[0][common - 1])
    if area is None:  # pragma: no cover - the chains are of areas
        raise EditError("edit.nobody_around")
    return area.uid
