"""Which scopes there are in a snapshot, and which of them a change touches."""

from __future__ import annotations

from collections.abc import Iterable

from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.checks.finding import Scope
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area, Land
from gridadmin.partition.base import chain_of
from gridadmin.partition.snapshot import Snapshot


def all_scopes(snapshot: Snapshot) -> set[Scope]:
    """Return every scope but those of single faces."""
    scopes = {owner_scope(oid) for oid in snapshot.partition.owners() if oid != OUTSIDE}
    for area in snapshot.areas():
        scopes |= {("area", area.uid), ("name", area.parent or "")}
        if area.code is not None:
            scopes.add(("code", area.code))
    return scopes


def owner_scope(oid: int) -> Scope:
    """Return the scope of the land that one owner holds itself."""
    return "owner", str(oid)


def concerns_all(change: Change) -> bool:
    """Return whether a change may bear on any scope: settings, the tree, the root's code."""
    for row in change.rows:
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
    for row in change.of("reference_outline"):
        scopes.update(("area", r.area) for r in (row.before, row.after) if r is not None)
    for row in change.of("dispute"):
        scopes.add(owner_scope(oid_of(str(row.key))))
        for dispute in (row.before, row.after):
            for uid in () if dispute is None else dispute.claims.split():
                scopes |= _disputes_of(before, uid) | _disputes_of(after, uid)
    return scopes | _scopes_of_buildings(before, after, change)


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
            scopes |= _disputes_of(before, area.uid) | _disputes_of(after, area.uid)
        if _naming(old) != _naming(new):
            scopes.add(("name", area.parent or ""))
        if _coding(old) != _coding(new):
            scopes.update(("area", uid) for uid in snapshot.child_uids(area.uid))
            if area.code is not None:
                scopes.add(("code", area.code))
    return scopes


def _standing(area: Area | None) -> tuple[bool, bool]:
    return (
        (False, False)
        if area is None or area.valid_to is not None
        else (True, area.land == Land.DRAWN)
    )


def _naming(area: Area | None) -> tuple[str, str, str | None] | None:
    # What says that two bear one name tells their codes.
    if area is None or area.valid_to is not None:
        return None
    return area.name, area.level, area.code


def _coding(area: Area | None) -> tuple[str | None] | None:
    return None if area is None or area.valid_to is not None else (area.code,)


def _scopes_above(snapshot: Snapshot, area: Area) -> set[Scope]:
    """Return the scopes of the land from which an area takes what it gets, at every level."""
    above = [oid_of(a.uid) for a in snapshot.ancestors(area.uid)]
    return {owner_scope(oid) for oid in (*above, NOBODY)}


def _disputes_of(snapshot: Snapshot, uid: str) -> set[Scope]:
    return {owner_scope(oid_of(dispute.uid)) for dispute in snapshot.linked("dispute", uid)}


def _scopes_of_buildings(before: Snapshot, after: Snapshot, change: Change) -> set[Scope]:
    """Return the areas whose households buildings, entrances and stacked parts make."""
    scopes: set[Scope] = set()
    buildings = {str(row.key) for row in change.of("building")}
    for row in change.of("building"):
        for snapshot, building in ((before, row.before), (after, row.after)):
            if building is not None:
                owner = snapshot.counts.owner_of(building.uid)
                for oid in chain_of(owner, snapshot.partition.parents):
                    scopes.add(owner_scope(oid))
                    area = snapshot.owning_area(oid)
                    if area is not None:
                        scopes.add(("area", area.uid))
    for row in change.of("entrance"):
        buildings.update(r.building for r in (row.before, row.after) if r is not None)
    for row in change.of("stacked_part"):
        scopes.update(("area", r.area) for r in (row.before, row.after) if r is not None)
    for uid in buildings:
        for snapshot in (before, after):
            scopes.update(("area", part.area) for part in snapshot.linked("stacked_part", uid))
    return scopes
