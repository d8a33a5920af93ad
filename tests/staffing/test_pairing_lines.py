"""Pairings as lines on a map."""

from __future__ import annotations

from gridadmin.domain.people import Organization, Pairing
from gridadmin.staffing.pairing_lines import stars_of
from tests.staffing.conftest import Town


def test_lines_meet_in_the_middle_of_the_places_or_where_the_unit_is(town: Town) -> None:
    made = town("dalian")
    far = made.put("organization", Organization(made.uid(), "虚构甲局"))
    near = made.put("organization", Organization(made.uid(), "虚构乙局", area=made.area("A1")))
    for unit in (far, near):
        for key in ("A", "B"):
            made.put(
                "pairing", Pairing(made.uid(), unit.uid, "area", made.area(key), "sending_unit")
            )

    second, first = stars_of(made.book())

    # The town is 80 m wide, the communities its halves; grid A1 is a quarter of A.
    assert (first.organization.uid, first.hub) == (far.uid, (40.0, 20.0))
    assert sorted(first.places) == [(20.0, 20.0), (60.0, 20.0)]
    assert (second.organization.uid, second.hub) == (near.uid, (10.0, 10.0))


def test_only_the_units_that_are_asked_for_have_stars(town: Town) -> None:
    made = town("dalian")
    units = [made.put("organization", Organization(made.uid(), f"虚构{n}局")) for n in "甲乙"]
    for unit in units:
        made.put("pairing", Pairing(made.uid(), unit.uid, "area", made.area("A"), "sending_unit"))

    found = stars_of(made.book(), [units[1].uid])

    assert [star.organization.uid for star in found] == [units[1].uid]
    assert stars_of(made.book(), []) == []
