"""Who may have a face that no area holds for good."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.domain.model import Area
from gridadmin.partition.faces import Face
from gridadmin.partition.snapshot import Snapshot


class Case(StrEnum):
    """What a face is that can be settled."""

    GAP = "gap"
    """Nobody's land, or land that a divided parent still holds itself."""
    OVERLAP = "overlap"
    OVERHANG = "overhang"


def case_of(snapshot: Snapshot, owner: int) -> Case | None:
    """Return what the faces of *owner* are; None when there is nothing to settle.

    Exempt land is never given away by a repair, land of an area that isn't divided is its own.
    """
    if owner == NOBODY:
        return Case.GAP
    found = snapshot.owner(owner)
    if found is None or found[0] == "exempt":
        return None
    if found[0] == "dispute":
        return Case.OVERHANG if snapshot.dispute(found[1]).kind == "overhang" else Case.OVERLAP
    return Case.GAP if snapshot.has_drawn_children(found[1]) else None


@dataclass(frozen=True)
class Taker:
    """Somebody who may have a face, and the border in mm that the two share.

    In a dispute ``claim`` is the claimant for whom the area stands: itself or an ancestor.
    """

    area: Area
    shared_mm: float
    claim: str = ""

    @property
    def oid(self) -> int:
        """The number under which the area holds land."""
        return oid_of(self.area.uid)


def takers_of(snapshot: Snapshot, face: Face) -> list[Taker]:
    """Return who may have a face, the one with the longest shared border first.

    Of disputed land those who claim it, of a parent's land those below the parent, where there are
    any; of other land all areas around it.
    """
    shared = _around(snapshot, face)
    found = snapshot.owner(face.owner)
    if found is not None and found[0] == "dispute":
        takers = _claimants(snapshot, snapshot.dispute(found[1]).claims.split(), shared)
    else:
        holder = None if found is None else found[1]
        takers = [Taker(snapshot.area(uid), mm) for uid, mm in shared.items() if uid != holder]
        below = [taker for taker in takers if holder in _line(snapshot, taker.area.uid)]
        takers = below or takers
    return sorted(takers, key=lambda taker: (-taker.shared_mm, taker.area.uid))


def _around(snapshot: Snapshot, face: Face) -> dict[str, float]:
    """Return the areas across the border of a face with the length in mm of what they share."""
    shared: dict[str, float] = {}
    for oid, length in face.neighbours().items():
        area = None if oid in (NOBODY, OUTSIDE, face.owner) else snapshot.owning_area(oid)
        if area is not None:
            shared[area.uid] = length
    return shared


def _claimants(
    snapshot: Snapshot, claims: Collection[str], shared: Mapping[str, float]
) -> list[Taker]:
    """Return one taker for each chain of claims: who holds the claimant's land nearby."""
    above = {up for uid in claims for up in _line(snapshot, uid)[1:]}
    takers = []
    for uid in sorted(set(claims) - above):
        near = {one: mm for one, mm in shared.items() if uid in _line(snapshot, one)}
        heir = uid
        if near and snapshot.has_drawn_children(uid):
            heir = max(near, key=lambda one: (near[one], one))
        takers.append(Taker(snapshot.area(heir), sum(near.values()), uid))
    return takers


def _line(snapshot: Snapshot, uid: str) -> list[str]:
    """Return an area and its ancestors, from below."""
    return [uid, *(area.uid for area in snapshot.ancestors(uid))]


def by_neighbour(snapshot: Snapshot, face: Face, takers: Collection[Taker]) -> dict[int, int]:
    """Return for each owner across the border of a face which taker it stands for, by oid."""
    who: dict[int, int] = {}
    for oid in face.neighbours():
        area = None if oid in (NOBODY, OUTSIDE, face.owner) else snapshot.owning_area(oid)
        if area is None:
            continue
        line = _line(snapshot, area.uid)
        for taker in takers:
            if area.uid == taker.area.uid or (taker.claim and taker.claim in line):
                who[oid] = taker.oid
    return who
