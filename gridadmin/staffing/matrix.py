"""Base units × posts: how many people each community or village needs and has, holes to be seen.

A cell adds up the posts of the unit and of all areas below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gridadmin.domain.model import Area
from gridadmin.domain.scheme import Post
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.needs import all_needs
from gridadmin.staffing.post_rules import OFFICERS
from gridadmin.staffing.seats import base_units_of, wanted_seats

CADRES = "cadres"
"""The column that counts cadres of all kinds: a unit without any is not covered."""


@dataclass(frozen=True, slots=True)
class Cell:
    """People required and there; ``vacant`` are the seats that nobody holds, area by area."""

    required: int = 0
    held: int = 0
    vacant: int = 0


@dataclass(frozen=True)
class Matrix:
    """The cells of all base units; a unit without a cell has no such post."""

    units: Sequence[Area]
    posts: Sequence[Post]
    cells: Mapping[tuple[str, str], Cell]
    """By uid of the unit and key of the post (or :data:`CADRES`)."""

    def cell(self, unit: str, column: str) -> Cell:
        """Return one cell."""
        return self.cells.get((unit, column), _EMPTY)

    def has_hole(self, unit: str) -> bool:
        """Return whether anybody is missing in a unit, a cadre or the holder of a post."""
        columns = (post.key for post in self.posts)
        if any(self.cell(unit, column).vacant for column in columns):
            return True
        return not self.cell(unit, CADRES).held and self.asks_cadres

    def is_empty(self, column: str) -> bool:
        """Return whether nobody holds a post in any unit, and nobody is asked for."""
        cells = (self.cell(unit.uid, column) for unit in self.units)
        return not any(cell.required or cell.held for cell in cells)

    @property
    def asks_cadres(self) -> bool:
        """Whether the scheme has posts of cadres at all."""
        return any(post.is_cadre for post in self.posts)


def matrix_of(book: StaffBook) -> Matrix:
    """Return the matrix of a book: columns in the scheme's order, units by code."""
    units = book.base_units()
    base = base_units_of(book)
    required: dict[tuple[str, str], int] = {}
    held: dict[tuple[str, str], int] = {}
    vacant: dict[tuple[str, str], int] = {}
    cadres: dict[str, set[str]] = {unit.uid: set() for unit in units}
    used: set[str] = set()
    for need in all_needs(book):
        unit = base.get(need.area.uid)
        if unit is None:
            continue
        key = unit.uid, need.post.key
        used.add(need.post.key)
        required[key] = required.get(key, 0) + need.required
        vacant[key] = vacant.get(key, 0) + need.vacant
        held[key] = held.get(key, 0) + len(need.holders)
        if need.post.is_cadre:
            cadres[unit.uid].update(one.uid for one in need.holders)
    cells = {key: Cell(count, held[key], vacant[key]) for key, count in required.items()}
    cells.update(
        {(uid, CADRES): Cell(1, len(found), int(not found)) for uid, found in cadres.items()}
    )
    for unit in units:
        _ask_officers(book, unit, cells)
    levels = _levels_below(book, units)
    posts = [
        post
        for post in book.scheme.posts
        if _is_in_mode(post, book.mode) and (post.key in used or set(post.levels) & levels)
    ]
    return Matrix(units, posts, cells)


def _ask_officers(book: StaffBook, unit: Area, cells: dict[tuple[str, str], Cell]) -> None:
    """Make holes of the officers whom a check asks for and nobody is."""
    for post in book.scheme.posts_on(unit.level, unit.kind, book.mode):
        wanted = wanted_seats(book, unit, post) if post.group == OFFICERS else 0
        known = cells.get((unit.uid, post.key), _EMPTY)
        if wanted > known.required:
            lacking = max(wanted - known.held, 0)
            cells[unit.uid, post.key] = Cell(wanted, known.held, lacking)


def _levels_below(book: StaffBook, units: Iterable[Area]) -> set[str]:
    found = {unit.level for unit in units}
    if found:
        order = [level.key for level in book.scheme.present_levels]
        found.update(order[order.index(next(iter(found))) :] if found <= set(order) else ())
    return found


def _is_in_mode(post: Post, mode: str | None) -> bool:
    return mode is None or not post.modes or mode in post.modes


_EMPTY = Cell()
