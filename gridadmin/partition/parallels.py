"""Lines to put in the place of a stretch of border: its parallel, and how its ends meet the rest.

A new line that runs beside the old one doesn't reach the nodes at which the old one ended. It is
led on until it meets the neighbouring border there; where none is in its way, a short piece joins
it to the old node.
"""

from __future__ import annotations

import numpy as np
import shapely

from gridadmin.base.errors import EditError
from gridadmin.domain.model import BorderRow
from gridadmin.partition.border import node_keys, points_of
from gridadmin.partition.grid import Ints, pack_point
from gridadmin.partition.planar import Partition

_MITRE = 3.0
_FARTHEST = 4.0
"""How far a line is led on to meet a neighbouring border, in widths of the shift."""


def parallel(points: Ints, by_mm: int) -> Ints:
    """Return the parallel of a line ``(n, 2)``, *by_mm* to its left (right when negative).

    Corners stay corners. A closed line gives a closed line.
    Raises: EditError ``edit.too_far_aside`` when the bends of the line leave no room for it.
    """
    is_closed = bool((points[0] == points[-1]).all())
    made = _parallel_ring(points, by_mm) if is_closed else _parallel_line(points, by_mm)
    line = whole_mm(made)
    if len(line) < (4 if is_closed else 2):
        raise EditError("edit.too_far_aside", m=abs(by_mm) / 1000)
    return line


def _parallel_line(points: Ints, by_mm: int) -> np.ndarray:
    line = shapely.linestrings(points.astype(np.float64))
    made = shapely.offset_curve(line, by_mm, join_style="mitre", mitre_limit=_MITRE)
    if made.geom_type != "LineString" or made.is_empty:
        raise EditError("edit.too_far_aside", m=abs(by_mm) / 1000)
    xy: np.ndarray = shapely.get_coordinates(made)
    # Which way round it comes back is the library's own affair.
    start = points[0] + _left_of(points[0], points[1]) * by_mm
    if np.hypot(*(xy[0] - start)) > np.hypot(*(xy[-1] - start)):
        xy = xy[::-1]
    return xy


def _parallel_ring(points: Ints, by_mm: int) -> np.ndarray:
    ring = shapely.polygons(points.astype(np.float64))
    is_left_inside = shapely.is_ccw(shapely.get_exterior_ring(ring))
    outward = -by_mm if is_left_inside else by_mm
    made = shapely.buffer(ring, outward, join_style="mitre", mitre_limit=_MITRE)
    if made.geom_type != "Polygon" or made.is_empty or len(made.interiors):
        raise EditError("edit.too_far_aside", m=abs(by_mm) / 1000)
    xy: np.ndarray = shapely.get_coordinates(made.exterior)
    return xy if shapely.is_ccw(made.exterior) == is_left_inside else xy[::-1]


def _left_of(start: Ints, end: Ints) -> np.ndarray:
    step = (end - start).astype(np.float64)
    left: np.ndarray = np.array([-step[1], step[0]]) / np.hypot(*step)
    return left


def whole_mm(xy: np.ndarray) -> Ints:
    """Return a line in whole mm, repeats left out."""
    line = np.floor(np.asarray(xy, dtype=np.float64) + 0.5).astype(np.int64)
    fresh = np.ones(len(line), dtype=bool)
    fresh[1:] = (line[1:] != line[:-1]).any(axis=1)
    kept: Ints = line[fresh]
    return kept


def joined(
    partition: Partition,
    border: BorderRow,
    old: Ints,
    new: Ints,
    leads: tuple[np.ndarray, np.ndarray] | None = None,
) -> Ints:
    """Return the *new* line with its ends led to the border that it replaces, or to its neighbours.

    *old* is the stretch replaced, both ``(n, 2)`` in mm and in one direction. *leads*: how the new
    line would go on before its first and behind its last point, each beginning there; straight on
    unless given.
    """
    before, behind = (None, None) if leads is None else leads
    line = _end_joined(partition, border, old, new, behind)
    return _end_joined(partition, border, old[::-1], line[::-1], before)[::-1]


def _end_joined(
    partition: Partition, border: BorderRow, old: Ints, new: Ints, lead: np.ndarray | None
) -> Ints:
    """Return the new line with its last end joined."""
    node = old[-1]
    if (new[-1] == node).all():
        return new
    arms = _arms(partition, border, node)
    if arms:
        shift = float(np.hypot(*(new[-1] - node).astype(np.float64)))
        met = _met(new, _straight_on(new, shift) if lead is None else lead, arms, shift)
        if met is not None:
            return met
    return np.concatenate((new, node[None]))


def _arms(partition: Partition, border: BorderRow, node: Ints) -> list[Ints]:
    """Return the other borders at an end of *border*, each from there on."""
    key = pack_point(int(node[0]), int(node[1]))
    found = []
    for other in partition.at_node(key):
        if other.id != border.id:
            first, last = node_keys(other)
            xy = points_of(other)
            found += [xy] if first == key else []
            found += [xy[::-1]] if last == key else []
    return found if key in node_keys(border) else []


def _straight_on(new: Ints, shift: float) -> np.ndarray:
    way = (new[-1] - new[-2]).astype(np.float64)
    return np.stack((new[-1], new[-1] + way / np.hypot(*way) * shift * _FARTHEST))


def _met(new: Ints, lead: np.ndarray, arms: list[Ints], shift: float) -> Ints | None:
    """Return the line up to where it, led on, meets one of the arms; None when it meets none."""
    led = np.concatenate((new.astype(np.float64), np.asarray(lead, dtype=np.float64)[1:]))
    line = shapely.linestrings(led)
    own = shapely.length(shapely.linestrings(new.astype(np.float64)))
    near = shapely.buffer(shapely.points(new[-1].astype(np.float64)), shift * (_FARTHEST + 1))
    lines = shapely.multilinestrings([shapely.linestrings(arm.astype(np.float64)) for arm in arms])
    reach = shapely.intersection(lines, near)
    places = shapely.get_coordinates(shapely.intersection(line, reach))
    if not len(places):
        return None
    along = shapely.line_locate_point(line, shapely.points(places))
    # The nearest to where the line ends by itself.
    at = int(np.abs(along - own).argmin())
    if along[at] <= 0:
        return None
    up_to = shapely.get_coordinates(shapely.ops.substring(line, 0, float(along[at])))
    up_to[-1] = places[at]
    return whole_mm(up_to)
