"""Faces of a few edges with how many polygons cover each, and who claims them.

The edges that have not one polygon on each side are enough for the counts: walking over an edge
changes the count by what the edge lacks on its other side, so the rest of the map can stay away.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from gridadmin.partition.edges import NONE, EdgeSet, merged
from gridadmin.partition.grid import Bools, Ints, sorted_once, unpack
from gridadmin.partition.outlines import Directed
from gridadmin.partition.resolve import resolved
from gridadmin.partition.runs import OUTER, Faces, Runs, chain_edges, find_faces

Claims = frozenset[int]
Same = Mapping[int, Claims]
"""Polygons that stand several times, each with all that have its outline; one has it, all have."""

_MARK = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Cover:
    """Faces, how many polygons and frames cover each, and which claims change at each run.

    ``count`` and ``frames`` run parallel to the faces. ``entry_run`` (sorted), ``entry_claim``,
    ``entry_left`` say which claims begin at a run, and whether their land lies left of it.
    """

    runs: Runs
    faces: Faces
    count: Ints
    frames: Ints
    entry_run: Ints
    entry_claim: Ints
    entry_left: Bools

    def sides(self) -> tuple[Ints, Ints]:
        """Return the faces left and right of each run."""
        return self.faces.face[0::2], self.faces.face[1::2]

    def beside(self, runs: Ints) -> tuple[Ints, Ints, Bools]:
        """Return the entries ``(place in runs, claim, is left)`` of some runs."""
        low = np.searchsorted(self.entry_run, runs, side="left")
        count = np.searchsorted(self.entry_run, runs, side="right") - low
        offsets = np.concatenate((low, [0]))
        place = np.repeat(np.arange(len(runs)), count)
        at = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
        at += np.repeat(offsets[:-1], count)
        return place, self.entry_claim[at], self.entry_left[at]


def edge_set(edges: Directed) -> EdgeSet:
    """Return distinct edges with their claims, coinciding ones put together."""
    none = np.full(len(edges), NONE, dtype=np.int64)
    is_left = np.ones(len(edges), dtype=bool)
    return merged(edges.start, edges.end, edges.claim, is_left, none, none)


def cover_of(edges: EdgeSet, suspicious: Bools, first_frame: int) -> Cover:
    """Return the faces of *edges*; claims from *first_frame* on are frames, the rest polygons.

    *suspicious* must lead to each conflict, as in :func:`resolved`.
    """
    edges = resolved(edges, suspicious)
    edge, claim, side = _net_claims(edges)
    rows = sorted_once(edge)
    marks = np.zeros(len(edges), dtype=np.uint64)
    np.add.at(marks, edge, (claim.astype(np.uint64) + np.uint64(1)) * _MARK)
    start, end = edges.start[rows], edges.end[rows]
    runs = chain_edges(unpack(start), unpack(end), _changing_vertices(start, end, marks[rows]))
    faces = find_faces(runs)
    first = rows[runs.edge]
    is_frame = claim >= first_frame
    net = [
        np.bincount(edge[kind], weights=side[kind], minlength=len(edges))[first].astype(np.int64)
        for kind in (~is_frame, is_frame)
    ]
    along = np.where(runs.is_along, 1, -1)
    count, frames = _counted(faces, [steps * along for steps in net])
    low = np.searchsorted(edge, first, side="left")
    size = np.searchsorted(edge, first, side="right") - low
    entry_run = np.repeat(np.arange(len(runs)), size)
    at = np.arange(len(entry_run)) - np.repeat(np.cumsum(size) - size, size) + np.repeat(low, size)
    return Cover(
        runs, faces, count, frames, entry_run, claim[at], (side[at] > 0) == runs.is_along[entry_run]
    )


def _net_claims(edges: EdgeSet) -> tuple[Ints, Ints, Ints]:
    """Return ``(edge, claim, side)`` of claims with land on one side alone; side 1 = left."""
    edge, claim = edges.claim_edge, edges.claim
    if not len(edge):
        return edge, claim, edge
    side = np.where(edges.is_left, 1, -1)
    order = np.lexsort((claim, edge))
    edge, claim, side = edge[order], claim[order], side[order]
    is_new = np.ones(len(edge), dtype=bool)
    is_new[1:] = (edge[1:] != edge[:-1]) | (claim[1:] != claim[:-1])
    begins = np.nonzero(is_new)[0]
    net = np.add.reduceat(side, begins)
    one_sided = net != 0
    return edge[begins[one_sided]], claim[begins[one_sided]], np.sign(net[one_sided])


def _changing_vertices(start: Ints, end: Ints, marks: np.ndarray) -> Ints:
    """Return the vertices at which edges of different claims meet."""
    vertex = np.concatenate((start, end))
    mark = np.concatenate((marks, marks))
    order = np.argsort(vertex, kind="stable")
    vertex, mark = vertex[order], mark[order]
    changes = (vertex[1:] == vertex[:-1]) & (mark[1:] != mark[:-1])
    return sorted_once(vertex[1:][changes])


def _counted(faces: Faces, steps: list[Ints]) -> list[Ints]:
    """Return for each kind of *steps* (left minus right of each run) the count on every face."""
    left, right = faces.face[0::2], faces.face[1::2]
    is_known = np.zeros(len(faces), dtype=bool)
    is_known[OUTER] = True
    counts = [np.zeros(len(faces), dtype=np.int64) for _ in steps]
    waiting = np.arange(len(left))
    while len(waiting):
        from_right = is_known[right[waiting]] & ~is_known[left[waiting]]
        from_left = is_known[left[waiting]] & ~is_known[right[waiting]]
        if not (from_right.any() or from_left.any()):
            break
        near, far = waiting[from_right], waiting[from_left]
        for count, step in zip(counts, steps, strict=True):
            count[left[near]] = count[right[near]] + step[near]
            count[right[far]] = count[left[far]] - step[far]
        is_known[left[near]] = True
        is_known[right[far]] = True
        waiting = waiting[~(is_known[left[waiting]] & is_known[right[waiting]])]
    return counts


def regions(cover: Cover, label: Ints) -> list[list[int]]:
    """Return groups of faces that touch along a run and have one *label* ``(f,)``; -1 = none."""
    left, right = cover.sides()
    same = (label[left] == label[right]) & (label[left] >= 0) & (left != right)
    around: dict[int, list[int]] = defaultdict(list)
    for one, other in zip(left[same].tolist(), right[same].tolist(), strict=True):
        around[one].append(other)
        around[other].append(one)
    found, seen = [], set()
    for face in np.nonzero(label >= 0)[0].tolist():
        if face in seen:
            continue
        seen.add(face)
        group, queue = [face], deque([face])
        while queue:
            for other in around.get(queue.popleft(), ()):
                if other not in seen:
                    seen.add(other)
                    group.append(other)
                    queue.append(other)
        found.append(group)
    return found


def claims_of(
    cover: Cover,
    wanted: Bools,
    first_frame: int,
    same: Same,
    ask: Callable[[list[int]], list[list[int]]],
) -> dict[int, Claims]:
    """Return who claims each face marked in *wanted*, as many as its count.

    Whoever has an edge around a face with land on its inner side claims it; *ask* tells of faces
    who else is there. Where that fails, in slivers of a millimetre, the claims come over an edge
    from a neighbour that is complete.
    All edges in and around the wanted faces must be in the cover.
    """
    known = bounding_claims(cover, wanted, first_frame, same)
    count = cover.count
    incomplete = [face for face, claims in known.items() if len(claims) != count[face]]
    hits = ask(incomplete) if incomplete else []
    known |= {face: known[face].union(more) for face, more in zip(incomplete, hits, strict=True)}
    done = {face: claims for face, claims in known.items() if len(claims) == count[face]}
    waiting = [face for face in incomplete if face not in done]
    around = _toggles(cover, waiting, first_frame, same) if waiting else {}
    while waiting:
        face = waiting.pop()
        claims = None if face in done else _from_neighbour(around.get(face, []), done, cover)
        if claims is not None and len(claims) == count[face]:
            done[face] = claims
            waiting.extend(other for other, _ in around[face] if other in around)
    return known | done


def bounding_claims(cover: Cover, wanted: Bools, first_frame: int, same: Same) -> dict[int, Claims]:
    """Return for each wanted face the polygons with an edge around it and their land inside."""
    left, right = cover.sides()
    face = np.where(cover.entry_left, left[cover.entry_run], right[cover.entry_run])
    is_used = wanted[face] & (cover.entry_claim < first_frame)
    found: dict[int, set[int]] = {number: set() for number in np.nonzero(wanted)[0].tolist()}
    for number, claim in zip(
        face[is_used].tolist(), cover.entry_claim[is_used].tolist(), strict=True
    ):
        found[number].add(claim)
    return {number: _with_same(claims, same) for number, claims in found.items()}


def _with_same(claims: set[int], same: Same) -> Claims:
    return frozenset(claims).union(*(same[claim] for claim in claims if claim in same))


def _toggles(
    cover: Cover, faces: list[int], first_frame: int, same: Same
) -> dict[int, list[tuple[int, Claims]]]:
    """Return for each face its neighbours with the claims that change on the way there."""
    face = cover.faces.face
    halves = np.nonzero(np.isin(face, faces) & (face != face[np.arange(len(face)) ^ 1]))[0]
    place, claim, _ = cover.beside(halves >> 1)
    changing: dict[int, set[int]] = defaultdict(set)
    is_polygon = claim < first_frame
    for at, one in zip(place[is_polygon].tolist(), claim[is_polygon].tolist(), strict=True):
        changing[at].add(one)
    found: dict[int, list[tuple[int, Claims]]] = defaultdict(list)
    for at, half in enumerate(halves.tolist()):
        found[int(face[half])].append(
            (int(face[half ^ 1]), _with_same(changing.get(at, set()), same))
        )
    return found


def _from_neighbour(
    around: list[tuple[int, Claims]], done: dict[int, Claims], cover: Cover
) -> Claims | None:
    for other, changing in around:
        if other in done:
            return done[other] ^ changing
        if cover.count[other] == 0:
            return changing
    return None
