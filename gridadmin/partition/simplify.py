"""Take vertices out of borders as long as the line stays within a stated distance.

Vertex by vertex, the one that matters least first; each is a pull on rubber like any deletion, so
nothing is crossed, swept over or turned, and all levels that a border bounds stay one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

import numpy as np
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.model import BorderRow
from gridadmin.partition.border import box_of, boxes_meet, node_keys, points_of
from gridadmin.partition.grid import Ints, twice_area
from gridadmin.partition.moves import check_straight
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import BorderChange
from gridadmin.partition.rubber import Room

Point = tuple[int, int]

_REPORT_EVERY = 64
_PER_CELL = 8
_MOST_CELLS = 64
"""A triangle over more cells than this is looked at the slow way."""


def simplified(
    partition: Partition,
    borders: Sequence[BorderRow],
    within_mm: int,
    progress: Progress = SILENT,
) -> list[BorderChange]:
    """Return the changes that take vertices out of *borders*; nodes stay.

    No vertex taken out lies farther than *within_mm* from the segment in its place.
    Raises: Cancelled.
    """
    around = _Around(partition)
    changes: list[BorderChange] = []
    for number, border in enumerate(borders):
        if number % _REPORT_EVERY == 0:
            checkpoint(progress, "simplify", number, len(borders))
        line = _Line(around, border, within_mm)
        line.thin()
        if line.is_thinner:
            xy = line.points()
            thinner = BorderRow(border.id, xy.tobytes(), border.left, border.right)
            around.thinned[border.id] = thinner
            changes.append((border, thinner))
    return changes


def greatest_shift_mm(changes: Iterable[BorderChange]) -> float:
    """Return how far the vertex that moves farthest off its border lies from the new line."""
    pairs = [(points_of(old), points_of(new)) for old, new in changes if old and new]
    if not pairs:
        return 0.0
    lines = shapely.linestrings(
        np.concatenate([new for _, new in pairs]).astype(np.float64),
        indices=np.repeat(np.arange(len(pairs)), [len(new) for _, new in pairs]),
    )
    points = shapely.points(np.concatenate([old for old, _ in pairs]).astype(np.float64))
    line_of = np.repeat(np.arange(len(pairs)), [len(old) for old, _ in pairs])
    return float(shapely.distance(lines[line_of], points).max())


class _Around:
    """All vertices by place, as they were at first, and what became of them meanwhile."""

    def __init__(self, partition: Partition) -> None:
        self.partition = partition
        self.thinned: dict[int, BorderRow] = {}
        """Borders with vertices taken out, by id."""
        self.gone: set[Point] = set()
        """Vertices taken out; along a border, so of one border each."""
        self._cells: dict[Point, list[Point]] = {}
        xy = partition.arrays().xy
        if len(xy):
            distinct = np.unique(xy, axis=0)
            extent = (distinct.max(axis=0) - distinct.min(axis=0)).astype(np.float64) + 1
            side = float(np.sqrt(extent.prod() * _PER_CELL / len(distinct)))
            self._shift = max(int(np.log2(max(side, 1.0))), 4)
            cells = distinct >> self._shift
            for cell, point in zip(cells.tolist(), distinct.tolist(), strict=True):
                self._cells.setdefault((cell[0], cell[1]), []).append((point[0], point[1]))

    def vertices_in(self, low: Point, high: Point) -> list[Point] | None:
        """Return the vertices in a box, None when it is too large to be looked through."""
        x0, y0, x1, y1 = (value >> self._shift for value in (*low, *high))
        if (x1 - x0 + 1) * (y1 - y0 + 1) > _MOST_CELLS:
            return None
        return [
            point
            for x in range(x0, x1 + 1)
            for y in range(y0, y1 + 1)
            for point in self._cells.get((x, y), ())
            if low[0] <= point[0] <= high[0]
            and low[1] <= point[1] <= high[1]
            and point not in self.gone
        ]

    def segments_near(self, border: BorderRow) -> tuple[Ints, Ints]:
        """Return the segments of other borders that come into the box of one."""
        x0, y0, x1, y1 = box = box_of(border)
        others = [
            points_of(self.thinned.get(other.id, other))
            for other in self.partition.in_box((x0, y0), (x1, y1))
            if other.id != border.id and boxes_meet(box_of(other), box)
        ]
        none = np.empty((0, 2), dtype=np.int64)
        start = np.concatenate([none, *(xy[:-1] for xy in others)])
        end = np.concatenate([none, *(xy[1:] for xy in others)])
        low, high = np.array([x0, y0]), np.array([x1, y1])
        near = ((np.minimum(start, end) <= high) & (np.maximum(start, end) >= low)).all(axis=1)
        return start[near], end[near]


class _Line:
    """One border on its way to fewer vertices, amid the segments near it."""

    def __init__(self, around: _Around, border: BorderRow, within_mm: int) -> None:
        self._around = around
        self._border = border
        self._xy = points_of(border)
        self._points: list[Point] = [(int(x), int(y)) for x, y in self._xy.tolist()]
        count = len(self._points)
        self._before = list(range(-1, count - 1))
        self._after = list(range(1, count + 1))
        self._stays = np.ones(count, dtype=bool)
        self._limit = within_mm * within_mm
        self._weights = [0, *(self._weight(place) for place in range(1, count - 1)), 0]
        self._turn = 0
        start, end = node_keys(border)
        if start == end:
            self._turn = 1 if twice_area(self._xy) > 0 else -1
        self._near: tuple[Ints, Ints] | None = None

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
        queue = [(self._weights[place], place) for place in range(1, count - 1)]
        heapify(queue)
        while queue:
            weight, place = heappop(queue)
            is_known = self._stays[place] and weight == self._weights[place]
            if not is_known or not self._stays_near(place) or not self._may_go(place):
                # Where something is in the way a neighbour that goes may bring it back.
                continue
            self._stays[place] = False
            self._around.gone.add(self._points[place])
            before, after = self._before[place], self._after[place]
            self._after[before], self._before[after] = after, before
            for neighbour in (before, after):
                if 0 < neighbour < count - 1:
                    self._weights[neighbour] = self._weight(neighbour)
                    heappush(queue, (self._weights[neighbour], neighbour))

    def _may_go(self, place: int) -> bool:
        """Return whether nothing is in the way of the straight line."""
        if not self._turn and self._is_clear(place):
            return True
        triangle = self._xy[[self._before[place], place, self._after[place]]]
        own = self.points()
        at = int(self._stays[:place].sum())
        others = np.ones(len(own) - 1, dtype=bool)
        others[at - 1 : at + 1] = False
        if self._near is None:
            self._near = self._around.segments_near(self._border)
        start = np.concatenate((self._near[0], own[:-1][others]))
        end = np.concatenate((self._near[1], own[1:][others]))
        low, high = triangle.min(axis=0), triangle.max(axis=0)
        near = ((np.minimum(start, end) <= high) & (np.maximum(start, end) >= low)).all(axis=1)
        try:
            check_straight(Room(start[near], end[near]), triangle)
        except EditError:
            return False
        return not self._turn or self._turn * twice_area(np.delete(own, at, axis=0)) > 0

    def _is_clear(self, place: int) -> bool:
        """Return whether a vertex goes for sure: no other vertex lies in its triangle.

        Borders meet at vertices alone. So whatever crosses the new line, or lies along it, or comes
        to lie on its other side has a vertex in the triangle; but for a segment from end to end.
        """
        first, last = self._before[place], self._after[place]
        p, v, q = self._points[first], self._points[place], self._points[last]
        low = min(p[0], v[0], q[0]), min(p[1], v[1], q[1])
        high = max(p[0], v[0], q[0]), max(p[1], v[1], q[1])
        ends_at_nodes = first == 0 and last == len(self._points) - 1
        inside = self._around.vertices_in(low, high)
        return (
            inside is not None
            and not ends_at_nodes
            and not any(one not in (p, v, q) and _is_in(one, p, v, q) for one in inside)
        )

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


def _is_in(point: Point, p: Point, v: Point, q: Point) -> bool:
    """Return whether a point lies in a closed triangle, which may be flat, exactly."""
    turns = [_turn(a, b, point) for a, b in ((p, v), (v, q), (q, p))]
    return all(turn >= 0 for turn in turns) or all(turn <= 0 for turn in turns)


def _turn(a: Point, b: Point, c: Point) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


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
