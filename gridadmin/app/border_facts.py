"""What there is to say of one border: whom it separates, at which levels, length, locks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from gridadmin.app.holders import Holder, HolderKind, chain_above, holder_of
from gridadmin.base.ids import OUTSIDE, oid_of
from gridadmin.domain.model import BorderLock, BorderRow, PlanState
from gridadmin.edit.plan_locks import locking_plan
from gridadmin.partition.border import points_of
from gridadmin.partition.planar import outlined
from gridadmin.partition.snapshot import Snapshot


class LockKind(StrEnum):
    """What locks a border."""

    FRAME = "frame"
    PLAN = "plan"
    AREA = "area"
    BORDER = "border"


@dataclass(frozen=True)
class LockFact:
    """One lock: what puts it on, why, who did and since when.

    ``reason`` is empty for the frame and the name of a plan for a plan's, with its state and
    document number in ``state`` and ``document``. ``area`` is whose outline is locked.
    """

    kind: LockKind
    reason: str = ""
    author: str = ""
    since: str = ""
    area: str | None = None
    state: str = ""
    document: str = ""


@dataclass(frozen=True)
class BorderFacts:
    """One border. ``level`` is the highest that it separates, empty where it separates none.

    ``separated`` are the areas of that level on the left and on the right, None where none is.
    """

    border: BorderRow
    left: Holder
    right: Holder
    level: str
    separated: tuple[str | None, str | None]
    is_outer: bool
    length_m: float
    vertices: int
    locks: tuple[LockFact, ...]


def facts_of_border(snapshot: Snapshot, border: BorderRow) -> BorderFacts:
    """Return the facts of one border."""
    left, right = holder_of(snapshot, border.left), holder_of(snapshot, border.right)
    level, separated = _separated(snapshot, left, right)
    xy = points_of(border)
    steps = np.diff(xy, axis=0).astype(np.float64)
    return BorderFacts(
        border=border,
        left=left,
        right=right,
        level=level,
        separated=separated,
        is_outer=OUTSIDE in (border.left, border.right),
        length_m=float(np.hypot(steps[:, 0], steps[:, 1]).sum()) / 1000,
        vertices=len(xy),
        locks=tuple(locks_of_border(snapshot, border)),
    )


def middle_of(snapshot: Snapshot, border: BorderRow) -> tuple[float, float]:
    """Return a place on a border that names it: the middle of its longest stretch, plane metres."""
    xy = snapshot.place(points_of(border))
    steps = np.diff(xy, axis=0)
    at = int(np.hypot(steps[:, 0], steps[:, 1]).argmax())
    x, y = xy[at : at + 2].mean(axis=0).tolist()
    return x, y


def _separated(
    snapshot: Snapshot, left: Holder, right: Holder
) -> tuple[str, tuple[str | None, str | None]]:
    chains = [_chain(snapshot, holder) for holder in (left, right)]
    common = 0
    while all(common < len(chain) for chain in chains) and chains[0][common] == chains[1][common]:
        common += 1
    rests = [chain[common] if common < len(chain) else None for chain in chains]
    levels = [snapshot.area(uid).level for uid in rests if uid is not None]
    if not levels:
        return "", (None, None)
    level = min(levels, key=snapshot.level_rank)
    first, second = (
        uid if uid is not None and snapshot.area(uid).level == level else None for uid in rests
    )
    return level, (first, second)


def _chain(snapshot: Snapshot, holder: Holder) -> list[str]:
    return chain_above(snapshot, holder.uid) if holder.kind is HolderKind.AREA else []


def locks_of_border(snapshot: Snapshot, border: BorderRow) -> list[LockFact]:
    """Return what locks a border: the frame, a plan, locks put on by hand."""
    facts = []
    if snapshot.has_frame and OUTSIDE in (border.left, border.right):
        facts.append(LockFact(LockKind.FRAME))
    facts += plan_lock(snapshot)
    locks = snapshot.rows("border_lock")
    if not locks:
        return facts
    facts += [
        _by_hand(lock, LockKind.BORDER)
        for lock in snapshot.linked("border_lock", str(border.id))
        if lock.scope == "border"
    ]
    around = set(outlined(border, snapshot.partition.parents))
    facts += [
        _by_hand(lock, LockKind.AREA)
        for lock in locks.values()
        if lock.scope == "area" and oid_of(lock.target) in around
    ]
    return facts


def locks_of_area(snapshot: Snapshot, uid: str) -> list[LockFact]:
    """Return what locks the outline of an area as a whole: a plan, and locks put on by hand."""
    by_hand = snapshot.linked("border_lock", uid)
    return [
        *plan_lock(snapshot),
        *(_by_hand(lock, LockKind.AREA) for lock in by_hand if lock.scope == "area"),
    ]


def plan_lock(snapshot: Snapshot) -> list[LockFact]:
    """Return the lock of the plan that locks all borders; empty when none does."""
    plan = locking_plan(snapshot)
    if plan is None:
        return []
    since = plan.in_force if plan.state == PlanState.IN_FORCE else plan.approved
    return [
        LockFact(
            LockKind.PLAN,
            plan.name,
            plan.author or "",
            since or "",
            state=plan.state,
            document=plan.document or "",
        )
    ]


def _by_hand(lock: BorderLock, kind: LockKind) -> LockFact:
    area = lock.target if kind is LockKind.AREA else None
    return LockFact(kind, lock.reason, lock.author, lock.since, area)
