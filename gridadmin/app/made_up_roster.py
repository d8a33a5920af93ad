"""The roster beside a made-up project: a row for each post held on an area, then who has none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gridadmin.domain.model import Area
from gridadmin.domain.people import Assignment, Organization, Person, holds_on
from gridadmin.domain.scheme import Scheme
from gridadmin.exchange.demo_roster import write_made_up_roster

_LEVELS = ("street", "community", "grid", "micro_grid")
_MORE = {"district": "所属区县", "building": "所属楼栋", "floor": "所属楼层"}
_LAST_COLUMNS = ("工号",)


def write_roster_of(
    path: Path, scheme: Scheme, areas: Iterable[Area], records: Sequence[Any], day: str
) -> None:
    """Write the people among *records* as a roster, as they are on *day*.

    Raises: InputError ``export.write_failed``.
    """
    by_uid = {area.uid: area for area in areas}
    more = [level for level in _MORE if scheme.level(level) is not None]
    if sum(area.level == "district" for area in by_uid.values()) <= 1:
        # Only where there are several do they tell anything.
        more = [level for level in more if level != "district"]
    headers = [*(_MORE[level] for level in more), *_LAST_COLUMNS]
    write_made_up_roster(path, _rows(scheme, by_uid, records, day, tuple(more)), headers)


def _rows(
    scheme: Scheme,
    areas: Mapping[str, Area],
    records: Sequence[Any],
    day: str,
    more: tuple[str, ...],
) -> Iterator[list[str]]:
    units = {one.uid: one.name for one in records if isinstance(one, Organization)}
    posts = {post.key: post.zh for post in scheme.posts}
    persons = {one.uid: one for one in records if isinstance(one, Person)}
    held = [
        one
        for one in records
        if isinstance(one, Assignment) and one.anchor in areas and holds_on(one, day)
    ]
    for one in held:
        yield _row(areas, persons[one.person], one, units, posts, more)
    busy = {one.person for one in records if isinstance(one, Assignment) and holds_on(one, day)}
    for person in persons.values():
        if person.uid not in busy:
            yield _row(areas, person, None, units, posts, more)


def _row(
    areas: Mapping[str, Area],
    person: Person,
    one: Assignment | None,
    units: Mapping[str, str],
    posts: Mapping[str, str],
    more: tuple[str, ...],
) -> list[str]:
    names = {} if one is None else _places(areas, one.anchor)
    return [
        *(names.get(level, "") for level in _LEVELS),
        person.name,
        person.gender or "",
        person.political_status or "",
        person.own_phone or "",
        "" if one is None else posts[one.post],
        "" if one is None else one.role or "",
        units.get(person.organization or "", ""),
        person.job_title or "",
        person.rank or "",
        "" if one is None else one.batch or "",
        *(names.get(level, "") for level in more),
        person.staff_number or "",
    ]


def _places(areas: Mapping[str, Area], uid: str) -> dict[str, str]:
    """Return the names of an area and of those above it, by level."""
    names: dict[str, str] = {}
    area: Area | None = areas[uid]
    while area is not None:
        names[area.level] = area.name
        area = areas.get(area.parent or "")
    return names
