"""The seats of a town: held, empty, one too many, ending, shared, and persons without any."""

from __future__ import annotations

from gridadmin.domain.people import Organization, Pairing
from gridadmin.staffing.seats import SeatRoll, SeatState
from tests.staffing.conftest import StaffedTown, Town


def seats_of(town: StaffedTown, key: str, post: str) -> list[tuple[SeatState, str | None]]:
    """Return state and holder (uid) of the seats of a post on an area."""
    roll = SeatRoll.of(town.book())
    uid = town.area(key)
    return [
        (seat.state, seat.person.uid if seat.person else None)
        for seat in roll.seats
        if seat.area is not None and seat.area.uid == uid and seat.post and seat.post.key == post
    ]


def test_a_required_post_that_nobody_holds_is_a_vacant_seat(town: Town) -> None:
    made = town("default")

    assert seats_of(made, "A1", "grid_member") == [(SeatState.VACANT, None)]
    # Cadres aren't required: where there is none, there is no seat either.
    assert seats_of(made, "A", "cadre") == []


def test_a_held_seat_names_its_holder(town: Town) -> None:
    made = town("default")
    one = made.assign("A1", "grid_member")

    assert seats_of(made, "A1", "grid_member") == [(SeatState.FINE, one.person)]


def test_the_last_to_come_is_the_one_too_many(town: Town) -> None:
    made = town("default")
    late = made.assign("A1", "grid_chief", valid_from="2025-02-01")
    early = made.assign("A1", "grid_chief", valid_from="2024-02-01")

    assert seats_of(made, "A1", "grid_chief") == [
        (SeatState.FINE, early.person),
        (SeatState.SURPLUS, late.person),
    ]


def test_a_holder_in_two_places_is_shared_and_one_who_leaves_soon_ends(town: Town) -> None:
    made = town("default")
    both = made.person()
    made.assign("A1", "grid_chief", both)
    made.assign("A2", "grid_chief", both)
    leaving = made.assign("A2", "grid_member", valid_to="2026-01-20")

    assert seats_of(made, "A1", "grid_chief") == [(SeatState.SHARED, both.uid)]
    assert seats_of(made, "A2", "grid_member") == [(SeatState.ENDING, leaving.person)]


def test_persons_without_a_post_come_last(town: Town) -> None:
    made = town("default")
    free = made.person()

    last = SeatRoll.of(made.book()).seats[-1]

    assert (last.state, last.person, last.post) == (SeatState.UNASSIGNED, free, None)


def test_a_cadre_whose_unit_is_not_paired_is_said_where_the_scheme_asks(town: Town) -> None:
    made = town("dalian")
    unit = made.put("organization", Organization(made.uid(), "虚构单位"))
    cadre = made.person(organization=unit.uid)
    made.assign("A", "cadre", cadre)

    assert seats_of(made, "A", "cadre") == [(SeatState.UNPAIRED, cadre.uid)]
    made.put("pairing", Pairing(made.uid(), unit.uid, "area", made.area("A"), "sending_unit"))
    assert seats_of(made, "A", "cadre") == [(SeatState.FINE, cadre.uid)]
