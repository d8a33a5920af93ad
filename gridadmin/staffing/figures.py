"""Totals beside the posts: persons and person-times, batches, units, places, counts.

Persons are persons; person-times are spells on a cadre's post up to the day, over and done ones
too. They stand beside each other and are never added.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gridadmin.domain.base_units import UnitType, unit_type_of
from gridadmin.domain.model import Area, AreaKind
from gridadmin.domain.people import Organization
from gridadmin.staffing.body_rules import counted_entries
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.needs import RATIO_POST, members_for
from gridadmin.staffing.person_rules import certified_workers, cross_posted_areas
from gridadmin.staffing.unit_rules import latest_headcounts, officials_sent, sent_by_unit

SHORT_LEVELS = ("city", "district", "street", "community", "grid")


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Members by ratio that an area and the grids in it lack: the sum of what each grid lacks."""

    area: Area
    required: int
    filled: int
    short: int


def figures_of(book: StaffBook) -> dict[str, Any]:
    """Return all totals by name: numbers, or numbers by key of the scheme or by batch."""
    certified = certified_workers(book)
    officials, sent = officials_sent(book)
    agreements = list(book.snapshot.rows("agreement").values())
    return {
        **_base_units(book),
        "person_times": person_times(book),
        "cadres_by_post": _cadres_by(book, lambda one: one.post),
        "cadres_by_batch": _cadres_by(book, lambda one: one.batch or ""),
        "cadres_by_base_unit": _cadres_by_base_unit(book),
        "sending_units": len(_senders(book)),
        "paired_units": len({one.organization for one in book.pairings()}),
        "paired_base_units": _paired_base_units(book),
        "agreements": len(agreements),
        "agreement_units": len({one.unit for one in agreements}),
        "agreement_items": sum(one.items for one in agreements),
        "bodies": _entries(book),
        "registered": _registered(book),
        "counts": _counts(book),
        "roster_kinds": _roster_kinds(book),
        "compounds": dict(_count(book.snapshot.rows("compound").values(), "compound_type")),
        "officials": officials,
        "officials_sent": sent,
        "quota": sum(row.quota or 0 for row in book.once(latest_headcounts).values()),
        "social_workers": certified[0],
        "certified": certified[1],
        "cross_posted_areas": len(cross_posted_areas(book)),
        "merged_from": _predecessors(book),
    }


def person_times(book: StaffBook) -> int:
    """Return how many spells on a cadre's post had begun by the day, in any mode."""
    rows = book.snapshot.rows("assignment").values()
    return sum(
        one.post in book.posts
        and book.posts[one.post].is_cadre
        and (one.valid_from is None or one.valid_from <= book.day)
        for one in rows
    )


def certificates_by_base_unit(book: StaffBook) -> list[tuple[Area, int, int]]:
    """Return the social workers of each base unit that has any, and how many are certified."""
    found = [(unit, *certified_workers(book, unit.uid)) for unit in book.base_units()]
    return [one for one in found if one[1]]


def facilities_by_base_unit(book: StaffBook) -> list[tuple[Area, dict[str, int]]]:
    """Return how many facilities of each kind the base units have, those with none left out."""
    points = book.snapshot.rows("point_object")
    kinds = {entry.key for entry in book.scheme.facilities}
    found = []
    for unit in book.base_units():
        there = Counter(points[uid].kind for uid in book.facilities(unit.uid))
        known = {kind: there[kind] for kind in sorted(kinds & there.keys())}
        if known:
            found.append((unit, known))
    return found


def shortfalls(book: StaffBook) -> list[Shortfall]:
    """Return where members are missing by ratio: grids, communities, streets and above.

    The highest level first, each by code; empty where the scheme has no ratio.
    """
    ratio = book.check("member_ratio")
    if not ratio.on:
        return []
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for grid in book.areas("grid"):
        if grid.kind != AreaKind.GENERAL:
            continue
        required = members_for(book.households(grid), ratio.param("households_per_member"))
        filled = len(book.holders(grid.uid, RATIO_POST))
        for area in (grid, *book.snapshot.ancestors(grid.uid)):
            found = sums[area.uid]
            found[0] += required
            found[1] += filled
            found[2] += max(required - filled, 0)
    return [
        Shortfall(area, *sums[area.uid])
        for level in SHORT_LEVELS
        for area in book.areas(level)
        if area.uid in sums and sums[area.uid][2]
    ]


def _base_units(book: StaffBook) -> dict[str, int]:
    types = Counter(unit_type_of(unit.name) for unit in book.base_units())
    return {"villages": types[UnitType.VILLAGE], "communities": types[UnitType.COMMUNITY]}


def _cadres_by(book: StaffBook, key: Any) -> dict[str, int]:
    """Return how many persons hold a cadre's post, by a key; one under two keys counts in both."""
    found: dict[str, set[str]] = defaultdict(set)
    for uid in book.persons:
        for one in book.of(uid):
            if book.posts[one.post].is_cadre:
                found[key(one)].add(uid)
    return {name: len(found[name]) for name in sorted(found)}


def _cadres_by_base_unit(book: StaffBook) -> dict[str, int]:
    """Return how many persons are cadres in villages, in communities, in other base units."""
    found: dict[str, set[str]] = defaultdict(set)
    for unit in book.base_units():
        kind = str(unit_type_of(unit.name))
        found[kind] |= {one.person for one in book.below(unit.uid) if book.posts[one.post].is_cadre}
    return {kind: len(found[kind]) for kind in sorted(found) if found[kind]}


def _senders(book: StaffBook) -> set[str]:
    senders = {
        book.sender_of(one)
        for uid in book.persons
        for one in book.of(uid)
        if book.posts[one.post].is_cadre
    }
    return {one for one in senders if one is not None}


def _paired_base_units(book: StaffBook) -> int:
    return sum(bool(book.pairings_on(unit.uid)) for unit in book.base_units())


def _entries(book: StaffBook) -> dict[str, int]:
    return {entry.key: there for entry, there in counted_entries(book) if there}


def _registered(book: StaffBook) -> dict[str, int]:
    """Return the registered persons of the base units by channel; grids are part of them."""
    units = {unit.uid for unit in book.base_units()}
    found: Counter[str] = Counter()
    for row in book.snapshot.rows("registration_count").values():
        if row.area in units:
            found[row.channel] += row.persons
    return dict(sorted(found.items()))


def _counts(book: StaffBook) -> dict[str, int]:
    """Return the sums of the counts that the scheme declares, such as household groups."""
    found: Counter[str] = Counter()
    for area in book.snapshot.areas():
        for key, number in (json.loads(area.counts) if area.counts else {}).items():
            found[key] += int(number)
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """A unit's officials, how many of them are sent down, how many it is due to send."""

    unit: Organization
    officials: int
    sent: int
    due: int | None


def units_with_headcount(book: StaffBook) -> list[UnitFigures]:
    """Return the units whose headcount is known, in the order of printed lists."""
    counts, sent = book.once(latest_headcounts), book.once(sent_by_unit)
    units = [book.organizations[uid] for uid in counts if uid in book.organizations]
    units.sort(key=in_printed_order)
    return [
        UnitFigures(unit, counts[unit.uid].officials, sent[unit.uid], counts[unit.uid].quota)
        for unit in units
    ]


def in_printed_order(unit: Organization) -> tuple[float, str, str]:
    """Return the place of a unit in printed lists: as the department says, else last by name."""
    order = float("inf") if unit.sort_order is None else unit.sort_order
    return order, unit.name, unit.uid


def _roster_kinds(book: StaffBook) -> dict[str, int]:
    return dict(_count(book.persons.values(), "roster_kind"))


def _count(rows: Iterable[Any], column: str) -> Mapping[str, int]:
    said = (getattr(row, column) for row in rows)
    return dict(sorted(Counter(value for value in said if value is not None).items()))


def _predecessors(book: StaffBook) -> int:
    """Return how many areas the base units were merged from."""
    units = {unit.uid for unit in book.base_units()}
    rows = book.snapshot.rows("lineage").values()
    return len({row.predecessor for row in rows if row.kind == "merge" and row.successor in units})
