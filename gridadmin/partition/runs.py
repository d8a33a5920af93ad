"""From noded edges to runs between nodes, and from runs to faces; all at once, in numpy.

A *run* is a chain of edges through vertices of degree two; its ends are nodes. A closed chain
without a node gets a pseudo node at its least point. Half ``2r`` of run ``r`` goes along it, half
``2r + 1`` back; a half has its face on the left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cmp_to_key

import numpy as np
import shapely

from gridadmin.base.giving_way import give_way
from gridadmin.partition.grid import Bools, Ints, pack, unpack
from gridadmin.partition.grouping import grouped

OUTER = 0
"""Number of the unbounded face."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs as point lists: run ``r`` is ``xy[offsets[r]:offsets[r + 1]]``.

    ``edge`` is the row of the first edge of each run, ``is_along`` whether the run follows that
    edge from its start to its end.
    """

    xy: Ints
    offsets: Ints
    edge: Ints
    is_along: Bools

    def __len__(self) -> int:
        return len(self.edge)

    def points(self, run: int) -> Ints:
        """Return the points ``(n, 2)`` of one run."""
        return self.xy[self.offsets[run] : self.offsets[run + 1]]


@dataclass(frozen=True, slots=True)
class Faces:
    """The faces of a set of runs: ``face`` of each half, ``twice_area`` of each face in mm².

    The area of the outer face is 0 by convention; that of others has its holes taken out.
    """

    face: Ints
    twice_area: Ints

    def __len__(self) -> int:
        return len(self.twice_area)


def chain_edges(starts: Ints, ends: Ints, nodes: Ints | None = None) -> Runs:
    """Return the runs of distinct undirected edges given by their end points ``(n, 2)``.

    *nodes* are packed points that are nodes although only two of the edges meet there.
    """
    count = len(starts)
    origin = np.empty(2 * count, dtype=np.int64)
    origin[0::2], origin[1::2] = pack(starts), pack(ends)
    run, half = chain_halves(origin, nodes)
    return _as_runs(run, half, origin)


def chain_halves(origin: Ints, nodes: Ints | None = None) -> tuple[Ints, Ints]:
    """Return ``(run, half)`` of all runs of lines, each run in one direction, in walking order.

    *origin* is the packed point at which each half of the lines starts: two for each line. *nodes*
    are packed points that are nodes although only two of the lines meet there.
    """
    follower, is_passing = _followers(origin, nodes)
    give_way()
    heads = np.nonzero(~is_passing)[0]
    run, half = _walk(heads, follower)
    give_way()
    run, half = _one_direction(run, half, heads)
    is_visited = np.zeros(len(origin) // 2, dtype=bool)
    is_visited[half >> 1] = True
    if not is_visited.all():
        ring_heads = _ring_heads(np.nonzero(~np.repeat(is_visited, 2))[0], origin, follower)
        ring_run, ring_half = _walk(ring_heads, follower)
        run = np.concatenate((run, ring_run + (run.max() + 1 if len(run) else 0)))
        half = np.concatenate((half, ring_half))
    return run, half


def _followers(origin: Ints, nodes: Ints | None) -> tuple[Ints, Bools]:
    """Return ``(next half, -1 at a node; whether the half starts at a vertex that is no node)``."""
    order, is_first = grouped(origin)
    begins = np.nonzero(is_first)[0]
    pairs = begins[np.diff(np.append(begins, len(order))) == 2]
    if nodes is not None and len(nodes):
        pairs = pairs[~np.isin(origin[order[pairs]], nodes)]
    first, second = order[pairs], order[pairs + 1]
    follower = np.full(len(origin), -1, dtype=np.int64)
    follower[first ^ 1] = second
    follower[second ^ 1] = first
    is_passing = np.zeros(len(origin), dtype=bool)
    is_passing[first] = is_passing[second] = True
    return follower, is_passing


def _walk(heads: Ints, follower: Ints) -> tuple[Ints, Ints]:
    """Return ``(run, half)`` of all walks from *heads*, ordered by run, in walking order."""
    runs, halves = [], []
    run = np.arange(len(heads), dtype=np.int64)
    half = heads
    while len(half):
        give_way()
        runs.append(run)
        halves.append(half)
        half = follower[half]
        goes_on = (half >= 0) & (half != heads[run])
        run, half = run[goes_on], half[goes_on]
    if not runs:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    all_runs = np.concatenate(runs)
    order = np.argsort(all_runs, kind="stable")
    return all_runs[order], np.concatenate(halves)[order]


def _one_direction(run: Ints, half: Ints, heads: Ints) -> tuple[Ints, Ints]:
    """Keep of each run walked both ways the one that starts with the lower half."""
    if not len(run):
        return run, half
    is_last = np.append(run[1:] != run[:-1], True)
    keep_run = heads < (half[is_last] ^ 1)
    keep = keep_run[run]
    renumbered = np.cumsum(keep_run) - 1
    return renumbered[run[keep]], half[keep]


def _ring_heads(halves: Ints, origin: Ints, follower: Ints) -> Ints:
    """Return one half per closed chain: at its least point, the lower of the two that leave it."""
    least = origin.copy()
    jump = follower.copy()
    while True:
        lower = np.minimum(least[halves], least[jump[halves]])
        # A ring of n edges is done when n halves have been jumped over.
        if (lower == least[halves]).all() and (lower == least[follower[halves]]).all():
            break
        least[halves] = lower
        jump[halves] = jump[jump[halves]]
    heads = halves[origin[halves] == least[halves]]
    heads = np.sort(heads)
    _, first = np.unique(origin[heads], return_index=True)
    return heads[first]


def _as_runs(run: Ints, half: Ints, origin: Ints) -> Runs:
    count = int(run[-1]) + 1 if len(run) else 0
    lengths = np.bincount(run, minlength=count)
    offsets = np.concatenate(([0], np.cumsum(lengths + 1)))
    xy = np.empty((int(offsets[-1]), 2), dtype=np.int64)
    place = np.arange(len(half)) + run
    xy[place] = unpack(origin[half])
    last = offsets[1:] - 1
    final_half = half[np.cumsum(lengths) - 1] if count else half
    xy[last] = unpack(origin[final_half ^ 1])
    first = half[np.cumsum(lengths) - lengths] if count else half
    return Runs(xy, offsets.astype(np.int64), first >> 1, (first & 1) == 0)


def find_faces(runs: Runs) -> Faces:
    """Return the faces that *runs* cut the plane into; runs must meet only at their ends."""
    count = len(runs)
    if not count:
        return Faces(np.empty(0, np.int64), np.zeros(1, np.int64))
    successor = successors(runs)
    cycle, cycles = _cycles(successor)
    swept = run_areas(runs)
    area = np.zeros(cycles, dtype=np.int64)
    np.add.at(area, cycle[0::2], swept)
    np.add.at(area, cycle[1::2], -swept)
    is_shell = area > 0
    number = np.where(is_shell, np.cumsum(is_shell), -1)
    outer_cycles = np.nonzero(~is_shell)[0]
    if len(outer_cycles) == 1:
        number[outer_cycles] = OUTER
    else:
        _place_components(runs, cycle, number)
    face = number[cycle]
    face_area = np.zeros(int(is_shell.sum()) + 1, dtype=np.int64)
    np.add.at(face_area, number, area)
    face_area[OUTER] = 0
    return Faces(face, face_area)


def run_areas(runs: Runs) -> Ints:
    """Return for each run twice the signed area that it sweeps seen from the origin, in mm²."""
    xy = runs.xy
    terms = np.zeros(len(xy), dtype=np.int64)
    terms[:-1] = xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]
    terms[runs.offsets[1:] - 1] = 0
    return np.add.reduceat(terms, runs.offsets[:-1]) if len(runs) else terms


def successors(runs: Runs) -> Ints:
    """Return the half that follows each half around the face on its left."""
    first, last = runs.offsets[:-1], runs.offsets[1:] - 1
    count = len(runs)
    node_xy = np.empty((2 * count, 2), dtype=np.int64)
    node_xy[0::2], node_xy[1::2] = runs.xy[first], runs.xy[last]
    way = np.empty((2 * count, 2), dtype=np.int64)
    way[0::2] = runs.xy[first + 1] - runs.xy[first]
    way[1::2] = runs.xy[last - 1] - runs.xy[last]
    _, node = np.unique(pack(node_xy), return_inverse=True)
    angle = np.arctan2(way[:, 1].astype(np.float64), way[:, 0].astype(np.float64))
    order = np.lexsort((angle, node))
    _settle_near_ties(order, node, angle, way)
    ordered_node = node[order]
    begins = np.concatenate(([0], np.nonzero(np.diff(ordered_node))[0] + 1))
    clockwise = np.empty(2 * count, dtype=np.int64)
    clockwise[1:] = np.arange(2 * count - 1)
    clockwise[begins] = np.append(begins[1:], 2 * count) - 1
    before = np.empty(2 * count, dtype=np.int64)
    before[order] = order[clockwise]
    successor: Ints = before[np.arange(2 * count) ^ 1]
    return successor


_TIE_RAD = 1e-12


def _settle_near_ties(order: Ints, node: Ints, angle: Ints, way: Ints) -> None:
    """Re-sort exactly the nodes at which two directions differ by less than floats can tell."""
    same = (np.diff(node[order]) == 0) & (np.abs(np.diff(angle[order])) < _TIE_RAD)
    for tied in np.unique(node[order][:-1][same]).tolist():
        places = np.nonzero(node[order] == tied)[0]
        halves = order[places].tolist()
        turn = cmp_to_key(compare_ways)
        order[places] = sorted(halves, key=lambda half: turn((*way[half].tolist(),)))


def compare_ways(first: tuple[int, int], second: tuple[int, int]) -> int:
    """Return -1, 0 or 1 as *first* comes before, with or after *second*, counter-clockwise from -x.

    The order is that of ``arctan2``: from just above -180° up to 180°.
    """
    upper_first, upper_second = _is_upper(first), _is_upper(second)
    if upper_first != upper_second:
        return 1 if upper_first else -1
    turn = first[0] * second[1] - first[1] * second[0]
    if turn == 0:
        # Along the axis: right before left, whatever the lengths.
        return (first[0] < 0) - (second[0] < 0)
    return (turn < 0) - (turn > 0)


def _is_upper(way: tuple[int, int]) -> bool:
    return way[1] >= 0


def _cycles(successor: Ints) -> tuple[Ints, int]:
    following = successor.tolist()
    cycle = [-1] * len(following)
    count = 0
    for start in range(len(following)):
        if cycle[start] >= 0:
            continue
        half = start
        while cycle[half] < 0:
            cycle[half] = count
            half = following[half]
        count += 1
    return np.array(cycle, dtype=np.int64), count


def _place_components(runs: Runs, cycle: Ints, number: Ints) -> None:
    """Give each outer cycle of a connected component the face that it lies in.

    A ray from the component's least point to the left hits first the border of that face.
    """
    segments = _Segments(runs)
    least = _least_points(runs, cycle, np.nonzero(number < 0)[0])
    hits = segments.first_left_of(np.array([point for _, point in least], dtype=np.int64))
    for (outer, _), hit in zip(least, hits.tolist(), strict=True):
        # Components come by growing x, so what lies left of one is placed already.
        number[outer] = OUTER if hit < 0 else number[cycle[hit]]


def _least_points(runs: Runs, cycle: Ints, outer_cycles: Ints) -> list[tuple[int, tuple[int, int]]]:
    least_of_run = np.minimum.reduceat(pack(runs.xy), runs.offsets[:-1])
    least = np.full(int(cycle.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, cycle[0::2], least_of_run)
    np.minimum.at(least, cycle[1::2], least_of_run)
    ordered = outer_cycles[np.argsort(least[outer_cycles], kind="stable")]
    points = unpack(least[ordered]).tolist()
    return [(int(outer), (p[0], p[1])) for outer, p in zip(ordered, points, strict=True)]


_STRETCH = 8
_PAIRS = 1 << 15


class _Segments:
    """All segments of the runs, to find the nearest one to the left of a point.

    They are looked for by stretches of a few, which takes a tree much smaller.
    """

    def __init__(self, runs: Runs) -> None:
        inner = np.ones(len(runs.xy), dtype=bool)
        inner[runs.offsets[1:] - 1] = False
        at = np.nonzero(inner)[0]
        self.start, self.end = runs.xy[at], runs.xy[at + 1]
        steps = np.diff(runs.offsets) - 1
        self.run = np.repeat(np.arange(len(runs)), steps)
        within = np.arange(len(at)) - np.repeat(np.cumsum(steps) - steps, steps)
        begins = np.nonzero(within % _STRETCH == 0)[0]
        self.stretches = np.append(begins, len(at))
        low = np.minimum.reduceat(np.minimum(self.start, self.end), begins).astype(np.float64)
        high = np.maximum.reduceat(np.maximum(self.start, self.end), begins).astype(np.float64)
        self.tree = shapely.STRtree(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
        self.far_left = float(low[:, 0].min()) - 1

    def _spanning(self, points: Ints) -> tuple[Ints, Ints]:
        """Return ``(ray, segment)`` wherever a segment may cross the ray left of a point."""
        x, y = points[:, 0].astype(np.float64), points[:, 1].astype(np.float64)
        rays, stretches = self.tree.query(shapely.box(self.far_left, y, x, y))
        found = [(rays[:0], rays[:0])]
        for begin in range(0, len(rays), _PAIRS):
            stretch = stretches[begin : begin + _PAIRS]
            size = self.stretches[stretch + 1] - self.stretches[stretch]
            ray = np.repeat(rays[begin : begin + _PAIRS], size)
            segment = np.arange(len(ray)) - np.repeat(
                np.cumsum(size) - size - self.stretches[stretch], size
            )
            height, one, other = points[ray, 1], self.start[segment, 1], self.end[segment, 1]
            spans = (np.minimum(one, other) <= height) & (height < np.maximum(one, other))
            found.append((ray[spans], segment[spans]))
        rays, segments = (np.concatenate(column) for column in zip(*found, strict=True))
        return rays, segments

    def first_left_of(self, points: Ints) -> Ints:
        """Return the half whose left side faces each point of ``(n, 2)`` from the left, or -1."""
        ray, segment = self._spanning(points)
        p, a, b = points[ray], self.start[segment], self.end[segment]
        rise = b[:, 1] - a[:, 1]
        # Distance to the left, exact to far below a millimetre against distances of whole pixels.
        lean = (b[:, 0] - a[:, 0]) / rise
        # Seen from the lower end, so that ends at the ray's height give exact, equal gaps.
        lower = np.where((rise > 0)[:, None], a, b)
        gap = (p[:, 0] - lower[:, 0]) - (p[:, 1] - lower[:, 1]) * lean
        is_left = gap > 0
        ray, segment, gap = ray[is_left], segment[is_left], gap[is_left]
        rise, lean = rise[is_left], lean[is_left]
        # Of two that rise from one point at the ray's height the one that leans right is nearer.
        order = np.lexsort((-lean, gap, ray))
        nearest = np.full(len(points), -1, dtype=np.int64)
        first = np.unique(ray[order], return_index=True)[1]
        chosen = order[first]
        # A segment that rises has its right side towards the point: the half that goes back.
        nearest[ray[chosen]] = 2 * self.run[segment[chosen]] + (rise[chosen] > 0)
        return nearest
