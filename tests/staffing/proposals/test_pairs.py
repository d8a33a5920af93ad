from __future__ import annotations

from gridadmin.domain.people import Headcount, Organization, Pairing
from gridadmin.staffing.proposals.pairs import PairProposal, pairing_kinds, propose_pairs
from tests.staffing.conftest import StaffedTown, Town


def pairs(town: StaffedTown) -> PairProposal:
    book = town.book()
    kind = next(one for one in pairing_kinds(book) if one.key == "sending_unit")
    return propose_pairs(book, kind)


def proposed(town: StaffedTown) -> dict[str, str]:
    proposal = pairs(town)
    return {one.area.name.removeprefix("虚构"): one.unit.uid for one in proposal.pairs}


def test_every_place_without_a_unit_gets_the_one_that_is_near(town: Town) -> None:
    dalian = town("dalian")
    dalian.put("organization", Organization("east", "虚构东局", area=dalian.area("B")))
    dalian.put("organization", Organization("west", "虚构西局", area=dalian.area("A")))

    assert proposed(dalian) == {"A": "west", "B": "east"}


def test_pairs_that_are_there_stay_and_count(town: Town) -> None:
    dalian = town("dalian")
    for uid in ("one", "two"):
        dalian.put("organization", Organization(uid, f"虚构{uid}"))
    dalian.put("pairing", Pairing("p", "one", "area", dalian.area("A"), "sending_unit"))

    proposal = pairs(dalian)

    assert proposed(dalian) == {"B": "two"}
    assert (proposal.kept, proposal.units) == (1, 2)


def test_a_unit_with_twice_the_officials_gets_the_pairs(town: Town) -> None:
    dalian = town("dalian")
    for uid, officials in (("small", 10), ("large", 100)):
        dalian.put("organization", Organization(uid, f"虚构{uid}"))
        dalian.put("headcount", Headcount(f"h-{uid}", uid, officials))
    dalian.put("pairing", Pairing("p", "large", "area", dalian.area("A"), "sending_unit"))
    dalian.put("pairing", Pairing("q", "small", "area", dalian.area("A"), "sending_unit"))

    assert proposed(dalian) == {"B": "large"}


def test_bodies_of_a_kind_are_no_units_and_without_units_places_stay_alone(town: Town) -> None:
    dalian = town("dalian")
    dalian.put("organization", Organization("branch", "虚构支部", kind="branch_courtyard"))

    proposal = pairs(dalian)

    assert (proposal.pairs, len(proposal.without)) == ((), 2)


def test_pairings_are_proposed_for_the_mode_that_holds(town: Town) -> None:
    xindu = town("xindu")

    kinds = [
        [kind.key for kind in pairing_kinds(xindu.book(mode=mode))]
        for mode in ("normal", "emergency")
    ]

    assert kinds == [["normal_pairing"], ["emergency_report_in"]]
