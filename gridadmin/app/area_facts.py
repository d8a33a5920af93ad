"""What there is to say of areas: land, households against the band, buildings, what lies below.

``snapshot.counts`` are needed for households and buildings; ask for them first where that may take
long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pyproj import CRS

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area, HouseholdsState
from gridadmin.domain.scheme import Band
from gridadmin.exchange.ellipsoid import land_m2
from gridadmin.partition.figures import households_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import land_parts, to_polygon


class Fit(StrEnum):
    """How the households of an area stand to the band of its level."""

    WITHIN = "within"
    BELOW = "below"
    ABOVE = "above"
    OPEN = "open"
    """There is no band, or no figure."""


@dataclass(frozen=True)
class AreaFacts:
    """One area. ``children`` are ``(level, how many)`` of those right below, from the top down.

    ``land_m2`` is on the ellipsoid, None without land of its own outline.
    """

    area: Area
    parent: Area | None
    land_m2: float | None
    households: int | None
    state: HouseholdsState
    band: Band | None
    buildings: int
    children: tuple[tuple[str, int], ...]

    @property
    def fit(self) -> Fit:
        """How the households stand to the band."""
        return fit_of(self.households, self.band)

    @property
    def is_typed(self) -> bool:
        """Whether the figure comes from a person, or is still to come from one."""
        return self.state != HouseholdsState.COUNTED


@dataclass(frozen=True)
class Totals:
    """Several areas together; those that lie below another of them don't count twice.

    ``households`` leaves out the ``without_households`` areas of which nothing is known;
    ``parent`` and ``level`` are what all have in common, None otherwise.
    """

    count: int
    counted_twice: int
    land_m2: float
    households: int
    without_households: int
    buildings: int
    parent: Area | None
    level: str | None


def facts_of_area(snapshot: Snapshot, area: Area, land_m2: float | None) -> AreaFacts:
    """Return the facts of one area; its land is worked out by whoever keeps it in mind."""
    households, state = households_of(snapshot, area)
    return AreaFacts(
        area=area,
        parent=None if area.parent is None else snapshot.area(area.parent),
        land_m2=land_m2,
        households=households,
        state=state,
        band=snapshot.scheme.band_of(area.level, area.kind, area.area_class),
        buildings=snapshot.counts.buildings_of(oid_of(area.uid)),
        children=children_by_level(snapshot, area.uid),
    )


def fit_of(households: int | None, band: Band | None) -> Fit:
    """Return how *households* stand to *band*."""
    if households is None or band is None:
        return Fit.OPEN
    if households < band.low:
        return Fit.BELOW
    return Fit.ABOVE if households > band.high else Fit.WITHIN


def children_by_level(snapshot: Snapshot, uid: str) -> tuple[tuple[str, int], ...]:
    """Return how many living children an area has of each level, from the top down."""
    counts = Counter(snapshot.area(child).level for child in snapshot.child_uids(uid))
    return tuple(sorted(counts.items(), key=lambda item: (snapshot.level_rank(item[0]), item[0])))


def lands_m2(snapshot: Snapshot, areas: Iterable[Area]) -> Mapping[str, float]:
    """Return the land on the ellipsoid of those areas that have an outline, by uid."""
    plane = plane_crs(snapshot)
    if plane is None:
        return {}
    with_land = [area for area in areas if snapshot.partition.has_land(oid_of(area.uid))]
    polygons = [
        to_polygon(land_parts(snapshot.partition, oid_of(area.uid)), snapshot.place)
        for area in with_land
    ]
    lands = land_m2(polygons, plane)
    return {area.uid: land for area, land in zip(with_land, lands, strict=True)}


def totals_of(snapshot: Snapshot, uids: Sequence[str]) -> Totals:
    """Return what the living ones among *uids* are together."""
    rows = snapshot.rows("area")
    chosen = {uid: rows[uid] for uid in uids if uid in rows and rows[uid].valid_to is None}
    top = [
        area
        for area in chosen.values()
        if not any(above.uid in chosen for above in snapshot.ancestors(area.uid))
    ]
    figures = [households_of(snapshot, area)[0] for area in top]
    parents = {area.parent for area in chosen.values()}
    levels = {area.level for area in chosen.values()}
    parent = parents.pop() if len(parents) == 1 else None
    return Totals(
        count=len(chosen),
        counted_twice=len(chosen) - len(top),
        land_m2=sum(lands_m2(snapshot, top).values()),
        households=sum(figure for figure in figures if figure is not None),
        without_households=sum(figure is None for figure in figures),
        buildings=sum(snapshot.counts.buildings_of(oid_of(area.uid)) for area in top),
        parent=None if parent is None else snapshot.area(parent),
        level=levels.pop() if len(levels) == 1 else None,
    )


def plane_crs(snapshot: Snapshot) -> CRS | None:
    """Return the CRS of the project's plane, None before the first land came."""
    value = snapshot.setting("plane")
    return None if value is None else _crs(value.get("epsg"), value["wkt"])


@lru_cache(maxsize=8)
def _crs(epsg: int | None, wkt: str) -> CRS:
    return CRS.from_epsg(epsg) if epsg else CRS.from_wkt(wkt)
