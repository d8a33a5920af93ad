"""The bars of the dashboard."""

from __future__ import annotations

from gridadmin.domain.people import Headcount, Organization
from gridadmin.staffing.bars import Bar, bars_of
from gridadmin.staffing.seats import SeatRoll
from tests.staffing.conftest import Town


def test_seats_are_counted_by_community_where_there_are_no_streets(town: Town) -> None:
    made = town("default")
    made.assign("B1", "grid_chief")

    found = bars_of(SeatRoll.of(made.book()))

    # The secretary, four chiefs and four members of B; its grids are not divided.
    assert found.places[1] == Bar(made.area("B"), "虚构B", 1, 8, 9)
    chief = next(bar for bar in found.posts if bar.key == "grid_chief")
    assert (chief.held, chief.missing, chief.due) == (1, 7, 8)


def test_units_stand_as_they_are_printed_and_ranks_count_persons(town: Town) -> None:
    made = town("default")
    units = [
        made.put("organization", Organization(made.uid(), f"虚构{name}局", sort_order=order))
        for name, order in (("甲", 2), ("乙", 1))
    ]
    last = made.put("organization", Organization(made.uid(), "虚构丙局"))
    made.put("headcount", Headcount(made.uid(), last.uid, 20, 9, "2025-01-01"))
    for unit, quota in zip(units, (1, 3), strict=True):
        made.put("headcount", Headcount(made.uid(), unit.uid, 20, quota, "2025-01-01"))
    one = made.person(organization=units[0].uid, rank="科员")
    made.assign("A", "cadre", one)
    made.assign("B", "cadre", one)
    made.assign("A", "cadre", made.person(organization=units[1].uid))

    found = bars_of(SeatRoll.of(made.book()))

    assert [(bar.name, bar.held, bar.missing, bar.due) for bar in found.units] == [
        ("虚构乙局", 1, 2, 3),
        ("虚构甲局", 1, 0, 1),
        ("虚构丙局", 0, 9, 9),
    ]
    assert [(bar.name, bar.held) for bar in found.ranks] == [("科员", 1), ("", 1)]


def test_ranks_stand_from_the_highest_down_and_unknown_ones_last(town: Town) -> None:
    made = town("default")
    for rank in ("四级主任科员", "自拟职级", "二级主任科员", "四级主任科员"):
        made.assign("A", "cadre", made.person(rank=rank))

    found = bars_of(SeatRoll.of(made.book()))

    assert [(bar.name, bar.held) for bar in found.ranks] == [
        ("二级主任科员", 1),
        ("四级主任科员", 2),
        ("自拟职级", 1),
    ]
