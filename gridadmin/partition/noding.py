"""Snap rounding: segments on the grid become segments that meet only at their ends.

Every end, every rounded crossing is a *hot pixel*; a segment that meets a hot pixel is led through
its centre. A segment that bends may meet further pixels, so the rounds repeat until nothing
changes: then no two segments cross, touch without a common end, or run through the pixel of a
foreign end.
"""

from __future__ import annotations

import numpy as np

from gridadmin.partition.box_join import points_in_boxes, touching_boxes
from gridadmin.partition.grid import (
    Bools,
    Ints,
    cross,
    crossing_pixel,
    meets_pixel,
    pack,
    sorted_once,
    unpack,
)

_ROUNDS = 50
_PART = 1 << 16
"""So many rows at a time stay in the cache."""


class NodingError(RuntimeError):
    """Snap rounding didn't settle; a fault of the program, not of the data."""


def node_segments(
    starts: Ints, ends: Ints, is_fresh: Bools | None = None
) -> tuple[Ints, Ints, Ints]:
    """Return ``(starts, ends, source)`` of the noded pieces of the given segments.

    *starts*, *ends*: ``(n, 2)``. Pieces keep the direction of their segment; ``source`` holds its
    row. Segments of no length vanish. Pieces that coincide are all kept, each with its own source.
    Segments that aren't *is_fresh* ``(n,)`` are noded among themselves already; without it none
    is.
    Raises: NodingError.
    """
    is_new = np.ones(len(starts), dtype=bool) if is_fresh is None else is_fresh
    source = np.arange(len(starts), dtype=np.int64)
    keep = (starts != ends).any(axis=1)
    starts, ends, source, is_new = starts[keep], ends[keep], source[keep], is_new[keep]
    known = sorted_once(np.concatenate((pack(starts), pack(ends))))
    active = known[:0]
    for _ in range(_ROUNDS):
        if not is_new.any():
            return starts, ends, source
        crossings = pack(crossings_of(starts, ends, is_new))
        known = _together(known, crossings)
        fresh = sorted_once(_but(crossings, active))
        row, met, active = _meetings(starts, ends, is_new, known, active, fresh)
        starts, ends, source, is_new = _led_through(starts, ends, source, row, unpack(met))
    raise NodingError


def _meetings(
    starts: Ints, ends: Ints, is_new: Bools, known: Ints, active: Ints, fresh: Ints
) -> tuple[Ints, Ints, Ints]:
    """Return ``(segment row, pixel)`` wherever a moving segment meets a pixel, and active pixels.

    Those of *active* bend no segment any more that isn't new: the round before led all through
    them. Only *fresh* ones, and those that come with what moves, still may.

    New segments move. A pixel that a moving segment meets is active, and a segment that an active
    pixel bends moves too: or else one would be pulled over the other. Pixels are packed and sorted.
    """
    is_moving = np.zeros(len(starts), dtype=bool)
    rows, met = [np.empty(0, dtype=np.int64)], [known[:0]]
    pixels = unpack(known)
    moving = np.nonzero(is_new)[0]
    active = _together(active, fresh)
    while len(moving):
        is_moving[moving] = True
        row, pixel = _met_pixels(starts[moving], ends[moving], pixels)
        rows.append(moving[row])
        met.append(known[pixel])
        fresh = _together(fresh, _but(met[-1], active))
        active = _together(active, fresh)
        still = np.nonzero(~is_moving)[0]
        row, pixel = _met_pixels(starts[still], ends[still], unpack(fresh))
        bent = still[row]
        is_inside = (pack(starts[bent]) != fresh[pixel]) & (pack(ends[bent]) != fresh[pixel])
        moving = sorted_once(bent[is_inside])
        fresh = fresh[:0]
    return np.concatenate(rows), np.concatenate(met), active


def _together(one: Ints, other: Ints) -> Ints:
    """Return the keys of both, in order; *one* is sorted and distinct."""
    return sorted_once(np.concatenate((one, other))) if len(other) else one


def _but(keys: Ints, known: Ints) -> Ints:
    """Return the keys that aren't among the sorted *known* ones."""
    if not len(known):
        return keys
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    others: Ints = keys[known[at] != keys]
    return others


def crossings_of(starts: Ints, ends: Ints, is_new: Bools) -> Ints:
    """Return the rounded proper crossings ``(k, 2)`` of segments marked *is_new* with any."""
    rows = np.nonzero(is_new)[0]
    left, right = touching_boxes(np.minimum(starts, ends), np.maximum(starts, ends), rows)
    a, b, c, d = starts[left], ends[left], starts[right], ends[right]
    turn_c = np.sign(cross(a, b, c))
    turn_d = np.sign(cross(a, b, d))
    turn_a = np.sign(cross(c, d, a))
    turn_b = np.sign(cross(c, d, b))
    is_crossing = (turn_c * turn_d < 0) & (turn_a * turn_b < 0)
    quads = np.concatenate(
        (a[is_crossing], b[is_crossing], c[is_crossing], d[is_crossing]), axis=1
    ).tolist()
    points = [crossing_pixel((q[0], q[1]), (q[2], q[3]), (q[4], q[5]), (q[6], q[7])) for q in quads]
    return np.array(points, dtype=np.int64).reshape(-1, 2)


def _led_through(
    starts: Ints, ends: Ints, source: Ints, row: Ints, p: Ints
) -> tuple[Ints, Ints, Ints, Bools]:
    """Lead segments through the pixels they meet; the last column says which pieces are new."""
    a, b = starts[row], ends[row]
    is_end = (a == p).all(axis=1) | (b == p).all(axis=1)
    row, p, a, b = row[~is_end], p[~is_end], a[~is_end], b[~is_end]
    if not len(row):
        return starts, ends, source, np.zeros(len(starts), dtype=bool)
    along = ((p - a) * (b - a)).sum(axis=1)
    order = np.lexsort((along, row))
    row, p = row[order], p[order]
    is_bent = np.zeros(len(starts), dtype=bool)
    is_bent[row] = True
    bent = np.nonzero(is_bent)[0]
    # Chain of each bent segment: start, pixels in order, end.
    chain_row = np.concatenate((bent, row, bent))
    chain_rank = np.concatenate(
        (
            np.zeros(len(bent), np.int64),
            np.arange(1, len(row) + 1),
            np.full(len(bent), len(row) + 1),
        )
    )
    chain_xy = np.concatenate((starts[bent], p, ends[bent]))
    order = np.lexsort((chain_rank, chain_row))
    chain_row, chain_xy = chain_row[order], chain_xy[order]
    is_joint = chain_row[:-1] == chain_row[1:]
    new_starts, new_ends = chain_xy[:-1][is_joint], chain_xy[1:][is_joint]
    new_source = source[chain_row[:-1][is_joint]]
    keep = ~is_bent
    return (
        np.concatenate((starts[keep], new_starts)),
        np.concatenate((ends[keep], new_ends)),
        np.concatenate((source[keep], new_source)),
        np.concatenate(
            (np.zeros(int(keep.sum()), dtype=bool), np.ones(len(new_starts), dtype=bool))
        ),
    )


def _met_pixels(starts: Ints, ends: Ints, pixels: Ints) -> tuple[Ints, Ints]:
    row, pixel = points_in_boxes(np.minimum(starts, ends), np.maximum(starts, ends), pixels)
    met = np.zeros(len(row), dtype=bool)
    for begin in range(0, len(row), _PART):
        part = slice(begin, begin + _PART)
        met[part] = meets_pixel(starts[row[part]], ends[row[part]], pixels[pixel[part]])
    return row[met], pixel[met]
