"""What is drawn by hand: the town's frame, its river, its lake, its trunk road and its densities.

Everything is in metres from the town's origin, x to the east, y to the north.
"""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray

Curve = NDArray[np.float64]
"""Points of a line, ``(n, 2) float64``, metres from the town's origin."""

PLANE_EPSG = 4544
"""CGCS2000, 3-degree Gauss-Kruger, central meridian 105°E."""
ORIGIN_MM = (430_000_000, 4_455_000_000)
"""The town's origin in the plane: desert, far from any real town."""

RIVER_HALF_WIDTH_M = 34.0
CENTRE = (350.0, 350.0)
_SUBCENTRES = ((-1650.0, 520.0), (1900.0, 1150.0), (-350.0, -1450.0), (1650.0, -950.0))

_FRAME = (
    (-2950, -550), (-3050, 350), (-2780, 1180), (-2250, 1820), (-1480, 2080), (-620, 2420),
    (320, 2510), (1150, 2240), (1980, 2190), (2620, 1690), (2830, 980), (3080, 280),
    (2930, -560), (2480, -1250), (1830, -1980), (980, -2280), (80, -2480), (-820, -2330),
    (-1560, -2060), (-2320, -1720), (-2720, -1180),
)  # fmt: skip
_RIVER = (
    (-3500, -300), (-2900, -180), (-2350, -420), (-1800, -760), (-1250, -700), (-720, -390),
    (-180, -250), (380, -420), (900, -640), (1420, -560), (1880, -200), (2400, 60),
    (2980, 20), (3500, 120),
)  # fmt: skip
_LAKE = (
    (-480, 1390), (-330, 1250), (-300, 1080), (-400, 950), (-590, 880), (-800, 900),
    (-960, 1010), (-1010, 1170), (-900, 1300), (-760, 1310), (-640, 1420),
)  # fmt: skip
_TRUNK_NORTH = ((-420, 2800), (-450, 2300), (-520, 1850), (-560, 1440))
_TRUNK_SOUTH = ((-590, 860), (-560, 600), (-490, 250), (-420, -50), (-380, -500))


def frame() -> Curve:
    """Return the frame's ring, counter-clockwise, not closed."""
    return _smooth(_FRAME, spacing_m=55.0, closed=True)[::-1]


def river() -> Curve:
    """Return the river's centre line from west to east, beyond the frame at both ends."""
    return _smooth(_RIVER, spacing_m=45.0, closed=False)


def lake() -> Curve:
    """Return the lake's shore, clockwise from its north, not closed."""
    return _smooth(_LAKE, spacing_m=28.0, closed=True)


def trunk_north() -> Curve:
    """Return the trunk road from beyond the frame to inside the lake."""
    return _smooth(_TRUNK_NORTH, spacing_m=60.0, closed=False)


def trunk_south() -> Curve:
    """Return the trunk road from inside the lake to beyond the river's centre line."""
    return _smooth(_TRUNK_SOUTH, spacing_m=60.0, closed=False)


def density(points: Curve) -> NDArray[np.float64]:
    """Return how densely people live at *points*: 1 in the centre, 0.05 in fields, 0 on water."""
    value = np.full(len(points), 0.05)
    value += 1.0 * _bump(points, CENTRE, 900.0)
    for subcentre in _SUBCENTRES:
        value += 0.22 * _bump(points, subcentre, 420.0)
    bed = shapely.LineString(river()).buffer(RIVER_HALF_WIDTH_M + 20.0)
    value[shapely.contains_xy(bed, points)] = 1e-4
    return value


def _bump(points: Curve, place: tuple[float, float], reach_m: float) -> NDArray[np.float64]:
    squared = np.asarray(((points - np.array(place)) ** 2).sum(axis=1))
    return np.exp(-squared / reach_m**2)


def _smooth(controls: tuple[tuple[float, float], ...], *, spacing_m: float, closed: bool) -> Curve:
    """Return a Catmull-Rom curve through *controls*, about one point per *spacing_m*."""
    knots = np.array(controls, dtype=np.float64)
    if closed:
        knots = np.vstack([knots[-1], knots, knots[:2]])
    else:
        knots = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    pieces = []
    for before, start, end, after in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        steps = max(2, math.ceil(math.hypot(*(end - start)) / spacing_m))
        t = (np.arange(steps) / steps)[:, None]
        pieces.append(
            0.5
            * (
                2 * start
                + (end - before) * t
                + (2 * before - 5 * start + 4 * end - after) * t**2
                + (3 * start - before - 3 * end + after) * t**3
            )
        )
    if not closed:
        pieces.append(knots[-2][None, :])
    return np.vstack(pieces)
