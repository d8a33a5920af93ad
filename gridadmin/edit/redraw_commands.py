"""Redraw a border: a line takes the place of the stretch between its two ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.edit.command import Metres, in_the_plane
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.handing import handed_over
from gridadmin.edit.split_commands import kernel_line
from gridadmin.partition.grid import Ints
from gridadmin.partition.shared_border import Stretch, stretch_between
from gridadmin.partition.snapshot import Snapshot

REACH_M = 1.0


@dataclass(frozen=True)
class Redraw:
    """Replace the stretch of a common border between the two ends of a line by that line.

    The ends lie within *reach_m* of the border; what lies between changes hands.
    """

    line: Sequence[Metres]
    reach_m: float = REACH_M
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        drawn = kernel_line(snapshot, self.line)
        partition = snapshot.partition
        start, end = ((int(x), int(y)) for x, y in (drawn[0], drawn[-1]))
        try:
            stretch = stretch_between(partition, start, end, self.reach_m * 1000)
        except EditError as refusal:
            raise in_the_plane(refusal, snapshot) from refusal
        draft = Draft(snapshot)
        draft.borders(handed_over(snapshot, desk, stretch, _from_foot_to_foot(drawn, stretch)))
        return draft.change("redraw")


def _from_foot_to_foot(drawn: Ints, stretch: Stretch) -> Ints:
    """Return the line with its ends put on the border."""
    if (stretch.start == stretch.end).all():
        raise EditError("edit.cuts_nothing")
    line = np.concatenate((stretch.start[None], drawn[1:-1], stretch.end[None]))
    fresh = np.ones(len(line), dtype=bool)
    fresh[1:] = (line[1:] != line[:-1]).any(axis=1)
    return line[fresh]
