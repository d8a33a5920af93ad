"""What is wrong with the people: a kind, where, who, and the numbers of its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import issue_id
from gridadmin.domain.model import Area
from gridadmin.domain.scheme import Check
from gridadmin.staffing.book import StaffBook


@dataclass(frozen=True, slots=True)
class StaffFinding:
    """A fault in staffing. ``area`` and ``person`` are uids; ``params`` fill ``staff.<kind>``.

    ``subject`` tells findings of one kind on one area apart: a post, a unit, a channel.
    ``sentence`` names another text than that of the kind.
    """

    kind: str
    severity: Severity
    area: str | None = None
    person: str | None = None
    subject: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    sentence: str = ""

    @property
    def id(self) -> str:
        """The lasting number of the finding."""
        about = [part for part in (self.area, self.person, self.subject) if part]
        return issue_id(self.kind, "", about, None)


class Rule(Protocol):
    """Looks at the people of one day and yields what its kind of check finds."""

    def __call__(self, book: StaffBook, check: Check) -> Iterator[StaffFinding]:
        """Yield what is found."""


class AreaRule:
    """A rule that looks at one area at a time: its people, those below it, its bodies.

    It is asked again for an area when something there, or below it, is another.
    """

    def __init__(self, levels: LevelsOf, look: LookAtArea) -> None:
        self.levels = levels
        self.look = look
        self.__doc__ = look.__doc__

    def __call__(self, book: StaffBook, check: Check) -> Iterator[StaffFinding]:
        """Yield what is found on all areas, level by level."""
        for level in self.levels(book):
            for area in book.areas(level):
                yield from self.look(book, check, area)


class PersonRule:
    """A rule that looks at one person at a time: who it is, and the posts."""

    def __init__(self, look: LookAtPerson) -> None:
        self.look = look
        self.__doc__ = look.__doc__

    def __call__(self, book: StaffBook, check: Check) -> Iterator[StaffFinding]:
        """Yield what is found on all persons."""
        for uid in book.persons:
            yield from self.look(book, check, uid)


class WholeRule:
    """A rule about the project as a whole; it is asked again when one of *tables* is another.

    The table ``area`` stands for which areas there are and how they hang.
    """

    def __init__(self, tables: frozenset[str], look: Look) -> None:
        self.tables = tables
        self.look = look
        self.__doc__ = look.__doc__

    def __call__(self, book: StaffBook, check: Check) -> Iterator[StaffFinding]:
        """Yield what is found."""
        yield from self.look(book, check)


LevelsOf = Callable[[StaffBook], Iterable[str]]
Look = Callable[[StaffBook, Check], Iterable[StaffFinding]]
LookAtArea = Callable[[StaffBook, Check, Area], Iterable[StaffFinding]]
LookAtPerson = Callable[[StaffBook, Check, str], Iterable[StaffFinding]]


def on_areas(*levels: str) -> Callable[[LookAtArea], AreaRule]:
    """Make a rule of what looks at one area of some levels."""
    return lambda look: AreaRule(lambda _: levels, look)


def on_areas_of(levels: LevelsOf) -> Callable[[LookAtArea], AreaRule]:
    """Make a rule of what looks at one area of levels that the scheme says."""
    return lambda look: AreaRule(levels, look)


def on_whole(*tables: str) -> Callable[[Look], WholeRule]:
    """Make a rule of what looks at the whole project, following some tables."""
    return lambda look: WholeRule(frozenset(tables), look)
