"""What can be read off one border: points, nodes, box, raster cells; remembered while in use.

Edits ask the same few borders again and again, so answers are kept by the border's bytes.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from gridadmin.domain.model import BorderRow
from gridadmin.partition.grid import Ints, pack_point, twice_area

_KEPT = 50_000
_POINT_BYTES = 16
_FEW_CELLS = 9

Box = tuple[int, int, int, int]
"""``(x0, y0, x1, y1)`` in mm, all four included."""


class Ends(NamedTuple):
    """The packed nodes of a border and the ways ``(dx, dy)`` in which it leaves them."""

    start: int
    end: int
    way_on: tuple[int, int]
    way_back: tuple[int, int]


@lru_cache(maxsize=_KEPT)
def _points(blob: bytes) -> Ints:
    return np.frombuffer(blob, dtype="<i8").reshape(-1, 2)


@lru_cache(maxsize=_KEPT)
def _ends(blob: bytes) -> Ends:
    ax, ay, bx, by = struct.unpack_from("<4q", blob)
    cx, cy, dx, dy = struct.unpack_from("<4q", blob, len(blob) - 2 * _POINT_BYTES)
    return Ends(pack_point(ax, ay), pack_point(dx, dy), (bx - ax, by - ay), (cx - dx, cy - dy))


@lru_cache(maxsize=_KEPT)
def _box(blob: bytes) -> Box:
    xy = _points(blob)
    x0, y0 = xy.min(axis=0).tolist()
    x1, y1 = xy.max(axis=0).tolist()
    return x0, y0, x1, y1


@lru_cache(maxsize=_KEPT)
def _swept(blob: bytes) -> int:
    return twice_area(_points(blob))


@lru_cache(maxsize=_KEPT)
def _cells(blob: bytes, shift: int) -> tuple[int, ...]:
    x0, y0, x1, y1 = (value >> shift for value in widened(_box(blob), 1))
    if (x1 - x0 + 1) * (y1 - y0 + 1) <= _FEW_CELLS:
        return tuple(pack_point(x, y) for x in range(x0, x1 + 1) for y in range(y0, y1 + 1))
    xy = _points(blob)
    keys, _ = cells_of_segments(xy[:-1], xy[1:], shift)
    return tuple(np.unique(keys).tolist())


def points_of(border: BorderRow) -> Ints:
    """Return the points ``(n, 2)`` of a border in mm, read-only."""
    return _points(border.points)


def ends_of(border: BorderRow) -> Ends:
    """Return the nodes of a border and the ways in which it leaves them."""
    return _ends(border.points)


def node_keys(border: BorderRow) -> tuple[int, int]:
    """Return the packed start and end node of a border."""
    ends = _ends(border.points)
    return ends.start, ends.end


def box_of(border: BorderRow) -> Box:
    """Return the box of a border."""
    return _box(border.points)


def swept_twice(border: BorderRow) -> int:
    """Return twice the signed area that a border sweeps seen from the origin, in mm²."""
    return _swept(border.points)


def cells_of(border: BorderRow, shift: int) -> tuple[int, ...]:
    """Return the ``2 ** shift`` mm raster cells under which a border is listed.

    They are all cells that it comes within a millimetre of, and for a border whose box meets no
    more than nine cells all of these.
    """
    return _cells(border.points, shift)


def places_of(border: BorderRow, point: tuple[int, int]) -> list[int]:
    """Return at which of its points a border passes *point*."""
    blob, wanted = border.points, struct.pack("<2q", *point)
    places = []
    at = blob.find(wanted)
    while at >= 0:
        if at % _POINT_BYTES == 0:
            places.append(at // _POINT_BYTES)
        at = blob.find(wanted, at + 1)
    return places


def widened(box: Box, margin_mm: int) -> Box:
    """Return a box that reaches *margin_mm* farther on each side."""
    return box[0] - margin_mm, box[1] - margin_mm, box[2] + margin_mm, box[3] + margin_mm


def boxes_meet(one: Box, other: Box) -> bool:
    """Return whether two boxes have a point in common."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def cells_of_boxes(low: Ints, high: Ints, shift: int) -> tuple[Ints, Ints, Ints]:
    """Return ``(cell keys, rows, other rows)``: the cells of boxes that meet at most nine of them.

    *low*, *high*: ``(n, 2)``, taken a millimetre wider; *other rows* are those that meet more
    cells.
    """
    first, last = (low - 1) >> shift, (high + 1) >> shift
    spans = last - first + 1
    is_small = spans[:, 0] * spans[:, 1] <= _FEW_CELLS
    rows = np.nonzero(is_small)[0]
    counts = spans[rows, 0] * spans[rows, 1]
    row = np.repeat(rows, counts)
    place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    x = first[row, 0] + place // spans[row, 1]
    y = first[row, 1] + place % spans[row, 1]
    return (x << 32) + (y + (1 << 31)), row, np.nonzero(~is_small)[0]


def cells_of_segments(
    starts: Ints, ends: Ints, shift: int, margin_mm: int = 1
) -> tuple[Ints, Ints]:
    """Return ``(cell keys, segment rows)`` of the ``2 ** shift`` mm cells on the way of segments.

    Cells within *margin_mm*, less than half a cell, count too; at least 1, which covers the
    rounding. Long segments are taken piece by piece, so a diagonal doesn't claim the whole of its
    box.
    """
    span = np.abs(ends - starts).max(axis=1) if len(starts) else np.empty(0, np.int64)
    pieces = (span >> shift) + 1
    row = np.repeat(np.arange(len(starts)), pieces)
    begin = np.cumsum(pieces) - pieces
    place = (np.arange(len(row)) - begin[row])[:, None]
    count = pieces[row][:, None]
    delta = (ends - starts)[row]
    first = starts[row] + delta * place // count
    last = starts[row] + delta * (place + 1) // count
    low = (np.minimum(first, last) - margin_mm) >> shift
    high = (np.maximum(first, last) + margin_mm) >> shift
    spans = high - low + 1
    cells = spans[:, 0] * spans[:, 1]
    source = np.repeat(np.arange(len(row)), cells)
    step = np.arange(len(source)) - np.repeat(np.cumsum(cells) - cells, cells)
    x = low[source, 0] + step // spans[source, 1]
    y = low[source, 1] + step % spans[source, 1]
    return (x << 32) + (y + (1 << 31)), row[source]
