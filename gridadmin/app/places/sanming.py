"""三明 (沙县, 三元): 区—街道—社区—楼栋—楼层, five officers, five chiefs, posts in two units.

Published: the levels, the kinds of posts, that 10 streets and towns post people crosswise. Made up:
buildings, floors, streets, shops, compounds, people.
"""

from __future__ import annotations

from gridadmin.app.places.crowd import MARK
from gridadmin.app.places.maker import PlaceMaker
from gridadmin.domain.model import Area, Compound, LineObject
from gridadmin.domain.people import Person

DISTRICTS = ("350405", "350404")
CROSS_POSTED = 10
_WITH_BUILDINGS, _BUILDINGS, _FLOORS = 12, 3, 6
_PER_FLOOR = 4
_OFFICERS = (
    "judge",
    "prosecutor",
    "police_officer",
    "justice_officer",
    "urban_management_officer",
)


def make(maker: PlaceMaker) -> None:
    """Add everything of the example."""
    city = maker.area(None, "三明市", "city", None)
    for code in DISTRICTS:
        maker.listed(code, city)
    _buildings(maker)
    maker.committees()
    cadres = _cadres(maker)
    _officers(maker)
    _chiefs(maker)
    _compounds(maker)
    # A post in the next street, beside one's own.
    streets = list(maker.at("street"))
    for number in range(CROSS_POSTED):
        cadre = cadres[streets[number].uid]
        maker.assign(cadre, streets[number + 1], "cross_posted", role="兼职委员")
    members = maker.units(5, "虚构联盟成员单位")
    maker.grouping(
        "alliance", f"党组织联盟{MARK}", ((unit, None) for unit in members), "organization"
    )


def _buildings(maker: PlaceMaker) -> None:
    """List buildings and floors of twelve communities; households add up at every level."""
    for number, old in enumerate(list(maker.base_units)[:_WITH_BUILDINGS]):
        community = maker.with_households(old, _BUILDINGS * _FLOORS * _PER_FLOOR)
        for place in range(1, _BUILDINGS + 1):
            building = maker.area(
                f"{community.code}D{place:03}",
                f"虚构{number + 1:02}{place:02}号楼",
                "building",
                community,
                households_typed=_FLOORS * _PER_FLOOR,
                households_as_of="2026-01-01",
            )
            maker.hire(building, "building_chief")
            for floor in range(1, _FLOORS + 1):
                maker.area(
                    f"{building.code}F{floor:02}",
                    f"{floor}层",
                    "floor",
                    building,
                    households_typed=_PER_FLOOR,
                    households_as_of="2026-01-01",
                )


def _cadres(maker: PlaceMaker) -> dict[str, Person]:
    """Send a cadre to each base unit; return one of each street, by its uid."""
    units = maker.units(40, "虚构区直单位")
    found: dict[str, Person] = {}
    for number, place in enumerate(maker.base_units):
        cadre = maker.person(organization=units[number % len(units)].uid)
        maker.assign(cadre, place, "cadre")
        found.setdefault(place.parent or "", cadre)
    return found


def _officers(maker: PlaceMaker) -> None:
    """Give the base units of each street the same five officers."""
    by_street: dict[str | None, list[Area]] = {}
    for unit in maker.base_units:
        by_street.setdefault(unit.parent, []).append(unit)
    for places in by_street.values():
        for post in _OFFICERS:
            officer = maker.person()
            for place in places:
                maker.assign(officer, place, post)


def _chiefs(maker: PlaceMaker) -> None:
    """Add streets, lanes, patches and shops, each with its chief."""
    for kind, word, post, count in (
        ("street", "街", "street_chief", 10),
        ("lane", "巷", "lane_chief", 20),
    ):
        for number in range(1, count + 1):
            line = LineObject(maker.uid(), kind, f"虚构{number:02}{word}")
            maker.records.append(line)
            maker.hire(line, post, "line_object")
    for number, unit in enumerate(maker.base_units[:10]):
        patch = maker.grouping("patch", f"虚构第{number + 1:02}片", [(unit, None)])
        maker.hire(patch, "patch_chief", "grouping")
        for place in (1, 2, 3):
            shop = maker.facility("shop", f"虚构{number + 1:02}{place:02}号店", unit)
            maker.hire(shop, "shop_chief", "point_object")


def _compounds(maker: PlaceMaker) -> None:
    """Add compounds; those without a property company are paired with a unit."""
    units = maker.units(4, "虚构结对单位")
    for number in range(12):
        has_company = number >= len(units)
        compound = Compound(
            maker.uid(), f"虚构小区{number + 1:02}", "old", has_property_company=has_company
        )
        maker.records.append(compound)
        if not has_company:
            maker.pair(units[number], compound, "compound_unit", "compound")
