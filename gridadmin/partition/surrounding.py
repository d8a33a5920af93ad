"""Lines and the borders near them, snap-rounded together.

What comes near the lines takes part; so does what comes near a border that the line bends, and so
on, until nothing more is met: then the rest of the partition can't notice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.domain.model import BorderRow
from gridadmin.partition.border import points_of
from gridadmin.partition.edges import merged
from gridadmin.partition.grid import Bools, Ints, pack
from gridadmin.partition.noding import node_segments
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import LabelledEdges, edges_of_borders, joined

Edge = tuple[int, int]
"""A directed edge by its packed ends."""

_MARGIN_MM = 4
"""A bend moves a line by less than a millimetre; a chain of bends may move it a little more."""
_DRIFT_MM = 2
"""How far pieces may stray from their segment before they are looked around for themselves."""


class Surrounding:
    """Lines and the borders near them, noded together.

    ``drawn``: the noded edges of the lines in their direction, each once, without those that are
    border already. ``standing``: for each vertex of a line on a border the ``(other end, owner
    left of the way there)`` of the noded border edges that leave it.
    """

    def __init__(self, partition: Partition, *lines: Ints) -> None:
        noded = _noded(partition, lines)
        self.borders = noded.borders
        self._noded = noded
        old = ~noded.is_line
        pieces = noded.pieces
        labels = noded.labels[noded.segments.border[pieces.source[old]]]
        low, high = pack(pieces.start), pack(pieces.end)
        self.standing, known = _standing(
            low[old], high[old], labels, np.concatenate((low[~old], high[~old]))
        )
        self.drawn = _drawn(low[~old], high[~old], known)
        joint = low[old] != pack(noded.segments.start)[pieces.source[old]]
        # Where a border was led through a point, also one that stood there before.
        self._added = low[old][joint]
        self._lies_double = _borders_lying_double(low[old], high[old], noded)

    def rewired(self, fresh: Collection[Edge]) -> tuple[list[BorderRow], LabelledEdges]:
        """Return the borders that bend or get a node from *fresh*, and their noded edges."""
        segments, pieces = self._noded.segments, self._noded.pieces
        active = np.concatenate((self._added, np.array([*fresh], dtype=np.int64).ravel()))
        is_touched = (segments.place > 0) & np.isin(pack(segments.start), active)
        concerned = np.zeros(len(self.borders), dtype=bool)
        concerned[segments.border[is_touched | self._noded.is_cut]] = True
        concerned[self._lies_double] = True
        rows = np.nonzero(concerned)[0].tolist()
        old = np.nonzero(~self._noded.is_line)[0]
        border = segments.border[pieces.source[old]]
        near = old[concerned[border]]
        labels = self._noded.labels[border[concerned[border]]]
        whole = LabelledEdges(pieces.start[near], pieces.end[near], labels[:, 0], labels[:, 1])
        far = [_without(self.borders[row], segments.places_of(row)) for row in rows]
        return [self.borders[row] for row in rows], joined((whole, *far))


def _without(border: BorderRow, places: Ints) -> LabelledEdges:
    """Return the edges of a border that took no part in the noding."""
    edges = edges_of_borders([border])
    far = np.ones(len(edges), dtype=bool)
    far[places] = False
    return LabelledEdges(edges.start[far], edges.end[far], edges.left[far], edges.right[far])


def _standing(
    low: Ints, high: Ints, labels: Ints, on_line: Ints
) -> tuple[dict[int, list[tuple[int, int]]], set[Edge]]:
    """Return the border edges at each vertex of the line, and all such edges both ways."""
    rows = np.nonzero(np.isin(low, on_line) | np.isin(high, on_line))[0]
    # Where a sliver collapses its two borders become one, with the owners beyond on its sides.
    distinct = merged(
        low[rows],
        high[rows],
        np.full(len(rows), -1, dtype=np.int64),
        np.zeros(len(rows), dtype=bool),
        labels[rows, 0],
        labels[rows, 1],
    )
    standing: dict[int, list[tuple[int, int]]] = {}
    known: set[Edge] = set()
    columns = (distinct.start, distinct.end, distinct.left, distinct.right)
    for a, b, left, right in zip(*(column.tolist() for column in columns), strict=True):
        if left != right:
            standing.setdefault(a, []).append((b, left))
            standing.setdefault(b, []).append((a, right))
            known.update(((a, b), (b, a)))
    return standing, known


def _drawn(low: Ints, high: Ints, known: set[Edge]) -> list[Edge]:
    seen = set(known)
    drawn = []
    for a, b in zip(low.tolist(), high.tolist(), strict=True):
        if (a, b) not in seen:
            seen.update(((a, b), (b, a)))
            drawn.append((a, b))
    return drawn


def _borders_lying_double(low: Ints, high: Ints, noded: _Noded) -> Ints:
    """Return the borders of which an edge fell onto an edge of another."""
    segment = noded.pieces.source[~noded.is_line]
    pairs = np.stack((np.minimum(low, high), np.maximum(low, high)), axis=1)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    same = (pairs[order][1:] == pairs[order][:-1]).all(axis=1)
    double = np.concatenate((order[1:][same], order[:-1][same]))
    borders: Ints = noded.segments.border[segment[double]]
    return borders


@dataclass(frozen=True, slots=True)
class _Segments:
    """Segments of borders: ``border`` is the row of its border, ``place`` which one it is."""

    start: Ints
    end: Ints
    border: Ints
    place: Ints

    def places_of(self, row: int) -> Ints:
        """Return which segments of one border are here."""
        places: Ints = self.place[self.border == row]
        return places


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Noded pieces; ``source`` is a row of segments, negative for the lines."""

    start: Ints
    end: Ints
    source: Ints


@dataclass(frozen=True, slots=True)
class _Noded:
    """What the noding of lines with the segments of *borders* came to."""

    borders: list[BorderRow]
    labels: Ints
    segments: _Segments
    pieces: _Pieces
    is_cut: Bools
    """Which segments were led through a point."""
    is_line: Bools
    """Which pieces are the lines'."""


def _noded(partition: Partition, lines: Sequence[Ints]) -> _Noded:
    starts = np.concatenate([line[:-1] for line in lines])
    ends = np.concatenate([line[1:] for line in lines])
    reach = _Reach()
    reach.widen(starts, ends)
    borders = {b.id: b for b in partition.along(starts, ends, _MARGIN_MM)}
    while True:
        rows = list(borders.values())
        segments = _segments_of(rows, reach)
        a = np.concatenate((starts, segments.start))
        b = np.concatenate((ends, segments.end))
        is_line = np.arange(len(a)) < len(starts)
        start, end, source = node_segments(a, b, is_line)
        is_cut = np.bincount(source, minlength=len(a)) > 1
        is_cut &= ~is_line
        strayed = _strayed(start, end, a[source], b[source])
        wider_a = np.concatenate((a[is_cut], start[strayed]))
        wider_b = np.concatenate((b[is_cut], end[strayed]))
        if not reach.widen(wider_a, wider_b):
            break
        borders.update((x.id, x) for x in partition.along(wider_a, wider_b, _MARGIN_MM))
    labels = np.array([(b.left, b.right) for b in rows], dtype=np.int64).reshape(-1, 2)
    source -= len(starts)
    return _Noded(
        rows, labels, segments, _Pieces(start, end, source), is_cut[len(starts) :], source < 0
    )


def _strayed(start: Ints, end: Ints, a: Ints, b: Ints) -> Bools:
    """Return which pieces leave the box of their segment a-b by more than a bend or two."""
    low, high = np.minimum(a, b) - _DRIFT_MM, np.maximum(a, b) + _DRIFT_MM
    is_out = (np.minimum(start, end) < low) | (np.maximum(start, end) > high)
    return is_out[:, 0] | is_out[:, 1]


def _segments_of(borders: list[BorderRow], reach: _Reach) -> _Segments:
    """Return the segments of *borders* that come near."""
    if not borders:
        none = np.empty((0, 2), dtype=np.int64)
        return _Segments(none, none, none[:, 0], none[:, 0])
    points = [points_of(border) for border in borders]
    lengths = np.array([len(xy) for xy in points])
    xy = np.concatenate(points)
    border = np.repeat(np.arange(len(points)), lengths)
    first = np.cumsum(lengths) - lengths
    at = np.nonzero(border[1:] == border[:-1])[0]
    at = at[reach.near(xy[at], xy[at + 1])]
    return _Segments(xy[at], xy[at + 1], border[at], at - first[border[at]])


_MANY_PAIRS = 400_000


class _Reach:
    """Boxes of segments, a little widened: what comes into them takes part in the noding."""

    def __init__(self) -> None:
        self._known: set[tuple[int, ...]] = set()
        self._boxes = np.empty((0, 4), dtype=np.int64)

    def widen(self, starts: Ints, ends: Ints) -> bool:
        """Take in the boxes of more segments; return whether any was new."""
        low, high = np.minimum(starts, ends) - _MARGIN_MM, np.maximum(starts, ends) + _MARGIN_MM
        boxes = set(map(tuple, np.concatenate((low, high), axis=1).tolist())) - self._known
        if not boxes:
            return False
        self._known |= boxes
        self._boxes = np.concatenate((self._boxes, np.array(sorted(boxes), dtype=np.int64)))
        return True

    def near(self, starts: Ints, ends: Ints) -> Bools:
        """Return which segments have a box that touches one of the boxes."""
        low, high = np.minimum(starts, ends), np.maximum(starts, ends)
        boxes = self._boxes
        if len(low) * len(boxes) > _MANY_PAIRS:
            tree = shapely.STRtree(shapely.box(*boxes.astype(np.float64).T))
            hits = tree.query(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))[0]
            result = np.zeros(len(low), dtype=bool)
            result[hits] = True
            return result
        is_near = (
            (boxes[:, 0] <= high[:, :1])
            & (boxes[:, 1] <= high[:, 1:])
            & (low[:, :1] <= boxes[:, 2])
            & (low[:, 1:] <= boxes[:, 3])
        )
        near: Bools = np.logical_or.reduce(is_near, axis=1)
        return near


def without_loose_ends(edges: list[Edge], anchored: Collection[int]) -> list[Edge]:
    """Return *edges* without those that end where nothing else does, until none is left.

    *anchored* are vertices that hold an end by themselves.
    """
    at: dict[int, set[Edge]] = {}
    for edge in edges:
        for key in edge:
            at.setdefault(key, set()).add(edge)
    loose = [key for key, mine in at.items() if len(mine) == 1 and key not in anchored]
    gone: set[Edge] = set()
    while loose:
        key = loose.pop()
        for edge in at[key] - gone:
            gone.add(edge)
            other = edge[0] if edge[1] == key else edge[1]
            if len(at[other] - gone) == 1 and other not in anchored:
                loose.append(other)
    return [edge for edge in edges if edge not in gone]
