"""The demo city as it ships in ``gisdata/demo_city``: a made-up town, and a dirty copy of it.

Everything in it is invented. ``python -m gisdata.make_demo_city`` makes the files anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyproj
import pyproj.exceptions
import shapely
import shapely.errors
import shapely.geometry
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gridadmin.base.errors import InputError
from gridadmin.base.paths import GISDATA

FOLDER = GISDATA / "demo_city"

DirtyRow = tuple[str | None, str, BaseGeometry]
"""Code, name and polygon, in metres of the plane."""

T = TypeVar("T")

_DAMAGE = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    shapely.errors.ShapelyError,
    pyproj.exceptions.ProjError,
)
"""What reading a damaged file may run into."""


@dataclass(frozen=True, slots=True)
class DemoArea:
    """An area; ``polygon_mm`` has whole millimetres of the plane, None for a stacked micro-grid."""

    code: str
    name: str
    level: str
    kind: str
    area_class: str
    parent_code: str | None
    land: str
    exclusive_type: str | None
    cell_code: str | None
    polygon_mm: shapely.MultiPolygon | None


@dataclass(frozen=True, slots=True)
class DemoExempt:
    """Exempt land in whole millimetres of the plane."""

    name: str
    reason: str
    approver: str
    until: str | None
    polygon_mm: shapely.MultiPolygon


@dataclass(frozen=True, slots=True)
class DemoShare:
    """What a stacked micro-grid holds of a building: an entrance, or floors from-to."""

    area_code: str
    cell_code: str
    building: str
    entrance: str | None
    floor_from: int | None
    floor_to: int | None


@dataclass(frozen=True, slots=True)
class DemoCompound:
    """A housing estate; ``outline`` is in metres of the plane."""

    name: str
    compound_type: str
    has_property_company: bool
    outline: shapely.MultiPolygon


@dataclass(frozen=True, slots=True)
class DemoBuilding:
    """A building with a point surely inside it; ``footprint`` is in metres of the plane."""

    uid: str
    name: str
    address: str
    households: int
    floors: int
    compound: str | None
    compound_type: str | None
    entrances: tuple[tuple[str, int], ...]
    x_mm: int
    y_mm: int
    footprint: shapely.Polygon


@dataclass(frozen=True, slots=True)
class DemoLine:
    """A road (``kind`` trunk, main, side, lane) or water (river, lake), metres of the plane."""

    name: str
    kind: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A made-up person on one post; what does not apply is empty text."""

    name: str
    sex: str
    political_status: str
    phone: str
    post: str
    area_code: str
    duties: str
    unit: str
    position: str
    rank: str
    batch: str


@dataclass(frozen=True, slots=True)
class DemoCity:
    """The whole town; areas stand with parents before children."""

    plane_epsg: int
    frame_mm: shapely.Polygon
    areas: tuple[DemoArea, ...]
    exempt: tuple[DemoExempt, ...]
    shares: tuple[DemoShare, ...]
    compounds: tuple[DemoCompound, ...]
    buildings: tuple[DemoBuilding, ...]
    roads: tuple[DemoLine, ...]
    water: tuple[DemoLine, ...]
    people: tuple[DemoPerson, ...]


def load_demo_city(folder: Path = FOLDER) -> DemoCity:
    """Return the demo city.

    Raises: InputError ``input.demo_file`` when one of its files is missing or damaged.
    """
    epsg, frame, areas, exempt, shares, compounds = _read(folder / "areas.json", _areas)
    to_plane = _to_plane(epsg)
    return DemoCity(
        epsg,
        frame,
        areas,
        exempt,
        shares,
        compounds,
        _read(folder / "buildings.geojson", lambda data: _buildings(data, to_plane)),
        _read(folder / "roads.geojson", lambda data: _lines(data, "class", to_plane)),
        _read(folder / "water.geojson", lambda data: _lines(data, "kind", to_plane)),
        _read(folder / "roster.json", _people),
    )


def dirty_layers(folder: Path = FOLDER) -> dict[str, list[DirtyRow]]:
    """Return the dirty copy: the drawn areas of each level with the planted faults in them.

    A code may be missing and a polygon invalid, on purpose.

    Raises: InputError ``input.demo_file``.
    """
    _, _, areas, *_ = _read(folder / "areas.json", _areas)
    changes = _read(folder / "dirty.json", _changes)
    replaced = {(layer, of): row for layer, of, row in changes if of is not None}
    layers: dict[str, list[DirtyRow]] = {}
    for area in areas:
        if area.polygon_mm is not None:
            clean = (area.code, area.name, _metres(area.polygon_mm))
            row = replaced.get((area.level, area.code), clean)
            layers.setdefault(area.level, []).append(row)
    for layer, of, row in changes:
        if of is None:
            layers.setdefault(layer, []).append(row)
    return layers


def truth(folder: Path = FOLDER) -> dict[str, Any]:
    """Return what is planted in the dirty copy.

    ``faults`` is what a check is to find. Beside it stand ``silent``, shifts below the snapping
    distance, and ``standing``, the holes that a layer looked at by itself has anyway.

    Raises: InputError ``input.demo_file``.
    """
    return _read(folder / "truth.json", dict)


def _read(path: Path, build: Callable[[Any], T]) -> T:
    try:
        return build(json.loads(path.read_text(encoding="utf-8")))
    except _DAMAGE as error:
        raise InputError("input.demo_file", file=str(path), why=str(error)) from error


def _areas(
    data: Any,
) -> tuple[
    int,
    shapely.Polygon,
    tuple[DemoArea, ...],
    tuple[DemoExempt, ...],
    tuple[DemoShare, ...],
    tuple[DemoCompound, ...],
]:
    areas = tuple(
        DemoArea(
            row["code"],
            row["name"],
            row["level"],
            row["kind"],
            row["class"],
            row["parent_code"],
            row["land"],
            row.get("exclusive_type"),
            row.get("cell"),
            _polygon(row["polygon"]) if "polygon" in row else None,
        )
        for row in data["areas"]
    )
    exempt = tuple(
        DemoExempt(
            row["name"], row["reason"], row["approver"], row["until"], _polygon(row["polygon"])
        )
        for row in data["exempt"]
    )
    compounds = tuple(
        DemoCompound(
            row["name"],
            row["type"],
            row["has_property_company"],
            _metres(_polygon(row["polygon"])),
        )
        for row in data["compounds"]
    )
    epsg = int(data["plane"].removeprefix("EPSG:"))
    _to_plane(epsg)
    frame = shapely.Polygon(data["frame"][0], data["frame"][1:])
    shares = tuple(DemoShare(**row) for row in data["stacked"])
    return epsg, frame, areas, exempt, shares, compounds


def _buildings(data: Any, to_plane: pyproj.Transformer) -> tuple[DemoBuilding, ...]:
    features = data["features"]
    footprints = _moved([shapely.geometry.shape(f["geometry"]) for f in features], to_plane)
    return tuple(
        _building(feature["properties"], footprint)
        for feature, footprint in zip(features, footprints, strict=True)
    )


def _building(row: Any, footprint: Any) -> DemoBuilding:
    place = footprint.representative_point()
    return DemoBuilding(
        row["id"],
        row["name"],
        row["address"],
        row["households"],
        row["floors"],
        row["compound"],
        row["compound_type"],
        tuple((entrance["name"], entrance["households"]) for entrance in row["entrances"]),
        round(place.x * 1000),
        round(place.y * 1000),
        footprint,
    )


def _lines(data: Any, kind: str, to_plane: pyproj.Transformer) -> tuple[DemoLine, ...]:
    features = data["features"]
    shapes = _moved([shapely.geometry.shape(f["geometry"]) for f in features], to_plane)
    return tuple(
        DemoLine(feature["properties"]["name"], feature["properties"][kind], shape)
        for feature, shape in zip(features, shapes, strict=True)
    )


def _people(data: Any) -> tuple[DemoPerson, ...]:
    return tuple(
        DemoPerson(**{field: row[field] for field in DemoPerson.__slots__})
        for row in data["persons"]
    )


def _changes(data: Any) -> list[tuple[str, str | None, DirtyRow]]:
    changes: list[tuple[str, str | None, DirtyRow]] = []
    for row in data["rows"]:
        polygon = _metres(_polygon(row["polygon"]))
        changes.append((row["layer"], row["of"], (row["code"], row["name"], polygon)))
    return changes


def _polygon(parts: Any) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in parts])


def _metres(polygon_mm: shapely.MultiPolygon) -> shapely.MultiPolygon:
    polygon: shapely.MultiPolygon = shapely.transform(polygon_mm, lambda places: places / 1000)
    return polygon


def _moved(shapes: Sequence[BaseGeometry], to_plane: pyproj.Transformer) -> list[BaseGeometry]:
    """Return *shapes* in the plane, rounded to the millimetre that they were made with."""

    def move(places: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = to_plane.transform(places[:, 0], places[:, 1])
        return np.round(np.column_stack([x, y]), 3)

    moved: list[BaseGeometry] = list(shapely.transform(np.array(shapes), move))
    return moved


@cache
def _to_plane(epsg: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(4490, epsg, always_xy=True)
