"""龙港: 102 communities in 26 clusters without streets, 465 cadres on their own quota.

Published: the counts. Made up: which communities make a cluster, grids, people, what was merged
when and by which document.
"""

from __future__ import annotations

from gridadmin.app.places.crowd import MARK
from gridadmin.app.places.maker import PlaceMaker, shared_out
from gridadmin.domain.model import Area, Grouping
from gridadmin.domain.people import Headcount, Organization

ROOT = "330383"
COMMUNITIES, MERGED_FROM, CLUSTERS = 102, 199, 26
CADRES, DEPARTMENTS, OFFICIALS = 465, 15, 664
"""465 of 664 officials are 70 %: the number of officials is made up to fit the share."""
FINANCIAL_POINTS = 61
_GRIDS, _MICRO_GRIDS = 2, 6
_MERGED_ON, _DOCUMENT = "2025-06-01", "虚构〔2025〕1号"
_OFFICERS = ("judge", "prosecutor", "police_officer", "lawyer", "mediator")
_MICRO_CHIEFS = {"urban": "楼栋长", "suburban": "物业经理", "rural": "车间主任"}


def make(maker: PlaceMaker) -> None:
    """Add everything of the example."""
    maker.listed(ROOT)
    communities = list(maker.base_units)
    _predecessors(maker, communities)
    maker.committees(roster_kind="community_cadre")
    departments = maker.units(DEPARTMENTS, "虚构市级部门")
    clusters = _clusters(maker, communities, departments)
    _cadres(maker, communities, departments)
    for number, community in enumerate(communities):
        maker.organization(f"{community.name}科室{MARK}", kind="section", area=community.uid)
        maker.facility("agency_point", f"{community.name}便民服务代办点{MARK}", community)
        if number < FINANCIAL_POINTS:
            maker.facility("financial_point", f"{community.name}金融服务点{MARK}", community)
        _grids(maker, community, ("urban", "suburban", "rural")[number % 3])
    _officers(maker, clusters)


def _predecessors(maker: PlaceMaker, communities: list[Area]) -> None:
    """Add the 199 villages and communities that were merged, retired, with their lineage."""
    number = 0
    for community, count in zip(communities, shared_out(MERGED_FROM, COMMUNITIES), strict=True):
        for _ in range(count):
            number += 1
            name = f"虚构原村{number:03}"
            old = maker.retired(f"990383198{number:03}", name, "community", community, _MERGED_ON)
            maker.merged_into(old, community, _DOCUMENT)


def _clusters(
    maker: PlaceMaker, communities: list[Area], departments: list[Organization]
) -> list[tuple[Grouping, list[Area]]]:
    """Group the communities in the order of their codes; the first of each is the centre."""
    found = []
    begin = 0
    for number, count in enumerate(shared_out(COMMUNITIES, CLUSTERS)):
        members = communities[begin : begin + count]
        begin += count
        roles = ["centre"] + ["member"] * (count - 1)
        name = f"虚构第{number + 1:02}联合党委"
        cluster = maker.grouping("cluster", name, zip(members, roles, strict=True))
        maker.hire(cluster, "cluster_leader", "grouping", roster_kind="stationed_cadre")
        for step in (0, 1):
            unit = departments[(2 * number + step) % DEPARTMENTS]
            maker.pair(unit, cluster, "cluster_department", "grouping")
        found.append((cluster, members))
    return found


def _cadres(maker: PlaceMaker, communities: list[Area], departments: list[Organization]) -> None:
    """Send 465 cadres down: one of section level to each community, the others in turn."""
    for number in range(CADRES):
        unit = departments[number % DEPARTMENTS]
        cadre = maker.person(organization=unit.uid, roster_kind="sunk_down_cadre")
        post = "section_cadre" if number < COMMUNITIES else "cadre"
        maker.assign(cadre, communities[number % COMMUNITIES], post)
    due = shared_out(CADRES, DEPARTMENTS)
    officials = shared_out(OFFICIALS, DEPARTMENTS)
    for unit, count, quota in zip(departments, officials, due, strict=True):
        maker.records.append(Headcount(maker.uid(), unit.uid, count, quota, "2026-01-01"))


def _grids(maker: PlaceMaker, community: Area, area_class: str) -> None:
    """Add grids with teams of 1 + 3 + N, and micro-grids with chief, member, household groups."""
    for number in range(1, _GRIDS + 1):
        grid = maker.area(
            f"{community.code}{number:03}",
            f"虚构第{number:02}网格",
            "grid",
            community,
            area_class=area_class,
            households_typed=55 * _MICRO_GRIDS,
            households_as_of="2026-01-01",
        )
        maker.hire(grid, "grid_chief", roster_kind="community_cadre")
        for _ in range(3):
            maker.hire(grid, "grid_member", is_full_time=True, roster_kind="grid_member")
        maker.hire(grid, "grid_partner", roster_kind="social_worker")
        for place in range(1, _MICRO_GRIDS + 1):
            cell = maker.area(
                f"{grid.code}{place:02}",
                f"虚构第{place:02}微网格",
                "micro_grid",
                grid,
                households_typed=55,
                households_as_of="2026-01-01",
                counts='{"household_groups": 5}',
            )
            source = _MICRO_CHIEFS[area_class]
            maker.hire(cell, "micro_grid_chief", recruited_from=source, roster_kind="grid_member")
            maker.hire(cell, "micro_grid_member", roster_kind="grid_member")


def _officers(maker: PlaceMaker, clusters: list[tuple[Grouping, list[Area]]]) -> None:
    """Give the communities of each cluster the same five officers."""
    for _, members in clusters:
        for post in _OFFICERS:
            officer = maker.person(roster_kind="stationed_cadre")
            for community in members:
                maker.assign(officer, community, post)
