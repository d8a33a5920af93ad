"""The people of a project as a roster: the same columns that an import understands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gridadmin.base.errors import InputError
from gridadmin.domain.export_note import Profile
from gridadmin.domain.model import CELL_LEVEL, Area
from gridadmin.domain.people import (
    Assignment,
    Person,
    holds_on,
    is_masked,
    masked_phone,
    publicity_of,
)
from gridadmin.exchange.roster_columns import MEANINGS, OBJECT_COLUMNS, PLACE_LEVELS, Meaning
from gridadmin.exchange.roster_places import columns_of_objects
from gridadmin.exchange.roster_values import CERTIFICATE_NAMES, last_day, without_phones
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.anchors import area_of
from gridadmin.staffing.within import Within

_TABLE = {"person": "person", "assignment": "assignment"}
_IN_ONE_AREA = ("point_object", "building")
"""A road and a cluster may lie in many, so no area stands beside them."""
_NEVER_WRITTEN = ("community_code", "note")


@dataclass(frozen=True)
class PeopleSheet:
    """Rows under the columns of a roster; *persons* is how many different people they hold.

    *unplaced* is how many posts stand on something of which nobody can tell whether it lies in the
    area asked for; they are left out.
    """

    columns: tuple[Meaning, ...]
    rows: tuple[tuple[str | None, ...], ...]
    persons: int
    unplaced: int = 0


def columns_for(snapshot: Snapshot, profile: str) -> tuple[Meaning, ...]:
    """Return the columns that a profile may hold, in the order of a roster.

    The district is one only where the project has several.
    """
    scheme = snapshot.scheme
    levels = {level.key for level in scheme.present_levels} | columns_of_objects(scheme)
    if sum(area.level == "district" for area in snapshot.areas()) <= 1:
        levels.discard("district")
    return tuple(
        one
        for one in MEANINGS
        if one.key not in _NEVER_WRITTEN
        and (one.key in levels or one.key not in (*PLACE_LEVELS, *OBJECT_COLUMNS))
        and (one.key != "roster_kind" or scheme.roster_kinds)
        and _may_show(one, profile)
    )


def people_sheet(
    snapshot: Snapshot,
    day: str,
    profile: str,
    *,
    area: Area | None = None,
    columns: Collection[str] | None = None,
) -> PeopleSheet:
    """Return who holds which post on a day (ISO 8601), by area; an internal one has all persons.

    Own phones are masked unless the profile is internal. Posts on streets, shops, compounds,
    clusters and buildings come with those in columns of their own; within an *area* only those that
    lie there, of roads all that run through or touch it.

    Raises: InputError ``roster.unknown_column``.
    """
    allowed = columns_for(snapshot, profile)
    keys = {one.key for one in allowed}
    for key in columns or ():
        if key not in keys:
            raise InputError("roster.unknown_column", column=key, columns=", ".join(keys))
    chosen = tuple(one for one in allowed if columns is None or one.key in columns)
    within = None if area is None else Within(snapshot, area)
    is_whole = profile == Profile.INTERNAL and area is None
    lines, unplaced = _lines(snapshot, day, within, with_idle=is_whole)
    teller = _Teller(snapshot, profile)
    persons = {line[0].uid for line in lines}
    rows = tuple(tuple(teller.told(one, *line[:3]) for one in chosen) for line in lines)
    return PeopleSheet(chosen, rows, len(persons), unplaced)


Line = tuple[Person, Assignment | None, Mapping[str, str], str]
"""A person, a post, what its place is called by column, and what the place is sorted by."""


def _lines(
    snapshot: Snapshot, day: str, within: Within | None, *, with_idle: bool
) -> tuple[list[Line], int]:
    """Return persons with their posts: by area, post of the scheme, name; then those without.

    With them comes how many posts nobody can place.
    """
    order = {post.key: number for number, post in enumerate(snapshot.scheme.posts)}
    persons: Mapping[str, Person] = snapshot.rows("person")
    places = _Places(snapshot)
    found: list[Line] = []
    busy = set()
    unplaced = 0
    for one in snapshot.rows("assignment").values():
        person = persons.get(one.person)
        if person is None or not holds_on(one, day) or not holds_on(person, day):
            continue
        busy.add(person.uid)
        place = places.of(one)
        if place is None:
            continue
        is_here = True if within is None else within.holds(one.anchor_kind, one.anchor)
        unplaced += is_here is None
        if is_here:
            found.append((person, one, place.names, place.order))

    def key(line: Line) -> tuple[str, int, str, str]:
        person, one, _, code = line
        return code, 0 if one is None else order.get(one.post, 0), person.name, person.uid

    found.sort(key=key)
    if with_idle:
        idle = [one for one in persons.values() if one.uid not in busy and holds_on(one, day)]
        found += [(one, None, {}, "") for one in sorted(idle, key=lambda p: (p.name, p.uid))]
    return found, unplaced


class _Teller:
    def __init__(self, snapshot: Snapshot, profile: str) -> None:
        self._snapshot = snapshot
        self._is_internal = profile == Profile.INTERNAL
        self._posts = {post.key: post.zh for post in snapshot.scheme.posts}
        self._kinds = {one.key: one.zh for one in snapshot.scheme.roster_kinds}

    def told(
        self, column: Meaning, person: Person, one: Assignment | None, place: Mapping[str, str]
    ) -> str | None:
        """Return a cell of a line; a text, for a spreadsheet spoils numbers."""
        if column.about == "place":
            return place.get(column.key)
        record = person if column.about == "person" else one
        value = None if record is None else getattr(record, column.key)
        if value is None:
            return None
        if not self._is_internal and is_masked(_TABLE[column.about], column.key):
            return masked_phone(value)
        said = self._said(column.key, value)
        return said if self._is_internal or column.key == "duty_phone" else without_phones(said)

    def _said(self, key: str, value: Any) -> str:
        if key == "post":
            return self._posts.get(value, str(value))
        if key == "organization":
            unit = self._snapshot.rows("organization").get(value)
            return "" if unit is None else str(unit.name)
        if key == "certificate_level":
            return CERTIFICATE_NAMES.get(value, str(value))
        if key == "roster_kind":
            return self._kinds.get(value, str(value))
        if key == "is_full_time":
            return "专职" if value else "兼职"
        return last_day(value) if key == "valid_to" else str(value)


@dataclass(frozen=True, slots=True)
class _Place:
    """What a post stands on by column, and what it is sorted by."""

    names: Mapping[str, str]
    order: str


class _Places:
    """What posts stand on, each worked out once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[tuple[str, str], _Place | None] = {}

    def of(self, one: Assignment) -> _Place | None:
        """Return what a post stands on, None when it is there no more."""
        key = one.anchor_kind, one.anchor
        if key not in self._known:
            row = self._snapshot.rows(key[0]).get(key[1])
            self._known[key] = None if row is None else self._made(key[0], row)
        return self._known[key]

    def _made(self, table: str, row: Any) -> _Place:
        if table == "area":
            return _Place(self._names(row), row.code or row.name)
        name = str(row.name or row.uid)
        uid = area_of(self._snapshot, table, row.uid) if table in _IN_ONE_AREA else None
        area = self._snapshot.rows("area").get(uid or "")
        if area is not None and area.level == CELL_LEVEL:
            # A cell has no name that anybody knows.
            area = self._snapshot.rows("area").get(area.parent or "")
        if area is None:
            # After the areas, whose codes begin with a digit.
            return _Place({table: name}, f"~{table}{name}")
        return _Place({**self._names(area), table: name}, f"{area.code or area.name}~{name}")

    def _names(self, area: Area) -> dict[str, str]:
        line = (area, *self._snapshot.ancestors(area.uid))
        names = {one.level: one.name for one in line}
        if area.code is not None:
            names["area_code"] = area.code
        return names


def _may_show(column: Meaning, profile: str) -> bool:
    if column.about == "place":
        return True
    table = _TABLE[column.about]
    publicity = publicity_of(table, column.key)
    if profile == Profile.INTERNAL:
        return publicity != "never"
    return publicity == "public" or is_masked(table, column.key)


def person_columns(columns: Sequence[Meaning]) -> str:
    """Return the columns about people that an export held, for the log."""
    return "、".join(one.title for one in columns if one.about != "place")
