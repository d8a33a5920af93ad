"""Lines with only the vertices that can be seen at a scale. Knows no Qt."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gridadmin.partition.grid import Bools, Ints

Floats = NDArray[np.float64]

TOLERANCE_PX = 0.4
"""A vertex may lie so far beside the line without it; passes can add up to about twice that."""
_PASSES = 20


def octave_of(metres_per_px: float) -> int:
    """Return the scale octave: it holds all scales from ``2 ** octave`` m per pixel to twice it."""
    return math.floor(math.log2(metres_per_px))


def tolerance_m(octave: int) -> float:
    """Return how far a vertex may lie beside the line in all scales of an octave."""
    return TOLERANCE_PX * math.ldexp(1.0, octave)


def thinned(xy: Floats, offsets: Ints, tolerance: float) -> tuple[Floats, Ints]:
    """Return lines without the vertices that lie within *tolerance* of the line through the rest.

    Line ``i`` is ``xy[offsets[i]:offsets[i + 1]]``; first and last points stay, so that lines go
    on meeting each other.
    """
    is_end = np.zeros(len(xy), dtype=bool)
    is_end[offsets[:-1]] = is_end[offsets[1:] - 1] = True
    kept = np.arange(len(xy))
    for number in range(_PASSES):
        drops = _dropped(xy[kept], is_end[kept], tolerance, number & 1)
        if not drops.any():
            break
        kept = kept[~drops]
    counts = np.searchsorted(kept, offsets)
    return xy[kept], counts


def _dropped(xy: Floats, is_end: Bools, tolerance: float, parity: int) -> Bools:
    """Return which points go in one pass: never two neighbours, whose lines would change twice."""
    drops = np.zeros(len(xy), dtype=bool)
    if len(xy) < 3:
        return drops
    near = _distances(xy[:-2], xy[1:-1], xy[2:]) < tolerance
    near &= ~is_end[1:-1]
    drops[1:-1] = near
    # Of a row of candidates every other one goes; one that stands alone goes at once.
    has_neighbour = np.zeros(len(xy), dtype=bool)
    has_neighbour[1:] |= drops[:-1]
    has_neighbour[:-1] |= drops[1:]
    drops &= ~has_neighbour | (np.arange(len(xy)) % 2 == parity)
    return drops


def _distances(before: Floats, points: Floats, after: Floats) -> Floats:
    """Return the distance of each point from the segment between the points beside it."""
    # Column by column: numpy takes far longer for rows of two.
    (x0, y0), (x, y), (x1, y1) = before.T, points.T, after.T
    along_x, along_y = x1 - x0, y1 - y0
    way_x, way_y = x - x0, y - y0
    length = along_x * along_x + along_y * along_y
    along = along_x * way_x + along_y * way_y
    share = np.divide(along, length, out=np.zeros(len(length)), where=length > 0)
    np.clip(share, 0.0, 1.0, out=share)
    off_x, off_y = way_x - share * along_x, way_y - share * along_y
    distances: Floats = np.sqrt(off_x * off_x + off_y * off_y)
    return distances
