"""Lock the outline of an area or a single border by hand, and unlock it again."""

from __future__ import annotations

from dataclasses import dataclass

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.model import BorderLock, Land
from gridadmin.edit.area_commands import checked_text
from gridadmin.edit.command import Metres, find_area, in_the_plane, kernel_place, label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.moves import find_stretch
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class LockTarget:
    """What is locked: the outline of an *area*, or the border within 1 mm of a place."""

    area: str | None = None
    border: Metres | None = None

    def found(self, snapshot: Snapshot) -> tuple[str, str]:
        """Return scope and target of the lock. Raises: EditError."""
        if self.area is not None:
            area = find_area(snapshot, self.area)
            if area.land != Land.DRAWN:
                raise EditError("edit.not_drawn", area=label(area))
            return "area", area.uid
        if self.border is None:
            raise EditError("edit.missing_value", field="area")
        place = kernel_place(snapshot, self.border)
        try:
            border, _ = find_stretch(snapshot.partition, *place)
        except EditError as refusal:
            raise in_the_plane(refusal, snapshot) from refusal
        return "border", str(border.id)


@dataclass(frozen=True)
class Lock:
    """Lock a border or an outline: nothing moves it until it is unlocked."""

    target: LockTarget
    reason: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        scope, target = self.target.found(snapshot)
        reason = checked_text("reason", self.reason)
        for lock in _locks_on(snapshot, scope, target):
            raise EditError("edit.already_locked", reason=lock.reason, author=lock.author)
        draft = Draft(snapshot)
        draft.put(
            "border_lock",
            BorderLock(desk.new_uid(), scope, target, reason, desk.author, desk.today),
        )
        return draft.change("lock", note=reason)


@dataclass(frozen=True)
class Unlock:
    """Take away what locks a border or an outline; the log keeps who did, and why."""

    target: LockTarget
    reason: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.not_locked``."""
        scope, target = self.target.found(snapshot)
        reason = checked_text("reason", self.reason)
        locks = _locks_on(snapshot, scope, target)
        if not locks:
            raise EditError("edit.not_locked")
        draft = Draft(snapshot)
        for lock in locks:
            draft.remove("border_lock", lock.uid)
        draft.tell(locked=[[lock.reason, lock.author, lock.since] for lock in locks])
        return draft.change("unlock", note=reason)


def _locks_on(snapshot: Snapshot, scope: str, target: str) -> list[BorderLock]:
    return [lock for lock in snapshot.linked("border_lock", target) if lock.scope == scope]
