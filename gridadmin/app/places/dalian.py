"""大连: 1,671 base units, each with a cadre of one batch or another; 85 grids of 白云街道.

Published: the counts, and that 525 + 403 = 928 is one per village. The code list has 143 of the
communities; the others, and all people, are made up.
"""

from __future__ import annotations

from gridadmin.app.places.crowd import MARK, PARTY_MEMBER
from gridadmin.app.places.maker import DAY, PlaceMaker, shared_out
from gridadmin.domain.model import Area, Building
from gridadmin.domain.people import Organization, Person
from gridadmin.staffing.needs import members_for

DISTRICTS = ("210203", "210204")
"""西岗区, 沙河口区: those of the city that the code list has."""
VILLAGES, COMMUNITIES = 928, 743
TO_VILLAGES, TO_COMMUNITIES = 525, 2_486
BAIYUN, BAIYUN_GRIDS = "白云街道", 85
NEGLECTED, TAKEN_OVER = 68, 29
_UNITS = 120
_PER_STREET = 40
_BRANCH_TYPES = ("branch_courtyard", "branch_enterprise", "branch_social")
_TO_VILLAGES, _TO_COMMUNITIES, _FIRST = "当年选派到村", "当年选派到社区", "上年选派第一书记"


def make(maker: PlaceMaker) -> None:
    """Add everything of the example."""
    city = maker.area(None, "大连市", "city", None)
    for code in DISTRICTS:
        maker.listed(code, city)
    communities = list(maker.base_units)
    communities += _made_up(maker, city, COMMUNITIES - len(communities), "社区", 1)
    villages = _made_up(maker, city, VILLAGES, "村", 2)
    secretaries = maker.committees()
    _cadres(maker, villages, communities)
    for unit in maker.base_units:
        place = maker.facility("base_unit_facility", f"{unit.name}党群服务阵地{MARK}", unit)
        maker.assign(secretaries[unit.uid], place, "facility_head", "point_object")
    for street in maker.at("street"):
        maker.facility("volunteer_station", f"{street.name}志愿服务站{MARK}", street)
    _baiyun(maker)
    _neglected(maker)


def _made_up(maker: PlaceMaker, city: Area, count: int, ending: str, number: int) -> list[Area]:
    """Return made-up base units in streets of 40 in a made-up district, codes beginning with 99."""
    district = maker.area(f"9902{number:02}", f"虚构{number}区", "district", city)
    made: list[Area] = []
    while len(made) < count:
        street_number = len(made) // _PER_STREET + 1
        code = f"{district.code}{street_number:03}"
        street = maker.area(code, f"虚构第{street_number:02}街道", "street", district)
        for place in range(1, min(_PER_STREET, count - len(made)) + 1):
            name = f"虚构{street_number:02}{place:02}{ending}"
            made.append(maker.area(f"{code}{place:03}", name, "community", street))
    return made


def _cadres(maker: PlaceMaker, villages: list[Area], communities: list[Area]) -> None:
    """Give each village one cadre or first secretary, each community three or four cadres."""
    units = maker.units(_UNITS, "虚构市级单位")
    for number, village in enumerate(villages):
        unit = units[number % _UNITS]
        maker.pair(unit, village, "sending_unit")
        if number < TO_VILLAGES:
            _send(maker, unit, village, "cadre", _TO_VILLAGES)
        else:
            _send(maker, unit, village, "first_secretary", _FIRST)
    counts = shared_out(TO_COMMUNITIES, len(communities))
    for number, (community, count) in enumerate(zip(communities, counts, strict=True)):
        unit = units[number % _UNITS]
        maker.pair(unit, community, "sending_unit")
        for _ in range(count):
            _send(maker, unit, community, "cadre", _TO_COMMUNITIES)


def _send(maker: PlaceMaker, unit: Organization, place: Area, post: str, batch: str) -> None:
    make = maker.party_member if post == "first_secretary" else maker.person
    cadre = make(organization=unit.uid)
    begins = "2025-01-01" if batch == _FIRST else DAY
    maker.assign(cadre, place, post, batch=batch, valid_from=begins)


def _baiyun(maker: PlaceMaker) -> None:
    """Add the 85 grids of 白云街道, each with its branch and a member per 200 households."""
    street = next(one for one in maker.at("street") if one.name == BAIYUN)
    communities = [unit for unit in maker.base_units if unit.parent == street.uid]
    counts = shared_out(BAIYUN_GRIDS, len(communities))
    total = 0
    for community, count in zip(communities, counts, strict=True):
        for number in range(1, count + 1):
            households = 300 + total * 37 % 201
            grid = maker.area(
                f"{community.code}{number:03}",
                f"虚构第{number:02}网格",
                "grid",
                community,
                households_typed=households,
                households_as_of=DAY,
            )
            _grid_team(maker, grid, households, _BRANCH_TYPES[total % 3])
            total += 1


def _grid_team(maker: PlaceMaker, grid: Area, households: int, branch_type: str) -> None:
    chief: Person = maker.hire(grid, "grid_chief", political_status=PARTY_MEMBER)
    for _ in range(members_for(households, 200)):
        maker.hire(grid, "grid_member", is_full_time=True)
    maker.hire(grid, "grid_informant")
    maker.assign(chief, grid, "branch_secretary")
    member = {"political_status": PARTY_MEMBER}
    maker.hire(grid, "branch_part_time_member", recruited_from="驻区单位", **member)
    leader = maker.hire(grid, "courtyard_leader", **member)
    branch = maker.node(
        f"{grid.name}党支部{MARK}",
        "branch",
        grid,
        parent=maker.committee_of[grid.parent or ""],
        branch_type=branch_type,
        secretary=chief.uid,
    )
    maker.node(
        f"{grid.name}楼院党小组{MARK}", "group", grid, parent=branch.uid, secretary=leader.uid
    )


def _neglected(maker: PlaceMaker) -> None:
    """Flag 68 neglected buildings, of which 29 were taken over."""
    buildings = [
        Building(maker.uid(), 0, 0, name=f"虚构弃管楼{number:02}")
        for number in range(1, NEGLECTED + 1)
    ]
    maker.records += buildings
    roles = ["taken_over"] * TAKEN_OVER + [None] * (NEGLECTED - TAKEN_OVER)
    maker.grouping(
        "neglected_buildings",
        f"弃管楼{MARK}",
        zip(buildings, roles, strict=True),
        "building",
    )
