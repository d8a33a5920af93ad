"""What a report on the people consists of: facts, figures, tables; the same in Excel and PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gridadmin.base.texts import sentence
from gridadmin.domain.model import Area
from gridadmin.domain.people import Assignment
from gridadmin.domain.scheme import Entry, Level, Post, Term
from gridadmin.edit.command import label
from gridadmin.staffing.book import StaffBook

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """One table: its title, the words above its columns, their widths as shares, its rows.

    ``bold`` are rows (by number) that sum others up.
    """

    title: str
    heads: Sequence[str]
    shares: Sequence[float]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    bold: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class StaffDocument:
    """A whole report."""

    title: str
    facts: Sequence[tuple[str, str]]
    figures: Sequence[tuple[str, str]]
    note: str
    tables: Sequence[Table]
    persons: int
    """How many persons it names or counts, for the log of exports."""
    lang: str


@dataclass(frozen=True)
class Ask:
    """What a report is made from: the people of a day, the day to compare with, the language."""

    book: StaffBook
    since: str
    lang: str

    def say(self, name: str, /, **params: Any) -> str:
        """Return the text ``staff_report.<name>``."""
        return sentence(f"staff_report.{name}", self.lang, params)

    def heads(self, *names: str) -> list[str]:
        """Return the words above columns."""
        return [self.say(f"head_{name}") for name in names]

    def named(self, term: Term | Entry | Post | Level | None) -> str:
        """Return what the scheme calls something."""
        if term is None:
            return ""
        return term.zh if self.lang == "zh" else term.en

    def post(self, key: str) -> str:
        """Return what a post is called; its key where the scheme has none such."""
        return self.named(self.book.posts[key]) if key in self.book.posts else key

    def level(self, key: str) -> str:
        """Return what a level is called."""
        return self.named(self.book.scheme.level(key)) or key

    def unit(self, uid: str | None) -> str:
        """Return the name of a unit, empty for none."""
        rows = self.book.snapshot.rows("organization")
        return str(rows[uid].name) if uid is not None and uid in rows else ""

    def mode(self, key: str | None) -> str:
        """Return what a mode is called; a word for all of them."""
        for one in self.book.scheme.modes:
            if one.key == key:
                return self.named(one)
        return self.say("all_modes") if key is None else key

    def place(self, kind: str, uid: str) -> str:
        """Return the name of what a post or pairing stands on."""
        row = self.book.snapshot.rows(kind).get(uid)
        if row is None:
            return ""
        return label(row) if isinstance(row, Area) else str(getattr(row, "name", "") or uid)

    def place_of(self, one: Assignment | None) -> str:
        """Return where an assignment is, empty for none."""
        return "" if one is None else self.place(one.anchor_kind, one.anchor)

    @property
    def named_scheme(self) -> str:
        """What the scheme is called."""
        scheme = self.book.scheme
        return scheme.zh if self.lang == "zh" else scheme.en
