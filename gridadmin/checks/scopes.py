"""Which scopes there are in a snapshot, and which of them a change touches.

A scope is what checks look at as a whole: an owner's own land, an area, a parent with its children,
a code, the names under a parent, a building, a compound, a border, a group of areas, exempt land.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import shapely

from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.checks.finding import Scope
from gridadmin.checks.look import Look
from gridadmin.checks.people import buildings_on
from gridadmin.domain.bookmark import BOOKMARKS_SETTING
from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.model import Area, AreaKind, BorderRow, Land
from gridadmin.partition.base import chain_of
from gridadmin.partition.border import points_of
from gridadmin.partition.campus import CAMPUS
from gridadmin.partition.snapshot import Snapshot


def _owners(snapshot: Snapshot) -> Iterable[str]:
    return (str(oid) for oid in snapshot.partition.owners() if oid != OUTSIDE)


def _codes(snapshot: Snapshot) -> Iterable[str]:
    return {area.code for area in snapshot.areas() if area.code is not None}


def _parents(snapshot: Snapshot) -> Iterable[str]:
    return (area.uid for area in snapshot.areas() if snapshot.child_uids(area.uid))


ALL_KEYS: Mapping[str, Callable[[Snapshot], Iterable[str]]] = {
    "owner": _owners,
    "area": lambda snapshot: (area.uid for area in snapshot.areas()),
    "parent": _parents,
    "code": _codes,
    "name": lambda snapshot: {area.parent or "" for area in snapshot.areas()},
    "building": lambda snapshot: (uid for uid in snapshot.rows("building")),
    "compound": lambda snapshot: snapshot.rows("compound"),
    "border": lambda snapshot: (str(number) for number in snapshot.partition.arrays().ids.tolist()),
    "group": lambda snapshot: snapshot.rows("grouping"),
    "exempt": lambda snapshot: snapshot.rows("exempt"),
    "beyond": lambda _: ("",),
}
"""How all keys of a scope are found in a snapshot."""


def owner_scope(oid: int) -> Scope:
    """Return the scope of the land that one owner holds itself."""
    return "owner", str(oid)


def is_there(snapshot: Snapshot, scope: Scope) -> bool:
    """Return whether a scope that a change touched can still be looked at."""
    kind, key = scope
    if kind not in ("area", "parent"):
        return True
    area = snapshot.rows("area").get(key)
    return area is not None and area.valid_to is None


_MANY_ROWS = 2000


def needs_full_check(change: Change) -> bool:
    """Return whether checking everything anew is no dearer than following a change."""
    return len(change.rows) > _MANY_ROWS or concerns_all(change)


def concerns_all(change: Change) -> bool:
    """Return whether a change may bear on any scope: settings, groups, tree, the root's code."""
    for row in change.rows:
        if row.table == "setting" and row.key == BOOKMARKS_SETTING:
            continue
        if row.table == "grouping" and not _is_campus(row):
            return True
        if row.table == "setting":
            return True
        if row.table == "area" and row.before is not None and row.after is not None:
            old, new = row.before, row.after
            if (old.level, old.parent) != (new.level, new.parent):
                return True
            if new.parent is None and (old.code is None) != (new.code is None):
                # Without a code of the root no code is checked.
                return True
    return False


def _is_campus(row: RowChange) -> bool:
    """Return whether a grouping only says which areas are one campus: no other rule hears it."""
    return all(one is None or one.kind == CAMPUS for one in (row.before, row.after))


def touched_scopes(
    before: Snapshot, after: Snapshot, change: Change, touched: Iterable[int]
) -> set[Scope]:
    """Return the scopes that a change touches, but those of single faces.

    *touched* are the owners whose outline is another one.
    """
    scopes = {owner_scope(oid) for oid in sides_of(change)}
    for oid in touched:
        for snapshot in (before, after):
            area = snapshot.owning_area(oid)
            if area is not None:
                scopes.add(("area", area.uid))
    for row in change.of("area"):
        scopes |= _scopes_of_row(before, after, row.before, row.after)
    for row in change.of("code_period"):
        scopes |= {("code", r.code) for r in (row.before, row.after) if r is not None}
    scopes |= _scopes_of_exempt(before, after, change)
    for row in change.of("dispute"):
        scopes |= _scopes_of_dispute(before, after, row)
    scopes |= _scopes_of_buildings(before, after, change)
    scopes |= _scopes_of_outlines(before, after, change)
    scopes |= {("group", str(row.key)) for row in change.of("grouping")}
    scopes |= _scopes_on_ground(before, after, change)
    for _, uid in [scope for scope in scopes if scope[0] == "area"]:
        scopes |= _scopes_around(before, after, uid)
    return scopes


def sides_of(change: Change) -> set[int]:
    """Return who holds land beside the borders of a change, but the outside."""
    sides = set()
    for row in change.of("border"):
        for border in (row.before, row.after):
            if border is not None:
                sides |= {border.left, border.right}
    return sides - {OUTSIDE}


def _scopes_of_row(
    before: Snapshot, after: Snapshot, old: Area | None, new: Area | None
) -> set[Scope]:
    scopes: set[Scope] = set()
    for snapshot, area in ((before, old), (after, new)):
        if area is None:
            continue
        scopes |= {("area", area.uid), owner_scope(oid_of(area.uid))}
        if _standing(old) != _standing(new):
            scopes |= _scopes_above(snapshot, area)
            if area.parent is not None:
                scopes.add(("area", area.parent))
            scopes |= _disputes_of(before, area.uid) | _disputes_of(after, area.uid)
        if _naming(old) != _naming(new):
            # Sentences tell an area's name and code, whichever of the two they are about.
            scopes.add(("name", area.parent or ""))
            if area.code is not None:
                scopes.add(("code", area.code))
        if area.parent is None or area.kind == AreaKind.EXCLUSIVE:
            # An exclusive area may be a part of a campus that another one names.
            scopes.add(("beyond", ""))
        if _code_of(old) != _code_of(new):
            scopes.update(("area", uid) for uid in snapshot.child_uids(area.uid))
        for part in snapshot.linked("stacked_part", area.uid):
            scopes.add(("building", part.building))
    return scopes


def _standing(area: Area | None) -> tuple[bool, bool]:
    return (
        (False, False)
        if area is None or area.valid_to is not None
        else (True, area.land == Land.DRAWN)
    )


def _naming(area: Area | None) -> tuple[str, str | None, str] | None:
    is_alive = area is not None and area.valid_to is None
    return (area.name, area.code, area.level) if area is not None and is_alive else None


def _code_of(area: Area | None) -> str | None:
    return None if area is None or area.valid_to is not None else area.code


def _scopes_above(snapshot: Snapshot, area: Area) -> set[Scope]:
    """Return the scopes of the land from which an area takes what it gets, at every level."""
    above = [oid_of(a.uid) for a in snapshot.ancestors(area.uid)]
    return {owner_scope(oid) for oid in (*above, NOBODY)}


def _disputes_of(snapshot: Snapshot, uid: str) -> set[Scope]:
    return {owner_scope(oid_of(dispute.uid)) for dispute in snapshot.linked("dispute", uid)}


def _scopes_of_dispute(before: Snapshot, after: Snapshot, row: RowChange) -> set[Scope]:
    scopes = {owner_scope(oid_of(str(row.key)))}
    for snapshot in (before, after):
        scopes |= {("building", uid) for uid in buildings_on(snapshot, str(row.key))}
    for dispute in (row.before, row.after):
        for uid in () if dispute is None else dispute.claims.split():
            scopes |= _disputes_of(before, uid) | _disputes_of(after, uid)
    return scopes


def _scopes_of_exempt(before: Snapshot, after: Snapshot, change: Change) -> set[Scope]:
    """Return the exempt land that says something else, or whose outline is another one."""
    scopes: set[Scope] = {("exempt", str(row.key)) for row in change.of("exempt")}
    for oid in sides_of(change):
        for snapshot in (before, after):
            owner = snapshot.owner(oid)
            if owner is not None and owner[0] == "exempt":
                scopes.add(("exempt", owner[1]))
    return scopes


def _scopes_around(before: Snapshot, after: Snapshot, uid: str) -> set[Scope]:
    """Return the parents and groups that an area which a change touches is looked at with."""
    scopes: set[Scope] = {("parent", uid)}
    for snapshot in (before, after):
        area = snapshot.rows("area").get(uid)
        if area is not None and area.parent is not None:
            scopes.add(("parent", area.parent))
        if snapshot.rows("grouping_member"):
            members = snapshot.linked("grouping_member", uid)
            scopes |= {("group", row.grouping) for row in members}
    return scopes


def _scopes_of_outlines(before: Snapshot, after: Snapshot, change: Change) -> set[Scope]:
    """Return the areas and groups whose outlines of files or members change."""
    scopes: set[Scope] = set()
    for row in change.of("reference_outline"):
        for r in (row.before, row.after):
            if r is not None:
                scopes.add(("area", r.area))
                for snapshot in (before, after):
                    member = snapshot.rows("grouping_member").get(r.area)
                    if member is not None:
                        scopes.add(("group", member.grouping))
    for row in change.of("grouping_member"):
        for r in (row.before, row.after):
            if r is not None:
                scopes |= {("group", r.grouping), ("area", r.member), ("beyond", "")}
    return scopes


def _scopes_of_buildings(before: Snapshot, after: Snapshot, change: Change) -> set[Scope]:
    """Return what the households of buildings, entrances and stacked parts count for."""
    scopes: set[Scope] = set()
    buildings = {str(row.key) for row in change.of("building")}
    for row in change.of("building"):
        scopes.add(("beyond", ""))
        for snapshot, building in ((before, row.before), (after, row.after)):
            if building is not None:
                scopes |= _scopes_under(snapshot, building.uid)
    for row in change.of("entrance"):
        buildings.update(r.building for r in (row.before, row.after) if r is not None)
    for row in change.of("stacked_part"):
        for r in (row.before, row.after):
            if r is not None:
                scopes.add(("area", r.area))
                buildings.add(r.building)
    for uid in buildings:
        scopes.add(("building", uid))
        for snapshot in (before, after):
            scopes.update(("area", part.area) for part in snapshot.linked("stacked_part", uid))
    return scopes


def _scopes_under(snapshot: Snapshot, building: str) -> set[Scope]:
    """Return the land that a building stands on, at every level."""
    scopes: set[Scope] = set()
    owner = snapshot.counts.owner_of(building)
    for oid in chain_of(owner, snapshot.partition.parents):
        scopes.add(owner_scope(oid))
        area = snapshot.owning_area(oid)
        if area is not None:
            scopes.add(("area", area.uid))
    return scopes


def _scopes_on_ground(before: Snapshot, after: Snapshot, change: Change) -> set[Scope]:
    """Return the borders, buildings and compounds that borders or lines of a change concern."""
    scopes: set[Scope] = {("compound", str(row.key)) for row in change.of("compound")}
    borders = change.of("border")
    looks = Look(before), Look(after)
    if borders:
        scopes.add(("beyond", ""))
        pairs = [(row.before, row.after) for row in borders]
        if after.rows("building"):
            moved = before.counts.handed_over(after.counts, pairs)
            scopes |= {("building", uid) for uid in moved}
        lines = [border for pair in pairs for border in pair if border is not None]
        for look in looks:
            scopes |= _met_by(look, lines)
    if _is_on(after, "border_off_line", "border_crosses"):
        scopes |= {("border", str(row.key)) for row in borders}
        for row in change.of("line_object"):
            for look, line in ((looks[0], row.before), (looks[1], row.after)):
                if line is not None:
                    scopes |= _borders_near(look, str(row.key))
    return scopes


def _is_on(snapshot: Snapshot, *kinds: str) -> bool:
    return any(snapshot.check(kind).on for kind in kinds)


def _met_by(look: Look, borders: list[BorderRow]) -> set[Scope]:
    """Return the buildings and compounds that borders run through."""
    snapshot = look.snapshot
    found: set[Scope] = set()
    lines = None
    if not borders:
        return found
    for kind, table in (("building_cut", "building"), ("compound_cut", "compound")):
        if not snapshot.check(kind).on or not snapshot.rows(table):
            continue
        placed = look.ground.buildings if table == "building" else look.ground.compounds
        if lines is None:
            points = [points_of(border) for border in borders]
            rows = np.repeat(np.arange(len(points)), [len(xy) for xy in points])
            lines = shapely.linestrings(np.concatenate(points) / 1000.0, indices=rows)
        _, hit = placed.tree.query(lines, predicate="intersects")
        found |= {(table, placed.objects[number].uid) for number in np.unique(hit).tolist()}
    return found


def _borders_near(look: Look, uid: str) -> set[Scope]:
    """Return the borders near the lines of one object on the ground."""
    reach_mm = round(look.snapshot.check("border_off_line").param("reach_m") * 1000) + 1
    found: set[Scope] = set()
    for ground in look.ground.lines.objects:
        if ground.uid == uid:
            low = np.floor(ground.points.min(axis=0) * 1000).astype(np.int64) - reach_mm
            high = np.ceil(ground.points.max(axis=0) * 1000).astype(np.int64) + reach_mm
            box: tuple[Any, Any] = tuple(low.tolist()), tuple(high.tolist())
            found |= {("border", str(b.id)) for b in look.snapshot.partition.in_box(*box)}
    return found
