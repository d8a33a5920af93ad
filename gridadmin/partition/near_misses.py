"""Near misses: vertices that lie beside their neighbours', and edges led past a vertex.

They are why most thin gaps and overlaps are there. Only edges without a partner can have one. Who
has the other's vertex as well doesn't miss it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from gridadmin.partition.conflicts import Conflicts
from gridadmin.partition.edges import EdgeSet, group_pairs
from gridadmin.partition.grid import Bools, Ints, pack, sorted_once, unpack
from gridadmin.partition.outlines import Directed, Outlines
from gridadmin.partition.resolve import gather
from gridadmin.partition.snapping import TOLERANCE_MM, Moves, near_pairs, passed_vertices

Holders = Mapping[int, set[int]]

_MOST = 2_000_000
"""So many vertices near one another are a matter of how dense the lines are, not of misses."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A vertex (packed) of the *holders* that the polygons *missed* come near to.

    ``other`` is the vertex that they have instead; without one ``edge`` (packed, lesser end first)
    runs past.
    """

    vertex: int
    holders: frozenset[int]
    missed: frozenset[int]
    distance_mm: float
    other: int | None = None
    edge: tuple[int, int] | None = None


def near_misses_of(
    outlines: Outlines, conflicts: Conflicts, snap_mm: float, reach_mm: float
) -> list[NearMiss] | None:
    """Return the near misses among polygons that a check looks at, frames left aside."""
    edges = conflicts.edges.taken(conflicts.edges.claim < len(outlines.twice_area))

    def holders(keys: Ints) -> Holders:
        moves = conflicts.snap.moves
        sources = moves.source[np.isin(moves.target, keys)]
        wanted = sorted_once(np.concatenate((keys, sources)))
        at = Moves(wanted, wanted).places_in(outlines.keys)
        polygon = outlines.polygon[outlines.chain_of(at)]
        return _by_key([(moves.applied(outlines.keys[at]), polygon), *_ends(edges)], keys)

    return near_misses(edges, holders, snap_mm, reach_mm)


def near_misses_in(
    edges: EdgeSet, suspicious: Bools, snap_mm: float, reach_mm: float
) -> list[NearMiss] | None:
    """Return the near misses among the claims on *suspicious* edges; -1 are standing borders."""
    offsets = edges.claim_offsets()
    rows = np.nonzero(suspicious)[0]
    edge = np.repeat(rows, offsets[rows + 1] - offsets[rows])
    claim = edges.claim[gather(offsets, rows)]
    standing = rows[offsets[rows + 1] == offsets[rows]]
    edge = np.concatenate((edge, standing))
    claim = np.concatenate((claim, np.full(len(standing), -1, dtype=np.int64)))

    def holders(keys: Ints) -> Holders:
        bare = np.nonzero(offsets[1:] == offsets[:-1])[0]
        borders = np.full(len(bare), -1, dtype=np.int64)
        columns = [(ends[edges.claim_edge], edges.claim) for ends in (edges.start, edges.end)] + [
            (ends[bare], borders) for ends in (edges.start, edges.end)
        ]
        return _by_key(columns, keys)

    return near_misses(
        Directed(edges.start[edge], edges.end[edge], claim), holders, snap_mm, reach_mm
    )


def near_misses(
    edges: Directed, holders_of: Callable[[Ints], Holders], snap_mm: float, reach_mm: float
) -> list[NearMiss] | None:
    """Return what lies farther apart than *snap_mm* and at most *reach_mm*, the nearest first.

    *holders_of* tells which polygons have the given vertices. None where the lines are too dense
    for it to mean anything.
    """
    keys = sorted_once(np.concatenate((edges.start, edges.end)))
    if not len(keys) or reach_mm <= snap_mm:
        return []
    xy = unpack(keys).astype(np.float64)
    if _are_dense(xy, reach_mm):
        return None
    one, other = near_pairs(xy, reach_mm)
    apart = np.hypot(*(xy[one] - xy[other]).T)
    is_apart = apart > snap_mm + TOLERANCE_MM
    one, other, apart = keys[one[is_apart]], keys[other[is_apart]], apart[is_apart]
    low, high = np.minimum(edges.start, edges.end), np.maximum(edges.start, edges.end)
    group, first = group_pairs(low, high)
    low, high = low[first], high[first]
    passed = passed_vertices(low, high, keys, xy, reach_mm)
    is_beside = passed.distance_mm > snap_mm + TOLERANCE_MM
    edge, vertex = passed.edge[is_beside], passed.vertex[is_beside]
    holders = holders_of(sorted_once(np.concatenate((one, other, vertex, low[edge], high[edge]))))
    found, near = _missed_vertices(one, other, apart, holders)
    claims = _claims_of_edges(group, edges.claim, edge)
    for place, at, distance in sorted(
        zip(edge.tolist(), vertex.tolist(), passed.distance_mm[is_beside].tolist(), strict=True),
        key=lambda beside: (beside[2], beside[1], beside[0]),
    ):
        missed = claims[place] - holders[at] - near[at]
        if missed and at not in found and holders[at] - claims[place]:
            ends = int(low[place]), int(high[place])
            found[at] = NearMiss(at, frozenset(holders[at]), frozenset(missed), distance, edge=ends)
    return sorted(set(found.values()), key=lambda miss: (miss.distance_mm, miss.vertex))


def _are_dense(xy: np.ndarray, reach_mm: float) -> bool:
    cells = np.sort(pack(np.floor(xy / reach_mm).astype(np.int64)))
    counts = np.diff(np.nonzero(np.append(np.diff(cells, prepend=cells[0] - 1) != 0, True))[0])
    return bool((counts * (counts - 1)).sum() > _MOST)


def _missed_vertices(
    one: Ints, other: Ints, apart: np.ndarray, holders: Holders
) -> tuple[dict[int, NearMiss], dict[int, set[int]]]:
    """Return the misses of vertices by vertex, and whose vertices lie near each vertex."""
    found: dict[int, NearMiss] = {}
    near: dict[int, set[int]] = defaultdict(set)
    order = np.lexsort((other, one, apart))
    for a, b, distance in zip(
        one[order].tolist(), other[order].tolist(), apart[order].tolist(), strict=True
    ):
        near[a] |= holders[b]
        near[b] |= holders[a]
        only_a, only_b = holders[a] - holders[b], holders[b] - holders[a]
        if not only_a or not only_b or a in found or b in found:
            continue
        # The one that more polygons have stays, as when vertices are made one.
        stays, goes = (b, a) if len(holders[b]) > len(holders[a]) else (a, b)
        found[a] = found[b] = NearMiss(
            stays, frozenset(holders[stays]), frozenset(holders[goes]), distance, other=goes
        )
    return found, near


def _claims_of_edges(group: Ints, claim: Ints, wanted: Ints) -> dict[int, set[int]]:
    claims: dict[int, set[int]] = {number: set() for number in wanted.tolist()}
    mine = np.isin(group, wanted)
    for number, one in zip(group[mine].tolist(), claim[mine].tolist(), strict=True):
        claims[number].add(one)
    return claims


def _ends(edges: Directed) -> list[tuple[Ints, Ints]]:
    return [(edges.start, edges.claim), (edges.end, edges.claim)]


def _by_key(columns: Iterable[tuple[Ints, Ints]], keys: Ints) -> Holders:
    """Return who stands beside each of the *keys* in columns ``(key, who)``."""
    found: dict[int, set[int]] = {key: set() for key in keys.tolist()}
    for column, who in columns:
        mine = np.isin(column, keys)
        for key, one in zip(column[mine].tolist(), who[mine].tolist(), strict=True):
            found[key].add(one)
    return found
