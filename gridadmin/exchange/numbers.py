"""What coordinate systems bare numbers can be in, judged by their size alone.

Source: Chinese Gauss-Kruger conventions: false easting 500 km, 3-degree zones 25–45 (central
meridian 3·n), 6-degree zones 13–23 (6·n - 3), the zone number put before the six digits of the
easting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from pyproj import CRS

from gridadmin.base.errors import InputError
from gridadmin.partition.planes import CGCS2000, WGS84, is_in_china, transform_points

Bounds = tuple[float, float, float, float]

_EASTINGS = (100_000.0, 900_000.0)
"""400 km either side of a central meridian: more than any zone is wide."""
_NORTHINGS = (1_700_000.0, 6_000_000.0)
"""15° to 54° north."""
_ZONE_M = 1_000_000.0
_WEB_MERCATOR = 3857
_FAR_DEG = 3.0


class CrsKind(StrEnum):
    """What the numbers are taken for."""

    DECLARED = "declared"
    LON_LAT = "lon_lat"
    LAT_LON = "lat_lon"
    ZONED = "zoned"
    """Gauss-Kruger, eastings of eight digits that begin with the zone number."""
    PLANE = "plane"
    """Gauss-Kruger metres without zone number: the central meridian isn't in the numbers."""
    WEB_MERCATOR = "web_mercator"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Guess:
    """One system that the numbers fit; ``crs`` is None when its meridian has to be asked."""

    kind: CrsKind
    crs: CRS | None
    swap_xy: bool = False


def guesses(bounds: Bounds, near: tuple[float, float] | None = None) -> list[Guess]:
    """Return the systems that numbers within *bounds* can be in, likeliest first.

    *near* (lon, lat) is where the land is known to lie, within some 3° of longitude: it settles
    the meridian of plane metres and rules out what lies elsewhere.
    """
    found = [*_degrees(bounds), *_metres(bounds, near)]
    exchanged = swapped(bounds)
    found += [
        Guess(
            CrsKind.LAT_LON if guess.kind is CrsKind.LON_LAT else guess.kind,
            guess.crs,
            swap_xy=True,
        )
        for guess in [*_degrees_in_china(exchanged), *_metres(exchanged, near)]
        if guess.kind is not CrsKind.WEB_MERCATOR
    ]
    if any(guess.kind is CrsKind.LAT_LON for guess in found):
        # Degrees that lie in China only when swapped are hardly in the Arctic.
        found = [guess for guess in found if guess.kind is not CrsKind.LON_LAT]
    if near is not None:
        found = [guess for guess in found if _is_near(guess, bounds, near)]
    return found


def lon_lat_of(crs: CRS, bounds: Bounds, *, swap_xy: bool = False) -> tuple[float, float] | None:
    """Return lon, lat of the middle of *bounds*, None where *crs* has no such place."""
    x, y = centre(swapped(bounds) if swap_xy else bounds)
    try:
        lon, lat = transform_points(np.array([x]), np.array([y]), crs, CRS.from_epsg(WGS84))
    except InputError:
        return None
    return float(lon[0]), float(lat[0])


def centre(bounds: Bounds) -> tuple[float, float]:
    """Return the middle of *bounds*."""
    return (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2


def zoned_crs(zone: int) -> CRS | None:
    """Return the CGCS2000 system of a zone number: 3-degree 25–45, 6-degree 13–23."""
    if 25 <= zone <= 45:
        return CRS.from_epsg(4513 + zone - 25)
    if 13 <= zone <= 23:
        return CRS.from_epsg(4491 + zone - 13)
    return None


def swapped(bounds: Bounds) -> Bounds:
    """Return *bounds* with the axes exchanged."""
    return bounds[1], bounds[0], bounds[3], bounds[2]


def _degrees(bounds: Bounds) -> Iterator[Guess]:
    yield from _degrees_in_china(bounds)
    west, south, east, north = bounds
    is_degrees = west >= -180 and east <= 180 and south >= -90 and north <= 90
    if is_degrees and not is_in_china(*centre(bounds)):
        yield Guess(CrsKind.LON_LAT, CRS.from_epsg(WGS84))


def _degrees_in_china(bounds: Bounds) -> Iterator[Guess]:
    west, south, east, north = bounds
    if is_in_china(west, south) and is_in_china(east, north):
        yield Guess(CrsKind.LON_LAT, CRS.from_epsg(CGCS2000))


def _metres(bounds: Bounds, near: tuple[float, float] | None) -> Iterator[Guess]:
    west, south, east, north = bounds
    if _within(south, north, _NORTHINGS):
        zone = int(west // _ZONE_M)
        crs = zoned_crs(zone)
        if crs is not None and _within(west - zone * _ZONE_M, east - zone * _ZONE_M, _EASTINGS):
            yield Guess(CrsKind.ZONED, crs)
        if _within(west, east, _EASTINGS):
            yield Guess(CrsKind.PLANE, _plane_near(bounds, near))
    mercator = CRS.from_epsg(_WEB_MERCATOR)
    place = lon_lat_of(mercator, bounds)
    if west > _ZONE_M and place is not None and is_in_china(*place):
        yield Guess(CrsKind.WEB_MERCATOR, mercator)


def _within(low: float, high: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= low and high <= limits[1]


def _plane_near(bounds: Bounds, near: tuple[float, float] | None) -> CRS | None:
    """The 3-degree plane that puts the numbers nearest to where they are known to lie."""
    if near is None:
        return None
    planes = [CRS.from_epsg(4534 + zone) for zone in range(21)]
    places = [(plane, lon_lat_of(plane, bounds)) for plane in planes]
    known = [(plane, place) for plane, place in places if place is not None]
    return min(known, key=lambda pair: abs(pair[1][0] - near[0]), default=(None, near))[0]


def _is_near(guess: Guess, bounds: Bounds, near: tuple[float, float]) -> bool:
    if guess.crs is None:
        return True
    place = lon_lat_of(guess.crs, bounds, swap_xy=guess.swap_xy)
    return place is not None and abs(place[0] - near[0]) <= _FAR_DEG
