"""The switches of the mode so far, and what a switch to the other one would change.

Nothing is copied when the mode changes: each row says in which mode it holds, so the set that was
there before comes back as it was. What was changed in it meanwhile is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from gridadmin.domain.people import ModeSwitch
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.book import StaffBook, mode_on
from gridadmin.staffing.changes import StaffChanges, changes_between
from gridadmin.staffing.needs import Need, all_needs


@dataclass(frozen=True)
class ModeComparison:
    """What a switch of the mode does on a day.

    ``changes`` are from the present mode to the other. ``short`` are seats that the other mode asks
    for and nobody holds in it. ``meanwhile`` is what changed in the other mode's set since it last
    held, None when it never did.
    """

    present: StaffBook
    other: StaffBook
    since: ModeSwitch | None
    changes: StaffChanges
    short: tuple[Need, ...]
    meanwhile: StaffChanges | None


def switches_of(snapshot: Snapshot) -> list[ModeSwitch]:
    """Return the switches of the mode, the newest first."""
    rows = snapshot.rows("mode_switch").values()
    return sorted(rows, key=lambda one: (one.since, one.revision, one.uid), reverse=True)


def other_mode(snapshot: Snapshot, day: str) -> str | None:
    """Return the first mode of the scheme that doesn't hold on a day; None with fewer than two."""
    present = mode_on(snapshot, day)
    return next((mode.key for mode in snapshot.scheme.modes if mode.key != present), None)


def compare_modes(snapshot: Snapshot, day: str, mode: str) -> ModeComparison:
    """Return what it would mean to switch to *mode* on a day (ISO 8601)."""
    present, other = StaffBook(snapshot, day), StaffBook(snapshot, day, mode)
    last = _last_day_of(snapshot, mode, day)
    return ModeComparison(
        present,
        other,
        next((one for one in switches_of(snapshot) if one.since <= day), None),
        changes_between(present, other),
        tuple(need for need in all_needs(other) if need.vacant),
        None if last is None else changes_between(StaffBook(snapshot, last, mode), other),
    )


def _last_day_of(snapshot: Snapshot, mode: str, day: str) -> str | None:
    """Return the last day on which a mode held before the present one began."""
    if mode_on(snapshot, day) == mode:
        return None
    for one in switches_of(snapshot):
        if one.since > day:
            continue
        before = (date.fromisoformat(one.since) - timedelta(days=1)).isoformat()
        if mode_on(snapshot, before) == mode:
            return before
    return None
