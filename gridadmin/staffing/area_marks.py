"""How the staffing of each area stands, for the colours of a map: gaps, load, cadres."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gridadmin.domain.model import Area
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.needs import RATIO_POST, all_needs
from gridadmin.staffing.seats import base_units_of

MEMBER_POSTS = (RATIO_POST, "exclusive_grid_member")
MICRO_POST = "micro_grid_member"
_MANY_SHARE = 0.1
"""From so many vacant seats in all on they are many."""
_MANY_CADRES = 4


class StaffTheme(StrEnum):
    """What the colours of a map tell."""

    VACANT = "vacant"
    """How many of the seats of an area, and of all below it, nobody holds."""
    LOAD = "load"
    """Households for each grid member (in micro-grids: for each of theirs), against the scheme."""
    CADRES = "cadres"
    """How many cadres a community or village has; those without any are not covered."""


class StaffState(StrEnum):
    """How an area stands."""

    FULL = "full"
    MORE = "more"
    FEW = "few"
    MANY = "many"
    BARE = "bare"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AreaMark:
    """State and figure of an area: vacant seats, households for each member, or cadres.

    ``uncovered`` is how many communities and villages below it have no cadre.
    """

    state: StaffState
    number: int | None = None
    uncovered: int = 0


UNKNOWN = AreaMark(StaffState.UNKNOWN)


def marks_of(book: StaffBook, theme: StaffTheme) -> Mapping[str, AreaMark]:
    """Return the marks of all living areas by uid."""
    make = {
        StaffTheme.VACANT: _vacant,
        StaffTheme.LOAD: _load,
        StaffTheme.CADRES: _cadres,
    }
    return make[theme](book)


def _vacant(book: StaffBook) -> Mapping[str, AreaMark]:
    seats: dict[str, int] = {}
    vacant: dict[str, int] = {}
    chains = _Chains(book)
    for need in all_needs(book):
        for uid in chains.of(need.area):
            seats[uid] = seats.get(uid, 0) + max(need.required, len(need.holders))
            vacant[uid] = vacant.get(uid, 0) + need.vacant
    return {uid: _vacant_mark(count, vacant[uid]) for uid, count in seats.items()}


def _vacant_mark(seats: int, vacant: int) -> AreaMark:
    if not vacant:
        return AreaMark(StaffState.FULL, 0)
    if vacant == seats:
        return AreaMark(StaffState.BARE, vacant)
    is_many = vacant / seats > _MANY_SHARE
    return AreaMark(StaffState.MANY if is_many else StaffState.FEW, vacant)


def _load(book: StaffBook) -> Mapping[str, AreaMark]:
    members: dict[str, set[str]] = {}
    chains = _Chains(book)
    for anchor, persons in _holders(book, MEMBER_POSTS).items():
        for uid in chains.of(book.snapshot.area(anchor)):
            members.setdefault(uid, set()).update(persons)
    own = _holders(book, (MICRO_POST,))
    found = {}
    for area in book.snapshot.areas():
        of = own if area.level == "micro_grid" else members
        households = book.households(area)
        if households is not None:
            found[area.uid] = _load_mark(book, area, households, len(of.get(area.uid, ())))
    return found


def _holders(book: StaffBook, posts: Collection[str]) -> dict[str, set[str]]:
    """Return the persons on some posts by the uid of the area."""
    found: dict[str, set[str]] = {}
    for person in book.persons:
        for one in book.of(person):
            if one.anchor_kind == "area" and one.post in posts:
                found.setdefault(one.anchor, set()).add(person)
    return found


def _load_mark(book: StaffBook, area: Area, households: int, members: int) -> AreaMark:
    if not members:
        return AreaMark(StaffState.BARE if households else StaffState.FULL)
    each = round(households / members)
    most = _most_households(book, area)
    if most is None:
        return AreaMark(StaffState.UNKNOWN, each)
    return AreaMark(StaffState.MANY if each > most else StaffState.FULL, each)


def _most_households(book: StaffBook, area: Area) -> float | None:
    """Return how many households a member should have at most, None where nobody says."""
    level = "micro_grid" if area.level == "micro_grid" else "grid"
    ratio = book.check("member_ratio")
    if level == "grid" and ratio.on:
        return ratio.param("households_per_member")
    band = book.scheme.band_of(level, "general", area.area_class)
    return None if band is None else band.high


def _cadres(book: StaffBook) -> Mapping[str, AreaMark]:
    base = base_units_of(book)
    counts: dict[str, set[str]] = {unit.uid: set() for unit in book.base_units()}
    for person in book.cadres():
        for one in book.of(person):
            unit = base.get(one.anchor) if one.anchor_kind == "area" else None
            if unit is not None and book.posts[one.post].is_cadre:
                counts[unit.uid].add(person)
    found = {uid: _cadre_mark(len(counts[unit.uid])) for uid, unit in base.items()}
    chains = _Chains(book)
    below: dict[str, list[int]] = {}
    for unit in book.base_units():
        for uid in chains.of(unit):
            below.setdefault(uid, []).append(len(counts[unit.uid]))
    for uid, numbers in below.items():
        state = _cadre_mark(min(numbers)).state
        found.setdefault(uid, AreaMark(state, None, numbers.count(0)))
    return found


def _cadre_mark(count: int) -> AreaMark:
    if not count:
        return AreaMark(StaffState.BARE, 0)
    if count == 1:
        return AreaMark(StaffState.FEW, 1)
    return AreaMark(StaffState.MORE if count >= _MANY_CADRES else StaffState.FULL, count)


class _Chains:
    """The area and all above it, looked up once for each."""

    def __init__(self, book: StaffBook) -> None:
        self._snapshot = book.snapshot
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, area: Area) -> Iterator[str]:
        """Yield the uid of an area and of those above it."""
        known = self._known.get(area.uid)
        if known is None:
            above = tuple(one.uid for one in self._snapshot.ancestors(area.uid))
            known = self._known[area.uid] = (area.uid, *above)
        yield from known
