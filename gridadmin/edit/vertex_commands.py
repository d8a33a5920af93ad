"""Commands on single vertices: move one, lead a border over a new one, take one away."""

from __future__ import annotations

from dataclasses import dataclass

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.edit.command import Metres, in_the_plane, kernel_place, kernel_point
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.moves import (
    add_vertex,
    delete_vertex,
    find_stretch,
    find_vertex,
    move_vertex,
)
from gridadmin.partition.rewire import BorderChange
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class Move:
    """Move the one vertex near a place to another place."""

    start: Metres
    end: Metres
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        place = kernel_place(snapshot, self.start)
        end = kernel_point(snapshot, self.end)
        try:
            old = find_vertex(snapshot.partition, *place)
            changes = move_vertex(snapshot.partition, old, end)
        except EditError as refusal:
            raise in_the_plane(refusal, snapshot) from refusal
        return _change(snapshot, changes, "move")


@dataclass(frozen=True)
class AddVertex:
    """Lead the border near the place *at* over a new vertex at *to*, as if pulled from there.

    *border*: the id of the border that is meant, where several run close to each other.
    """

    at: Metres
    to: Metres
    border: int | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        place = kernel_place(snapshot, self.at)
        new = kernel_point(snapshot, self.to)
        partition = snapshot.partition
        try:
            border, segment = find_stretch(partition, *place, border=self.border)
            changes = add_vertex(partition, border, segment, new)
        except EditError as refusal:
            raise in_the_plane(refusal, snapshot) from refusal
        return _change(snapshot, changes, "add_vertex")


@dataclass(frozen=True)
class DeleteVertex:
    """Take away the one vertex near a place; the border runs straight on there."""

    at: Metres
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        place = kernel_place(snapshot, self.at)
        try:
            vertex = find_vertex(snapshot.partition, *place)
            changes = delete_vertex(snapshot.partition, vertex)
        except EditError as refusal:
            raise in_the_plane(refusal, snapshot) from refusal
        return _change(snapshot, changes, "delete_vertex")


def _change(snapshot: Snapshot, changes: list[BorderChange], kind: str) -> Change:
    draft = Draft(snapshot)
    draft.borders(changes)
    return draft.change(kind)
