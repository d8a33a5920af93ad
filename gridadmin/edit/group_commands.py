"""Groupings and teams with all their members as one gesture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.model import GroupingMember
from gridadmin.domain.people import TeamMember
from gridadmin.edit.chain import Chain
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.people_records import RECORDS, PutRecord, find_record
from gridadmin.partition.snapshot import Snapshot

GROUPS: Mapping[str, tuple[str, ...]] = {
    "grouping": ("area", "organization", "building"),
    "team": ("person",),
}
"""The tables that have members, and by which fields a member is named."""

Member = Mapping[str, Any]


@dataclass(frozen=True)
class PutGroup:
    """Add a grouping or a team, or change one (*uid*), together with its members.

    *members* are all that it has from then on, each named by one field of :data:`GROUPS` and maybe
    a ``role``; who is a member already keeps the row.
    """

    table: str
    values: Mapping[str, Any]
    members: Sequence[Member]
    uid: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.member_twice`` and those of its rows."""
        chain = Chain(snapshot)
        if self.uid is None or self.values:
            chain.take(PutRecord(self.table, self.values, self.uid).propose(snapshot, desk))
        added = chain.added(self.table)
        group = added[0] if added else find_record(chain.snapshot, self.table, self.uid)
        chain.take(self._of_members(chain.snapshot, group.uid, desk))
        told = {"created": [{"uid": group.uid, "code": None}]} if added else {}
        change = chain.change(self.table, **told)
        if not change.rows:
            raise EditError("edit.nothing_changes")
        return replace(change, note=str(group.name))

    def _of_members(self, snapshot: Snapshot, group: str, desk: Desk) -> Change:
        table = f"{self.table}_member"
        draft = Draft(snapshot)
        left = {
            _who(row): row
            for row in snapshot.linked(table, group)
            if getattr(row, self.table) == group
        }
        seen: set[tuple[str, str]] = set()
        for said in self.members:
            row = self._member(snapshot, group, said, desk)
            who = _who(row)
            if who in seen:
                raise EditError("edit.member_twice", name=_name(snapshot, who))
            seen.add(who)
            known = left.pop(who, None)
            if known is None:
                draft.put(table, row)
            elif known.role != row.role:
                draft.put(table, replace(known, role=row.role))
        for row in left.values():
            draft.remove(table, row.uid)
        return draft.change(table)

    def _member(self, snapshot: Snapshot, group: str, said: Member, desk: Desk) -> Any:
        checks = RECORDS[f"{self.table}_member"]
        names = GROUPS[self.table]
        unknown = [name for name in said if name not in (*names, "role")]
        if unknown:
            known = ", ".join((*names, "role"))
            raise EditError("edit.unknown_field", field=unknown[0], fields=known)
        if sum(said.get(name) is not None for name in names) != 1:
            raise EditError("edit.missing_value", field=" | ".join(names))
        values: dict[str, Any] = {}
        for name, value in said.items():
            if value is not None:
                kept = checks[name](snapshot, name, value)
                values |= kept if isinstance(kept, dict) else {name: kept}
        role = values.get("role")
        if self.table == "team":
            return TeamMember(desk.new_uid(), group, values["person"], role)
        kind, member = values["member_kind"], values["member"]
        return GroupingMember(desk.new_uid(), group, kind, member, role)


def _who(row: Any) -> tuple[str, str]:
    if isinstance(row, TeamMember):
        return "person", row.person
    return row.member_kind, row.member


def _name(snapshot: Snapshot, who: tuple[str, str]) -> str:
    row = snapshot.rows(who[0])[who[1]]
    return str(row.name or row.uid)
