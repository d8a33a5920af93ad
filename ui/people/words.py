"""Seats, persons and posts in the words of the window."""

from __future__ import annotations

from datetime import date

from gridadmin.domain.people import Assignment, Person, masked_phone
from gridadmin.domain.scheme import Entry, Post, Term
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.seats import Seat, SeatState
from ui.panels.marks import State
from ui.panels.words import UNKNOWN, name_of
from ui.texts import SOURCE, language, mark, tr

STATES = {
    SeatState.VACANT: mark("空缺"),
    SeatState.UNASSIGNED: mark("未进格"),
    SeatState.SURPLUS: mark("超编"),
    SeatState.ENDING: mark("即将到期"),
    SeatState.UNPAIRED: mark("单位未结对"),
    SeatState.SHARED: mark("兼多处"),
    SeatState.FINE: mark("正常"),
}
_MARKS = {
    SeatState.VACANT: State.ERROR,
    SeatState.UNASSIGNED: State.ERROR,
    SeatState.SURPLUS: State.WARNING,
    SeatState.ENDING: State.WARNING,
    SeatState.UNPAIRED: State.WARNING,
    SeatState.SHARED: State.NOTE,
    SeatState.FINE: State.FINE,
}


def term(of: Post | Term | Entry) -> str:
    """Return a word of the scheme in the language in use."""
    return of.zh if language() == SOURCE else of.en or of.zh


def state_mark(state: SeatState) -> State:
    """Return the sign of a seat's state."""
    return _MARKS[state]


def state(seat: Seat, day: str) -> str:
    """Return how a seat stands, with the days that are left and the places that are shared."""
    one = seat.assignment
    if seat.state is SeatState.ENDING and one is not None and one.valid_to is not None:
        left = (date.fromisoformat(one.valid_to) - date.fromisoformat(day)).days
        return tr("{n} 天后到期", n=left)
    if seat.state is SeatState.SHARED:
        return tr("兼 {n} 处", n=seat.places)
    return tr(STATES[seat.state])


def person(seat: Seat) -> str:
    """Return who sits on a seat."""
    return UNKNOWN if seat.person is None else seat.person.name


def post(seat: Seat) -> str:
    """Return the post of a seat."""
    return UNKNOWN if seat.post is None else term(seat.post)


def unit(book: StaffBook, seat: Seat) -> str:
    """Return the unit that sends the holder of a seat, else the holder's own, else the title."""
    if seat.person is None:
        return UNKNOWN
    uid = seat.person.organization
    if seat.assignment is not None:
        uid = book.sender_of(seat.assignment)
    found = book.snapshot.rows("organization").get(uid) if uid is not None else None
    return seat.person.job_title or UNKNOWN if found is None else str(found.name)


def place(book: StaffBook, anchor: tuple[str, str] | None) -> str:
    """Return the name of what a post stands on."""
    if anchor is None:
        return UNKNOWN
    row = book.snapshot.rows(anchor[0]).get(anchor[1])
    if row is None:
        return UNKNOWN
    return name_of(row) if anchor[0] == "area" else getattr(row, "name", None) or UNKNOWN


def held(book: StaffBook, one: Assignment) -> str:
    """Return place and post of an assignment."""
    of_post = book.posts.get(one.post)
    return tr(
        "{place} · {post}",
        place=place(book, (one.anchor_kind, one.anchor)),
        post=one.post if of_post is None else term(of_post),
    )


def phone(of: Person | None) -> str:
    """Return a duty phone, else the own phone with its middle hidden."""
    if of is None:
        return UNKNOWN
    return of.duty_phone or (masked_phone(of.own_phone) if of.own_phone else UNKNOWN)


def until(day: str | None) -> str:
    """Return the last day on which what ends on *day* still holds."""
    if day is None:
        return UNKNOWN
    return date.fromordinal(date.fromisoformat(day).toordinal() - 1).isoformat()
