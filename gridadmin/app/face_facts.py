"""What there is to say of a face that nobody holds for good: its size and who may have it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gridadmin.app.holders import Holder, HolderKind, holder_of
from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.checks.finding import face_issue
from gridadmin.domain.model import Area, Land
from gridadmin.partition.faces import Face, faces_of
from gridadmin.partition.snapshot import Snapshot

Place = tuple[float, float]
Box = tuple[float, float, float, float]


class FaceKind(StrEnum):
    """What a face is."""

    GAP = "gap"
    EMPTY = "empty"
    """Land inside the frame before any area has land."""
    REMAINDER = "remainder"
    """Land that a parent holds itself while it is being divided."""
    DISPUTE = "dispute"
    EXEMPT = "exempt"
    PLAIN = "plain"
    """Land of an area without drawn children: as it should be."""
    OUTSIDE = "outside"


def face_kind(snapshot: Snapshot, oid: int) -> FaceKind:
    """Return what the faces of an owner are."""
    holder = holder_of(snapshot, oid)
    if holder.kind is HolderKind.NOBODY:
        return FaceKind.GAP if snapshot.root.land == Land.DRAWN else FaceKind.EMPTY
    if holder.kind is not HolderKind.AREA:
        return FaceKind(holder.kind)
    if not snapshot.has_drawn_children(holder.uid):
        return FaceKind.PLAIN
    return FaceKind.GAP if snapshot.area(holder.uid).is_divided else FaceKind.REMAINDER


@dataclass(frozen=True)
class FaceFacts:
    """A face with its exact size; place and box in metres of the plane."""

    kind: FaceKind
    holder: Holder
    land_m2: float
    width_m: float
    place: Place
    box: Box


def facts_of_face(snapshot: Snapshot, face: Face) -> FaceFacts:
    """Return what a face is, its land, its greatest width and where it lies."""
    measured = face_issue(snapshot, "gap", face, level="", areas=())
    return FaceFacts(
        kind=face_kind(snapshot, face.owner),
        holder=holder_of(snapshot, face.owner),
        land_m2=measured.area_m2 or 0.0,
        width_m=measured.width_m or 0.0,
        place=measured.point or (0.0, 0.0),
        box=measured.bbox or (0.0, 0.0, 0.0, 0.0),
    )


def pieces_of(snapshot: Snapshot, uid: str) -> list[Face]:
    """Return the faces that an area holds itself, the largest first."""
    faces = faces_of(snapshot.partition, oid_of(uid))
    return sorted(faces, key=lambda face: (-face.twice_area(), min(h.key for h in face.halves())))


@dataclass(frozen=True)
class Taker:
    """An area that may have a face. ``shared_m`` is the border that the two share."""

    area: Area
    shared_m: float
    is_claimant: bool


def takers_of(snapshot: Snapshot, face: Face) -> list[Taker]:
    """Return who may have a face, the likeliest first.

    Claimants come first, then those under the parent that holds the land now; within each of these
    who shares the longest border with it.
    """
    shared_mm = face.neighbours()
    holder = holder_of(snapshot, face.owner)
    claims = snapshot.dispute(holder.uid).claims.split() if _is_dispute(holder) else []
    found: dict[str, Taker] = {}
    for uid in claims:
        found[uid] = Taker(snapshot.area(uid), _shared_m(snapshot, uid, shared_mm), True)
    for oid, length_mm in shared_mm.items():
        area = snapshot.owning_area(oid)
        if area is not None and oid not in (NOBODY, OUTSIDE, face.owner) and area.uid not in found:
            found[area.uid] = Taker(area, length_mm / 1000, False)
    inside = holder.uid if holder.kind is HolderKind.AREA else None
    return sorted(
        found.values(),
        key=lambda taker: (
            not taker.is_claimant,
            inside is not None and not _is_under(snapshot, taker.area.uid, inside),
            -taker.shared_m,
            taker.area.uid,
        ),
    )


def _is_dispute(holder: Holder) -> bool:
    return holder.kind is HolderKind.DISPUTE


def _shared_m(snapshot: Snapshot, uid: str, shared_mm: dict[int, float]) -> float:
    """Return the border with an area and all below it."""
    total = 0.0
    for oid, length_mm in shared_mm.items():
        area = snapshot.owning_area(oid)
        if area is not None and (area.uid == uid or _is_under(snapshot, area.uid, uid)):
            total += length_mm
    return total / 1000


def _is_under(snapshot: Snapshot, uid: str, ancestor: str) -> bool:
    return any(area.uid == ancestor for area in snapshot.ancestors(uid))
