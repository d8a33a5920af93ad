"""Findings in words, kept up after changes: they say what a list made anew would say."""

from __future__ import annotations

import pytest

from gridadmin.app.finding_list import FindingFilter, FindingLine, FindingList
from gridadmin.app.seat_search import Spellings
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.assign_commands import Anchor, Assign
from gridadmin.edit.people_records import PutRecord
from gridadmin.staffing.kept import KeptFindings
from tests.helpers.projects import MemoryStore, named
from tests.staffing.test_kept import STEPS, Kept, town_of


class KeptList(Kept):
    """Findings kept up by random edits, with the list of them that is made from the last one."""

    def __init__(self, store: MemoryStore, seed: int) -> None:
        super().__init__(store, seed)
        self.spellings = Spellings()
        self.list = self.made(None)
        self.taken_over = 0

    def made(self, before: FindingList | None) -> FindingList:
        kept: KeptFindings = self.kept
        return FindingList(kept.book, kept.findings(), "zh", self.spellings, before)

    def renew(self) -> None:
        known = {id(line) for line in self.list.lines}
        self.list = self.made(self.list)
        self.taken_over += sum(id(line) in known for line in self.list.lines)

    def _check(self, step: int) -> None:
        super()._check(step)
        self.renew()
        fresh = self.made(None)
        assert self.list.lines == fresh.lines, step
        assert self.list.spelled == fresh.spelled, step


@pytest.mark.parametrize("scheme", ["xindu", "dalian"])
def test_a_list_made_from_the_last_one_says_what_a_new_one_says(scheme: str) -> None:
    play = KeptList(town_of(scheme), 3)

    play.run(STEPS // 2)

    assert play.taken_over > STEPS


def texts(play: KeptList, about: str) -> list[str]:
    play.renew()
    return [line.text for line in play.list.lines if about in line.text]


def test_a_person_with_another_name_is_told_by_it() -> None:
    play = KeptList(town_of("xindu"), 1)
    person = play.document.execute(PutRecord("person", {"name": "甲（虚构）"})).change.rows[0].after
    assert texts(play, "甲（虚构）")

    play.document.execute(PutRecord("person", {"name": "乙（虚构）"}, person.uid))

    assert texts(play, "甲（虚构）") == []
    assert texts(play, "乙（虚构）")


def test_an_area_with_another_name_is_told_by_it() -> None:
    play = KeptList(town_of("xindu"), 1)
    area = named(play.document.snapshot, "A1")
    play.document.execute(SetField(area.uid, "name", "虚构新名"))
    play.renew()

    told: list[FindingLine] = play.list.find(FindingFilter(typed="xinming"))

    assert told
    assert {line.place.uid for line in told if line.place is not None} >= {area.uid}


def test_who_takes_a_seat_has_no_line_any_more() -> None:
    play = KeptList(town_of("xindu"), 1)
    area = named(play.document.snapshot, "A1")
    person = play.document.execute(PutRecord("person", {"name": "甲（虚构）"})).change.rows[0].after
    before = play.list.by_kind()["post_vacant"]

    play.document.execute(Assign(person.uid, Anchor(area=area.uid), "grid_chief", {}))
    play.renew()

    assert play.list.by_kind()["post_vacant"] == before - 1
    assert play.list.by_kind()["person_unassigned"] == 0
