"""What a plan changes, as far as it lies in what a sheet of before and after is about."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import shapely

from gridadmin.chart.facts import Table
from gridadmin.domain.model import Area
from gridadmin.domain.scheme import LEVELS
from gridadmin.partition.snapshot import Snapshot

Told = tuple[tuple[str, str], ...]
"""What, and how much."""


@dataclass(frozen=True)
class PlanFacts:
    """A plan beside its base: the state before, what changed, in words and as land."""

    name: str
    before: Snapshot
    changes: Table
    changed_uids: tuple[str, ...]
    """The area of each row of the table."""
    totals: Told
    """The numbers of all areas, before and after."""
    moved: Told
    """How much the whole plan moves."""
    changed: shapely.MultiPolygon
    """In metres of the plane."""
    signatures: tuple[str, ...]

    def changes_in(self, after: Snapshot, about: Area) -> Table:
        """Return the rows of the areas that are in *about* now, or were before."""
        inside = _inside(after, about) | _inside(self.before, about)
        rows = zip(self.changed_uids, self.changes.rows, strict=True)
        return replace(self.changes, rows=tuple(row for uid, row in rows if uid in inside))

    def totals_in(self, after: Snapshot, about: Area, lang: str) -> Told:
        """Return the numbers of areas in *about*, and what is moved where all of it is in there."""
        if about.parent is None:
            return (*self.totals, *self.moved)
        old, new = (
            Counter(snapshot.area(uid).level for uid in _inside(snapshot, about))
            for snapshot in (self.before, after)
        )
        found = []
        for level in after.scheme.present_levels:
            if LEVELS.index(level.key) > LEVELS.index(about.level):
                counts = [f"{one[level.key]:,}" for one in (old, new)]
                if counts != ["0", "0"]:
                    name = level.zh if lang == "zh" else level.en
                    found.append((name, " → ".join(dict.fromkeys(counts))))
        is_all = len(self.changes_in(after, about).rows) == len(self.changes.rows)
        return (*found, *self.moved) if is_all else tuple(found)


def _inside(snapshot: Snapshot, about: Area) -> set[str]:
    """Return the uids of an area and of those below it that are there in a state."""
    row = snapshot.rows("area").get(about.uid)
    if row is None or row.valid_to is not None:
        return set()
    return {about.uid, *(one.uid for one in snapshot.descendants(about.uid))}
