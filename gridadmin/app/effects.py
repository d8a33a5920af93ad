"""What a change does to the areas concerned: land, households, buildings, before and after.

Quick enough to be told at every step of a drag, once ``snapshot.counts`` is worked out; whoever
can't wait for that asks without households.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.app.posts_affected import NO_POSTS, PostsAffected, posts_affected
from gridadmin.base.ids import NOBODY, oid_of
from gridadmin.checks.coverage import listing_of
from gridadmin.checks.scopes import sides_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area, HouseholdsState
from gridadmin.domain.scheme import Band
from gridadmin.edit.document import Done
from gridadmin.partition.base import chain_of
from gridadmin.partition.cut_objects import Cut, cut_change
from gridadmin.partition.figures import households_of
from gridadmin.partition.ground import Ground, is_kept
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class AreaEffect:
    """The figures of one area around a change; None = unknown.

    ``band`` is what its households should be, None where the scheme leaves that open;
    ``band_before`` and ``band_after`` say ``in``, ``below`` or ``above``.
    """

    uid: str
    name: str
    code: str | None
    level: str
    is_new: bool
    is_gone: bool
    land_before_m2: float
    land_after_m2: float
    households_before: int | None
    households_after: int | None
    state_before: HouseholdsState
    state_after: HouseholdsState
    buildings_before: int
    buildings_after: int
    band: Band | None
    band_before: str | None
    band_after: str | None


@dataclass(frozen=True, eq=False)
class CutMark:
    """A building or compound that a new border cuts: its rings and a place on the cut, local m."""

    table: str
    uid: str
    name: str
    rings: tuple[np.ndarray, ...]
    point: tuple[float, float]


@dataclass(frozen=True)
class Effects:
    """What a change does; areas with other figures or another outline, the deepest level first.

    ``buildings_moved`` stand on somebody else's land now, ``households_moved`` live in them;
    ``gaps_opened_m2`` is by how much the land that counts as gap grows; ``cuts`` are the buildings
    and compounds that the new borders cut through; ``posts`` is what becomes of the posts there.
    """

    areas: tuple[AreaEffect, ...]
    buildings_moved: int
    households_moved: int
    gaps_opened_m2: float
    cuts: tuple[CutMark, ...] = ()
    posts: PostsAffected = NO_POSTS

    def cut(self, table: str) -> int:
        """Return how many are newly cut of ``building`` or ``compound``."""
        return sum(mark.table == table for mark in self.cuts)


def effects_of(done: Done, *, waits: bool = True) -> Effects:
    """Return what a change does to the areas concerned.

    Without *waits* households and buildings are unknown (None, 0) while nobody counted them yet.
    """
    is_counted = waits or (done.before.knows_counts and done.after.knows_counts)
    concerned = _concerned(done)
    effects = [_effect(done, uid, is_counted=is_counted) for uid in concerned]
    rank = done.after.level_rank
    effects.sort(key=lambda e: (-rank(e.level), e.code or "~", e.name, e.uid))
    buildings, households = _moved(done) if is_counted else (0, 0)
    return Effects(
        tuple(effects),
        buildings,
        households,
        _gaps_opened_m2(done),
        cut_marks(done, waits=waits),
        posts_affected(done, concerned) if is_counted else NO_POSTS,
    )


def cut_marks(done: Done, *, waits: bool = True) -> tuple[CutMark, ...]:
    """Return the buildings and compounds that a change newly cuts.

    Without *waits* none, while the reference objects aren't indexed yet.
    """
    if not waits and not is_kept(done.after):
        return ()
    borders = [(row.before, row.after) for row in done.change.of("border")]
    ground = Ground.of(done.after)
    return tuple(_cut_mark(ground, cut) for cut in cut_change(done.before, done.after, borders).new)


def _cut_mark(ground: Ground, cut: Cut) -> CutMark:
    placed = ground.buildings if cut.table == "building" else ground.compounds
    shape = placed.shapes[placed.numbers[cut.uid]]
    rings = tuple(shapely.get_coordinates(ring) for ring in shapely.get_rings(shape))
    return CutMark(cut.table, cut.uid, cut.name, rings, cut.point)


def _concerned(done: Done) -> set[str]:
    """Return the areas whose outline or figures a change may alter."""
    change = done.change
    found = set(_areas_of(done, done.touched))
    found.update(
        str(row.key) for row in change.of("area") if _figures(row.before) != _figures(row.after)
    )
    for row in change.of("stacked_part"):
        found.update(part.area for part in (row.before, row.after) if part is not None)
    return found | _above_buildings(done, change)


def _areas_of(done: Done, oids: Iterable[int]) -> Iterable[str]:
    for oid in oids:
        area = done.after.owning_area(oid) or done.before.owning_area(oid)
        if area is not None:
            yield area.uid


def _figures(area: Area | None) -> tuple[object, ...] | None:
    """Return what of an area's row bears on its figures; None when it isn't there."""
    if area is None or area.valid_to is not None:
        return None
    return area.households_typed, area.is_stale, area.kind, area.area_class, area.land


def _above_buildings(done: Done, change: Change) -> set[str]:
    """Return the areas at every level whose buildings come, go, or have other households."""
    found: set[str] = set()
    for row in change.of("building"):
        for snapshot, building in ((done.before, row.before), (done.after, row.after)):
            if building is not None:
                owner = snapshot.counts.owner_of(building.uid)
                found.update(_areas_of(done, chain_of(owner, snapshot.partition.parents)))
    return found


def _effect(done: Done, uid: str, *, is_counted: bool) -> AreaEffect:
    old, new = _living(done.before, uid), _living(done.after, uid)
    area = new or old or done.after.area(uid)
    band = done.after.scheme.band_of(area.level, area.kind, area.area_class)
    before = _Figures(done.before, uid, old, is_counted=is_counted)
    after = _Figures(done.after, uid, new, is_counted=is_counted)
    return AreaEffect(
        uid=uid,
        name=area.name,
        code=area.code,
        level=area.level,
        is_new=old is None,
        is_gone=new is None,
        land_before_m2=before.land_m2,
        land_after_m2=after.land_m2,
        households_before=before.households,
        households_after=after.households,
        state_before=before.state,
        state_after=after.state,
        buildings_before=before.buildings,
        buildings_after=after.buildings,
        band=band,
        band_before=_in_band(before.households, band),
        band_after=_in_band(after.households, band),
    )


def _living(snapshot: Snapshot, uid: str) -> Area | None:
    area: Area | None = snapshot.rows("area").get(uid)
    return None if area is None or area.valid_to is not None else area


class _Figures:
    """The figures of an area in one snapshot; those of one that doesn't live there are nought."""

    def __init__(
        self, snapshot: Snapshot, uid: str, area: Area | None, *, is_counted: bool
    ) -> None:
        oid = oid_of(uid)
        self.land_m2 = 0.0
        self.buildings = 0
        self.households: int | None = None
        self.state = HouseholdsState.UNKNOWN
        if area is not None:
            self.land_m2 = snapshot.partition.land_twice_area(oid) / 2_000_000
        if area is not None and is_counted:
            self.buildings = snapshot.counts.buildings_of(oid)
            self.households, self.state = households_of(snapshot, area)


def _in_band(households: int | None, band: Band | None) -> str | None:
    if band is None or households is None:
        return None
    if band.holds(households):
        return "in"
    return "below" if households < band.low else "above"


def _moved(done: Done) -> tuple[int, int]:
    """Return how many buildings stand on somebody else's land now, and their households."""
    borders = [(row.before, row.after) for row in done.change.of("border")]
    if not borders:
        return 0, 0
    before, after = done.before.counts, done.after.counts
    moved = [after.building(uid) for uid in before.handed_over(after, borders)]
    return len(moved), sum(building.households for building in moved)


def _gaps_opened_m2(done: Done) -> float:
    owners = sides_of(done.change)
    owners |= {oid_of(str(row.key)) for row in done.change.of("area")}
    grown = sum(_gap_twice(done.after, oid) - _gap_twice(done.before, oid) for oid in owners)
    return max(grown, 0) / 2_000_000


def _gap_twice(snapshot: Snapshot, oid: int) -> int:
    """Return twice the land in mm² that an owner holds itself and that counts as gap."""
    twice = snapshot.partition.own_twice_area(oid)
    if not twice or (oid != NOBODY and not _may_be_gap(snapshot, oid)):
        return 0
    listing = listing_of(snapshot, oid)
    return twice if listing is not None and listing.kind == "gap" else 0


def _may_be_gap(snapshot: Snapshot, oid: int) -> bool:
    area = snapshot.owning_area(oid)
    return area is not None and area.is_divided
