"""The posts as rows, one per seat: who sits there, since when, and which seats are empty.

Persons without any post come last: in a table they are the ones to be put somewhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gridadmin.domain.model import Area
from gridadmin.domain.people import Assignment, Person
from gridadmin.domain.scheme import LEVELS, Post
from gridadmin.staffing.anchors import area_of
from gridadmin.staffing.book import BASE_UNIT_LEVEL, StaffBook
from gridadmin.staffing.needs import object_needs, required_seats
from gridadmin.staffing.post_rules import OFFICERS
from gridadmin.staffing.unit_rules import cadre_unpaired


class SeatState(StrEnum):
    """How a seat stands, the worst first."""

    VACANT = "vacant"
    UNASSIGNED = "unassigned"
    """A person of the roster without any post."""
    SURPLUS = "surplus"
    """More people than the post allows; this is one of the last to come."""
    ENDING = "ending"
    """Ends within the days that the scheme's check of terms looks ahead."""
    UNPAIRED = "unpaired"
    """A cadre whose unit isn't paired with the base unit."""
    SHARED = "shared"
    """The holder has posts in other places too."""
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat, or one person without a seat.

    ``key`` lasts as long as the seat is held by the same assignment, or is empty. ``anchor`` is a
    table and a uid in it, ``area`` the area of that uid where it is one; both are None for a
    person without a post. ``places`` is how many places the holder has posts in.
    """

    key: str
    state: SeatState
    anchor: tuple[str, str] | None = None
    area: Area | None = None
    post: Post | None = None
    person: Person | None = None
    assignment: Assignment | None = None
    places: int = 0


@dataclass(frozen=True)
class SeatRoll:
    """All seats of a book, from the top level down, each level by code."""

    book: StaffBook
    seats: tuple[Seat, ...]
    base_unit_of: Mapping[str, Area]
    """The community or village of an area (its uid), its own too; others are left out."""

    @classmethod
    def of(cls, book: StaffBook) -> SeatRoll:
        """Return the seats of a book."""
        return cls(book, tuple(_seats(book)), base_units_of(book))

    def area_of(self, seat: Seat) -> Area | None:
        """Return the area of a seat; of one on a shop or cluster that in which it lies."""
        if seat.area is not None or seat.anchor is None:
            return seat.area
        uid = area_of(self.book.snapshot, *seat.anchor)
        return None if uid is None else self.book.snapshot.area(uid)

    def count(self, state: SeatState) -> int:
        """Return how many seats are in a state."""
        return sum(seat.state is state for seat in self.seats)


def base_units_of(book: StaffBook) -> dict[str, Area]:
    """Return the base unit of each living area at or below one, by the area's uid."""
    found: dict[str, Area] = {}
    for unit in book.base_units():
        found[unit.uid] = unit
        for below in book.snapshot.descendants(unit.uid):
            found[below.uid] = unit
    return found


def covered_units(roll: SeatRoll) -> set[str]:
    """Return the uids of the communities and villages with at least one cadre."""
    found = (
        roll.base_unit_of.get(seat.area.uid)
        for seat in roll.seats
        if seat.person is not None and seat.area is not None and seat.post is not None
        if seat.post.is_cadre
    )
    return {unit.uid for unit in found if unit is not None}


def _seats(book: StaffBook) -> Iterable[Seat]:
    state_of = _StateOf(book)
    for area in _in_order(book.snapshot.areas()):
        yield from _on_area(book, area, state_of)
    for need in object_needs(book):
        anchor = (need.table, need.uid)
        held = [one for one in book.on(need.uid, need.table) if one.post == need.post.key]
        for one in held:
            yield state_of.seat(one, anchor, None)
        for number in range(need.vacant):
            key = f"{need.uid} {need.post.key} {number}"
            yield Seat(key, SeatState.VACANT, anchor, None, need.post)
    for person in sorted(book.persons.values(), key=lambda one: (one.name, one.uid)):
        if not book.of(person.uid):
            yield Seat(person.uid, SeatState.UNASSIGNED, person=person)


def _in_order(areas: Iterable[Area]) -> list[Area]:
    rank = {level: number for number, level in enumerate(LEVELS)}
    return sorted(
        areas, key=lambda one: (rank.get(one.level, 99), one.code or "~", one.name, one.uid)
    )


def _on_area(book: StaffBook, area: Area, state_of: _StateOf) -> Iterable[Seat]:
    by_post: dict[str, list[Assignment]] = defaultdict(list)
    for one in book.on(area.uid):
        by_post[one.post].append(one)
    anchor = ("area", area.uid)
    for post in book.scheme.posts_on(area.level, area.kind, book.mode):
        held = sorted(by_post.pop(post.key, ()), key=lambda one: (one.valid_from or "", one.uid))
        required = wanted_seats(book, area, post)
        most = None if post.most is None else max(post.most, required)
        for number, one in enumerate(held):
            is_surplus = most is not None and number >= most
            yield state_of.seat(one, anchor, area, is_surplus=is_surplus)
        for number in range(required - len({one.person for one in held})):
            key = f"{area.uid} {post.key} {number}"
            yield Seat(key, SeatState.VACANT, anchor, area, post)
    for left in by_post.values():
        # A post that the scheme no longer has on areas of this kind.
        for one in left:
            yield state_of.seat(one, anchor, area, is_surplus=True)


def wanted_seats(book: StaffBook, area: Area, post: Post) -> int:
    """Return how many people a post of an area is to have; 0 = it may stay empty.

    As the post says, and one for each of the officers that a scheme's check asks for.
    """
    required = required_seats(book, area, post)
    is_asked = (
        post.group == OFFICERS and area.level == BASE_UNIT_LEVEL and book.check("officers").on
    )
    return max(required, 1) if is_asked else required


class _StateOf:
    """Says how the seat of an assignment stands."""

    def __init__(self, book: StaffBook) -> None:
        self._book = book
        days = int(book.check("term_ends").param("days"))
        self._limit = (date.fromisoformat(book.day) + timedelta(days=days)).isoformat()
        self._places = Counter(
            person
            for person in book.persons
            for _ in {(one.anchor_kind, one.anchor) for one in book.of(person)}
        )
        check = book.check("cadre_unpaired")
        units = base_units_of(book) if check.on else {}
        self._unit_of = {uid: unit.uid for uid, unit in units.items()}
        found = cadre_unpaired(book, check) if check.on else ()
        self._unpaired = {(one.area, one.person) for one in found}

    def seat(
        self,
        one: Assignment,
        anchor: tuple[str, str],
        area: Area | None,
        *,
        is_surplus: bool = False,
    ) -> Seat:
        """Return the seat of an assignment."""
        post, person = self._book.posts[one.post], self._book.persons[one.person]
        places = self._places[one.person]
        state = SeatState.SURPLUS if is_surplus else self._state(one, post, places)
        return Seat(one.uid, state, anchor, area, post, person, one, places)

    def _state(self, one: Assignment, post: Post, places: int) -> SeatState:
        if one.valid_to is not None and one.valid_to <= self._limit:
            return SeatState.ENDING
        if post.is_cadre and (self._unit_of.get(one.anchor), one.person) in self._unpaired:
            return SeatState.UNPAIRED
        return SeatState.SHARED if places > 1 else SeatState.FINE
