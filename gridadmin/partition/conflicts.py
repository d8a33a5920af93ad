"""The edges that lack a partner once near vertices are one: all that a check must look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from gridadmin.partition.edges import group_pairs
from gridadmin.partition.grid import Bools, Ints, sorted_once, unpack
from gridadmin.partition.outlines import Directed, Outlines, joined
from gridadmin.partition.snapping import Moves, Passings, merged_vertices, passed_vertices


@dataclass(frozen=True, slots=True)
class Snap:
    """How near vertices become one: moves of vertices, and vertices put into edges.

    ``inserted`` maps an undirected edge (packed, lesser end first) to the vertices from its lesser
    end on.
    """

    moves: Moves
    inserted: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    def applied(self, edges: Directed) -> tuple[Directed, Ints]:
        """Return the edges with near vertices made one, and the place each one came from."""
        start, end = self.moves.applied(edges.start), self.moves.applied(edges.end)
        source = np.nonzero(start != end)[0]
        moved = Directed(start[source], end[source], edges.claim[source])
        if not self.inserted:
            return moved, source
        return self._split(moved, source)

    def _split(self, edges: Directed, source: Ints) -> tuple[Directed, Ints]:
        low = np.minimum(edges.start, edges.end)
        heads = np.array(sorted({pair[0] for pair in self.inserted}), dtype=np.int64)
        is_whole = np.ones(len(edges), dtype=bool)
        pieces: list[tuple[int, int, int, int]] = []
        for at in np.nonzero(np.isin(low, heads))[0].tolist():
            start, end = int(edges.start[at]), int(edges.end[at])
            between = self.inserted.get((min(start, end), max(start, end)))
            if between is None:
                continue
            is_whole[at] = False
            chain = [start, *(between if start < end else between[::-1]), end]
            claim, origin = int(edges.claim[at]), int(source[at])
            pieces += [(*pair, claim, origin) for pair in pairwise(chain)]
        added = np.array(pieces, dtype=np.int64).reshape(-1, 4).T
        whole = joined(edges.taken(is_whole), Directed(added[0], added[1], added[2]))
        return whole, np.concatenate((source[is_whole], added[3]))


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Edges without a partner, their land on the left; claims beyond the polygons are frames.

    ``rows`` are the polygons' edges that are here in full length. ``moved_mm`` tells for each
    polygon how far snapping moved it at most.
    """

    edges: Directed
    rows: Ints
    snap: Snap
    moved_mm: dict[int, float]


def find_conflicts(outlines: Outlines, frames: Outlines, forced: Ints, snap_mm: float) -> Conflicts:
    """Return the conflicts of polygons among themselves and with the frames.

    *forced* are edges of the polygons that take part whatever lies beside them.
    """
    rows = sorted_once(np.concatenate((outlines.unmatched(), forced)))
    frame_rows = frames.unmatched()
    first_frame = len(outlines.twice_area)
    both = joined(outlines.directed(rows), frames.directed(frame_rows, first_frame))
    is_forced = np.zeros(len(both), dtype=bool)
    is_forced[: len(rows)] = np.isin(rows, forced)
    vertices = _Vertices(outlines, rows, frames, frame_rows)
    moves = merged_vertices(
        vertices.keys, vertices.exact, vertices.shares, vertices.is_fixed, snap_mm
    )
    snap = Snap(moves)
    edges, source = snap.applied(both)
    lonely = _is_lonely(edges, first_frame)
    passings = _passings(edges.taken(lonely), vertices, snap_mm)
    if len(passings.edge):
        snap = Snap(moves, _inserted(edges.taken(lonely), passings))
        edges, source = snap.applied(both)
        lonely = _is_lonely(edges, first_frame)
    keep = lonely | is_forced[source]
    is_partly = np.zeros(len(both), dtype=bool)
    is_partly[source[~keep]] = True
    is_here = np.zeros(len(both), dtype=bool)
    is_here[source[keep]] = True
    moved = _moved(outlines, moves)
    _add_bends(moved, both, snap, passings, first_frame)
    return Conflicts(edges.taken(keep), rows[(is_here & ~is_partly)[: len(rows)]], snap, moved)


class _Vertices:
    """The distinct vertices of the edges without a partner."""

    def __init__(self, outlines: Outlines, rows: Ints, frames: Outlines, frame_rows: Ints) -> None:
        at, frame_at = (
            np.concatenate((rows, rows + 1)),
            np.concatenate((frame_rows, frame_rows + 1)),
        )
        # The frame comes first, so its exact places count where a polygon shares them.
        keys = np.concatenate((frames.keys[frame_at], outlines.keys[at]))
        exact = np.concatenate((frames.exact(frame_at), outlines.exact(at)))
        self.keys, first, self.shares = np.unique(keys, return_index=True, return_counts=True)
        self.exact = exact[first]
        self.is_fixed = first < len(frame_at)


def _groups(edges: Directed) -> tuple[Ints, Ints]:
    return group_pairs(np.minimum(edges.start, edges.end), np.maximum(edges.start, edges.end))


def _is_lonely(edges: Directed, first_frame: int) -> Bools:
    """Return which edges lie where polygons, or frames, of the two sides don't balance."""
    group, first = _groups(edges)
    side = np.where(edges.start < edges.end, 1, -1)
    is_frame = edges.claim >= first_frame
    lonely = np.zeros(len(first), dtype=bool)
    for kind in (is_frame, ~is_frame):
        lonely |= np.bincount(group[kind], weights=side[kind], minlength=len(first)) != 0
    mine: Bools = lonely[group]
    return mine


def _passings(edges: Directed, vertices: _Vertices, snap_mm: float) -> Passings:
    _, first = _groups(edges)
    once = edges.taken(first)
    low, high = np.minimum(once.start, once.end), np.maximum(once.start, once.end)
    keys = sorted_once(np.concatenate((low, high)))
    found = passed_vertices(
        low, high, keys, vertices.exact[np.searchsorted(vertices.keys, keys)], snap_mm
    )
    return Passings(first[found.edge], found.vertex, found.distance_mm)


def _inserted(edges: Directed, passings: Passings) -> dict[tuple[int, int], list[int]]:
    inserted: dict[tuple[int, int], list[int]] = {}
    for edge, vertex in zip(passings.edge.tolist(), passings.vertex.tolist(), strict=True):
        start, end = int(edges.start[edge]), int(edges.end[edge])
        inserted.setdefault((min(start, end), max(start, end)), []).append(vertex)
    return inserted


def _moved(outlines: Outlines, moves: Moves) -> dict[int, float]:
    """Return for each polygon the farthest that a vertex of it moved, in mm."""
    at = moves.places_in(outlines.keys)
    moved: dict[int, float] = {}
    if len(at):
        shift = unpack(moves.applied(outlines.keys[at])) - outlines.exact(at)
        polygon = outlines.polygon[outlines.chain_of(at)].tolist()
        for one, distance in zip(polygon, np.hypot(*shift.T).tolist(), strict=True):
            moved[one] = max(moved.get(one, 0.0), distance)
    return moved


def _add_bends(
    moved: dict[int, float], both: Directed, snap: Snap, passings: Passings, first_frame: int
) -> None:
    if not len(passings.edge):
        return
    straight, _ = Snap(snap.moves).applied(both)
    bend: dict[tuple[int, int], float] = {}
    pairs = (pair for pair, between in snap.inserted.items() for _ in between)
    for pair, distance in zip(pairs, passings.distance_mm.tolist(), strict=True):
        bend[pair] = max(bend.get(pair, 0.0), distance)
    heads = np.array(sorted({pair[0] for pair in bend}), dtype=np.int64)
    low = np.minimum(straight.start, straight.end)
    for at in np.nonzero(np.isin(low, heads) & (straight.claim < first_frame))[0].tolist():
        pair = int(low[at]), int(max(straight.start[at], straight.end[at]))
        claim = int(straight.claim[at])
        if pair in bend:
            moved[claim] = max(moved.get(claim, 0.0), bend[pair])
