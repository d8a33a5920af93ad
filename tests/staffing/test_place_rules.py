"""Rules that single places ask for: offices, ranks, sources, bodies, quotas, announced numbers."""

from __future__ import annotations

import json
from functools import partial

import pytest

from gridadmin.domain.model import (
    Area,
    Building,
    Compound,
    Grouping,
    GroupingMember,
    LineObject,
    PointObject,
    Setting,
)
from gridadmin.domain.people import (
    Assignment,
    Headcount,
    Organization,
    Pairing,
    PartyNode,
    Person,
    Team,
)
from gridadmin.domain.scheme_loader import available_schemes, load_scheme
from gridadmin.staffing.figures import certificates_by_base_unit, figures_of, shortfalls
from gridadmin.staffing.report import report_of
from gridadmin.staffing.rules import findings_of
from tests.helpers.projects import ORIGIN_MM
from tests.staffing.conftest import StaffedTown, Town


def on_object(town: StaffedTown, table: str, uid: str, post: str, person: Person) -> None:
    town.put("assignment", Assignment(town.uid(), person.uid, table, uid, post))


def params(town: StaffedTown, kind: str, mode: str | None = None) -> list[dict[str, object]]:
    return [one.params for one in town.findings(kind, mode=mode)]


def test_the_commander_of_a_community_is_its_secretary(town: Town) -> None:
    longgang = town("longgang")
    secretary, other = longgang.person(), longgang.person()
    area = longgang.area("A")
    longgang.put(
        "party_node",
        PartyNode("p", "党委", "community_committee", area=area, secretary=secretary.uid),
    )
    longgang.assign("A", "community_secretary", other)

    (found,) = longgang.findings("ex_officio")

    assert (found.area, found.person, found.params) == (
        area, secretary.uid, {"post": "community_secretary"},
    )  # fmt: skip


def test_the_place_of_service_is_headed_by_the_secretary_of_its_community(town: Town) -> None:
    dalian = town("dalian")
    secretary, other = dalian.person(), dalian.person()
    area = dalian.area("A")
    dalian.put("point_object", PointObject("f", "base_unit_facility", "阵地", area))
    dalian.put(
        "party_node",
        PartyNode("p", "党委", "community_committee", area=area, secretary=secretary.uid),
    )
    on_object(dalian, "point_object", "f", "facility_head", other)
    assert [one.area for one in dalian.findings("ex_officio")] == [area]

    on_object(dalian, "point_object", "f", "facility_head", secretary)

    assert dalian.findings("ex_officio") == []


def test_a_secretary_of_another_rank_than_the_scheme_says_is_told(town: Town) -> None:
    shinan = town("shinan")
    shinan.assign("A", "community_secretary", shinan.person(rank="三级主任科员"))
    shinan.assign("B", "community_secretary", shinan.person(rank="一级科员"))

    assert shinan.names("post_rank") == ["B"]
    assert params(shinan, "post_rank")[0] == {"post": "community_secretary", "rank": "一级科员"}


def test_a_part_timer_on_a_full_time_post_is_told(town: Town) -> None:
    xindu = town("xindu")
    for key, is_full_time in (("A1", True), ("A2", False), ("A3", None)):
        xindu.assign(key, "grid_member", xindu.person(is_full_time=is_full_time))

    assert xindu.names("post_time") == ["A2"]


def test_exactly_one_full_time_member_in_a_general_grid_of_xindu(town: Town) -> None:
    xindu = town("xindu")
    for key in ("A1", "A1", "A2"):
        xindu.assign(key, "grid_member")

    assert xindu.names("post_surplus") == ["A1"]
    assert "A2" not in [
        name
        for name, one in zip(xindu.names("post_vacant"), xindu.findings("post_vacant"), strict=True)
        if one.params["post"] == "grid_member"
    ]


def test_micro_grid_members_come_from_the_seven_sources_of_xindu(town: Town) -> None:
    xindu = town("xindu")
    xindu.assign("A1-1", "micro_grid_member", xindu.person(recruited_from="退休教师"))
    xindu.assign("A1-2", "micro_grid_member", xindu.person(recruited_from="物业经理"))
    xindu.assign("A2-1", "micro_grid_member", xindu.person())

    assert xindu.names("member_source") == ["A1-2"]


def test_responders_have_a_post_in_normal_times_and_are_as_many_as_announced(town: Town) -> None:
    xindu = town("xindu")
    idle, busy = xindu.person(), xindu.person()
    xindu.assign("A1-1", "micro_grid_member", busy)
    assert xindu.findings("second_role") == []

    for person in (idle, busy):
        xindu.assign("A", "emergency_responder", person, mode="emergency")

    for mode in ("normal", "emergency"):
        first, second = xindu.findings("second_role", mode=mode)
        assert first.person == idle.uid
        assert second.params == {"entry": "second_role", "there": 2, "announced": 400}


def test_teams_count_among_the_bodies_of_an_emergency(town: Town) -> None:
    xindu = town("xindu")
    area = xindu.area("A")
    xindu.put("team", Team("t", "突击队", "shock_team", "area", area, "emergency"))

    found = {
        one.subject: one.params
        for one in xindu.findings("emergency_organizations", mode="emergency")
    }

    assert found["shock_team"] == {"organization": "shock_team", "there": 1, "announced": 92}


def test_branches_say_their_type_and_groups_their_leader(town: Town) -> None:
    dalian = town("dalian")
    leader = dalian.person()
    area = dalian.area("A1")
    dalian.put("party_node", PartyNode("b1", "甲支部", "branch", "branch_courtyard", area=area))
    dalian.put("party_node", PartyNode("b2", "乙支部", "branch", area=area))
    dalian.put("party_node", PartyNode("g1", "甲组", "group", area=area, secretary=leader.uid))
    dalian.put("party_node", PartyNode("g2", "乙组", "group", area=area))

    assert params(dalian, "branch_type") == [{"node": "乙支部"}]
    assert params(dalian, "group_leader") == [{"node": "乙组"}]


def test_the_party_tree_hangs_together_by_kind_and_by_place(town: Town) -> None:
    dalian = town("dalian")
    node = partial(dalian.put, "party_node")
    node(PartyNode("c", "社区党委", "community_committee", area=dalian.area("A")))
    node(PartyNode("b", "支部", "branch", parent="c", area=dalian.area("A1")))
    node(PartyNode("b1", "分支部", "branch", parent="b", area=dalian.area("A1")))
    node(PartyNode("g", "小组", "group", parent="b1", area=dalian.area("A1-1")))
    assert dalian.findings("party_tree") == []

    node(PartyNode("x1", "越级小组", "group", parent="c", area=dalian.area("A1-1")))
    node(PartyNode("x2", "孤立支部", "branch", area=dalian.area("A1")))
    node(PartyNode("x3", "异地小组", "group", parent="b", area=dalian.area("A")))
    node(PartyNode("x4", "无地小组", "group", parent="b"))
    node(PartyNode("x5", "孤立小组", "group", parent="gone", area=dalian.area("A1")))

    assert [(one.subject, one.sentence, one.params) for one in dalian.findings("party_tree")] == [
        ("x1", "party_tree", {"node": "越级小组", "above": "社区党委"}),
        ("x2", "party_tree_alone", {"node": "孤立支部"}),
        ("x3", "party_tree_place", {"node": "异地小组", "above": "支部"}),
        ("x5", "party_tree_alone", {"node": "孤立小组"}),
    ]


def test_neglected_buildings_are_told_until_somebody_takes_them_over(town: Town) -> None:
    dalian = town("dalian")
    dalian.put("grouping", Grouping("g", "neglected_buildings", "弃管楼"))
    for uid, role in (("b1", "taken_over"), ("b2", None)):
        dalian.put("building", Building(uid, 0, 0, name=f"虚构{uid}"))
        dalian.put("grouping_member", GroupingMember(f"m{uid}", "g", "building", uid, role))

    assert params(dalian, "neglected_building") == [{"building": "虚构b2"}]


def test_a_cluster_has_a_leader_and_departments_out_of_fifteen(town: Town) -> None:
    longgang = town("longgang")
    longgang.put("grouping", Grouping("g", "cluster", "虚构片区"))
    assert params(longgang, "cluster_staff") == [
        {"group": "虚构片区", "leaders": 0, "departments": 0}
    ]

    on_object(longgang, "grouping", "g", "cluster_leader", longgang.person())
    for number in range(16):
        uid = f"unit{number}"
        longgang.put("organization", Organization(uid, f"虚构部门{number}"))
        longgang.put("pairing", Pairing(f"p{number}", uid, "grouping", "g", "cluster_department"))

    assert params(longgang, "cluster_staff") == [{"departments": 16, "most": 15}]


def test_units_that_sent_fewer_than_their_quota_are_told(town: Town) -> None:
    longgang = town("longgang")
    longgang.put("organization", Organization("u", "虚构局"))
    longgang.put("headcount", Headcount("h", "u", 10, 2, "2025-01-01"))
    longgang.assign("A", "cadre", longgang.person(organization="u"))

    assert params(longgang, "quota") == [
        {"organization": "虚构局", "sent": 1, "due": 2},
        {"entry": "quota", "there": 2, "announced": 465},
    ]


def test_everybody_on_the_roster_of_longgang_is_of_one_of_five_kinds(town: Town) -> None:
    longgang = town("longgang")
    longgang.person(roster_kind="social_worker")
    other = longgang.person(roster_kind="driver")

    assert [one.person for one in longgang.findings("roster_kind")] == [other.uid]


def test_fewer_than_announced_is_told_once_there_is_one(town: Town) -> None:
    longgang = town("longgang")
    assert longgang.findings("announced") == []

    longgang.put("point_object", PointObject("f", "financial_point", area=longgang.area("A")))

    assert params(longgang, "announced") == [
        {"entry": "financial_point", "there": 1, "announced": 61}
    ]
    assert [one.params["facility"] for one in longgang.findings("facility")] == [
        "agency_point", "agency_point",
    ]  # fmt: skip


def test_streets_with_cross_posted_people_are_counted(town: Town) -> None:
    sanming = town("sanming")
    root = sanming.book().snapshot.root
    street = sanming.put("area", Area("street", "990101001", "虚构街道", "street", root.uid))
    alone, both = sanming.person(), sanming.person()
    for person in (alone, both):
        on_object(sanming, "area", street.uid, "cross_posted", person)
    assert params(sanming, "cross_posting") == [{"areas": 0, "announced": 10}]

    sanming.assign("A", "cadre", both)

    (found,) = sanming.findings("cross_posting")
    assert (found.area, found.params) == (root.uid, {"areas": 1, "announced": 10})


def test_households_out_of_reach_of_every_agency_point_are_counted(town: Town) -> None:
    longgang = town("longgang")
    x, y = ORIGIN_MM
    longgang.put("building", Building("near", x + 800_000, y, households=7))
    longgang.put("building", Building("far", x + 801_000, y + 1, households=5))
    longgang.put("point_object", PointObject("f", "agency_point"))
    assert longgang.findings("reach") == []

    longgang.put("point_object", PointObject("g", "agency_point", x_mm=x, y_mm=y))

    assert params(longgang, "reach") == [
        {"facility": "agency_point", "households": 5, "buildings": 1, "metres": 800}
    ]


def test_a_community_without_a_work_station_is_told(town: Town) -> None:
    shinan = town("shinan")
    shinan.put(
        "organization", Organization("w", "工作站", kind="work_station", area=shinan.area("A"))
    )

    assert shinan.names("organization") == ["B"]
    assert params(shinan, "organization") == [
        {"organization": "work_station", "there": 0, "required": 1}
    ]


def test_a_patch_of_one_grid_groups_nothing(town: Town) -> None:
    shinan = town("shinan")
    for uid, keys in (("g1", ("A1", "A2")), ("g2", ("B1",))):
        shinan.put("grouping", Grouping(uid, "patch", f"虚构{uid}"))
        for key in keys:
            member = GroupingMember(f"{uid}{key}", uid, "area", shinan.area(key))
            shinan.put("grouping_member", member)

    assert params(shinan, "grouping_size") == [{"group": "虚构g2", "members": 1, "least": 2}]


def test_listed_streets_want_their_chief_and_imported_roads_do_not(town: Town) -> None:
    sanming = town("sanming")
    sanming.put("line_object", LineObject("s", "street", "虚构街"))
    sanming.put("line_object", LineObject("r", "road", "虚构大道"))
    sanming.put("compound", Compound("c", "虚构小区"))

    vacant = [one.params for one in sanming.findings("post_vacant") if one.area is None]

    assert vacant == [{"post": "street_chief", "vacant": 1, "required": 1, "object": "虚构街"}]
    lines = {one.post: (one.level, one.vacant_objects) for one in report_of(sanming.book()).posts}
    assert lines["street_chief"] == ("street_line", ("s",))


def test_missing_members_are_summed_up_to_the_street(town: Town) -> None:
    dalian = town("dalian")
    dalian.put(
        "setting",
        Setting(
            "checks",
            json.dumps({"member_ratio": {"params": {"households_per_member": 10}}}),
        ),
    )
    dalian.assign("A1", "grid_member")

    found = {one.area.name.removeprefix("虚构"): (one.required, one.filled, one.short)
             for one in shortfalls(dalian.book())}  # fmt: skip

    grids = [found.get(f"A{number}", (0, 0, 0)) for number in range(1, 5)]
    assert found["A"] == tuple(sum(column) for column in zip(*grids, strict=True))
    assert found["A1"][1] == 1
    assert shortfalls(town("default").book()) == []


def test_certificates_are_told_for_each_community(town: Town) -> None:
    shinan = town("shinan")
    shinan.assign("A", "social_worker", shinan.person(certificate_level="senior"))
    shinan.assign("A", "social_worker", shinan.person(certificate_level="none"))
    shinan.assign("B", "social_worker", shinan.person())

    told = [(unit.uid, *figures) for unit, *figures in certificates_by_base_unit(shinan.book())]

    assert told == [(shinan.area("A"), 2, 1), (shinan.area("B"), 1, 0)]


def test_person_times_stand_beside_persons(town: Town) -> None:
    xindu = town("xindu")
    one = xindu.person()
    xindu.assign("A", "cadre", one, valid_from="2025-01-01", valid_to="2025-06-01")
    xindu.assign("B", "cadre", one, valid_from="2025-06-01")
    xindu.assign("B", "cadre", valid_from="2027-01-01")

    report = report_of(xindu.book(day="2026-03-01"))

    assert (report.cadres, report.figures["person_times"]) == (1, 2)
    assert figures_of(xindu.book(day="2025-02-01"))["person_times"] == 1


@pytest.mark.parametrize("on", [True, False])
def test_each_rule_is_switched_for_one_project(town: Town, on: bool) -> None:
    default = town("default")
    default.person()
    own = {"person_unassigned": {"on": on, "severity": "info"}}
    default.put("setting", Setting("checks", json.dumps(own)))

    found = [one for one in findings_of(default.book()) if one.kind == "person_unassigned"]

    assert [str(one.severity) for one in found] == (["info"] if on else [])


def test_every_shipped_scheme_names_ranks_from_the_highest_down() -> None:
    for one in available_schemes():
        ranks = [term.zh for term in load_scheme(one.key).ranks]

        assert ranks.index("一级调研员") < ranks.index("四级主任科员") < ranks.index("二级科员")
