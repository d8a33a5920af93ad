"""Edges with what each polygon claims beside them: the raw material of a partition.

Every undirected edge stands once, from its lesser to its greater end; *claims* say which polygon
has it on its ring, and on which side the polygon's land lies. A polygon that has an edge twice has
no border there. Edges of a partition that exists already also carry the owners on their two sides.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.base.errors import InputError
from gridadmin.partition.grid import LIMIT_MM, Ints, pack
from gridadmin.partition.grouping import grouped

NONE = -9
"""Owner entry of an edge that no existing border has."""


@dataclass(frozen=True, slots=True)
class Rings:
    """Closed rings of polygons: points ``(n, 2)`` in mm, first = last; raw = before rounding.

    ``polygon`` is the polygon of each ring, ``is_hole`` its role.
    """

    raw: np.ndarray
    offsets: Ints
    polygon: Ints
    is_hole: np.ndarray
    count: int


def rings_of(polygons: np.ndarray, origin_mm: tuple[int, int], per_metre: float = 1000.0) -> Rings:
    """Return the rings of shapely (multi)polygons in metres as millimetres from *origin_mm*.

    Raises: InputError ``partition.too_large`` when land lies farther than the grid reaches.
    """
    parts, polygon = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    raw = coordinates * per_metre - np.asarray(origin_mm, dtype=np.float64)
    if len(raw) and not (np.abs(raw) <= LIMIT_MM).all():
        raise InputError("partition.too_large", km=LIMIT_MM // 1_000_000)
    offsets = np.concatenate(([0], np.cumsum(np.bincount(ring, minlength=len(rings)))))
    is_hole = np.ones(len(rings), dtype=bool)
    if len(rings):
        is_hole[np.concatenate(([0], np.nonzero(np.diff(part))[0] + 1))] = False
    return Rings(
        raw, offsets.astype(np.int64), polygon[part].astype(np.int64), is_hole, len(polygons)
    )


def rounded(raw: np.ndarray) -> Ints:
    """Return *raw* millimetres on the grid, by floor(v + 1/2)."""
    return np.floor(raw + 0.5).astype(np.int64)


@dataclass(frozen=True, slots=True)
class EdgeSet:
    """Distinct undirected edges, their claims, and the owners of existing borders.

    ``start``/``end``: packed keys, start < end. ``claim_edge`` (sorted, each edge's claims
    ascending) names the edge of each claim, ``claim`` the claimant's index, ``is_left`` whether
    its land lies left of start → end. ``left`` and ``right`` are owners of an existing border or
    :data:`NONE`.
    """

    start: Ints
    end: Ints
    claim_edge: Ints
    claim: Ints
    is_left: np.ndarray
    left: Ints
    right: Ints

    def __len__(self) -> int:
        return len(self.start)

    def claim_offsets(self) -> Ints:
        """Return the CSR offsets ``(n + 1,)`` of the claims of each edge."""
        return np.searchsorted(self.claim_edge, np.arange(len(self) + 1))


def edges_of_rings(rings: Rings, points: Ints | None = None) -> EdgeSet:
    """Return the edges of *rings*; *points* replaces the rounded coordinates when given."""
    xy = rounded(rings.raw) if points is None else points
    is_joint = np.ones(max(len(xy) - 1, 0), dtype=bool)
    is_joint[rings.offsets[1:-1] - 1] = False
    ring = np.repeat(np.arange(len(rings.polygon)), np.diff(rings.offsets))
    keys = pack(xy)
    at = np.nonzero(is_joint & (keys[:-1] != keys[1:]))[0]
    has_land_left = _is_counter_clockwise(xy, rings.offsets) != rings.is_hole
    empty = np.full(len(at), NONE, dtype=np.int64)
    return merged(
        keys[at], keys[at + 1], rings.polygon[ring[at]], has_land_left[ring[at]], empty, empty
    )


def _is_counter_clockwise(xy: Ints, offsets: Ints) -> np.ndarray:
    terms = np.zeros(len(xy), dtype=np.int64)
    terms[:-1] = xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]
    terms[offsets[1:] - 1] = 0
    if len(offsets) < 2:
        return np.empty(0, dtype=bool)
    return np.add.reduceat(terms, offsets[:-1]) > 0


def merged(
    start: Ints, end: Ints, claim: Ints, is_left: np.ndarray, left: Ints, right: Ints
) -> EdgeSet:
    """Return the edge set of directed edges, each with one claim (-1 = none) and maybe owners."""
    flip = start > end
    low, high = np.where(flip, end, start), np.where(flip, start, end)
    order, is_first = grouped(low, high)
    first = order[is_first]
    count = len(first)
    group = np.empty(len(order), dtype=np.int64)
    number = np.cumsum(is_first) - 1
    group[order] = number
    owner_left = np.full(count, NONE, dtype=np.int64)
    owner_right = np.full(count, NONE, dtype=np.int64)
    owned = np.nonzero(left != NONE)[0]
    if len(owned):
        turned, rows = flip[owned], group[owned]
        left, right = (
            np.where(turned, right[owned], left[owned]),
            np.where(turned, left[owned], right[owned]),
        )
        owner_left[rows], owner_right[rows] = left, right
        _cancel_collapsed(rows, left, right, owner_left, owner_right)
    claiming = claim[order] >= 0
    if not claiming.all():
        order, number = order[claiming], number[claiming]
    rows = _by_claim(order, number, claim)
    return EdgeSet(
        low[first],
        high[first],
        number,
        claim[rows],
        is_left[rows] ^ flip[rows],
        owner_left,
        owner_right,
    )


def _cancel_collapsed(
    group: Ints, left: Ints, right: Ints, owner_left: Ints, owner_right: Ints
) -> None:
    """Where rounding laid several borders onto each other, keep only the outermost owners."""
    if len(np.unique(group)) == len(group):
        return
    order = np.argsort(group, kind="stable")
    numbers, begins, lengths = np.unique(group[order], return_index=True, return_counts=True)
    for number, begin, length in zip(
        *(column[lengths > 1].tolist() for column in (numbers, begins, lengths)), strict=True
    ):
        rows = order[begin : begin + length]
        lefts, rights = Counter(left[rows].tolist()), Counter(right[rows].tolist())
        # A land squeezed to nothing stands once on each side and goes.
        only_left, only_right = list(lefts - rights), list(rights - lefts)
        owner_left[number] = only_left[0] if only_left else left[rows[0]]
        owner_right[number] = only_right[0] if only_right else left[rows[0]]


def _by_claim(rows: Ints, edge: Ints, claim: Ints) -> Ints:
    """Return *rows*, which are in the order of *edge*, with the claims of each edge ascending."""
    while True:
        ordered = claim[rows]
        wrong = np.nonzero((edge[1:] == edge[:-1]) & (ordered[1:] < ordered[:-1]))[0]
        if not len(wrong):
            return rows
        if (np.diff(wrong) == 1).any():
            return rows[np.lexsort((ordered, edge))]
        # Nearly always an edge has two claims: then a swap is all it needs.
        rows[wrong], rows[wrong + 1] = rows[wrong + 1], rows[wrong]


def group_pairs(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Return ``(group of each row, first row of each group)`` of equal pairs."""
    order, is_first = grouped(low, high)
    group = np.empty(len(order), dtype=np.int64)
    group[order] = np.cumsum(is_first) - 1
    return group, order[is_first]
