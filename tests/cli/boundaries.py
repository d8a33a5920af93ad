"""Small boundary files for tests: rectangles in metres near 120.35° E, 36.1° N, all made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import fiona
import shapely
import shapely.geometry
from fiona.model import Feature, Geometry, Properties

PLANE = "EPSG:4549"
X0, Y0 = 530_000.0, 3_994_000.0
"""The lower left corner of everything here, in metres of :data:`PLANE`."""

Row = tuple[Mapping[str, Any], shapely.Geometry | None]


def box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    """Return a rectangle in metres from the corner."""
    return shapely.box(X0 + x0, Y0 + y0, X0 + x1, Y0 + y1)


def outline(*points: tuple[float, float]) -> shapely.Polygon:
    """Return a polygon in metres from the corner."""
    return shapely.Polygon([(X0 + x, Y0 + y) for x, y in points])


def at(x: float, y: float) -> list[float]:
    """Return a place in metres of the plane, as an edit line gives it."""
    return [X0 + x, Y0 + y]


def boundary_file(
    path: Path,
    rows: Sequence[Row],
    *,
    crs: str | None = PLANE,
    driver: str = "GPKG",
    layer: str | None = None,
) -> Path:
    """Write rows (text columns, polygon or None) as they are, faults included."""
    columns = list(rows[0][0])
    schema = {"geometry": "Unknown", "properties": dict.fromkeys(columns, "str")}
    options: dict[str, Any] = {} if layer is None else {"layer": layer}
    mode = "a" if path.exists() and layer is None else "w"
    with fiona.open(path, mode, driver=driver, schema=schema, crs=crs, **options) as sink:
        for values, shape in rows:
            geometry = None if shape is None else shapely.geometry.mapping(shape)
            sink.write(
                Feature(
                    geometry=None if geometry is None else Geometry.from_dict(geometry),
                    properties=Properties.from_dict(**values),
                )
            )
    return path


def quarters(prefix: str = "990001001") -> list[Row]:
    """Return four squares of 100 m that fill one of 200 m, coded *prefix* 001 … 004."""
    places = [(0, 100), (100, 100), (0, 0), (100, 0)]
    return [
        ({"code": f"{prefix}{number:03}", "name": f"样例{number}"}, box(x, y, x + 100, y + 100))
        for number, (x, y) in enumerate(places, start=1)
    ]
