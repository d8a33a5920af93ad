"""Land on the ellipsoid: what a square metre is, whatever the projection."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod

from gridadmin.partition.planes import transform_geometries


def land_m2(polygons: Sequence[shapely.MultiPolygon], plane: CRS) -> list[float]:
    """Return the land of polygons (plane metres) on the plane's ellipsoid, in m², unrounded.

    Edges count as geodesics. Source: C. Karney, Algorithms for geodesics, 2013 (by way of PROJ).
    """
    if not polygons:
        return []
    lonlat = transform_geometries(np.array(list(polygons), dtype=object), plane, geodetic_of(plane))
    return land_of_lonlat_m2(lonlat, plane)


def geodetic_of(plane: CRS) -> CRS:
    """Return the degrees in which a plane's land is measured."""
    return plane.geodetic_crs or CRS.from_epsg(4490)


def land_of_lonlat_m2(lonlat: NDArray[np.object_], plane: CRS) -> list[float]:
    """Return :func:`land_m2` of polygons that are in :func:`geodetic_of` *plane* already."""
    geod = _geod(plane)
    parts, owner = shapely.get_parts(lonlat, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    is_hole = np.ones(len(rings), dtype=bool)
    if len(rings):
        is_hole[np.concatenate(([0], np.nonzero(np.diff(part))[0] + 1))] = False
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    begins = np.searchsorted(ring, np.arange(len(rings) + 1)).tolist()
    lon, lat = coordinates[:, 0].copy(), coordinates[:, 1].copy()
    total = np.zeros(len(lonlat))
    for number, hole in enumerate(is_hole.tolist()):
        low, high = begins[number], begins[number + 1]
        area, _ = geod.polygon_area_perimeter(lon[low:high], lat[low:high])
        total[owner[part[number]]] += -abs(area) if hole else abs(area)
    return [float(value) for value in total]


def length_m(line: Sequence[tuple[float, float]], plane: CRS) -> float:
    """Return the length of a line (plane metres) on the plane's ellipsoid, in m, unrounded."""
    shape = np.array([shapely.LineString(line)], dtype=object)
    lonlat = transform_geometries(shape, plane, geodetic_of(plane))
    lon, lat = shapely.get_coordinates(lonlat[0]).T
    return float(_geod(plane).line_length(lon, lat))


def _geod(plane: CRS) -> Geod:
    return plane.get_geod() or Geod(ellps="GRS80")
