"""The dates that a plan in force gives to all that it changed."""

from __future__ import annotations

from dataclasses import replace

from gridadmin.domain.change import RowChange
from gridadmin.domain.model import Area
from gridadmin.edit.draft import Draft
from gridadmin.edit.past_state import Past
from gridadmin.edit.shifts import Shifts
from gridadmin.partition.snapshot import Snapshot


def put_dates(draft: Draft, past: Past, now: Snapshot, since: str, document: str | None) -> int:
    """Date what changed since *past*, and return how many areas that are.

    Areas that are new, or have another outline, name, code or parent, are valid from *since*; those
    retired are valid to it. Codes and lineage that came since are dated alike, and lineage gets
    the document number, unless it has one of its own.
    """
    dated = 0
    for uid in sorted(changed_areas(past, now)):
        area = now.area(uid)
        is_alive = area.valid_to is None
        dates = (since, None) if is_alive else (area.valid_from, since)
        draft.put("area", replace(area, valid_from=dates[0], valid_to=dates[1]))
        dated += 1
    for row in past.since.of("code_period"):
        if row.after is not None:
            draft.put("code_period", _dated(row, since))
    for row in past.since.of("lineage"):
        if row.after is not None and row.after.document is None:
            draft.put("lineage", replace(row.after, date=since, document=document))
    return dated


def _dated(row: RowChange, since: str) -> object:
    """Return a period of a code with what began or ended since dated."""
    old, new = row.before, row.after
    begins = since if old is None else new.valid_from
    ends = new.valid_to
    if ends is not None and (old is None or old.valid_to is None):
        ends = since
    return replace(new, valid_from=begins, valid_to=ends)


def changed_areas(past: Past, now: Snapshot) -> set[str]:
    """Return the areas that came, went, or have another outline, name, code, level or parent."""
    found = {
        str(row.key)
        for row in past.since.of("area")
        if row.after is not None and _facts(row.before) != _facts(row.after)
    }
    shifts = Shifts(past.snapshot, now, past.since)
    for oid in shifts.moved_exactly():
        area = now.owning_area(oid)
        if area is not None:
            found.add(area.uid)
    return found


def _facts(area: Area | None) -> tuple[object, ...] | None:
    """Return what of an area counts as the plan's, None for one that doesn't live."""
    if area is None or area.valid_to is not None:
        return None
    return area.name, area.code, area.parent, area.level
