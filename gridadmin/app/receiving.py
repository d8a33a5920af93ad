"""A package that came in: what it says of itself, as a new project, or as reference outlines."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from gridadmin.app.creation import code_periods, settings
from gridadmin.app.package_sense import require_sense
from gridadmin.app.session import author, today
from gridadmin.base.errors import InputError
from gridadmin.base.ids import NOBODY, OUTSIDE, new_uid, oid_of
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.change import TABLES
from gridadmin.domain.model import (
    Area,
    AreaKind,
    BorderRow,
    Exempt,
    Land,
    ReferenceOutline,
    Setting,
)
from gridadmin.domain.scheme import LEVELS
from gridadmin.domain.scheme_loader import load_scheme
from gridadmin.edit.document import lands_of
from gridadmin.edit.reference_command import TakeReference
from gridadmin.exchange.geopackage_file import opened
from gridadmin.exchange.import_source import CGCS2000, Plane, plane_of
from gridadmin.exchange.reader import list_layers, read_layer
from gridadmin.exchange.source import FeatureTable
from gridadmin.partition.base import arrays_of
from gridadmin.partition.overlay import border_changes, overlay
from gridadmin.partition.planar import Partition
from gridadmin.partition.planes import plane_for, transform_geometries
from gridadmin.partition.rewire import BorderIds
from gridadmin.partition.snapshot import Snapshot
from gridadmin.store.project_file import create_project

_DRAWN = (*LEVELS, "cell")
_ORIGIN_STEP_MM = 1_000_000
_MOST_METADATA = 1_000_000
"""A longer document is no release of ours."""


@dataclass(frozen=True)
class Received:
    """A package: its areas as rows, the polygons by layer, and what it says of its release."""

    file: str
    areas: FeatureTable
    layers: Mapping[str, FeatureTable]
    release: Mapping[str, Any]


def read_package(path: Path, progress: Progress = SILENT) -> Received:
    """Return what a published package holds.

    Raises: InputError ``release.not_a_package`` and those of reading; Cancelled.
    """
    names = [layer.name for layer in list_layers(path)]
    if "areas" not in names:
        raise InputError("release.not_a_package", file=path.name)
    areas = read_layer(path, "areas", progress)
    needed = ("uid", "name", "level", "parent_uid", "code")
    if any(name not in areas.columns for name in needed):
        raise InputError("release.not_a_package", file=path.name)
    layers = {
        name: read_layer(path, name, progress) for name in (*_DRAWN, "exempt") if name in names
    }
    if not any(layers.values()):
        raise InputError("release.no_land_in_package", file=path.name)
    return Received(path.name, areas, layers, _release_of(path))


def _release_of(path: Path) -> Mapping[str, Any]:
    """Return what the package says of its release; empty where it says nothing that is known."""
    try:
        with opened(path) as file:
            rows = file.connection.execute(
                "SELECT metadata FROM gpkg_metadata WHERE mime_type = 'application/json'"
                " AND length(metadata) < ?",
                (_MOST_METADATA,),
            ).fetchall()
    except sqlite3.Error:
        return {}
    for (text,) in rows:
        try:
            said = json.loads(text)
        except (ValueError, TypeError):
            continue
        if isinstance(said, dict) and isinstance(said.get("release"), dict):
            found: Mapping[str, Any] = said["release"]
            return found
    return {}


def reference_of(package: Received, project: Snapshot) -> TakeReference:
    """Return the command that keeps the package's outlines as references of the project's areas.

    Raises: InputError ``release.no_plane``.
    """
    plane = plane_of(project)
    if plane is None:
        raise InputError("release.no_plane", file=package.file)
    outlines: dict[str, shapely.MultiPolygon] = {}
    known = {area.uid for area in project.areas()}
    for name in _DRAWN:
        if name in package.layers:
            found = _polygons(package.layers[name], plane.crs)
            outlines |= {uid: shape for uid, shape in found.items() if uid in known}
    wkbs = {uid: shapely.to_wkb(shape, byte_order=1) for uid, shape in outlines.items()}
    number = package.release.get("number")
    document = f"r{number:04}" if isinstance(number, int) else None
    return TakeReference(package.file, wkbs, document)


def new_project_of(
    path: Path, package: Received, scheme: str | None = None, progress: Progress = SILENT
) -> None:
    """Create a project with the areas and the land of a package, under the same uids.

    Households stand as typed figures; stacked micro-grids are listed, for their buildings aren't in
    a package. Raises: InputError ``store.exists``, ``release.senseless_package`` and others,
    SchemeError, StoreError, Cancelled.
    """
    require_sense(package.file, package.areas, package.layers.get("exempt"))
    said = package.release.get("scheme")
    loaded = load_scheme(scheme or (said if isinstance(said, str) else "default"))
    plane = _plane(package)
    shapes, owners, ranks = _land(package, plane.crs)
    origin = _origin(shapes)
    areas = _areas(package)
    exempts = _exempts(package)
    borders = _borders(shapes, owners, ranks, origin, progress)
    root = next((area for area in areas if area.parent is None), None)
    if root is None:
        raise InputError("release.not_a_package", file=package.file)
    values = settings(loaded, root.name) | {
        "plane": plane.as_setting(),
        "origin": json.dumps(origin),
        "frame": "true",
    }
    frame = _frame(root.uid, shapes, owners, ranks)
    outline = _reference(root.uid, frame, package.file)
    records: list[Any] = [*areas, *exempts, *borders, outline]
    records += code_periods(areas, new_uid, today())
    create_project(
        path, values, records, author(), lands=_lands(records, values), progress=progress
    )


def _plane(package: Received) -> Plane:
    said = package.release.get("plane")
    if isinstance(said, dict) and isinstance(said.get("wkt"), str):
        epsg = said.get("epsg")
        with suppress(CRSError):
            told = CRS.from_epsg(epsg) if isinstance(epsg, int) else CRS.from_wkt(said["wkt"])
            if told.is_projected:
                return Plane(told)
    boxes = [shapely.total_bounds(table.geometries) for table in package.layers.values()]
    x0, y0, x1, y1 = shapely.total_bounds([shapely.box(*box) for box in boxes]).tolist()
    return Plane(plane_for((x0 + x1) / 2, (y0 + y1) / 2))


def _polygons(table: FeatureTable, plane: CRS) -> dict[str, shapely.MultiPolygon]:
    crs = CRS.from_epsg(CGCS2000) if table.crs is None else table.crs
    flat = transform_geometries(table.geometries, crs, plane)
    return {
        uid: shape
        for uid, shape in zip(table.texts("uid"), flat, strict=True)
        if uid is not None and shape is not None and not shapely.is_empty(shape)
    }


def _land(package: Received, plane: CRS) -> tuple[np.ndarray, list[int], list[int]]:
    """Return the polygons of all layers with the owner of each and how deep its level stands."""
    shapes: list[shapely.MultiPolygon] = []
    owners: list[int] = []
    ranks: list[int] = []
    for rank, name in enumerate((*_DRAWN, "exempt")):
        if name in package.layers:
            for uid, shape in _polygons(package.layers[name], plane).items():
                shapes.append(shape)
                owners.append(oid_of(uid))
                ranks.append(rank)
    polygons = np.empty(len(shapes), dtype=object)
    polygons[:] = shapes
    return polygons, owners, ranks


def _origin(shapes: np.ndarray) -> tuple[int, int]:
    x0, y0, x1, y1 = shapely.total_bounds(shapes).tolist()
    step = _ORIGIN_STEP_MM
    middles = ((x0 + x1) / 2, (y0 + y1) / 2)
    x, y = (int(np.floor(middle * 1000 / step + 0.5)) * step for middle in middles)
    return x, y


def _frame(
    root: str, shapes: np.ndarray, owners: Sequence[int], ranks: Sequence[int]
) -> shapely.Geometry:
    """Return the outline of all land: the root's own, where its layer is there, with what is not.

    Exempt land is in no area's polygon.
    """
    exempt = len(_DRAWN)
    own = oid_of(root)
    rows = zip(shapes, owners, ranks, strict=True)
    outer = [shape for shape, owner, rank in rows if own == owner or rank == exempt]
    return shapely.union_all(outer if own in owners else list(shapes))


def _borders(
    shapes: np.ndarray,
    owners: Sequence[int],
    ranks: Sequence[int],
    origin: tuple[int, int],
    progress: Progress,
) -> list[BorderRow]:
    """Return the borders of the land: each face is the deepest area's that claims it."""
    empty = Partition.of([], {})
    laid = overlay(empty, shapes, ranks, origin_mm=origin, snap_m=0.001, progress=progress)
    owner = np.array(
        [
            owners[max(claims, key=lambda one: (ranks[one], one))] if claims else OUTSIDE
            for claims in laid.arrangement.claims
        ],
        dtype=np.int64,
    )
    changes = border_changes(empty, laid, owner, BorderIds(new_uid()), has_frame=False)
    return [after for _, after in changes if after is not None]


def _areas(package: Received) -> list[Area]:
    table = package.areas
    column = {name: table.texts(name) for name in table.columns}
    nothing: list[str | None] = [None] * len(table)
    drawn = {
        uid
        for name in _DRAWN
        if name in package.layers
        for uid in package.layers[name].texts("uid")
    }
    uids = {uid for uid in column["uid"] if uid}
    parents = set(column["parent_uid"])
    parent_of = dict(zip(column["uid"], column["parent_uid"], strict=True))
    for uid in [*drawn]:
        above = parent_of.get(uid)
        while above is not None and above not in drawn:
            drawn.add(above)
            above = parent_of.get(above)
    found = []
    for row, uid in enumerate(column["uid"]):
        level = column["level"][row]
        if uid is None or level is None:
            continue
        parent = column["parent_uid"][row]
        homes = column.get("households", nothing)[row]
        has_children = uid in parents
        is_typed = homes is not None and homes.isdecimal() and not has_children
        found.append(
            Area(
                uid,
                column["code"][row],
                column["name"][row] or "",
                level,
                parent if parent in uids else None,
                land=Land.DRAWN if uid in drawn else Land.LISTED,
                kind=AreaKind(column.get("kind", nothing)[row] or "general"),
                area_class=column.get("class", nothing)[row],
                households_typed=int(homes or 0) if is_typed else None,
                households_as_of=today() if is_typed else None,
                valid_from=column.get("valid_from", nothing)[row],
            )
        )
    return found


def _exempts(package: Received) -> list[Exempt]:
    table = package.layers.get("exempt")
    if table is None:
        return []
    column = {name: table.texts(name) for name in table.columns}
    nothing: list[str | None] = [None] * len(table)
    return [
        Exempt(
            uid,
            column.get("reason", nothing)[row] or "",
            column.get("approver", nothing)[row] or "",
            column.get("until", nothing)[row],
            column.get("name", nothing)[row],
        )
        for row, uid in enumerate(column["uid"])
        if uid is not None
    ]


def _reference(area: str, shape: shapely.Geometry, source: str) -> ReferenceOutline:
    blob = shapely.to_wkb(shape, byte_order=1)
    digest = hashlib.sha256(blob).hexdigest()
    return ReferenceOutline(new_uid(), area, blob, source, digest, date=today())


def _lands(records: Sequence[Any], values: Mapping[str, str]) -> dict[int, bytes]:
    """Return the polygons for readers of the file, by kernel number."""
    table_of = {record: table for table, record in TABLES.items()}
    rows: dict[str, list[Any]] = {table: [] for table in TABLES}
    for record in records:
        rows[table_of[type(record)]].append(record)
    rows["setting"] = [Setting(name, value) for name, value in values.items()]
    state = Snapshot.of(0, rows, arrays_of(rows.pop("border")))
    holders = frozenset(state.partition.owners() - {NOBODY, OUTSIDE})
    above = {oid_of(area.uid) for area in state.areas()}
    found = lands_of(state, holders | above)
    return {oid: land for oid, land in found.items() if land is not None}
