"""All dust, or all uninhabited slivers, settled at once: one proposal with counts, one gesture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.checks.coverage import listing_of
from gridadmin.checks.finding import face_area_m2
from gridadmin.domain.change import Change
from gridadmin.domain.model import Land
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.land_commands import without_pockets
from gridadmin.partition.faces import Face, faces_of
from gridadmin.partition.rewire import relabelled
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.widths import widest_circles
from gridadmin.repair.commands import REPAIR
from gridadmin.repair.takers import Taker, takers_of

DUST, SLIVERS = "dust", "slivers"
BATCHES = (DUST, SLIVERS)


@dataclass(frozen=True)
class Settled:
    """One face of a batch and who gets it."""

    face: Face
    kind: str
    taker: Taker


@dataclass(frozen=True)
class BatchPlan:
    """What a batch would settle, and how many faces it leaves, by reason.

    Reasons: ``locked`` (a locked border would move), ``no_taker`` (no area lies beside it, or one
    that claims it would be left without land).
    """

    settled: tuple[Settled, ...]
    left: Counter[str] = field(default_factory=Counter)

    @property
    def land_m2(self) -> float:
        """The land that changes hands, in m² of the plane."""
        return sum(face_area_m2(one.face) for one in self.settled)

    def counts(self) -> dict[str, int]:
        """Return how many faces are settled, by kind: gap, overlap, overhang."""
        return dict(sorted(Counter(one.kind for one in self.settled).items()))

    def areas(self) -> dict[str, tuple[int, float]]:
        """Return what each area gets: uid → faces, m² of the plane."""
        found: dict[str, tuple[int, float]] = {}
        for one in self.settled:
            count, land = found.get(one.taker.area.uid, (0, 0.0))
            found[one.taker.area.uid] = count + 1, land + face_area_m2(one.face)
        return found

    def told(self) -> dict[str, Any]:
        """Return the plan as JSON values for the answer to an edit line."""
        return {
            "settled": self.counts(),
            "land_m2": round(self.land_m2, 6),
            "left": dict(sorted(self.left.items())),
        }


def plan_batch(snapshot: Snapshot, what: str, progress: Progress = SILENT) -> BatchPlan:
    """Return what a batch settles: each face goes to who shares the longest border with it.

    *what*: ``dust`` = gaps and disputed land below the smallest listed defect; ``slivers`` = listed
    ones that are narrower than a sliver of the scheme and have no building on them.
    Raises: Cancelled.
    """
    found: list[Settled] = []
    left: Counter[str] = Counter()
    locks = _Locks(snapshot)
    faces = _dust(snapshot) if what == DUST else _slivers(snapshot)
    for number, (kind, face) in enumerate(faces):
        if number % 64 == 0:
            checkpoint(progress, "progress.repairing", number, number + 64)
        taker = _heir(snapshot, face, locks)
        if isinstance(taker, str):
            left[taker] += 1
        else:
            found.append(Settled(face, kind, taker))
    return BatchPlan(tuple(found), left)


def _listed_faces(snapshot: Snapshot) -> Iterator[tuple[str, Face]]:
    for oid in sorted(snapshot.partition.owners()):
        listing = listing_of(snapshot, oid)
        if listing is not None:
            for face in faces_of(snapshot.partition, oid):
                yield listing.kind, face


def _dust(snapshot: Snapshot) -> list[tuple[str, Face]]:
    least = snapshot.min_area_m2
    return [(kind, face) for kind, face in _listed_faces(snapshot) if face_area_m2(face) < least]


def _slivers(snapshot: Snapshot) -> list[tuple[str, Face]]:
    least = snapshot.min_area_m2
    listed = [(kind, face) for kind, face in _listed_faces(snapshot) if face_area_m2(face) >= least]
    if not listed:
        return []
    polygons = np.empty(len(listed), dtype=object)
    for number, (_, face) in enumerate(listed):
        part = face.part()
        polygons[number] = shapely.Polygon(part.shell, part.holes)
    widest_mm = snapshot.check("sliver").param("width_m") * 1000
    narrow = [
        number
        for number, width in enumerate(widest_circles(polygons).width.tolist())
        if width < widest_mm
    ]
    counts, partition = snapshot.counts, snapshot.partition
    return [
        listed[number] for number in narrow if counts.in_face(partition, listed[number][1])[0] == 0
    ]


class _Locks:
    """Which outlines and borders somebody locked."""

    def __init__(self, snapshot: Snapshot) -> None:
        locks = snapshot.rows("border_lock").values()
        self._snapshot = snapshot
        self._areas = {lock.target for lock in locks if lock.scope == "area"}
        self._borders = {lock.target for lock in locks if lock.scope == "border"}

    def hold(self, face: Face, taker: Taker) -> bool:
        """Return whether giving a face to somebody would move what is locked."""
        holder = self._snapshot.owning_area(face.owner)
        above = set() if holder is None else set(self._line(holder.uid))
        if self._areas and self._areas & ({*self._line(taker.area.uid)} ^ above):
            return True
        return any(
            str(half.border.id) in self._borders and half.opposite_owner == taker.oid
            for half in face.halves()
        )

    def _line(self, uid: str) -> list[str]:
        return [uid, *(area.uid for area in self._snapshot.ancestors(uid))]


def _heir(snapshot: Snapshot, face: Face, locks: _Locks) -> Taker | str:
    """Return who gets a face of a batch, or why nobody does."""
    takers = takers_of(snapshot, face)
    landless = [taker for taker in takers if taker.area.land != Land.DRAWN]
    if len(landless) > 1:
        return "no_taker"
    able = [taker for taker in landless or takers if landless or taker.shared_mm > 0]
    free = [taker for taker in able if not locks.hold(face, taker)]
    if free:
        return free[0]
    return "locked" if able else "no_taker"


@dataclass(frozen=True)
class RepairBatch:
    """Settle all faces of a batch as one gesture."""

    what: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.nothing_to_settle``."""
        return batch_change(snapshot, desk, plan_batch(snapshot, self.what))


@dataclass(frozen=True)
class PlannedBatch:
    """Settle what a plan says, made on the same state of the project."""

    plan: BatchPlan
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.nothing_to_settle``."""
        return batch_change(snapshot, desk, self.plan)


def batch_change(snapshot: Snapshot, desk: Desk, plan: BatchPlan) -> Change:
    """Return the change that settles what a plan says.

    Raises: EditError ``edit.nothing_to_settle``.
    """
    if not plan.settled:
        raise EditError("edit.nothing_to_settle")
    owner_of = {half.key: one.taker.oid for one in plan.settled for half in one.face.halves()}
    draft = Draft(snapshot)
    changes = relabelled(snapshot.partition, owner_of, desk.ids)
    draft.borders(without_pockets(snapshot, changes, desk))
    draft.tell(**plan.told())
    return draft.change(REPAIR)
