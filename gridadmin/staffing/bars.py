"""Bars of a dashboard: seats by street and by kind of post, people sent by unit, cadres by rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gridadmin.domain.model import Area
from gridadmin.domain.scheme import Post
from gridadmin.staffing.book import BASE_UNIT_LEVEL
from gridadmin.staffing.figures import in_printed_order
from gridadmin.staffing.seats import SeatRoll
from gridadmin.staffing.unit_rules import latest_headcounts, sent_by_unit


@dataclass(frozen=True, slots=True)
class Bar:
    """How many there are and how many are missing; ``due`` None = nobody says how many.

    ``key`` is the uid or key of what the bar is about, empty where that is unknown.
    """

    key: str
    name: str
    held: int
    missing: int = 0
    due: int | None = None


@dataclass(frozen=True)
class Bars:
    """All charts of a day, each in the order in which it is read."""

    places: Sequence[Bar]
    posts: Sequence[Bar]
    units: Sequence[Bar]
    ranks: Sequence[Bar]


def bars_of(roll: SeatRoll) -> Bars:
    """Return the bars of a roll."""
    return Bars(_by_place(roll), _by_post(roll), _by_unit(roll), _by_rank(roll))


def _by_place(roll: SeatRoll) -> list[Bar]:
    """Seats of each street or town with all below; communities where there are no streets."""
    snapshot = roll.book.snapshot
    level = "street" if roll.book.areas("street") else BASE_UNIT_LEVEL
    held: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    place_of: dict[str, str | None] = {}
    for seat in roll.seats:
        if seat.area is None:
            continue
        uid = seat.area.uid
        if uid not in place_of:
            chain = (seat.area, *snapshot.ancestors(uid))
            place_of[uid] = next((one.uid for one in chain if one.level == level), None)
        place = place_of[uid]
        if place is not None:
            (missing if seat.person is None else held)[place] += 1
    areas: list[Area] = list(roll.book.areas(level))
    return [
        _bar(area.uid, area.name, held, missing)
        for area in areas
        if held[area.uid] or missing[area.uid]
    ]


def _bar(key: str, name: str, held: Counter[str], missing: Counter[str]) -> Bar:
    return Bar(key, name, held[key], missing[key], held[key] + missing[key])


def _by_post(roll: SeatRoll) -> list[Bar]:
    held: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for seat in roll.seats:
        if seat.post is not None:
            (missing if seat.person is None else held)[seat.post.key] += 1
    posts: Sequence[Post] = list(roll.book.posts.values())
    return [
        Bar(
            post.key, post.zh, held[post.key], missing[post.key], held[post.key] + missing[post.key]
        )
        for post in posts
        if held[post.key] or missing[post.key]
    ]


def _by_unit(roll: SeatRoll) -> list[Bar]:
    """People that each unit has sent down against its quota, units as they are printed."""
    book = roll.book
    sent = book.once(sent_by_unit)
    counts = book.once(latest_headcounts)
    found = []
    for unit in sorted(book.organizations.values(), key=in_printed_order):
        uid = unit.uid
        row = counts.get(uid)
        quota = None if row is None else row.quota
        if sent[uid] or quota:
            missing = 0 if quota is None else max(quota - sent[uid], 0)
            found.append(Bar(uid, unit.name, sent[uid], missing, quota))
    return found


def _by_rank(roll: SeatRoll) -> list[Bar]:
    """Cadres by rank, from the highest of the scheme down; persons, not person-times."""
    book = roll.book
    ranks = Counter(book.persons[uid].rank or "" for uid in book.cadres())
    place = {rank.zh: number for number, rank in enumerate(book.scheme.ranks)}
    order = sorted(
        ranks.items(),
        key=lambda one: (not one[0], place.get(one[0], len(place)), -one[1], one[0]),
    )
    return [Bar(rank, rank, count) for rank, count in order]
