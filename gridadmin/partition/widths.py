"""The widest circle inside each of many polygons.

GEOS halves cells for it, which takes seconds where a face is a metre long and a millimetre wide, as
faults are. For those, and where corners are few, balls grow inwards from places on the border until
they touch it again; the greatest is sought first everywhere, then closer around the best places.
Source: J. Ma, S. W. Bae, S. Choi, 3D medial axis point approximation using nearest neighbors, 2012.
"""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely

Floats = np.ndarray
"""float64 values."""

_FEW_EDGES = 24
_SLENDER = 0.01
"""Area by the square of the border's length; a square has 0.0625."""
_CELL_SHARE = 0.04
"""How exact GEOS shall be, as a share of the area by the border's length, half a slender width."""
_SAMPLES = 64
_MOST_SAMPLES = 256
_ROUNDS = 3
_BEST = 4
_CLOSER = 7
_CORNER = 1e-4
"""Share of an edge next to its ends where nothing is sought: balls in corners have no size."""
_AT_ONCE = 400_000
_FLAT = 1e-12


@dataclass(frozen=True, slots=True)
class Widest:
    """The greatest circle inside each polygon: its centre ``(n, 2)`` and diameter ``(n,)``."""

    centre: Floats
    width: Floats


def widest_circles(polygons: np.ndarray) -> Widest:
    """Return the greatest circles inside (multi)polygons, in their unit, to 2 %.

    Shells run counter-clockwise, holes clockwise. Slender ones of very many edges are sought
    through at 256 places only: there the width may come out less.
    """
    centre, width = np.empty((len(polygons), 2)), np.empty(len(polygons))
    area, length = shapely.area(polygons), shapely.length(polygons)
    is_fat = (area > _SLENDER * length**2) & (shapely.get_num_coordinates(polygons) > _FEW_EDGES)
    fat, other = np.nonzero(is_fat)[0], np.nonzero(~is_fat)[0]
    if not len(fat):
        return _by_balls(polygons)
    with ThreadPoolExecutor(1) as beside:
        tolerance = area[fat] / length[fat] * _CELL_SHARE
        by_cells = beside.submit(shapely.maximum_inscribed_circle, polygons[fat], tolerance)
        found = _by_balls(polygons[other])
        centre[other], width[other] = found.centre, found.width
        radii = by_cells.result()
    centre[fat] = shapely.get_coordinates(radii)[::2]
    width[fat] = 2 * shapely.length(radii)
    return Widest(centre, width)


def _by_balls(polygons: np.ndarray) -> Widest:
    centre, width = np.empty((len(polygons), 2)), np.empty(len(polygons))
    if not len(polygons):
        return Widest(centre, width)
    starts, ends = _edges(polygons)
    alike: dict[int, list[int]] = defaultdict(list)
    for number, first in enumerate(starts):
        alike[len(first)].append(number)
    for size, numbers in alike.items():
        step = max(_AT_ONCE // (size * min(max(4 * size, _SAMPLES), _MOST_SAMPLES)), 1)
        for begin in range(0, len(numbers), step):
            some = numbers[begin : begin + step]
            start, end = np.stack([starts[at] for at in some]), np.stack([ends[at] for at in some])
            origin = start[:, :1]
            start, end = start - origin, end - origin
            middle, radius = _incircles(start) if size == 3 else _Border(start, end).greatest()
            centre[some], width[some] = middle + origin[:, 0], 2 * radius
    return Widest(centre, width)


def _edges(polygons: np.ndarray) -> tuple[list[Floats], list[Floats]]:
    parts, polygon = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    inner = np.nonzero((ring[1:] == ring[:-1]) & (points[1:] != points[:-1]).any(axis=1))[0]
    owner = polygon[part[ring[inner]]]
    cuts = np.searchsorted(owner, np.arange(1, len(polygons)))
    return np.split(points[inner], cuts), np.split(points[inner + 1], cuts)


def _incircles(corners: Floats) -> tuple[Floats, Floats]:
    """Return centre and radius of the circles in triangles ``(m, 3, 2)``."""
    opposite = np.hypot(
        *np.moveaxis(np.roll(corners, -1, axis=1) - np.roll(corners, 1, axis=1), -1, 0)
    )
    around = opposite.sum(axis=1)
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    twice_area = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    centre = (opposite[..., None] * corners).sum(axis=1) / around[:, None]
    return centre, np.abs(twice_area) / around


class _Border:
    """Borders of ``m`` polygons of ``n`` edges.

    Features are the edges, then the vertices that they start at. A place is a feature and a share
    of it: along an edge, or of the turn of the inward normal around a vertex that points inwards.
    """

    def __init__(self, start: Floats, end: Floats) -> None:
        way = end - start
        self.length = np.hypot(way[..., 0], way[..., 1])
        self.way = way / self.length[..., None]
        self.normal = np.stack((-self.way[..., 1], self.way[..., 0]), axis=-1)
        self.start = start
        before = self._edge_before(start, end)
        turned = np.take_along_axis(self.normal, before[..., None], axis=1)
        came = np.take_along_axis(self.way, before[..., None], axis=1)
        turn = came[..., 0] * self.way[..., 1] - came[..., 1] * self.way[..., 0]
        self.is_usable = np.concatenate((np.ones_like(turn, dtype=bool), turn < -_FLAT), axis=1)
        self.from_xy = np.concatenate((start, start), axis=1)
        self.to_xy = np.concatenate((end, start), axis=1)
        self.from_normal = np.concatenate((self.normal, turned), axis=1)
        self.to_normal = np.concatenate((self.normal, self.normal), axis=1)

    @staticmethod
    def _edge_before(start: Floats, end: Floats) -> np.ndarray:
        """Return for each edge the one that ends where it starts; rings stand edge after edge."""
        count = start.shape[1]
        previous = np.broadcast_to((np.arange(count) - 1) % count, start.shape[:2]).copy()
        follows = (np.take_along_axis(end, previous[..., None], axis=1) == start).all(axis=-1)
        for polygon, edge in np.argwhere(~follows).tolist():
            same = (end[polygon] == start[polygon, edge]).all(axis=-1)
            previous[polygon, edge] = int(same.argmax())
        return previous

    def greatest(self) -> tuple[Floats, Floats]:
        """Return centre ``(m, 2)`` and radius ``(m,)`` of the greatest balls found."""
        polygons, features = self.is_usable.shape
        each = max(_SAMPLES // features, 2)
        chosen = np.arange(0, features, max(2 * features // _MOST_SAMPLES, 1))
        feature = np.broadcast_to(np.repeat(chosen, each), (polygons, len(chosen) * each))
        share = np.broadcast_to(np.tile((np.arange(each) + 0.5) / each, len(chosen)), feature.shape)
        reach = 0.5 / each
        centre, radius = self._balls(feature, share)
        for _ in range(_ROUNDS):
            best = np.argsort(-radius, axis=1)[:, :_BEST]
            steps = np.linspace(-reach, reach, _CLOSER)
            share = np.take_along_axis(share, best, axis=1)[..., None] + steps
            share = np.clip(share, _CORNER, 1 - _CORNER).reshape(polygons, -1)
            feature = np.repeat(np.take_along_axis(feature, best, axis=1), _CLOSER, axis=1)
            reach *= 2 / (_CLOSER - 1)
            centre, radius = self._balls(feature, share)
        best = radius.argmax(axis=1)[:, None]
        middle = np.take_along_axis(centre, best[..., None], axis=1)[:, 0]
        return middle, np.maximum(np.take_along_axis(radius, best, axis=1)[:, 0], 0.0)

    def _balls(self, feature: np.ndarray, share: Floats) -> tuple[Floats, Floats]:
        """Return the greatest balls that touch the border from inside at the given places."""
        place = self._mixed(self.from_xy, self.to_xy, feature, share)
        normal = self._mixed(self.from_normal, self.to_normal, feature, share)
        normal /= np.maximum(np.hypot(normal[..., 0], normal[..., 1]), _FLAT)[..., None]
        east = self.start[:, None, :, 0] - place[..., None, 0]
        north = self.start[:, None, :, 1] - place[..., None, 1]
        x, y = normal[..., None, 0], normal[..., None, 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            radius = np.minimum(
                _up_to_vertices(east, north, x, y), self._up_to_edges(east, north, x, y)
            )
        is_usable = np.take_along_axis(self.is_usable, feature, axis=1)
        radius[~is_usable | ~np.isfinite(radius)] = -1.0
        return place + radius[..., None] * normal, radius

    @staticmethod
    def _mixed(low: Floats, high: Floats, feature: np.ndarray, share: Floats) -> Floats:
        at = feature[..., None]
        part = share[..., None]
        mixed: Floats = (
            np.take_along_axis(low, at, axis=1) * (1 - part)
            + np.take_along_axis(high, at, axis=1) * part
        )
        return mixed

    def _up_to_edges(self, east: Floats, north: Floats, x: Floats, y: Floats) -> Floats:
        """Return how far balls can grow along ``(x, y)`` until they touch an edge between its ends.

        ``(east, north)`` lead from the place of each ball to the start of each edge.
        """
        way_x, way_y = self.way[:, None, :, 0], self.way[:, None, :, 1]
        clear = east * way_y - north * way_x
        slack = 1 - (y * way_x - x * way_y)
        radius = clear / slack
        foot = radius * (x * way_x + y * way_y) - (east * way_x + north * way_y)
        touches = (slack > _FLAT) & (clear > _FLAT) & (foot >= 0) & (foot <= self.length[:, None])
        nearest: Floats = np.where(touches, radius, np.inf).min(axis=-1)
        return nearest


def _up_to_vertices(east: Floats, north: Floats, x: Floats, y: Floats) -> Floats:
    ahead = east * x + north * y
    radius = (east * east + north * north) / (2 * ahead)
    nearest: Floats = np.where(ahead > _FLAT, radius, np.inf).min(axis=-1)
    return nearest
