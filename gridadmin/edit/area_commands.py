"""Commands on areas themselves: create, set a field, delete."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.counts import counts_on, with_count
from gridadmin.domain.model import CELL_LEVEL, Area, AreaKind, Lineage
from gridadmin.domain.scheme import AREA_CLASSES
from gridadmin.edit.command import find_area
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.withdrawal import heirs_of_claims
from gridadmin.partition.rewire import taken_over
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
        code = None if self.code is None else checked_text("code", self.code)
        check_free_code(snapshot, code)
        area = Area(
            desk.new_uid(),
            code,
            checked_name(self.name),
            self.level,
            parent.uid,
            kind=checked_kind(self.kind),
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
    return checked_text("name", name)


def checked_text(field: str, value: Any) -> str:
    """Return a text of one line without blanks around it. Raises: EditError ``edit.bad_value``."""
    if not isinstance(value, str) or not value.strip():
        raise EditError("edit.bad_value", field=field, value=value)
    if any(unicodedata.category(letter) in _UNPRINTABLE for letter in value.strip()):
        raise EditError("edit.bad_value", field=field, value=ascii(value))
    return value.strip()


_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
"""Controls, halves of surrogate pairs, separators of lines: nothing that belongs into a name."""


def checked_kind(kind: Any) -> str:
    """Return a kind of area. Raises: EditError ``edit.bad_value``."""
    if not isinstance(kind, str) or kind not in list(AreaKind):
        raise EditError("edit.bad_value", field="kind", value=kind)
    return kind


def checked_exclusive_type(snapshot: Snapshot, value: Any, kind: str, name: str) -> str | None:
    """Return a type that the scheme knows for the exclusive area *name*, or None.

    Raises: EditError ``edit.bad_value``, ``edit.not_exclusive`` for an area of another *kind*.
    """
    known = [term.key for term in snapshot.scheme.exclusive_types]
    if value is not None and value not in known:
        raise EditError("edit.bad_value", field="exclusive_type", value=value)
    if value is not None and kind != AreaKind.EXCLUSIVE:
        raise EditError("edit.not_exclusive", area=name)
    return None if value is None else str(value)


def checked_lines(field: str, value: Any) -> str | None:
    """Return a text that may run over several lines, None for none.

    Raises: EditError ``edit.bad_value``.
    """
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise EditError("edit.bad_value", field=field, value=ascii(value)[:80])
    lines = [line.rstrip() for line in value.strip().splitlines()]
    if any(unicodedata.category(letter) in _UNPRINTABLE for line in lines for letter in line):
        raise EditError("edit.bad_value", field=field, value=ascii(value)[:80])
    return "\n".join(lines) or None


_LONGEST = 10_000


def checked_date(value: Any) -> str:
    """Return a day in ISO 8601. Raises: EditError ``edit.bad_date``."""
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as fault:
        raise EditError("edit.bad_date", value=value) from fault


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**8


FIELDS = (
    "name", "code", "kind", "class", "households", "stale", "divided", "exclusive_type",
    "four_bounds", "note",
)  # fmt: skip
COUNT = "count."
"""Before the key of a count that the scheme declares: ``count.household_groups``."""


@dataclass(frozen=True)
class SetField:
    """Give one field of an area another value.

    *as_of* is the day (ISO 8601) that typed households hold for; today unless given.
    """

    area: str
    field: str
    value: Any
    as_of: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        area = find_area(snapshot, self.area)
        draft = Draft(snapshot)
        draft.put("area", self.changed(snapshot, draft, desk, area))
        change = draft.change("set")
        if not change.rows:
            raise EditError("edit.nothing_changes")
        return change

    def changed(self, snapshot: Snapshot, draft: Draft, desk: Desk, area: Area) -> Area:
        """Return *area* with the field changed; what goes with it is put into the draft.

        Raises: EditError.
        """
        if self.field.startswith(COUNT):
            return self._with_count(snapshot, area)
        if self.field not in FIELDS:
            raise EditError("edit.unknown_field", field=self.field, fields=", ".join(FIELDS))
        return self._with_field(snapshot, draft, desk, area)

    def _with_field(self, snapshot: Snapshot, draft: Draft, desk: Desk, area: Area) -> Area:
        value = self.value
        match self.field:
            case "name":
                changed = replace(area, name=checked_name(value))
            case "code":
                changed = self._with_code(snapshot, draft, desk, area)
            case "kind":
                changed = self._with_kind(area)
            case "exclusive_type":
                kind = checked_exclusive_type(snapshot, value, area.kind, area.name)
                changed = replace(area, exclusive_type=kind)
            case "class":
                changed = self._with_class(area)
            case "divided":
                changed = self._divided(area)
            case "stale":
                changed = self._confirmed(area, desk)
            case "four_bounds" | "note":
                changed = self._with_words(area)
            case _:
                changed = self._with_households(area, desk)
        return changed

    def _with_words(self, area: Area) -> Area:
        words = checked_lines(self.field, self.value)
        if self.field == "note":
            return replace(area, note=words)
        return replace(area, four_bounds=words, is_bounds_stale=False)

    def _with_kind(self, area: Area) -> Area:
        kind = checked_kind(self.value)
        # What is no exclusive area any more has no type of one either.
        kept = area.exclusive_type if kind == AreaKind.EXCLUSIVE else None
        return replace(area, kind=kind, exclusive_type=kept)

    def _with_count(self, snapshot: Snapshot, area: Area) -> Area:
        key = self.field.removeprefix(COUNT)
        known = [entry.key for entry in counts_on(snapshot.scheme, area.level)]
        if key not in known:
            fields = ", ".join((*FIELDS, *(COUNT + name for name in known)))
            raise EditError("edit.unknown_field", field=self.field, fields=fields)
        if self.value is not None and not _is_count(self.value):
            raise self._bad_value()
        return with_count(area, key, self.value)

    def _with_class(self, area: Area) -> Area:
        if self.value is not None and self.value not in AREA_CLASSES:
            raise self._bad_value()
        return replace(area, area_class=self.value)

    def _divided(self, area: Area) -> Area:
        if not isinstance(self.value, bool):
            raise self._bad_value()
        return replace(area, is_divided=self.value)

    def _confirmed(self, area: Area, desk: Desk) -> Area:
        """Return the area with its typed figure confirmed as of today."""
        if self.value is not False:
            raise self._bad_value()
        if area.households_typed is None:
            raise EditError("edit.no_typed_figure", area=area.name)
        if not area.is_stale:
            return area
        as_of = desk.today if self.as_of is None else checked_date(self.as_of)
        return replace(area, is_stale=False, households_as_of=as_of)

    def _with_code(self, snapshot: Snapshot, draft: Draft, desk: Desk, area: Area) -> Area:
        code = None if self.value is None else checked_text("code", self.value)
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
        if not _is_count(value):
            raise self._bad_value()
        as_of = desk.today if self.as_of is None else checked_date(self.as_of)
        return replace(area, households_typed=value, households_as_of=as_of, is_stale=False)

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
        draft.borders(taken_over(snapshot.partition, heirs, desk.ids))
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
