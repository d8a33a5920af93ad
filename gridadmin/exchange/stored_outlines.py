"""Outlines in the one form in which a package stores them, as WKB.

Rings begin at their lowest vertex and shells run counter-clockwise, parts stand in a fixed order.
Nearly all outlines are one ring; these are turned by numpy, the others by GEOS, to the same bytes.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.exchange.package_content import Geometries, Shape

Points = NDArray[np.float64]
Places = NDArray[np.int64]

_AT_ONCE = 2_000
"""So many outlines fit into the cache of a processor with all that is worked out of them."""
_POINT_BYTES = 16
_HEAD = np.dtype(
    [
        ("order", "u1"),
        ("kind", "<u4"),
        ("polygons", "<u4"),
        ("inner_order", "u1"),
        ("inner_kind", "<u4"),
        ("rings", "<u4"),
        ("points", "<u4"),
    ]
)
"""What stands before the vertices of a MULTIPOLYGON of one ring (packed)."""

_LEAST_SINE = 1e-9
"""A corner flatter than this doesn't tell surely how its ring runs."""


def stored_outlines(outlines: Geometries, shape: Shape) -> list[bytes]:
    """Return the WKB of each outline in its stored form; ``outlines`` is ``(n,)``, finite."""
    if shape is not Shape.MULTIPOLYGON:
        return _by_geos(outlines)
    wkbs: list[bytes] = []
    for begin in range(0, len(outlines), _AT_ONCE):
        wkbs += _stored(outlines[begin : begin + _AT_ONCE])
    return wkbs


def _stored(outlines: Geometries) -> list[bytes]:
    sizes = shapely.get_num_coordinates(outlines).astype(np.int64)
    points = np.ascontiguousarray(shapely.get_coordinates(outlines))
    starts = np.cumsum(sizes) - sizes
    first = _lowest_vertices(points, starts, sizes)
    runs_left = _turns(points, starts, sizes, first)
    is_usual = _is_one_ring(points, starts, sizes) & (first >= 0) & (runs_left != 0)
    wkbs = _rings(points, starts, sizes, np.where(is_usual, first, starts), runs_left < 0)
    others = np.flatnonzero(~is_usual)
    for place, wkb in zip(others.tolist(), _by_geos(outlines[others]), strict=True):
        wkbs[place] = wkb
    return wkbs


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
    points: Points, starts: Places, sizes: Places, first: Places, is_reversed: NDArray[np.bool_]
) -> list[bytes]:
    """Return the WKB of each outline, taken for one ring, from its vertex *first* round to it."""
    total = len(points)
    forth, back = points.tobytes(), points[::-1].tobytes()
    ends = starts + sizes
    begin = np.where(is_reversed, total - ends, starts)
    last = np.where(is_reversed, total - starts, ends) - 1
    at = np.where(is_reversed & (first != starts), total - 1 - first, begin + first - starts)
    heads = np.zeros(len(starts), dtype=_HEAD)
    heads["order"] = heads["inner_order"] = heads["polygons"] = heads["rings"] = 1
    heads["kind"], heads["inner_kind"], heads["points"] = 6, 3, sizes
    packed, size = heads.tobytes(), _HEAD.itemsize
    places = np.stack((begin, at, last, at + 1)) * _POINT_BYTES
    wkbs = []
    rows = zip(is_reversed.tolist(), *places.tolist(), strict=True)
    for row, (is_back, start, middle, end, through) in enumerate(rows):
        source = back if is_back else forth
        head = packed[row * size : row * size + size]
        wkbs.append(head + source[middle:end] + source[start:through])
    return wkbs


def _owners(places: Places, starts: Places) -> Places:
    return np.searchsorted(starts, places, side="right") - 1
