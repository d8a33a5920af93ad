"""The outlines of many polygons as packed vertices, quick to take up with millions of them.

Edges are not stored: edge ``i`` runs from vertex ``i`` to vertex ``i + 1``. Beside them stands one
hash per edge, and its sum over buckets: a bucket whose edges all have one polygon on each side sums
to zero, so what is unmatched shows without sorting anything.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.partition.edges import group_pairs
from gridadmin.partition.grid import LIMIT_MM, Bools, Ints, pack, unpack
from gridadmin.partition.resolve import gather

Words = np.ndarray
"""uint64 values, one per edge."""

_CHUNK = 5_000
_MIX_A = np.uint64(0x9E3779B97F4A7C15)
_MIX_B = np.uint64(0xC2B2AE3D27D4EB4F)
_MIX_C = np.uint64(0xD6E8FEB86659FD93)
_RESIDUAL = 65_534.0
"""Steps per millimetre in which it is kept how far a vertex was rounded."""


@dataclass(frozen=True, slots=True)
class Directed:
    """Edges with the land of their *claim* on the left, walked from *start* to *end* (packed)."""

    start: Ints
    end: Ints
    claim: Ints

    def __len__(self) -> int:
        return len(self.start)

    def taken(self, at: Ints | Bools) -> Directed:
        """Return the edges at the given places."""
        return Directed(self.start[at], self.end[at], self.claim[at])


def joined(*parts: Directed) -> Directed:
    """Return all edges of several sets."""
    return Directed(
        np.concatenate([part.start for part in parts]),
        np.concatenate([part.end for part in parts]),
        np.concatenate([part.claim for part in parts]),
    )


def distinct(edges: Directed) -> Directed:
    """Return each edge of each claim once."""
    order = np.lexsort((edges.claim, edges.end, edges.start))
    ordered = edges.taken(order)
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = (
        (ordered.start[1:] != ordered.start[:-1])
        | (ordered.end[1:] != ordered.end[:-1])
        | (ordered.claim[1:] != ordered.claim[:-1])
    )
    return ordered.taken(is_new)


@dataclass(slots=True)
class Outlines:
    """Chains of packed vertices in mm, their polygons, and the sums that tell unmatched edges.

    Chain ``c`` is ``keys[offsets[c]:offsets[c + 1]]`` of polygon ``polygon[c]``; ``is_left`` says
    whether its land lies left of it. ``residual`` ``(v, 2)`` is what rounding took off each vertex,
    ``mixed`` the hash of the edge that begins there (0 = none). ``twice_area`` and ``signature``
    stand per polygon; equal land has equal signatures.
    """

    keys: Ints
    residual: np.ndarray
    offsets: Ints
    polygon: Ints
    is_left: Bools
    mixed: Words
    twice_area: Ints
    signature: Words
    sums: Words

    def rows_of(self, polygons: Ints) -> Ints:
        """Return all edges of the given polygons."""
        is_wanted = np.zeros(len(self.twice_area), dtype=bool)
        is_wanted[polygons] = True
        rows = gather(self.offsets, np.nonzero(is_wanted[self.polygon])[0])
        edges: Ints = rows[self.mixed[rows] != 0]
        return edges

    def chain_of(self, rows: Ints) -> Ints:
        """Return the chain of each edge or vertex."""
        chains: Ints = np.searchsorted(self.offsets, rows, side="right") - 1
        return chains

    def directed(self, rows: Ints, claim_offset: int = 0) -> Directed:
        """Return edges with their land on the left; claims count from *claim_offset*."""
        chain = self.chain_of(rows)
        start, end = self.keys[rows], self.keys[rows + 1]
        is_left = self.is_left[chain]
        return Directed(
            np.where(is_left, start, end),
            np.where(is_left, end, start),
            self.polygon[chain] + claim_offset,
        )

    def exact(self, vertices: Ints) -> np.ndarray:
        """Return vertices ``(n, 2)`` in mm as they were before rounding."""
        xy: np.ndarray = unpack(self.keys[vertices]) + self.residual[vertices] / _RESIDUAL
        return xy

    def leave_out(self, rows: Ints) -> None:
        """Take edges out of the sums, as if they were not there."""
        values = _signed(self.mixed[rows], self._is_left_of_key(rows))
        np.subtract.at(self.sums, _bucket(self.mixed[rows], len(self.sums)), values)

    def unmatched(self) -> Ints:
        """Return the edges that have not as many polygons on the left as on the right."""
        found = []
        for begin in range(0, len(self.mixed), 1 << 18):
            mixed = self.mixed[begin : begin + (1 << 18)]
            odd = (self.sums[_bucket(mixed, len(self.sums))] != 0) & (mixed != 0)
            found.append(np.nonzero(odd)[0] + begin)
        rows: Ints = np.concatenate(found) if found else np.empty(0, dtype=np.int64)
        if not len(rows):
            return rows
        start, end = self.keys[rows], self.keys[rows + 1]
        group, first = group_pairs(np.minimum(start, end), np.maximum(start, end))
        side = np.where(self._is_left_of_key(rows), 1, -1)
        net = np.bincount(group, weights=side, minlength=len(first))
        odd_rows: Ints = rows[net[group] != 0]
        return odd_rows

    def _is_left_of_key(self, rows: Ints) -> Bools:
        is_upward = self.keys[rows] < self.keys[rows + 1]
        is_left: Bools = self.is_left[self.chain_of(rows)] == is_upward
        return is_left


def outlines_of(
    polygons: np.ndarray, origin_mm: tuple[int, int], progress: Progress = SILENT
) -> Outlines:
    """Return the outlines of shapely (multi)polygons in metres; None entries have none.

    Those of invalid ones mean nothing, see :func:`with_chains`.
    Raises: InputError ``partition.too_large``; Cancelled.
    """
    vertices = int(shapely.get_num_coordinates(polygons).sum())
    table = np.zeros(1 << max(10, min(26, int(vertices).bit_length())), dtype=np.uint64)
    pieces = []
    for begin in range(0, len(polygons), _CHUNK):
        checkpoint(progress, "progress.matching", begin, len(polygons))
        piece = _chunk(polygons[begin : begin + _CHUNK], begin, origin_mm)
        pieces.append(_matched_up(*piece, table))
    return _assembled(pieces, len(polygons), table)


def with_chains(
    outlines: Outlines, polygons: list[int], chains: list[tuple[int, Ints]]
) -> Outlines:
    """Return the outlines with *chains* in place of what some polygons have.

    A chain is ``(polygon, points (n, 2) in mm)`` with its land on the left. The sums of *outlines*
    go over to the result.
    """
    rows = outlines.rows_of(np.array(polygons, dtype=np.int64))
    outlines.leave_out(rows)
    outlines.mixed[rows] = 0
    outlines.twice_area[polygons] = 0
    outlines.signature[polygons] = 0
    count, table = len(outlines.twice_area), outlines.sums
    pieces = [_matched_up(*_chain(polygon, points), table) for polygon, points in chains]
    more = _assembled(pieces, count, table)
    return Outlines(
        np.concatenate((outlines.keys, more.keys)),
        np.concatenate((outlines.residual, more.residual)),
        np.concatenate((outlines.offsets, more.offsets[1:] + outlines.offsets[-1])),
        np.concatenate((outlines.polygon, more.polygon)),
        np.concatenate((outlines.is_left, more.is_left)),
        np.concatenate((outlines.mixed, more.mixed)),
        outlines.twice_area + more.twice_area,
        outlines.signature + more.signature,
        table,
    )


_Piece = tuple[Ints, np.ndarray, Ints, Ints, Bools, Ints]
_Done = tuple[Ints, np.ndarray, Ints, Ints, Bools, Ints, Words, Words]


def _chunk(polygons: np.ndarray, begin: int, origin_mm: tuple[int, int]) -> _Piece:
    parts, polygon = shapely.get_parts(polygons, return_index=True)
    has_holes = shapely.get_num_interior_rings(parts) > 0
    shells = parts[~has_holes]
    rings, part = shapely.get_rings(parts[has_holes], return_index=True)
    is_hole = np.zeros(len(shells) + len(rings), dtype=bool)
    is_hole[len(shells) :] = True
    if len(rings):
        is_hole[len(shells) + np.concatenate(([0], np.nonzero(np.diff(part))[0] + 1))] = False
    coordinates = shapely.get_coordinates(shells)
    sizes = shapely.get_num_coordinates(shells)
    if len(rings):
        coordinates = np.concatenate((coordinates, shapely.get_coordinates(rings)))
        sizes = np.concatenate((sizes, shapely.get_num_coordinates(rings)))
    of_chain = np.concatenate((polygon[~has_holes], polygon[has_holes][part])) + begin
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    xy, residual = _on_grid(coordinates, origin_mm)
    area = _ring_areas(xy, offsets)
    is_left = (area > 0) != is_hole
    return (
        pack(xy),
        residual,
        offsets,
        of_chain.astype(np.int64),
        is_left,
        _signed_land(area, is_hole),
    )


def _chain(polygon: int, points: Ints) -> _Piece:
    offsets = np.array([0, len(points)], dtype=np.int64)
    return (
        pack(points),
        np.zeros(points.shape, dtype=np.int16),
        offsets,
        np.array([polygon], dtype=np.int64),
        np.ones(1, dtype=bool),
        _ring_areas(points, offsets),
    )


def _on_grid(coordinates: np.ndarray, origin_mm: tuple[int, int]) -> tuple[Ints, np.ndarray]:
    raw = coordinates * 1000.0
    raw -= np.asarray(origin_mm, dtype=np.float64)
    whole = np.floor(raw + 0.5)
    if len(raw) and max(whole.max(), -whole.min()) > LIMIT_MM:
        raise InputError("partition.too_large", km=LIMIT_MM // 1_000_000)
    raw -= whole
    raw *= _RESIDUAL
    return whole.astype(np.int64), raw.astype(np.int16)


def _ring_areas(xy: Ints, offsets: Ints) -> Ints:
    if len(offsets) < 2:
        return np.empty(0, dtype=np.int64)
    x, y = xy[:, 0], xy[:, 1]
    terms = np.zeros(len(xy), dtype=np.int64)
    terms[:-1] = x[:-1] * y[1:]
    terms[:-1] -= x[1:] * y[:-1]
    terms[offsets[1:] - 1] = 0
    return np.add.reduceat(terms, offsets[:-1])


def _signed_land(area: Ints, is_hole: Bools) -> Ints:
    land: Ints = np.where(is_hole, -np.abs(area), np.abs(area))
    return land


def _matched_up(
    keys: Ints,
    residual: np.ndarray,
    offsets: Ints,
    polygon: Ints,
    is_left: Bools,
    land: Ints,
    table: Words,
) -> _Done:
    mixed = np.zeros(len(keys), dtype=np.uint64)
    start, end = keys[:-1], keys[1:]
    low, high = np.minimum(start, end), np.maximum(start, end)
    value = low.view(np.uint64) * _MIX_A
    value ^= value >> np.uint64(29)
    value += high.view(np.uint64)
    value *= _MIX_B
    value ^= value >> np.uint64(32)
    value *= _MIX_C
    value ^= value >> np.uint64(29)
    value |= np.uint64(1)
    value[start == end] = 0
    mixed[:-1] = value
    mixed[offsets[1:] - 1] = 0
    is_left_of_edge = np.repeat(is_left, np.diff(offsets))
    is_left_of_edge[:-1] ^= start >= end
    np.add.at(table, _bucket(mixed, len(table)), _signed(mixed, is_left_of_edge))
    signature = np.add.reduceat(mixed, offsets[:-1]) if len(polygon) else mixed[:0]
    return keys, residual, offsets, polygon, is_left, land, mixed, signature


def _bucket(mixed: Words, size: int) -> Ints:
    at: Ints = (mixed >> np.uint64(64 - (size.bit_length() - 1))).view(np.int64)
    return at


def _signed(mixed: Words, is_left: Bools) -> Words:
    return np.where(is_left, mixed, -mixed)


def _assembled(pieces: list[_Done], count: int, table: Words) -> Outlines:
    columns = list(zip(*pieces, strict=True)) if pieces else [()] * 8
    keys = _concatenated(columns[0], np.int64)
    offsets = [np.zeros(1, dtype=np.int64)]
    base = 0
    for piece in columns[2]:
        offsets.append(piece[1:] + base)
        base += int(piece[-1])
    polygon = _concatenated(columns[3], np.int64)
    twice_area = np.zeros(count, dtype=np.int64)
    np.add.at(twice_area, polygon, _concatenated(columns[5], np.int64))
    signature = np.zeros(count, dtype=np.uint64)
    np.add.at(signature, polygon, _concatenated(columns[7], np.uint64))
    residual = np.concatenate(columns[1]) if columns[1] else np.empty((0, 2), dtype=np.int16)
    return Outlines(
        keys,
        residual,
        np.concatenate(offsets),
        polygon,
        _concatenated(columns[4], np.bool_),
        _concatenated(columns[6], np.uint64),
        twice_area,
        signature,
        table,
    )


def _concatenated(parts: tuple[np.ndarray, ...], kind: type) -> np.ndarray:
    return np.concatenate(parts) if parts else np.empty(0, dtype=kind)
