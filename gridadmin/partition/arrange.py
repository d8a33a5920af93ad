"""From noded edges to faces with their claims, and from decided faces to labelled borders."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gridadmin.base.ids import NOBODY, OUTSIDE
from gridadmin.partition.edges import NONE, EdgeSet
from gridadmin.partition.grid import Bools, Ints, unpack
from gridadmin.partition.runs import OUTER, Faces, Runs, chain_edges, find_faces

Claims = frozenset[int]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Faces with their claimants (indices) and the owner that they had before.

    ``claims`` and ``old_owner`` run parallel to ``faces``; face 0 is the unbounded one.
    """

    runs: Runs
    faces: Faces
    claims: list[Claims]
    old_owner: Ints

    def sides(self) -> tuple[Ints, Ints]:
        """Return the faces ``(r,)`` left and right of each run."""
        return self.faces.face[0::2], self.faces.face[1::2]


def arrange(edges: EdgeSet) -> Arrangement:
    """Return the faces of noded *edges* with the claims on each."""
    net_edge, net_claim = _net_claims(edges)
    is_bordering = (edges.left != NONE) & (edges.left != edges.right)
    is_bordering[net_edge] = True
    rows = np.nonzero(is_bordering)[0]
    runs = chain_edges(unpack(edges.start[rows]), unpack(edges.end[rows]))
    faces = find_faces(runs)
    first_edge = rows[runs.edge]
    toggles = _Toggles(first_edge, net_edge, net_claim)
    left = np.where(runs.is_along, edges.left[first_edge], edges.right[first_edge])
    right = np.where(runs.is_along, edges.right[first_edge], edges.left[first_edge])
    claims, old = _propagate(faces, toggles, left, right)
    return Arrangement(runs, faces, claims, old)


def _net_claims(edges: EdgeSet) -> tuple[Ints, Ints]:
    """Return ``(edge, claim)`` of the claims that stand an odd number of times on their edge."""
    edge, claim = edges.claim_edge, edges.claim
    if not len(edge):
        return edge, claim
    is_new = np.ones(len(edge), dtype=bool)
    is_new[1:] = (edge[1:] != edge[:-1]) | (claim[1:] != claim[:-1])
    if is_new.all():
        return edge, claim
    begins = np.nonzero(is_new)[0]
    is_odd = np.diff(np.append(begins, len(edge))) % 2 == 1
    return edge[begins[is_odd]], claim[begins[is_odd]]


class _Toggles:
    """The claims that begin or end where one crosses a run."""

    def __init__(self, first_edge: Ints, net_edge: Ints, net_claim: Ints) -> None:
        low = np.searchsorted(net_edge, first_edge, side="left")
        count = np.searchsorted(net_edge, first_edge, side="right") - low
        ends = np.cumsum(count)
        at = np.arange(int(count.sum())) + np.repeat(low - (ends - count), count)
        self._ends = [0, *ends.tolist()]
        self._claim = net_claim[at].tolist()

    def of(self, run: int) -> Claims:
        """Return the claimants on one side of the run alone."""
        return frozenset(self._claim[self._ends[run] : self._ends[run + 1]])


def _propagate(
    faces: Faces, toggles: _Toggles, left: Ints, right: Ints
) -> tuple[list[Claims], Ints]:
    count = len(faces)
    face_left, face_right = faces.face[0::2], faces.face[1::2]
    known = np.full(count, NONE, dtype=np.int64)
    bordering = left != NONE
    known[face_left[bordering]] = left[bordering]
    known[face_right[bordering]] = right[bordering]
    if known[OUTER] == NONE:
        known[OUTER] = OUTSIDE
    owner = known.tolist()
    claims: list[Claims] = [frozenset()] * count
    is_reached = bytearray(count)
    is_reached[OUTER] = True
    offsets, others, runs = _adjacency(faces)
    queue = [OUTER]
    for face in queue:
        here = claims[face]
        for place in range(offsets[face], offsets[face + 1]):
            other, run = others[place], runs[place]
            if not is_reached[other]:
                is_reached[other] = True
                claims[other] = here ^ toggles.of(run)
                if owner[other] == NONE:
                    owner[other] = owner[face]
                queue.append(other)
    return claims, np.array(owner, dtype=np.int64)


def _adjacency(faces: Faces) -> tuple[list[int], list[int], list[int]]:
    """Return CSR lists ``(offsets, neighbour faces, runs between)`` of all faces."""
    face = faces.face
    order = np.argsort(face, kind="stable")
    offsets: list[int] = np.searchsorted(face[order], np.arange(len(faces) + 1)).tolist()
    others: list[int] = face[order ^ 1].tolist()
    runs: list[int] = (order >> 1).tolist()
    return offsets, others, runs


def neighbours(faces: Faces) -> Callable[[int], list[tuple[int, int]]]:
    """Return a look-up of the ``(neighbour face, run)`` pairs of a face."""
    offsets, others, runs = _adjacency(faces)

    def around(number: int) -> list[tuple[int, int]]:
        low, high = offsets[number], offsets[number + 1]
        return list(zip(others[low:high], runs[low:high], strict=True))

    return around


def enclosed_as_nobodys(arrangement: Arrangement, owner: Ints) -> Ints:
    """Return *owner* per face with OUTSIDE land that the unbounded face can't reach as NOBODY's."""
    around = neighbours(arrangement.faces)
    is_out = owner == OUTSIDE
    reached = {OUTER}
    queue = deque([OUTER])
    while queue:
        for other, _ in around(queue.popleft()):
            if is_out[other] and other not in reached:
                reached.add(other)
                queue.append(other)
    result = np.where(is_out, NOBODY, owner)
    result[list(reached)] = OUTSIDE
    return result


def run_lengths_mm(runs: Runs) -> np.ndarray:
    """Return the length of each run in mm, float64."""
    steps = np.zeros(len(runs.xy))
    delta = np.diff(runs.xy, axis=0).astype(np.float64)
    steps[:-1] = np.hypot(delta[:, 0], delta[:, 1])
    steps[runs.offsets[1:] - 1] = 0
    return np.add.reduceat(steps, runs.offsets[:-1]) if len(runs) else steps


def labelled_borders(arrangement: Arrangement, owner: Ints) -> tuple[Runs, Ints, Ints]:
    """Return ``(runs, left, right)``: the borders between faces of different *owner*.

    Runs with one owner on both sides dissolve; what they parted becomes one run.
    """
    face_left, face_right = arrangement.sides()
    left, right = owner[face_left], owner[face_right]
    keep: Bools = left != right
    runs = arrangement.runs
    if keep.all():
        return runs, left, right
    inner = np.ones(len(runs.xy), dtype=bool)
    inner[runs.offsets[1:] - 1] = False
    run_of_point = np.repeat(np.arange(len(runs)), np.diff(runs.offsets))
    at = np.nonzero(inner & keep[run_of_point])[0]
    joined = chain_edges(runs.xy[at], runs.xy[at + 1])
    source = run_of_point[at][joined.edge]
    flip = ~joined.is_along
    return (
        joined,
        np.where(flip, right[source], left[source]),
        np.where(flip, left[source], right[source]),
    )
