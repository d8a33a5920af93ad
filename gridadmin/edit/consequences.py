"""What follows from a change of borders: drawn or listed, stale figures, empty owners, locks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from gridadmin.base.ids import UidMaker
from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.model import Area, BorderLock, BorderRow, Land
from gridadmin.edit.shifts import Shifts, stretch_shift, undirected_edges
from gridadmin.partition.snapshot import Snapshot


def consequences(before: Snapshot, after: Snapshot, shifts: Shifts) -> list[RowChange]:
    """Return the row changes that must go with a change of borders that led to *after*."""
    rows = []
    moved = shifts.moved()
    for oid in sorted(shifts.touched()):
        owner = after.owner(oid)
        if owner is None:
            continue
        table, uid = owner
        has_land = shifts.has_land(oid)
        if table == "area":
            old: Any = before.rows("area").get(uid)
            new = after.area(uid)
            # A figure that the change itself brings is one for the land that the area has now.
            is_known = oid in moved and old is not None
            row = _area_row(
                new,
                has_land=has_land,
                is_outdated=is_known and _figure(old) == _figure(new),
                has_old_bounds=is_known and old.four_bounds == new.four_bounds,
            )
            if row is not None:
                rows.append(row)
        elif not has_land:
            rows.append(RowChange(table, after.rows(table)[uid], None))
    return rows


def _figure(area: Area) -> tuple[int | None, str | None]:
    return area.households_typed, area.households_as_of


def _area_row(
    area: Area, *, has_land: bool, is_outdated: bool, has_old_bounds: bool
) -> RowChange | None:
    if area.valid_to is not None:
        return None
    changed = area
    if has_land and area.land == Land.LISTED:
        changed = replace(changed, land=Land.DRAWN)
    elif not has_land and area.land == Land.DRAWN:
        changed = replace(changed, land=Land.LISTED)
    if is_outdated and area.households_typed is not None and area.land == Land.DRAWN:
        # Its border moved since somebody typed the figure.
        changed = replace(changed, is_stale=True)
    if has_old_bounds and area.four_bounds is not None:
        changed = replace(changed, is_bounds_stale=True)
    return None if changed == area else RowChange("area", area, changed)


def locks_that_follow(before: Snapshot, change: Change, make_uid: UidMaker) -> Iterator[RowChange]:
    """Yield the lock rows that keep a locked line locked where its border was cut or joined."""
    if not before.rows("border_lock"):
        return
    for row in change.of("border"):
        if row.before is None:
            continue
        for lock in before.linked("border_lock", str(row.key)):
            if lock.scope == "border":
                yield from _followed(lock, row.before, change, make_uid)


def _followed(
    lock: BorderLock, border: BorderRow, change: Change, make_uid: UidMaker
) -> Iterator[RowChange]:
    line = undirected_edges([border.points]) | stretch_shift(border, change).gained
    heirs = [row.after for row in change.of("border") if row.after is not None]
    targets = [str(heir.id) for heir in heirs if line & undirected_edges([heir.points])]
    if targets and lock.target not in targets:
        yield RowChange("border_lock", lock, replace(lock, target=targets.pop(0)))
    for target in targets:
        if target != lock.target:
            yield RowChange("border_lock", None, replace(lock, uid=make_uid(), target=target))
