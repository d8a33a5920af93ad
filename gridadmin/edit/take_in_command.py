"""Take a work package in: what another project file changed since it was handed out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area, AreaKind, Setting
from gridadmin.edit.command import label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.land_commands import free_code
from gridadmin.edit.past_state import Past
from gridadmin.edit.three_ways import OURS, THEIRS, Choices, LandClash, MergedLand, merged_land
from gridadmin.partition.rewire import BorderIds
from gridadmin.partition.snapshot import Snapshot

PACKAGE_SETTING = "work_package"
"""In a work package: what it is, from which project, for which area, of which revision."""
PACKAGES_SETTING = "work_packages"
"""In a project: the packages that were handed out, and when they came back."""
_FOLLOWS = ("revision", "land", "is_stale", "is_bounds_stale", "valid_from", "valid_to")
"""Fields of an area that follow from others, or from its being made and ended."""
_WHOLE_ROWS = ("building", "entrance", "stacked_part", "dispute")


@dataclass(frozen=True)
class FieldClash:
    """A field of an area, or a whole row, that both sides changed differently."""

    key: str
    area: str
    field: str
    base: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class Clashes:
    """What both sides changed, to be chosen from one by one."""

    borders: tuple[LandClash, ...] = ()
    fields: tuple[FieldClash, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of all that has to be chosen."""
        borders = [one.key for one in self.borders]
        return (*borders, *(one.key for one in self.fields))


@dataclass(frozen=True)
class Returned:
    """A work package that came back: as it was handed out, and as it is now."""

    uid: str
    file: str
    base: Snapshot
    now: Snapshot


@dataclass(frozen=True)
class TakeIn:
    """Take in what a work package changed; *choices* say ``ours`` or ``theirs`` for each clash."""

    package: Returned
    choices: Choices = field(default_factory=dict)
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change; takes long, for a worker.

        Raises: EditError ``edit.take_in_clashes`` (what both sides changed isn't chosen yet),
        ``edit.take_in_stranger``, ``edit.nothing_changes``.
        """
        taking = _Taking(snapshot, self.package, self.choices, desk)
        left = [key for key in taking.clashes().keys if key not in self.choices]
        if left:
            raise EditError("edit.take_in_clashes", count=len(left), file=self.package.file)
        return taking.change()


def clashes_of(snapshot: Snapshot, package: Returned) -> Clashes:
    """Return what both sides changed; takes long. Raises: EditError ``edit.take_in_stranger``."""
    return _Taking(snapshot, package, {}, _LOOKING).clashes()


def _no_past(_: int) -> Past:
    raise LookupError


_LOOKING = Desk("look", lambda: "", "", "", _no_past)
"""Enough to look at what would be done."""


class _Taking:
    """One package beside the present state."""

    def __init__(self, snapshot: Snapshot, package: Returned, choices: Choices, desk: Desk) -> None:
        self._ours = snapshot
        self._package = package
        self._base, self._theirs = package.base, package.now
        self._choices = choices
        self._desk = desk
        self._root = package.base.root.uid
        standing = snapshot.rows("area").get(self._root)
        if standing is None or package.base.origin_mm != snapshot.origin_mm:
            raise EditError("edit.take_in_stranger", file=package.file)
        ids = BorderIds(desk.gesture)
        self._land: MergedLand = merged_land(snapshot, package.base, package.now, choices, ids)

    def clashes(self) -> Clashes:
        """Return what both sides changed."""
        return Clashes(self._land.clashes, tuple(self._field_clashes()))

    def change(self) -> Change:
        """Return the change with what was chosen."""
        draft = Draft(self._ours)
        taken = self._put_areas(draft)
        for table in _WHOLE_ROWS:
            self._put_rows(draft, table)
        self._put_lineage(draft)
        draft.borders(self._land.changes)
        if not draft.change("take_in").rows:
            raise EditError("edit.nothing_changes")
        self._note(draft)
        draft.tell(package=self._package.uid, areas=taken, chosen=len(self._choices))
        return draft.change("take_in", note=self._package.file)

    # Areas

    def _put_areas(self, draft: Draft) -> int:
        taken = 0
        rows, before = self._theirs.rows("area"), self._base.rows("area")
        for uid in sorted(rows, key=lambda one: self._theirs.level_rank(rows[one].level)):
            taken += self._put_area(draft, before.get(uid), rows[uid])
        for uid in sorted(self._land.given_up):
            ours = draft.now("area", uid)
            theirs = rows.get(uid)
            if ours is not None and ours.valid_to is None and theirs is None:
                draft.retire(ours, self._desk)
            elif ours is not None and ours.valid_to is not None and _is_alive(theirs):
                draft.put("area", draft.new_code(replace(ours, valid_to=None, code=None),
                                                 ours.code, self._desk))  # fmt: skip
        return taken

    def _put_area(self, draft: Draft, base: Area | None, theirs: Area) -> bool:
        uid = theirs.uid
        ours: Area | None = self._ours.rows("area").get(uid)
        if base is None:
            if ours is None and uid not in self._land.refused and _is_alive(theirs):
                draft.add_area(self._with_free_code(draft, theirs), self._desk)
                return True
            return False
        if ours is None or (uid in self._land.refused and _is_alive(base) != _is_alive(theirs)):
            return False
        merged = ours
        for name in _fields(base, theirs, is_root=uid == self._root):
            mine, his, was = (getattr(one, name) for one in (ours, theirs, base))
            is_taken = was == mine or self._choices.get(_key(uid, name)) == THEIRS
            if is_taken and mine != his:
                merged = self._with_field(draft, merged, name, his)
        if _is_alive(base) and not _is_alive(theirs) and _is_alive(ours):
            draft.put("area", merged)
            draft.retire(merged, self._desk)
            return True
        if merged != ours:
            draft.put("area", merged)
            return True
        return False

    def _with_field(self, draft: Draft, area: Area, name: str, value: Any) -> Area:
        if name != "code":
            changed: dict[str, Any] = {name: value}
            return replace(area, **changed)
        if value is not None and self._ours.code_register.count(value):
            # Somebody bears it here by now; the area keeps its own.
            return area
        return draft.new_code(area, value, self._desk)

    def _with_free_code(self, draft: Draft, area: Area) -> Area:
        """Return a new area with a code that nobody bears here."""
        if area.code is None:
            return area
        is_taken = self._ours.code_register.count(area.code) or area.code in draft.new_codes()
        if not is_taken or area.parent is None:
            return area
        parent = draft.now("area", area.parent)
        code = free_code(self._ours, draft, area.level, parent, AreaKind(area.kind))
        return replace(area, code=code)

    def _field_clashes(self) -> Iterator[FieldClash]:
        before, now = self._base.rows("area"), self._theirs.rows("area")
        for uid in sorted(before):
            base, theirs, ours = before[uid], now.get(uid), self._ours.rows("area").get(uid)
            if ours is None or theirs is None:
                continue
            for name in _fields(base, theirs, is_root=uid == self._root):
                was, mine, his = (getattr(one, name) for one in (base, ours, theirs))
                if mine not in (was, his):
                    yield FieldClash(
                        _key(uid, name), label(ours), name, _text(was), _text(mine), _text(his)
                    )
        for table in _WHOLE_ROWS[:2]:
            for key, base, ours, theirs in self._rows(table):
                if not _is_same(ours, base) and not _is_same(ours, theirs):
                    told = (_text(_households(one)) for one in (base, ours, theirs))
                    yield FieldClash(_key(key, table), key, table, *told)

    # Other rows

    def _rows(self, table: str) -> Iterator[tuple[str, Any, Any, Any]]:
        """Yield the rows that the package changed: key, base, ours, theirs."""
        before, now = self._base.rows(table), self._theirs.rows(table)
        for key in sorted({*before, *now}):
            base, theirs = before.get(key), now.get(key)
            if not _is_same(base, theirs):
                yield key, base, self._ours.rows(table).get(key), theirs

    def _put_rows(self, draft: Draft, table: str) -> None:
        for key, base, ours, theirs in self._rows(table):
            is_ours = not _is_same(ours, base)
            if is_ours and self._choices.get(_key(key, table)) != THEIRS:
                continue
            if theirs is None:
                if ours is not None:
                    draft.remove(table, key)
            elif self._may_stand(table, theirs):
                draft.put(table, theirs)

    def _may_stand(self, table: str, row: Any) -> bool:
        if table == "dispute":
            return all(self._is_there(uid) for uid in row.claims.split())
        return table != "stacked_part" or self._is_there(row.area)

    def _is_there(self, uid: str) -> bool:
        return uid not in self._land.refused

    def _put_lineage(self, draft: Draft) -> None:
        for _, base, ours, theirs in self._rows("lineage"):
            if base is not None or ours is not None or theirs is None:
                continue
            if self._is_there(theirs.predecessor) and self._is_there(theirs.successor):
                draft.put("lineage", theirs)

    def _note(self, draft: Draft) -> None:
        """Note in the list of packages that this one came back."""
        packages = self._ours.setting(PACKAGES_SETTING, [])
        for one in packages:
            if one["uid"] == self._package.uid:
                one["taken_in"] = self._desk.now
        draft.put("setting", Setting(PACKAGES_SETTING, json.dumps(packages, ensure_ascii=False)))


def _fields(base: Area, theirs: Area, *, is_root: bool) -> Iterator[str]:
    """Yield the fields of an area that the package changed."""
    for one in fields(Area):
        if one.name in _FOLLOWS or (is_root and one.name == "parent"):
            continue
        if getattr(base, one.name) != getattr(theirs, one.name):
            yield one.name


def _is_alive(area: Area | None) -> bool:
    return area is not None and area.valid_to is None


def _is_same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return bool(replace(one, revision=0) == replace(other, revision=0))


def _households(row: Any) -> Any:
    return None if row is None else getattr(row, "households", None)


def _key(uid: str, name: str) -> str:
    return f"{name}:{uid}"


def _text(value: Any) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True)
class NoteHandOut:
    """Note that a work package was handed out: its uid, area, file."""

    package: Mapping[str, Any]
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change."""
        packages = [*snapshot.setting(PACKAGES_SETTING, []), dict(self.package)]
        draft = Draft(snapshot)
        draft.put("setting", Setting(PACKAGES_SETTING, json.dumps(packages, ensure_ascii=False)))
        return draft.change("hand_out", note=str(self.package.get("file", "")))


__all__ = ["OURS", "THEIRS", "Clashes", "FieldClash", "NoteHandOut", "Returned", "TakeIn"]
