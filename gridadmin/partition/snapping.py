"""Vertices this near are one: neighbours that miss each other by a hair are put together.

Only *suspicious* vertices move, those on edges without a partner. Each goes at most the snapping
distance: to a vertex that an existing border has, else to the one that most edges share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridadmin.partition.box_join import points_in_boxes
from gridadmin.partition.edges import NONE, EdgeSet, Rings, rounded
from gridadmin.partition.grid import Bools, Ints, pack, sorted_once, unpack

TOLERANCE_MM = 1e-3
"""Metres as floats are this exact at most: 1 mm apart must count as 1 mm."""
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_FILTER_BITS = 20


@dataclass(frozen=True, slots=True)
class Moves:
    """Where packed vertices go; ``source`` is sorted, ``target`` never moves itself."""

    source: Ints
    target: Ints

    def applied(self, keys: Ints) -> Ints:
        """Return *keys* with those that move at their new places."""
        if not len(self.source):
            return keys
        at = np.minimum(np.searchsorted(self.source, keys), len(self.source) - 1)
        moved: Ints = np.where(self.source[at] == keys, self.target[at], keys)
        return moved

    def places_in(self, keys: Ints) -> Ints:
        """Return where in a long array stand vertices that move."""
        if not len(self.source):
            return self.source
        is_listed = np.zeros(1 << _FILTER_BITS, dtype=bool)
        is_listed[_slot(self.source)] = True
        found = []
        for begin in range(0, len(keys), 1 << 18):
            part = keys[begin : begin + (1 << 18)]
            at = np.nonzero(is_listed[_slot(part)])[0]
            found.append(at[np.isin(part[at], self.source)] + begin)
        return np.concatenate(found)


def _slot(keys: Ints) -> Ints:
    slots: Ints = (keys.view(np.uint64) * _SPREAD >> np.uint64(64 - _FILTER_BITS)).view(np.int64)
    return slots


def merged_vertices(
    keys: Ints, exact: np.ndarray, shares: Ints, is_fixed: Bools, snap_mm: float
) -> Moves:
    """Return the moves that make vertices within *snap_mm* of each other one.

    *keys* are distinct packed vertices, *exact* ``(n, 2)`` their places in mm before rounding,
    *shares* how many edges meet there. Fixed vertices stay and attract the rest; of the others the
    most shared stays, among equals the least key.
    """
    first, second = near_pairs(exact, snap_mm + TOLERANCE_MM)
    near: dict[int, list[int]] = {}
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)
    involved = np.array(sorted(near), dtype=np.int64)
    if not len(involved):
        return Moves(involved, involved)
    rank = np.lexsort((keys[involved], -shares[involved], ~is_fixed[involved]))
    source, target, settled = [], [], set()
    for vertex in involved[rank].tolist():
        if vertex in settled:
            continue
        settled.add(vertex)
        for other in near[vertex]:
            if other not in settled and not is_fixed[other]:
                settled.add(other)
                source.append(other)
                target.append(vertex)
    moved = keys[np.array(source, dtype=np.int64)]
    order = np.argsort(moved)
    return Moves(moved[order], keys[np.array(target, dtype=np.int64)][order])


def near_pairs(xy: np.ndarray, reach: float) -> tuple[Ints, Ints]:
    """Return each pair of points ``(n, 2)`` at most *reach* apart, once."""
    cell = np.floor(xy / max(reach, 1.0)).astype(np.int64)
    number = pack(cell)
    order = np.argsort(number)
    number = number[order]
    firsts, seconds = [], []
    for dx, dy in ((0, 0), (0, 1), (1, -1), (1, 0), (1, 1)):
        wanted = number + (dx << 32) + dy
        low = np.searchsorted(number, wanted, side="left")
        high = np.searchsorted(number, wanted, side="right")
        if not dx and not dy:
            low = np.arange(1, len(number) + 1)
        count = np.maximum(high - low, 0)
        first = np.repeat(np.arange(len(number)), count)
        within = np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count)
        firsts.append(order[first])
        seconds.append(order[low[first] + within])
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    is_near = np.hypot(*(xy[first] - xy[second]).T) <= reach
    return first[is_near], second[is_near]


@dataclass(frozen=True, slots=True)
class Passings:
    """Vertices that an edge passes so near that it is led through them.

    ``edge`` (sorted) is the place of the edge, ``vertex`` the packed vertices in walking order,
    ``distance_mm`` how far the edge is bent there.
    """

    edge: Ints
    vertex: Ints
    distance_mm: np.ndarray


def passed_vertices(
    start: Ints, end: Ints, keys: Ints, exact: np.ndarray, snap_mm: float
) -> Passings:
    """Return which of the vertices *keys* lie within *snap_mm* beside the edges, ends left out.

    *start*, *end*, *keys* are packed, *exact* ``(n, 2)`` are the vertices in mm before rounding.
    """
    a, b = unpack(start).astype(np.float64), unpack(end).astype(np.float64)
    reach = snap_mm + TOLERANCE_MM
    low, high = np.minimum(a, b) - reach, np.maximum(a, b) + reach
    edge, vertex = points_in_boxes(low, high, exact)
    is_foreign = (keys[vertex] != start[edge]) & (keys[vertex] != end[edge])
    edge, vertex = edge[is_foreign], vertex[is_foreign]
    way, to = b[edge] - a[edge], exact[vertex] - a[edge]
    length = np.hypot(way[:, 0], way[:, 1])
    along = (way * to).sum(axis=1) / length
    distance = np.abs(way[:, 0] * to[:, 1] - way[:, 1] * to[:, 0]) / length
    is_passed = (distance <= reach) & (along > 0) & (along < length)
    edge, vertex, along, distance = (
        column[is_passed] for column in (edge, vertex, along, distance)
    )
    order = np.lexsort((along, edge))
    return Passings(edge[order], keys[vertex[order]], distance[order])


def snapped(
    rings: Rings, edges: EdgeSet, suspicious: Bools, snap_mm: float, fixed: Ints | None = None
) -> Ints:
    """Return points ``(n, 2)`` for *rings* in which near vertices of suspicious edges are one.

    *edges* are those of the rounded rings (and of existing borders, whose vertices win as
    targets); *suspicious* marks some of them; *fixed* are further packed vertices that stay.
    """
    xy = rounded(rings.raw)
    keys = pack(xy)
    given = np.empty(0, dtype=np.int64) if fixed is None else fixed
    everywhere = np.concatenate((edges.start, edges.end, given))
    ends, shares = np.unique(everywhere, return_counts=True)
    mine = sorted_once(np.concatenate((edges.start[suspicious], edges.end[suspicious], given)))
    existing = edges.left != NONE
    is_fixed = np.isin(mine, np.concatenate((edges.start[existing], edges.end[existing], given)))
    exact = unpack(mine).astype(np.float64)
    has_vertex = np.nonzero(np.isin(keys, mine[~is_fixed]))[0]
    exact[np.searchsorted(mine, keys[has_vertex])] = rings.raw[has_vertex]
    moves = merged_vertices(mine, exact, shares[np.searchsorted(ends, mine)], is_fixed, snap_mm)
    return unpack(moves.applied(keys))
