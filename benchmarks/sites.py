"""Where a fault can be planted: stretches between two leaves, on the frame, and nodes of three."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from benchmarks.partition import IntArray, Rings

Point = tuple[int, int]
"""A place in whole millimetres."""


@dataclass(frozen=True)
class Stretch:
    """Three vertices in a row on the border of *home*, seen along its ring.

    None of them is a node. ``partner`` is the leaf beyond, or None on the frame; ``at`` and
    ``partner_at`` are the positions of the middle vertex in the two rings.
    """

    home: int
    at: int
    partner: int | None
    partner_at: int
    before: Point
    middle: Point
    after: Point


@dataclass(frozen=True)
class Node:
    """A vertex where *home* and two others meet: ``left`` borders it before, ``right`` after."""

    home: int
    at: int
    left: int
    left_at: int
    right: int
    right_at: int


class Sites:
    """Finds which leaves bear a vertex, by one sort of all vertices."""

    def __init__(self, leaves: Rings) -> None:
        self.leaves = leaves
        self._low = leaves.coords.min(axis=0)
        keys = self._keys(leaves.coords)
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def _keys(self, coords: IntArray) -> npt.NDArray[np.uint64]:
        local = (coords - self._low).astype(np.uint64)
        keys: npt.NDArray[np.uint64] = local[:, 0] << np.uint64(32) | local[:, 1]
        return keys

    def ring(self, leaf: int) -> list[Point]:
        """Return the ring of *leaf* as Python integers, counter-clockwise."""
        return [(int(x), int(y)) for x, y in self.leaves.ring(leaf)]

    def bearers(self, leaf: int) -> list[dict[int, int]]:
        """Return for each vertex of *leaf* who bears it, and its position in their rings."""
        keys = self._keys(self.leaves.ring(leaf))
        first = np.searchsorted(self._sorted, keys, side="left")
        last = np.searchsorted(self._sorted, keys, side="right")
        bearers = []
        for begin, end in zip(first.tolist(), last.tolist(), strict=True):
            vertices = self._order[begin:end]
            owners = np.searchsorted(self.leaves.offsets, vertices, side="right") - 1
            positions = vertices - self.leaves.offsets[owners]
            bearers.append(dict(zip(owners.tolist(), positions.tolist(), strict=True)))
        return bearers

    def neighbours(self, leaf: int) -> set[int]:
        """Return the leaves that touch *leaf*."""
        return {other for bearers in self.bearers(leaf) for other in bearers} - {leaf}

    def on_frame(self) -> IntArray:
        """Return the leaves with a vertex that nobody else bears."""
        is_first = np.concatenate([[True], self._sorted[1:] != self._sorted[:-1]])
        is_last = np.concatenate([is_first[1:], [True]])
        alone = self._order[is_first & is_last]
        return np.unique(np.searchsorted(self.leaves.offsets, alone, side="right") - 1)

    def stretches(self, home: int, random: np.random.Generator) -> Iterator[Stretch]:
        """Yield the stretches of *home* between two leaves or on the frame, in random order."""
        ring, bearers = self.ring(home), self.bearers(home)
        size = len(ring)
        for at in random.permutation(size).tolist():
            trio = [(at - 1) % size, at, (at + 1) % size]
            around = {frozenset(bearers[position]) for position in trio}
            if len(around) != 1 or len(next(iter(around))) > 2:
                continue
            partner = next(iter(next(iter(around)) - {home}), None)
            partner_at = -1 if partner is None else bearers[at][partner]
            yield Stretch(home, at, partner, partner_at, *(ring[position] for position in trio))

    def nodes(self, home: int, random: np.random.Generator) -> Iterator[Node]:
        """Yield the inner nodes of *home* where three leaves meet, in random order."""
        bearers = self.bearers(home)
        size = len(bearers)
        for at in random.permutation(size).tolist():
            before, after = set(bearers[at - 1]), set(bearers[(at + 1) % size])
            if len(bearers[at]) != 3 or len(before) != 2 or len(after) != 2:
                continue
            (left,), (right,) = before - {home}, after - {home}
            if left != right and {home, left, right} == set(bearers[at]):
                yield Node(home, at, left, bearers[at][left], right, bearers[at][right])


def polygon_of(ring: list[Point]) -> shapely.Polygon:
    """Return the shapely polygon of a ring in whole millimetres."""
    return shapely.Polygon(ring)


def passes_inside(host: list[Point], path: list[Point]) -> bool:
    """Return whether *path* runs inside the ring *host* and meets it at its two ends alone."""
    polygon, line = polygon_of(host), shapely.LineString(path)
    met = shapely.get_coordinates(polygon.boundary.intersection(line))
    return (
        len(met) == 2
        and {tuple(point) for point in met.tolist()} == {path[0], path[-1]}
        and bool(polygon.covers(line))
    )


def doubled_area(ring: list[Point]) -> int:
    """Return twice the signed area of a ring in mm², exactly."""
    x0, y0 = ring[0]
    local = [(x - x0, y - y0) for x, y in ring]
    return sum(
        x * next_y - next_x * y
        for (x, y), (next_x, next_y) in zip(local, local[1:] + local[:1], strict=True)
    )
