"""The shifted map datums of Chinese web maps: GCJ-02 (高德, 腾讯) and BD-09 (百度).

Only for recognising and moving back what was drawn on such maps; stored data are never shifted. The
formulas are the public reconstruction that all open tools share; nothing official was published.
All functions take and return degrees, elementwise, and leave points outside China as they are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Degrees = NDArray[np.float64]
Shift = Callable[[ArrayLike, ArrayLike], tuple[Degrees, Degrees]]

_A_M = 6_378_245.0
_E2 = 0.00669342162296594323
"""Krassowsky 1940, which the reconstruction uses."""
_WEST, _SOUTH, _EAST, _NORTH = 72.004, 0.8293, 137.8347, 55.8271
_BD_TURN = np.pi * 3000.0 / 180.0
_BD_EAST, _BD_NORTH = 0.0065, 0.006
_STEPS = 12
"""Each step of the inverse shrinks the error twentyfold; five would do for 1e-9 degrees."""


def is_shifted_region(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Return where the web maps shift: the rough rectangle around China."""
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    inside: NDArray[np.bool_] = (x >= _WEST) & (x <= _EAST) & (y >= _SOUTH) & (y <= _NORTH)
    return inside


def gcj02_from_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Return GCJ-02 longitudes and latitudes of WGS 84 (or CGCS2000) ones."""
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    inside = is_shifted_region(x, y)
    east, north = _gcj02_offset(x, y)
    return np.where(inside, x + east, x), np.where(inside, y + north, y)


def wgs84_from_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Return WGS 84 longitudes and latitudes of GCJ-02 ones, within 1e-9 degrees."""
    return _inverse(_gcj02_everywhere, lon, lat)


def bd09_from_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Return BD-09 longitudes and latitudes of GCJ-02 ones."""
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    inside = is_shifted_region(x, y)
    moved_x, moved_y = _bd09_everywhere(x, y)
    return np.where(inside, moved_x, x), np.where(inside, moved_y, y)


def gcj02_from_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Return GCJ-02 longitudes and latitudes of BD-09 ones, within 1e-9 degrees."""
    return _inverse(_bd09_everywhere, lon, lat)


def bd09_from_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Return BD-09 longitudes and latitudes of WGS 84 ones."""
    return bd09_from_gcj02(*gcj02_from_wgs84(lon, lat))


def wgs84_from_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Return WGS 84 longitudes and latitudes of BD-09 ones, within 1e-9 degrees."""
    return wgs84_from_gcj02(*gcj02_from_bd09(lon, lat))


def _inverse(forward: Shift, lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    goal_x, goal_y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    x, y = goal_x, goal_y
    for _ in range(_STEPS):
        moved_x, moved_y = forward(x, y)
        x, y = x + (goal_x - moved_x), y + (goal_y - moved_y)
    # Tested where the point came from, so that whatever was shifted is also moved back.
    inside = is_shifted_region(x, y)
    return np.where(inside, x, goal_x), np.where(inside, y, goal_y)


def _gcj02_everywhere(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    east, north = _gcj02_offset(x, y)
    return x + east, y + north


def _gcj02_offset(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    common = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + (common + _waves(y, (20.0, 1.0), (40.0, 3.0))) * 2.0 / 3.0
    north = north + _waves(y, (160.0, 12.0), (320.0, 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + (common + _waves(x, (20.0, 1.0), (40.0, 3.0))) * 2.0 / 3.0
    east = east + _waves(x, (150.0, 12.0), (300.0, 30.0)) * 2.0 / 3.0
    radians = np.radians(lat)
    w2 = 1.0 - _E2 * np.sin(radians) ** 2
    metres_north = _A_M * (1.0 - _E2) / (w2 * np.sqrt(w2))
    metres_east = _A_M / np.sqrt(w2) * np.cos(radians)
    return np.degrees(east / metres_east), np.degrees(north / metres_north)


def _waves(value: Degrees, *waves: tuple[float, float]) -> Degrees:
    total = np.zeros_like(value)
    for height, length in waves:
        total = total + height * np.sin(value * np.pi / length)
    return total


def _bd09_everywhere(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    return radius * np.cos(angle) + _BD_EAST, radius * np.sin(angle) + _BD_NORTH
