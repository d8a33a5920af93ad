"""Findings kept up by edits are those of a full look, whatever the edits are."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from typing import Any

import pytest

from gridadmin.base.errors import EditError
from gridadmin.domain.check_kinds import CHECK_KINDS
from gridadmin.domain.model import Compound, PointObject, Setting
from gridadmin.edit.assign_commands import Anchor, Assign
from gridadmin.edit.document import Document, Done
from gridadmin.edit.land_commands import InsertLine
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.people_records import PutRecord
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
from tests.helpers.random_people import RandomPeople

STEPS = int(os.environ.get("GRIDADMIN_STEPS", "150"))
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

    assert play.found == {"base_unit_uncovered", "post_vacant", "term_ends"}


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
