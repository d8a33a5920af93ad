"""Findings kept up by edits are those of a full look, whatever the edits are."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from gridadmin.base.errors import EditError
from gridadmin.domain.check_kinds import CHECK_KINDS
from gridadmin.domain.model import Compound, PointObject, Setting
from gridadmin.domain.people import CERTIFICATES
from gridadmin.edit.assign_commands import Anchor, Assign, Handover, Pair, SetSeats, Unassign
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document, Done
from gridadmin.edit.land_commands import InsertLine
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.people_records import EndRecord, PutRecord
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.anchors import level_of_object
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.kept import KeptFindings
from gridadmin.staffing.rules import RULES, findings_of
from tests.helpers.projects import (
    TODAY,
    MemoryStore,
    document_on,
    named,
    place,
    settings_rows,
    small_town,
)
from tests.helpers.promises import RandomCommands

STEPS = int(os.environ.get("GRIDADMIN_STEPS", "150"))
DAYS = (None, "2025-01-01", TODAY, "2026-01-20", "2027-01-01")
PLACES = ("dalian", "longgang", "sanming", "shinan", "xindu")


def town_of(scheme: str) -> MemoryStore:
    """Return the small town by the rules of a place, with every rule about people on."""
    store = small_town()
    store.rows["setting"].update({row.uid: row for row in settings_rows(scheme=scheme)})
    own = {kind: {"on": True} for kind in CHECK_KINDS}
    store.rows["setting"]["checks"] = Setting("checks", json.dumps(own))
    snapshot = store.snapshot()
    kinds = [entry.key for entry in snapshot.scheme.facilities]
    for number, kind in enumerate([*kinds, "shop"]):
        uid = f"point-{number}"
        area = named(snapshot, "AB"[number % 2]).uid
        store.rows["point_object"][uid] = PointObject(uid, kind, f"虚构点{number}", area)
    store.rows["compound"]["c"] = Compound("c", "虚构小区", has_property_company=False)
    return store


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
            table = self._chance.choice(["point_object", "grouping"])
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
        tables = ("person", "organization", "party_node", "pairing", "point_object", "grouping")
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
            anchor = Anchor(table="compound", uid="c")
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


class Kept:
    """A document under random commands, its findings kept up and compared after each."""

    def __init__(self, store: MemoryStore, seed: int) -> None:
        self._chance = random.Random(seed)
        self._makers = RandomCommands(self._chance), RandomPeople(self._chance)
        self.document: Document = document_on(store, seed)
        self.kept = KeptFindings.of(self.document.snapshot, TODAY)
        self.document.on_change(self._follow)
        self.seen: Counter[str] = Counter()
        self.found: set[str] = set()

    def _follow(self, done: Done) -> None:
        self.kept = self.kept.after(self.document.snapshot, done.change, done.touched)

    def run(self, steps: int) -> None:
        for step in range(steps):
            try:
                self._step()
            except EditError:
                continue
            self._check(step)

    def _step(self) -> None:
        dice = self._chance.random()
        if dice < 0.06:
            self.document.undo()
        elif dice < 0.09:
            self.document.redo()
        else:
            maker = self._makers[dice < 0.6]
            command = maker.next(self.document.snapshot)
            self.document.execute(command)
            self.seen[type(command).__name__] += 1

    def _check(self, step: int) -> None:
        snapshot = self.document.snapshot
        book = StaffBook(snapshot, TODAY)
        full = findings_of(book)
        last = self.document.history()[0].kind
        assert self.kept.findings() == full, (step, last)
        self.found |= {one.kind for one in full}
        kept = self.kept.book
        assert dict(kept.persons) == dict(book.persons), (step, last)
        assert kept.organizations == book.organizations
        assert kept.cadres() == book.cadres()
        for level in ("community", "grid", "micro_grid"):
            assert list(kept.areas(level)) == list(book.areas(level)), (step, last)
        for area in snapshot.areas():
            assert list(kept.on(area.uid)) == list(book.on(area.uid)), (step, last)
            assert list(kept.pairings_on(area.uid)) == list(book.pairings_on(area.uid))


@pytest.mark.parametrize("scheme", PLACES)
@pytest.mark.parametrize("seed", [1, 2])
def test_findings_kept_up_by_random_edits_are_those_of_a_full_look(scheme: str, seed: int) -> None:
    play = Kept(town_of(scheme), seed)

    play.run(STEPS)

    assert play.seen["Assign"] > 0
    assert play.seen.total() > STEPS // 4


def test_kinds_that_are_off_stay_off() -> None:
    play = Kept(small_town(), 3)

    play.run(STEPS // 3)

    assert play.found == {"base_unit_uncovered", "post_vacant"}


def test_random_edits_meet_at_least_half_of_the_rules() -> None:
    found: set[str] = set()
    for scheme in PLACES:
        play = Kept(town_of(scheme), 7)
        play.run(STEPS // 2)
        found |= play.found

    assert len(found) >= len(RULES) // 2


def of_kind(kept: KeptFindings, kind: str) -> dict[str | None, dict[str, Any]]:
    return {one.area: one.params for one in kept.findings() if one.kind == kind}


@pytest.fixture
def dalian() -> Kept:
    return Kept(town_of("dalian"), 1)


def test_households_that_change_hands_change_who_lacks_members_at_once(dalian: Kept) -> None:
    snapshot = dalian.document.snapshot
    giver, taker = (named(snapshot, key) for key in ("A2", "A1"))
    before = of_kind(dalian.kept, "member_ratio")
    code = named(snapshot, "A1-2").code or ""

    dalian.document.execute(InsertLine([place(2.8, 0), place(2.8, 1)], code, "keep"))

    after = of_kind(dalian.kept, "member_ratio")
    assert before[taker.uid]["households"] < after[taker.uid]["households"]
    assert before[giver.uid]["households"] > after[giver.uid]["households"]


def test_a_merge_lists_who_lost_the_post_and_what_the_heir_lacks(dalian: Kept) -> None:
    snapshot = dalian.document.snapshot
    gone, heir = named(snapshot, "A2"), named(snapshot, "A1")
    person = dalian.document.execute(PutRecord("person", {"name": "甲（虚构）"})).change.rows[0]
    dalian.document.execute(Assign(person.after.uid, Anchor(area=gone.uid), "grid_member", {}))
    assert of_kind(dalian.kept, "post_lost") == {}

    dalian.document.execute(Merge([heir.uid, gone.uid]))

    assert of_kind(dalian.kept, "post_lost") == {gone.uid: {"post": "grid_member"}}
    assert gone.uid not in of_kind(dalian.kept, "member_ratio")
    about = {one.kind for one in dalian.kept.findings() if one.person == person.after.uid}
    assert {"person_unassigned", "post_lost"} <= about
    dalian.document.undo()
    assert of_kind(dalian.kept, "post_lost") == {}
