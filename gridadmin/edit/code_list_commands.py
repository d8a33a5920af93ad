"""Take over a newer list of statistical codes: new, renamed, recoded and vanished units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area, Land
from gridadmin.edit.area_commands import check_level, checked_name, checked_text
from gridadmin.edit.command import find_area, label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.recoding import recode
from gridadmin.partition.snapshot import Snapshot


class UnitChangeKind(StrEnum):
    """What became of a unit from one list to the next."""

    NEW = "new"
    GONE = "gone"
    RENAMED = "renamed"
    RECODED = "recoded"


@dataclass(frozen=True)
class UnitChange:
    """One unit. *area* names it in the project (not of a new one); *parent* is a code or uid.

    *code* and *name* are those of the newer list.
    """

    kind: str
    area: str | None = None
    code: str | None = None
    name: str | None = None
    level: str | None = None
    parent: str | None = None


@dataclass(frozen=True)
class TakeCodeList:
    """Carry out changes of units as one gesture; codes below follow, old ones stay in history.

    A vanished unit is retired, which it can be only without land and without areas below it.
    """

    changes: Sequence[UnitChange]
    note: str = ""
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        draft = Draft(snapshot)
        known = [str(kind) for kind in UnitChangeKind]
        codes: dict[str, str | None] = {}
        for change in self.changes:
            if change.kind not in known:
                raise EditError("edit.bad_value", field="kind", value=change.kind)
            if change.kind == UnitChangeKind.RECODED:
                area = find_area(snapshot, change.area or "")
                codes[area.uid] = checked_text("code", change.code)
        recode(snapshot, draft, desk, codes, follows=True, is_forced=True)
        for change in self.changes:
            if change.kind == UnitChangeKind.GONE:
                _retire(snapshot, draft, desk, find_area(snapshot, change.area or ""))
            elif change.kind != UnitChangeKind.NEW and change.name is not None:
                area = find_area(snapshot, change.area or "")
                now = draft.now("area", area.uid)
                draft.put("area", replace(now, name=checked_name(change.name)))
        self._add_new(snapshot, draft, desk, codes)
        made = draft.change("code_list", self.note)
        if not made.rows:
            raise EditError("edit.nothing_changes")
        return made

    def _add_new(
        self, snapshot: Snapshot, draft: Draft, desk: Desk, codes: dict[str, str | None]
    ) -> None:
        by_code = {code: draft.now("area", uid) for uid, code in codes.items()}
        fresh = [change for change in self.changes if change.kind == UnitChangeKind.NEW]
        for change in sorted(fresh, key=lambda c: (len(c.code or ""), c.code or "")):
            code = checked_text("code", change.code)
            if snapshot.is_code_taken(code) or code in by_code:
                raise EditError("edit.duplicate_code", code=code)
            parent = by_code.get(change.parent) or find_area(snapshot, change.parent or "")
            level = checked_text("level", change.level)
            check_level(snapshot, level, parent)
            area = Area(desk.new_uid(), code, checked_name(change.name), level, parent.uid)
            draft.add_area(area, desk)
            by_code[code] = area


def why_not_retired(snapshot: Snapshot, area: Area) -> EditError | None:
    """Return why a vanished unit can't be retired, or None when it can."""
    children = snapshot.children(area.uid)
    if children:
        return EditError("edit.has_children", area=label(area), count=len(children))
    if area.land != Land.LISTED:
        return EditError("edit.unit_has_land", area=label(area))
    return None


def _retire(snapshot: Snapshot, draft: Draft, desk: Desk, area: Area) -> None:
    refusal = why_not_retired(snapshot, area)
    if refusal is not None:
        raise refusal
    draft.retire(area, desk)
