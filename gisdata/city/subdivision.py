"""A planar subdivision in whole millimetres that is refined by cuts and stays exact.

Rings hold shared vertices. A vertex that a cut puts into an edge is remembered for that edge, so
every ring that runs along it gets the vertex too, whenever it was made.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Point = tuple[int, int]
"""Millimetres from the town's origin."""
Ring = tuple[Point, ...]
"""A closed line whose last point is not the first repeated; faces are counter-clockwise."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a cut ends on a ring: at a vertex, or at a new vertex inside *edge*."""

    point: Point
    edge: tuple[Point, Point] | None


@dataclass(slots=True)
class Subdivision:
    """What binds rings together: vertices put into edges, and the ends of cuts."""

    junctions: set[Point] = field(default_factory=set)
    _inserted: dict[tuple[Point, Point], Point] = field(default_factory=dict)

    def full_line(self, line: Sequence[Point]) -> tuple[Point, ...]:
        """Return *line* with all vertices that cuts put into its edges."""
        full: list[Point] = [line[0]]
        for start, end in pairwise(line):
            full += self._between(start, end)
            full.append(end)
        return tuple(full)

    def full_ring(self, ring: Ring) -> Ring:
        """Return *ring* with all vertices that cuts put into its edges."""
        return self.full_line((*ring, ring[0]))[:-1]

    def anchor(self, full: Ring, place: Point, *, vertex_m: float, junction_m: float) -> Anchor:
        """Return where a cut that comes to *place* ends on the ring *full*.

        The end of an earlier cut within *junction_m* or else a vertex within *vertex_m* is taken.
        """
        near = [p for p in full if p in self.junctions and _distance_m(p, place) <= junction_m]
        near = near or [p for p in full if _distance_m(p, place) <= vertex_m]
        if near:
            return Anchor(min(near, key=lambda p: (_distance_m(p, place), p)), None)
        edges = zip(full, (*full[1:], full[0]), strict=True)
        edge = min(edges, key=lambda edge: (_distance_m(_foot(edge, place), place), edge))
        point = _foot(edge, place)
        return Anchor(point, None if point in edge else edge)

    def cut(
        self, full: Ring, start: Anchor, end: Anchor, inner: Sequence[Point]
    ) -> tuple[Ring, Ring]:
        """Return what lies left and right of a cut and bind it to the rings beside it."""
        for anchor in (start, end):
            self.junctions.add(anchor.point)
            if anchor.edge is not None:
                self._inserted[min(anchor.edge), max(anchor.edge)] = anchor.point
        return halves(full, start, end, inner)

    def _between(self, start: Point, end: Point) -> list[Point]:
        middle = self._inserted.get((min(start, end), max(start, end)))
        if middle is None:
            return []
        return [*self._between(start, middle), middle, *self._between(middle, end)]


def halves(full: Ring, start: Anchor, end: Anchor, inner: Sequence[Point]) -> tuple[Ring, Ring]:
    """Return the rings left and right of the line from *start* over *inner* to *end*.

    The two anchors must not lie in one edge.
    """
    ring = _with_anchor(_with_anchor(full, start), end)
    first, last = ring.index(start.point), ring.index(end.point)
    between = tuple(inner)
    return _arc(ring, last, first) + between, _arc(ring, first, last) + between[::-1]


def _with_anchor(ring: Ring, anchor: Anchor) -> Ring:
    if anchor.edge is None:
        return ring
    at = ring.index(anchor.edge[0]) + 1
    return (*ring[:at], anchor.point, *ring[at:])


def _arc(ring: Ring, start: int, end: int) -> Ring:
    if start <= end:
        return ring[start : end + 1]
    return ring[start:] + ring[: end + 1]


def _distance_m(a: Point, b: Point) -> float:
    return math.dist(a, b) / 1000


def _foot(edge: tuple[Point, Point], place: Point) -> Point:
    (x0, y0), (x1, y1) = edge
    dx, dy = x1 - x0, y1 - y0
    share = ((place[0] - x0) * dx + (place[1] - y0) * dy) / (dx * dx + dy * dy)
    share = min(max(share, 0.0), 1.0)
    return round(x0 + share * dx), round(y0 + share * dy)
