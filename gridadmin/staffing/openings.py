"""Which seats a person could take: empty ones near at hand first, each with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gridadmin.domain.people import Person
from gridadmin.staffing.anchors import area_of
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.candidates import Reason
from gridadmin.staffing.needs import required_seats
from gridadmin.staffing.seats import Seat, SeatRoll, SeatState

_WEIGHTS = {
    Reason.PAIRED: 25,
    Reason.FITS: 20,
    Reason.COMMUNITY: 12,
    Reason.STREET: 5,
}


@dataclass(frozen=True, slots=True)
class Opening:
    """A seat for a person, with what speaks for it; ``is_full``: somebody would have to leave."""

    seat: Seat
    score: int
    reasons: tuple[Reason, ...]
    is_full: bool = False


def openings_for(
    roll: SeatRoll, person: Person, areas: Sequence[str] | None = None
) -> list[Opening]:
    """Return the seats that a person could take, the best first.

    Without *areas* (uids) these are all vacant seats of the project; with them every post of those
    areas that the person doesn't hold there, full ones last.
    """
    seats = _vacant(roll) if areas is None else _on_areas(roll, person, areas)
    look = _Look(roll, person)
    found = [look.of(seat, is_full=is_full) for seat, is_full in seats]
    order = {seat.key: number for number, seat in enumerate(roll.seats)}
    last = len(order)
    return sorted(found, key=lambda one: (one.is_full, -one.score, order.get(one.seat.key, last)))


def _vacant(roll: SeatRoll) -> Iterator[tuple[Seat, bool]]:
    seen = set()
    for seat in roll.seats:
        # Several empty seats of one post are one choice.
        place = (seat.anchor, seat.post.key if seat.post else "")
        if seat.state is SeatState.VACANT and place not in seen:
            seen.add(place)
            yield seat, False


def _on_areas(roll: SeatRoll, person: Person, areas: Iterable[str]) -> Iterator[tuple[Seat, bool]]:
    book = roll.book
    for uid in areas:
        area = book.snapshot.area(uid)
        for post in book.scheme.posts_on(area.level, area.kind, book.mode):
            holders = {one.person for one in book.on(uid) if one.post == post.key}
            if person.uid in holders:
                continue
            most = None if post.most is None else max(post.most, required_seats(book, area, post))
            is_full = most is not None and len(holders) >= most
            key = f"{uid} {post.key} new"
            state = SeatState.FINE if holders else SeatState.VACANT
            yield Seat(key, state, ("area", uid), area, post), is_full


class _Look:
    def __init__(self, roll: SeatRoll, person: Person) -> None:
        self._roll, self._person = roll, person
        book: StaffBook = roll.book
        held = book.of(person.uid)
        self._posts: set[str | None] = {*(one.post for one in held), person.roster_kind}
        within = (area_of(book.snapshot, one.anchor_kind, one.anchor) for one in held)
        places = [uid for uid in within if uid is not None]
        self._units = {roll.base_unit_of[uid].uid for uid in places if uid in roll.base_unit_of}
        self._streets: set[str | None] = {self._street(uid) for uid in places}

    def of(self, seat: Seat, *, is_full: bool) -> Opening:
        reasons = tuple(self._reasons(seat))
        return Opening(seat, sum(_WEIGHTS[one] for one in reasons), reasons, is_full)

    def _reasons(self, seat: Seat) -> Iterator[Reason]:
        if seat.anchor is None or seat.post is None:
            return
        book, person = self._roll.book, self._person
        area = area_of(book.snapshot, *seat.anchor)
        unit = None if area is None else self._roll.base_unit_of.get(area)
        if unit is not None and person.organization is not None:
            pairings = book.pairings_on(unit.uid)
            if any(one.organization == person.organization for one in pairings):
                yield Reason.PAIRED
        is_cadre = person.organization is not None and person.rank is not None
        if seat.post.key in self._posts or (seat.post.is_cadre and is_cadre):
            yield Reason.FITS
        if unit is not None and unit.uid in self._units:
            yield Reason.COMMUNITY
        elif area is not None and self._street(area) in self._streets - {None}:
            yield Reason.STREET

    def _street(self, uid: str) -> str | None:
        snapshot = self._roll.book.snapshot
        if uid not in snapshot.rows("area"):
            return None
        chain = (snapshot.area(uid), *snapshot.ancestors(uid))
        return next((one.uid for one in chain if one.level == "street"), None)
