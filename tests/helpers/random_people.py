"""Commands about people by chance: persons, units, posts, teams, groupings, numbers, the mode."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from gridadmin.base.errors import EditError
from gridadmin.domain.people import CERTIFICATES
from gridadmin.edit.assign_commands import (
    Anchor,
    Assign,
    Handover,
    Pair,
    SetSeats,
    SwitchMode,
    Unassign,
)
from gridadmin.edit.assignment_commands import PeopleTogether, SetAssignment
from gridadmin.edit.command import Command
from gridadmin.edit.group_commands import PutGroup
from gridadmin.edit.people_records import EndRecord, PutRecord
from gridadmin.edit.roster_commands import RosterPerson, RosterPost, TakeRoster
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.anchors import level_of_object
from tests.helpers.projects import TODAY

DAYS = (None, "2025-01-01", TODAY, "2026-01-20", "2027-01-01")


class RandomPeople:
    """Commands about people by chance on whatever a snapshot holds."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._number = 0

    def next(self, snapshot: Snapshot) -> Command:
        makers: list[tuple[Callable[[Snapshot], Command], int]] = [
            (self._person, 5), (self._assign, 12), (self._unassign, 3), (self._end, 3),
            (self._handover, 1), (self._unit, 2), (self._pair, 3), (self._seats, 1),
            (self._node, 3), (self._team, 1), (self._grouping, 2), (self._count, 2),
            (self._object, 2), (self._group, 2), (self._together, 1), (self._term, 2),
            (self._mode, 1), (self._roster, 1), (self._agreement, 1),
        ]  # fmt: skip
        maker = self._chance.choices([one for one, _ in makers], [many for _, many in makers])[0]
        return maker(snapshot)

    def _one(self, snapshot: Snapshot, table: str) -> Any:
        rows = snapshot.rows(table)
        if not rows:
            raise EditError("edit.unknown_record")
        return rows[self._chance.choice(sorted(rows))]

    def _area(self, snapshot: Snapshot, *levels: str) -> Any:
        areas = [a for a in snapshot.areas() if not levels or a.level in levels]
        if not areas:
            raise EditError("edit.unknown_area")
        return self._chance.choice(sorted(areas, key=lambda area: area.uid))

    def _key(self, terms: Sequence[Any]) -> str:
        if not terms:
            raise EditError("edit.bad_value")
        return str(self._chance.choice(terms).key)

    def _values(self) -> dict[str, Any]:
        chance = self._chance
        return {
            "rank": chance.choice([None, "四级主任科员", "一级科员"]),
            "is_full_time": chance.choice([None, True, False]),
            "recruited_from": chance.choice([None, "党员", "别处"]),
            "certificate_level": chance.choice([None, *CERTIFICATES]),
            "own_phone": chance.choice([None, "100-0001"]),
        }

    def _person(self, snapshot: Snapshot) -> Command:
        if snapshot.rows("person") and self._chance.random() < 0.4:
            return PutRecord("person", self._values(), self._one(snapshot, "person").uid)
        self._number += 1
        values = {**self._values(), "name": f"虚构{self._number}"}
        if snapshot.rows("organization") and self._chance.random() < 0.6:
            values["organization"] = self._one(snapshot, "organization").uid
        if snapshot.scheme.roster_kinds and self._chance.random() < 0.5:
            values["roster_kind"] = self._key(snapshot.scheme.roster_kinds)
        return PutRecord("person", values)

    def _assign(self, snapshot: Snapshot) -> Command:
        person = self._one(snapshot, "person").uid
        if self._chance.random() < 0.15:
            table = self._chance.choice(["point_object", "grouping", "line_object", "building"])
            row = self._one(snapshot, table)
            level, anchor = level_of_object(table, row), Anchor(table=table, uid=row.uid)
        else:
            area = self._area(snapshot)
            level, anchor = area.level, Anchor(area=area.uid)
        post = self._key(snapshot.scheme.posts_on(level))
        days = {"valid_from": self._chance.choice(DAYS), "valid_to": self._chance.choice(DAYS)}
        return Assign(person, anchor, post, days, self._chance.random() < 0.3)

    def _unassign(self, snapshot: Snapshot) -> Command:
        return Unassign(self._one(snapshot, "assignment").uid, self._chance.choice(DAYS))

    def _end(self, snapshot: Snapshot) -> Command:
        tables = (
            *("person", "organization", "party_node", "pairing", "point_object", "grouping"),
            *("team", "team_member", "grouping_member", "compound", "agreement"),
        )
        table = self._chance.choice(tables)
        return EndRecord(table, self._one(snapshot, table).uid, self._chance.choice(DAYS))

    def _handover(self, snapshot: Snapshot) -> Command:
        return Handover(self._one(snapshot, "person").uid, self._one(snapshot, "person").uid)

    def _unit(self, snapshot: Snapshot) -> Command:
        self._number += 1
        values: dict[str, Any] = {"name": f"虚构单位{self._number}"}
        if snapshot.scheme.organizations and self._chance.random() < 0.6:
            values["kind"] = self._key(snapshot.scheme.organizations)
            values["area"] = self._area(snapshot, "community").uid
        return PutRecord("organization", values)

    def _pair(self, snapshot: Snapshot) -> Command:
        anchor = Anchor(area=self._area(snapshot, "community").uid)
        if self._chance.random() < 0.3:
            anchor = Anchor(table="compound", uid=self._one(snapshot, "compound").uid)
        unit = self._one(snapshot, "organization").uid
        return Pair(unit, anchor, self._key(snapshot.scheme.pairings), {})

    def _seats(self, snapshot: Snapshot) -> Command:
        area = self._area(snapshot)
        post = self._key(snapshot.scheme.posts_on(area.level))
        return SetSeats(Anchor(area=area.uid), post, self._chance.choice([None, 0, 2]))

    def _node(self, snapshot: Snapshot) -> Command:
        kind = self._chance.choice(["community_committee", "branch", "group"])
        level = "community" if kind == "community_committee" else "grid"
        values = {"name": "虚构组织", "kind": kind, "area": self._area(snapshot, level).uid}
        if snapshot.rows("person") and self._chance.random() < 0.8:
            values["secretary"] = self._one(snapshot, "person").uid
        return PutRecord("party_node", values)

    def _team(self, snapshot: Snapshot) -> Command:
        area = self._area(snapshot, "community").uid
        kind = self._key(snapshot.scheme.organizations)
        return PutRecord("team", {"name": "虚构队", "kind": kind, "area": area})

    def _grouping(self, snapshot: Snapshot) -> Command:
        if snapshot.rows("grouping") and self._chance.random() < 0.6:
            members = {"grouping": self._one(snapshot, "grouping").uid}
            return PutRecord("grouping_member", {**members, "area": self._area(snapshot).uid})
        kind = self._key(snapshot.scheme.groupings)
        return PutRecord("grouping", {"kind": kind, "name": "虚构片"})

    def _count(self, snapshot: Snapshot) -> Command:
        if snapshot.scheme.channels and self._chance.random() < 0.5:
            channel = self._key(snapshot.scheme.channels)
            area = self._area(snapshot, "community", "grid").uid
            return PutRecord("registration_count", {"area": area, "channel": channel, "persons": 3})
        unit = self._one(snapshot, "organization").uid
        quota = self._chance.randint(0, 3)
        return PutRecord("headcount", {"organization": unit, "officials": 4, "quota": quota})

    def _object(self, snapshot: Snapshot) -> Command:
        """Return a facility, a street or a compound, new or changed."""
        self._number += 1
        name = {"name": f"虚构物{self._number}"}
        table = self._chance.choice(["facility", "street", "compound"])
        if table == "compound":
            known = snapshot.rows("compound")
            uid = self._one(snapshot, "compound").uid if known and self._number % 2 else None
            has = self._chance.choice([None, True, False])
            values: dict[str, Any] = {**name, "has_property_company": has}
            if self._chance.random() < 0.6:
                values["outline"] = self._outline(snapshot)
            return PutRecord(table, values, uid)
        if table == "street":
            return PutRecord(table, {**name, "kind": self._chance.choice(["street", "lane"])})
        kinds = [*(one.key for one in snapshot.scheme.facilities), "shop"]
        area = self._area(snapshot).uid
        return PutRecord(table, {**name, "kind": self._chance.choice(kinds), "area": area})

    def _outline(self, snapshot: Snapshot) -> list[tuple[float, float]] | None:
        """Return a box somewhere around a building, or none."""
        if self._chance.random() < 0.2:
            return None
        one = self._one(snapshot, "building")
        x, y, far = one.x_mm / 1000, one.y_mm / 1000, self._chance.choice([2.0, 15.0])
        return [(x - far, y - far), (x + far, y - far), (x + far, y + far), (x - far, y + far)]

    def _group(self, snapshot: Snapshot) -> Command:
        """Return a grouping or team with all its members."""
        many = self._chance.randint(0, 3)
        if self._chance.random() < 0.5:
            areas = [{"area": self._area(snapshot).uid} for _ in range(many)]
            known = snapshot.rows("grouping")
            if known and self._chance.random() < 0.6:
                return PutGroup("grouping", {}, areas, self._one(snapshot, "grouping").uid)
            kinds = (*snapshot.scheme.groupings, *snapshot.scheme.nets)
            return PutGroup("grouping", {"kind": self._key(kinds), "name": "虚构片"}, areas)
        role = self._chance.choice([None, "队长"])
        people = [{"person": self._one(snapshot, "person").uid, "role": role} for _ in range(many)]
        if snapshot.rows("team") and self._chance.random() < 0.6:
            return PutGroup("team", {}, people, self._one(snapshot, "team").uid)
        kind, area = self._key(snapshot.scheme.organizations), self._area(snapshot).uid
        return PutGroup("team", {"name": "虚构队", "kind": kind, "area": area}, people)

    def _together(self, snapshot: Snapshot) -> Command:
        makers = self._person, self._assign, self._unassign, self._term
        return PeopleTogether([self._chance.choice(makers)(snapshot) for _ in range(3)])

    def _term(self, snapshot: Snapshot) -> Command:
        values: dict[str, Any] = self._chance.choice(
            [
                {"valid_to": self._chance.choice(DAYS)},
                {"valid_from": self._chance.choice(DAYS), "batch": "一"},
                {"role": self._chance.choice([None, "虚构职责"]), "is_locked": True},
            ]
        )
        return SetAssignment(self._one(snapshot, "assignment").uid, values)

    def _mode(self, snapshot: Snapshot) -> Command:
        return SwitchMode(self._key(snapshot.scheme.modes), self._chance.choice(DAYS), "虚构")

    def _roster(self, snapshot: Snapshot) -> Command:
        """Return a roster of one known person, one new one of a new unit, and their posts."""
        self._number += 1
        known = self._one(snapshot, "person")
        persons = (
            RosterPerson("1", self._values(), known.uid),
            RosterPerson("2", {"name": f"虚构{self._number}", "organization": "虚构新单位"}),
        )
        area = self._area(snapshot)
        post = self._key(snapshot.scheme.posts_on(area.level))
        posts = [RosterPost(ref, Anchor(area=area.uid), post, {}) for ref in ("1", "2")]
        ends = [one.uid for one in snapshot.linked("assignment", known.uid)][:1]
        return TakeRoster(persons, posts, ("虚构新单位",), ends, "虚构名册.csv")

    def _agreement(self, snapshot: Snapshot) -> Command:
        values = {
            "community_organization": self._one(snapshot, "organization").uid,
            "unit": self._one(snapshot, "organization").uid,
            "items": self._chance.randint(0, 5),
        }
        return PutRecord("agreement", values)
