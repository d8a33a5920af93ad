"""Which tiles of a web map cover a piece of the plane, and where in the plane they lie."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from gridadmin.partition.planes import WGS84

TILE_PX = 256
"""Width of a tile in pixels at the scale that its zoom is made for."""

Floats = NDArray[np.float64]
Degrees = tuple[float, float, float, float]
"""West, south, east, north."""
Metres = tuple[float, float, float, float]
"""Left, bottom, right, top in the plane."""

_EARTH_M = 2 * math.pi * 6_378_137.0
_MOST_NORTHERN = math.degrees(math.atan(math.sinh(math.pi)))
"""Where the square world of the web's maps ends: 85.05°."""
_LEAST_TILE_PX = 32
"""A tile that would be smaller on the screen shows nothing, and there would be thousands."""
_MOST_BEND_PX = 0.5
_MOST_PIECES = 16
_SAMPLES = 17


@dataclass(frozen=True, slots=True, eq=False)
class TileCover:
    """The tiles of one zoom from column ``x0`` and row ``y0``, and where they lie in the plane.

    ``corners_m`` ``(rows · pieces + 1, columns · pieces + 1, 2)`` holds the tiles' corners in
    metres of the plane; with several *pieces* also places between, since a tile's edges are bent
    there. What the plane can't express is not finite.
    """

    zoom: int
    x0: int
    y0: int
    columns: int
    rows: int
    pieces: int
    corners_m: Floats

    def tiles(self) -> Iterator[tuple[int, int]]:
        """Yield column and row of each tile, row by row."""
        for y in range(self.y0, self.y0 + self.rows):
            for x in range(self.x0, self.x0 + self.columns):
                yield x, y


def covering(
    plane: CRS,
    bounds_m: Metres,
    metres_per_px: float,
    zooms: Sequence[int],
    within: Degrees | None = None,
) -> TileCover | None:
    """Return the tiles of the zoom whose pixels are nearest in size that cover *bounds_m*.

    None when there are none: the view lies outside *within*, the place where the map has tiles,
    or shows so much that even the coarsest tiles would be specks.
    """
    seen = _degrees_seen(plane, bounds_m)
    if seen is None:
        return None
    zoom, size_px = _nearest_zoom(zooms, (seen[1] + seen[3]) / 2, metres_per_px)
    part = seen if within is None else _common(seen, within)
    if part is None or size_px < _LEAST_TILE_PX:
        return None
    x0, y0, x1, y1 = _tiles_of_degrees(zoom, part)
    corners_m = _corners(plane, zoom, x0, y0, x1, y1, 2)
    pieces = _pieces(corners_m, metres_per_px)
    if pieces == 1:
        corners_m = corners_m[::2, ::2]
    elif pieces > 2:
        corners_m = _corners(plane, zoom, x0, y0, x1, y1, pieces)
    return TileCover(zoom, x0, y0, x1 - x0, y1 - y0, pieces, corners_m)


def degrees_of_tiles(zoom: int, x0: int, y0: int, x1: int, y1: int) -> Degrees:
    """Return what the tiles from *x0*, *y0* to before *x1*, *y1* cover."""
    lon, lat = _degrees(np.array([x0, x1]), np.array([y1, y0]), zoom)
    return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])


def _degrees(x: NDArray[Any], y: NDArray[Any], zoom: int) -> tuple[Floats, Floats]:
    lon = x / 2**zoom * 360.0 - 180.0
    lat = np.degrees(np.arctan(np.sinh(math.pi * (1.0 - 2.0 * y / 2**zoom))))
    return lon, lat


def _tiles_of_degrees(zoom: int, part: Degrees) -> tuple[int, int, int, int]:
    west, south, east, north = part
    count: int = 2**zoom

    def column(lon: float) -> int:
        return min(max(int((lon + 180.0) / 360.0 * count), 0), count - 1)

    def row(lat: float) -> int:
        lat = min(max(lat, -_MOST_NORTHERN), _MOST_NORTHERN)
        down = 0.5 - math.asinh(math.tan(math.radians(lat))) / math.tau
        return min(max(int(down * count), 0), count - 1)

    return column(west), row(north), column(east) + 1, row(south) + 1


def _degrees_seen(plane: CRS, bounds_m: Metres) -> Degrees | None:
    """Return the degrees around a rectangle of the plane, None when it lies nowhere on earth."""
    x0, y0, x1, y1 = bounds_m
    x, y = np.meshgrid(np.linspace(x0, x1, _SAMPLES), np.linspace(y0, y1, _SAMPLES))
    lon, lat = _transformer(plane).transform(x.ravel(), y.ravel(), direction="INVERSE")
    is_there = np.isfinite(lon) & np.isfinite(lat)
    if not is_there.any():
        return None
    lon, lat = lon[is_there], lat[is_there]
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def _nearest_zoom(zooms: Sequence[int], latitude: float, metres_per_px: float) -> tuple[int, float]:
    """Return the zoom to show and how many pixels wide its tiles will be."""
    world_px = _EARTH_M * max(math.cos(math.radians(latitude)), 1e-6) / metres_per_px
    exact = math.log2(world_px / TILE_PX)
    zoom = min(zooms, key=lambda zoom: (abs(zoom - exact), -zoom))
    return zoom, world_px / 2**zoom


def _common(one: Degrees, other: Degrees) -> Degrees | None:
    west, south = max(one[0], other[0]), max(one[1], other[1])
    east, north = min(one[2], other[2]), min(one[3], other[3])
    return (west, south, east, north) if west < east and south < north else None


@lru_cache(maxsize=64)
def _corners(plane: CRS, zoom: int, x0: int, y0: int, x1: int, y1: int, pieces: int) -> Floats:
    """Return the lattice of tile corners, *pieces* steps to a tile, in metres of the plane."""
    columns = x0 + np.arange((x1 - x0) * pieces + 1) / pieces
    rows = y0 + np.arange((y1 - y0) * pieces + 1) / pieces
    x, y = np.meshgrid(columns, rows)
    lon, lat = _degrees(x, y, zoom)
    corners_m: Floats = np.stack(_transformer(plane).transform(lon, lat), axis=-1)
    corners_m[~np.isfinite(corners_m)] = np.nan
    corners_m.flags.writeable = False
    return corners_m


def _pieces(corners_m: Floats, metres_per_px: float) -> int:
    """Return into how many pieces a tile is cut each way so that each is nearly straight.

    *corners_m* has the middles of the edges beside the corners.
    """
    across = corners_m[:, 1::2] - (corners_m[:, :-1:2] + corners_m[:, 2::2]) / 2
    down = corners_m[1::2] - (corners_m[:-1:2] + corners_m[2::2]) / 2
    bends_m = np.concatenate([across.ravel(), down.ravel()])
    bend_px = float(np.abs(bends_m[np.isfinite(bends_m)]).max(initial=0.0)) / metres_per_px
    pieces = 1
    # Half as long a piece bends a quarter as much.
    while bend_px > _MOST_BEND_PX and pieces < _MOST_PIECES:
        pieces, bend_px = pieces * 2, bend_px / 4
    return pieces


@lru_cache(maxsize=8)
def _transformer(plane: CRS) -> Transformer:
    return Transformer.from_crs(WGS84, plane, always_xy=True)
