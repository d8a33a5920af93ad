"""Whom to call in each grid: everybody at work in it, its own posts first, with their phones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridadmin.domain.model import Area
from gridadmin.domain.people import Assignment, Person
from gridadmin.domain.scheme import LEVELS
from gridadmin.staffing.book import StaffBook

CALLED_LEVEL = "grid"


@dataclass(frozen=True, slots=True)
class Call:
    """A person to be called, with the post for which."""

    person: Person
    assignment: Assignment

    @property
    def has_phone(self) -> bool:
        """Whether the person can be called at all."""
        return bool(self.person.duty_phone or self.person.own_phone)


@dataclass(frozen=True, slots=True)
class CallGroup:
    """A grid and those to be called for it; each person once, by the first of the posts there."""

    grid: Area
    calls: tuple[Call, ...]

    @property
    def can_be_called(self) -> bool:
        """Whether anybody of the grid has a phone."""
        return any(call.has_phone for call in self.calls)


def call_list(book: StaffBook, within: Sequence[str] | None = None) -> list[CallGroup]:
    """Return the groups of all grids by code; of those in the areas *within* (uids) alone.

    An area below a grid stands for its grid.
    """
    snapshot = book.snapshot
    order = {key: number for number, key in enumerate(book.posts)}
    wanted = None if within is None else _grids(book, within)
    found = []
    for grid in book.areas(CALLED_LEVEL):
        if wanted is not None and grid.uid not in wanted:
            continue
        rows = snapshot.rows("area")
        held = sorted(
            book.below(grid.uid),
            key=lambda one: (
                LEVELS.index(rows[one.anchor].level) if rows[one.anchor].level in LEVELS else 99,
                order[one.post],
                rows[one.anchor].code or "~",
                book.persons[one.person].name,
                one.uid,
            ),
        )
        calls: dict[str, Call] = {}
        for one in held:
            calls.setdefault(one.person, Call(book.persons[one.person], one))
        found.append(CallGroup(grid, tuple(calls.values())))
    return found


def _grids(book: StaffBook, within: Sequence[str]) -> set[str]:
    """Return the uids of the grids in areas, or above them."""
    snapshot = book.snapshot
    found: set[str] = set()
    for uid in within:
        if uid not in snapshot.rows("area"):
            continue
        chain = (snapshot.area(uid), *snapshot.ancestors(uid), *snapshot.descendants(uid))
        found.update(area.uid for area in chain if area.level == CALLED_LEVEL)
    return found
