"""Findings about people as lines of a list: in words, with their place, found by typed words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gridadmin.app.area_search import folded
from gridadmin.app.pinyin import pattern_of
from gridadmin.app.seat_search import Spellings
from gridadmin.app.staffing import finding_text
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.model import Area
from gridadmin.staffing.book import BASE_UNIT_LEVEL, StaffBook
from gridadmin.staffing.finding import StaffFinding

_BREAK = "\n"
_OBJECTS = ("point_object", "line_object", "compound", "grouping", "organization")


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding with what a list says of it.

    ``place`` is the area that it is about, that of the person's first post, or None; ``unit`` the
    community or village of that place, else the place itself. ``about`` names who or what is
    concerned beside the area: a person, a unit, a post, a street; empty for the area alone.
    """

    finding: StaffFinding
    text: str
    place: Area | None
    unit: Area | None
    about: str


@dataclass(frozen=True)
class FindingFilter:
    """Which findings are wanted; what is empty lets everything through."""

    severities: Collection[Severity] = ()
    kind: str = ""
    typed: str = ""


class FindingList:
    """The findings of one book in words; quick to look through.

    What stood in a list *before* is taken over where nothing that it tells has changed.
    """

    def __init__(
        self,
        book: StaffBook,
        found: Sequence[StaffFinding],
        lang: str,
        spellings: Spellings | None = None,
        before: FindingList | None = None,
    ) -> None:
        self.book = book
        self.lang = lang
        self._spellings = Spellings() if spellings is None else spellings
        self.lines: list[FindingLine] = []
        self.spelled: list[tuple[str, str]] = []
        """What typed words are looked for in, line by line: as written, and how it sounds."""
        known = _Known(self, before)
        for one in found:
            line, words = known.of(one) or (None, None)
            if line is None or words is None:
                line = _line(book, one, lang)
                words = self._words_of(line)
            self.lines.append(line)
            self.spelled.append(words)
        self._severities = Counter(line.finding.severity for line in self.lines)
        self._kinds = Counter(line.finding.kind for line in self.lines)

    def find(self, by: FindingFilter) -> list[FindingLine]:
        """Return the lines that pass, in the order of a report."""
        words = [_Word(word) for word in folded(by.typed).split()]
        lines = self.lines
        if words:
            both = zip(self.lines, self.spelled, strict=True)
            lines = [line for line, told in both if all(word.is_in(*told) for word in words)]
        if by.severities:
            lines = [line for line in lines if line.finding.severity in by.severities]
        if by.kind:
            lines = [line for line in lines if line.finding.kind == by.kind]
        return list(lines)

    def by_severity(self) -> Counter[Severity]:
        """Return how many findings there are of each severity."""
        return self._severities

    def by_kind(self) -> Counter[str]:
        """Return how many findings there are of each kind, in the order of a report."""
        return self._kinds

    def _words_of(self, line: FindingLine) -> tuple[str, str]:
        """Return what typed words are looked for in: as written, and how it sounds."""
        names = [area.name for area in (line.place, line.unit) if area is not None]
        spelled = [self._spellings.of(name) for name in dict.fromkeys((*names, line.about)) if name]
        code = "" if line.place is None else line.place.code or ""
        written = (folded(line.text), code, *(text for text, _ in spelled))
        return _BREAK.join(written), _BREAK.join(sounds for _, sounds in spelled)


class _Known:
    """The lines of an earlier list that say the same today."""

    def __init__(self, now: FindingList, before: FindingList | None) -> None:
        self._lines: dict[int, tuple[FindingLine, tuple[str, str]]] = {}
        if before is None or not _is_same_place(now, before):
            return
        # A finding that nothing touched is the same object from one look to the next.
        self._lines = {
            id(line.finding): (line, words)
            for line, words in zip(before.lines, before.spelled, strict=True)
        }
        self._persons = before.book.snapshot.rows("person"), now.book.snapshot.rows("person")

    def of(self, one: StaffFinding) -> tuple[FindingLine, tuple[str, str]] | None:
        """Return the line of a finding; not of one whose place follows from a person's post."""
        known = self._lines.get(id(one))
        if known is None or known[0].finding is not one or one.area is None:
            return None
        if one.person is None:
            return known
        before, now = self._persons
        return known if before.get(one.person) is now.get(one.person) else None


def _is_same_place(now: FindingList, before: FindingList) -> bool:
    """Return whether areas, units and the language are those of before: their names are told."""
    old, new = before.book.snapshot, now.book.snapshot
    is_same = all(old.rows(table) is new.rows(table) for table in ("area", "organization"))
    return is_same and now.lang == before.lang


class _Word:
    """A typed word: part of what is written, or, in Latin letters, of how a name sounds."""

    def __init__(self, word: str) -> None:
        self._word = word
        is_sound = word.isascii() and not word.isdigit()
        self._search = re.compile(pattern_of(word)).search if is_sound else None

    def is_in(self, text: str, sounds: str) -> bool:
        return self._word in text or (self._search is not None and bool(self._search(sounds)))


def _line(book: StaffBook, one: StaffFinding, lang: str) -> FindingLine:
    place = _place(book, one)
    return FindingLine(
        one, finding_text(book, one, lang), place, _unit(book, place), _about(book, one, lang)
    )


def _place(book: StaffBook, one: StaffFinding) -> Area | None:
    rows = book.snapshot.rows("area")
    if one.area is not None and one.area in rows:
        found: Area = rows[one.area]
        return found
    if one.person is None:
        return rows.get(_area_of_subject(book, one) or "")
    held = (rows.get(post.anchor) for post in book.of(one.person) if post.anchor_kind == "area")
    return next((area for area in held if area is not None), None)


def _area_of_subject(book: StaffBook, one: StaffFinding) -> str | None:
    """Return where a street, shop, compound or the like lies, as far as it is written down."""
    uid = one.subject.partition(" ")[0]
    for table in _OBJECTS:
        row = book.snapshot.rows(table).get(uid)
        if row is not None:
            return getattr(row, "area", None)
    return None


def _unit(book: StaffBook, place: Area | None) -> Area | None:
    if place is None:
        return None
    chain = (place, *book.snapshot.ancestors(place.uid))
    return next((area for area in chain if area.level == BASE_UNIT_LEVEL), place)


def _about(book: StaffBook, one: StaffFinding, lang: str) -> str:
    person = book.snapshot.rows("person").get(one.person) if one.person else None
    if person is not None:
        return str(person.name)
    unit = book.organizations.get(one.subject)
    if unit is not None:
        return unit.name
    named = one.params
    for key in ("object", "node", "group", "building", "compound"):
        if key in named:
            return str(named[key])
    post = book.posts.get(str(named.get("post", "")))
    if post is None:
        return ""
    return post.zh if lang == "zh" else post.en or post.zh
