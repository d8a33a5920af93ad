"""A boundary file brought into a project's plane: read, its CRS found or asked for, transformed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from pyproj import CRS

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.exchange.reader import read_layer
from gridadmin.exchange.recognise import CrsKind, crs_of_option, near_constant_shift, recognise_crs
from gridadmin.exchange.shift import unshifted
from gridadmin.exchange.source import FeatureTable, Geometries, RowProblem
from gridadmin.partition.planes import WGS84, crosses_zone_border, plane_for, transform_geometries
from gridadmin.partition.snapshot import Snapshot

CGCS2000: Final = 4490


@dataclass(frozen=True)
class Plane:
    """The plane of a project: its CRS as WKT and, if it has one, its EPSG code."""

    crs: CRS

    def as_setting(self) -> str:
        """Return the plane as the JSON text of the setting ``plane``."""
        return json.dumps({"wkt": self.crs.to_wkt(), "epsg": self.crs.to_epsg()})


def plane_of(snapshot: Snapshot) -> Plane | None:
    """Return the plane of a project, or None before the first land came."""
    value = snapshot.setting("plane")
    if value is None:
        return None
    epsg = value.get("epsg")
    return Plane(CRS.from_epsg(epsg) if epsg else CRS.from_wkt(value["wkt"]))


def plane_name(snapshot: Snapshot) -> str:
    """Return the plane as ``EPSG:n`` or its name; empty before the first land came."""
    plane = plane_of(snapshot)
    if plane is None:
        return ""
    epsg = plane.crs.to_epsg()
    return f"EPSG:{epsg}" if epsg else plane.crs.name


def export_crs(plane: Plane) -> CRS:
    """Return the CRS of exports: CGCS2000 in China, WGS 84 elsewhere."""
    geodetic = plane.crs.geodetic_crs
    is_cgcs = geodetic is not None and "China" in geodetic.name
    return CRS.from_epsg(CGCS2000 if is_cgcs else WGS84)


@dataclass(frozen=True)
class Brought:
    """A table in the plane. ``polygons`` (plane metres, None = listed) run parallel to its rows."""

    table: FeatureTable
    polygons: Geometries
    plane: Plane | None
    crs_text: str
    warnings: tuple[RowProblem, ...]


def bring(
    snapshot: Snapshot,
    path: Path,
    *,
    layer: str | None = None,
    crs: str | None = None,
    swap_xy: bool = False,
    table: FeatureTable | None = None,
    has_outlines: bool = True,
    progress: Progress = SILENT,
) -> Brought:
    """Read a file (unless its *table* is at hand) and move its land into the project's plane.

    Only what *has_outlines* like those of the project can tell that it was shifted.

    Raises: InputError of the readers; ``input.ask_…`` when the CRS, its axes or a shift can't be
    known for sure (the sentence names the option that settles it).
    """
    if table is None:
        table = read_layer(path, layer, progress)
    known_plane = plane_of(snapshot)
    if not table.has_land:
        return Brought(table, table.geometries, known_plane, "", table.warnings)
    bounds = _bounds(table.geometries)
    near = _place_of(snapshot)
    source, shift = _source_crs(table, crs, swap_xy, bounds, near)
    lonlat_crs = CRS.from_epsg(WGS84 if shift else CGCS2000)
    if shift:
        geometries = unshifted(_swapped(table.geometries) if swap_xy else table.geometries, shift)
        source, swap_xy = lonlat_crs, False
    else:
        geometries = table.geometries
    plane = known_plane or Plane(_plane_of_data(geometries, source, swap_xy))
    warnings = list(table.warnings)
    if known_plane is None:
        warnings += _zone_warning(geometries, source, swap_xy)
    if crs is None and known_plane is not None and has_outlines:
        _ask_about_shift(snapshot, known_plane, geometries, source, path)
    polygons = transform_geometries(geometries, source, plane.crs, swap_xy=swap_xy)
    return Brought(table, polygons, plane, source.name, tuple(warnings))


def _bounds(geometries: Geometries) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = shapely.total_bounds(geometries).tolist()
    return x0, y0, x1, y1


def _swapped(geometries: Geometries) -> Geometries:
    swapped: Geometries = shapely.transform(geometries, lambda xy: xy[:, ::-1])
    return swapped


def _source_crs(
    table: FeatureTable,
    crs: str | None,
    swap_xy: bool,
    bounds: tuple[float, float, float, float],
    near: tuple[float, float] | None,
) -> tuple[CRS, str | None]:
    if crs is not None:
        return crs_of_option(crs)
    if swap_xy:
        bounds = bounds[1], bounds[0], bounds[3], bounds[2]
    finding = recognise_crs(table.crs, bounds, file=table.path.name, near=near)
    if finding.kind is CrsKind.REFUSED or not finding.is_sure or finding.crs is None:
        raise InputError(
            finding.question_code or "input.ask_crs",
            **{"file": table.path.name, "x": bounds[0], "y": bounds[1], **finding.params},
        )
    return finding.crs, None


def _place_of(snapshot: Snapshot) -> tuple[float, float] | None:
    """Return where the project lies as lon, lat, or None before the first land came."""
    plane, extent = plane_of(snapshot), snapshot.partition.extent()
    if plane is None or extent is None:
        return None
    middle = snapshot.place(
        np.array([[(extent[0] + extent[2]) // 2, (extent[1] + extent[3]) // 2]], dtype=np.int64)
    )
    points = np.array([shapely.Point(*middle[0])], dtype=object)
    place = transform_geometries(points, plane.crs, CRS.from_epsg(CGCS2000))[0]
    return float(place.x), float(place.y)


def _middle(geometries: Geometries, source: CRS, swap_xy: bool) -> shapely.Point:
    box = np.array([shapely.box(*_bounds(geometries))], dtype=object)
    lonlat = transform_geometries(box, source, CRS.from_epsg(CGCS2000), swap_xy=swap_xy)[0]
    return lonlat.centroid


def _plane_of_data(geometries: Geometries, source: CRS, swap_xy: bool) -> CRS:
    middle = _middle(geometries, source, swap_xy)
    return plane_for(middle.x, middle.y, own=source)


def _zone_warning(geometries: Geometries, source: CRS, swap_xy: bool) -> list[RowProblem]:
    box = np.array([shapely.box(*_bounds(geometries))], dtype=object)
    lonlat = transform_geometries(box, source, CRS.from_epsg(CGCS2000), swap_xy=swap_xy)[0]
    return [RowProblem("", "import.crosses_zone")] if crosses_zone_border(lonlat.bounds) else []


_SHIFT_SAMPLE = 400


def _ask_about_shift(
    snapshot: Snapshot, plane: Plane, geometries: Geometries, source: CRS, path: Path
) -> None:
    """Ask when the file fits the known borders only after a web map's shift is undone.

    Raises: InputError ``input.ask_shift``.
    """
    known = [
        snapshot.place(np.frombuffer(border.points, dtype="<i8").reshape(-1, 2))
        for border in snapshot.partition
    ][:_SHIFT_SAMPLE]
    if not known:
        return
    lines = np.array([shapely.LineString(xy) for xy in known], dtype=object)
    lonlat = CRS.from_epsg(CGCS2000)
    usable = geometries[~shapely.is_missing(geometries)][:_SHIFT_SAMPLE]
    finding = near_constant_shift(
        transform_geometries(usable, source, lonlat),
        transform_geometries(shapely.buffer(lines, 0.001), plane.crs, lonlat),
    )
    if finding is not None:
        raise InputError(finding.question_code, **{"file": path.name, **finding.params})
