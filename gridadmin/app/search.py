"""Finding areas and buildings by name, code, address, pinyin and initials. Knows no screen.

All names stand in one long text, a line each, and so do codes and pinyin; finding is then one run
of ``str.find`` over each, which is quick enough for every keystroke in a project of any size.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gridadmin.app.lineage_facts import heirs_of
from gridadmin.app.pinyin import Keys, keys_of, pattern_of
from gridadmin.base.portions import sorted_in_portions
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.model import Area, Building
from gridadmin.edit.document import Done
from gridadmin.partition.snapshot import Snapshot

AREA, BUILDING, RETIRED = "area", "building", "retired"
_ORDER = {AREA: 0, BUILDING: 1, RETIRED: 2}
"""Which of equally good finds comes first."""

_STRIDE = 2000
"""So many entries between two looks at whether the user cancelled."""
_MANY_ADDED = 3000
"""With so many entries beside the frozen ones the index is worth building anew."""
_MOST_HITS = 6000
"""A word that fits more entries than this says too little to rank them all."""
_NEVER = 99


class Found(NamedTuple):
    """Something found. ``path`` names what it lies in, top down; ``place`` is in local metres.

    A building has no code; an area has no place. A retired area has in ``path`` who took over.
    """

    kind: str
    uid: str
    name: str
    code: str
    level: str
    path: tuple[str, ...]
    place: tuple[float, float] | None


class _Entry(NamedTuple):
    kind: str
    uid: str
    depth: int
    name: str
    other: str
    """The code of an area, the address of a building."""


@dataclass(frozen=True)
class _Text:
    """A text with one line for each entry, and where each line begins."""

    text: str
    starts: array[int]

    @classmethod
    def of(cls, lines: Sequence[str]) -> _Text:
        starts, at = array("L"), 1
        for line in lines:
            starts.append(at)
            at += len(line) + 1
        return cls("\n" + "\n".join(lines) + "\n", starts)

    def find(self, wanted: str) -> Iterator[int]:
        """Yield the entries in whose line *wanted* stands, once for each time it does."""
        at = self.text.find(wanted)
        while at >= 0:
            yield self._entry_at(at + wanted.startswith("\n"))
            at = self.text.find(wanted, at + 1)

    def match(self, pattern: str) -> Iterator[int]:
        """Yield the entries in whose line the regular expression *pattern* fits."""
        for fit in re.finditer(pattern, self.text):
            yield self._entry_at(fit.start() + pattern.startswith("\n"))

    def _entry_at(self, at: int) -> int:
        return bisect_right(self.starts, at) - 1


class _Block:
    """Lines that don't change, and how well each fits what somebody types."""

    __slots__ = ("initials", "names", "others", "syllables")

    def __init__(self, names: Sequence[str], others: Sequence[str], keys: Sequence[Keys]) -> None:
        self.names = _Text.of([_normal(name) for name in names])
        self.others = _Text.of([_normal(other) for other in others])
        self.syllables = _Text.of([key.full for key in keys])
        self.initials = _Text.of([key.initials for key in keys])

    def hits(self, word: str) -> dict[int, int]:
        """Return how well lines fit *word*, best 0; those that don't fit are left out."""
        found: dict[int, int] = {}
        _take(found, 0, self.others.find(f"\n{word}\n"))
        _take(found, 1, self.names.find(f"\n{word}\n"))
        _take(found, 2, self.names.find(f"\n{word}"))
        _take(found, 2, self.others.find(f"\n{word}"))
        _take(found, 4, self.names.find(word))
        _take(found, 5, self.others.find(word))
        if word.isascii():
            syllables = pattern_of(word)
            _take(found, 3, self.syllables.match(f"\n{syllables}"))
            _take(found, 3, self.initials.find(f"\n{word}"))
            _take(found, 6, self.syllables.match(syllables))
            _take(found, 7, self.initials.find(word))
        return found


def _take(found: dict[int, int], rank: int, lines: Iterable[int]) -> None:
    for line in lines:
        if found.get(line, _NEVER) > rank:
            found[line] = rank
        if len(found) >= _MOST_HITS:
            return


class Phrases:
    """A few phrases, such as the names of commands, found as areas are."""

    def __init__(self, phrases: Sequence[str]) -> None:
        keys = [keys_of(_normal(phrase)) for phrase in phrases]
        self._block = _Block(phrases, [""] * len(phrases), keys)

    def find(self, text: str) -> list[int]:
        """Return the numbers of the phrases that all words of *text* fit, best first."""
        words = _normal(text).split()
        if not words:
            return []
        hits = [self._block.hits(word) for word in words]
        both = set(hits[0]).intersection(*hits[1:])
        return sorted(both, key=lambda line: (max(one[line] for one in hits), line))


class SearchIndex:
    """What can be found in one state of a project; another state has another index."""

    __slots__ = ("_added", "_block", "_entries", "_gone", "_late", "snapshot")

    def __init__(
        self,
        snapshot: Snapshot,
        entries: Sequence[_Entry],
        block: _Block,
        gone: frozenset[str] = frozenset(),
        late: Sequence[_Entry] = (),
    ) -> None:
        self.snapshot = snapshot
        self._entries = entries
        self._block = block
        self._gone = gone
        self._late = late
        self._added = _made(late, SILENT)

    @classmethod
    def of(cls, snapshot: Snapshot, progress: Progress = SILENT) -> SearchIndex:
        """Return the index of *snapshot*. Raises: Cancelled."""
        entries = [_area_entry(snapshot, area) for area in snapshot.areas()]
        # Equally good finds come in this order: wide areas first, then by code.
        entries = sorted_in_portions(
            entries, lambda entry: (entry.depth, entry.other or "~", entry.name)
        )
        buildings = (_building_entry(row) for row in snapshot.rows("building").values())
        entries += [entry for entry in buildings if entry is not None]
        ended = [area for area in snapshot.rows("area").values() if area.valid_to is not None]
        entries += [_area_entry(snapshot, area) for area in ended]
        return cls(snapshot, entries, _made(entries, progress))

    @property
    def is_worn(self) -> bool:
        """Whether so much has changed that an index made anew would be quicker."""
        return len(self._late) > _MANY_ADDED

    def after(self, done: Done) -> SearchIndex:
        """Return the index of the state after *done*."""
        touched: dict[str, _Entry | None] = {}
        for row in done.change.of("area"):
            area = row.after
            touched[str(row.key)] = None if area is None else _area_entry(done.after, area)
        for row in done.change.of("building"):
            touched[str(row.key)] = None if row.after is None else _building_entry(row.after)
        late = [entry for entry in self._late if entry.uid not in touched]
        late += [entry for entry in touched.values() if entry is not None]
        gone = self._gone | touched.keys()
        return SearchIndex(done.after, self._entries, self._block, gone, late)

    def find(self, text: str, limit: int = 20) -> list[Found]:
        """Return what fits *text* best, best first.

        Several words must all fit; all but one may fit what the thing lies in, so that
        ``桂中 第三`` finds 第三网格 of 桂中社区.
        """
        words = _normal(text).split()
        if not words:
            return []
        parts = ((self._entries, self._block), (self._late, self._added))
        hits = [[block.hits(word) for word in words] for _, block in parts]
        above = self._areas_hit(hits) if len(words) > 1 else []
        ranked = [
            (rank, _ORDER[entry.kind], entry.depth, line, entry)
            for (entries, _), hit in zip(parts, hits, strict=True)
            for line, rank in self._fitting(entries, hit, above).items()
            for entry in (entries[line],)
            if entries is self._late or entry.uid not in self._gone
        ]
        ranked.sort(key=lambda one: one[:-1])
        return [self._found(one[-1]) for one in ranked[:limit]]

    def _areas_hit(self, hits: Sequence[Sequence[Mapping[int, int]]]) -> list[set[str]]:
        """Return the areas that fit each word, by uid."""
        frozen, added = hits
        return [
            {self._entries[line].uid for line in one if self._entries[line].kind == AREA}
            | {self._late[line].uid for line in other if self._late[line].kind == AREA}
            for one, other in zip(frozen, added, strict=True)
        ]

    def _fitting(
        self,
        entries: Sequence[_Entry],
        hits: Sequence[Mapping[int, int]],
        above: Sequence[set[str]],
    ) -> Mapping[int, int]:
        if len(hits) == 1:
            return hits[0]
        fitting: dict[int, int] = {}
        for line in set().union(*hits):
            ranks = [one.get(line, _NEVER) for one in hits]
            worst = max(ranks)
            if worst == _NEVER:
                inside = self._lies_in(entries[line])
                missing = [areas for rank, areas in zip(ranks, above, strict=True) if rank == worst]
                if any(areas.isdisjoint(inside) for areas in missing):
                    continue
                worst = max(rank for rank in ranks if rank != _NEVER) + len(missing)
            fitting[line] = worst
        return fitting

    def _lies_in(self, entry: _Entry) -> list[str]:
        if entry.kind != AREA:
            return []
        return [area.uid for area in self.snapshot.ancestors(entry.uid)]

    def _found(self, entry: _Entry) -> Found:
        if entry.kind == AREA:
            area = self.snapshot.area(entry.uid)
            above = [one.name for one in self.snapshot.ancestors(entry.uid)]
            path = tuple(reversed(above))
            return Found(AREA, area.uid, area.name, area.code or "", area.level, path, None)
        if entry.kind == RETIRED:
            area = self.snapshot.area(entry.uid)
            heirs = heirs_of(self.snapshot, entry.uid)
            names = tuple(self.snapshot.area(heir).name for heir in heirs)
            return Found(RETIRED, area.uid, area.name, area.code or "", area.level, names, None)
        building: Building = self.snapshot.rows("building")[entry.uid]
        x, y = self.snapshot.origin_mm
        place = ((building.x_mm - x) / 1000, (building.y_mm - y) / 1000)
        name, address = building.name or "", building.address or ""
        path = (address,) if name and address else ()
        return Found(BUILDING, entry.uid, name or address, "", "", path, place)


def _made(entries: Sequence[_Entry], progress: Progress) -> _Block:
    keys = []
    for number, entry in enumerate(entries):
        if number % _STRIDE == 0:
            checkpoint(progress, "progress.search", number, len(entries))
        keys.append(keys_of(_normal(entry.name or entry.other)))
    names, others = [one.name for one in entries], [one.other for one in entries]
    return _Block(names, others, keys)


def _area_entry(snapshot: Snapshot, area: Area) -> _Entry:
    if area.valid_to is not None:
        return _Entry(RETIRED, area.uid, _NEVER, area.name, area.code or "")
    depth = sum(1 for _ in snapshot.ancestors(area.uid))
    return _Entry(AREA, area.uid, depth, area.name, area.code or "")


def _building_entry(building: Building) -> _Entry | None:
    if not building.name and not building.address:
        return None
    return _Entry(BUILDING, building.uid, 0, building.name or "", building.address or "")


def _normal(text: str) -> str:
    """Return *text* in one width and case, on one line."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())
