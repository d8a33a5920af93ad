"""Codes and names: there, of the right form, under the right parent, borne once and never again."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gridadmin.checks.finding import area_issue
from gridadmin.checks.look import Look, Survey
from gridadmin.checks.registry import Check
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import CELL_LEVEL, Area
from gridadmin.partition.bands import areas_in_bands
from gridadmin.partition.snapshot import Snapshot


def _code(look: Look, uid: str) -> Iterator[Issue]:
    snapshot = look.snapshot
    area = snapshot.area(uid)
    if area.level == CELL_LEVEL or snapshot.root.code is None:
        # A project without a root code has no codes to be checked against.
        return
    if area.code is None:
        yield area_issue(snapshot, "code_missing", uid)
        return
    parent = None if area.parent is None else snapshot.area(area.parent)
    level = snapshot.scheme.level(area.level)
    template = None if level is None else level.code
    if template is not None:
        parts = template.parse(area.code)
        above = "" if parent is None or parent.code is None else parent.code
        if parts is None:
            yield area_issue(snapshot, "code_form", uid, parent=above)
        elif above and parts.parent_code != above:
            yield area_issue(snapshot, "code_parent", uid, parent=above)
    elif not _is_statistical(area):
        yield area_issue(snapshot, "code_form", uid, parent="")
    elif parent is not None and parent.code and not area.code.startswith(parent.code):
        yield area_issue(snapshot, "code_parent", uid, parent=parent.code)


_DIGITS = {"city": 4, "district": 6, "street": 9, "community": 12}


def _is_statistical(area: Area) -> bool:
    """Return whether a code has the digits of its level. Source: 国家统计局, 统计用区划代码."""
    code = area.code or ""
    wanted = _DIGITS.get(area.level)
    return wanted is None or (code.isascii() and code.isdigit() and len(code) == wanted)


def _name(look: Look, uid: str) -> Iterator[Issue]:
    if not look.snapshot.area(uid).name.strip():
        yield area_issue(look.snapshot, "name_missing", uid)


def _same_code(look: Look, code: str) -> Iterator[Issue]:
    bearing = look.snapshot.bearing(code)
    if len(bearing) > 1:
        for area in bearing:
            yield area_issue(look.snapshot, "code_duplicate", area.uid, count=len(bearing))


def _reused(look: Look, code: str) -> Iterator[Issue]:
    """Yield the areas that bear a code which was another's once."""
    snapshot = look.snapshot
    bearing = snapshot.bearing(code)
    if not bearing or snapshot.code_register.count(code) <= len(bearing):
        return
    own = sum(_rows_with(snapshot, area.uid, code) for area in bearing)
    if snapshot.code_register.count(code) > own:
        for area in bearing:
            yield area_issue(snapshot, "code_reused", area.uid)


def _rows_with(snapshot: Snapshot, uid: str, code: str) -> int:
    periods = snapshot.linked("code_period", uid)
    return 1 + len([period for period in periods if period.code == code])


def _formerly_others(survey: Survey) -> Collection[str]:
    """Return the codes that an area bore which doesn't bear them now."""
    areas = survey.snapshot.rows("area")
    # Edits ask for these one by one: the register and the index are ready from here on.
    survey.snapshot.code_register.count("")
    survey.snapshot.linked("code_period", "")
    found = {a.code for a in areas.values() if a.valid_to is not None and a.code is not None}
    for period in survey.snapshot.rows("code_period").values():
        area = areas.get(period.area)
        if area is None or area.code != period.code:
            found.add(period.code)
    return found


def _same_name(look: Look, parent: str) -> Iterator[Issue]:
    snapshot = look.snapshot
    by_name: dict[tuple[str, str], list[Area]] = {}
    for uid in snapshot.child_uids(parent or None):
        area = snapshot.area(uid)
        if area.name.strip():
            by_name.setdefault((area.level, area.name), []).append(area)
    for same in by_name.values():
        if len(same) > 1:
            for area in same:
                yield area_issue(snapshot, "name_duplicate", area.uid, count=len(same))


def _order(look: Look, parent: str) -> Iterator[Issue]:
    """Yield where codes below an area don't run in bands from north to south, west to east."""
    snapshot = look.snapshot
    groups: dict[tuple[str, str], list[Area]] = {}
    for child in snapshot.children(parent):
        if child.code is not None and child.level != CELL_LEVEL:
            groups.setdefault((child.level, child.kind), []).append(child)
    count = 0
    for areas in groups.values():
        wanted = areas_in_bands(snapshot, areas)
        count += sum(one.uid != other.uid for one, other in zip(areas, wanted, strict=True))
    if count:
        yield area_issue(snapshot, "code_order", parent, count=count)


CHECKS = (
    Check(("code_missing", "code_form", "code_parent"), "area", _code),
    Check(("name_missing",), "area", _name),
    Check(("code_duplicate",), "code", _same_code),
    Check(("code_reused",), "code", _reused, _formerly_others),
    Check(("name_duplicate",), "name", _same_name),
    Check(("code_order",), "parent", _order),
)
