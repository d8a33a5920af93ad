"""Whom to call in a grid, and in which order."""

from __future__ import annotations

from gridadmin.staffing.call_list import call_list
from tests.staffing.conftest import Town


def test_the_posts_of_the_grid_come_first_and_each_person_once(town: Town) -> None:
    made = town("default")
    micro = made.assign("A1-1", "micro_grid_member", made.person(duty_phone="990001"))
    both = made.person()
    made.assign("A1-2", "micro_grid_member", both)
    chief = made.assign("A1", "grid_chief", both)

    (group,) = call_list(made.book(), [made.area("A1")])

    assert [call.assignment.uid for call in group.calls] == [chief.uid, micro.uid]
    assert [call.has_phone for call in group.calls] == [False, True]
    assert group.can_be_called


def test_all_grids_are_listed_or_those_of_an_area(town: Town) -> None:
    made = town("default")
    book = made.book()

    assert len(call_list(book)) == 8
    assert [group.grid.name for group in call_list(book, [made.area("B")])] == [
        "虚构B1",
        "虚构B2",
        "虚构B3",
        "虚构B4",
    ]
    assert [group.grid.name for group in call_list(book, [made.area("A1-1")])] == ["虚构A1"]
    assert not any(group.can_be_called for group in call_list(book))
