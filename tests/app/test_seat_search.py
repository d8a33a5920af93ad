"""Seats are found by parts of names, by pinyin and initials, by state and by place."""

from __future__ import annotations

import pytest

from gridadmin.app.seat_search import SeatFilter, SeatSearch, Spellings, counts_by_state
from gridadmin.domain.people import Organization
from gridadmin.staffing.seats import SeatRoll, SeatState
from tests.staffing.conftest import StaffedTown


@pytest.fixture
def search() -> tuple[StaffedTown, SeatSearch]:
    made = StaffedTown("default")
    unit = made.put("organization", Organization(made.uid(), "虚构卫健局"))
    for area, name, sender in (("A1", "张示例", None), ("A2", "李示例", unit.uid)):
        person = made.person(organization=sender)
        made.put("person", type(person)(person.uid, name, organization=sender))
        made.assign(area, "grid_chief", person)
    found = SeatSearch(SeatRoll.of(made.book()), Spellings())
    found.spell()
    return made, found


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("张", ["张示例"]),
        ("zhang", ["张示例"]),
        ("zsl", ["张示例"]),
        ("weijian", ["李示例"]),
        ("卫健 li", ["李示例"]),
        ("网格长 示例", ["张示例", "李示例"]),
        ("zhang sun", []),
    ],
)
def test_typed_words_find_names_posts_and_units(
    search: tuple[StaffedTown, SeatSearch], typed: str, names: list[str]
) -> None:
    found = search[1].find(SeatFilter(typed=typed))

    assert [seat.person.name for seat in found if seat.person] == names


def test_a_seat_is_found_by_its_community_too(search: tuple[StaffedTown, SeatSearch]) -> None:
    town, look = search

    found = look.find(SeatFilter(typed="xugouB", post="grid_chief"))

    below = {one.uid for one in town.book().snapshot.descendants(town.area("B"))}
    assert len(found) == 4
    assert {seat.area.uid for seat in found if seat.area} <= below


def test_state_place_and_unit_cut_down_together(search: tuple[StaffedTown, SeatSearch]) -> None:
    town, look = search
    within = frozenset({town.area("A2")})

    vacant = look.find(SeatFilter(state=SeatState.VACANT, areas=within))
    unit = next(iter(town.book().organizations))

    assert [seat.post.key for seat in vacant if seat.post] == ["grid_member"]
    assert counts_by_state(look.find(SeatFilter(areas=within)))[SeatState.FINE] == 1
    assert len(look.find(SeatFilter(organization=unit))) == 1


def test_names_are_found_as_they_are_written_before_pinyin_is_known() -> None:
    made = StaffedTown("default")
    person = made.person()
    made.put("person", type(person)(person.uid, "张示例"))
    search = SeatSearch(SeatRoll.of(made.book()), Spellings())

    assert not search.is_spelled
    assert [seat.key for seat in search.find(SeatFilter(typed="张示"))] == [person.uid]
    assert search.find(SeatFilter(typed="zhangshi")) == []


def test_persons_whose_names_begin_as_typed_come_first() -> None:
    made = StaffedTown("default")
    unit = made.put("organization", Organization(made.uid(), "虚构局"))
    for name in ("何阳示例", "杨示例", "李示例"):
        person = made.person(organization=unit.uid)
        made.put("person", type(person)(person.uid, name, organization=unit.uid))
    search = SeatSearch(SeatRoll.of(made.book()), Spellings())
    search.spell()

    assert [one.name for one in search.persons("yang", 5)] == ["杨示例", "何阳示例"]
    assert search.persons("li xugou", 1)[0].name == "李示例"
    assert search.persons("xugou", 5) == []
    assert [one.name for one in search.units("xugouju", 5)] == ["虚构局"]
