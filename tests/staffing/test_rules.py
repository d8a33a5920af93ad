from __future__ import annotations

import pytest

from gridadmin.domain.check_kinds import CHECK_KINDS
from gridadmin.domain.model import Building, Compound, PointObject
from gridadmin.domain.people import (
    Headcount,
    ModeSwitch,
    Organization,
    Pairing,
    PartyNode,
    PostSeat,
    RegistrationCount,
)
from gridadmin.staffing.book import mode_on
from gridadmin.staffing.needs import members_for, needs_of
from gridadmin.staffing.report import report_of
from gridadmin.staffing.rules import RULES, findings_of
from tests.helpers.projects import ORIGIN_MM, TODAY, named
from tests.staffing.conftest import Town


def test_every_rule_is_a_kind_that_schemes_can_switch() -> None:
    assert set(RULES) <= set(CHECK_KINDS)


@pytest.mark.parametrize(
    ("households", "members"), [(None, 0), (0, 0), (1, 1), (200, 1), (201, 2), (400, 2), (401, 3)]
)
def test_one_member_for_each_200_households_begun(households: int | None, members: int) -> None:
    assert members_for(households, 200.0) == members


def test_a_grid_of_401_households_needs_three_members_by_ratio(town: Town) -> None:
    dalian = town("dalian")
    # 43 households live in A1 already.
    x, y = ORIGIN_MM[0] + 5_500, ORIGIN_MM[1] + 5_500
    dalian.put("building", Building("tower", x, y, households=358))
    for key in ("A1", "A1", "A2"):
        dalian.assign(key, "grid_member")

    first = dalian.findings("member_ratio")[0]

    assert dalian.names("member_ratio") == ["A1", "A3", "A4", "B1", "B2", "B3", "B4"]
    assert first.params == {"households": 401, "required": 3, "filled": 2}


def test_informants_do_not_count_towards_the_ratio(town: Town) -> None:
    dalian = town("dalian")
    for _ in range(2):
        dalian.assign("B1", "grid_informant")

    assert "B1" in dalian.names("member_ratio")


def test_any_kind_of_cadre_covers_a_base_unit_also_from_a_grid_in_it(town: Town) -> None:
    dalian = town("dalian")
    assert dalian.names("base_unit_uncovered") == ["A", "B"]

    dalian.assign("A", "first_secretary")
    dalian.assign("B3", "cadre")

    assert dalian.names("base_unit_uncovered") == []


def test_a_term_that_is_over_covers_nothing_any_more(town: Town) -> None:
    dalian = town("dalian")
    dalian.assign("A", "cadre", valid_from="2025-01-01", valid_to="2026-03-01")

    assert dalian.names("base_unit_uncovered", day="2026-02-28") == ["B"]
    assert dalian.names("base_unit_uncovered", day="2026-03-01") == ["A", "B"]
    assert dalian.names("term_ends", day="2026-01-29") == []
    assert dalian.names("term_ends", day="2026-01-30") == ["A"]


def test_someone_who_left_holds_no_post(town: Town) -> None:
    default = town("default")
    gone = default.person(valid_to="2026-01-05")
    default.assign("A", "cadre", gone)

    assert default.names("base_unit_uncovered") == ["A", "B"]


def test_vacant_and_surplus_posts_are_told_with_numbers(town: Town) -> None:
    default = town("default")
    default.assign("A1", "grid_chief")
    default.assign("A1", "grid_chief")

    vacant = [one for one in default.findings("post_vacant") if one.area == default.area("A1")]
    (surplus,) = default.findings("post_surplus")

    assert [one.params for one in vacant] == [
        {"post": "grid_member", "vacant": 1, "required": 1},
    ]
    assert surplus.params == {"post": "grid_chief", "filled": 2, "most": 1}


def test_seats_by_hand_stand_above_the_scheme(town: Town) -> None:
    default = town("default")
    area = default.area("A1")
    default.put("post_seat", PostSeat("seat", "area", area, "grid_member", 3))

    book = default.book()
    needs = {need.post.key: need.required for need in needs_of(book, book.snapshot.area(area))}

    assert needs == {"grid_chief": 1, "grid_member": 3}


def test_stacked_and_listed_areas_count(town: Town) -> None:
    default = town("default")

    vacant = default.names("post_vacant")

    assert "A1-5" in vacant
    assert "A1-4" not in vacant  # the cell itself is no micro-grid


def test_persons_are_not_person_times(town: Town) -> None:
    default = town("default")
    one = default.person()
    default.assign("A", "cadre", one)
    default.assign("B", "cadre", one)
    default.person()

    report = report_of(default.book())

    assert (report.persons, report.cadres, report.covered) == (2, 1, 2)


def test_a_person_without_a_post_is_an_error_where_the_scheme_says_so(town: Town) -> None:
    sanming = town("sanming")
    idle = sanming.person()
    busy = sanming.person()
    sanming.assign("A", "judge", busy)

    assert [one.person for one in sanming.findings("person_unassigned")] == [idle.uid]


def test_two_full_time_posts_are_too_many_for_one_person(town: Town) -> None:
    default = town("default")
    one = default.person()
    default.assign("A1", "grid_member", one)
    assert default.findings("person_overloaded") == []

    default.assign("A2", "grid_member", one)

    (found,) = default.findings("person_overloaded")
    assert (found.person, found.params) == (one.uid, {"posts": 2, "most": 1})


def test_the_five_officers_are_a_matrix_with_holes(town: Town) -> None:
    sanming = town("sanming")
    for post in ("judge", "prosecutor", "police_officer", "justice_officer"):
        sanming.assign("A", post)

    found = [(one.area, one.params["post"]) for one in sanming.findings("officers")]

    assert found == [
        (sanming.area("A"), "urban_management_officer"),
        *(
            (sanming.area("B"), post)
            for post in (
                "judge",
                "prosecutor",
                "police_officer",
                "justice_officer",
                "urban_management_officer",
            )
        ),
    ]


def test_the_chief_of_a_total_grid_follows_the_secretary(town: Town) -> None:
    xindu = town("xindu")
    old, new = xindu.person(), xindu.person()
    xindu.assign("A", "total_grid_chief", old)
    area = xindu.area("A")
    xindu.put(
        "party_node", PartyNode("p", "党委", "community_committee", area=area, secretary=old.uid)
    )
    assert xindu.names("ex_officio") == []

    xindu.put(
        "party_node", PartyNode("p", "党委", "community_committee", area=area, secretary=new.uid)
    )

    (found,) = xindu.findings("ex_officio")
    assert (found.area, found.person) == (area, new.uid)


def test_a_cadre_of_an_unpaired_unit_is_told(town: Town) -> None:
    dalian = town("dalian")
    unit = dalian.put("organization", Organization("unit", "虚构局"))
    dalian.assign("A", "cadre", dalian.person(organization=unit.uid))
    dalian.assign("B", "cadre", dalian.person(organization=unit.uid))
    dalian.put("pairing", Pairing("pair", unit.uid, "area", dalian.area("A"), "sending_unit"))

    assert dalian.names("cadre_unpaired") == ["B"]
    assert dalian.findings("cadre_unpaired")[0].params == {"organization": "虚构局"}


def test_pairings_are_asked_for_in_the_mode_they_belong_to(town: Town) -> None:
    xindu = town("xindu")
    unit = xindu.put("organization", Organization("unit", "虚构局"))
    for key in ("A", "B"):
        xindu.put(
            "pairing",
            Pairing(key, unit.uid, "area", xindu.area(key), "normal_pairing", mode="normal"),
        )

    assert xindu.names("pairing", mode="normal") == []
    assert xindu.names("pairing", mode="emergency") == ["A", "B"]


def test_the_mode_is_that_of_the_last_switch(town: Town) -> None:
    xindu = town("xindu")
    xindu.put("mode_switch", ModeSwitch("s1", "emergency", "2026-05-01", "虚构用户"))
    xindu.put("mode_switch", ModeSwitch("s2", "normal", "2026-06-01", "虚构用户"))
    snapshot = xindu.book().snapshot

    assert [mode_on(snapshot, day) for day in ("2026-04-30", "2026-05-01", "2026-06-01")] == [
        "normal",
        "emergency",
        "normal",
    ]


def test_base_units_without_a_temporary_organization_are_told_in_the_emergency(town: Town) -> None:
    xindu = town("xindu")
    assert xindu.findings("emergency_organizations") == []
    xindu.put(
        "organization",
        Organization(
            "o",
            "临时党组织",
            kind="temporary_party_organization",
            area=xindu.area("A"),
            mode="emergency",
        ),
    )

    without = [
        one.area
        for one in xindu.findings("emergency_organizations", mode="emergency")
        if one.subject == "without"
    ]

    assert without == [xindu.area("B")]
    assert xindu.findings("emergency_organizations", mode="normal") == []


def test_one_section_cadre_and_a_section_in_each_community(town: Town) -> None:
    longgang = town("longgang")
    longgang.assign("A", "section_cadre")
    longgang.put("organization", Organization("s", "科室", kind="section", area=longgang.area("A")))
    longgang.assign("B", "section_cadre")
    longgang.assign("B", "section_cadre")

    (found,) = longgang.findings("section_cadre")

    assert (found.area, found.params) == (longgang.area("B"), {"cadres": 2, "sections": 0})


def test_share_of_officials_sent_down_needs_headcounts(town: Town) -> None:
    longgang = town("longgang")
    longgang.put("organization", Organization("unit", "虚构局"))
    for _ in range(6):
        longgang.assign("A", "cadre", longgang.person(organization="unit"))
    assert longgang.findings("sent_down_share") == []

    longgang.put("headcount", Headcount("h1", "unit", 8, as_of="2025-01-01"))
    assert longgang.findings("sent_down_share") == []
    longgang.put("headcount", Headcount("h2", "unit", 10, as_of="2026-01-01"))

    (found,) = longgang.findings("sent_down_share")
    assert found.params == {"sent": 6, "officials": 10, "min_percent": 70}


def test_half_of_the_social_workers_need_a_certificate(town: Town) -> None:
    shinan = town("shinan")
    for level in ("none", None, "assistant"):
        shinan.assign("A", "social_worker", shinan.person(certificate_level=level))

    (found,) = shinan.findings("certificate_share")
    assert found.params == {"certified": 1, "workers": 3, "min_percent": 50}

    shinan.assign("B", "social_worker", shinan.person(certificate_level="senior"))
    assert shinan.findings("certificate_share") == []


def test_three_forces_in_each_community(town: Town) -> None:
    shinan = town("shinan")
    shinan.assign("A", "cadre")
    shinan.assign("A1", "grid_member")
    shinan.assign("A", "volunteer")
    shinan.assign("B", "volunteer")

    found = [(one.area, one.params["force"]) for one in shinan.findings("forces")]

    assert found == [(shinan.area("B"), "cadres"), (shinan.area("B"), "members")]


def test_counts_are_asked_for_in_all_four_channels(town: Town) -> None:
    shinan = town("shinan")
    all_missing = len(shinan.findings("channel_counts"))
    assert all_missing == 4 * (2 + 8)

    shinan.put(
        "registration_count", RegistrationCount("r", shinan.area("A"), "in_service_return", 7)
    )

    assert len(shinan.findings("channel_counts")) == all_missing - 1


def test_a_compound_without_a_property_company_needs_a_unit(town: Town) -> None:
    sanming = town("sanming")
    sanming.put("compound", Compound("c1", "虚构小区", has_property_company=False))
    sanming.put("compound", Compound("c2", "虚构花园", has_property_company=True))
    sanming.put("organization", Organization("unit", "虚构局"))
    assert [one.params for one in sanming.findings("compound_unpaired")] == [
        {"compound": "虚构小区"}
    ]

    sanming.put("pairing", Pairing("p", "unit", "compound", "c1", "compound_unit"))

    assert sanming.findings("compound_unpaired") == []


def test_one_facility_per_base_unit(town: Town) -> None:
    dalian = town("dalian")
    dalian.put("point_object", PointObject("f", "base_unit_facility", area=dalian.area("A")))

    assert dalian.names("facility") == ["B"]


def test_a_branch_needs_a_secretary(town: Town) -> None:
    dalian = town("dalian")
    dalian.put("party_node", PartyNode("b", "支部", "branch", area=dalian.area("A1")))
    assert "A1" in dalian.names("party_branch")

    secretary = dalian.person().uid
    dalian.put(
        "party_node", PartyNode("b", "支部", "branch", area=dalian.area("A1"), secretary=secretary)
    )

    assert "A1" not in dalian.names("party_branch")


def test_a_grid_can_be_called_out_when_somebody_below_it_has_a_phone(town: Town) -> None:
    xindu = town("xindu")
    xindu.assign("A1-1", "micro_grid_member", xindu.person(own_phone="13800000000"))
    xindu.assign("A2", "grid_member")

    silent = xindu.names("call_out")

    assert "A1" not in silent
    assert "A2" in silent


def test_posts_on_areas_that_are_gone_are_told(town: Town) -> None:
    default = town("default")
    one = default.assign("A1", "grid_member")
    area = named(default.book().snapshot, "A1")
    default.put(
        "area", type(area)(area.uid, area.code, area.name, "grid", area.parent, valid_to=TODAY)
    )

    (found,) = default.findings("post_lost")

    assert (found.area, found.person) == (area.uid, one.person)
    assert "A1" not in default.names("post_vacant")


def test_only_what_the_scheme_has_on_is_looked_for(town: Town) -> None:
    kinds = {one.kind for one in findings_of(town("default").book())}

    assert kinds == {"base_unit_uncovered", "post_vacant"}


def test_the_report_lists_posts_by_level_with_their_holes(town: Town) -> None:
    default = town("default")
    default.assign("A1", "grid_member")

    report = report_of(default.book())

    lines = {(one.post, one.level): (one.required, one.filled) for one in report.posts}
    assert lines == {
        ("community_secretary", "community"): (2, 0),
        ("grid_chief", "grid"): (8, 0),
        ("grid_member", "grid"): (8, 1),
        ("micro_grid_member", "micro_grid"): (16, 0),
    }
    member = next(one for one in report.posts if one.post == "grid_member")
    assert [area.code for area in member.vacant][:2] == ["990101001001002", "990101001001003"]
    assert (report.base_units, report.covered, report.grids) == (2, 0, 8)
