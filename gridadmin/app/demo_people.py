"""The people of the demo city: most posts filled, some vacant, some over, cadres with their units.

They are those of the shipped roster and a secretary for each community; all of them are made up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gridadmin.app.places.crowd import PARTY_MEMBER, Crowd
from gridadmin.base.ids import UidMaker
from gridadmin.domain.model import Area, AreaKind
from gridadmin.domain.people import Assignment, Organization, Pairing, PartyNode, Person
from gridadmin.domain.scheme import Scheme
from gridadmin.exchange.demo_city import DemoCity, DemoPerson

SINCE, OVER_SINCE = "2025-01-01", "2025-07-01"
PAIRING = "unit_pairing"
_EXCLUSIVE = {"grid_chief": "exclusive_grid_chief", "grid_member": "exclusive_grid_member"}
_SEED = 20_250_102

# Made up so that something is left to do: every so many-th of a post is vacant, or over.
_LEFT_OUT = {"微网格员": 90, "网格员": 25, "网格长": 40}
_OVER = {"微网格员": 120, "网格员": 40, "下沉干部": 60}
_UNPAIRED_COMMUNITIES = 2


def demo_people(
    city: DemoCity, areas: Mapping[str, Area], scheme: Scheme, uid: UidMaker
) -> list[Any]:
    """Return the records of people; *areas* by code."""
    units = _units(city.people, uid)
    records: list[Any] = [*units.values()]
    counts: dict[str, int] = {}
    for one in city.people:
        number = counts[one.post] = counts.get(one.post, 0) + 1
        if number % _LEFT_OUT.get(one.post, len(city.people)) == 0:
            continue
        person = _person(one, units, uid())
        ends = OVER_SINCE if number % _OVER.get(one.post, len(city.people)) == 0 else None
        records += [person, _assignment(one, person, areas[one.area_code], scheme, uid(), ends)]
    return [*records, *_pairings(city.people, areas, units, uid), *_secretaries(areas, uid)]


def _units(people: Iterable[DemoPerson], uid: UidMaker) -> dict[str, Organization]:
    """Return the units that send cadres, by name, in the order of printed lists."""
    names = dict.fromkeys(one.unit for one in people if one.unit)
    return {
        name: Organization(uid(), name, sort_order=number, note="虚构", valid_from=SINCE)
        for number, name in enumerate(names, start=1)
    }


def _person(one: DemoPerson, units: Mapping[str, Organization], uid: str) -> Person:
    return Person(
        uid,
        one.name,
        organization=units[one.unit].uid if one.unit else None,
        job_title=one.position or None,
        rank=one.rank or None,
        gender=one.sex,
        political_status=one.political_status,
        own_phone=one.phone,
        note="虚构",
    )


def _assignment(
    one: DemoPerson, person: Person, area: Area, scheme: Scheme, uid: str, ends: str | None
) -> Assignment:
    keys = {post.zh: post.key for post in scheme.posts}
    post = keys[one.post]
    if area.kind == AreaKind.EXCLUSIVE:
        post = _EXCLUSIVE.get(post, post)
    return Assignment(
        uid,
        person.uid,
        "area",
        area.uid,
        post,
        role=one.duties or None,
        batch=one.batch or None,
        valid_from=SINCE,
        valid_to=ends,
    )


def _pairings(
    people: Iterable[DemoPerson],
    areas: Mapping[str, Area],
    units: Mapping[str, Organization],
    uid: UidMaker,
) -> list[Pairing]:
    """Pair each unit with the community that its cadres are in; the last ones are left to do."""
    found: dict[str, dict[str, None]] = {}
    for one in people:
        area = areas[one.area_code]
        if one.unit and area.level == "community":
            found.setdefault(area.code or "", {})[one.unit] = None
    paired = sorted(found)[: len(found) - _UNPAIRED_COMMUNITIES]
    return [
        Pairing(uid(), units[name].uid, "area", areas[code].uid, PAIRING, valid_from=SINCE)
        for code in paired
        for name in found[code]
    ]


def _secretaries(areas: Mapping[str, Area], uid: UidMaker) -> list[Any]:
    """Return a committee with its secretary for each community but the last one."""
    crowd = Crowd(_SEED, uid, first=9_000)
    communities = [area for _, area in sorted(areas.items()) if area.level == "community"]
    records: list[Any] = []
    for community in communities[:-1]:
        person = crowd.person(
            staff_number=None, note="虚构", job_title="书记", political_status=PARTY_MEMBER
        )
        post = Assignment(
            uid(), person.uid, "area", community.uid, "community_secretary", valid_from=SINCE
        )
        node = PartyNode(
            uid(),
            f"{community.name}党组织（虚构）",
            "community_committee",
            area=community.uid,
            secretary=person.uid,
            valid_from=SINCE,
        )
        records += [person, post, node]
    return records
