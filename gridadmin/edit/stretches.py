"""How a command names a stretch of border: all of a border, or what lies between two vertices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gridadmin.base.errors import EditError
from gridadmin.base.ids import OUTSIDE
from gridadmin.domain.model import BorderRow
from gridadmin.edit.command import Metres, in_the_plane, kernel_place, kernel_point
from gridadmin.partition.border import node_keys, places_of, points_of
from gridadmin.partition.grid import Ints, pack_point
from gridadmin.partition.moves import borders_at, find_stretch, find_vertex
from gridadmin.partition.planar import Partition
from gridadmin.partition.shared_border import Side, Stretch, deepest_sides
from gridadmin.partition.snapshot import Snapshot

Point = tuple[int, int]


@dataclass(frozen=True)
class BorderStretch:
    """Points ``(n, 2)`` in mm of one border, in the order in which the stretch was named.

    ``is_along``: that is the order of the border itself. ``is_whole``: it is the whole border.
    """

    border: BorderRow
    points: Ints
    is_along: bool
    is_whole: bool

    @property
    def is_closed(self) -> bool:
        """Whether it ends where it begins."""
        return bool((self.points[0] == self.points[-1]).all())

    def nodes(self, partition: Partition) -> set[Point]:
        """Return its ends at which other borders meet it."""
        ends = [(int(x), int(y)) for x, y in self.points[[0, -1]].tolist()]
        return {end for end in ends if is_node(partition, self.border, end)}

    def sides(self, partition: Partition) -> tuple[Side, Side]:
        """Return the land on its left and on its right."""
        left, right = deepest_sides(partition, self.border)
        return (left, right) if self.is_along else (right, left)

    def between(self, partition: Partition) -> Stretch:
        """Return it as a stretch of the border that its two sides share."""
        left, right = self.sides(partition)
        return Stretch(self.points[0], self.points[-1], left, right)


def is_node(partition: Partition, border: BorderRow, point: Point) -> bool:
    """Return whether *border* ends at a point where it meets other borders or its own end."""
    key = pack_point(*point)
    start, end = node_keys(border)
    if key not in (start, end):
        return False
    # The place where a border that meets no other is cut open is like any of its vertices.
    return start != end or len(partition.at_node(key)) > 1


@dataclass(frozen=True)
class Whole:
    """All of the border within 1 mm of a place.

    *border*: its id, where several run close to each other.
    """

    at: Metres
    border: int | None = None

    def found(self, snapshot: Snapshot) -> BorderStretch:
        """Return the stretch. Raises: EditError ``edit.no_stretch``, ``edit.bad_place``."""
        place = kernel_place(snapshot, self.at)
        try:
            border, _ = find_stretch(snapshot.partition, *place, border=self.border)
        except EditError as refusal:
            raise in_the_plane(refusal, snapshot) from refusal
        return BorderStretch(border, points_of(border), is_along=True, is_whole=True)


@dataclass(frozen=True)
class Between:
    """What lies between two vertices of one border, seen from *start* to *end*.

    *border*: its id, where two borders run from one to the other. Of a closed border the shorter
    stretch is meant.
    """

    start: Metres
    end: Metres
    border: int | None = None

    def found(self, snapshot: Snapshot) -> BorderStretch:
        """Return the stretch.

        Raises: EditError ``edit.no_vertex``, ``edit.no_common_border``, ``edit.two_stretches``,
        ``edit.bad_place``.
        """
        partition = snapshot.partition
        try:
            start, end = (
                find_vertex(partition, *kernel_place(snapshot, p)) for p in (self.start, self.end)
            )
        except EditError as refusal:
            raise in_the_plane(refusal, snapshot) from refusal
        ids = {border.id for border in borders_at(partition, end)}
        found = [
            border
            for border in borders_at(partition, start)
            if border.id in ids and self.border in (None, border.id)
        ]
        if not found or start == end:
            raise EditError("edit.no_common_border", reach=0.001)
        if len(found) > 1:
            raise EditError("edit.two_stretches")
        return _stretch(found[0], start, end)


Where = Whole | Between


def _stretch(border: BorderRow, start: Point, end: Point) -> BorderStretch:
    xy = points_of(border)
    ways = [_way(xy, one, other) for one in _ends(border, start) for other in _ends(border, end)]
    first, second = node_keys(border)
    if first == second:
        ways += _ways_round(xy, places_of(border, start)[0], places_of(border, end)[0])
    points, is_along = min(ways, key=lambda way: _length(way[0]))
    return BorderStretch(border, points, is_along, is_whole=len(points) == len(xy))


def _ends(border: BorderRow, point: Point) -> Sequence[int]:
    return places_of(border, point)


def _way(xy: Ints, one: int, other: int) -> tuple[Ints, bool]:
    if one <= other:
        return xy[one : other + 1], True
    return xy[other : one + 1][::-1], False


def _ways_round(xy: Ints, one: int, other: int) -> list[tuple[Ints, bool]]:
    """Return the way between two points of a closed line that leads over where it is closed."""
    if one <= other:
        return [(np.concatenate((xy[other:], xy[1 : one + 1]))[::-1], False)]
    return [(np.concatenate((xy[one:], xy[1 : other + 1])), True)]


def _length(xy: Ints) -> float:
    steps = np.diff(xy, axis=0).astype(np.float64)
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())


def is_frame(snapshot: Snapshot, stretch: BorderStretch) -> bool:
    """Return whether a stretch is part of the frame."""
    return snapshot.has_frame and OUTSIDE in (stretch.border.left, stretch.border.right)


def vector_mm(snapshot: Snapshot, by: Metres) -> Point:
    """Return a vector in metres in whole mm. Raises: EditError ``edit.bad_place``."""
    origin_x, origin_y = snapshot.origin_mm
    return kernel_point(snapshot, (by[0] + origin_x / 1000, by[1] + origin_y / 1000))
