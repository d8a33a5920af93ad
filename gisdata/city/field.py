"""The directions in which roads run: a cross field that follows the river, the frame and a ring.

At every place two directions at right angles are equal in rank, so an angle counts modulo 90°;
influences are added as vectors of four times the angle.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gisdata.city import outline
from gisdata.city.outline import Curve

_CELL_M = 25.0
_LOW = (-3400.0, -2800.0)
_HIGH = (3400.0, 2900.0)
_BASE_ANGLE = math.radians(11.0)
_RING_M = 1150.0


class CrossField:
    """Road directions on a raster over the town."""

    def __init__(self) -> None:
        xs = np.arange(_LOW[0], _HIGH[0], _CELL_M)
        ys = np.arange(_LOW[1], _HIGH[1], _CELL_M)
        x, y = np.meshgrid(xs, ys)
        places = np.column_stack([x.ravel(), y.ravel()])
        sway = 0.16 * np.sin(places[:, 0] / 1450.0 + 0.7) + 0.13 * np.cos(places[:, 1] / 1100.0)
        cross: NDArray[np.complex128] = np.exp(4j * (_BASE_ANGLE + sway))
        cross += _along(places, outline.river(), reach_m=420.0, strength=2.4)
        cross += _along(places, outline.frame(), reach_m=480.0, strength=1.8)
        cross += _along(places, outline.lake(), reach_m=260.0, strength=2.2)
        cross += _around(places)
        self._cross = cross.reshape(x.shape).tolist()
        self._columns, self._rows = len(xs), len(ys)

    def angle(self, x_m: float, y_m: float) -> float:
        """Return one of the road directions at a place, in radians within ±45° of the east."""
        column = min(max((x_m - _LOW[0]) / _CELL_M, 0.0), self._columns - 1.001)
        row = min(max((y_m - _LOW[1]) / _CELL_M, 0.0), self._rows - 1.001)
        i, j = int(column), int(row)
        u, v = column - i, row - j
        low, high = self._cross[j], self._cross[j + 1]
        mixed = (low[i] * (1 - u) + low[i + 1] * u) * (1 - v) + (
            high[i] * (1 - u) + high[i + 1] * u
        ) * v
        return math.atan2(mixed.imag, mixed.real) / 4

    def trace(self, x_m: float, y_m: float, heading: float, reach_m: float, step_m: float) -> Curve:
        """Return the road that starts at a place near *heading* and runs for *reach_m*."""
        points = [(x_m, y_m)]
        for _ in range(math.ceil(reach_m / step_m)):
            heading = self._nearest(x_m, y_m, heading)
            middle = self._nearest(
                x_m + math.cos(heading) * step_m / 2, y_m + math.sin(heading) * step_m / 2, heading
            )
            x_m += math.cos(middle) * step_m
            y_m += math.sin(middle) * step_m
            heading = middle
            points.append((x_m, y_m))
        return np.array(points)

    def _nearest(self, x_m: float, y_m: float, heading: float) -> float:
        angle = self.angle(x_m, y_m)
        return angle + round((heading - angle) / (math.pi / 2)) * (math.pi / 2)


def _along(
    places: Curve, curve: Curve, *, reach_m: float, strength: float
) -> NDArray[np.complex128]:
    tangent = np.gradient(curve, axis=0)
    angle = np.arctan2(tangent[:, 1], tangent[:, 0])
    best = np.full(len(places), np.inf)
    nearest = np.zeros(len(places), dtype=np.int64)
    for index, point in enumerate(curve):
        squared = ((places - point) ** 2).sum(axis=1)
        closer = squared < best
        best[closer] = squared[closer]
        nearest[closer] = index
    weight = strength * np.exp(-best / reach_m**2)
    return np.asarray(weight * np.exp(4j * angle[nearest]), dtype=np.complex128)


def _around(places: Curve) -> NDArray[np.complex128]:
    offset = places - np.array(outline.CENTRE)
    angle = np.arctan2(offset[:, 1], offset[:, 0])
    distance = np.hypot(offset[:, 0], offset[:, 1])
    pull: NDArray[np.complex128] = 0.9 * np.exp(-(((distance - _RING_M) / 380.0) ** 2) + 4j * angle)
    return pull
