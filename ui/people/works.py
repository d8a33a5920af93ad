"""What can be done with people, handed to the pages that have buttons for it."""

from __future__ import annotations

from dataclasses import dataclass

from ui.people.assign_work import AssignWork
from ui.people.body_work import BodyWork
from ui.people.record_work import RecordWork


@dataclass(frozen=True)
class Works:
    """Seats and who sits on them; persons, units and pairings themselves; bodies of them."""

    assigning: AssignWork
    records: RecordWork
    bodies: BodyWork
