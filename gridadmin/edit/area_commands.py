"""Commands on areas themselves: create, set a field, delete."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import CELL_LEVEL, Area, AreaKind, Lineage
from gridadmin.domain.scheme import AREA_CLASSES
from gridadmin.edit.command import find_area
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.withdrawal import heirs_of_claims
from gridadmin.partition.rewire import relabelled
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class Create:
    """Add an area without land."""

    level: str
    parent: str
    name: str
    code: str | None = None
    kind: str = AreaKind.GENERAL
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        parent = find_area(snapshot, self.parent)
        check_level(snapshot, self.level, parent)
        code = None if self.code is None else _checked_text("code", self.code)
        check_free_code(snapshot, code)
        area = Area(
            desk.new_uid(),
            code,
            checked_name(self.name),
            self.level,
            parent.uid,
            kind=_checked_kind(self.kind),
        )
        draft = Draft(snapshot)
        draft.add_area(area, desk)
        draft.tell(created=[{"uid": area.uid, "code": area.code}])
        return draft.change("create")


def check_level(snapshot: Snapshot, level: str, parent: Area) -> None:
    """Refuse a level that the scheme lacks or that doesn't lie below *parent*.

    Raises: EditError ``edit.unknown_level``, ``edit.wrong_parent``.
    """
    if level != CELL_LEVEL and snapshot.scheme.level(level) is None:
        levels = ", ".join(known.key for known in snapshot.scheme.present_levels)
        raise EditError("edit.unknown_level", level=level, levels=levels)
    if snapshot.level_rank(level) <= snapshot.level_rank(parent.level):
        raise EditError("edit.wrong_parent", level=level, parent=parent.name)


def check_free_code(snapshot: Snapshot, code: str | None) -> None:
    """Refuse a code that any area bears or bore. Raises: EditError ``edit.duplicate_code``."""
    if code is not None and snapshot.is_code_taken(code):
        raise EditError("edit.duplicate_code", code=code)


def checked_name(name: Any) -> str:
    """Return a name without blanks around it. Raises: EditError ``edit.bad_value``."""
    return _checked_text("name", name)


def _checked_text(field: str, value: Any) -> str:
    """Return a text of one line without blanks around it. Raises: EditError ``edit.bad_value``."""
    if not isinstance(value, str) or not value.strip():
        raise EditError("edit.bad_value", field=field, value=value)
    if any(unicodedata.category(letter) in _UNPRINTABLE for letter in value.strip()):
        raise EditError("edit.bad_value", field=field, value=ascii(value))
    return value.strip()


_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
"""Controls, halves of surrogate pairs, separators of lines: nothing that belongs into a name."""


def _checked_kind(kind: Any) -> str:
    """Return a kind of area. Raises: EditError ``edit.bad_value``."""
    if not isinstance(kind, str) or kind not in list(AreaKind):
        raise EditError("edit.bad_value", field="kind", value=kind)
    return kind


FIELDS = ("name", "code", "kind", "class", "households", "divided")


@dataclass(frozen=True)
class SetField:
    """Give one field of an area another value."""

    area: str
    field: str
    value: Any
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        area = find_area(snapshot, self.area)
        if self.field not in FIELDS:
            raise EditError("edit.unknown_field", field=self.field, fields=", ".join(FIELDS))
        draft = Draft(snapshot)
        draft.put("area", self._changed(snapshot, draft, desk, area))
        change = draft.change("set")
        if not change.rows:
            raise EditError("edit.nothing_changes")
        return change

    def _changed(self, snapshot: Snapshot, draft: Draft, desk: Desk, area: Area) -> Area:
        match self.field:
            case "name":
                changed = replace(area, name=checked_name(self.value))
            case "code":
                changed = self._with_code(snapshot, draft, desk, area)
            case "kind":
                changed = replace(area, kind=_checked_kind(self.value))
            case "class":
                if self.value is not None and self.value not in AREA_CLASSES:
                    raise self._bad_value()
                changed = replace(area, area_class=self.value)
            case "divided":
                if not isinstance(self.value, bool):
                    raise self._bad_value()
                changed = replace(area, is_divided=self.value)
            case _:
                changed = self._with_households(area, desk)
        return changed

    def _with_code(self, snapshot: Snapshot, draft: Draft, desk: Desk, area: Area) -> Area:
        code = None if self.value is None else _checked_text("code", self.value)
        if code == area.code:
            return area
        # An area may have back a code that it bore itself.
        if code is not None and snapshot.is_code_taken(code, but_by=area.uid):
            raise EditError("edit.duplicate_code", code=code)
        return draft.new_code(area, code, desk)

    def _with_households(self, area: Area, desk: Desk) -> Area:
        value = self.value
        if value is None:
            return replace(area, households_typed=None, households_as_of=None, is_stale=False)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**8:
            raise self._bad_value()
        return replace(area, households_typed=value, households_as_of=desk.today, is_stale=False)

    def _bad_value(self) -> EditError:
        return EditError("edit.bad_value", field=self.field, value=self.value)


@dataclass(frozen=True)
class Delete:
    """Retire an area, give its land to its parent, and withdraw its claims on disputed land."""

    area: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.is_root``, ``edit.has_children``."""
        area = find_area(snapshot, self.area)
        if area.parent is None:
            raise EditError("edit.is_root", area=area.name)
        children = snapshot.children(area.uid)
        if children or self._shares_cell(snapshot, area):
            raise EditError("edit.has_children", area=area.name, count=len(children))
        draft = Draft(snapshot)
        heirs = {oid_of(area.uid): oid_of(area.parent)}
        heirs.update(heirs_of_claims(snapshot, draft, desk, area))
        owner_of = _relabelling(snapshot, heirs)
        if owner_of:
            draft.borders(relabelled(snapshot.partition, owner_of, desk.ids))
        draft.retire(area, desk)
        draft.put(
            "lineage",
            Lineage(desk.new_uid(), area.uid, area.parent, "delete", 1.0, date=desk.today),
        )
        for part in snapshot.linked("stacked_part", area.uid):
            draft.remove("stacked_part", part.uid)
        return draft.change("delete")

    def _shares_cell(self, snapshot: Snapshot, area: Area) -> bool:
        sharing = snapshot.linked("area", area.uid)
        return any(other.valid_to is None for other in sharing)


def _relabelling(snapshot: Snapshot, heirs: Mapping[int, int]) -> dict[tuple[int, bool], int]:
    """Return the owner of every side that one of the *heirs* takes over, by (border, is left)."""
    owner_of = {}
    for oid in heirs:
        for border in snapshot.partition.beside(oid):
            owner_of[border.id, True] = heirs.get(border.left, border.left)
            owner_of[border.id, False] = heirs.get(border.right, border.right)
    return owner_of
