"""What a project says of its checks: on or off, how much they weigh, numbers, sets, two limits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.check_kinds import CHECK_KINDS, Parameter, Severity
from gridadmin.domain.check_settings import (
    CHECKS_SETTING,
    PUBLISHED_SETTING,
    SET_SETTING,
    SETS_SETTING,
)
from gridadmin.domain.model import Setting
from gridadmin.edit.command import find_area
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class ChangeChecks:
    """Change what the project says of kinds of checks; None for a kind = as the scheme says.

    What is said of a kind may hold ``on``, ``severity`` and ``params``.
    """

    said: Mapping[str, Mapping[str, Any] | None]
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        own = dict(snapshot.setting(CHECKS_SETTING, {}))
        for kind, said in self.said.items():
            if kind not in CHECK_KINDS:
                raise EditError("edit.unknown_check", check=kind)
            if said is None:
                own.pop(kind, None)
                continue
            known = dict(own.get(kind, {}))
            params = {**known.get("params", {}), **_checked_params(kind, said.get("params", {}))}
            known |= {
                name: _checked(name, said[name]) for name in ("on", "severity") if name in said
            }
            own[kind] = {**known, "params": params} if params else known
        return _with_setting(snapshot, CHECKS_SETTING, own, "check")


@dataclass(frozen=True)
class UseCheckSet:
    """Check the project by another set from now on."""

    name: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.unknown_check_set``."""
        if self.name not in snapshot.check_sets:
            known = ", ".join(snapshot.check_sets)
            raise EditError("edit.unknown_check_set", name=self.name, known=known)
        return _with_setting(snapshot, SET_SETTING, self.name, "check_set")


@dataclass(frozen=True)
class DefineCheckSet:
    """Give a list of kinds a name; None takes the project's own set of that name away."""

    name: str
    kinds: Sequence[str] | None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        own = dict(snapshot.setting(SETS_SETTING, {}))
        own.pop(self.name, None)
        for kind in self.kinds or ():
            if kind not in CHECK_KINDS:
                raise EditError("edit.unknown_check", check=kind)
        if self.kinds is not None:
            own[self.name] = sorted(set(self.kinds))
        return _with_setting(snapshot, SETS_SETTING, own, "check_set")


@dataclass(frozen=True)
class ChangeLimits:
    """Change the smallest defect that is listed, in m²; what is smaller counts as dust."""

    min_area_m2: float
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.bad_value``."""
        if not 0 <= self.min_area_m2 <= _LARGEST_DUST_M2:
            raise EditError("edit.bad_value", field="min_area_m2", value=self.min_area_m2)
        return _with_setting(snapshot, "min_area_m2", self.min_area_m2, "limits")


_LARGEST_DUST_M2 = 100.0


@dataclass(frozen=True)
class PublishLand:
    """Keep the published land of an area in m², to compare with; None forgets it."""

    area: str
    land_m2: float | None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        uid = find_area(snapshot, self.area).uid
        published = dict(snapshot.setting(PUBLISHED_SETTING, {}))
        published.pop(uid, None)
        if self.land_m2 is not None:
            if not 0 < self.land_m2 < _LARGEST_LAND_M2:
                raise EditError("edit.bad_value", field="m2", value=self.land_m2)
            published[uid] = self.land_m2
        return _with_setting(snapshot, PUBLISHED_SETTING, published, "published_land")


_LARGEST_LAND_M2 = 1e13


def _with_setting(snapshot: Snapshot, name: str, value: Any, kind: str) -> Change:
    draft = Draft(snapshot)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    row = snapshot.rows("setting").get(name)
    if row is None or row.value != text:
        draft.put("setting", Setting(name, text))
    return draft.change(kind)


def _checked(name: str, value: Any) -> Any:
    is_fine = isinstance(value, bool) if name == "on" else value in list(Severity)
    if not is_fine:
        raise EditError("edit.bad_value", field=name, value=value)
    return value if name == "on" else str(value)


def _checked_params(kind: str, said: Any) -> dict[str, float]:
    known: Mapping[str, Parameter] = CHECK_KINDS[kind].params or {}
    if not isinstance(said, Mapping):
        raise EditError("edit.bad_value", field="params", value=said)
    for name, value in said.items():
        limits = known.get(name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if limits is None or not is_number or not limits.low <= value <= limits.high:
            raise EditError("edit.bad_value", field=name, value=value)
    return dict(said)
