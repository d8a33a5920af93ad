"""Lines and rings cut to a box: what is far outside the view can't be painted. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gridadmin.partition.grid import Bools
from ui.canvas.viewport import Box

Floats = NDArray[np.float64]


def shares_inside(starts: Floats, ends: Floats, box: Box) -> tuple[Floats, Floats]:
    """Return from which to which share of its length each segment lies in *box*.

    Segments are ``starts[i]`` to ``ends[i]``; first ≥ last means that it misses the box.
    """
    way = ends - starts
    first, last = np.zeros(len(starts)), np.ones(len(starts))
    for axis in (0, 1):
        step, low, high = way[:, axis], box[axis], box[axis + 2]
        with np.errstate(divide="ignore", invalid="ignore"):
            enter = (np.where(step > 0, low, high) - starts[:, axis]) / step
            leave = (np.where(step > 0, high, low) - starts[:, axis]) / step
        still = step == 0
        is_in: Bools = (low <= starts[:, axis]) & (starts[:, axis] <= high)
        enter[still] = np.where(is_in[still], -np.inf, np.inf)
        leave[still] = np.where(is_in[still], np.inf, -np.inf)
        first, last = np.maximum(first, enter), np.minimum(last, leave)
    return first, last


def pieces_inside(xy: Floats, box: Box) -> Iterator[tuple[Floats, float]]:
    """Yield the pieces of a line ``(n, 2)`` in *box*, each with how far along it starts."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    if high[0] < box[0] or low[0] > box[2] or high[1] < box[1] or low[1] > box[3]:
        return
    if low[0] >= box[0] and high[0] <= box[2] and low[1] >= box[1] and high[1] <= box[3]:
        yield xy, 0.0
        return
    way = np.diff(xy, axis=0)
    lengths = np.sqrt((way**2).sum(axis=1))
    along = np.concatenate(([0.0], np.cumsum(lengths)))
    first, last = shares_inside(xy[:-1], xy[1:], box)
    inside = np.nonzero(first < last)[0]
    if not len(inside):
        return
    # A piece ends where a segment leaves the box or the next one is not in it.
    is_break = (np.diff(inside) > 1) | (last[inside[:-1]] < 1.0) | (first[inside[1:]] > 0.0)
    for run in np.split(inside, np.nonzero(is_break)[0] + 1):
        head, tail = int(run[0]), int(run[-1])
        begin = xy[head] + first[head] * way[head]
        end = xy[tail] + last[tail] * way[tail]
        piece = np.vstack((begin, xy[head + 1 : tail + 1], end))
        yield piece, float(along[head] + first[head] * lengths[head])


def clipped_ring(ring: Floats, box: Box) -> Floats:
    """Return a closed ring ``(n, 2)`` cut to *box*; empty when nothing is left.

    Parts that only hang together outside come back joined along the edge of the box.
    """
    for axis, limit, sign in ((0, box[0], 1), (0, box[2], -1), (1, box[1], 1), (1, box[3], -1)):
        ring = _cut(ring, axis, limit, sign)
        if len(ring) < 4:
            return ring[:0]
    return ring


def _cut(ring: Floats, axis: int, limit: float, sign: int) -> Floats:
    """Return the part of a closed ring on one side of a line across *axis* (Sutherland-Hodgman)."""
    depth = sign * (ring[:, axis] - limit)
    inside = depth >= 0
    if inside.all():
        return ring
    if not inside.any():
        return ring[:0]
    crosses = inside[:-1] != inside[1:]
    share = np.zeros(len(ring) - 1)
    share[crosses] = depth[:-1][crosses] / (depth[:-1] - depth[1:])[crosses]
    cuts = ring[:-1] + share[:, None] * np.diff(ring, axis=0)
    # Each point is followed by the cut of the segment that leaves it.
    both = np.empty((2 * (len(ring) - 1), 2))
    both[0::2], both[1::2] = ring[:-1], cuts
    keep = np.empty(len(both), dtype=bool)
    keep[0::2], keep[1::2] = inside[:-1], crosses
    cut = both[keep]
    return np.vstack((cut, cut[:1]))
