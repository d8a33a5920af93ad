"""Polygons as they are, faults included: the plain layers of the demo city's dirty copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import fiona
import shapely.geometry
from shapely.geometry.base import BaseGeometry

from gridadmin.exchange.whole_file import part_beside, switch

_SCHEMA = {"geometry": "MultiPolygon", "properties": {"code": "str", "name": "str"}}


def write_plain_layers(
    path: Path,
    epsg: int,
    layers: Mapping[str, Sequence[tuple[str | None, str, BaseGeometry]]],
) -> None:
    """Write rows (code, name, polygon in metres) as layers of a GeoPackage, unchecked.

    Raises: InputError and StoreError of :mod:`gridadmin.exchange.whole_file`.
    """
    with part_beside(path) as part:
        for name, rows in layers.items():
            with fiona.open(
                part, "w", driver="GPKG", layer=name, schema=_SCHEMA, crs=f"EPSG:{epsg}"
            ) as sink:
                sink.writerecords(_record(*row) for row in rows)
        switch(part, path)


def _record(code: str | None, name: str, shape: BaseGeometry) -> dict[str, object]:
    multi = shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])
    return {
        "type": "Feature",
        "geometry": shapely.geometry.mapping(multi),
        "properties": {"code": code, "name": name},
    }
