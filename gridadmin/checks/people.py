"""People on the ground: buildings and compounds that a border cuts, households in no grid."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import numpy as np
import shapely

from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.checks.coverage import own_people
from gridadmin.checks.finding import area_issue, placed_issue
from gridadmin.checks.look import Look, Survey
from gridadmin.checks.registry import Check
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import Area, BorderRow, Building
from gridadmin.partition.border import points_of
from gridadmin.partition.snapshot import Snapshot

# Cut by a border


def _building_cut(look: Look, uid: str) -> Iterator[Issue]:
    building = look.snapshot.rows("building").get(uid)
    if building is None or building.footprint is None:
        return
    core = _core(look.snapshot, building.footprint, "building_cut")
    for areas in _cut(look.snapshot, core, top_level=None):
        yield placed_issue(
            look.snapshot,
            "building_cut",
            look.to_plane(core),
            areas=areas,
            about=uid,
            building=_called(building),
            households=building.households,
        )


def _called(building: Building) -> str:
    return building.name or building.address or building.uid[-6:]


def _compound_cut(look: Look, uid: str) -> Iterator[Issue]:
    compound = look.snapshot.rows("compound").get(uid)
    if compound is None or compound.outline is None:
        return
    core = _core(look.snapshot, compound.outline, "compound_cut")
    for areas in _cut(look.snapshot, core, top_level="grid"):
        yield placed_issue(
            look.snapshot,
            "compound_cut",
            look.to_plane(core),
            level="grid",
            areas=areas,
            about=uid,
            compound=compound.name,
        )


def _core(snapshot: Snapshot, blob: bytes, kind: str) -> shapely.Geometry:
    """Return a shape in local metres less a margin: a border along its wall is no cut."""
    x, y = snapshot.origin_mm
    shape = shapely.from_wkb(blob, on_invalid="ignore")
    if shape is None:
        return shapely.Polygon()
    local = shapely.transform(shapely.force_2d(shape), lambda xy: xy - (x / 1000, y / 1000))
    return shapely.buffer(local, -snapshot.check(kind).param("depth_m"), quad_segs=2)


def _cut(
    snapshot: Snapshot, core: shapely.Geometry, *, top_level: str | None
) -> Iterator[list[str]]:
    """Yield, when borders of a level or above cut a shape, the areas that they part."""
    if core.is_empty:
        return
    x0, y0, x1, y1 = (round(value * 1000) for value in core.bounds)
    parted: set[str] = set()
    for border in snapshot.partition.in_box((x0, y0), (x1, y1)):
        sides = _sides(snapshot, border, top_level)
        if sides is not None and shapely.intersects(
            shapely.LineString(points_of(border) / 1000.0), core
        ):
            parted |= sides
    if parted:
        yield sorted(parted)


def _sides(snapshot: Snapshot, border: BorderRow, top_level: str | None) -> set[str] | None:
    """Return the areas on the two sides of a border at a level; None when they are one there."""
    left, right = (_holder_at(snapshot, side, top_level) for side in (border.left, border.right))
    if left == right:
        return None
    return {found.uid for found in (left, right) if found is not None}


def _holder_at(snapshot: Snapshot, oid: int, top_level: str | None) -> Area | None:
    """Return the area that holds land under a number, or the one of a level above it."""
    area = snapshot.owning_area(oid)
    if top_level is None or area is None:
        return area
    limit = snapshot.level_rank(top_level)
    for one in (area, *snapshot.ancestors(area.uid)):
        if snapshot.level_rank(one.level) <= limit:
            return one
    return None


def _buildings_met(survey: Survey) -> Collection[str]:
    """Return the buildings whose footprint some border meets."""
    found = survey.ground.buildings
    is_area = shapely.get_type_id(found.shapes) == shapely.GeometryType.POLYGON
    rows = np.nonzero(is_area)[0]
    return {found.objects[row].uid for row in rows[_met(survey, found.shapes[rows])].tolist()}


def _compounds_met(survey: Survey) -> Collection[str]:
    found = survey.ground.compounds
    return {found.objects[row].uid for row in _met(survey, found.shapes).tolist()}


def _met(survey: Survey, shapes: np.ndarray) -> np.ndarray:
    """Return which of *shapes* a border meets."""
    if not len(shapes):
        return np.empty(0, dtype=np.int64)
    _, lines = survey.borders
    tree = shapely.STRtree(shapes)
    shapely.prepare(shapes)
    _, hit = tree.query(lines, predicate="intersects")
    return np.unique(hit)


# In none, in two, in a gap


def _on_own_land(look: Look, key: str) -> Iterator[Issue]:
    """Yield the people on land that no area of the level below holds."""
    snapshot, oid = look.snapshot, int(key)
    buildings, households = own_people(snapshot, oid)
    if not households:
        return
    area = snapshot.root if oid == NOBODY else snapshot.owning_area(oid)
    if area is None or not snapshot.has_drawn_children(area.uid):
        # Exempt or disputed land, and what isn't divided yet.
        return
    is_gap = oid == NOBODY or area.is_divided
    kind = "inhabited_gap" if is_gap else "building_unplaced"
    first = _first_on(snapshot, oid)
    yield placed_issue(
        snapshot,
        kind,
        shapely.Point(first.x_mm / 1000, first.y_mm / 1000),
        level=area.level,
        areas=[area.uid],
        about="nobody" if oid == NOBODY else "own",
        area=area.name,
        buildings=buildings,
        households=households,
    )


def _with_children(survey: Survey) -> Collection[str]:
    """Return the owners that may have land which none below them holds."""
    snapshot = survey.snapshot
    parents = (area for area in snapshot.areas() if snapshot.child_uids(area.uid))
    return [str(NOBODY), *(str(oid_of(area.uid)) for area in parents)]


def _first_on(snapshot: Snapshot, oid: int) -> Building:
    """Return the first inhabited building, by uid, that stands on an owner's own land."""
    counts = snapshot.counts
    near = counts.near([(border, None) for border in snapshot.partition.beside(oid)])
    inhabited = (uid for uid in near if counts.building(uid).households)
    return counts.building(min(uid for uid in inhabited if counts.owner_of(uid) == oid))


def _beyond(look: Look, _key: str) -> Iterator[Issue]:
    """Yield the households that stand beyond all land of the project."""
    snapshot = look.snapshot
    households = snapshot.counts.households_of(OUTSIDE)
    if households and snapshot.partition.has_land(oid_of(snapshot.root.uid)):
        yield area_issue(
            snapshot,
            "household_unplaced",
            snapshot.root.uid,
            buildings=snapshot.counts.buildings_of(OUTSIDE),
            households=households,
        )


def _twice(look: Look, uid: str) -> Iterator[Issue]:
    """Yield a building that two areas of one level have: disputed, or listed in two cells."""
    snapshot = look.snapshot
    building = snapshot.rows("building").get(uid)
    if building is None or not building.households:
        return
    areas = _who_has(snapshot, building)
    if len(areas) > 1:
        place = shapely.Point(building.x_mm / 1000, building.y_mm / 1000)
        yield placed_issue(
            snapshot, "building_twice", place, areas=areas, about=uid,
            building=_called(building), households=building.households,
        )  # fmt: skip


def _who_has(snapshot: Snapshot, building: Building) -> list[str]:
    """Return the leaf areas, cells for stacked ones, that a building counts for."""
    oid = snapshot.counts.owner_of(building.uid)
    owner = snapshot.owner(oid)
    if owner is not None and owner[0] == "dispute":
        return snapshot.dispute(owner[1]).claims.split()
    found = set()
    for part in snapshot.linked("stacked_part", building.uid):
        area = snapshot.rows("area").get(part.area)
        if area is not None and area.valid_to is None and area.cell:
            found.add(area.cell)
    standing = snapshot.owning_area(oid)
    if found and standing is not None:
        found.add(standing.uid)
    return sorted(found)


def _maybe_twice(survey: Survey) -> Collection[str]:
    snapshot = survey.snapshot
    listed = {part.building for part in snapshot.rows("stacked_part").values()}
    disputed: set[str] = set()
    for uid in snapshot.rows("dispute"):
        disputed |= buildings_on(snapshot, uid)
    return listed | disputed


def buildings_on(snapshot: Snapshot, owner_uid: str) -> set[str]:
    """Return the buildings on the land that an owner of land, by uid, holds itself."""
    oid, counts = oid_of(owner_uid), snapshot.counts
    if not counts.buildings_of(oid):
        return set()
    near: Iterable[str] = counts.near([(b, None) for b in snapshot.partition.beside(oid)])
    return {uid for uid in near if counts.owner_of(uid) == oid}


CHECKS = (
    Check(("building_cut",), "building", _building_cut, _buildings_met),
    Check(("compound_cut",), "compound", _compound_cut, _compounds_met),
    Check(("building_unplaced", "inhabited_gap"), "owner", _on_own_land, _with_children),
    Check(("household_unplaced",), "beyond", _beyond),
    Check(("building_twice",), "building", _twice, _maybe_twice),
)
