"""Which boxes touch, and which points lie in which boxes: many small ones, joined on a raster.

Each box is listed under the raster cells that it covers, so what may meet shares a cell. Where
lengths differ so much that no raster suits, a tree takes over.
"""

from __future__ import annotations

import numpy as np
import shapely

from gridadmin.partition.grid import Bools, Ints, pack, sorted_once

_FEW = 60_000
"""Below this many pairs a plain comparison of all beats everything else."""
_MOST_CELLS = 8
_MOST_PAIRS = 40
"""Above this many cells or pairs for each box the raster doesn't suit."""
_PART = 1 << 16
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_FILTER_BITS = 22

Array = np.ndarray


def touching_boxes(low: Array, high: Array, rows: Ints) -> tuple[Ints, Ints]:
    """Return pairs ``(row of rows, other row)`` of boxes that touch, each pair once.

    *low*, *high*: the corners ``(n, 2)``; a box that isn't among *rows* is only ever the other one.
    """
    first, other = _touching(low, high, rows)
    is_queried = np.zeros(len(low), dtype=bool)
    is_queried[rows] = True
    # A pair of two queried rows is found from both sides.
    keep = (first < other) | ((first != other) & ~is_queried[other])
    return first[keep].astype(np.int64), other[keep].astype(np.int64)


def points_in_boxes(low: Array, high: Array, points: Array) -> tuple[Ints, Ints]:
    """Return ``(box, point)`` wherever one of *points* ``(p, 2)`` lies in or on a box."""
    if len(low) * len(points) <= _FEW:
        inside = (low[:, None] <= points[None]) & (points[None] <= high[:, None])
        boxes, places = np.nonzero(inside.all(axis=2))
        return boxes, places
    found = _points_by_raster(low, high, points)
    if found is None:
        tree = shapely.STRtree(shapely.points(points.astype(np.float64)))
        box, point = tree.query(_shapes(low, high))
        found = box.astype(np.int64), point.astype(np.int64)
    return found


def _touching(low: Array, high: Array, rows: Ints) -> tuple[Ints, Ints]:
    if len(rows) * len(low) <= _FEW:
        touching = (low[rows, None] <= high[None]) & (low[None] <= high[rows, None])
        first, other = np.nonzero(touching.all(axis=2))
        return rows[first], other
    found = _pairs_by_raster(low, high, rows)
    if found is None:
        boxes = _shapes(low, high)
        hits = shapely.STRtree(boxes).query(boxes[rows])
        found = rows[hits[0]], hits[1].astype(np.int64)
    return found


def _shapes(low: Array, high: Array) -> Array:
    return np.asarray(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))


def _pairs_by_raster(low: Array, high: Array, rows: Ints) -> tuple[Ints, Ints] | None:
    size = _cell_size(low, high)
    listed = _cells(low, high, size, _MOST_CELLS * len(low))
    if listed is None:
        return None
    box, cell = listed
    is_asking = np.zeros(len(low), dtype=bool)
    is_asking[rows] = True
    if not is_asking.all():
        near = _may_be_among(cell, cell[is_asking[box]])
        box, cell = box[near], cell[near]
    order = np.argsort(cell)
    box, cell = box[order], cell[order]
    mine = is_asking[box]
    asking, asked = box[mine], cell[mine]
    left = _MOST_PAIRS * len(low)
    pairs = [(rows[:0], rows[:0])]
    for part in _parts(len(asking)):
        begin, count = _found_in(cell, asked[part])
        left -= int(count.sum())
        if left < 0:
            return None
        at, place = _spread(begin, count)
        first, other = asking[part][at], box[place]
        # Of all cells that two boxes share, that of the lower corner of their common part counts.
        shared = np.maximum(low[first], low[other])
        is_met = (shared <= np.minimum(high[first], high[other])).all(axis=1)
        first, other, at = first[is_met], other[is_met], at[is_met]
        once = pack(_cell_of(shared[is_met], size)) == asked[part][at]
        pairs.append((first[once], other[once]))
    return _columns(pairs)


def _points_by_raster(low: Array, high: Array, points: Array) -> tuple[Ints, Ints] | None:
    size = _cell_size(low, high)
    number = np.concatenate([pack(_cell_of(points[part], size)) for part in _parts(len(points))])
    point = np.arange(len(points))
    if 4 * len(low) < len(points):
        listed = _cells(low, high, size, _MOST_CELLS * len(low))
        if listed is None:
            return None
        point = np.nonzero(_may_be_among(number, listed[1]))[0]
        number = number[point]
    order = np.argsort(number)
    point, number = point[order], number[order]
    are_few = 4 * len(points) < len(low)
    cells_left, pairs_left = _MOST_CELLS * len(low), _MOST_PAIRS * max(len(low), len(points))
    pairs = [(point[:0], point[:0])]
    for part in _parts(len(low)):
        listed = _cells(low[part], high[part], size, cells_left)
        if listed is None:
            return None
        box, cell = listed
        cells_left -= len(cell)
        if are_few:
            near = _may_be_among(cell, number)
            box, cell = box[near], cell[near]
        begin, count = _found_in(number, cell)
        pairs_left -= int(count.sum())
        if pairs_left < 0:
            return None
        at, place = _spread(begin, count)
        first, other = box[at] + part.start, point[place]
        is_inside = ((low[first] <= points[other]) & (points[other] <= high[first])).all(axis=1)
        pairs.append((first[is_inside], other[is_inside]))
    return _columns(pairs)


def _parts(count: int) -> list[slice]:
    """Return slices small enough that what is worked out on the way stays in the cache."""
    return [slice(begin, min(begin + _PART, count)) for begin in range(0, count, _PART)]


def _columns(pairs: list[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    firsts, others = zip(*pairs, strict=True)
    return np.concatenate(firsts), np.concatenate(others)


def _cell_size(low: Array, high: Array) -> float:
    return max(2.0 * float((high - low).max(axis=1).mean()), 4.0)


def _cell_of(xy: Array, size: float) -> Ints:
    cells: Ints = np.floor(xy / size).astype(np.int64)
    return cells


def _cells(low: Array, high: Array, size: float, most: int) -> tuple[Ints, Ints] | None:
    """Return ``(box, packed cell)`` of all cells that boxes cover; None when more than *most*."""
    first, last = _cell_of(low, size), _cell_of(high, size)
    wide, tall = (last - first + 1).T
    count = wide * tall
    if count.sum() > most:
        return None
    box, within = _spread(np.zeros(len(low), dtype=np.int64), count)
    across = within % wide[box]
    up = within // wide[box]
    return box, pack(first)[box] + (across << 32) + up


def _spread(begin: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Return ``(row, begin, begin + 1, ...)``: *count* numbers for each row."""
    row = np.repeat(np.arange(len(count)), count)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(count) - count - begin, count)


def _found_in(cells: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Return where in sorted *cells* each wanted one begins, and how often it stands there."""
    once = sorted_once(wanted)
    begin = np.searchsorted(cells, once)
    count = np.searchsorted(cells, once, side="right") - begin
    place = np.searchsorted(once, wanted)
    return begin[place], count[place]


def _may_be_among(keys: Ints, wanted: Ints) -> Bools:
    """Return which keys may be wanted ones: all that are, and very few others."""
    is_listed = np.zeros(1 << _FILTER_BITS, dtype=bool)
    is_listed[_slot(wanted)] = True
    listed: Bools = is_listed[_slot(keys)]
    return listed


def _slot(keys: Ints) -> Ints:
    slots: Ints = (keys.view(np.uint64) * _SPREAD >> np.uint64(64 - _FILTER_BITS)).view(np.int64)
    return slots
