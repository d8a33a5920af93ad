"""The planted faults as files: the rows that the dirty copy changes, and the truth about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gisdata.city import outline
from gisdata.city.faults import Fault, Planter, Rings
from gisdata.city.numbering import Area

_COVERING = ("district", "street", "community", "grid", "micro_grid")
_LEAST_M2 = 1.0


def dirty_rows(planter: Planter) -> list[dict[str, Any]]:
    """Return the rows that differ, with polygons in millimetres of the plane."""
    return [
        {
            "layer": row.layer,
            "of": row.of,
            "code": row.code,
            "name": row.name,
            "polygon": [[_plane(ring) for ring in rings] for rings in row.polygons],
        }
        for row in planter.rows
    ]


def truth(planter: Planter, areas: Sequence[Area]) -> dict[str, Any]:
    """Return the truth; ``faults`` and ``crs`` are what the contract names.

    ``silent`` are shifts below the snapping distance. ``standing`` are the holes that a layer has
    when it is looked at without the others: exempt land, grids without drawn micro-grids.
    """
    loud = [fault for fault in planter.faults if not fault.is_silent]
    return {
        "crs": f"EPSG:{outline.PLANE_EPSG}",
        "faults": [_row(fault) for fault in loud],
        "silent": [_row(fault) for fault in planter.faults if fault.is_silent],
        "standing": list(_standing(areas, planter)),
    }


def _row(fault: Fault) -> dict[str, Any]:
    face = _face(fault.face)
    row: dict[str, Any] = {"kind": fault.kind}
    if fault.fault_class:
        row["class"] = fault.fault_class
    row |= {"layer": fault.layer, "areas": list(fault.areas)}
    if fault.name:
        row["name"] = fault.name
    return row | {"area_m2": _m2(face), "point": _point(face)}


def _standing(areas: Sequence[Area], planter: Planter) -> Iterator[dict[str, Any]]:
    """Yield the holes of every clean layer, less what the planted faults cover of them."""
    frame = shapely.Polygon(areas[0].rings[0])
    taken = [_polygon_mm(f.face) for f in planter.faults if f.kind == "overhang"]
    for layer in _COVERING:
        land = [_polygon_mm(area.rings) for area in areas if area.level == layer and area.rings]
        free = shapely.difference(frame, shapely.coverage_union_all(land))
        if layer == "micro_grid":
            free = shapely.difference(free, shapely.union_all(taken))
        for hole in shapely.get_parts(free):
            if hole.area > _LEAST_M2 * 1e6:
                touches_frame = hole.intersection(frame.exterior).length > 0
                yield {
                    "kind": "gap",
                    "class": "open" if touches_frame else "enclosed",
                    "layer": layer,
                    "area_m2": _m2(hole),
                    "point": _point(hole),
                }


def _polygon_mm(rings: Rings) -> shapely.Polygon:
    return shapely.Polygon(rings[0], rings[1:])


def _face(rings: Rings) -> BaseGeometry:
    """Return what is filled of *rings*, which may cross themselves."""
    polygon = _polygon_mm(rings)
    return polygon if polygon.is_valid else shapely.make_valid(polygon)


def _m2(face: BaseGeometry) -> float:
    return round(float(face.area) / 1e6, 9)


def _point(face: BaseGeometry) -> list[float]:
    """Return a point inside *face* in metres of the plane, on a grid of 0.1 mm."""
    place = face.representative_point()
    x0, y0 = outline.ORIGIN_MM
    return [round((place.x + x0) / 1000, 4), round((place.y + y0) / 1000, 4)]


def _plane(ring: Sequence[tuple[float, float]]) -> list[list[float]]:
    x0, y0 = outline.ORIGIN_MM
    return [[_exact(x + x0), _exact(y + y0)] for x, y in (*ring, ring[0])]


def _exact(value: float) -> float:
    return int(value) if float(value).is_integer() else round(value, 4)
