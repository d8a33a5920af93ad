"""Dividing a face into parts of given weight by roads that follow the cross field."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray

from gisdata.city import outline
from gisdata.city.field import CrossField
from gisdata.city.outline import Curve
from gisdata.city.subdivision import Anchor, Point, Ring, Subdivision, halves

_SAMPLE_M = 9.0
_MOST_SAMPLES = 1500
_QUANTILE_SHIFTS = (0.0, -0.05, 0.05, -0.11, 0.11)


@dataclass(frozen=True, slots=True)
class Cell:
    """A face with the sample points in it and how many people live about each of them."""

    ring: Ring
    places: Curve
    weights: NDArray[np.float64]

    @property
    def weight(self) -> float:
        """People in the face, in the unit of the density."""
        return float(self.weights.sum())


@dataclass(frozen=True, slots=True)
class Road:
    """A road that a cut made; *line* is before later cuts put vertices into it."""

    road_class: str
    line: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A line through a face between two places on its ring."""

    start: Anchor
    inner: tuple[Point, ...]
    end: Anchor

    @property
    def line(self) -> tuple[Point, ...]:
        """All points of the line."""
        return (self.start.point, *self.inner, self.end.point)


def polygon_m(ring: Ring) -> shapely.Polygon:
    """Return *ring* as a polygon in metres from the town's origin."""
    return shapely.Polygon(np.array(ring, dtype=np.float64) / 1000)


def to_mm(curve: Curve) -> tuple[Point, ...]:
    """Return the points of *curve* in whole millimetres."""
    return tuple((round(float(x) * 1000), round(float(y) * 1000)) for x, y in curve)


def sampled(ring: Ring) -> Cell:
    """Return the face of *ring* with its sample points."""
    polygon = polygon_m(ring)
    low_x, low_y, high_x, high_y = polygon.bounds
    x, y = np.meshgrid(np.arange(low_x, high_x, _SAMPLE_M), np.arange(low_y, high_y, _SAMPLE_M))
    places = np.column_stack([x.ravel(), y.ravel()])
    places = places[shapely.contains_xy(polygon, places)]
    return Cell(ring, places, outline.density(places))


class Divider:
    """Cuts faces along the cross field and keeps the roads that it makes."""

    def __init__(self, mesh: Subdivision, field: CrossField) -> None:
        self.mesh = mesh
        self.roads: list[Road] = []
        self._field = field

    def cut(self, cell: Cell, cut: Cut) -> tuple[Cell, Cell]:
        """Return the parts of *cell* left and right of *cut*."""
        full = self.mesh.full_ring(cell.ring)
        left, right = self.mesh.cut(full, cut.start, cut.end, cut.inner)
        inside = shapely.contains_xy(polygon_m(left), cell.places)
        return (
            Cell(left, cell.places[inside], cell.weights[inside]),
            Cell(right, cell.places[~inside], cell.weights[~inside]),
        )

    def divide(
        self, cell: Cell, parts: Sequence[float], road_class: Callable[[int], str]
    ) -> list[Cell]:
        """Return one face per part, in their order, sized in proportion to *parts*.

        ``road_class`` names the class of the road that cuts a face of so many parts.
        """
        if len(parts) == 1:
            return [cell]
        middle = _balanced_middle(parts)
        share = sum(parts[:middle]) / sum(parts)
        _, best, is_first_left = min(
            self._rated(cell, share), key=lambda found: (found[0], found[1].line)
        )
        left, right = self.cut(cell, best)
        self.roads.append(Road(road_class(len(parts)), best.line))
        first, second = (left, right) if is_first_left else (right, left)
        return [
            *self.divide(first, parts[:middle], road_class),
            *self.divide(second, parts[middle:], road_class),
        ]

    def _rated(self, cell: Cell, share: float) -> Iterator[tuple[float, Cut, bool]]:
        """Yield cuts of *cell* with their badness, and whether *share* is on the left."""
        full = self.mesh.full_ring(cell.ring)
        polygon = polygon_m(full)
        stride = -(-len(cell.places) // _MOST_SAMPLES)
        cell = Cell(cell.ring, cell.places[::stride], cell.weights[::stride])
        for cut in self._cuts(cell, full, polygon, share):
            left, right = (polygon_m(r) for r in halves(full, cut.start, cut.end, cut.inner))
            if not (left.is_valid and right.is_valid):
                continue
            inside = shapely.contains_xy(left, cell.places)
            on_left = float(cell.weights[inside].sum()) / cell.weight
            is_first_left = abs(on_left - share) <= abs(on_left - (1 - share))
            error = abs(on_left - (share if is_first_left else 1 - share)) / min(share, 1 - share)
            length_m = shapely.LineString(cut.line).length / 1000
            detour = length_m * 1000 / math.dist(cut.start.point, cut.end.point) - 1
            meets = sum(anchor.point in self.mesh.junctions for anchor in (cut.start, cut.end))
            round_left, round_right = _roundness(left), _roundness(right)
            badness = 2.5 * error + 0.3 * length_m / math.sqrt(polygon.area) + 2.0 * detour
            fitness = 0.09 * meets + round_left + round_right + min(round_left, round_right)
            yield badness - fitness, cut, is_first_left

    def _cuts(
        self, cell: Cell, full: Ring, polygon: shapely.Polygon, share: float
    ) -> Iterator[Cut]:
        centre = np.average(cell.places, axis=0, weights=cell.weights)
        base = self._field.angle(*centre)
        for turn in (0.0, math.pi / 2):
            across = np.array([-math.sin(base + turn), math.cos(base + turn)])
            reach = (cell.places - centre) @ across
            order = np.argsort(reach, kind="stable")
            mass = np.cumsum(cell.weights[order]) / cell.weight
            for target in sorted({share, 1 - share}):
                for shift in _QUANTILE_SHIFTS:
                    at = int(np.searchsorted(mass, min(max(target + shift, 0.02), 0.98)))
                    seed = centre + across * reach[order[min(at, len(order) - 1)]]
                    cut = self._cut_through(full, polygon, seed, base + turn)
                    if cut is not None:
                        yield cut

    def _cut_through(
        self, full: Ring, polygon: shapely.Polygon, seed: Curve, heading: float
    ) -> Cut | None:
        size = math.sqrt(polygon.area)
        low_x, low_y, high_x, high_y = polygon.bounds
        reach = 0.8 * math.hypot(high_x - low_x, high_y - low_y)
        step = min(max(size / 11, 9.0), 40.0)
        x, y = float(seed[0]), float(seed[1])
        ahead = self._field.trace(x, y, heading, reach, step)
        behind = self._field.trace(x, y, heading + math.pi, reach, step)
        line = shapely.LineString(np.vstack([behind[:0:-1], ahead]))
        inside = shapely.get_parts(shapely.intersection(line, polygon))
        pieces = [piece for piece in inside if piece.length > size / 5]
        if not pieces:
            return None
        piece = min(pieces, key=shapely.Point(x, y).distance).simplify(0.9)
        return self._anchored(full, polygon, to_mm(shapely.get_coordinates(piece)))

    def _anchored(
        self, full: Ring, polygon: shapely.Polygon, points: tuple[Point, ...]
    ) -> Cut | None:
        size = math.sqrt(polygon.area)
        join = min(0.17 * size, 80.0)
        nudge = min(0.06 * size, 9.0)
        start, end = (
            self.mesh.anchor(full, place, vertex_m=nudge, junction_m=join)
            for place in (points[0], points[-1])
        )
        clear_mm = 1000 * min(1.4 * join, math.dist(points[0], points[-1]) / 3000)
        inner = tuple(
            p
            for p in points[1:-1]
            if math.dist(p, points[0]) > clear_mm and math.dist(p, points[-1]) > clear_mm
        )
        cut = Cut(start, inner, end)
        if start.point == end.point or (start.edge and start.edge == end.edge):
            return None
        line = shapely.LineString(np.array(cut.line, dtype=np.float64) / 1000)
        return cut if _runs_inside(line, polygon) else None


def _runs_inside(line: shapely.LineString, polygon: shapely.Polygon) -> bool:
    """Return whether *line* keeps clear of the polygon's border but at its two ends."""
    if line.length < 6.0:
        return False
    trimmed = shapely.line_interpolate_point(line, [1.0, line.length - 1.0])
    boundary = polygon.exterior
    if not all(polygon.contains(point) for point in trimmed):
        return False
    inner = shapely.ops.substring(line, 1.0, line.length - 1.0)
    return bool(polygon.contains(inner) and boundary.distance(inner) > 0.25)


def _roundness(polygon: shapely.Polygon) -> float:
    return float(4 * math.pi * polygon.area / polygon.length**2)


def _balanced_middle(parts: Sequence[float]) -> int:
    half = sum(parts) / 2
    return min(range(1, len(parts)), key=lambda i: (abs(sum(parts[:i]) - half), i))
