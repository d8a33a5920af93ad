"""Which areas of upper levels a change of a border changes as well, so that it can be said."""

from __future__ import annotations

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area
from gridadmin.edit.document import Done
from gridadmin.edit.shifts import Shifts


def areas_above(done: Done) -> list[Area]:
    """Return the areas whose outline moves because that of an area below them moves.

    Those of the lowest level come first. Bends of less than a millimetre don't count.
    """
    moved = Shifts(done.before, done.after, done.change).moved()
    areas = [area for oid in moved if (area := done.after.owning_area(oid)) is not None]
    parents = {area.parent for area in areas if area.valid_to is None}
    above = [area for area in areas if area.uid in parents and oid_of(area.uid) in moved]
    rank = done.after.level_rank
    return sorted(
        above, key=lambda area: (-rank(area.level), area.code or "~", area.name, area.uid)
    )
