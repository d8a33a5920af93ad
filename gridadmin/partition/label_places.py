"""Where in an area there is room for its name.

A name is wide and low, so what counts is how wide the land is along the line of the name, and a
little above and below it; that is measured on some lines across each area at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridadmin.partition.grid import Ints
from gridadmin.partition.ground import Box

Floats = NDArray[np.float64]

_LINES = 11
"""So many lines are looked at in each area."""
_OFF_CENTRE = 0.45
"""How much of the width a place at the upper or lower end must have more to be preferred."""


@dataclass(frozen=True)
class Places:
    """For each region (sorted) some places for its name, the best first, and its box.

    ``xy`` ``(n, places, 2)`` are their middles, ``room_m`` ``(n, places)`` is how wide the land is
    there, ``boxes`` ``(n, 4)``.
    """

    regions: Ints
    xy: Floats
    room_m: Floats
    boxes: Floats

    def __len__(self) -> int:
        return len(self.regions)


def best_places(region: Ints, xy: Floats, offsets: Ints, box: Box | None = None) -> Places:
    """Return the places for a name in each region, of its part inside *box* if one is given.

    ``region`` is that of each closed ring ``xy[offsets[i]:offsets[i + 1]]``. A region that doesn't
    come into the box has no room.
    """
    regions, place = np.unique(region, return_inverse=True)
    if not len(regions):
        empty = np.empty((0, _LINES - 2))
        return Places(regions, np.empty((0, _LINES - 2, 2)), empty, np.empty((0, 4)))
    boxes = _boxes(place, xy, offsets, len(regions))
    low, high = boxes[:, 1], boxes[:, 3]
    if box is not None:
        low, high = np.maximum(low, box[1]), np.minimum(high, box[3])
    steps = (np.arange(_LINES) + 1.0) / (_LINES + 1)
    levels = low[:, None] + (high - low)[:, None] * steps
    lefts, rights, lines = _inside(place, xy, offsets, levels)
    if box is not None:
        lefts, rights = np.maximum(lefts, box[0]), np.minimum(rights, box[2])
    widest = _widest_by_line(lefts, rights, lines, len(regions) * _LINES)
    left, right = (side.reshape(-1, _LINES) for side in widest)
    # What is free on the lines above and below, too, is room for a name of two lines.
    left = np.maximum(left[:, 1:-1], np.maximum(left[:, :-2], left[:, 2:]))
    right = np.minimum(right[:, 1:-1], np.minimum(right[:, :-2], right[:, 2:]))
    room = np.maximum(right - left, 0.0)
    off = np.abs(steps[1:-1] - 0.5) * 2
    order = np.argsort(off * 1e-9 - room * (1 - _OFF_CENTRE * off), axis=1, kind="stable")
    has_room = (room > 0) & (high > low)[:, None]
    middle = np.where(has_room, left, 0.0) / 2 + np.where(has_room, right, 0.0) / 2
    xy_of_lines = np.stack((middle, levels[:, 1:-1]), axis=2)
    return Places(
        regions,
        np.take_along_axis(xy_of_lines, order[:, :, None], axis=1),
        np.take_along_axis(np.where(has_room, room, 0.0), order, axis=1),
        boxes,
    )


def _boxes(place: Ints, xy: Floats, offsets: Ints, count: int) -> Floats:
    order = np.argsort(place, kind="stable")
    begins = np.searchsorted(place[order], np.arange(count))
    low = np.minimum.reduceat(xy, offsets[:-1], axis=0)[order]
    high = np.maximum.reduceat(xy, offsets[:-1], axis=0)[order]
    boxes: Floats = np.hstack(
        (
            np.minimum.reduceat(low, begins, axis=0),
            np.maximum.reduceat(high, begins, axis=0),
        )
    )
    return boxes


def _inside(place: Ints, xy: Floats, offsets: Ints, levels: Floats) -> tuple[Floats, Floats, Ints]:
    """Return ``(left, right, line)`` of every stretch in which a line runs inside its region."""
    is_edge = np.ones(max(len(xy) - 1, 0), dtype=bool)
    is_edge[offsets[1:-1] - 1] = False
    at = np.nonzero(is_edge)[0]
    region = np.repeat(place, np.diff(offsets) - 1)
    (ax, ay), (bx, by) = xy[at].T, xy[at + 1].T
    heights = levels[region]
    crosses = (ay[:, None] <= heights) != (by[:, None] <= heights)
    edge, line = np.nonzero(crosses)
    y = heights[edge, line]
    x = ax[edge] + (y - ay[edge]) / (by[edge] - ay[edge]) * (bx[edge] - ax[edge])
    key = region[edge] * _LINES + line
    order = np.lexsort((x, key))
    x, key = x[order], key[order]
    # A line enters and leaves in turn, so the crossings of one line come in pairs.
    return x[0::2], x[1::2], key[0::2]


def _widest_by_line(
    lefts: Floats, rights: Floats, lines: Ints, count: int
) -> tuple[Floats, Floats]:
    left, right = np.full(count, np.inf), np.full(count, -np.inf)
    order = np.argsort(rights - lefts, kind="stable")
    # The widest stretch of a line is written last.
    left[lines[order]], right[lines[order]] = lefts[order], rights[order]
    return left, right
