"""How many people each area must have on each post, and how many it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from gridadmin.domain.model import Area
from gridadmin.domain.people import Person
from gridadmin.domain.scheme import LEVELS, Post
from gridadmin.partition.figures import households_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.anchors import (
    OBJECT_TABLES,
    is_listed_for_posts,
    level_of_object,
    seats_by_hand,
)
from gridadmin.staffing.book import StaffBook

RATIO_POST = "grid_member"
"""The post whose number follows from the households, where a scheme asks for a ratio."""


@dataclass(frozen=True, slots=True)
class Need:
    """A post on an area: how many are required, who is there; ``most`` None = any number."""

    area: Area
    post: Post
    required: int
    most: int | None
    holders: tuple[Person, ...]

    @property
    def vacant(self) -> int:
        """How many are missing."""
        return max(self.required - len(self.holders), 0)

    @property
    def surplus(self) -> int:
        """How many are there beyond what the post allows."""
        return 0 if self.most is None else max(len(self.holders) - self.most, 0)


def needs_of(book: StaffBook, area: Area) -> list[Need]:
    """Return the posts of an area in the scheme's order, optional ones only when held."""
    found = []
    for post in book.scheme.posts_on(area.level, area.kind, book.mode):
        holders = tuple(book.holders(area.uid, post.key))
        required = required_seats(book, area, post)
        if required or holders:
            most = None if post.most is None else max(post.most, required)
            found.append(Need(area, post, required, most, holders))
    return found


def needs_on(book: StaffBook, area: Area) -> Sequence[Need]:
    """Return the posts of an area as :func:`needs_of` does, worked out once for a book."""
    known = book.once(_needs_by_area)
    found = known.get(area.uid)
    if found is None:
        found = known[area.uid] = needs_of(book, area)
    return found


def _needs_by_area(_: StaffBook) -> dict[str, Sequence[Need]]:
    return {}


def all_needs(book: StaffBook) -> Sequence[Need]:
    """Return the posts of all areas, level by level from the top, each by code."""
    return book.once(_all_needs)


def _all_needs(book: StaffBook) -> Sequence[Need]:
    return [need for level in LEVELS for area in book.areas(level) for need in needs_on(book, area)]


@dataclass(frozen=True, slots=True)
class ObjectNeed:
    """A post on something that is no area: a street, shop, cluster, facility.

    ``level`` is the word by which the scheme's posts name it.
    """

    table: str
    uid: str
    name: str
    level: str
    post: Post
    required: int
    holders: tuple[Person, ...]

    @property
    def vacant(self) -> int:
        """How many are missing."""
        return max(self.required - len(self.holders), 0)


def object_needs(book: StaffBook) -> Sequence[ObjectNeed]:
    """Return the posts of all objects that are no areas, by table, kind and name."""
    return book.once(_object_needs)


def _object_needs(book: StaffBook) -> Sequence[ObjectNeed]:
    named = {level for post in book.scheme.posts for level in post.levels}
    found: list[ObjectNeed] = []
    for table in OBJECT_TABLES:
        for row in book.snapshot.rows(table).values():
            level = level_of_object(table, row)
            if level in named:
                found += _needs_of_object(book, table, row, level)
    order = list(book.posts)
    found.sort(key=lambda one: (one.level, one.name, one.uid, order.index(one.post.key)))
    return found


def _needs_of_object(book: StaffBook, table: str, row: Any, level: str) -> Iterator[ObjectNeed]:
    for post in book.scheme.posts_on(level, mode=book.mode):
        holders = tuple(book.holders(row.uid, post.key, table))
        required = book.seats(row.uid, post, table) if is_listed_for_posts(table, row) else 0
        if required or holders:
            yield ObjectNeed(table, row.uid, row.name or "", level, post, required, holders)


def required_seats(book: StaffBook, area: Area, post: Post) -> int:
    """Return how many people a post of an area must have; 0 = it may stay empty.

    With a ratio it is the households divided by it, rounded up, and at least the usual seats.
    """
    seats = book.seats(area.uid, post)
    ratio = book.check("member_ratio")
    if post.key == RATIO_POST and ratio.on and area.level == "grid":
        return max(seats, members_for(book.households(area), ratio.param("households_per_member")))
    return seats


def seats_asked_for(snapshot: Snapshot, area: Area, mode: str | None) -> int:
    """Return how many people all posts of an area must have, without a book of the people."""
    ratio = snapshot.check("member_ratio")
    seats = 0
    for post in snapshot.scheme.posts_on(area.level, area.kind, mode):
        said = seats_by_hand(snapshot, "area", area.uid, post.key)
        own = post.seats if said is None else said
        if post.key == RATIO_POST and ratio.on and area.level == "grid":
            households = households_of(snapshot, area)[0]
            own = max(own, members_for(households, ratio.param("households_per_member")))
        seats += own
    return seats


def members_for(households: int | None, per_member: float) -> int:
    """Return ceil(households / per_member); 0 where the households are unknown."""
    return 0 if households is None else ceil(households / per_member)
