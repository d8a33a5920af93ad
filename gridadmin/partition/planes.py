"""The plane of a project: which metric CRS the millimetres of the kernel are counted in.

In China it is the 3-degree Gauss-Kruger zone of CGCS2000 around the data; elsewhere the file's own
metric CRS, or a transverse Mercator on WGS 84 centred on the data.
"""

from __future__ import annotations

from functools import lru_cache
from math import floor
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from gridadmin.base.errors import InputError

CHINA = (73.5, 3.4, 135.1, 53.6)
"""West, south, east, north in degrees: a rectangle around China's land and islands."""
CGCS2000 = 4490
WGS84: Final = 4326
_FIRST_PLANE = 4509
"""EPSG 4534…4554 are the 3-degree zones 25…45 without zone prefix."""

Bounds = tuple[float, float, float, float]


def is_in_china(lon: float, lat: float) -> bool:
    """Return whether the point lies in the rectangle around China (degrees)."""
    west, south, east, north = CHINA
    return west <= lon <= east and south <= lat <= north


def zone_of(lon: float) -> int:
    """Return the number of the 3-degree Gauss-Kruger zone of a longitude: central meridian / 3."""
    return floor((lon + 1.5) / 3)


def plane_for(lon: float, lat: float, own: CRS | None = None) -> CRS:
    """Return the plane for data around a point (degrees).

    Outside China *own*, the file's CRS, is the plane when it is metric and keeps shapes;
    otherwise the plane is a transverse Mercator on WGS 84 through the point, rounded to 0.01°.

    Source: design pages, domain.md §5.
    """
    if is_in_china(lon, lat):
        return CRS.from_epsg(_FIRST_PLANE + zone_of(lon))
    if own is not None and is_metric_plane(own):
        return own
    return local_plane(lon, lat)


def local_plane(lon: float, lat: float) -> CRS:
    """Return a transverse Mercator on WGS 84 in metres through a point, rounded to 0.01°."""
    centre_lon, centre_lat = round(lon, 2), round(lat, 2)
    return CRS.from_json_dict(
        {
            "type": "ProjectedCRS",
            "name": f"WGS 84 / transverse Mercator {centre_lon:g} {centre_lat:g}",
            "base_crs": CRS.from_epsg(WGS84).to_json_dict(),
            "conversion": {
                "name": f"Transverse Mercator {centre_lon:g} {centre_lat:g}",
                "method": {"name": "Transverse Mercator"},
                "parameters": [
                    _parameter("Latitude of natural origin", centre_lat, "degree"),
                    _parameter("Longitude of natural origin", centre_lon, "degree"),
                    _parameter("Scale factor at natural origin", 1, "unity"),
                    _parameter("False easting", 0, "metre"),
                    _parameter("False northing", 0, "metre"),
                ],
            },
            "coordinate_system": {
                "subtype": "Cartesian",
                "axis": [
                    _axis("Easting", "E", "east"),
                    _axis("Northing", "N", "north"),
                ],
            },
        }
    )


def is_metric_plane(crs: CRS) -> bool:
    """Return whether the CRS is projected, in metres, and doesn't swell land as Mercator does."""
    if not crs.is_projected or any(axis.unit_conversion_factor != 1.0 for axis in crs.axis_info):
        return False
    operation = crs.coordinate_operation
    method = "" if operation is None else operation.method_name
    return "Mercator" not in method or "Transverse" in method


def crosses_zone_border(bounds: Bounds) -> bool:
    """Return whether an extent in China (degrees) lies in more than one 3-degree zone."""
    west, south, east, north = bounds
    if not is_in_china((west + east) / 2, (south + north) / 2):
        return False
    return zone_of(west) != zone_of(east)


def transform_geometries(
    geometries: NDArray[np.object_], source: CRS, target: CRS, *, swap_xy: bool = False
) -> NDArray[np.object_]:
    """Return the geometries (None stays None) in another CRS, x = east or lon, y = north or lat.

    *swap_xy* exchanges the axes of the input first. Heights are dropped.

    Raises: InputError ``input.outside_crs`` when a point can't be expressed in the target.
    """
    if source == target and not swap_xy:
        flat: NDArray[np.object_] = shapely.force_2d(geometries)
        return flat

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = (points[:, 1], points[:, 0]) if swap_xy else (points[:, 0], points[:, 1])
        return np.column_stack(transform_points(x, y, source, target))

    moved: NDArray[np.object_] = shapely.transform(geometries, move)
    return moved


def transform_points(
    x: NDArray[np.float64], y: NDArray[np.float64], source: CRS, target: CRS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points in another CRS, x = east or lon, y = north or lat.

    Raises: InputError ``input.outside_crs`` when a point can't be expressed in the target.
    """
    if source == target:
        return np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    try:
        moved_x, moved_y = _transformer(source, target).transform(x, y)
    except ProjError as error:
        raise InputError("input.outside_crs", source=source.name, target=target.name) from error
    if not (np.isfinite(moved_x).all() and np.isfinite(moved_y).all()):
        raise InputError("input.outside_crs", source=source.name, target=target.name)
    return np.asarray(moved_x, dtype=float), np.asarray(moved_y, dtype=float)


@lru_cache(maxsize=32)
def _transformer(source: CRS, target: CRS) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _parameter(name: str, value: float, unit: str) -> dict[str, object]:
    return {"name": name, "value": value, "unit": unit}


def _axis(name: str, abbreviation: str, direction: str) -> dict[str, object]:
    return {
        "name": name,
        "abbreviation": abbreviation,
        "direction": direction,
        "unit": "metre",
    }
