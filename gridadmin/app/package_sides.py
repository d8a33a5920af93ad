"""A state or a package file as areas with polygons, and how two of these differ.

A package knows no borders: what changed hands is worked out of the polygons.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from pyproj import CRS

from gridadmin.app.area_facts import plane_crs
from gridadmin.app.handed_land import LEAST_M2, old_lines, pieces, united
from gridadmin.app.plan_comparison import (
    AreaDifference,
    Comparison,
    Handover,
    LevelTotals,
    Side,
    kinds_between,
    stands_on,
)
from gridadmin.base.errors import InputError
from gridadmin.base.ids import oid_of
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.scheme import LEVELS
from gridadmin.exchange.ellipsoid import land_m2
from gridadmin.exchange.reader import list_layers, read_layer
from gridadmin.exchange.source import FeatureTable
from gridadmin.partition.figures import households_of
from gridadmin.partition.planes import transform_geometries
from gridadmin.partition.polygons import land_polygons
from gridadmin.partition.snapshot import Snapshot

_LAYERS = (*LEVELS, "cell")
_COLUMNS = ("uid", "code", "name", "level", "parent_uid", "households")
_SAME_M = 1e-4
"""Vertices this near after the way to degrees and back are the same."""


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """What a side says of an area."""

    uid: str
    level: str
    name: str
    code: str | None
    parent: str | None
    households: int | None


@dataclass(frozen=True)
class Drawn:
    """One side: areas by uid, and their polygons in metres of the project's plane."""

    revision: int
    areas: Mapping[str, DrawnArea]
    polygons: Mapping[str, shapely.MultiPolygon]


def drawn_state(snapshot: Snapshot) -> Drawn:
    """Return a state of the project as a side."""
    areas = {
        area.uid: DrawnArea(
            area.uid,
            area.level,
            area.name,
            area.code,
            area.parent,
            households_of(snapshot, area)[0],
        )
        for area in snapshot.areas()
    }
    groups: dict[str, list[int]] = {}
    for area in areas.values():
        groups.setdefault(area.level, []).append(oid_of(area.uid))
    found = land_polygons(snapshot.partition, groups.values(), snapshot.place)
    uids = {oid_of(uid): uid for uid in areas}
    return Drawn(snapshot.revision, areas, {uids[oid]: polygon for oid, polygon in found.items()})


def drawn_package(path: Path, project: Snapshot, progress: Progress = SILENT) -> Drawn:
    """Return a published package as a side, in the plane of *project*.

    Raises: InputError ``release.not_a_package``, ``release.no_plane`` and those of reading.
    """
    plane = plane_crs(project)
    if plane is None:
        raise InputError("release.no_plane", file=path.name)
    layers = [layer.name for layer in list_layers(path)]
    if "areas" not in layers:
        raise InputError("release.not_a_package", file=path.name)
    table = read_layer(path, "areas", progress)
    missing = [name for name in _COLUMNS if name not in table.columns]
    if missing:
        raise InputError("release.not_a_package", file=path.name)
    areas = {area.uid: area for area in _areas(table)}
    polygons: dict[str, shapely.MultiPolygon] = {}
    for name in _LAYERS:
        if name in layers:
            polygons |= _polygons(read_layer(path, name, progress), plane)
    revisions = [int(text) for text in table.texts("revision") if text and text.isdecimal()]
    return Drawn(max(revisions, default=0), areas, polygons)


def _areas(table: FeatureTable) -> list[DrawnArea]:
    uids, levels = table.texts("uid"), table.texts("level")
    rest = [table.texts(name) for name in ("name", "code", "parent_uid", "households")]
    found = []
    for uid, level, name, code, parent, homes in zip(uids, levels, *rest, strict=True):
        if uid is None or level is None:
            continue
        count = int(homes) if homes is not None and homes.isdecimal() else None
        found.append(DrawnArea(uid, level, name or "", code, parent, count))
    return found


def _polygons(table: FeatureTable, plane: CRS) -> dict[str, shapely.MultiPolygon]:
    uids = table.texts("uid") if "uid" in table.columns else [None] * len(table)
    crs = CRS.from_epsg(4490) if table.crs is None else table.crs
    flat = transform_geometries(table.geometries, crs, plane)
    found = {}
    for uid, shape in zip(uids, flat, strict=True):
        if uid is None or shape is None or shapely.is_empty(shape):
            continue
        whole = shape if shapely.is_valid(shape) else shapely.make_valid(shape)
        parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
        found[uid] = shapely.MultiPolygon(parts)
    return found


def compare_drawn(
    before: Drawn, after: Drawn, project: Snapshot, progress: Progress = SILENT
) -> Comparison:
    """Return how one side differs from the other; buildings are those of *project*.

    Raises: Cancelled.
    """
    checkpoint(progress, "progress.comparing", 0, 2)
    moved = _moved(before.polygons, after.polygons)
    plane = plane_crs(project)
    handovers, lines = [], {}
    for level in LEVELS:
        old = _of_level(before, moved, level)
        new = _of_level(after, moved, level)
        for one, other, polygon in pieces(old, new):
            homes = _buildings_on(project, polygon)
            handovers.append(
                Handover(
                    level,
                    one,
                    other,
                    polygon,
                    _land([polygon], plane)[0],
                    sum(project.counts.building(uid).households for uid in homes),
                    homes,
                )
            )
        found = old_lines(old, new) if old or new else None
        if found is not None:
            lines[level] = found
    checkpoint(progress, "progress.comparing", 1, 2)
    changed = united(handover.polygon for handover in handovers)
    homes = _buildings_on(project, changed)
    return Comparison(
        base_revision=before.revision,
        revision=after.revision,
        areas=_differences(before, after, moved, plane, project),
        handovers=tuple(handovers),
        levels=_totals(before, after),
        changed=changed,
        old_lines=lines,
        land_m2=_land([changed], plane)[0],
        households=sum(project.counts.building(uid).households for uid in homes),
        buildings=len(homes),
    )


def _moved(
    before: Mapping[str, shapely.MultiPolygon], after: Mapping[str, shapely.MultiPolygon]
) -> set[str]:
    """Return the areas whose polygon is another one, or that have one on one side alone."""
    both = sorted(before.keys() & after.keys())
    one = np.array([before[uid] for uid in both], dtype=object)
    other = np.array([after[uid] for uid in both], dtype=object)
    is_same = shapely.equals_exact(shapely.normalize(one), shapely.normalize(other), _SAME_M)
    moved = set(before.keys() ^ after.keys())
    for at in np.flatnonzero(~is_same).tolist():
        if shapely.area(shapely.symmetric_difference(one[at], other[at])) >= LEAST_M2:
            moved.add(both[at])
    return moved


def _of_level(side: Drawn, uids: Collection[str], level: str) -> dict[str, shapely.MultiPolygon]:
    return {
        uid: side.polygons[uid]
        for uid in sorted(uids)
        if uid in side.polygons and uid in side.areas and stands_on(side.areas[uid].level, level)
    }


def _buildings_on(project: Snapshot, land: shapely.MultiPolygon) -> tuple[str, ...]:
    if land.is_empty:
        return ()
    x0, y0, x1, y1 = (value * 1000 for value in land.bounds)
    near = [
        one
        for one in project.rows("building").values()
        if x0 <= one.x_mm <= x1 and y0 <= one.y_mm <= y1
    ]
    if not near:
        return ()
    xs = np.array([one.x_mm for one in near]) / 1000
    ys = np.array([one.y_mm for one in near]) / 1000
    inside = shapely.contains_xy(land, xs, ys)
    return tuple(sorted(one.uid for one, is_in in zip(near, inside, strict=True) if is_in))


def _land(polygons: Sequence[shapely.MultiPolygon], plane: CRS | None) -> list[float]:
    if plane is None:
        return [float(polygon.area) for polygon in polygons]
    return land_m2(polygons, plane)


def _differences(
    before: Drawn, after: Drawn, moved: set[str], plane: CRS | None, project: Snapshot
) -> tuple[AreaDifference, ...]:
    found = []
    for uid in sorted(before.areas.keys() | after.areas.keys()):
        old, new = before.areas.get(uid), after.areas.get(uid)
        area = new or old
        kinds = kinds_between(old, new, is_moved=uid in moved)
        is_counted = old is None or new is None or old.households != new.households
        if area is None or not (kinds or is_counted):
            continue
        sides = [_side(side, uid, plane, project) for side in (before, after)]
        found.append(AreaDifference(uid, area.level, kinds, sides[0], sides[1]))
    rank = project.level_rank
    return tuple(sorted(found, key=lambda one: (rank(one.level), one.code or "~", one.uid)))


def _side(side: Drawn, uid: str, plane: CRS | None, project: Snapshot) -> Side | None:
    area = side.areas.get(uid)
    if area is None:
        return None
    above = None if area.parent is None else side.areas.get(area.parent)
    polygon = side.polygons.get(uid)
    land = None if polygon is None else _land([polygon], plane)[0]
    homes = () if polygon is None else _buildings_on(project, polygon)
    parent = "" if above is None else above.name
    return Side(area.name, area.code, parent, land, area.households, len(homes))


def _totals(before: Drawn, after: Drawn) -> tuple[LevelTotals, ...]:
    found = []
    for level in LEVELS:
        sides = [[a for a in side.areas.values() if a.level == level] for side in (before, after)]
        if any(sides):
            homes = [sum(area.households or 0 for area in side) for side in sides]
            found.append(LevelTotals(level, len(sides[0]), len(sides[1]), homes[0], homes[1]))
    return tuple(found)
