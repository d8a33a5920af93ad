"""Put a stretch of border on the centre line of a road, a river or a railway."""

from __future__ import annotations

from dataclasses import dataclass

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.edit.draft import Desk
from gridadmin.edit.guards import locked
from gridadmin.edit.stretch_commands import replaced
from gridadmin.edit.stretches import Where, is_frame
from gridadmin.partition.courses import Course, course_of, courses_beside
from gridadmin.partition.parallels import joined, whole_mm
from gridadmin.partition.snapshot import Snapshot

REACH_M = 50.0


@dataclass(frozen=True)
class Align:
    """Replace a stretch by the course of a line object between the feet of its two ends.

    *line* is its uid or its name.
    Both ends lie within *reach_m* of it. Where a neighbouring border meets that course near an end,
    the node moves there; else a short piece leads from the node to the foot.
    """

    where: Where
    line: str
    reach_m: float = REACH_M
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        stretch = self.where.found(snapshot)
        if is_frame(snapshot, stretch):
            raise locked("frame")
        if stretch.is_closed:
            raise EditError("edit.closed_border")
        name = self._name(snapshot)
        course = course_of(snapshot, self.line, stretch.points, self.reach_m * 1000)
        if course is None:
            raise EditError("edit.far_from_line", line=name, reach=self.reach_m)
        line = whole_mm(course.points)
        if len(line) < 2:
            raise EditError("edit.far_from_line", line=name, reach=self.reach_m)
        leads = course.before, course.behind
        line = joined(snapshot.partition, stretch.border, stretch.points, line, leads)
        nothing = EditError("edit.lies_there", line=name)
        return replaced(snapshot, desk, stretch, line, "align", nothing)

    def _name(self, snapshot: Snapshot) -> str:
        """Return how a sentence calls the line object."""
        rows = snapshot.rows("line_object")
        row = rows.get(self.line)
        if row is None and not any(other.name == self.line for other in rows.values()):
            raise EditError("edit.unknown_line", line=self.line)
        return self.line if row is None or not row.name else str(row.name)


def courses_for(snapshot: Snapshot, where: Where, reach_m: float = REACH_M) -> list[Course]:
    """Return what a stretch could be put on, the nearest first.

    Raises: EditError when *where* names no stretch.
    """
    stretch = where.found(snapshot)
    return [] if stretch.is_closed else courses_beside(snapshot, stretch.points, reach_m * 1000)
