"""The thread that looks tiles up on the disk, judges what servers answered, and decodes.

What it knows then lies in the memory of tiles; its signals tell the GUI thread what comes next.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from gridadmin.tiles.answer import Outcome, Verdict, verdict
from gridadmin.tiles.cache import TileCache
from gridadmin.tiles.freshness import EMPTY_S, freshness_of
from gridadmin.tiles.grid import TileKey
from gridadmin.tiles.source import Source
from ui.tiles.decoding import decoded
from ui.tiles.fetcher import Answer
from ui.tiles.memory import Blank, Remembered, TileMemory


@dataclass(frozen=True)
class Lookup:
    """A tile to be looked up."""

    source: Source
    key: TileKey


@dataclass(frozen=True)
class Found:
    """What a look into the cache brought: ``is_shown`` when the tile can be painted now.

    One that is not settled has to be fetched; ``conditions`` are headers that ask only for news.
    """

    source: str
    key: TileKey
    is_settled: bool
    is_shown: bool = False
    conditions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Judged:
    """What an answer meant."""

    source: str
    key: TileKey
    verdict: Verdict


@dataclass(frozen=True)
class Grant:
    """How many tiles more may be fetched with a key today; none at its limit."""

    counter: str
    count: int


@dataclass(frozen=True)
class _Answered:
    tile: Lookup
    answer: Answer


@dataclass(frozen=True)
class _Asked:
    counter: str
    most: int | None
    count: int


class Stock(QObject):
    """Works off lookups, of which the newest list counts, and answers, all of them."""

    found = Signal(object)
    """A :class:`Found`."""
    judged = Signal(object)
    """A :class:`Judged`."""
    granted = Signal(object)
    """A :class:`Grant`."""

    def __init__(self, cache: TileCache, memory: TileMemory) -> None:
        super().__init__()
        self._cache = cache
        self._memory = memory
        self._state = threading.Condition()
        self._lookups: deque[Lookup] = deque()
        self._first: deque[_Answered | _Asked] = deque()
        self._is_over = False
        self._thread = threading.Thread(target=self._run, name="gridadmin tiles", daemon=True)
        self._thread.start()

    def look_up(self, lookups: Sequence[Lookup]) -> None:
        """Look these up, in this order, instead of what has not been begun."""
        with self._state:
            self._lookups = deque(lookups)
            self._state.notify()

    def take(self, tile: Lookup, answer: Answer) -> None:
        """Judge an answer and keep what it brought."""
        self._do_first(_Answered(tile, answer))

    def ask(self, counter: str, most: int | None, count: int) -> None:
        """Ask for leave to fetch so many tiles of a day's *most*; a :class:`Grant` comes."""
        self._do_first(_Asked(counter, most, count))

    def close(self) -> None:
        """Let the thread end and wait for it."""
        with self._state:
            self._is_over = True
            self._state.notify()
        self._thread.join()

    def _do_first(self, task: _Answered | _Asked) -> None:
        with self._state:
            self._first.append(task)
            self._state.notify()

    def _run(self) -> None:
        while True:
            with self._state:
                while not (self._first or self._lookups or self._is_over):
                    self._state.wait()
                if self._is_over:
                    return
                task = self._first.popleft() if self._first else self._lookups.popleft()
            if isinstance(task, Lookup):
                self.found.emit(self._found(task))
            elif isinstance(task, _Answered):
                self.judged.emit(self._judged(task.tile, task.answer))
            else:
                self.granted.emit(self._granted(task))

    def _found(self, tile: Lookup) -> Found:
        source, key = tile.source, tile.key
        if self._memory.is_settled(source.id, key):
            return Found(source.id, key, is_settled=True)
        kept = self._cache.kept(source, key)
        if kept is None:
            return Found(source.id, key, is_settled=False)
        picture = decoded(kept.content) if kept.content else Blank.MISSING
        if picture is None:
            return Found(source.id, key, is_settled=False)
        self._memory.put(source.id, key, Remembered(picture, is_old=not kept.is_fresh))
        return Found(
            source.id, key, kept.is_fresh, is_shown=True, conditions=kept.freshness.conditions
        )

    def _judged(self, tile: Lookup, answer: Answer) -> Judged:
        source, key = tile.source, tile.key
        said = verdict(source, answer.status, answer.headers, answer.body)
        freshness = freshness_of(answer.headers, time.time())
        if said.outcome is Outcome.PICTURE:
            picture = decoded(answer.body)
            if picture is None:
                self._memory.put(source.id, key, Remembered(Blank.BROKEN))
                return Judged(source.id, key, said)
            self._memory.put(source.id, key, Remembered(picture))
            self._cache.keep(source, key, answer.body, freshness)
        elif said.outcome is Outcome.EMPTY:
            self._memory.put(source.id, key, Remembered(Blank.MISSING))
            until_s = time.time() + EMPTY_S
            self._cache.keep(source, key, b"", replace(freshness, expires_s=until_s))
        elif said.outcome is Outcome.UNCHANGED:
            self._cache.renew(source, key, freshness)
            if not self._memory.renew(source.id, key):
                self._memory.put(source.id, key, self._remembered(source, key))
        return Judged(source.id, key, said)

    def _remembered(self, source: Source, key: TileKey) -> Remembered:
        """Return what the cache has of a tile that memory had no room for any more."""
        kept = self._cache.kept(source, key)
        picture = decoded(kept.content) if kept is not None and kept.content else None
        return Remembered(Blank.MISSING if picture is None else picture)

    def _granted(self, asked: _Asked) -> Grant:
        """Return leave for all, or where that is too much for one."""
        for count in (asked.count, 1):
            if self._cache.take(asked.counter, asked.most, count):
                return Grant(asked.counter, count)
        return Grant(asked.counter, 0)
