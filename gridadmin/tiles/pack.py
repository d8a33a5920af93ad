"""Offline packs: the tiles of an area, fetched once and taken along in an MBTiles file.

Only for sources whose terms allow it. What was fetched stays in a ``.part`` file when the work is
broken off, and is not fetched again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.tiles.answer import Outcome, Verdict, verdict
from gridadmin.tiles.cache import TileCache, counter_of, most_a_day
from gridadmin.tiles.freshness import freshness_of
from gridadmin.tiles.grid import Box, TileKey
from gridadmin.tiles.pack_file import PackFile
from gridadmin.tiles.placement import Metres, Placement
from gridadmin.tiles.request import TileRequest, request_of
from gridadmin.tiles.source import Kind, Source

MOST_TILES = 200_000
"""A pack of more is a copy of the server."""
USUAL_TILE_BYTES = 22_000
_CLOSED = (
    "tianditu.gov.cn", "tianditu.com", "amap.com", "autonavi.com", "qq.com", "gtimg.com",
    "baidu.com", "bdimg.com", "bdstatic.com", "openstreetmap.org", "google.com", "google.cn",
    "googleapis.com", "gstatic.com", "virtualearth.net", "bing.com", "arcgisonline.com",
    "arcgis.com", "geoq.cn", "mapbox.com", "maptiler.com",
)  # fmt: skip
"""Hosts of maps whose terms forbid to take tiles along, whatever a declaration says."""
_AT_ONCE = 24
_MOST_TRIES = 4
_FIRST_WAIT_S = 2.0
_LONGEST_WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class TileAnswer:
    """What a server answered; status 0 = there was no answer."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""


class TileFetch(Protocol):
    """Asks servers; the window and tests each bring their own."""

    def fetch(self, requests: Sequence[TileRequest]) -> Iterable[tuple[int, TileAnswer]]:
        """Yield for each request its place in *requests* and the answer, in any order."""


@dataclass(frozen=True)
class PackPlan:
    """What goes into a pack: the tiles of *source* that meet *box*, in units of its grid."""

    source: Source
    box: Box
    levels: tuple[int, ...]
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many tiles there are."""
        return sum(self.counts)

    def estimated_bytes(self, tile_bytes: float = USUAL_TILE_BYTES) -> int:
        """Return about how large the file will be."""
        return int(self.total * tile_bytes)

    def tiles(self) -> Iterator[TileKey]:
        """Yield the tiles, the coarsest first."""
        for level in self.levels:
            yield from self.source.grid.tiles(level, self.box)


@dataclass(frozen=True, slots=True)
class Packed:
    """What a finished pack holds; ``empty`` counts places where the server has no tile."""

    tiles: int
    empty: int
    bytes: int


def may_pack(source: Source) -> bool:
    """Return whether the tiles of a source may be taken along.

    That is what its declaration says, but never of maps whose terms are known to forbid it.
    """
    if not source.terms.pack or source.kind.is_local or source.kind is Kind.TIANDITU:
        return False
    host = (urlsplit(source.address).hostname or "").lower().rstrip(".")
    return not any(host == closed or host.endswith(f".{closed}") for closed in _CLOSED)


def plan_pack(
    source: Source, placement: Placement, bounds_m: Metres, levels: Sequence[int]
) -> PackPlan:
    """Return what a pack of a rectangle of the plane would hold.

    Raises: InputError ``pack.not_allowed``, ``pack.not_web``, ``pack.nothing``,
    ``pack.too_many``.
    """
    if not may_pack(source):
        raise InputError("pack.not_allowed", name=source.name)
    if not source.grid.is_web:
        raise InputError("pack.not_web", name=source.name)
    box = placement.box_of(bounds_m)
    chosen = tuple(sorted(set(levels) & set(source.grid.levels)))
    counts = [] if box is None else [_count(source, level, box) for level in chosen]
    if box is None or not sum(counts):
        raise InputError("pack.nothing", name=source.name)
    if sum(counts) > MOST_TILES:
        raise InputError("pack.too_many", count=sum(counts), most=MOST_TILES)
    return PackPlan(source, box, chosen, tuple(counts))


def make_pack(
    plan: PackPlan,
    out: Path,
    fetch: TileFetch,
    *,
    secret: str = "",
    cache: TileCache | None = None,
    progress: Progress = SILENT,
    sleep: Callable[[float], None] = time.sleep,
) -> Packed:
    """Fetch the tiles of a plan into *out*; go on where an earlier try was broken off.

    Raises: InputError ``pack.incomplete`` when tiles were not to be had, ``pack.daily_limit``,
    the reason of a server that refuses, ``basemap.no_key``; StoreError of family ``export``;
    Cancelled. What was fetched is kept for the next try.
    """
    with PackFile(out, plan.source, plan.box, plan.levels) as file:
        work = _Work(plan, file, fetch, secret, cache, progress, sleep)
        missing = (key for key in plan.tiles() if not file.has(key))
        while batch := list(islice(missing, _AT_ONCE)):
            work.bring(batch)
        if work.failed:
            raise InputError(
                "pack.incomplete", name=plan.source.name, count=work.failed, total=plan.total
            )
        return Packed(*file.finish(plan.tiles()))


class _Work:
    """One try to make a pack."""

    def __init__(
        self,
        plan: PackPlan,
        file: PackFile,
        fetch: TileFetch,
        secret: str,
        cache: TileCache | None,
        progress: Progress,
        sleep: Callable[[float], None],
    ) -> None:
        self.failed = 0
        self._plan = plan
        self._source = plan.source
        self._file = file
        self._fetch = fetch
        self._secret = secret
        self._cache = cache
        self._progress = progress
        self._sleep = sleep
        self._done = sum(1 for key in plan.tiles() if file.has(key))
        self._counter = counter_of(self._source, secret)

    def bring(self, keys: Sequence[TileKey]) -> None:
        """Bring some tiles: from the cache, else from the server, with patience."""
        wanted = [key for key in keys if not self._from_cache(key)]
        for attempt in range(1, _MOST_TRIES + 1):
            if not wanted:
                break
            wanted, wait_s = self._ask(wanted)
            if wanted and attempt < _MOST_TRIES:
                self._sleep(max(wait_s, min(_FIRST_WAIT_S * 2**attempt, _LONGEST_WAIT_S)))
        self.failed += len(wanted)
        self._file.commit()

    def _ask(self, keys: Sequence[TileKey]) -> tuple[list[TileKey], float]:
        """Ask for tiles; return those to be asked for again, and after how long."""
        self._require_leave(len(keys))
        requests = [request_of(self._source, key, self._secret) for key in keys]
        again, wait_s = set(keys), 0.0
        for place, answer in self._fetch.fetch(requests):
            said = self._judged(answer)
            if said.outcome is Outcome.REFUSED and said.error is not None:
                self._file.commit()
                raise said.error
            if said.outcome is Outcome.LATER:
                wait_s = max(wait_s, min(said.after_s or 0.0, _LONGEST_WAIT_S))
                continue
            self._keep(keys[place], answer, said)
            again.discard(keys[place])
        return [key for key in keys if key in again], wait_s

    def _judged(self, answer: TileAnswer) -> Verdict:
        if not answer.status:
            return Verdict(Outcome.LATER)
        return verdict(self._source, answer.status, answer.headers, answer.content)

    def _keep(self, key: TileKey, answer: TileAnswer, said: Verdict) -> None:
        content = answer.content if said.outcome is Outcome.PICTURE else b""
        self._file.take(key, content)
        if self._cache is not None and content:
            self._cache.keep(self._source, key, content, freshness_of(answer.headers, time.time()))
        self._step()

    def _from_cache(self, key: TileKey) -> bool:
        kept = None if self._cache is None else self._cache.kept(self._source, key)
        if kept is None or not kept.is_fresh:
            return False
        self._file.take(key, kept.content)
        self._step()
        return True

    def _step(self) -> None:
        self._done += 1
        if self._progress.is_cancelled():
            self._file.commit()
        checkpoint(self._progress, "progress.pack", self._done, self._plan.total)

    def _require_leave(self, count: int) -> None:
        """Count what is going to be asked for with a key. Raises: InputError."""
        most = most_a_day(self._source)
        if self._cache is not None and not self._cache.take(self._counter, most, count):
            raise InputError("pack.daily_limit", name=self._source.name, most=most)


def _count(source: Source, level: int, box: Box) -> int:
    span = source.grid.span(level, box)
    return 0 if span is None else (span[2] - span[0]) * (span[3] - span[1])
