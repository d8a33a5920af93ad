"""Write the 四至 of areas from what their outlines follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gridadmin.base.errors import EditError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.change import Change
from gridadmin.domain.model import CELL_LEVEL, Area
from gridadmin.edit.command import find_area, label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.four_bounds import four_bounds
from gridadmin.partition.ground import Ground
from gridadmin.partition.snapshot import Snapshot

ALL, EMPTY, OUTDATED = "all", "empty", "outdated"
WHICH = (ALL, EMPTY, OUTDATED)
_STRIDE = 100


@dataclass(frozen=True)
class WriteBounds:
    """Write the 四至 of *areas*, or of all areas of *level* below one, from roads and neighbours.

    *which*: ``all`` of them, only those that have none (``empty``), or those and the ones whose
    border moved since (``outdated``).
    """

    areas: Sequence[str] = ()
    below: str | None = None
    level: str | None = None
    which: str = ALL
    progress: Progress = SILENT
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError, Cancelled."""
        if self.which not in WHICH:
            raise EditError("edit.bad_value", field="which", value=self.which)
        draft, ground = Draft(snapshot), Ground.of(snapshot)
        told = []
        areas = [area for area in self._chosen(snapshot) if self._is_wanted(area)]
        for number, area in enumerate(areas):
            if number % _STRIDE == 0:
                checkpoint(self.progress, "progress.four_bounds", number, len(areas))
            text = four_bounds(snapshot, area, ground)
            if text is None:
                if self.areas:
                    raise EditError("edit.not_drawn", area=label(area))
                continue
            changed = replace(area, four_bounds=text, is_bounds_stale=False)
            draft.put("area", changed)
            if text != area.four_bounds or area.is_bounds_stale:
                told.append(
                    {"uid": area.uid, "code": area.code, "old": area.four_bounds, "new": text}
                )
        draft.tell(texts=told)
        change = draft.change("four_bounds")
        if not change.rows:
            raise EditError("edit.nothing_changes")
        return change

    def _chosen(self, snapshot: Snapshot) -> list[Area]:
        if self.areas:
            found = {area.uid: area for area in (find_area(snapshot, n) for n in self.areas)}
            return list(found.values())
        top = snapshot.root if self.below is None else find_area(snapshot, self.below)
        if self.level is not None and snapshot.scheme.level(self.level) is None:
            levels = ", ".join(known.key for known in snapshot.scheme.present_levels)
            raise EditError("edit.unknown_level", level=self.level, levels=levels)
        below = [area for area in snapshot.descendants(top.uid) if area.level != CELL_LEVEL]
        wanted = [area for area in below if self.level in (None, area.level)]
        return sorted(wanted, key=lambda area: (area.code or "~", area.uid))

    def _is_wanted(self, area: Area) -> bool:
        if self.which == ALL or area.four_bounds is None:
            return True
        return self.which == OUTDATED and area.is_bounds_stale
