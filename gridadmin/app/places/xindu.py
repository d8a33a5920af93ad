"""新都: 184 total grids, 10,161 micro-grids, 61 units paired in two modes.

Published: the counts. Made up: how they are spread, the general grids, every name of a person.
"""

from __future__ import annotations

from gridadmin.app.places.crowd import MARK
from gridadmin.app.places.maker import PlaceMaker, shared_out
from gridadmin.domain.base_units import UnitType, unit_type_of
from gridadmin.domain.model import Area, Compound
from gridadmin.domain.people import Agreement, Person, Team, TeamMember

ROOT = "510114"
MICRO_GRIDS, MICRO_PEOPLE = 10_161, 12_518
UNITS, RESPONDERS = 61, 400
PARTY_ORGANIZATIONS, SHOCK_TEAMS, SERVICE_TEAMS = 180, 92, 256
PERSON_TIMES = 3_241
COMMUNITY_ORGANIZATIONS, AGREEMENT_UNITS, ITEMS = 105, 633, 1_106
GRIDS = 1_355
"""Made up: as many general grids as give each 7 or 8 micro-grids."""
_SPELLS = (("2025-01-01", "2025-05-01"), ("2025-05-01", "2025-09-01"), ("2025-09-01", None))
_SOURCES = ("党员", "楼栋长", "单元长", "社工", "业委会成员", "法律工作者", "退休教师")


def make(maker: PlaceMaker) -> None:
    """Add everything of the example."""
    maker.listed(ROOT)
    maker.committees("total_grid_chief")
    _grids(maker)
    people = _micro_people(maker)
    _units(maker)
    _emergency(maker, people[:RESPONDERS])
    _agreements(maker)
    _compounds(maker)
    for number, unit in enumerate(maker.base_units):
        for one in range(1 + number % 3):
            maker.facility("community_facility", f"{unit.name}服务设施{one + 1}{MARK}", unit)


def _grids(maker: PlaceMaker) -> None:
    """Add general grids with chief and full-time member, and their micro-grids of 50 households."""
    micro = iter(shared_out(MICRO_GRIDS, GRIDS))
    for unit, count in zip(maker.base_units, shared_out(GRIDS, len(maker.base_units)), strict=True):
        for number in range(1, count + 1):
            below = next(micro)
            grid = maker.area(
                f"{unit.code}{number:03}",
                f"虚构第{number:02}网格",
                "grid",
                unit,
                households_typed=50 * below,
                households_as_of="2026-01-01",
            )
            maker.hire(grid, "grid_chief")
            maker.hire(grid, "grid_member", is_full_time=True)
            for place in range(1, below + 1):
                maker.area(
                    f"{grid.code}{place:02}",
                    f"虚构第{place:02}微网格",
                    "micro_grid",
                    grid,
                    households_typed=50,
                    households_as_of="2026-01-01",
                )


def _micro_people(maker: PlaceMaker) -> list[Person]:
    cells = maker.at("micro_grid")
    people = []
    for number in range(MICRO_PEOPLE):
        source = _SOURCES[number % len(_SOURCES)]
        make = maker.party_member if source == "党员" else maker.person
        person = make(is_full_time=False, recruited_from=source)
        maker.assign(person, cells[number % len(cells)], "micro_grid_member")
        people.append(person)
    return people


def _units(maker: PlaceMaker) -> None:
    """Add the 61 units, their pairings in both modes, and cadres who changed twice."""
    units = maker.units(UNITS, "虚构区级单位")
    spells_left = PERSON_TIMES
    cadres = -(-PERSON_TIMES // len(_SPELLS))
    counts = iter(shared_out(cadres, len(maker.base_units)))
    for number, place in enumerate(maker.base_units):
        unit = units[number % UNITS]
        maker.pair(unit, place, "normal_pairing", mode="normal")
        maker.pair(unit, place, "emergency_report_in", mode="emergency")
        for _ in range(next(counts)):
            cadre = maker.person(organization=unit.uid)
            for begins, ends in _SPELLS[-min(spells_left, len(_SPELLS)) :]:
                maker.assign(cadre, place, "cadre", valid_from=begins, valid_to=ends)
                spells_left -= 1


def _emergency(maker: PlaceMaker, people: list[Person]) -> None:
    """Add what exists in an emergency alone: four base units get no temporary organization."""
    places = maker.base_units
    for place in places[:PARTY_ORGANIZATIONS]:
        maker.organization(
            f"{place.name}临时党组织{MARK}",
            kind="temporary_party_organization",
            area=place.uid,
            mode="emergency",
        )
    teams = [
        *(_team(maker, places[n % len(places)], "shock_team", n) for n in range(SHOCK_TEAMS)),
        *(_team(maker, places[n % len(places)], "service_team", n) for n in range(SERVICE_TEAMS)),
    ]
    for number, person in enumerate(people):
        team = teams[number % len(teams)]
        place = places[number % len(places)]
        maker.assign(person, place, "emergency_responder", mode="emergency")
        maker.records.append(TeamMember(maker.uid(), team.uid, person.uid))


def _team(maker: PlaceMaker, place: Area, kind: str, number: int) -> Team:
    word = "突击队" if kind == "shock_team" else "服务队"
    name = f"{place.name}{word}{number + 1:03}{MARK}"
    made = Team(maker.uid(), name, kind, "area", place.uid, "emergency", "2026-01-01")
    maker.records.append(made)
    return made


def _agreements(maker: PlaceMaker) -> None:
    communities = [
        unit for unit in maker.base_units if unit_type_of(unit.name) is UnitType.COMMUNITY
    ]
    own = [
        maker.organization(
            f"{unit.name}社会组织{MARK}", kind="community_organization", area=unit.uid
        )
        for unit in communities[:COMMUNITY_ORGANIZATIONS]
    ]
    units = maker.units(AGREEMENT_UNITS, "虚构驻区单位")
    for number, (unit, items) in enumerate(
        zip(units, shared_out(ITEMS, AGREEMENT_UNITS), strict=True)
    ):
        body = own[number % len(own)]
        maker.records.append(
            Agreement(maker.uid(), body.uid, unit.uid, items, date="2026-01-01", note="虚构")
        )


def _compounds(maker: PlaceMaker) -> None:
    for number in range(70):
        kind = maker.scheme.compound_types[number % len(maker.scheme.compound_types)]
        name = f"虚构小区{number + 1:02}"
        maker.records.append(
            Compound(maker.uid(), name, kind.key, has_property_company=number % 4 != 0)
        )
