"""Move one vertex or node of the partition, or say what is in the way.

The move is allowed when the map could be drawn on rubber and pulled there: nothing is crossed,
swept over or touched, and the borders around each point keep their order. All tests are exact.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cmp_to_key

import numpy as np

from gridadmin.base.errors import EditError
from gridadmin.domain.model import BorderRow
from gridadmin.partition.border import (
    box_of,
    boxes_meet,
    node_keys,
    places_of,
    points_of,
    swept_twice,
)
from gridadmin.partition.grid import Ints, cross, twice_area
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import BorderChange, from_least
from gridadmin.partition.runs import compare_ways

Point = tuple[int, int]


_EXACT_MM = 0.05
"""Coordinates that came from other units are never quite whole millimetres."""


def find_vertex(partition: Partition, x: float, y: float, reach_mm: float = 1.0) -> Point:
    """Return the one vertex within *reach_mm* of a place in mm.

    Raises: EditError ``edit.no_vertex`` when there is none or more than one and none exactly there.
    """
    low = int(np.floor(x - reach_mm)), int(np.floor(y - reach_mm))
    high = int(np.ceil(x + reach_mm)), int(np.ceil(y + reach_mm))
    found: set[Point] = set()
    for border in partition.in_box(low, high):
        xy = points_of(border)
        near = np.hypot(xy[:, 0] - x, xy[:, 1] - y) <= reach_mm
        found.update((int(a), int(b)) for a, b in xy[near].tolist())
    if len(found) == 1:
        return found.pop()
    for vertex in found:
        if np.hypot(vertex[0] - x, vertex[1] - y) <= _EXACT_MM:
            return vertex
    raise EditError("edit.no_vertex", x=x / 1000, y=y / 1000)


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
    touched = borders_at(partition, old)
    if not touched:
        raise EditError("edit.no_vertex", x=old[0] / 1000, y=old[1] / 1000)
    _Move(partition, touched, old, new).check()
    changes: list[BorderChange] = []
    for border in touched:
        xy = points_of(border).copy()
        xy[places_of(border, old)] = new
        start, end = node_keys(border)
        if start == end:
            if np.sign(twice_area(xy)) != np.sign(swept_twice(border)):
                raise _refusal("edit.turns_over", new)
            if len(partition.at_node(start)) == 1:
                xy = from_least(xy)
        changes.append((border, BorderRow(border.id, xy.tobytes(), border.left, border.right)))
    return changes


def _refusal(code: str, point: Iterable[int]) -> EditError:
    x, y = (int(v) for v in point)
    return EditError(code, x=x / 1000, y=y / 1000)


class _Move:
    """One attempt to move a vertex, with all that lies near."""

    def __init__(
        self, partition: Partition, touched: list[BorderRow], old: Point, new: Point
    ) -> None:
        self.old = np.array(old, dtype=np.int64)
        self.new = np.array(new, dtype=np.int64)
        self.arms = _arms(touched, old)
        reach = np.concatenate((self.arms, self.old[None], self.new[None]))
        low, high = reach.min(axis=0), reach.max(axis=0)
        start, end = _segments(partition, low, high)
        is_arm = (start == self.old).all(axis=1) | (end == self.old).all(axis=1)
        self.start, self.end = start[~is_arm], end[~is_arm]
        self.others = np.concatenate((self.start, self.end, self.arms))

    def check(self) -> None:
        """Refuse the move when anything is in the way."""
        for arm in self.arms:
            if (arm == self.new).all():
                raise _refusal("edit.crosses", arm.tolist())
            self._check_contact(arm)
            self._check_sweep(arm)
            self._check_order_at(arm)

    def _check_contact(self, arm: Ints) -> None:
        touching = _touch(self.new, arm, self.start, self.end)
        shares = (self.start == arm).all(axis=1) | (self.end == arm).all(axis=1)
        is_laid_on = _on_each(self.new, self.start, self.end)
        rows = np.nonzero(touching & (~shares | is_laid_on))[0]
        if len(rows):
            start, end = self.start[rows[0]], self.end[rows[0]]
            raise _refusal("edit.crosses", ((start + end) // 2).tolist())

    def _check_sweep(self, arm: Ints) -> None:
        # The other arms are among these, so their order around the moved vertex can't change.
        others = self.others[~(self.others == arm).all(axis=1)]
        a, b, c = arm, self.old, self.new
        turns = np.stack(
            (
                np.sign(cross(a[None], b[None], others)),
                np.sign(cross(b[None], c[None], others)),
                np.sign(cross(c[None], a[None], others)),
            ),
            axis=1,
        )
        inside = (turns >= 0).all(axis=1) | (turns <= 0).all(axis=1)
        corners = np.stack((a, b, c))
        near = (corners.min(axis=0) <= others).all(axis=1) & (others <= corners.max(axis=0)).all(
            axis=1
        )
        if (inside & near).any():
            raise _refusal("edit.sweeps_over", others[inside & near][0].tolist())

    def _check_order_at(self, arm: Ints) -> None:
        starts_here = (self.start == arm).all(axis=1)
        ends_here = (self.end == arm).all(axis=1)
        far = np.concatenate((self.end[starts_here], self.start[ends_here]))
        if len(far) and not _same_order(
            np.concatenate((far, self.old[None])) - arm, np.concatenate((far, self.new[None])) - arm
        ):
            raise _refusal("edit.turns_over", arm.tolist())


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


def _segments(partition: Partition, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Return the segments of borders whose box meets a box."""
    x0, y0, x1, y1 = box = (*low.tolist(), *high.tolist())
    near = [b for b in partition.in_box((x0, y0), (x1, y1)) if boxes_meet(box_of(b), box)]
    start = np.concatenate([points_of(border)[:-1] for border in near])
    end = np.concatenate([points_of(border)[1:] for border in near])
    is_near = ((np.minimum(start, end) <= high) & (np.maximum(start, end) >= low)).all(axis=1)
    return start[is_near], end[is_near]


def _touch(p: Ints, q: Ints, start: Ints, end: Ints) -> np.ndarray:
    """Return which closed segments meet the closed segment p-q."""
    low, high = np.minimum(p, q), np.maximum(p, q)
    is_near = (np.minimum(start, end) <= high).all(axis=1) & (np.maximum(start, end) >= low).all(
        axis=1
    )
    one = np.sign(cross(p[None], q[None], start)) * np.sign(cross(p[None], q[None], end)) <= 0
    two = np.sign(cross(start, end, p[None])) * np.sign(cross(start, end, q[None])) <= 0
    met: np.ndarray = is_near & one & two
    return met


def _on_each(point: Ints, start: Ints, end: Ints) -> np.ndarray:
    """Return which closed segments *point* lies on."""
    on: np.ndarray = (
        (cross(start, end, point[None]) == 0)
        & (np.minimum(start, end) <= point).all(axis=1)
        & (point <= np.maximum(start, end)).all(axis=1)
    )
    return on


def _same_order(before: Ints, after: Ints) -> bool:
    """Return whether directions, paired by row, stand in the same circular order."""
    if len(before) < 3:
        return True
    first, second = _circular(before), _circular(after)
    begin = second.index(first[0])
    return second[begin:] + second[:begin] == first


def _circular(ways: Ints) -> list[int]:
    pairs = [(int(x), int(y)) for x, y in ways.tolist()]
    turn = cmp_to_key(compare_ways)
    return sorted(range(len(pairs)), key=lambda place: turn(pairs[place]))
