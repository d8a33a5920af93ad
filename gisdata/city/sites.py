"""Where faults can be planted: edges of two siblings, edges on the frame, corners of three."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gisdata.city.division import polygon_m
from gisdata.city.numbering import Area
from gisdata.city.subdivision import Point, Ring

FarPoint = tuple[float, float]
"""Millimetres from the town's origin, not always whole."""


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge from *start* to *end* with the areas on its right and left; "" is no area."""

    start: Point
    end: Point
    right: str
    left: str

    @property
    def length_mm(self) -> float:
        """Length of the edge."""
        return math.dist(self.start, self.end)

    @property
    def sides(self) -> tuple[str, ...]:
        """The areas beside the edge."""
        return (self.left, self.right) if self.left else (self.right,)

    def bay(self, depth_mm: float) -> tuple[Point, Point]:
        """Return the two far corners of a bay of *depth_mm* in the area on the right.

        The bay is start, first corner, second corner, end.
        """
        return self._right_of(0.3, depth_mm), self._right_of(0.7, depth_mm)

    def _right_of(self, share: float, depth_mm: float) -> Point:
        dx, dy = self.end[0] - self.start[0], self.end[1] - self.start[1]
        x = self.start[0] + share * dx + dy / self.length_mm * depth_mm
        y = self.start[1] + share * dy - dx / self.length_mm * depth_mm
        return round(x), round(y)


class Layer:
    """The drawn areas of one level and their edges."""

    def __init__(self, level: str, areas: Sequence[Area]) -> None:
        self.areas = {area.code: area for area in areas if area.level == level and area.rings}
        self._owner: dict[tuple[Point, Point], str] = {}
        self.around: dict[Point, set[str]] = defaultdict(set)
        for code, area in self.areas.items():
            for ring in area.rings:
                for start, end in edges_of(ring):
                    self._owner[start, end] = code
                    self.around[start].add(code)

    def owner(self, start: Point, end: Point) -> str | None:
        """Return the area on the left of the way from *start* to *end*."""
        return self._owner.get((start, end))

    def shared(self) -> Iterator[Edge]:
        """Yield the edges between two siblings, each in both directions."""
        for (start, end), left in self._owner.items():
            right = self._owner.get((end, start))
            if right and self.areas[left].parent_code == self.areas[right].parent_code:
                yield Edge(start, end, right, left)

    def lonely(self) -> Iterator[Edge]:
        """Yield the edges that have an area of this layer on one side alone, on their right."""
        for (start, end), right in self._owner.items():
            if (end, start) not in self._owner:
                yield Edge(end, start, right, "")

    def corners(self) -> Iterator[tuple[Point, Point, Point, str, str, str]]:
        """Yield corners of three siblings: the corner, the next points of one area, and the areas.

        The first area has the corner; the second lies beyond the edge towards the first point, the
        third beyond the edge towards the second.
        """
        for code, area in self.areas.items():
            ring = area.rings[0]
            for before, corner, after in zip(
                ring, (*ring[1:], ring[0]), (*ring[2:], *ring[:2]), strict=True
            ):
                one, other = self.owner(corner, before), self.owner(after, corner)
                if one and other and len({code, one, other}) == 3 == len(self.around[corner]):
                    parents = {self.areas[c].parent_code for c in (code, one, other)}
                    if len(parents) == 1:
                        yield corner, before, after, code, one, other


def edges_of(ring: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    """Yield the directed edges of a ring."""
    return zip(ring, (*ring[1:], ring[0]), strict=True)


def fits(face: Sequence[FarPoint], ring: Ring, free: Sequence[FarPoint]) -> bool:
    """Return whether *face* lies in *ring*, and its points *free* at least 2 m off the border."""
    polygon = polygon_m(ring)
    shape = shapely.Polygon(np.array(face, dtype=np.float64) / 1000)
    if not shape.is_valid or not polygon.covers(shape):
        return False
    return all(polygon.exterior.distance(shapely.Point(x / 1000, y / 1000)) > 2.0 for x, y in free)
