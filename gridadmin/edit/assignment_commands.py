"""Change what an assignment says, and do several things with people as one gesture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.people import Assignment
from gridadmin.edit.assign_commands import ASSIGNMENT
from gridadmin.edit.chain import Chain
from gridadmin.edit.command import Command
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.people_records import find_record
from gridadmin.partition.snapshot import Snapshot

GESTURES = (
    *("people", "assign", "unassign", "transfer", "assignment", "handover", "seats"),
    *("proposal", "pair", "registration_count", "headcount"),
)
"""What a gesture of several steps may be called; ``people`` where nothing fits better."""


@dataclass(frozen=True)
class SetAssignment:
    """Change some fields of one assignment; None empties a field."""

    uid: str
    values: Mapping[str, Any]
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.unknown_field``, ``edit.ends_first``."""
        one: Assignment = find_record(snapshot, "assignment", self.uid)
        values: dict[str, Any] = {}
        for name, value in self.values.items():
            if name not in ASSIGNMENT:
                raise EditError("edit.unknown_field", field=name, fields=", ".join(ASSIGNMENT))
            empty = False if name == "is_locked" else None
            values[name] = empty if value is None else ASSIGNMENT[name](snapshot, name, value)
        changed = replace(one, **values)
        begins, ends = changed.valid_from, changed.valid_to
        if begins is not None and ends is not None and ends <= begins:
            raise EditError("edit.ends_first", begins=begins, ends=ends)
        draft = Draft(snapshot)
        draft.put("assignment", changed)
        person = snapshot.rows("person").get(one.person)
        return draft.change("assignment", note="" if person is None else person.name)


@dataclass(frozen=True)
class PeopleTogether:
    """Do several things with people as one gesture; each sees what those before it did.

    *kind* is what the gesture is called: one of :data:`GESTURES`.
    """

    steps: Sequence[Command]
    kind: str = "people"
    note: str = ""
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError of any step: then nothing is done."""
        if self.kind not in GESTURES:
            raise EditError("edit.bad_value", field="kind", value=self.kind)
        if not self.steps:
            raise EditError("edit.missing_value", field="lines")
        chain = Chain(snapshot)
        notes: dict[str, None] = {}
        for step in self.steps:
            change = step.propose(chain.snapshot, desk)
            chain.take(change)
            notes[change.note] = None
        note = self.note or ("、".join(notes) if len(notes) <= _MOST_NOTES else "")
        return replace(chain.change(self.kind), note=note)


_MOST_NOTES = 3
