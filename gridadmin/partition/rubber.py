"""What lies near stretches of border that are pulled elsewhere, and whether it is in the way.

A pull is allowed when the map could be drawn on rubber and pulled there: nothing is crossed, swept
over or touched, and the borders around each point keep their order. All tests are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cmp_to_key

import numpy as np

from gridadmin.base.errors import EditError
from gridadmin.domain.model import BorderRow
from gridadmin.partition.border import box_of, boxes_meet, node_keys, points_of, swept_twice
from gridadmin.partition.grid import Bools, Ints, cross, twice_area
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import BorderChange, from_least
from gridadmin.partition.runs import compare_ways


class Room:
    """The segments near a pull, without those that it replaces."""

    def __init__(self, start: Ints, end: Ints) -> None:
        self._start, self._end = start, end

    @classmethod
    def near(
        cls, partition: Partition, reach: Ints, is_replaced: Callable[[Ints, Ints], Bools]
    ) -> Room:
        """Return the room that the borders of a partition leave.

        *reach* are all points that take part; ``is_replaced(start, end)`` says which segments go.
        """
        start, end = segments_in(partition, reach.min(axis=0), reach.max(axis=0))
        stays = ~is_replaced(start, end)
        return cls(start[stays], end[stays])

    def has_segment(self, one: Ints, other: Ints) -> bool:
        """Return whether a segment runs between two points."""
        return bool(joins(one, other, self._start, self._end).any())

    def check_contact(self, one: Ints, other: Ints, joints: Sequence[Ints]) -> None:
        """Refuse a new segment that meets others elsewhere than at its *joints*.

        Raises: EditError ``edit.crosses``.
        """
        start, end = self._start, self._end
        allowed = np.zeros(len(start), dtype=bool)
        for joint in joints:
            allowed |= ends_at(joint, start, end)
        for free in (one, other):
            if not any((free == joint).all() for joint in joints):
                allowed &= ~_on_each(free, start, end)
        rows = np.nonzero(_touch(one, other, start, end) & ~allowed)[0]
        if len(rows):
            raise refusal("edit.crosses", ((start[rows[0]] + end[rows[0]]) // 2).tolist())

    def check_sweep(self, triangle: Ints, spared: Ints, extra: Ints | None = None) -> None:
        """Refuse a pull over a vertex in the closed *triangle* ``(3, 2)``, but the *spared* ones.

        *extra* are further vertices to look at.
        Raises: EditError ``edit.sweeps_over``.
        """
        others = np.concatenate((self._start, self._end, *(() if extra is None else (extra,))))
        for point in spared:
            others = others[~(others == point).all(axis=1)]
        met = others[_in_triangle(triangle, others)]
        if len(met):
            raise refusal("edit.sweeps_over", met[0].tolist())

    def check_order(self, at: Ints, before: Ints, after: Ints) -> None:
        """Refuse when the border from *at* to *before* comes to lie elsewhere among the others.

        Raises: EditError ``edit.turns_over``.
        """
        starts_here = (self._start == at).all(axis=1)
        ends_here = (self._end == at).all(axis=1)
        far = np.concatenate((self._end[starts_here], self._start[ends_here]))
        if len(far) and not _same_order(
            np.concatenate((far, before[None])) - at, np.concatenate((far, after[None])) - at
        ):
            raise refusal("edit.turns_over", at.tolist())


def pulled(partition: Partition, border: BorderRow, xy: Ints, place: Iterable[int]) -> BorderChange:
    """Return the change that gives a border other points; *place* is where it was pulled to.

    Raises: EditError ``edit.turns_over`` when a closed border comes to run the other way round.
    """
    start, end = node_keys(border)
    if start == end:
        if np.sign(twice_area(xy)) != np.sign(swept_twice(border)):
            raise refusal("edit.turns_over", place)
        if len(partition.at_node(start)) == 1:
            xy = from_least(xy)
    return border, BorderRow(border.id, xy.tobytes(), border.left, border.right)


def refusal(code: str, point: Iterable[int]) -> EditError:
    """Return a refusal that says where, in metres from the origin."""
    x, y = (int(v) for v in point)
    return EditError(code, x=x / 1000, y=y / 1000)


def ends_at(point: Ints, start: Ints, end: Ints) -> Bools:
    """Return which segments start or end at *point*."""
    found: Bools = (start == point).all(axis=1) | (end == point).all(axis=1)
    return found


def joins(one: Ints, other: Ints, start: Ints, end: Ints) -> Bools:
    """Return which segments run between two points, in either direction."""
    return ends_at(one, start, end) & ends_at(other, start, end)


def segments_in(partition: Partition, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Return the segments of borders whose box meets a box."""
    x0, y0, x1, y1 = box = (*low.tolist(), *high.tolist())
    near = [b for b in partition.in_box((x0, y0), (x1, y1)) if boxes_meet(box_of(b), box)]
    start = np.concatenate([points_of(border)[:-1] for border in near])
    end = np.concatenate([points_of(border)[1:] for border in near])
    is_near = ((np.minimum(start, end) <= high) & (np.maximum(start, end) >= low)).all(axis=1)
    return start[is_near], end[is_near]


def _touch(p: Ints, q: Ints, start: Ints, end: Ints) -> Bools:
    """Return which closed segments meet the closed segment p-q."""
    low, high = np.minimum(p, q), np.maximum(p, q)
    is_near = (np.minimum(start, end) <= high).all(axis=1) & (np.maximum(start, end) >= low).all(
        axis=1
    )
    one = np.sign(cross(p[None], q[None], start)) * np.sign(cross(p[None], q[None], end)) <= 0
    two = np.sign(cross(start, end, p[None])) * np.sign(cross(start, end, q[None])) <= 0
    met: Bools = is_near & one & two
    return met


def _on_each(point: Ints, start: Ints, end: Ints) -> Bools:
    """Return which closed segments *point* lies on."""
    on: Bools = (
        (cross(start, end, point[None]) == 0)
        & (np.minimum(start, end) <= point).all(axis=1)
        & (point <= np.maximum(start, end)).all(axis=1)
    )
    return on


def _in_triangle(corners: Ints, points: Ints) -> Bools:
    """Return which points lie in a closed triangle, which may be flat."""
    a, b, c = corners
    turns = np.stack(
        (
            np.sign(cross(a[None], b[None], points)),
            np.sign(cross(b[None], c[None], points)),
            np.sign(cross(c[None], a[None], points)),
        ),
        axis=1,
    )
    low, high = corners.min(axis=0), corners.max(axis=0)
    # A flat triangle has its whole line on one side, so the box counts too.
    inside: Bools = (
        ((turns >= 0).all(axis=1) | (turns <= 0).all(axis=1))
        & (low <= points).all(axis=1)
        & (points <= high).all(axis=1)
    )
    return inside


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
