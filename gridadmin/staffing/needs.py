"""How many people each area must have on each post, and how many it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from gridadmin.domain.model import Area
from gridadmin.domain.people import Person
from gridadmin.domain.scheme import LEVELS, Post
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


def all_needs(book: StaffBook) -> Iterator[Need]:
    """Yield the posts of all areas, level by level from the top, each by code."""
    by_level: dict[str, list[Area]] = {}
    for area in book.snapshot.areas():
        by_level.setdefault(area.level, []).append(area)
    for level in LEVELS:
        areas = by_level.get(level, ())
        for area in sorted(areas, key=lambda one: (one.code or "~", one.name, one.uid)):
            yield from needs_of(book, area)


def required_seats(book: StaffBook, area: Area, post: Post) -> int:
    """Return how many people a post of an area must have; 0 = it may stay empty.

    With a ratio it is the households divided by it, rounded up, and at least the usual seats.
    """
    seats = book.seats(area.uid, post)
    ratio = book.scheme.check("member_ratio")
    if post.key == RATIO_POST and ratio.on and area.level == "grid":
        return max(seats, members_for(book.households(area), ratio.param("households_per_member")))
    return seats


def members_for(households: int | None, per_member: float) -> int:
    """Return ceil(households / per_member); 0 where the households are unknown."""
    return 0 if households is None else ceil(households / per_member)
