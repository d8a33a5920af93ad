"""The geometry of a line in the making: bearings, right angles, freehand. Knows no Qt.

Places are local metres; bearings are degrees clockwise from north.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, degrees, hypot, radians, sin

import numpy as np
import shapely

from ui.canvas.viewport import Place


def bearing_deg(start: Place, end: Place) -> float:
    """Return the bearing from one place to another, at least 0 and less than 360."""
    return degrees(atan2(end[0] - start[0], end[1] - start[1])) % 360.0


def distance_m(start: Place, end: Place) -> float:
    """Return how far apart two places are in the plane."""
    return hypot(end[0] - start[0], end[1] - start[1])


def place_towards(start: Place, metres: float, bearing: float) -> Place:
    """Return the place so far from *start* in a bearing."""
    return (
        start[0] + metres * sin(radians(bearing)),
        start[1] + metres * cos(radians(bearing)),
    )


def nearest_way(drawn: Sequence[Place], pointer: Place, step_deg: float) -> Place | None:
    """Return the direction towards the pointer among those *step_deg* apart.

    They count from the last stretch of the line, from north while there is none. None while the
    pointer stands on the last point.
    """
    if not drawn or pointer == drawn[-1]:
        return None
    zero = bearing_deg(*drawn[-2:]) if len(drawn) > 1 else 0.0
    turned = round((bearing_deg(drawn[-1], pointer) - zero) / step_deg) * step_deg
    x, y = place_towards((0.0, 0.0), 1.0, zero + turned)
    return x, y


def simplified(stroke: Sequence[Place], tolerance_m: float) -> list[Place]:
    """Return a freehand line with no more points than *tolerance_m* asks for, on the mm grid."""
    if len(stroke) < 2:
        return list(stroke)
    line = shapely.simplify(shapely.LineString(stroke), tolerance_m)
    xy = np.round(shapely.get_coordinates(line), 3)
    return [(x, y) for x, y in xy.tolist()]


def squared(ring: Sequence[Place]) -> list[Place]:
    """Return the corners of a right-angled outline, with the one that closes it at right angles.

    Where it would close by a slant, the last stretch gets longer or shorter so that the closing
    one meets the first at a right angle.
    """
    if len(ring) < 3:
        return list(ring)
    (ax, ay), (bx, by), (zx, zy) = ring[0], ring[1], ring[-1]
    dx, dy = bx - ax, by - ay
    length = hypot(dx, dy)
    if length == 0.0:
        return list(ring)
    along = ((zx - ax) * dx + (zy - ay) * dy) / length
    corner = (zx - along * dx / length, zy - along * dy / length)
    if distance_m(corner, ring[-1]) < 0.001:
        return list(ring)
    last = bearing_deg(*ring[-2:])
    if abs(sin(radians(last - bearing_deg(ring[0], ring[1])))) < 1e-6:
        # The last stretch runs like the first: it ends where it is square to the beginning.
        return [*ring[:-1], corner]
    return [*ring, corner]


def rectangle(start: Place, end: Place, side: Place) -> list[Place]:
    """Return the corners of the rectangle on the side from *start* to *end* that reaches *side*."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    square = dx * dx + dy * dy
    if square == 0.0:
        return [start, end]
    off = ((side[1] - start[1]) * dx - (side[0] - start[0]) * dy) / square
    return [
        start,
        end,
        (end[0] - dy * off, end[1] + dx * off),
        (start[0] - dy * off, start[1] + dx * off),
    ]


def upright(one: Place, other: Place) -> list[Place]:
    """Return the rectangle between two opposite corners, its sides along the axes."""
    return [one, (other[0], one[1]), other, (one[0], other[1])]
