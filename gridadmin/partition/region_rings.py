"""Land of many regions as rings of points, all at once and without geometry objects.

*Lines* part the regions: borders joined where only two of them meet. *Rings* say in which order
and direction lines go around each region; so the same rings hold for thinned-out lines, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from gridadmin.base.giving_way import give_way
from gridadmin.base.ids import OUTSIDE
from gridadmin.partition.base import BorderArrays
from gridadmin.partition.grid import Bools, Ints, pack
from gridadmin.partition.runs import Runs, chain_halves, successors

_BREATH = 2000
_Number = TypeVar("_Number", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines between regions: line ``i`` is ``xy[offsets[i]:offsets[i + 1]]``, in mm.

    ``left`` and ``right`` are the regions seen along it; ``row`` is one of the borders it is
    made of.
    """

    xy: Ints
    offsets: Ints
    left: Ints
    right: Ints
    row: Ints

    def __len__(self) -> int:
        return len(self.left)

    def picked(self, rows: Ints) -> Lines:
        """Return some of the lines, in the order of *rows*."""
        at, offsets = places_of_rows(self.offsets, rows)
        return Lines(self.xy[at], offsets, self.left[rows], self.right[rows], self.row[rows])


@dataclass(frozen=True, slots=True)
class Rings:
    """Closed rings: ring ``r`` goes along ``halves[offsets[r]:offsets[r + 1]]``.

    Half ``2i`` is line ``i`` along, ``2i + 1`` the line back; ``region`` of a ring lies on the left
    of its halves, so the ring is counter-clockwise around land and clockwise around a hole.
    """

    region: Ints
    halves: Ints
    offsets: Ints

    def __len__(self) -> int:
        return len(self.region)


def lines_between(
    borders: BorderArrays, left: Ints, right: Ints, nodes: Ints | None = None
) -> Lines:
    """Return the lines between the regions that lie on the sides of *borders*.

    Borders with one region on both sides are left out. *nodes* are packed points at which lines
    end although only two of them meet there.
    """
    rows = np.nonzero(left != right)[0]
    at, offsets = places_of_rows(borders.offsets, rows)
    xy = borders.xy[at]
    ends = np.empty(2 * len(rows), dtype=np.int64)
    ends[0::2], ends[1::2] = offsets[:-1], offsets[1:] - 1
    give_way()
    run, halves = chain_halves(pack(xy[ends]), nodes)
    first = np.nonzero(np.diff(run, prepend=-1))[0]
    joined, joined_offsets = join_halves(xy, offsets, halves, np.append(first, len(halves)))
    row = rows[halves[first] >> 1]
    is_back = (halves[first] & 1) == 1
    return Lines(
        joined,
        joined_offsets,
        np.where(is_back, right[row], left[row]),
        np.where(is_back, left[row], right[row]),
        row,
    )


def rings_around(lines: Lines, wanted: Ints | None = None) -> Rings:
    """Return the rings of all regions, or of the *wanted* ones (sorted); OUTSIDE has none.

    All lines of a wanted region must be there; of the others any.
    """
    if not len(lines):
        nothing = np.empty(0, np.int64)
        return Rings(nothing, nothing, np.zeros(1, np.int64))
    rows = np.arange(len(lines))
    runs = Runs(lines.xy, lines.offsets, rows, np.ones(len(rows), dtype=bool))
    halves, ring = walking_order(runs)
    region = np.empty(2 * len(rows), dtype=np.int64)
    region[0::2], region[1::2] = lines.left, lines.right
    keep: Bools = region[halves] != OUTSIDE
    if wanted is not None:
        keep &= np.isin(region[halves], wanted)
    halves, ring = halves[keep], ring[keep]
    first = np.nonzero(np.diff(ring, prepend=-1))[0]
    return Rings(region[halves[first]], halves, np.append(first, len(halves)))


def walking_order(runs: Runs) -> tuple[Ints, Ints]:
    """Return all halves, ring after ring in walking order, and the number of the ring of each."""
    following = successors(runs).tolist()
    seen = bytearray(len(following))
    order: list[int] = []
    begins: list[int] = []
    for start in range(len(following)):
        if not start % _BREATH:
            give_way()
        half = start
        if not seen[half]:
            begins.append(len(order))
        while not seen[half]:
            seen[half] = 1
            order.append(half)
            half = following[half]
    ring = np.zeros(len(order), dtype=np.int64)
    ring[begins[1:]] = 1
    return np.array(order, dtype=np.int64), np.cumsum(ring)


def join_halves(
    xy: NDArray[_Number], offsets: Ints, halves: Ints, group_offsets: Ints
) -> tuple[NDArray[_Number], Ints]:
    """Return ``(points, offsets)`` of groups of halves, in each of which one half follows another.

    ``xy`` and ``offsets`` hold the points of the lines that the halves belong to; where two halves
    of a group meet, their common point comes once.
    """
    if not len(halves):
        return xy[:0], np.zeros(1, dtype=np.int64)
    give_way()
    is_along = (halves & 1) == 0
    line = halves >> 1
    begins = np.where(is_along, offsets[line], offsets[line + 1] - 1)
    ends = np.where(is_along, offsets[line + 1] - 1, offsets[line])
    steps = np.abs(ends - begins)
    starts = np.cumsum(steps) - steps
    half = numbers_by_counts(steps)
    place = np.arange(len(half)) - starts[half]
    at = begins[half] + place * np.where(is_along, 1, -1)[half]
    give_way()
    per_group = np.add.reduceat(steps, group_offsets[:-1])
    joined_offsets = np.concatenate(([0], np.cumsum(per_group + 1)))
    joined = np.empty(int(joined_offsets[-1]), dtype=np.int64)
    group = numbers_by_counts(per_group)
    joined[np.arange(len(at)) + group] = at
    joined[joined_offsets[1:] - 1] = ends[group_offsets[1:] - 1]
    return xy[joined], joined_offsets


def numbers_by_counts(counts: Ints) -> Ints:
    """Return ``np.repeat(np.arange(len(counts)), counts)``, in calls that let others have a turn.

    ``repeat`` itself keeps all other threads waiting while it works.
    """
    if not len(counts) or not counts.all():
        return np.repeat(np.arange(len(counts)), counts)
    give_way()
    upto = np.cumsum(counts)
    marks = np.zeros(int(upto[-1]), dtype=np.int64)
    marks[upto[:-1]] = 1
    return np.cumsum(marks)


def places_of_rows(offsets: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Return ``(places, offsets)``: where the values of some rows of a table by offsets stand."""
    lengths = np.diff(offsets)[rows]
    picked: Any = np.concatenate(([0], np.cumsum(lengths)))
    at = np.arange(int(picked[-1])) + (offsets[rows] - picked[:-1])[numbers_by_counts(lengths)]
    return at, picked
