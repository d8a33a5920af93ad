"""The town's files: areas in millimetres of the plane, map objects in longitude and latitude."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
import shapely.geometry
from shapely.geometry.base import BaseGeometry

from gisdata.city import names, outline
from gisdata.city.buildings import Building, Compound
from gisdata.city.numbering import Area, Register
from gisdata.city.people import Person
from gisdata.city.roads import NamedRoad, Water
from gisdata.city.subdivision import Ring

NOTE = "虚构数据：地名、道路、楼栋、人员均为编造，与任何真实地方和个人无关。"
_DEGREE_DECIMALS = 9

Row = dict[str, Any]


def plane_ring(ring: Ring) -> list[list[int]]:
    """Return *ring* closed, in millimetres of the plane."""
    x0, y0 = outline.ORIGIN_MM
    return [[x + x0, y + y0] for x, y in (*ring, ring[0])]


def area_row(area: Area) -> Row:
    """Return what the areas file says of *area*; what is unknown is left out."""
    row: Row = {
        "code": area.code,
        "name": area.name,
        "level": area.level,
        "kind": area.kind,
        "class": area.area_class,
        "parent_code": area.parent_code,
        "land": area.land,
    }
    if area.exclusive_type:
        row["exclusive_type"] = area.exclusive_type
    if area.cell:
        row["cell"] = area.cell
    if area.rings:
        row["polygon"] = [[plane_ring(ring) for ring in area.rings]]
    return row


def areas_text(
    frame: Ring,
    lake: Ring,
    register: Register,
    compounds: Sequence[Compound],
    ids: dict[int, str],
) -> str:
    """Return the areas file; *ids* gives the id of a building by its identity."""
    exempt = {
        "name": names.LAKE,
        "reason": "湖面水域，不划入任何网格",
        "approver": f"{names.DISTRICT}甲局（虚构）",
        "until": None,
        "polygon": [[plane_ring(lake[::-1])]],
    }
    shares = [
        {
            "area_code": share.area_code,
            "cell_code": share.cell_code,
            "building": ids[id(share.building)],
            "entrance": share.entrance,
            "floor_from": share.floor_from,
            "floor_to": share.floor_to,
        }
        for share in register.shares
    ]
    estates = [
        {
            "name": compound.name,
            "type": compound.compound_type,
            "has_property_company": compound.compound_type in ("商品房小区", "保障性住房小区"),
            "polygon": _compound_polygon(compound),
        }
        for compound in compounds
    ]
    return _sections(
        {"note": NOTE, "plane": f"EPSG:{outline.PLANE_EPSG}", "frame": [plane_ring(frame)]},
        {
            "areas": [area_row(area) for area in register.areas],
            "exempt": [exempt],
            "stacked": shares,
            "compounds": estates,
        },
    )


def buildings_text(rows: Iterable[tuple[str, str, Building]]) -> str:
    """Return the buildings file of (id, address, building)."""
    return _collection(
        (
            building.footprint,
            {
                "id": uid,
                "name": building.name,
                "address": address,
                "households": building.households,
                "floors": building.floors,
                "compound": building.compound,
                "compound_type": building.compound_type,
                "entrances": [
                    {"name": name, "households": count} for name, count in building.entrances
                ],
            },
        )
        for uid, address, building in rows
    )


def roads_text(roads: Iterable[NamedRoad]) -> str:
    """Return the roads file."""
    return _collection(
        (shapely.set_precision(road.line, 0.001), {"name": road.name, "class": road.road_class})
        for road in roads
    )


def water_text(water: Water) -> str:
    """Return the water file."""
    return _collection(
        (
            (shapely.set_precision(water.river, 0.001), {"name": names.RIVER, "kind": "river"}),
            (water.lake, {"name": names.LAKE, "kind": "lake"}),
        )
    )


def roster_text(people: Iterable[Person]) -> str:
    """Return the roster file; fields that do not apply to a person are empty text."""
    rows = [{**asdict(person), "made_up": True} for person in people]
    return _sections({"note": NOTE}, {"persons": rows})


def dirty_text(rows: Sequence[Row]) -> str:
    """Return the file of the rows in which the dirty copy differs."""
    return _sections({"note": NOTE}, {"rows": list(rows)})


def truth_text(truth: Row) -> str:
    """Return the truth file."""
    return _sections({"crs": truth["crs"]}, {k: v for k, v in truth.items() if k != "crs"})


def write(path: Path, text: str) -> None:
    """Write *text* as UTF-8 with the same line ends on every system."""
    path.write_text(text, encoding="utf-8", newline="\n")


def line(row: object) -> str:
    """Return *row* as one compact line of JSON."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _sections(head: Row, lists: dict[str, list[Any]]) -> str:
    parts = [f"{line(key)}:{line(value)}" for key, value in head.items()]
    for key, rows in lists.items():
        parts.append(f"{line(key)}:[\n" + ",\n".join(line(row) for row in rows) + "\n]")
    return "{" + ",\n".join(parts) + "}\n"


def _collection(rows: Iterable[tuple[BaseGeometry, Row]]) -> str:
    features = ",\n".join(
        line({"type": "Feature", "properties": row, "geometry": _geographic(geometry)})
        for geometry, row in rows
    )
    return '{"type":"FeatureCollection","features":[\n' + features + "\n]}\n"


_TO_GEOGRAPHIC = pyproj.Transformer.from_crs(outline.PLANE_EPSG, 4490, always_xy=True)


def _geographic(geometry: BaseGeometry) -> Row:
    def moved(places: outline.Curve) -> outline.Curve:
        origin = np.array(outline.ORIGIN_MM) / 1000
        lon, lat = _TO_GEOGRAPHIC.transform(*(places + origin).T)
        return np.round(np.column_stack([lon, lat]), _DEGREE_DECIMALS)

    row: Row = shapely.geometry.mapping(shapely.transform(geometry, moved))
    # GeoJSON knows no rings outside of polygons.
    return {**row, "type": "LineString"} if row["type"] == "LinearRing" else row


def _compound_polygon(compound: Compound) -> list[list[list[list[int]]]]:
    return [
        [plane_ring(tuple((round(x * 1000), round(y * 1000)) for x, y in ring.coords[:-1]))]
        for part in shapely.get_parts(compound.outline)
        for ring in [part.exterior]
    ]
