"""Tables about seats: what is short on each level, the roster of each community, leave cover."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from gridadmin.app.staff_reports.model import Ask, Cell, Table
from gridadmin.domain.model import Area
from gridadmin.domain.people import Assignment
from gridadmin.domain.scheme import LEVELS
from gridadmin.staffing.candidates import BREAKING, candidates_for
from gridadmin.staffing.needs import Need, all_needs, object_needs
from gridadmin.staffing.post_rules import is_covered
from gridadmin.staffing.seats import base_units_of

_MOST_CANDIDATES = 200
"""For so many ending posts at most somebody is looked for."""


def shortfall(ask: Ask) -> Iterator[Table]:
    """Yield what is short: by post and level, by street and community, seat by seat."""
    needs = list(all_needs(ask.book))
    groups: dict[tuple[str, str], list[Need]] = defaultdict(list)
    for need in needs:
        groups[need.area.level, need.post.key].append(need)
    rows: list[list[Cell]] = [
        [
            ask.level(level),
            ask.post(post),
            sum(need.required for need in found),
            sum(len(need.holders) for need in found),
            sum(need.vacant for need in found),
            sum(need.vacant > 0 for need in found),
        ]
        for (level, post), found in groups.items()
    ]
    yield Table(
        ask.say("by_post"),
        ask.heads("level", "post", "required", "filled", "short", "areas_short"),
        (0.2, 0.3, 0.13, 0.12, 0.12, 0.13),
        rows,
    )
    yield from _by_area(ask, needs)
    uncovered = [
        [unit.code, unit.name, ask.place("area", unit.parent or "")]
        for unit in ask.book.base_units()
        if not is_covered(ask.book, unit.uid)
    ]
    yield Table(
        ask.say("uncovered"),
        ask.heads("code", "community", "above"),
        (0.25, 0.4, 0.35),
        uncovered,
        ask.say("none_uncovered") if not uncovered else "",
    )
    yield _vacant(ask, needs)


def _by_area(ask: Ask, needs: list[Need]) -> Iterator[Table]:
    """Yield a table per level above the seats: seats required, filled, short below each area."""
    snapshot = ask.book.snapshot
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for need in needs:
        chain = [need.area.uid, *(above.uid for above in snapshot.ancestors(need.area.uid))]
        filled = min(len(need.holders), need.required)
        for uid in chain:
            for number, value in enumerate((need.required, filled, need.vacant)):
                sums[uid][number] += value
    for level in ("district", "street", "community"):
        areas = [area for area in ask.book.areas(level) if sums[area.uid][0]]
        if level == "district" and len(areas) < 2:
            continue
        rows: list[list[Cell]] = [[area.code, area.name, *sums[area.uid]] for area in areas]
        if level == "community":
            rows = [row for row in rows if row[-1]]
        if rows:
            yield Table(
                ask.say("by_area", level=ask.level(level)),
                ask.heads("code", "name", "required", "filled", "short"),
                (0.26, 0.35, 0.13, 0.13, 0.13),
                rows,
                ask.say("only_short") if level == "community" else "",
            )


def _vacant(ask: Ask, needs: list[Need]) -> Table:
    rows: list[list[Cell]] = [
        [
            need.area.code,
            need.area.name,
            ask.place("area", need.area.parent or ""),
            ask.post(need.post.key),
            need.required,
            need.vacant,
        ]
        for need in needs
        if need.vacant
    ]
    rows += [
        [None, need.name, need.level, ask.post(need.post.key), need.required, need.vacant]
        for need in object_needs(ask.book)
        if need.vacant
    ]
    return Table(
        ask.say("vacant"),
        ask.heads("code", "name", "above", "post", "required", "short"),
        (0.2, 0.22, 0.24, 0.16, 0.09, 0.09),
        rows,
        "" if rows else ask.say("none_short"),
    )


def roster(ask: Ask) -> Iterator[Table]:
    """Yield who is where, community by community; duty phones alone."""
    unit_of = base_units_of(ask.book)
    held: dict[str, list[Assignment]] = defaultdict(list)
    others: list[Assignment] = []
    for person in ask.book.persons:
        for one in ask.book.of(person):
            unit = unit_of.get(one.anchor) if one.anchor_kind == "area" else None
            (others if unit is None else held[unit.uid]).append(one)
    rows: list[list[Cell]] = []
    bold = set()
    for unit in ask.book.base_units():
        own = held.get(unit.uid, [])
        bold.add(len(rows))
        persons = len({one.person for one in own})
        cover = "" if is_covered(ask.book, unit.uid) else ask.say("no_cadre")
        counted = ask.say("persons_times", persons=f"{persons:,}", times=f"{len(own):,}")
        rows.append([unit.name, unit.code, counted, cover, "", ""])
        rows += [_roster_row(ask, one) for one in sorted(own, key=lambda one: _order(ask, one))]
    if others:
        bold.add(len(rows))
        rows.append([ask.say("elsewhere"), "", "", "", "", ""])
        rows += [_roster_row(ask, one) for one in sorted(others, key=lambda one: _order(ask, one))]
    yield Table(
        ask.say("roster"),
        ask.heads("place", "post", "person", "unit", "rank", "duty_phone"),
        (0.26, 0.16, 0.17, 0.19, 0.1, 0.12),
        rows,
        bold=frozenset(bold),
    )


def _roster_row(ask: Ask, one: Assignment) -> list[Cell]:
    person = ask.book.persons[one.person]
    rank = "，".join(part for part in (person.job_title, person.rank) if part)
    return [
        ask.place_of(one),
        ask.post(one.post),
        person.name,
        ask.unit(ask.book.sender_of(one)),
        rank,
        person.duty_phone,
    ]


def _order(ask: Ask, one: Assignment) -> tuple[int, str, int, str]:
    row = ask.book.snapshot.rows(one.anchor_kind).get(one.anchor)
    depth = LEVELS.index(row.level) if isinstance(row, Area) and row.level in LEVELS else 99
    code = row.code or "" if isinstance(row, Area) else ""
    return depth, code, list(ask.book.posts).index(one.post), ask.book.persons[one.person].name


def cover(ask: Ask) -> Iterator[Table]:
    """Yield posts that end soon, with who stays on the same post and who could step in."""
    days = int(ask.book.check("term_ends").param("days"))
    limit = (date.fromisoformat(ask.book.day) + timedelta(days=days)).isoformat()
    rows: list[list[Cell]] = []
    ending = [
        (min(ends), one)
        for person in ask.book.persons.values()
        for one in ask.book.of(person.uid)
        if (ends := [day for day in (one.valid_to, person.valid_to) if day and day <= limit])
    ]
    for day, one in sorted(ending, key=lambda pair: (pair[0], pair[1].uid)):
        holders = ask.book.holders(one.anchor, one.post, one.anchor_kind)
        staying = [person.name for person in holders if person.uid != one.person]
        rows.append(
            [
                day,
                ask.place_of(one),
                ask.post(one.post),
                ask.book.persons[one.person].name,
                "、".join(staying) or ask.say("nobody"),
                _stand_in(ask, one) if len(rows) < _MOST_CANDIDATES else "",
            ]
        )
    yield Table(
        ask.say("cover", days=days),
        ask.heads("ends", "place", "post", "person", "staying", "stand_in"),
        (0.12, 0.24, 0.16, 0.16, 0.16, 0.16),
        rows,
        ask.say("none_ending") if not rows else ask.say("cover_note"),
    )


def _stand_in(ask: Ask, one: Assignment) -> str:
    """Return who could take a post: the best candidate who breaks no rule and isn't locked."""
    anchor = (one.anchor_kind, one.anchor)
    for candidate in candidates_for(ask.book, anchor, ask.book.posts[one.post]):
        if candidate.score <= 0:
            break
        if not BREAKING & set(candidate.conflicts):
            return candidate.person.name
    return ask.say("nobody")
