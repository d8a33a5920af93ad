"""Commands on a whole stretch of border: move it, shift it aside, straighten it."""

from __future__ import annotations

from dataclasses import dataclass

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.change import Change
from gridadmin.edit.command import Metres, find_area, in_the_plane, label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.guards import locked
from gridadmin.edit.handing import handed_over
from gridadmin.edit.stretches import BorderStretch, Where, Whole, is_frame, vector_mm
from gridadmin.partition.base import chain_of
from gridadmin.partition.grid import Ints
from gridadmin.partition.joint_moves import move_together
from gridadmin.partition.moves import delete_vertex
from gridadmin.partition.parallels import joined, parallel
from gridadmin.partition.rewire import BorderChange
from gridadmin.partition.simplify import simplified
from gridadmin.partition.snapshot import Snapshot

_LEAST_MM = 1
_MANY = 300
"""Stretches of more vertices are replaced at once: taking out one by one would take too long."""


@dataclass(frozen=True)
class MoveStretch:
    """Move the vertices of a stretch together by ``(dx, dy)`` metres.

    With *moves_nodes* the nodes at its ends move along with all borders that meet there; else they
    stay, and the border leads from them to what moved.
    """

    where: Where
    by: Metres
    moves_nodes: bool = False
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        stretch = self.where.found(snapshot)
        partition = snapshot.partition
        vertices = {(int(x), int(y)) for x, y in stretch.points.tolist()}
        if not self.moves_nodes:
            vertices -= stretch.nodes(partition)
        if not vertices:
            raise EditError("edit.only_nodes")
        try:
            changes = move_together(partition, vertices, vector_mm(snapshot, self.by))
        except EditError as refusal:
            raise in_the_plane(refusal, snapshot) from refusal
        return _change(snapshot, changes, "move_stretch")


@dataclass(frozen=True)
class Offset:
    """Shift a stretch aside by a distance, parallel to itself; its ends follow their neighbours.

    *by_m* is to the left, seen along the stretch, and to the right when negative. *into* is an area
    on one of its sides and says instead which way: into the land of that area.
    """

    where: Where
    by_m: float
    into: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        stretch = self.where.found(snapshot)
        if is_frame(snapshot, stretch):
            raise locked("frame")
        by_mm = round(self.by_m * 1000)
        if self.into is not None:
            by_mm = abs(by_mm) * self._way(snapshot, stretch, self.into)
        if abs(by_mm) < _LEAST_MM:
            raise EditError("edit.nothing_moves")
        line = parallel(stretch.points, by_mm)
        if not stretch.is_closed:
            line = joined(snapshot.partition, stretch.border, stretch.points, line)
        nothing = EditError("edit.too_far_aside", m=abs(by_mm) / 1000)
        return replaced(snapshot, desk, stretch, line, "offset", nothing)

    def _way(self, snapshot: Snapshot, stretch: BorderStretch, name: str) -> int:
        """Return 1 when an area lies on the left of a stretch, -1 when on its right."""
        area = find_area(snapshot, name)
        parents = snapshot.partition.parents
        beside = [
            oid_of(area.uid) in chain_of(side.owner, parents)
            for side in stretch.sides(snapshot.partition)
        ]
        if beside[0] == beside[1]:
            raise EditError("edit.not_beside", area=label(area))
        return 1 if beside[0] else -1


@dataclass(frozen=True)
class Straighten:
    """Lead a stretch straight from its first to its last vertex.

    *within_m*: only take out vertices that lie within so many metres of the line without them.
    """

    where: Where
    within_m: float | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        stretch = self.where.found(snapshot)
        if is_frame(snapshot, stretch):
            raise locked("frame")
        if self.within_m is not None:
            return self._thinned(snapshot, stretch, self.within_m)
        if stretch.is_closed:
            raise EditError("edit.closed_border")
        if len(stretch.points) == 2:
            raise EditError("edit.straight_already")
        changes = _sprung_straight(snapshot, stretch)
        if changes is not None:
            return _change(snapshot, changes, "straighten")
        nothing = EditError("edit.straight_already")
        return replaced(snapshot, desk, stretch, stretch.points[[0, -1]], "straighten", nothing)

    def _thinned(self, snapshot: Snapshot, stretch: BorderStretch, within_m: float) -> Change:
        within_mm = int(within_m * 1000 + 1e-6)
        if within_mm < _LEAST_MM or not isinstance(self.where, Whole):
            raise EditError("edit.bad_value", field="within", value=within_m)
        changes = simplified(snapshot.partition, [stretch.border], within_mm)
        if not changes:
            raise EditError("edit.straight_already")
        return _change(snapshot, changes, "straighten")


def _sprung_straight(snapshot: Snapshot, stretch: BorderStretch) -> list[BorderChange] | None:
    """Return the change that takes all vertices of a stretch out, None when one is in the way.

    This keeps the border's identity, and none of its vertices stays because the new line runs over
    it by chance.
    """
    partition, border = snapshot.partition, stretch.border
    if len(stretch.points) > _MANY:
        return None
    for x, y in stretch.points[1:-1].tolist():
        try:
            changes = delete_vertex(partition, (x, y))
        except EditError:
            return None
        partition = partition.applied(changes, partition.parents)
    return [(border, partition.border(border.id))]


def replaced(
    snapshot: Snapshot,
    desk: Desk,
    stretch: BorderStretch,
    line: Ints,
    kind: str,
    nothing: EditError,
) -> Change:
    """Return the change that puts *line* ``(n, 2)`` in mm in the place of a stretch.

    Raises: EditError, *nothing* when the line runs along borders that are there.
    """
    between = stretch.between(snapshot.partition)
    try:
        return _change(snapshot, handed_over(snapshot, desk, between, line), kind)
    except EditError as refusal:
        if refusal.code != "edit.cuts_nothing":
            raise
        raise nothing from refusal


def _change(snapshot: Snapshot, changes: list[BorderChange], kind: str) -> Change:
    draft = Draft(snapshot)
    draft.borders(changes)
    return draft.change(kind)
