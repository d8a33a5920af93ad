"""Outlines in the one form in which a package stores them, as GeoPackage blobs.

Rings begin at their lowest vertex and shells run counter-clockwise, parts stand in a fixed order.
Nearly all outlines are one ring; these are turned by numpy, the others by GEOS, to the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.exchange.gpkg_blob import blobs
from gridadmin.exchange.outline_proof import (
    HEAD,
    POINT_BYTES,
    Boxes,
    Places,
    Points,
    are_given,
    heads_of_rings,
)
from gridadmin.exchange.package_content import Geometries, Shape

_AT_ONCE = 2_000
"""So many outlines fit into the cache of a processor with all that is worked out of them."""
_LEAST_SINE = 1e-9
"""A corner flatter than this doesn't tell surely how its ring runs."""


@dataclass(frozen=True, slots=True, eq=False)
class StoredOutlines:
    """The blobs of outlines, and which of them were shown to be the given ring, begun elsewhere."""

    blobs: list[bytes]
    is_given: NDArray[np.bool_]


def stored_outlines(
    outlines: Geometries, shape: Shape, boxes: Boxes, srs_id: int
) -> StoredOutlines:
    """Return the stored form of each outline; ``outlines`` is ``(n,)``, finite.

    ``boxes`` is ``(n, 4)``: min x, min y, max x, max y.
    """
    if shape is not Shape.MULTIPOLYGON:
        is_given = np.zeros(len(outlines), dtype=bool)
        return StoredOutlines(blobs(_by_geos(outlines), boxes, srs_id), is_given)
    stored: list[bytes] = []
    is_given = np.zeros(len(outlines), dtype=bool)
    for begin in range(0, len(outlines), _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        made = _stored(outlines[part], boxes[part], srs_id)
        stored += made.blobs
        is_given[part] = made.is_given
    return StoredOutlines(stored, is_given)


def _stored(outlines: Geometries, boxes: Boxes, srs_id: int) -> StoredOutlines:
    sizes = shapely.get_num_coordinates(outlines).astype(np.int64)
    points = np.ascontiguousarray(shapely.get_coordinates(outlines))
    starts = np.cumsum(sizes) - sizes
    lowest = _lowest_vertices(points, starts, sizes)
    runs_left = _turns(points, starts, sizes, lowest)
    is_usual = _is_one_ring(points, starts, sizes) & (lowest >= 0) & (runs_left != 0)
    first, is_reversed = np.where(is_usual, lowest, starts), runs_left < 0
    heads = heads_of_rings(boxes, srs_id, sizes)
    stored = _rings(heads, points, starts, first, is_reversed)
    others = np.flatnonzero(~is_usual)
    if len(others):
        unusual = blobs(_by_geos(outlines[others]), boxes[others], srs_id)
        for place, blob in zip(others.tolist(), unusual, strict=True):
            stored[place] = blob
    is_given = are_given(stored, heads, points, starts, sizes, first, is_reversed)
    return StoredOutlines(stored, is_given & is_usual)


def _by_geos(outlines: Geometries) -> list[bytes]:
    turned = shapely.orient_polygons(shapely.normalize(outlines))
    return list(shapely.to_wkb(turned, byte_order=1, output_dimension=2))


def _is_one_ring(points: Points, starts: Places, sizes: Places) -> NDArray[np.bool_]:
    """Tell where the first vertex comes again at the very end and nowhere else.

    A shell with holes, or with more parts, has closed before its last vertex.
    """
    same = np.flatnonzero(points[:, 0] == np.repeat(points[starts, 0], sizes))
    owner = _owners(same, starts)
    is_same = points[same, 1] == points[starts[owner], 1]
    times = np.bincount(owner[is_same], minlength=len(starts))
    ends = points[starts + sizes - 1] == points[starts]
    found: NDArray[np.bool_] = (times == 2) & ends.all(axis=1) & (sizes >= 4)
    return found


def _lowest_vertices(points: Points, starts: Places, sizes: Places) -> Places:
    """Return the place of each outline's least x, then y; -1 where two vertices share it."""
    least_x = np.minimum.reduceat(points[:, 0], starts)
    found = np.flatnonzero(points[:, 0] == np.repeat(least_x, sizes))
    owner = _owners(found, starts)
    is_open = found != (starts + sizes - 1)[owner]
    found, owner = found[is_open], owner[is_open]
    order = np.lexsort((points[found, 1], owner))
    found, owner = found[order], owner[order]
    leads = np.ones(len(found), dtype=bool)
    leads[1:] = owner[1:] != owner[:-1]
    is_twin = np.zeros(len(found), dtype=bool)
    is_twin[1:] = ~leads[1:] & (points[found[1:], 1] == points[found[:-1], 1])
    lowest = np.full(len(starts), -1, dtype=np.int64)
    lowest[owner[leads]] = found[leads]
    after_lead = np.zeros(len(found), dtype=bool)
    after_lead[1:] = leads[:-1] & is_twin[1:]
    lowest[owner[after_lead]] = -1
    return lowest


def _turns(points: Points, starts: Places, sizes: Places, lowest: Places) -> NDArray[np.int8]:
    """Return 1 where a ring runs counter-clockwise, -1 where clockwise, 0 where it isn't sure.

    The lowest vertex is a corner of the hull, so the turn there is that of the ring.
    """
    here = np.where(lowest < 0, starts, lowest)
    after = here + 1
    before = np.where(here == starts, starts + sizes - 2, here - 1)
    ahead = points[np.minimum(after, len(points) - 1)] - points[here]
    behind = points[before] - points[here]
    cross = ahead[:, 0] * behind[:, 1] - ahead[:, 1] * behind[:, 0]
    scale = np.hypot(*ahead.T) * np.hypot(*behind.T)
    return np.where(np.abs(cross) > _LEAST_SINE * scale, np.sign(cross), 0).astype(np.int8)


def _rings(
    heads: bytes,
    points: Points,
    starts: Places,
    first: Places,
    is_reversed: NDArray[np.bool_],
) -> list[bytes]:
    """Return the blob of each outline, taken for one ring, from its vertex *first* round to it."""
    total = len(points)
    forth = b"" if is_reversed.all() else points.tobytes()
    back = points[::-1].tobytes() if is_reversed.any() else b""
    ends = np.append(starts[1:], total)
    begin = np.where(is_reversed, total - ends, starts)
    last = np.where(is_reversed, total - starts, ends) - 1
    at = np.where(is_reversed & (first != starts), total - 1 - first, begin + first - starts)
    size = HEAD.itemsize
    places = np.stack((begin, at, last, at + 1)) * POINT_BYTES
    made = []
    rows = zip(is_reversed.tolist(), *places.tolist(), strict=True)
    for row, (is_back, start, middle, end, through) in enumerate(rows):
        source = back if is_back else forth
        head = heads[row * size : row * size + size]
        made.append(head + source[middle:end] + source[start:through])
    return made


def _owners(places: Places, starts: Places) -> Places:
    return np.searchsorted(starts, places, side="right") - 1
