"""A point of a border on its way elsewhere, or a new one on its way out of a border."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gridadmin.domain.model import BorderRow
from gridadmin.edit.command import Command
from gridadmin.edit.vertex_commands import AddVertex, Move
from gridadmin.partition.snapshot import Snapshot
from ui.bridge import Bridge
from ui.canvas.picking import border_near, ends_at, kernel_point, local_points
from ui.canvas.viewport import Floats, Place
from ui.texts import tr
from ui.tools.attempt import Attempt
from ui.tools.tool import Hint

_SAME_M = 0.0005
_THERE_M = 0.01


class PointPull(Attempt):
    """From ``start`` to ``place``: a new point of *border*, or the one that stands there."""

    def __init__(self, start: Place, border: int | None = None) -> None:
        super().__init__(start)
        self.start = start
        self._border = border

    def command(self, bridge: Bridge) -> Command:
        """Return the move, or the new point."""
        start, end = bridge.to_plane(self.start), bridge.to_plane(self.place)
        if self._border is None:
            return Move(start, end)
        return AddVertex(start, end, self._border)

    @property
    def is_nothing(self) -> bool:
        """Whether the point is where it was."""
        return self._border is None and self.place == self.start

    def words(self, snapshot: Snapshot) -> Hint:
        """Say how many borders move along at a node."""
        ends = ends_at(snapshot.partition, kernel_point(self.start))
        text = tr("松开即保存")
        if ends > 2 and self._border is None:
            text = tr("松开即保存；这里相交的 {n} 条边界一起移动", n=ends)
        return Hint(text, (("Alt", tr("不捕捉")), ("Esc", tr("取消"))))

    def wanted_lines(self, snapshot: Snapshot) -> Sequence[Floats]:
        """Return the lines from the neighbours to the point."""
        return [np.array([arm[-1], self.place]) for arm in self.arms(snapshot)]

    def arms(self, snapshot: Snapshot) -> list[list[Place]]:
        """Return the lines that lead to the point: the last two places of each, or the last."""
        if self._border is None:
            return [
                arm
                for border in borders_through(snapshot, self.start)
                for row in rows_at(local_points(border), self.start)
                for arm in _arms_at(local_points(border), row, row)
            ]
        hit = border_near(snapshot, self.start, _THERE_M)
        if hit is None:
            return []
        return _arms_at(local_points(hit.border), hit.segment + 1, hit.segment)

    def moving(self, snapshot: Snapshot) -> set[int]:
        """Return the ids of the borders that move along."""
        if self._border is not None:
            return {self._border}
        return {border.id for border in borders_through(snapshot, self.start)}


def _arms_at(points: Floats, before: int, behind: int) -> list[list[Place]]:
    """Return the line up to the row *before*, and the one from the end back to that *behind*."""
    lines = points[max(before - 2, 0) : before], points[behind + 1 : behind + 3][::-1]
    return [[(x, y) for x, y in line.tolist()] for line in lines if len(line)]


def rows_at(points: Floats, place: Place) -> list[int]:
    """Return which of the points of a line stand at a place."""
    found: list[int] = np.nonzero((np.abs(points - np.array(place)) < _SAME_M).all(axis=1))[
        0
    ].tolist()
    return found


def borders_through(snapshot: Snapshot, place: Place) -> list[BorderRow]:
    """Return the borders that have a point at a place, by id."""
    point = kernel_point(place)
    near = snapshot.partition.in_box(point, point)
    return sorted(
        (border for border in near if rows_at(local_points(border), place)), key=lambda b: b.id
    )
