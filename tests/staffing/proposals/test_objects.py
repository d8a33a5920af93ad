"""Posts on streets and shops: proposed, picked from and moved like those on areas."""

from __future__ import annotations

from typing import Any

from gridadmin.app.proposals.making import taking
from gridadmin.app.proposals.words import from_of
from gridadmin.domain.model import LineObject, PointObject
from gridadmin.domain.people import Assignment, Person
from gridadmin.edit.assignment_commands import PeopleTogether
from gridadmin.staffing.anchors import table_of
from gridadmin.staffing.candidates import Reason, candidates_for
from gridadmin.staffing.openings import openings_for
from gridadmin.staffing.proposals.proposal import propose
from gridadmin.staffing.seats import SeatRoll
from tests.staffing.conftest import StaffedTown, Town


def street(town: StaffedTown, name: str) -> str:
    line: LineObject = town.put("line_object", LineObject(town.uid(), "street", name))
    return line.uid


def shop(town: StaffedTown, name: str, area: str) -> str:
    point: PointObject = town.put(
        "point_object", PointObject(town.uid(), "shop", name, town.area(area))
    )
    return point.uid


def hold(
    town: StaffedTown, table: str, uid: str, post: str, person: Person | None = None, **more: Any
) -> Assignment:
    holder = person or town.person()
    one: Assignment = town.put(
        "assignment", Assignment(town.uid(), holder.uid, table, uid, post, **more)
    )
    return one


def test_a_street_without_a_chief_gets_the_one_who_is_free_for_it(town: Town) -> None:
    sanming = town("sanming")
    wanted = street(sanming, "虚构大街")
    free = sanming.person(roster_kind="street_chief")

    proposal = propose(sanming.book(), ["street_chief"])

    (move,) = proposal.moves
    assert (move.person.uid, table_of(move.area), move.area.uid) == (
        free.uid,
        "line_object",
        wanted,
    )
    assert proposal.shortfalls == ()
    command = taking(proposal)
    assert isinstance(command, PeopleTogether)
    (step,) = command.steps
    assert step.anchor.table == "line_object"  # type: ignore[attr-defined]


def test_a_chief_too_many_in_one_shop_is_moved_to_the_shop_without(town: Town) -> None:
    sanming = town("sanming")
    full, empty = shop(sanming, "虚构甲店", "A"), shop(sanming, "虚构乙店", "B")
    hold(sanming, "point_object", full, "shop_chief", is_locked=True)
    second = hold(sanming, "point_object", full, "shop_chief")

    proposal = propose(sanming.book(), ["shop_chief"])

    (move,) = proposal.moves
    assert (move.person.uid, move.area.uid) == (second.person, empty)
    assert from_of(proposal, move) == "虚构甲店"


def test_a_seat_that_nobody_may_take_is_told_by_the_name_of_the_street(town: Town) -> None:
    sanming = town("sanming")
    street(sanming, "虚构大街")

    proposal = propose(sanming.book(), ["street_chief"])

    (short,) = proposal.shortfalls
    assert (short.area.name, short.missing, short.reason) == ("虚构大街", 1, "nobody")


def test_who_works_in_the_community_of_a_shop_comes_first_for_it(town: Town) -> None:
    sanming = town("sanming")
    here = shop(sanming, "虚构小店", "A")
    near, far = sanming.person(), sanming.person()
    sanming.assign("A", "judge", near)
    sanming.assign("B", "judge", far)
    book = sanming.book()

    found = candidates_for(book, ("point_object", here), book.posts["shop_chief"])

    assert [one.person.uid for one in found[:2]] == [near.uid, far.uid]
    assert Reason.HERE in found[0].reasons


def test_a_vacant_shop_in_the_own_community_comes_first_for_a_person(town: Town) -> None:
    sanming = town("sanming")
    there, here = shop(sanming, "虚构甲店", "B"), shop(sanming, "虚构乙店", "A")
    person = sanming.person()
    sanming.assign("A", "cadre", person)
    roll = SeatRoll.of(sanming.book())

    shops = [
        (one.seat.anchor[1], one.reasons)
        for one in openings_for(roll, person)
        if one.seat.anchor is not None and one.seat.anchor[0] == "point_object"
    ]

    assert shops[0] == (here, (Reason.COMMUNITY,))
    assert shops[1][0] == there
