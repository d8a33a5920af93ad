"""Take vertices out of borders as long as the line stays within a stated distance.

Vertex by vertex, the one that matters least first; each is a pull on rubber like any deletion, so
nothing is crossed, swept over or turned, and all levels that a border bounds stay one line.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

import numpy as np

from gridadmin.base.errors import EditError
from gridadmin.domain.model import BorderRow
from gridadmin.partition.border import box_of, boxes_meet, node_keys, points_of
from gridadmin.partition.grid import Ints, twice_area
from gridadmin.partition.moves import check_straight
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import BorderChange
from gridadmin.partition.rubber import Room

Point = tuple[int, int]


def simplified(
    partition: Partition, borders: Iterable[BorderRow], within_mm: int
) -> list[BorderChange]:
    """Return the changes that take vertices out of *borders*; nodes stay.

    No vertex taken out lies farther than *within_mm* from the segment in its place.
    """
    changes: list[BorderChange] = []
    for border in borders:
        line = _Line(partition, border, within_mm)
        line.thin()
        if line.is_thinner:
            change = (
                border,
                BorderRow(border.id, line.points().tobytes(), border.left, border.right),
            )
            partition = partition.applied([change], partition.parents)
            changes.append(change)
    return changes


class _Line:
    """One border on its way to fewer vertices, amid the segments near it."""

    def __init__(self, partition: Partition, border: BorderRow, within_mm: int) -> None:
        self._xy = points_of(border)
        self._points: list[Point] = [(int(x), int(y)) for x, y in self._xy.tolist()]
        count = len(self._points)
        self._before = list(range(-1, count - 1))
        self._after = list(range(1, count + 1))
        self._stays = np.ones(count, dtype=bool)
        self._limit = within_mm * within_mm
        self._turn = 0
        start, end = node_keys(border)
        if start == end:
            self._turn = 1 if twice_area(self._xy) > 0 else -1
        if count > 2:
            self._start, self._end = _segments_near(partition, border)

    @property
    def is_thinner(self) -> bool:
        """Whether a vertex is gone."""
        return not self._stays.all()

    def points(self) -> Ints:
        """Return the points that are left."""
        left: Ints = self._xy[self._stays]
        return left

    def thin(self) -> None:
        """Take out the vertices that may go."""
        count = len(self._points)
        queue = [(self._weight(place), place) for place in range(1, count - 1)]
        heapify(queue)
        while queue:
            weight, place = heappop(queue)
            is_known = self._stays[place] and weight == self._weight(place)
            if not is_known or not self._stays_near(place) or not self._may_go(place):
                # Where something is in the way a neighbour that goes may bring it back.
                continue
            self._stays[place] = False
            before, after = self._before[place], self._after[place]
            self._after[before], self._before[after] = after, before
            for neighbour in (before, after):
                if 0 < neighbour < count - 1:
                    heappush(queue, (self._weight(neighbour), neighbour))

    def _may_go(self, place: int) -> bool:
        """Return whether nothing is in the way of the straight line."""
        triangle = self._xy[[self._before[place], place, self._after[place]]]
        own = self.points()
        at = int(self._stays[:place].sum())
        others = np.ones(len(own) - 1, dtype=bool)
        others[at - 1 : at + 1] = False
        start = np.concatenate((self._start, own[:-1][others]))
        end = np.concatenate((self._end, own[1:][others]))
        low, high = triangle.min(axis=0), triangle.max(axis=0)
        near = ((np.minimum(start, end) <= high) & (np.maximum(start, end) >= low)).all(axis=1)
        try:
            check_straight(Room(start[near], end[near]), triangle)
        except EditError:
            return False
        return not self._turn or self._turn * twice_area(np.delete(own, at, axis=0)) > 0

    def _weight(self, place: int) -> int:
        """Return twice the triangle in mm² that goes with a vertex. Source: Visvalingam, 1993."""
        (px, py), (x, y), (qx, qy) = (
            self._points[at] for at in (self._before[place], place, self._after[place])
        )
        return abs((x - px) * (qy - py) - (y - py) * (qx - px))

    def _stays_near(self, place: int) -> bool:
        """Return whether all that is gone by then lies near enough to the segment in its place."""
        first, last = self._before[place], self._after[place]
        p, q = self._points[first], self._points[last]
        between = self._points[first + 1 : last]
        return all(_is_near(point, p, q, self._limit) for point in between)


def _is_near(point: Point, p: Point, q: Point, limit: int) -> bool:
    """Return whether a point lies within the root of *limit* mm of segment p-q, exactly."""
    dx, dy = q[0] - p[0], q[1] - p[1]
    x, y = point[0] - p[0], point[1] - p[1]
    length, along = dx * dx + dy * dy, x * dx + y * dy
    if along <= 0:
        return x * x + y * y <= limit
    if along >= length:
        return (point[0] - q[0]) ** 2 + (point[1] - q[1]) ** 2 <= limit
    across = dx * y - dy * x
    return across * across <= limit * length


def _segments_near(partition: Partition, border: BorderRow) -> tuple[Ints, Ints]:
    """Return the segments of other borders that come into the box of one."""
    x0, y0, x1, y1 = box = box_of(border)
    others = [
        points_of(other)
        for other in partition.in_box((x0, y0), (x1, y1))
        if other.id != border.id and boxes_meet(box_of(other), box)
    ]
    none = np.empty((0, 2), dtype=np.int64)
    start = np.concatenate([none, *(xy[:-1] for xy in others)])
    end = np.concatenate([none, *(xy[1:] for xy in others)])
    low, high = np.array([x0, y0]), np.array([x1, y1])
    near = ((np.minimum(start, end) <= high) & (np.maximum(start, end) >= low)).all(axis=1)
    return start[near], end[near]
