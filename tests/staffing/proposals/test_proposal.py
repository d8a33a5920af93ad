from __future__ import annotations

from gridadmin.domain.people import Organization, Pairing
from gridadmin.staffing.proposals.proposal import Proposal, propose
from gridadmin.staffing.proposals.question import posts_open_to, question_of
from gridadmin.staffing.proposals.tiers import Tier
from tests.staffing.conftest import StaffedTown, Town


def paired(town: StaffedTown, unit: str, area: str) -> None:
    town.put("pairing", Pairing(f"{unit}-{area}", unit, "area", town.area(area), "sending_unit"))


def unit(town: StaffedTown, uid: str, area: str | None = None) -> str:
    where = None if area is None else town.area(area)
    town.put("organization", Organization(uid, f"虚构单位{uid}", area=where))
    return uid


def seats(town: StaffedTown, proposal: Proposal) -> dict[str, str]:
    rows = town.book().snapshot.rows("area")
    return {
        move.person.uid: rows[move.area.uid].name.removeprefix("虚构") for move in proposal.moves
    }


def test_a_village_without_a_cadre_gets_the_one_who_can_be_spared(town: Town) -> None:
    dalian = town("dalian")
    first = dalian.assign("A", "cadre").person
    second = dalian.assign("A", "cadre").person

    proposal = propose(dalian.book(), ["cadre"])

    assert [move.person.uid for move in proposal.moves] in ([first], [second])
    assert proposal.moves[0].area.uid == dalian.area("B")
    assert (proposal.before[Tier.UNCOVERED], proposal.totals[Tier.UNCOVERED]) == (1, 0)
    assert proposal.shortfalls == ()


def test_whose_term_ended_is_asked_for_the_same_kind_of_post(town: Town) -> None:
    default = town("default")
    former = default.assign("A1", "grid_chief", valid_to="2025-01-01").person

    proposal = propose(default.book(), ["grid_chief"])

    assert [(move.person.uid, move.post.key) for move in proposal.moves] == [(former, "grid_chief")]


def test_a_locked_seat_stays_and_its_price_is_told(town: Town) -> None:
    dalian = town("dalian")
    dalian.assign("A", "cadre", is_locked=True)
    dalian.assign("A", "cadre", is_locked=True)

    proposal = propose(dalian.book(), ["cadre"])

    assert proposal.moves == ()
    (shortfall,) = proposal.shortfalls
    assert (shortfall.area.uid, shortfall.post, shortfall.reason) == (
        dalian.area("B"),
        None,
        "locked",
    )
    assert proposal.kept == 2


def test_cadres_go_where_their_unit_is_paired_before_few_move(town: Town) -> None:
    dalian = town("dalian")
    east, west = unit(dalian, "east"), unit(dalian, "west")
    paired(dalian, east, "A")
    paired(dalian, west, "B")
    one = dalian.assign("A", "cadre", dalian.person(organization=west)).person
    other = dalian.assign("B", "cadre", dalian.person(organization=east)).person

    proposal = propose(dalian.book(), ["cadre"])

    assert seats(dalian, proposal) == {one: "B", other: "A"}
    assert [move.is_paired for move in proposal.moves] == [True, True]
    assert {person.uid for person in proposal.moves[0].leaving} <= {one, other}


def test_cover_comes_before_pairings_and_the_line_says_so(town: Town) -> None:
    dalian = town("dalian")
    east = unit(dalian, "east")
    paired(dalian, east, "A")
    dalian.assign("A", "cadre", dalian.person(organization=east))
    dalian.assign("A", "cadre", dalian.person(organization=east), is_locked=True)

    (move,) = propose(dalian.book(), ["cadre"]).moves

    assert move.area.uid == dalian.area("B")
    assert (move.rank, move.choices, move.is_paired) == (2, 2, False)
    assert move.better is not None
    assert move.better.uid == dalian.area("A")
    assert move.binding is not None
    assert (move.binding.tier, move.binding.amount) == (Tier.UNCOVERED, 1)


def test_a_first_secretary_stays_one_and_a_village_has_one_at_most(town: Town) -> None:
    dalian = town("dalian")
    dalian.assign("A", "first_secretary")
    dalian.assign("A", "first_secretary")

    proposal = propose(dalian.book(), ["first_secretary", "cadre"])

    (move,) = proposal.moves
    assert (move.post.key, move.area.uid) == ("first_secretary", dalian.area("B"))
    assert (proposal.before[Tier.SURPLUS], proposal.totals[Tier.SURPLUS]) == (1, 0)


def test_a_cadre_in_a_grid_covers_its_community_and_stays_there(town: Town) -> None:
    dalian = town("dalian")
    dalian.assign("A1", "cadre")
    dalian.assign("B", "cadre")

    proposal = propose(dalian.book(), ["cadre"])

    assert proposal.moves == ()
    assert proposal.totals[Tier.UNCOVERED] == 0


def test_persons_without_a_post_fill_seats_near_their_unit(town: Town) -> None:
    default = town("default")
    near = unit(default, "near", "A4")
    member = default.person(organization=near, roster_kind="grid_member", staff_number="1")

    proposal = propose(default.book(), ["grid_member"])

    assert seats(default, proposal) == {member.uid: "A4"}
    assert (proposal.moves[0].rank, proposal.moves[0].way_m) == (1, 0.0)
    assert len(proposal.shortfalls) == 7
    assert {one.reason for one in proposal.shortfalls} == {"needed"}


def test_whom_no_rule_places_stays_without_a_seat(town: Town) -> None:
    default = town("default")
    idle = default.person()

    proposal = propose(default.book())

    assert proposal.moves == ()
    assert [person.uid for person in proposal.waiting] == [idle.uid]


def test_two_posts_of_one_person_are_left_alone(town: Town) -> None:
    dalian = town("dalian")
    busy = dalian.person()
    dalian.assign("A", "cadre", busy)
    dalian.assign("B", "cadre", busy)

    question = question_of(dalian.book(), ["cadre"])

    assert (question.seekers, len(question.kept)) == ((), 2)


def test_surplus_members_go_where_one_is_missing_by_households(town: Town) -> None:
    default = town("default")
    for _ in range(3):
        default.assign("A1", "grid_member")

    proposal = propose(default.book(), ["grid_member"])

    assert len(proposal.moves) == 2
    assert (proposal.before[Tier.VACANT], proposal.totals[Tier.VACANT]) == (7, 5)


def test_what_a_person_may_do_follows_roster_kind_origin_and_rank(town: Town) -> None:
    longgang, xindu = town("longgang"), town("xindu")
    posts = longgang.book().scheme.posts
    micro = xindu.book().scheme.posts

    kinds = {
        kind: posts_open_to(longgang.person(roster_kind=kind), posts)
        for kind in ("grid_member", "sunk_down_cadre", "social_worker")
    }

    assert kinds == {
        "grid_member": ("grid_member",),
        "sunk_down_cadre": ("cadre", "section_cadre"),
        "social_worker": (),
    }
    assert posts_open_to(xindu.person(recruited_from="楼栋长"), micro) == ("micro_grid_member",)
    assert posts_open_to(xindu.person(political_status="中共党员"), micro) == ("micro_grid_member",)
    official = xindu.person(organization=unit(xindu, "u"), rank="科员")
    assert posts_open_to(official, micro) == ("cadre",)


def test_the_same_people_get_the_same_proposal_in_any_order(town: Town) -> None:
    def proposed(numbers: list[int]) -> list[tuple[str | None, str]]:
        default = town("default")
        for number in numbers:
            default.person(roster_kind="grid_member", staff_number=f"{number:03}")
        moves = propose(default.book(), ["grid_member"]).moves
        return [(move.person.staff_number, move.area.name) for move in moves]

    assert proposed([1, 2, 3, 4, 5]) == proposed([4, 2, 5, 1, 3])
