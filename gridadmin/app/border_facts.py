"""What there is to say of one border: whom it separates, at which levels, length, locks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridadmin.app.holders import Holder, HolderKind, chain_above, holder_of
from gridadmin.base.ids import OUTSIDE, oid_of
from gridadmin.domain.model import BorderRow
from gridadmin.partition.border import points_of
from gridadmin.partition.planar import outlined
from gridadmin.partition.snapshot import Snapshot

FRAME = "frame"
"""The reason of the lock that the frame puts on the project's outer border."""


@dataclass(frozen=True)
class BorderFacts:
    """One border. ``level`` is the highest that it separates, empty where it separates none.

    ``separated`` are the areas of that level on the left and on the right, None where none is.
    ``locks`` are reasons; :data:`FRAME` stands for the frame.
    """

    border: BorderRow
    left: Holder
    right: Holder
    level: str
    separated: tuple[str | None, str | None]
    is_outer: bool
    length_m: float
    vertices: int
    locks: tuple[str, ...]


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
        locks=tuple(_locks(snapshot, border)),
    )


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


def _locks(snapshot: Snapshot, border: BorderRow) -> list[str]:
    reasons = []
    if snapshot.has_frame and OUTSIDE in (border.left, border.right):
        reasons.append(FRAME)
    locks = snapshot.rows("border_lock")
    if not locks:
        return reasons
    reasons += [
        lock.reason
        for lock in snapshot.linked("border_lock", str(border.id))
        if lock.scope == "border"
    ]
    around = set(outlined(border, snapshot.partition.parents))
    reasons += [
        lock.reason
        for lock in locks.values()
        if lock.scope == "area" and oid_of(lock.target) in around
    ]
    return reasons
