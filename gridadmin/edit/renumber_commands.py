"""Number the areas of a level anew, band by band; codes in force stay and are never given again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.codes import CodeTemplate
from gridadmin.domain.model import Area
from gridadmin.edit.area_commands import checked_text
from gridadmin.edit.command import find_area, label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.recoding import CodesInForce, codes_that_may_change_hands, recode
from gridadmin.partition.bands import areas_in_bands
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class Renumber:
    """Number the areas of *level* below *parent* anew by the template of the level.

    Each parent of the template's level has numbers of its own; codes below follow.
    """

    parent: str
    level: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        top = find_area(snapshot, self.parent)
        template = self._template(snapshot)
        draft = Draft(snapshot)
        in_force = CodesInForce(snapshot)
        wanted: dict[str, str | None] = {}
        kept = 0
        for parent in _parents(snapshot, top, template.parent_level):
            areas = [a for a in snapshot.descendants(parent.uid) if a.level == self.level]
            if not areas:
                continue
            if parent.code is None:
                raise EditError("edit.parent_without_code", area=label(parent))
            fixed = [area for area in areas if self._stays(snapshot, area, in_force)]
            kept += len(fixed)
            free = [area for area in areas if area not in fixed]
            wanted |= _numbered(snapshot, template, parent.code, free, in_force)
        changed = recode(snapshot, draft, desk, wanted, follows=True)
        draft.tell(codes=_told(snapshot, changed), in_force=kept)
        change = draft.change("renumber")
        if not change.rows:
            raise EditError("edit.nothing_changes")
        return change

    def _template(self, snapshot: Snapshot) -> CodeTemplate:
        level = snapshot.scheme.level(checked_text("level", self.level))
        if level is None:
            levels = ", ".join(known.key for known in snapshot.scheme.present_levels)
            raise EditError("edit.unknown_level", level=self.level, levels=levels)
        if level.code is None:
            raise EditError("edit.no_template", level=level.zh)
        return level.code

    def _stays(self, snapshot: Snapshot, area: Area, in_force: CodesInForce) -> bool:
        """Return whether a code is in force, or one below that would have to follow."""
        if area.code is None:
            return False
        return in_force.holds(area) or any(
            below.code is not None and below.code.startswith(area.code) and in_force.holds(below)
            for below in snapshot.descendants(area.uid)
        )


def _parents(snapshot: Snapshot, top: Area, level: str) -> Iterator[Area]:
    """Yield the areas of a level at or below *top*; the one above where *top* lies below it."""
    above = [area for area in (top, *snapshot.ancestors(top.uid)) if area.level == level]
    if above:
        yield above[0]
        return
    below = [area for area in snapshot.descendants(top.uid) if area.level == level]
    yield from sorted(below, key=lambda area: (area.code or "~", area.uid))


def _numbered(
    snapshot: Snapshot,
    template: CodeTemplate,
    parent_code: str,
    areas: list[Area],
    in_force: CodesInForce,
) -> dict[str, str | None]:
    """Return the new code of each area by uid: the free numbers of its kind, one after the other.

    Raises: EditError ``edit.no_free_code``.
    """
    own = codes_that_may_change_hands(snapshot, {area.uid: None for area in areas}, in_force)
    found: dict[str, str | None] = {}
    for kind in sorted({area.kind for area in areas}):
        numbers = template.numbers(kind)
        codes = (
            code
            for code in (template.make(parent_code, seq, kind) for seq in numbers)
            if snapshot.code_register.count(code) <= own[code] and code not in found.values()
        )
        for area in areas_in_bands(snapshot, [a for a in areas if a.kind == kind]):
            code = next(codes, None)
            if code is None:
                raise EditError("edit.no_free_code", parent=parent_code, last=numbers.stop - 1)
            found[area.uid] = code
    return found


def _told(snapshot: Snapshot, codes: dict[str, str | None]) -> list[dict[str, str | None]]:
    """Return which code each area had and gets, in the order of the new codes."""
    rows = sorted(codes.items(), key=lambda item: item[1] or "")
    areas = {uid: snapshot.area(uid) for uid in codes}
    return [
        {"uid": uid, "name": areas[uid].name, "level": areas[uid].level,
         "old": areas[uid].code, "new": code}
        for uid, code in rows
    ]  # fmt: skip
