"""The demo city as a project, with a dirty copy and everything else that ``demo`` writes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import shapely
from pyproj import CRS

from gridadmin.app.creation import code_periods, settings
from gridadmin.app.demo_facilities import demo_facilities
from gridadmin.app.demo_people import demo_people
from gridadmin.app.made_up_roster import write_roster_of
from gridadmin.app.places.writing import PLACES, write_place
from gridadmin.base.errors import InputError
from gridadmin.base.ids import OUTSIDE, UidMaker, oid_of, seeded_uids
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.change import TABLES
from gridadmin.domain.model import (
    Area,
    BorderRow,
    Building,
    Compound,
    Entrance,
    Exempt,
    Land,
    LineObject,
    ReferenceOutline,
    Setting,
    StackedPart,
)
from gridadmin.domain.scheme import Scheme
from gridadmin.domain.scheme_loader import load_scheme
from gridadmin.edit.document import lands_of
from gridadmin.exchange.demo_city import FOLDER, DemoCity, dirty_layers, load_demo_city, truth
from gridadmin.exchange.import_compounds import compound_type
from gridadmin.exchange.import_source import Plane
from gridadmin.exchange.plain_layers import write_plain_layers
from gridadmin.partition.base import arrays_of
from gridadmin.partition.overlay import border_changes, overlay
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import BorderIds
from gridadmin.partition.snapshot import Snapshot
from gridadmin.store.project_file import create_project

SEED = 20_250_101
CREATED = "2025-01-01T00:00:00.000+00:00"
DAY = "2025-01-01"
DAY_OF_ROSTER = "2026-01-01"
"""The roster tells who holds what after the terms that are over in it."""
_STEP_MM = 1_000_000
_SHIPPED = ("basemap.mbtiles", "buildings.geojson", "roads.geojson", "water.geojson")
"""What goes into the folder as it ships."""


def demo_folder() -> Path:
    """Return where the window keeps its demo city: ``GRIDADMIN_DEMO``, else among the documents."""
    named = os.environ.get("GRIDADMIN_DEMO")
    return Path(named) if named else platformdirs.user_documents_path() / "gridadmin-demo"


def write_demo(folder: Path, progress: Progress = SILENT, place: str | None = None) -> list[Path]:
    """Write the demo city, or the worked example of a *place*, into *folder*; return the files.

    Raises: InputError (``input.unknown_place``), Cancelled, StoreError (``store.exists`` when the
    project is there already).
    """
    if place is not None and place not in PLACES:
        raise InputError("input.unknown_place", place=place, places=", ".join(PLACES))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        why = fault.strerror or str(fault)
        raise InputError("cli.cannot_write", path=str(folder), why=why) from fault
    project = folder / "demo.gpkg"
    stood_before = set(folder.iterdir())
    try:
        if place is not None:
            return _write_place(folder, project, place, progress)
        return _write_files(folder, project, progress)
    except BaseException:
        # A half-made demo would be in the way of the next try.
        for path in set(folder.iterdir()) - stood_before:
            path.unlink(missing_ok=True)
        raise


def _write_files(folder: Path, project: Path, progress: Progress) -> list[Path]:
    city = load_demo_city()
    checkpoint(progress, "progress.demo", 0, 4)
    scheme = load_scheme("default")
    areas, people = _create(project, city, scheme, progress)
    checkpoint(progress, "progress.demo", 1, 4)
    write_plain_layers(folder / "demo-dirty.gpkg", city.plane_epsg, dirty_layers())
    checkpoint(progress, "progress.demo", 2, 4)
    _write_json(folder / "truth.json", truth())
    write_roster_of(folder / "roster.xlsx", scheme, areas, people, DAY_OF_ROSTER)
    for name in _SHIPPED:
        _copy(FOLDER / name, folder / name)
    checkpoint(progress, "progress.demo", 4, 4)
    made = ("demo.gpkg", "demo-dirty.gpkg", "truth.json", "roster.xlsx")
    return [folder / name for name in (*made, *_SHIPPED)]


def _write_place(folder: Path, project: Path, place: str, progress: Progress) -> list[Path]:
    """Write the example of a place: it has no land, so no map and no objects on it."""
    roster = folder / "roster.xlsx"
    maker = write_place(project, place, progress)
    write_roster_of(roster, maker.scheme, maker.areas, maker.records, maker.day)
    checkpoint(progress, "progress.demo", 4, 4)
    return [project, roster]


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError as error:
        why = error.strerror or str(error)
        raise InputError("input.demo_file", file=str(source), why=why) from error


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


def _create(
    path: Path, city: DemoCity, scheme: Scheme, progress: Progress
) -> tuple[list[Area], list[Any]]:
    """Create the project; return its areas and its people."""
    uid = seeded_uids(SEED)
    areas = _areas(city, uid)
    by_code = {area.code or "": area for area in areas.values()}
    exempts = [Exempt(uid(), e.reason, e.approver, e.until, e.name, since=DAY) for e in city.exempt]
    origin = _origin(city)
    borders = _borders(city, areas, exempts, origin, progress)
    root = next(iter(areas.values()))
    values = settings(scheme, root.name)
    plane = Plane(CRS.from_epsg(city.plane_epsg))
    values |= {"plane": plane.as_setting(), "origin": json.dumps(origin), "frame": "true"}
    records = [
        *areas.values(),
        *code_periods(areas.values(), uid, DAY),
        *exempts,
        _frame_outline(city, root, uid),
        *_stacked(city, by_code, uid),
        *_buildings(city, scheme, uid),
        *_lines(city, uid),
    ]
    people = demo_people(city, by_code, scheme, uid)
    records += [*people, *demo_facilities(city, by_code, uid)]
    snapshot = Snapshot.of(0, _by_table([*records, *_setting_rows(values)]), arrays_of(borders))
    owners = [oid_of(uid) for uid in (*(a.uid for a in areas.values()), *(e.uid for e in exempts))]
    lands = {oid: blob for oid, blob in lands_of(snapshot, owners).items() if blob is not None}
    create_project(
        path, values, [*records, *borders], "gridadmin demo", lands=lands, created=CREATED
    )
    return list(areas.values()), people


def _areas(city: DemoCity, uid: UidMaker) -> dict[str, Area]:
    """Return the areas by code, parents before children."""
    made: dict[str, Area] = {}
    parents = {area.parent_code for area in city.areas}
    for area in city.areas:
        parent = None if area.parent_code is None else made[area.parent_code].uid
        made[area.code] = Area(
            uid(),
            area.code,
            area.name,
            area.level,
            parent,
            land=area.land,
            kind=area.kind,
            area_class=area.area_class,
            exclusive_type=area.exclusive_type,
            is_divided=area.code in parents,
            cell=None if area.cell_code is None else made[area.cell_code].uid,
            valid_from=DAY,
        )
    return made


def _origin(city: DemoCity) -> tuple[int, int]:
    x0, y0, x1, y1 = city.frame_mm.bounds
    return (
        round((x0 + x1) / 2 / _STEP_MM) * _STEP_MM,
        round((y0 + y1) / 2 / _STEP_MM) * _STEP_MM,
    )


def _borders(
    city: DemoCity,
    areas: Mapping[str, Area],
    exempts: Sequence[Exempt],
    origin: tuple[int, int],
    progress: Progress,
) -> list[BorderRow]:
    """Return the borders between the finest areas, the exempt land and the outside."""
    parents = {area.parent_code for area in city.areas if area.land == Land.DRAWN}
    leaves = [a for a in city.areas if a.polygon_mm is not None and a.code not in parents]
    owners = [oid_of(areas[leaf.code].uid) for leaf in leaves] + [oid_of(e.uid) for e in exempts]
    shapes = [leaf.polygon_mm for leaf in leaves] + [e.polygon_mm for e in city.exempt]
    metres = shapely.transform(np.array(shapes, dtype=object), lambda xy: xy / 1000)
    empty = Partition.of([], {})
    overlaid = overlay(
        empty, metres, [0] * len(owners), origin_mm=origin, snap_m=0.001, progress=progress
    )
    owner = np.array(
        [owners[min(claims)] if claims else OUTSIDE for claims in overlaid.arrangement.claims],
        dtype=np.int64,
    )
    ids = BorderIds("demo")
    changes = border_changes(empty, overlaid, owner, ids, has_frame=False)
    return [after for _, after in changes if after is not None]


def _frame_outline(city: DemoCity, root: Area, uid: UidMaker) -> ReferenceOutline:
    frame = shapely.transform(city.frame_mm, lambda xy: xy / 1000)
    blob = shapely.to_wkb(frame, byte_order=1)
    digest = hashlib.sha256(blob).hexdigest()
    return ReferenceOutline(uid(), root.uid, blob, "demo_city", digest, date=DAY)


def _stacked(city: DemoCity, areas: Mapping[str, Area], uid: UidMaker) -> list[StackedPart]:
    return [
        StackedPart(
            uid(),
            areas[share.area_code].uid,
            share.building,
            share.entrance,
            share.floor_from,
            share.floor_to,
        )
        for share in city.shares
    ]


def _buildings(city: DemoCity, scheme: Scheme, uid: UidMaker) -> list[Any]:
    compounds = [
        Compound(
            uid(),
            compound.name,
            compound_type(compound.compound_type, scheme),
            compound.has_property_company,
            shapely.to_wkb(compound.outline, byte_order=1),
        )
        for compound in city.compounds
    ]
    records: list[Any] = [*compounds]
    homes = _homes(city, compounds)
    for building in city.buildings:
        compound = homes.get(building.uid)
        records.append(
            Building(
                building.uid,
                building.x_mm,
                building.y_mm,
                building.households,
                building.floors,
                building.name,
                building.address,
                None if compound is None else compound.uid,
                shapely.to_wkb(building.footprint, byte_order=1),
            )
        )
        records += [
            Entrance(uid(), building.uid, name, households)
            for name, households in building.entrances
        ]
    return records


def _homes(city: DemoCity, compounds: Sequence[Compound]) -> dict[str, Compound]:
    """Return the compound of each building: of several of that name the nearest."""
    named: dict[str, list[int]] = {}
    for number, compound in enumerate(compounds):
        named.setdefault(compound.name, []).append(number)
    found = {}
    for building in city.buildings:
        numbers = named.get(building.compound or "")
        if numbers:
            place = shapely.Point(building.x_mm / 1000, building.y_mm / 1000)
            away = [shapely.distance(city.compounds[n].outline, place) for n in numbers]
            found[building.uid] = compounds[numbers[int(np.argmin(away))]]
    return found


def _lines(city: DemoCity, uid: UidMaker) -> list[LineObject]:
    roads = [
        LineObject(uid(), "road", road.name, road.kind, shapely.to_wkb(road.geometry, byte_order=1))
        for road in city.roads
    ]
    waters = [
        LineObject(
            uid(), water.kind, water.name, None, shapely.to_wkb(water.geometry, byte_order=1)
        )
        for water in city.water
    ]
    return roads + waters


def _by_table(records: Sequence[Any]) -> dict[str, list[Any]]:
    table_of = {record: table for table, record in TABLES.items()}
    found: dict[str, list[Any]] = {}
    for record in records:
        found.setdefault(table_of[type(record)], []).append(record)
    return found


def _setting_rows(values: Mapping[str, str]) -> list[Any]:
    return [Setting(key, value) for key, value in values.items()]
