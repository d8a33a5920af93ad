"""Which seats a person could take, and in which order."""

from __future__ import annotations

from gridadmin.domain.people import Organization, Pairing
from gridadmin.staffing.candidates import Reason
from gridadmin.staffing.openings import openings_for
from gridadmin.staffing.seats import SeatRoll
from tests.staffing.conftest import Town


def test_vacant_seats_of_the_same_kind_and_community_come_first(town: Town) -> None:
    made = town("default")
    person = made.person()
    made.assign("B1", "grid_chief", person)

    found = openings_for(SeatRoll.of(made.book()), person)

    first = found[0]
    assert first.seat.area is not None
    assert first.seat.post is not None
    assert (first.seat.area.name, first.seat.post.key) == ("虚构B2", "grid_chief")
    assert first.reasons == (Reason.FITS, Reason.COMMUNITY)


def test_a_paired_place_is_preferred(town: Town) -> None:
    made = town("default")
    unit = made.put("organization", Organization(made.uid(), "虚构局"))
    person = made.person(organization=unit.uid)
    made.put("pairing", Pairing(made.uid(), unit.uid, "area", made.area("B"), "cadre_unit"))

    found = openings_for(SeatRoll.of(made.book()), person)

    first = found[0].seat.area
    assert first is not None
    assert first.uid == made.area("B")
    assert found[0].reasons == (Reason.PAIRED,)


def test_all_posts_of_an_area_can_be_asked_for_full_ones_last(town: Town) -> None:
    made = town("default")
    chief = made.assign("A1", "grid_chief")
    roll = SeatRoll.of(made.book())

    found = openings_for(roll, made.person(), [made.area("A1")])
    own = openings_for(roll, roll.book.persons[chief.person], [made.area("A1")])

    assert [(one.seat.post.key, one.is_full) for one in found if one.seat.post] == [
        ("grid_member", False),
        ("cadre", False),
        ("grid_chief", True),
    ]
    assert "grid_chief" not in [one.seat.post.key for one in own if one.seat.post]
