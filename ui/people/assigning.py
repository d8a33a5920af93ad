"""What putting persons on seats and taking them off means as commands: one gesture each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gridadmin.domain.people import Assignment
from gridadmin.edit.assign_commands import Anchor, Assign, Unassign
from gridadmin.edit.assignment_commands import PeopleTogether, SetAssignment
from gridadmin.edit.command import Command
from gridadmin.staffing.seats import Seat


def assign(
    person: str,
    seats: Sequence[Seat],
    since: str,
    until: str | None,
    leaves: Sequence[Assignment] = (),
    *,
    replaces: bool = False,
) -> Command:
    """Return the command that puts a person on seats.

    *leaves* are assignments of the person that end on that day; with *replaces* those end who hold
    the seats now. *until* is the first day on which it no longer holds.
    """
    steps: list[Command] = [Unassign(one.uid, since) for one in leaves]
    if replaces:
        held = [seat.assignment for seat in seats if seat.assignment is not None]
        steps += [Unassign(one.uid, since) for one in held if one not in leaves]
    values: dict[str, Any] = {"valid_from": since, "valid_to": until}
    steps += [
        Assign(person, _anchor(seat), seat.post.key, values)
        for seat in seats
        if seat.post is not None
    ]
    kind = "transfer" if leaves else "assign"
    return steps[0] if len(steps) == 1 else PeopleTogether(tuple(steps), kind)


def end(seats: Sequence[Seat], day: str) -> Command:
    """Return the command that takes the holders off seats; *day* is the first without them."""
    steps = [Unassign(seat.assignment.uid, day) for seat in seats if seat.assignment is not None]
    return steps[0] if len(steps) == 1 else PeopleTogether(tuple(steps), "unassign")


def change(seats: Sequence[Seat], values: Mapping[str, Any]) -> Command:
    """Return the command that changes fields of the assignments on seats."""
    held = [seat.assignment for seat in seats if seat.assignment is not None]
    steps = [SetAssignment(one.uid, values) for one in held]
    return steps[0] if len(steps) == 1 else PeopleTogether(tuple(steps), "assignment")


def _anchor(seat: Seat) -> Anchor:
    kind, uid = seat.anchor or ("area", "")
    return Anchor(area=uid) if kind == "area" else Anchor(table=kind, uid=uid)
