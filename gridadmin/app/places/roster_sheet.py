"""The roster of a worked example: a row for each post that somebody holds on an area today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from gridadmin.app.places.maker import DAY, PlaceMaker
from gridadmin.domain.model import Area
from gridadmin.domain.people import Assignment, Organization, Person, holds_on
from gridadmin.exchange.demo_roster import write_made_up_roster

MORE_HEADERS = ("工号",)
_LEVELS = ("street", "community", "grid", "micro_grid")


def write_place_roster(path: Path, maker: PlaceMaker) -> None:
    """Write the people of a worked example. Raises: InputError ``export.write_failed``."""
    write_made_up_roster(path, _rows(maker), MORE_HEADERS)


def _rows(maker: PlaceMaker) -> Iterator[list[str]]:
    areas = {area.uid: area for area in maker.areas}
    persons = {one.uid: one for one in maker.records if isinstance(one, Person)}
    units = {one.uid: one.name for one in maker.records if isinstance(one, Organization)}
    posts = {post.key: post.zh for post in maker.scheme.posts}
    for one in maker.records:
        if not isinstance(one, Assignment) or one.anchor not in areas or not holds_on(one, DAY):
            continue
        person = persons[one.person]
        yield [
            *_places(areas, one.anchor),
            person.name,
            person.gender or "",
            person.political_status or "",
            person.own_phone or "",
            posts[one.post],
            one.role or "",
            units.get(person.organization or "", ""),
            person.job_title or "",
            person.rank or "",
            one.batch or "",
            person.staff_number or "",
        ]


def _places(areas: Mapping[str, Area], uid: str) -> list[str]:
    """Return the names of an area and of those above it, by level; others are left empty."""
    names: dict[str, str] = {}
    area: Area | None = areas[uid]
    while area is not None:
        names[area.level] = area.name
        area = areas.get(area.parent or "")
    return [names.get(level, "") for level in _LEVELS]
