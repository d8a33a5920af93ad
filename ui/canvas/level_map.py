"""The map of one level in chunks: lines and rings of its regions, renewed where an edit was.

Knows no Qt. A chunk holds some dozens of regions that lie together and all lines around them, in
whole millimetres; a :class:`Drawing` of it holds metres, thinned out for one scale octave, and
keeps what the painters make of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from gridadmin.base.giving_way import give_way
from gridadmin.base.ids import OUTSIDE, oid_of
from gridadmin.domain.model import BorderRow
from gridadmin.partition.base import arrays_of
from gridadmin.partition.colouring import colours_of, recoloured
from gridadmin.partition.grid import Ints, pack
from gridadmin.partition.level_ground import (
    FRAME_RANK,
    SPECIAL_RANK,
    LevelGround,
    rank_of,
)
from gridadmin.partition.region_rings import (
    Lines,
    Rings,
    join_halves,
    lines_between,
    rings_around,
)
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.thinning import thinned, tolerance_m
from ui.canvas.viewport import Box

Floats = NDArray[np.float64]

_CHUNK_REGIONS = 64
_MM_PER_M = 1000.0
_KEPT_OCTAVES = 4
"""Drawings of so many scale octaves are kept of each chunk."""


_asked = count()


@dataclass
class Drawing:
    """A chunk at one scale octave: line ``i`` is ``xy[offsets[i]:offsets[i + 1]]``, local metres.

    ``made`` is where painters keep what they make of it; ``asked`` grows with every drawing that
    is asked for. The chunk holds its drawings, and they don't hold it: what an edit replaces is
    large and has to go at once.
    """

    chunk_ref: ref[Chunk]
    xy: Floats
    offsets: Ints
    made: dict[Any, Any]
    asked: int = 0

    @property
    def chunk(self) -> Chunk:
        """The chunk that is drawn. Raises: LookupError when nobody holds it any more."""
        chunk = self.chunk_ref()
        if chunk is None:
            raise LookupError
        return chunk

    @cached_property
    def rings(self) -> tuple[Ints, Floats, Ints]:
        """``(region, xy, offsets)`` of the closed rings of all regions of the chunk."""
        rings = self.chunk.rings
        xy, offsets = join_halves(self.xy, self.offsets, rings.halves, rings.offsets)
        return rings.region, xy, offsets


class Chunk:
    """Regions that lie together, with all lines around them.

    ``draws`` marks the lines that are this chunk's to draw: each line of a map is one chunk's.
    """

    def __init__(self, regions: Ints, lines: Lines, ranks: Ints, draws: NDArray[np.bool_]) -> None:
        self.regions = regions
        self.lines = lines
        self.ranks = ranks
        self.draws = draws
        self.box = _box_m(lines.xy)
        self._drawings: dict[int, Drawing] = {}

    def drawing(self, octave: int) -> Drawing:
        """Return the chunk as it is drawn at the scales of an octave."""
        known = self._drawings.pop(octave, None)
        if known is None:
            metres = self.lines.xy / _MM_PER_M
            xy, offsets = thinned(metres, self.lines.offsets, tolerance_m(octave))
            known = Drawing(ref(self), xy, offsets, {})
        known.asked = next(_asked)
        self._drawings[octave] = known
        if len(self._drawings) > _KEPT_OCTAVES:
            del self._drawings[next(iter(self._drawings))]
        return known

    def drawings(self) -> Iterable[tuple[int, Drawing]]:
        """Return the drawings that are at hand, by octave."""
        return list(self._drawings.items())

    def drop(self, octave: int) -> None:
        """Forget the drawing of an octave; it is made again when it is asked for."""
        self._drawings.pop(octave, None)

    def forget(self, what: str) -> None:
        """Drop what painters made under keys that begin with *what*."""
        for drawing in self._drawings.values():
            for key in [key for key in drawing.made if key[0] == what]:
                del drawing.made[key]

    @cached_property
    def rings(self) -> Rings:
        """The rings around the regions."""
        return rings_around(self.lines, self.regions)

    @cached_property
    def land_m2(self) -> dict[int, float]:
        """The land of each region in the plane, in m²."""
        rings = self.rings
        xy, offsets = join_halves(self.lines.xy, self.lines.offsets, rings.halves, rings.offsets)
        land = ring_areas(xy / _MM_PER_M, offsets)
        regions, place = np.unique(rings.region, return_inverse=True)
        sums = np.bincount(place, weights=land, minlength=len(regions))
        return dict(zip(regions.tolist(), sums.tolist(), strict=True))


class LevelMap:
    """All regions of one level with their lines and colours."""

    def __init__(
        self, ground: LevelGround, rank: int, colours: Mapping[int, int] | None = None
    ) -> None:
        self.rank = rank
        region = ground.regions[rank]
        lines = lines_between(ground.borders, region[ground.left], region[ground.right])
        ranks = ground.border_rank[lines.row]
        give_way()
        self._outer = ground.specials | {OUTSIDE}
        self._like = colours or {}
        self._colours: dict[int, int] | None = None
        chunk_of_side, members = _grouped(lines, self._outer)
        give_way()
        self._chunk_of = {
            oid: number for number, oids in enumerate(members) for oid in oids.tolist()
        }
        self._members = [set(oids.tolist()) for oids in members]
        self._chunks: dict[int, Chunk] = {}
        give_way()
        self._waiting = _Waiting(lines, ranks, chunk_of_side, members)
        give_way()
        self.boxes = self._waiting.boxes()

    def __len__(self) -> int:
        return len(self.boxes)

    @property
    def colours(self) -> dict[int, int]:
        """The colour of each region; neighbours differ."""
        if self._colours is None:
            self._colours = self._first_colours()
        return self._colours

    @property
    def known_colours(self) -> Mapping[int, int]:
        """The colours if they are at hand, else those to be kept."""
        return self._like if self._colours is None else self._colours

    def _first_colours(self) -> dict[int, int]:
        lines = self._waiting.lines
        regions = np.array(sorted(self._chunk_of), dtype=np.int64)
        outer = np.array(sorted(self._outer), dtype=np.int64)
        is_inner = ~(np.isin(lines.left, outer) | np.isin(lines.right, outer))
        sides = np.searchsorted(regions, np.stack((lines.left[is_inner], lines.right[is_inner])))
        # Two small numbers in one: pairs of large ones take ten times as long to be told apart.
        give_way()
        pairs = np.unique(sides.min(axis=0) * len(regions) + sides.max(axis=0))
        return colours_of(
            regions, regions[np.stack(np.divmod(pairs, len(regions)), axis=1)], self._like
        )

    def chunk(self, number: int) -> Chunk:
        """Return one chunk."""
        known = self._chunks.get(number)
        if known is None:
            known = self._chunks[number] = self._waiting.chunk(number)
        return known

    def seen(self, box: Box) -> list[int]:
        """Return the chunks whose lines come into a box of local metres."""
        boxes = self.boxes
        meets = (
            (boxes[:, 0] <= box[2])
            & (boxes[:, 2] >= box[0])
            & (boxes[:, 1] <= box[3])
            & (boxes[:, 3] >= box[1])
        )
        return np.nonzero(meets)[0].tolist()

    def made(self) -> Iterable[Chunk]:
        """Return the chunks that somebody asked for already."""
        return self._chunks.values()

    def chunk_of(self, region: int) -> int | None:
        """Return the number of the chunk that holds a region."""
        return self._chunk_of.get(region)

    def renew(self, snapshot: Snapshot, dirty: AbstractSet[int]) -> None:
        """Follow an edit after which the outlines or neighbours of *dirty* regions are others."""
        # The first colours are those of the lines as they were, before anything moved.
        colours = self.colours
        around = _Around(snapshot, self.rank)
        inner = [region for region in sorted(dirty) if region != OUTSIDE]
        held = [region for region in inner if around.borders(region)]
        alive = [region for region in held if snapshot.owning_area(region) is not None]
        # What was undone is no area any more, and no other land either.
        self._outer = self._outer.difference(inner).union(set(held).difference(alive))
        touched = {number for r in inner if (number := self._chunk_of.get(r)) is not None}
        for region in set(inner).difference(alive):
            number = self._chunk_of.pop(region, None)
            if number is not None:
                self._members[number].discard(region)
                colours.pop(region, None)
        for region in alive:
            if region not in self._chunk_of:
                number = self._home(around, region, touched)
                self._chunk_of[region] = number
                self._members[number].add(region)
                touched.add(number)
        colours.update(recoloured(colours, alive, around.neighbours))
        for number in touched:
            self._renew_chunk(around, number)
        if any(region in self._outer for region in dirty):
            self._renew_loose(around)

    def _home(self, around: _Around, region: int, touched: set[int]) -> int:
        """Return the chunk for a region that is new: a neighbour's, or the first."""
        for other in sorted(around.neighbours(region)):
            number = self._chunk_of.get(other)
            if number is not None:
                return number
        return min(touched, default=0)

    def _renew_chunk(self, around: _Around, number: int) -> None:
        regions = sorted(self._members[number])
        lines, ranks = around.lines(regions)
        home = np.array(
            [
                self._chunk_of.get(left, self._chunk_of.get(right, -1))
                for left, right in zip(lines.left.tolist(), lines.right.tolist(), strict=True)
            ],
            dtype=np.int64,
        )
        chunk = Chunk(np.array(regions, dtype=np.int64), lines, ranks, home == number)
        self._chunks[number] = chunk
        self.boxes[number] = chunk.box

    def _renew_loose(self, around: _Around) -> None:
        """Renew the lines that no region has on either side: special land against special land."""
        rows: dict[int, BorderRow] = {}
        for region in self._outer - {OUTSIDE}:
            for row in around.borders(region):
                if row.left in self._outer and row.right in self._outer:
                    rows[row.id] = row
        lines, ranks = around.lines_of(rows.values())
        number = len(self.boxes) - 1
        chunk = Chunk(np.empty(0, np.int64), lines, ranks, np.ones(len(lines), dtype=bool))
        self._chunks[number] = chunk
        self.boxes[number] = chunk.box


class _Waiting:
    """Chunks that nobody asked for yet, as rows of the lines of the whole map.

    The last chunk holds the lines that no region has on either side.
    """

    def __init__(
        self, lines: Lines, ranks: Ints, sides: tuple[Ints, Ints], members: list[Ints]
    ) -> None:
        self.lines = lines
        self._ranks = ranks
        self.members = members
        left, right = sides
        count = len(members) + 1
        home = np.where(left >= 0, left, right)
        self._home = np.where(home >= 0, home, count - 1)
        other = (right >= 0) & (right != self._home)
        rows = np.concatenate((np.arange(len(lines)), np.nonzero(other)[0]))
        chunks = np.concatenate((self._home, right[other]))
        order = np.lexsort((rows, chunks))
        self._rows = rows[order]
        self._begins = np.searchsorted(chunks[order], np.arange(count + 1))

    def boxes(self) -> Floats:
        """Return the box of each chunk in local metres, ``(n, 4)``; nothing has a box of nan."""
        boxes = np.full((len(self._begins) - 1, 4), np.nan)
        if not len(self.lines):
            return boxes
        low = np.minimum.reduceat(self.lines.xy, self.lines.offsets[:-1], axis=0)[self._rows]
        high = np.maximum.reduceat(self.lines.xy, self.lines.offsets[:-1], axis=0)[self._rows]
        filled = np.nonzero(np.diff(self._begins) > 0)[0]
        begins = self._begins[filled]
        boxes[filled, :2] = np.minimum.reduceat(low, begins, axis=0) / _MM_PER_M
        boxes[filled, 2:] = np.maximum.reduceat(high, begins, axis=0) / _MM_PER_M
        return boxes

    def chunk(self, number: int) -> Chunk:
        """Return a chunk."""
        rows = self._rows[self._begins[number] : self._begins[number + 1]]
        is_loose = number == len(self.members)
        regions = np.empty(0, np.int64) if is_loose else self.members[number]
        return Chunk(
            regions, self.lines.picked(rows), self._ranks[rows], self._home[rows] == number
        )


class _Around:
    """The lines around single regions of a snapshot, for the few that an edit touched."""

    def __init__(self, snapshot: Snapshot, rank: int) -> None:
        self._snapshot = snapshot
        self._rank = rank
        self._borders: dict[int, list[BorderRow]] = {}
        self._paths: dict[int, tuple[int, ...]] = {}

    def region(self, owner: int) -> int:
        """Return the region of an owner."""
        return self._path(owner)[self._rank]

    def _path(self, owner: int) -> tuple[int, ...]:
        """Return the region of an owner on the maps of all ranks down to this one."""
        known = self._paths.get(owner)
        if known is None:
            known = self._paths[owner] = self._made_path(owner)
        return known

    def _made_path(self, owner: int) -> tuple[int, ...]:
        count, area = self._rank + 1, self._snapshot.owning_area(owner)
        parent = self._snapshot.partition.parents.get(owner)
        if area is None or parent is None:
            return (owner,) * count
        above = min(rank_of(area.level), count)
        # Many share a parent: its regions are looked up once.
        return self._path(parent)[:above] + (owner,) * (count - above)

    def borders(self, region: int) -> list[BorderRow]:
        """Return the borders between a region and others."""
        known = self._borders.get(region)
        if known is None:
            give_way()
            known = self._borders[region] = [
                border
                for border in self._candidates(region)
                if self.region(border.left) != self.region(border.right)
            ]
        return known

    def _candidates(self, region: int) -> Iterable[BorderRow]:
        snapshot, partition = self._snapshot, self._snapshot.partition
        area = snapshot.owning_area(region)
        if area is None:
            return partition.beside(region)
        if rank_of(area.level) >= self._rank:
            return partition.outline(region)
        # Land of an area above this level: its own, and that of children that skip the level.
        found = {border.id: border for border in partition.beside(region)}
        for child in snapshot.children(area.uid):
            if rank_of(child.level) > self._rank:
                found.update((b.id, b) for b in partition.outline(oid_of(child.uid)))
        return found.values()

    def neighbours(self, region: int) -> set[int]:
        """Return the regions across the borders of a region."""
        found = {
            side
            for b in self.borders(region)
            for side in (self.region(b.left), self.region(b.right))
        }
        return found - {region}

    def lines(self, regions: Iterable[int]) -> tuple[Lines, Ints]:
        """Return the lines around *regions*, and the rank of each."""
        return self.lines_of({b.id: b for r in regions for b in self.borders(r)}.values())

    def lines_of(self, rows: Iterable[BorderRow]) -> tuple[Lines, Ints]:
        """Return borders as lines, and the rank of each."""
        give_way()
        borders = arrays_of(rows)
        left = np.array([self.region(oid) for oid in borders.left.tolist()], dtype=np.int64)
        right = np.array([self.region(oid) for oid in borders.right.tolist()], dtype=np.int64)
        give_way()
        lines = lines_between(borders, left, right, self._nodes(borders.xy, borders.offsets))
        give_way()
        ranks = [
            self._border_rank(int(borders.left[row]), int(borders.right[row]))
            for row in lines.row.tolist()
        ]
        return lines, np.array(ranks, dtype=np.int64)

    def _nodes(self, xy: Ints, offsets: Ints) -> Ints:
        """Return the ends at which lines of others end, too."""
        keys, counts = np.unique(
            pack(np.concatenate((xy[offsets[:-1]], xy[offsets[1:] - 1]))), return_counts=True
        )
        nodes = []
        for key in keys[counts == 2].tolist():
            meeting = [
                border
                for border in self._snapshot.partition.at_node(key)
                if self.region(border.left) != self.region(border.right)
            ]
            if len(meeting) > 2:
                nodes.append(key)
        return np.array(nodes, dtype=np.int64)

    def _border_rank(self, left: int, right: int) -> int:
        if OUTSIDE in (left, right):
            return FRAME_RANK
        snapshot = self._snapshot
        if snapshot.owning_area(left) is None or snapshot.owning_area(right) is None:
            return SPECIAL_RANK
        pairs = zip(self._path(left), self._path(right), strict=True)
        return next((rank for rank, (one, other) in enumerate(pairs) if one != other), self._rank)


def ring_areas(xy: Floats, offsets: Ints) -> Floats:
    """Return the signed area of each closed ring, positive when counter-clockwise."""
    if not len(xy):
        return np.empty(0)
    # Seen from the first point of the ring, so that large coordinates don't eat the digits.
    seen = xy - np.repeat(xy[offsets[:-1]], np.diff(offsets), axis=0)
    terms = np.zeros(len(xy))
    terms[:-1] = seen[:-1, 0] * seen[1:, 1] - seen[1:, 0] * seen[:-1, 1]
    terms[offsets[1:] - 1] = 0.0
    areas: Floats = np.add.reduceat(terms, offsets[:-1]) / 2
    return areas


def _box_m(xy: Ints) -> Floats:
    if not len(xy):
        return np.full(4, np.nan)
    return np.concatenate((xy.min(axis=0), xy.max(axis=0))) / _MM_PER_M


def _grouped(lines: Lines, outer: frozenset[int]) -> tuple[tuple[Ints, Ints], list[Ints]]:
    """Return ``((chunk left, chunk right) of each line, regions of each chunk)``.

    A side that is no region has chunk -1. Regions are cut into halves across the longer side of
    where they lie until few are left.
    """
    regions, place = np.unique(np.concatenate((lines.left, lines.right)), return_inverse=True)
    is_outer = np.isin(regions, np.array(sorted(outer), dtype=np.int64))
    give_way()
    centres = _centres(lines, place, len(regions))
    chunk = np.full(len(regions), -1, dtype=np.int64)
    members: list[Ints] = []
    waiting = [np.nonzero(~is_outer)[0]]
    while waiting:
        give_way()
        rows = waiting.pop()
        if len(rows) <= _CHUNK_REGIONS:
            if len(rows):
                chunk[rows] = len(members)
                members.append(regions[rows])
            continue
        spread = np.ptp(centres[rows], axis=0)
        order = np.argsort(centres[rows, int(spread[1] > spread[0])], kind="stable")
        middle = len(rows) // 2
        waiting += [np.sort(rows[order[middle:]]), np.sort(rows[order[:middle]])]
    return (chunk[place[: len(lines)]], chunk[place[len(lines) :]]), members


def _centres(lines: Lines, place: Ints, count: int) -> Floats:
    """Return the middle of the boxes around all regions."""
    low = np.full((count, 2), np.inf)
    high = np.full((count, 2), -np.inf)
    if len(lines):
        line_low = np.minimum.reduceat(lines.xy, lines.offsets[:-1], axis=0)
        line_high = np.maximum.reduceat(lines.xy, lines.offsets[:-1], axis=0)
        order = np.argsort(place, kind="stable")
        begins = np.searchsorted(place[order], np.arange(count))
        low = np.minimum.reduceat(np.concatenate((line_low, line_low))[order], begins, axis=0)
        high = np.maximum.reduceat(np.concatenate((line_high, line_high))[order], begins, axis=0)
    middle: Floats = (low + high) / 2.0
    return middle
