"""What no change may do, whoever proposes it: make an area vanish, move a locked border."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gridadmin.base.errors import EditError
from gridadmin.base.ids import OUTSIDE, oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area, AreaKind, BorderLock, Land
from gridadmin.domain.scheme import LandRule
from gridadmin.edit.command import label
from gridadmin.edit.plan_locks import check_plan_lock, metres_of
from gridadmin.edit.shifts import Shift, Shifts, stretch_shift
from gridadmin.partition.snapshot import Snapshot


def check_nothing_vanishes(after: Snapshot, shifts: Shifts) -> None:
    """Refuse a change that takes the last land of a living area, claims on disputed land included.

    Raises: EditError ``edit.area_vanishes``.
    """
    for oid in shifts.touched():
        if shifts.has_land(oid) or not shifts.had_land(oid):
            continue
        area = after.owning_area(oid)
        if area is None or area.valid_to is not None or _is_claiming(after, area):
            continue
        if area.land == Land.STACKED:
            # Its cell has the land now.
            continue
        raise EditError("edit.area_vanishes", area=label(area), uid=area.uid)


def _is_claiming(snapshot: Snapshot, area: Area) -> bool:
    """Return whether an area, itself or through one below it, claims disputed land."""
    below = (child.uid for child in snapshot.descendants(area.uid))
    return any(snapshot.linked("dispute", uid) for uid in (area.uid, *below))


def check_may_hold_land(after: Snapshot, shifts: Shifts) -> None:
    """Refuse a change that gives land to an area that has none by its nature.

    Raises: EditError ``edit.is_stacked``, ``edit.never_drawn``.
    """
    for oid in shifts.touched():
        area = after.owning_area(oid)
        if area is None or shifts.had_land(oid) or not shifts.has_land(oid):
            continue
        if area.land == Land.STACKED:
            raise EditError("edit.is_stacked", area=label(area))
        level = after.scheme.level(area.level)
        is_listed = level is not None and level.land is LandRule.LISTED
        if is_listed and area.kind == AreaKind.GENERAL:
            raise EditError("edit.never_drawn", area=label(area))


def check_locks(
    before: Snapshot, shifts: Shifts, change: Change, *, may_move_frame: bool = False
) -> None:
    """Refuse a change that moves the frame, a border that somebody locked, or that a plan locks.

    A lock is kept when no vertex of the border moved or vanished and the old line lies within a
    millimetre of the new one.
    Raises: EditError ``edit.locked``, ``edit.borders_approved``, ``edit.borders_in_force``.
    """
    if before.has_frame and not may_move_frame:
        _check_kept(before, shifts.of(OUTSIDE))
    check_plan_lock(before, shifts)
    if not before.rows("border_lock"):
        return
    for row in change.of("border"):
        for lock in before.linked("border_lock", str(row.key)):
            if lock.scope == "border" and row.before is not None:
                _check_kept(before, stretch_shift(row.before, change), lock)
    for lock in _area_locks(before):
        _check_kept(before, shifts.of(oid_of(lock.target)), lock)


def _area_locks(snapshot: Snapshot) -> Iterator[BorderLock]:
    yield from (lock for lock in snapshot.rows("border_lock").values() if lock.scope == "area")


def _check_kept(before: Snapshot, shift: Shift, lock: BorderLock | None = None) -> None:
    """Refuse a shift that is more than a bend; without *lock* it is the frame's."""
    if shift.is_bend:
        return
    place = metres_of(before, shift.place)
    if lock is None:
        raise locked("frame", place=place)
    raise locked(lock.reason, lock.author, lock.since, place=place)


def locked(
    reason: str, author: str = "", since: str = "", *, place: Mapping[str, float] | None = None
) -> EditError:
    """Return the refusal of what would move a locked border: why, by whom and since when.

    *place* is ``x`` and ``y`` in metres of the plane, where the border would move.
    """
    said = " · ".join(part for part in (reason, author, since) if part)
    return EditError("edit.locked", reason=said, author=author, since=since, **(place or {}))
