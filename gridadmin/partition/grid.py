"""The millimetre grid: packing points, exact orientation, hot pixels.

Kernel coordinates are whole millimetres from the project's origin, at most :data:`LIMIT_MM` away,
so that every cross product of differences, doubled, fits in int64 and equal means equal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LIMIT_MM = 1 << 28
"""Farthest coordinate from the origin, about 268 km."""

_HALF = 1 << 31
_LOW = (1 << 32) - 1


def pack(xy: Ints) -> Ints:
    """Return one int64 key per point of *xy* ``(n, 2)``; keys order by x, then y."""
    keys: Ints = (xy[:, 0] << 32) + (xy[:, 1] + _HALF)
    return keys


def unpack(keys: Ints) -> Ints:
    """Return the points ``(n, 2)`` of packed *keys*."""
    return np.stack((keys >> 32, (keys & _LOW) - _HALF), axis=1)


def sorted_once(keys: Ints) -> Ints:
    """Return the distinct keys in order; on packed points quicker than hashing them."""
    ordered = np.sort(keys)
    if not len(ordered):
        return ordered
    is_new = np.empty(len(ordered), dtype=bool)
    is_new[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    distinct: Ints = ordered[is_new]
    return distinct


def pack_point(x: int, y: int) -> int:
    """Return the key of one point; the same number as :func:`pack` gives."""
    return (x << 32) + y + _HALF


def unpack_point(key: int) -> tuple[int, int]:
    """Return the point of one packed *key*."""
    return key >> 32, (key & _LOW) - _HALF


def cross(origin: Ints, first: Ints, second: Ints) -> Ints:
    """Return the exact cross products of ``first - origin`` and ``second - origin``, row by row.

    Positive where the turn is to the left.
    """
    a = first - origin
    b = second - origin
    products: Ints = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return products


def meets_pixel(start: Ints, end: Ints, pixel: Ints) -> Bools:
    """Return, row by row, whether the segment meets the unit pixel around a grid point.

    A pixel is half open: its left and lower edges belong to it, its right and upper ones don't, so
    each point of the plane lies in exactly one pixel (that of its coordinates rounded by floor(v +
    1/2)). Source: J. Hobby, Practical segment intersection with finite precision output, 1999.
    """
    low = np.minimum(start, end)
    high = np.maximum(start, end)
    is_near = ((low <= pixel) & (pixel <= high)).all(axis=-1)
    dx = end[..., 0] - start[..., 0]
    dy = end[..., 1] - start[..., 1]
    centre = 2 * (dx * (pixel[..., 1] - start[..., 1]) - dy * (pixel[..., 0] - start[..., 0]))
    lower_left = centre - dx + dy
    lower_right = centre - dx - dy
    upper_right = centre + dx - dy
    upper_left = centre + dx + dy
    least = np.minimum(np.minimum(lower_left, lower_right), np.minimum(upper_right, upper_left))
    most = np.maximum(np.maximum(lower_left, lower_right), np.maximum(upper_right, upper_left))
    is_through = (least < 0) & (most > 0)
    # A line that only touches the closed pixel counts when it runs through the lower-left corner.
    is_touching = ((least == 0) | (most == 0)) & (lower_left == 0)
    is_point = (dx == 0) & (dy == 0)
    met: Bools = is_near & (is_through | is_touching | is_point)
    return met


def crossing_pixel(
    a: tuple[int, int], b: tuple[int, int], c: tuple[int, int], d: tuple[int, int]
) -> tuple[int, int]:
    """Return the crossing of lines a-b and c-d, rounded by floor(v + 1/2), exactly.

    The lines must not be parallel.
    """
    abx, aby = b[0] - a[0], b[1] - a[1]
    cdx, cdy = d[0] - c[0], d[1] - c[1]
    below = abx * cdy - aby * cdx
    along = (c[0] - a[0]) * cdy - (c[1] - a[1]) * cdx
    if below < 0:
        below, along = -below, -along
    x = (2 * (a[0] * below + along * abx) + below) // (2 * below)
    y = (2 * (a[1] * below + along * aby) + below) // (2 * below)
    return x, y


def twice_area(xy: Ints) -> int:
    """Return twice the signed area that a polyline ``(n, 2)`` sweeps seen from the origin, in mm².

    Summed over a closed ring it is twice the ring's area, positive when counter-clockwise.
    """
    # int64 may wrap in between; the sum is right whenever the result fits.
    return int((xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]).sum())
