"""Finding room for buildings: rows of rectangles of one direction on the land between roads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisdata.city.outline import Curve
from gisdata.city.roads import WIDTH_M, NamedRoad, Water

_SETBACK_M = 4.0
_BORDER_M = 3.0
_STEP_M = 2.0


@dataclass(frozen=True, slots=True)
class Lattice:
    """Rows of a compound: where they are counted from and which way they run (radians)."""

    origin: tuple[float, float]
    angle: float

    def footprint(self, s: float, t: float, length_m: float, depth_m: float) -> shapely.Polygon:
        """Return a rectangle whose middle lies *s* along and *t* across the rows."""
        return self._footprints(np.array([s]), t, length_m, depth_m)[0]

    def rows(
        self,
        land: BaseGeometry,
        length_m: float,
        depth_m: float,
        gap_m: float,
        pitch_m: float,
        shift_m: float = 0.0,
    ) -> list[shapely.Polygon]:
        """Return as many rectangles as find room on *land*, in rows *shift_m* off the lattice."""
        if land.is_empty:
            return []
        shapely.prepare(land)
        local = self._to_rows(shapely.get_coordinates(land))
        low, high = local.min(axis=0), local.max(axis=0)
        along = np.arange(low[0] + length_m / 2, high[0] - length_m / 2, _STEP_M)
        found = []
        for row in range(math.ceil(low[1] / pitch_m) - 1, math.floor(high[1] / pitch_m) + 1):
            boxes = self._footprints(along, row * pitch_m + shift_m, length_m, depth_m)
            free_from = -math.inf
            for index in np.flatnonzero(shapely.contains(land, boxes)):
                if along[index] >= free_from:
                    found.append(boxes[index])
                    free_from = along[index] + length_m + gap_m
        return found

    def _footprints(
        self, along: NDArray[np.float64], t: float, length_m: float, depth_m: float
    ) -> list[shapely.Polygon]:
        around = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]) / 2
        middles = np.column_stack([along, np.full(len(along), t)])
        corners = middles[:, None, :] + around * np.array([length_m, depth_m])
        places = np.round(self._to_town(corners.reshape(-1, 2)), 3).reshape(-1, 5, 2)
        return list(shapely.polygons(places))

    def _to_town(self, local: Curve) -> Curve:
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        turned: Curve = local @ np.array([[cos, sin], [-sin, cos]]) + np.array(self.origin)
        return turned

    def _to_rows(self, places: Curve) -> Curve:
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        turned: Curve = (places - np.array(self.origin)) @ np.array([[cos, -sin], [sin, cos]])
        return turned


class OpenLand:
    """What roads and water leave of the land."""

    def __init__(self, roads: Sequence[NamedRoad], water: Water) -> None:
        self._taken = [
            road.line.buffer(WIDTH_M[road.road_class] / 2 + _SETBACK_M, quad_segs=4)
            for road in roads
        ]
        self._taken += [water.river.buffer(12.0), water.lake.buffer(12.0)]
        self._tree = shapely.STRtree(self._taken)

    def of(self, polygon: shapely.Polygon) -> BaseGeometry:
        """Return the part of *polygon* clear of roads, water and the polygon's own border."""
        near = [self._taken[i] for i in self._tree.query(polygon)]
        return polygon.buffer(-_BORDER_M).difference(shapely.union_all(near))
