"""A newer list of statistical codes compared with a project."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridadmin.app.session import Session
from gridadmin.base.errors import EditError, InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.base_units import BaseUnit, ListedArea, read_base_units, units_under
from gridadmin.domain.model import Area
from gridadmin.domain.names import normal_name, same_place
from gridadmin.edit.code_list_commands import (
    TakeCodeList,
    UnitChange,
    UnitChangeKind,
    why_not_retired,
)
from gridadmin.partition.snapshot import Snapshot

_LEVELS = ("district", "street", "community")


@dataclass(frozen=True)
class UnitDifference:
    """One difference with how the unit is called now; *refusal* says why it can't be taken over."""

    change: UnitChange
    old_code: str | None
    old_name: str | None
    refusal: EditError | None = None


def differences(
    snapshot: Snapshot, units: Iterable[BaseUnit] | None = None
) -> list[UnitDifference]:
    """Return how a list of base units (the shipped one unless given) differs from a project.

    Units are the same by code and name, else by name alone with 社区, 村委会 and the like
    stripped, else by code alone.

    Raises: InputError ``codes.no_root``, ``codes.not_listed``.
    """
    root = snapshot.root
    if root.code is None:
        raise InputError("codes.no_root")
    levels = [level.key for level in snapshot.scheme.present_levels]
    listed = units_under(root.code, levels, units)[1:]
    if not listed:
        raise InputError("codes.not_listed", code=root.code)
    wanted = [level for level in _LEVELS if level != root.level]
    areas = sorted(
        (area for area in snapshot.areas() if area.level in wanted),
        key=lambda area: (area.code or "~", area.uid),
    )
    return list(_compared(snapshot, areas, listed))


def _compared(
    snapshot: Snapshot, areas: list[Area], listed: list[ListedArea]
) -> Iterator[UnitDifference]:
    by_code = {unit.code: unit for unit in listed}
    left = {area.uid: area for area in areas if not _is_same(by_code.get(area.code or ""), area)}
    same = {area.code for area in areas if area.uid not in left}
    open_units = {unit.code: unit for unit in listed if unit.code not in same}
    for area in list(left.values()):
        unit = _of_name(snapshot, area, left.values(), open_units.values())
        if unit is not None:
            del left[area.uid], open_units[unit.code]
            yield _difference(UnitChangeKind.RECODED, area, unit)
    for area in list(left.values()):
        unit = open_units.get(area.code or "")
        if unit is not None and unit.level == area.level:
            del left[area.uid], open_units[unit.code]
            yield _difference(UnitChangeKind.RENAMED, area, unit)
    for area in left.values():
        change = UnitChange(UnitChangeKind.GONE, area.uid)
        yield UnitDifference(change, area.code, area.name, why_not_retired(snapshot, area))
    for unit in open_units.values():
        change = UnitChange(
            UnitChangeKind.NEW, None, unit.code, unit.name, unit.level, unit.parent_code
        )
        yield UnitDifference(change, None, None)


def _is_same(unit: ListedArea | None, area: Area) -> bool:
    return unit is not None and unit.level == area.level and same_place(unit.name, area.name)


def _of_name(
    snapshot: Snapshot,
    area: Area,
    areas: Collection[Area],
    units: Collection[ListedArea],
) -> ListedArea | None:
    """Return the one unit of an area's name; of several the one below a parent of that name."""
    name = normal_name(area.name)
    found = [u for u in units if u.level == area.level and normal_name(u.name) == name]
    rivals = [a for a in areas if a.level == area.level and normal_name(a.name) == name]
    if len(found) == len(rivals) == 1:
        return found[0]
    parent = None if area.parent is None else snapshot.area(area.parent).code
    near = [unit for unit in found if unit.parent_code == parent]
    alike = [one for one in rivals if one.parent == area.parent]
    return near[0] if len(near) == len(alike) == 1 else None


def _difference(kind: UnitChangeKind, area: Area, unit: ListedArea) -> UnitDifference:
    name = None if same_place(area.name, unit.name) else unit.name
    code = unit.code if kind is UnitChangeKind.RECODED else None
    change = UnitChange(kind, area.uid, code, name)
    return UnitDifference(change, area.code, area.name)


def update_codes(
    project: Path,
    file: Path | None = None,
    *,
    take: Collection[str] | None = None,
    preview_only: bool = False,
    progress: Progress = SILENT,
) -> dict[str, Any]:
    """Take over a newer list: all that can be, or the kinds in *take* alone.

    Raises: InputError, EditError, StoreError; nothing is written then.
    """
    kinds = [str(kind) for kind in UnitChangeKind]
    for kind in take or ():
        if kind not in kinds:
            raise InputError("codes.unknown_kind", kind=kind, kinds=", ".join(kinds))
    units = None if file is None else read_base_units(file)
    with Session.open(project, write=not preview_only) as session:
        found = differences(session.snapshot, units)
        chosen = [
            one.change
            for one in found
            if one.refusal is None and (take is None or one.change.kind in take)
        ]
        revision = None if preview_only else session.snapshot.revision
        if chosen and not preview_only:
            note = "" if file is None else file.name
            revision = session.document.execute(TakeCodeList(chosen, note), progress).revision
        return {
            "differences": [_as_json(one) for one in found],
            "taken": 0 if preview_only else len(chosen),
            "revision": revision,
        }


def _as_json(one: UnitDifference) -> dict[str, Any]:
    change = one.change
    return {
        "kind": str(change.kind),
        "uid": change.area,
        "level": change.level,
        "old_code": one.old_code,
        "new_code": change.code or (one.old_code if change.kind == "renamed" else None),
        "old_name": one.old_name,
        "new_name": change.name or (one.old_name if change.kind == "recoded" else None),
        "refused": None if one.refusal is None else one.refusal.code,
    }
