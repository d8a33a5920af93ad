"""What all five examples are made with: areas, persons, posts, units, gathered as records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from gridadmin.app.creation import code_periods
from gridadmin.app.places.crowd import MARK, PARTY_MEMBER, Crowd
from gridadmin.base.ids import seeded_uids
from gridadmin.domain.base_units import units_under
from gridadmin.domain.model import (
    Area,
    CodePeriod,
    Grouping,
    GroupingMember,
    Lineage,
    PointObject,
)
from gridadmin.domain.people import (
    Assignment,
    Organization,
    Pairing,
    PartyNode,
    Person,
)
from gridadmin.domain.scheme import Scheme
from gridadmin.domain.scheme_loader import load_scheme

DAY = "2026-01-01"
"""Everything in the examples begins on this day unless it says otherwise."""


class PlaceMaker:
    """Gathers the records of one example; every uid and name follows from the seed."""

    def __init__(self, scheme: str, seed: int) -> None:
        self.scheme: Scheme = load_scheme(scheme)
        self.day = DAY
        self.uid = seeded_uids(seed)
        self.crowd = Crowd(seed, self.uid)
        self.records: list[Any] = []
        self.areas: list[Area] = []
        self.committee_of: dict[str, str] = {}
        """Uid of the committee of a base unit, by uid of the area."""
        self._by_level: dict[str, list[Area]] = {}
        self._units_listed = 0

    # Areas

    def area(
        self, code: str | None, name: str, level: str, parent: Area | None, **more: Any
    ) -> Area:
        """Add a listed area; a made-up one says so in its name, or its code begins with 99."""
        uid = None if parent is None else parent.uid
        made = Area(self.uid(), code, name, level, uid, **{"valid_from": DAY, **more})
        self.areas.append(made)
        self._by_level.setdefault(level, []).append(made)
        return made

    def listed(self, code: str, parent: Area | None = None) -> None:
        """Add the area *code* and the streets and base units below it, from the code list."""
        present = tuple(level.key for level in self.scheme.present_levels)
        known: dict[str, Area] = {}
        for unit in units_under(code, present):
            above = parent if unit.parent_code is None else known[unit.parent_code]
            known[unit.code] = self.area(unit.code, unit.name or code, unit.level, above)

    def retired(self, code: str, name: str, level: str, heir: Area, day: str) -> Area:
        """Add an area that ended on a day, under the parent of the one that took over."""
        made = Area(
            self.uid(), code, name, level, heir.parent, valid_from="2020-01-01", valid_to=day
        )
        self.records.append(made)
        period = CodePeriod(self.uid(), made.uid, code, "2020-01-01", day)
        self.records.append(period)
        return made

    def with_households(self, area: Area, households: int) -> Area:
        """Type the households of an area that was added before."""
        said = replace(area, households_typed=households, households_as_of=DAY)
        self.areas[self.areas.index(area)] = said
        level = self._by_level[area.level]
        level[level.index(area)] = said
        return said

    def at(self, level: str) -> Sequence[Area]:
        """Return the areas of a level so far, in the order in which they were added."""
        return self._by_level.get(level, ())

    @property
    def base_units(self) -> Sequence[Area]:
        """The communities and villages."""
        return self.at("community")

    # People

    def person(self, **values: Any) -> Person:
        """Add a made-up person."""
        made = self.crowd.person(valid_from=None, **values)
        self.records.append(made)
        return made

    def party_member(self, **values: Any) -> Person:
        """Add a made-up person who may hold an office of the party."""
        return self.person(political_status=PARTY_MEMBER, **values)

    def assign(
        self, person: Person, anchor: Any, post: str, table: str = "area", **values: Any
    ) -> Assignment:
        """Put a person on a post of an area or of another object."""
        made = Assignment(
            self.uid(), person.uid, table, anchor.uid, post, **{"valid_from": DAY, **values}
        )
        self.records.append(made)
        return made

    def hire(self, anchor: Any, post: str, table: str = "area", **values: Any) -> Person:
        """Add a made-up person on a post."""
        person = self.person(**values)
        self.assign(person, anchor, post, table)
        return person

    # Units and bodies

    def units(self, count: int, stem: str, **values: Any) -> list[Organization]:
        """Add numbered made-up units, in printed lists after those that were added before."""
        width = len(str(count))
        before, self._units_listed = self._units_listed, self._units_listed + count
        return [
            self.organization(
                f"{stem}{number:0{width}}{MARK}", sort_order=before + number, **values
            )
            for number in range(1, count + 1)
        ]

    def organization(self, name: str, **values: Any) -> Organization:
        """Add one unit or body."""
        made = Organization(self.uid(), name, **{"valid_from": DAY, **values})
        self.records.append(made)
        return made

    def pair(
        self, unit: Organization, anchor: Any, kind: str, table: str = "area", **values: Any
    ) -> None:
        """Pair a unit with an area, a cluster, a compound."""
        made = Pairing(
            self.uid(), unit.uid, table, anchor.uid, kind, **{"valid_from": DAY, **values}
        )
        self.records.append(made)

    def node(self, name: str, kind: str, area: Area, **values: Any) -> PartyNode:
        """Add an organisation of the party tree."""
        made = PartyNode(self.uid(), name, kind, area=area.uid, **{"valid_from": DAY, **values})
        self.records.append(made)
        return made

    def committees(
        self, post: str | None = "community_secretary", **values: Any
    ) -> dict[str, Person]:
        """Give every base unit a committee with a secretary; the person by uid of the area.

        *post* is what the secretary holds there; each street has a work committee above.
        """
        above = {
            street.uid: self.node(f"{street.name}党工委{MARK}", "work_committee", street)
            for street in self.at("street")
        }
        found = {}
        for unit in self.base_units:
            secretary = self.party_member(**values)
            parent = above.get(unit.parent or "")
            committee = self.node(
                f"{unit.name}党组织{MARK}",
                "community_committee",
                unit,
                secretary=secretary.uid,
                parent=None if parent is None else parent.uid,
            )
            self.committee_of[unit.uid] = committee.uid
            if post is not None:
                self.assign(secretary, unit, post)
            found[unit.uid] = secretary
        return found

    def facility(self, kind: str, name: str, area: Area) -> PointObject:
        """Add a facility or shop of an area, without a place on the map."""
        made = PointObject(self.uid(), kind, name, area.uid)
        self.records.append(made)
        return made

    def grouping(
        self, kind: str, name: str, members: Iterable[tuple[Any, str | None]], table: str = "area"
    ) -> Grouping:
        """Add a grouping with its members and their roles."""
        made = Grouping(self.uid(), kind, name)
        self.records.append(made)
        for member, role in members:
            self.records.append(GroupingMember(self.uid(), made.uid, table, member.uid, role))
        return made

    def merged_into(self, old: Area, new: Area, document: str) -> None:
        """Say that an area that is no more went into another."""
        self.records.append(
            Lineage(self.uid(), old.uid, new.uid, "merge", date=old.valid_to, document=document)
        )

    def all_records(self) -> list[Any]:
        """Return everything that goes into the project, the history of codes too."""
        return [*self.areas, *code_periods(self.areas, self.uid, DAY), *self.records]


def shared_out(total: int, places: int) -> list[int]:
    """Return *total* dealt out to so many places, as evenly as whole numbers go."""
    few, more = divmod(total, places)
    return [few + (number < more) for number in range(places)]
