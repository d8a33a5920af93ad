"""The whole change log made searchable: words, author, date, areas touched; built in a worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gridadmin.app.history_facts import (
    LARGE_KINDS,
    Gist,
    Standing,
    gist_of,
    standing_of,
    touched_areas,
)
from gridadmin.base.progress import Progress, checkpoint
from gridadmin.domain.change import Change, LogEntry
from gridadmin.edit.document import Done
from gridadmin.partition.snapshot import Snapshot
from ui.panels import words
from ui.panels.gesture_words import gesture_about


@dataclass(frozen=True)
class HistoryFilter:
    """What is looked for: words in any order, one author, a first day, one area; all must hold."""

    typed: str = ""
    author: str = ""
    since: str = ""
    area: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether everything passes."""
        return self == HistoryFilter()


@dataclass(frozen=True)
class _Row:
    entry: LogEntry
    text: str
    areas: frozenset[str]
    day: str
    """The day by the clock on the wall."""


class HistoryIndex:
    """Every entry of the log with what it says and what it touched, newest first."""

    def __init__(self, rows: list[_Row]) -> None:
        self._rows = rows
        self._by_revision = {row.entry.revision: row for row in rows}
        self._standing: Standing | None = None

    @classmethod
    def read(
        cls,
        entries: list[LogEntry],
        change_at: Callable[[int], Change],
        snapshot: Snapshot,
        progress: Progress,
    ) -> HistoryIndex:
        """Return the index of a log, newest first. Raises: StoreError, Cancelled."""
        gesture_of = standing_of(entries).gesture_of
        by_revision = {entry.revision: entry for entry in entries}
        gists: dict[int, Gist | None] = {}
        rows: list[_Row] = []
        for number, entry in enumerate(reversed(entries)):
            checkpoint(progress, "progress.reading", number, len(entries))
            change = change_at(entry.revision)
            if entry.kind not in LARGE_KINDS and entry.undid is None and entry.redid is None:
                gists[entry.revision] = gist_of(snapshot, change)
            about = by_revision.get(gesture_of.get(entry.revision, -1))
            gist = gists.get((about or entry).revision)
            text = _text(entry, gesture_about(entry, about, gist))
            areas = touched_areas(snapshot, change)
            rows.append(_Row(entry, text, areas, words.local_day(entry.time)))
        return cls(rows[::-1])

    def add(self, entry: LogEntry, said: str, done: Done) -> None:
        """Take in a new gesture and what it says."""
        if entry.revision in self._by_revision:
            return
        areas = touched_areas(done.before, done.change) | touched_areas(done.after, done.change)
        row = _Row(entry, _text(entry, said), areas, words.local_day(entry.time))
        self._rows.insert(0, row)
        self._by_revision[entry.revision] = row
        self._standing = None

    @property
    def standing(self) -> Standing:
        """How the gestures of the whole log stand."""
        if self._standing is None:
            self._standing = standing_of([row.entry for row in self._rows])
        return self._standing

    @property
    def newest(self) -> int:
        """The revision of the newest entry, 0 without any."""
        return self._rows[0].entry.revision if self._rows else 0

    def authors(self) -> list[str]:
        """Return all who made a change, sorted."""
        return sorted({row.entry.author for row in self._rows})

    def matching(self, wanted: HistoryFilter) -> list[LogEntry]:
        """Return the entries that pass a filter, newest first."""
        tokens = wanted.typed.casefold().split()
        return [
            row.entry
            for row in self._rows
            if (not wanted.author or row.entry.author == wanted.author)
            and (not wanted.since or row.day >= wanted.since)
            and (not wanted.area or wanted.area in row.areas)
            and all(token in row.text for token in tokens)
        ]


def _text(entry: LogEntry, said: str) -> str:
    """Return all that can be looked for in an entry, days as 2026-03-05 and as 03-05 among it."""
    parts = said, entry.note, entry.author, words.local_day(entry.time), words.clock(entry.time)
    return " ".join(parts).casefold()
