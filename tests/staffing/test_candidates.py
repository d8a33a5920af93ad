"""Who is proposed for a seat, in which order, and why."""

from __future__ import annotations

from gridadmin.domain.people import Organization, Pairing, Person
from gridadmin.staffing.candidates import Candidate, Conflict, Reason, candidates_for
from tests.staffing.conftest import StaffedTown, Town


def ranked(town: StaffedTown, key: str, post: str) -> list[Candidate]:
    """Return the candidates for a post on an area."""
    book = town.book()
    return candidates_for(book, ("area", town.area(key)), book.posts[post])


def of(candidates: list[Candidate], person: Person | str) -> Candidate:
    """Return the candidate who is a person."""
    uid = person if isinstance(person, str) else person.uid
    return next(one for one in candidates if one.person.uid == uid)


def test_the_free_come_before_the_near_and_these_before_the_rest(town: Town) -> None:
    made = town("default")
    far = made.assign("B1", "grid_chief").person
    near = made.assign("A1", "grid_chief").person
    free = made.person()

    found = ranked(made, "A2", "grid_chief")

    assert [one.person.uid for one in found] == [free.uid, near, far]
    assert of(found, free).reasons == (Reason.FREE,)
    assert Reason.COMMUNITY in of(found, near).reasons


def test_who_holds_the_post_there_is_no_candidate(town: Town) -> None:
    made = town("default")
    holder = made.assign("A1", "grid_member").person

    assert holder not in [one.person.uid for one in ranked(made, "A1", "grid_member")]


def test_a_second_full_time_post_is_a_conflict_and_comes_last(town: Town) -> None:
    made = town("default")
    busy = made.assign("A2", "grid_member").person
    part = made.assign("A1-1", "micro_grid_member").person

    found = ranked(made, "A1", "grid_member")

    assert [one.person.uid for one in found] == [part, busy]
    assert of(found, busy).conflicts == (Conflict.FULL_TIME,)
    assert of(found, part).conflicts == ()
    assert Reason.HERE in of(found, part).reasons


def test_a_full_post_is_named_as_a_conflict(town: Town) -> None:
    made = town("default")
    made.assign("A1", "grid_chief")
    free = made.person()

    assert of(ranked(made, "A1", "grid_chief"), free).conflicts == (Conflict.FULL,)


def test_a_paired_unit_is_preferred_for_cadres(town: Town) -> None:
    made = town("dalian")
    paired, other = (
        made.put("organization", Organization(made.uid(), name))
        for name in ("虚构甲局", "虚构乙局")
    )
    made.put("pairing", Pairing(made.uid(), paired.uid, "area", made.area("A"), "sending_unit"))
    mine = made.person(organization=paired.uid)
    foreign = made.person(organization=other.uid)

    found = ranked(made, "A", "cadre")

    assert [one.person.uid for one in found] == [mine.uid, foreign.uid]
    assert Reason.PAIRED in of(found, mine).reasons
    assert of(found, foreign).conflicts == (Conflict.UNPAIRED,)


def test_members_of_the_party_are_told_and_order_stays(town: Town) -> None:
    made = town("default")
    member = made.person(political_status="中共预备党员")
    other = made.person(political_status="民建会员")

    found = ranked(made, "A1", "grid_chief")

    assert of(found, member).reasons == (Reason.FREE, Reason.PARTY)
    assert of(found, other).reasons == (Reason.FREE,)
    assert of(found, member).score == of(found, other).score


def test_who_has_no_unit_has_none_that_is_not_paired(town: Town) -> None:
    made = town("dalian")
    alone = made.person()

    assert of(ranked(made, "A", "cadre"), alone).conflicts == ()


def test_the_nearer_of_two_equals_comes_first(town: Town) -> None:
    made = town("xindu")
    far = made.assign("A1-1", "micro_grid_member").person
    near = made.assign("A3-1", "micro_grid_member").person

    found = ranked(made, "A3-2", "micro_grid_member")

    assert [one.person.uid for one in found] == [near, far]
    assert of(found, near).score == of(found, far).score
    assert of(found, near).distance_m == 10.0


def test_the_same_book_gives_the_same_order(town: Town) -> None:
    made = town("default")
    for _ in range(5):
        made.person()

    first = [one.person.uid for one in ranked(made, "A1", "grid_chief")]

    assert first == [one.person.uid for one in ranked(made, "A1", "grid_chief")]
