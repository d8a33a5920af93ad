"""市南: 11 streets, 50 communities as hubs, branches over grids, groups in courtyards.

Published: streets and communities, the four channels, half of the social workers certified. Made
up: grids, how many people there are, the counts in the channels.
"""

from __future__ import annotations

from gridadmin.app.places.crowd import MARK, PARTY_MEMBER
from gridadmin.app.places.maker import PlaceMaker
from gridadmin.domain.model import Area
from gridadmin.domain.people import PartyNode, Person, RegistrationCount

ROOT = "370202"
STREETS, COMMUNITIES = 11, 50
_GRIDS, _SOCIAL_WORKERS = 4, 10
_CHANNELS = ("office_to_grid", "courtyard_surfacing", "resident_unit_joining", "in_service_return")
_LEVELS = ("assistant", "intermediate", "assistant", "senior", "assistant")


def make(maker: PlaceMaker) -> None:
    """Add everything of the example."""
    maker.listed(ROOT)
    secretaries = maker.committees(rank="四级主任科员", job_title="社区党委书记")
    units = maker.units(50, "虚构区直单位")
    for number, community in enumerate(list(maker.base_units)):
        maker.organization(f"{community.name}工作站{MARK}", kind="work_station", area=community.uid)
        maker.assign(maker.person(organization=units[number].uid), community, "cadre")
        maker.hire(community, "volunteer")
        _social_workers(maker, community, number)
        _registered(maker, community, 40 + number)
        _grids(maker, community, secretaries[community.uid])


def _social_workers(maker: PlaceMaker, community: Area, number: int) -> None:
    """Add ten social workers, half of them certified; in every fifth community six."""
    certified = _SOCIAL_WORKERS // 2 + (number % 5 == 0)
    for one in range(_SOCIAL_WORKERS):
        level = _LEVELS[one % len(_LEVELS)] if one < certified else "none"
        maker.hire(community, "social_worker", is_full_time=True, certificate_level=level)


def _grids(maker: PlaceMaker, community: Area, secretary: Person) -> None:
    """Add four grids, a branch for each two of them, a group in a courtyard of each."""
    grids = []
    for number in range(1, _GRIDS + 1):
        grid = maker.area(
            f"{community.code}{number:03}", f"虚构第{number:02}网格", "grid", community
        )
        maker.hire(grid, "grid_chief")
        maker.hire(grid, "grid_member", is_full_time=True)
        _registered(maker, grid, 8 + number)
        grids.append(grid)
    for number, pair in enumerate((grids[:2], grids[2:]), start=1):
        name = f"{community.name}第{number}片区党支部{MARK}"
        maker.grouping("patch", name, ((grid, None) for grid in pair))
        branch = maker.node(
            name,
            "branch",
            community,
            parent=maker.committee_of[community.uid],
            secretary=secretary.uid,
        )
        for grid in pair:
            _courtyard(maker, grid, branch)


def _courtyard(maker: PlaceMaker, grid: Area, branch: PartyNode) -> None:
    head = maker.hire(grid, "courtyard_group_head", political_status=PARTY_MEMBER)
    maker.node(
        f"{grid.name}楼院党小组{MARK}",
        "group",
        grid,
        parent=branch.uid,
        secretary=head.uid,
        households_linked=20,
    )


def _registered(maker: PlaceMaker, area: Area, persons: int) -> None:
    for step, channel in enumerate(_CHANNELS):
        maker.records.append(
            RegistrationCount(maker.uid(), area.uid, channel, persons + 3 * step, "2026-01-01")
        )
