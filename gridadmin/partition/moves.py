"""Move, add or delete one vertex of the partition, or say what is in the way.

Each is a pull on rubber (:mod:`gridadmin.partition.rubber`): a move pulls all stretches that meet
at the vertex, a new vertex bends one stretch, a deleted one lets two spring back into one.
"""

from __future__ import annotations

import numpy as np

from gridadmin.base.errors import EditError
from gridadmin.domain.model import BorderRow
from gridadmin.partition.border import node_keys, places_of, points_of
from gridadmin.partition.grid import Ints, pack_point
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import BorderChange
from gridadmin.partition.rubber import Room, ends_at, joins, pulled, refusal

Point = tuple[int, int]


_EXACT_MM = 0.05
"""Coordinates that came from other units are never quite whole millimetres."""


def find_vertex(partition: Partition, x: float, y: float, reach_mm: float = 1.0) -> Point:
    """Return the one vertex within *reach_mm* of a place in mm.

    Raises: EditError ``edit.no_vertex`` when there is none or more than one and none exactly there.
    """
    found: set[Point] = set()
    for border in _near(partition, x, y, reach_mm):
        xy = points_of(border)
        near = np.hypot(xy[:, 0] - x, xy[:, 1] - y) <= reach_mm
        found.update((int(a), int(b)) for a, b in xy[near].tolist())
    if len(found) == 1:
        return found.pop()
    for vertex in found:
        if np.hypot(vertex[0] - x, vertex[1] - y) <= _EXACT_MM:
            return vertex
    raise EditError("edit.no_vertex", x=x / 1000, y=y / 1000)


def find_stretch(
    partition: Partition, x: float, y: float, reach_mm: float = 1.0, *, border: int | None = None
) -> tuple[BorderRow, int]:
    """Return the border nearest to a place in mm, and which of its segments that is.

    *border*: look at this border alone.
    Raises: EditError ``edit.no_stretch`` when there is none within *reach_mm*, or several are as
    near because a vertex stands there.
    """
    found: list[tuple[float, int, BorderRow]] = []
    for known in _near(partition, x, y, reach_mm):
        if border is None or known.id == border:
            far = _distances(points_of(known), x, y)
            found += [(far[k], k, known) for k in np.nonzero(far <= reach_mm)[0].tolist()]
    found.sort(key=lambda one: one[0])
    if not found or (len(found) > 1 and found[1][0] == found[0][0]):
        raise EditError("edit.no_stretch", x=x / 1000, y=y / 1000)
    return found[0][2], found[0][1]


def _near(partition: Partition, x: float, y: float, reach_mm: float) -> list[BorderRow]:
    low = int(np.floor(x - reach_mm)), int(np.floor(y - reach_mm))
    high = int(np.ceil(x + reach_mm)), int(np.ceil(y + reach_mm))
    return partition.in_box(low, high)


def _distances(xy: Ints, x: float, y: float) -> np.ndarray:
    """Return how far each segment of a polyline is from a place."""
    start, step = xy[:-1] - (x, y), np.diff(xy, axis=0)
    share = -(start * step).sum(axis=1) / (step * step).sum(axis=1)
    nearest = start + step * np.clip(share, 0.0, 1.0)[:, None]
    # At either end the vertex itself, so that two segments that meet there are equally near.
    nearest = np.where((share >= 1.0)[:, None], xy[1:] - (x, y), nearest)
    far: np.ndarray = np.hypot(nearest[:, 0], nearest[:, 1])
    return far


def borders_at(partition: Partition, point: Point) -> list[BorderRow]:
    """Return the borders that have *point* as a vertex."""
    return [border for border in partition.in_box(point, point) if places_of(border, point)]


def move_vertex(partition: Partition, old: Point, new: Point) -> list[BorderChange]:
    """Return the border changes that move vertex *old* to *new*.

    Raises: EditError ``edit.nothing_moves``, ``edit.no_vertex``, ``edit.crosses``,
    ``edit.sweeps_over``, ``edit.turns_over``.
    """
    if old == new:
        raise EditError("edit.nothing_moves")
    touched = _touched(partition, old)
    _check_move(partition, _arms(touched, old), _point(old), _point(new))
    changes: list[BorderChange] = []
    for border in touched:
        xy = points_of(border).copy()
        xy[places_of(border, old)] = new
        changes.append(pulled(partition, border, xy, new))
    return changes


def add_vertex(
    partition: Partition, border: BorderRow, segment: int, new: Point
) -> list[BorderChange]:
    """Return the border change that leads one segment of a border over a *new* vertex.

    Raises: EditError ``edit.nothing_moves`` at either end of the segment, ``edit.crosses``,
    ``edit.sweeps_over``, ``edit.turns_over``.
    """
    xy, middle = points_of(border), _point(new)
    p, q = xy[segment], xy[segment + 1]
    if (middle == p).all() or (middle == q).all():
        raise EditError("edit.nothing_moves")
    triangle = np.stack((p, q, middle))
    room = Room.near(partition, triangle, lambda start, end: joins(p, q, start, end))
    room.check_contact(p, middle, [p])
    room.check_contact(q, middle, [q])
    room.check_sweep(triangle, triangle[:2])
    room.check_order(p, q, middle)
    room.check_order(q, p, middle)
    return [pulled(partition, border, np.insert(xy, segment + 1, middle, axis=0), new)]


def delete_vertex(partition: Partition, point: Point) -> list[BorderChange]:
    """Return the border change that makes one segment of the two that meet at a vertex.

    Raises: EditError ``edit.no_vertex``, ``edit.is_node`` where several borders meet,
    ``edit.too_few`` when a piece of land would be left with two corners, ``edit.crosses``,
    ``edit.sweeps_over``, ``edit.turns_over``.
    """
    (border, *more) = _touched(partition, point)
    xy = points_of(border)
    if more or (pack_point(*point) in node_keys(border) and not _is_island(partition, border)):
        raise refusal("edit.is_node", point)
    if places_of(border, point)[0] == 0:
        # A border that meets no other may begin anywhere.
        xy = np.concatenate((xy[1:], xy[1:2]))
    place = int(np.nonzero((xy == point).all(axis=1))[0][0])
    triangle = xy[place - 1 : place + 2]
    check_straight(
        Room.near(partition, triangle, lambda start, end: ends_at(triangle[1], start, end)),
        triangle,
    )
    return [pulled(partition, border, np.delete(xy, place, axis=0), point)]


def check_straight(room: Room, triangle: Ints) -> None:
    """Refuse that a border runs straight from the first to the last of three points ``(3, 2)``.

    Raises: as :func:`delete_vertex`.
    """
    p, v, q = triangle
    if room.has_segment(p, q):
        raise refusal("edit.too_few", v.tolist())
    room.check_contact(p, q, [p, q])
    room.check_sweep(triangle, triangle)
    room.check_order(p, v, q)
    room.check_order(q, v, p)


def _is_island(partition: Partition, border: BorderRow) -> bool:
    """Return whether a border is closed and meets no other."""
    start, end = node_keys(border)
    return start == end and len(partition.at_node(start)) == 1


def _touched(partition: Partition, point: Point) -> list[BorderRow]:
    touched = borders_at(partition, point)
    if not touched:
        raise refusal("edit.no_vertex", point)
    return touched


def _check_move(partition: Partition, arms: Ints, old: Ints, new: Ints) -> None:
    """Refuse the move of a vertex with the far ends of its *arms* when anything is in the way."""
    reach = np.concatenate((arms, old[None], new[None]))
    room = Room.near(partition, reach, lambda start, end: ends_at(old, start, end))
    for arm in arms:
        if (arm == new).all():
            raise refusal("edit.crosses", arm.tolist())
        room.check_contact(arm, new, [arm])
        # The other arms count, so their order around the moved vertex can't change.
        room.check_sweep(np.stack((arm, old, new)), arm[None], arms)
        room.check_order(arm, old, new)


def _arms(touched: list[BorderRow], point: Point) -> Ints:
    arms = []
    for border in touched:
        xy = points_of(border)
        for place in places_of(border, point):
            if place > 0:
                arms.append(xy[place - 1])
            if place < len(xy) - 1:
                arms.append(xy[place + 1])
    return np.array(arms, dtype=np.int64)


def _point(point: Point) -> Ints:
    return np.array(point, dtype=np.int64)
