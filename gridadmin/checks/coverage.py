"""Coverage: land that nobody holds, that several claim, or that a parent has not given out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from gridadmin.base.ids import NOBODY, oid_of
from gridadmin.checks.finding import Findings, area_issue, face_area_m2, face_issue, is_on
from gridadmin.checks.look import Look
from gridadmin.checks.registry import Check
from gridadmin.domain.issue import Issue, issue_id
from gridadmin.domain.model import CELL_LEVEL, Area, AreaKind, Dispute, Land
from gridadmin.domain.scheme import LandRule, Presence
from gridadmin.partition.faces import Face, faces_of
from gridadmin.partition.snapshot import Snapshot


class Listing(NamedTuple):
    """How the faces of one owner are listed, each by itself: as gaps or as claimed by several."""

    kind: str
    level: str
    claims: tuple[str, ...] | None = None


def listing_of(snapshot: Snapshot, oid: int) -> Listing | None:
    """Return how the faces of an owner are listed; None when they aren't, one by one."""
    listing = _listing(snapshot, oid)
    return listing if listing is not None and is_on(snapshot, listing.kind) else None


def _listing(snapshot: Snapshot, oid: int) -> Listing | None:
    if oid == NOBODY:
        root = snapshot.root
        # A frame with nothing in it is land still to be divided, not a hole.
        is_empty = root.land != Land.DRAWN
        return None if is_empty else Listing("gap", _level_of_children(snapshot, root))
    owner = snapshot.owner(oid)
    if owner is None or not snapshot.partition.own_twice_area(oid):
        return None
    table, uid = owner
    if table == "dispute":
        return _listed_dispute(snapshot, snapshot.dispute(uid))
    if table == "area":
        area = snapshot.area(uid)
        is_alive = area.valid_to is None
        is_divided = area.is_divided or snapshot.check_set.lists_remainders_as_gaps
        if is_alive and is_divided and snapshot.has_drawn_children(uid):
            return Listing("gap", _level_of_children(snapshot, area))
    return None


def check_face(snapshot: Snapshot, listing: Listing, face: Face) -> Findings:
    """Return the issue of one face of a listed owner, or that it is dust."""
    area_m2 = face_area_m2(face)
    if area_m2 < snapshot.min_area_m2:
        return Findings(dust="gap" if listing.claims is None else "overlap", dust_m2=area_m2)
    areas = listing.claims
    if areas is None:
        areas = tuple(_neighbours(snapshot, face, listing.level))
    return Findings([face_issue(snapshot, listing.kind, face, level=listing.level, areas=areas)])


def _owner(look: Look, key: str) -> Iterator[Issue]:
    """Yield what is wrong with the land of one owner as a whole: undivided, remainder."""
    snapshot, oid = look.snapshot, int(key)
    if listing_of(snapshot, oid) is not None or not snapshot.partition.own_twice_area(oid):
        return
    if oid == NOBODY:
        yield from _undivided(snapshot, snapshot.root, NOBODY)
        return
    area = snapshot.owning_area(oid)
    if area is None or area.valid_to is not None:
        return
    if not snapshot.has_drawn_children(area.uid):
        yield from _undivided(snapshot, area, oid)
    elif not area.is_divided and is_on(snapshot, "remainder"):
        yield _remainder(snapshot, area)


def _undivided(snapshot: Snapshot, area: Area, holder: int) -> Iterator[Issue]:
    if is_on(snapshot, "undivided") and _is_to_be_divided(snapshot, area):
        total = snapshot.partition.own_twice_area(holder) / 2_000_000
        yield area_issue(snapshot, "undivided", area.uid, area_m2=total)


def _neighbours(snapshot: Snapshot, face: Face, level: str) -> set[str]:
    """Return the areas of a level, or the nearest above it, that lie around a face."""
    rank = snapshot.level_rank(level)
    around = set()
    for oid in {half.opposite_owner for half in face.halves()}:
        area = snapshot.owning_area(oid)
        while area is not None and area.parent and snapshot.level_rank(area.level) > rank:
            area = snapshot.area(area.parent)
        if area is not None and area.parent is not None:
            around.add(area.uid)
    return around


def _listed_dispute(snapshot: Snapshot, dispute: Dispute) -> Listing:
    claims = tuple(dispute.claims.split())
    level = max((snapshot.area(uid).level for uid in claims), key=snapshot.level_rank)
    return Listing(_dispute_kind(snapshot, dispute, claims), level, claims)


def _dispute_kind(snapshot: Snapshot, dispute: Dispute, claims: tuple[str, ...]) -> str:
    """Return overlap or overhang, or what an overlap is that leaves a claimant nothing else."""
    if dispute.kind != "overlap":
        return dispute.kind
    landless = [uid for uid in claims if not _holds_elsewhere(snapshot, uid, dispute)]
    if len(landless) == len(claims):
        return "duplicate"
    return "contained" if landless else "overlap"


def _holds_elsewhere(snapshot: Snapshot, uid: str, dispute: Dispute) -> bool:
    if snapshot.area(uid).land == Land.DRAWN:
        return True
    return any(other.uid != dispute.uid for other in snapshot.linked("dispute", uid))


def _remainder(snapshot: Snapshot, area: Area) -> Issue:
    oid = oid_of(area.uid)
    faces = faces_of(snapshot.partition, oid)
    issue = face_issue(
        snapshot,
        "remainder",
        max(faces, key=lambda face: (face.twice_area(), min(half.key for half in face.halves()))),
        level=area.level,
        areas=(area.uid,),
        area=area.name,
        code=area.code or "",
        faces=len(faces),
        households=own_people(snapshot, oid)[1],
    )
    number = issue_id("remainder", area.level, (area.uid,), None)
    total = snapshot.partition.own_twice_area(oid) / 2_000_000
    return replace(issue, id=number, area_m2=total)


def own_people(snapshot: Snapshot, oid: int) -> tuple[int, int]:
    """Return the buildings and households on the land that an owner holds itself."""
    counts = snapshot.counts
    buildings, households = counts.buildings_of(oid), counts.households_of(oid)
    area = snapshot.owning_area(oid)
    for child in () if area is None else snapshot.child_uids(area.uid):
        buildings -= counts.buildings_of(oid_of(child))
        households -= counts.households_of(oid_of(child))
    return buildings, households


def _level_of_children(snapshot: Snapshot, area: Area) -> str:
    """Return the highest level of the drawn children of an area, or its own without any."""
    levels = {
        "micro_grid" if child.level == CELL_LEVEL else child.level
        for child in map(snapshot.area, snapshot.child_uids(area.uid))
        if child.land == Land.DRAWN
    }
    return min(levels, key=snapshot.level_rank, default=area.level)


def _is_to_be_divided(snapshot: Snapshot, area: Area) -> bool:
    """Return whether the scheme wants a general area of this level divided into drawn ones."""
    if area.kind != AreaKind.GENERAL or area.level == CELL_LEVEL:
        return False
    rank = snapshot.level_rank(area.level)
    return any(
        level.land is LandRule.DRAWN
        and level.presence is Presence.REQUIRED
        and snapshot.level_rank(level.key) > rank
        for level in snapshot.scheme.present_levels
    )


CHECKS = (Check(("undivided", "remainder"), "owner", _owner),)
"""The faces that are listed one by one have a book of their own (``face_book``)."""
