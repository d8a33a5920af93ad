"""Circular arcs turned into chords, the same points whichever way the arc is run."""

from __future__ import annotations

from math import acos, atan2, ceil, cos, hypot, pi, sin

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

_MOST_CHORDS = 20_000


def straightened(points: Points, tolerance: float) -> Points:
    """Return a circular string, ``(n, 2)`` with odd n, as a polyline at most *tolerance* beside it.

    Two areas that share an arc get the same vertices though they run it in opposite directions.
    """
    if len(points) < 3:
        return points
    pieces = [points[:1]]
    for first in range(0, len(points) - 2, 2):
        start, middle, end = points[first], points[first + 1], points[first + 2]
        if tuple(start) <= tuple(end):
            piece = _arc(start, middle, end, tolerance)
        else:
            piece = _arc(end, middle, start, tolerance)[::-1]
        pieces.append(piece[1:])
    return np.concatenate(pieces)


def _arc(start: Points, middle: Points, end: Points, tolerance: float) -> Points:
    if not np.isfinite([start, middle, end]).all():
        return np.array([start, middle, end])
    if tuple(start) == tuple(end):
        centre = (start + middle) / 2
        sweep = 2 * pi
    else:
        found = _centre(start, middle, end)
        if found is None:
            return np.array([start, middle, end])
        centre = found
        sweep = _sweep(start - centre, middle - centre, end - centre)
    radius = hypot(*(start - centre))
    if radius <= tolerance:
        return np.array([start, middle, end])
    # A chord over the angle a lies r·(1 - cos(a/2)) inside its arc.
    step = 2 * acos(1 - min(tolerance / radius, 1.0)) or pi
    chords = min(max(ceil(abs(sweep) / step), 2), _MOST_CHORDS)
    angle = atan2(*(start - centre)[::-1])
    inner = [
        centre
        + radius * np.array([cos(angle + sweep * i / chords), sin(angle + sweep * i / chords)])
        for i in range(1, chords)
    ]
    return np.array([start, *inner, end])


def _centre(a: Points, b: Points, c: Points) -> Points | None:
    # Measured from a, so that eight-digit coordinates lose nothing in the squares.
    (bx, by), (cx, cy) = b - a, c - a
    twice_area = 2 * (bx * cy - by * cx)
    length2 = max(bx * bx + by * by, cx * cx + cy * cy)
    if abs(twice_area) <= 1e-12 * length2:
        return None
    b2, c2 = bx * bx + by * by, cx * cx + cy * cy
    offset = np.array([cy * b2 - by * c2, bx * c2 - cx * b2]) / twice_area
    centre: Points = a + offset
    return centre


def _sweep(start: Points, middle: Points, end: Points) -> float:
    begin = atan2(start[1], start[0])
    to_middle = (atan2(middle[1], middle[0]) - begin) % (2 * pi)
    to_end = (atan2(end[1], end[0]) - begin) % (2 * pi)
    return to_end if to_middle <= to_end else to_end - 2 * pi
