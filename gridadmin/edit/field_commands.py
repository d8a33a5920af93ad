"""Set fields of many areas in one gesture: the same values for all, or each area its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area
from gridadmin.edit.area_commands import SetField, checked_text
from gridadmin.edit.command import find_area
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.recoding import recode
from gridadmin.partition.snapshot import Snapshot

Values = Mapping[str, Any]
"""Fields of an area with their new values, named as in an edit line."""

ONE_BY_ONE = ("name", "code")
"""Fields that tell areas apart: no two of them get the same."""


@dataclass(frozen=True)
class SetFields:
    """Give fields of one or more areas the same values.

    *as_of* is the day that typed households hold for; today unless given.
    """

    areas: Sequence[str]
    values: Values
    as_of: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.one_by_one`` and those of a single field."""
        areas = {area.uid: area for area in (find_area(snapshot, name) for name in self.areas)}
        if len(areas) > 1:
            for field in ONE_BY_ONE:
                if field in self.values:
                    raise EditError("edit.one_by_one", field=field)
        draft = Draft(snapshot)
        for area in areas.values():
            values = self.values if len(areas) == 1 else _that_apply(area, self.values)
            now = area
            for field, value in kind_first(values):
                setting = SetField(area.uid, field, value, self.as_of)
                now = setting.changed(snapshot, draft, desk, now)
            draft.put("area", now)
        change = draft.change("set")
        if not change.rows:
            raise EditError("edit.nothing_changes")
        return change


def kind_first(values: Values) -> list[tuple[str, Any]]:
    """Return fields with their values, the kind of area first: it decides what others may be."""
    return sorted(values.items(), key=lambda one: one[0] != "kind")


def _that_apply(area: Area, values: Values) -> Values:
    """Return the values that make sense for one of many areas: no figure, nothing to confirm."""
    if area.households_typed is not None:
        return values
    return {field: value for field, value in values.items() if field != "stale"}


@dataclass(frozen=True)
class SetEach:
    """Give each of several areas values of its own; areas may exchange their codes.

    *as_of* holds the day of typed households by area, where it isn't today.
    """

    each: Sequence[tuple[str, Values]]
    as_of: Mapping[str, str] | None = None
    kind: str = "set"
    note: str = ""
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        draft = Draft(snapshot)
        codes: dict[str, str | None] = {}
        days = self.as_of or {}
        for name, values in self.each:
            area = find_area(snapshot, name)
            now = draft.now("area", area.uid)
            for field, value in kind_first(values):
                if field == "code":
                    codes[area.uid] = None if value is None else checked_text("code", value)
                    continue
                setting = SetField(area.uid, field, value, days.get(name))
                now = setting.changed(snapshot, draft, desk, now)
            draft.put("area", now)
        recode(snapshot, draft, desk, codes, follows=False)
        change = draft.change(self.kind, self.note)
        if not change.rows:
            raise EditError("edit.nothing_changes")
        return change
