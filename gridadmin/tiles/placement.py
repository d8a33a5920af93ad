"""Where in the plane of a project the tiles of a map lie, and which of them cover a view."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from gridadmin.base.errors import InputError
from gridadmin.partition import datum as shifts
from gridadmin.partition.planes import WGS84
from gridadmin.tiles.baidu import bd09_from_metres, metres_from_bd09
from gridadmin.tiles.grid import BAIDU_CRS, EARTH_M, WEB_CRS, Box, Matrix, TileGrid, TileKey
from gridadmin.tiles.source import Datum, Degrees

Floats = NDArray[np.float64]
Metres = tuple[float, float, float, float]
"""Left, bottom, right, top in the plane."""

_RADIUS_M = EARTH_M / math.tau
_MOST_NORTHERN = math.degrees(math.atan(math.sinh(math.pi)))
"""Where the square world of the web's maps ends: 85.05°."""
_DEGREE_CRS = ("EPSG:4326", "EPSG:4490", "OGC:CRS84")
_LEAST_TILE_PX = 32
"""A tile that would be smaller on the screen shows nothing, and there would be thousands."""
_MOST_TILES = 8192
"""A screen of the largest kind, full of tiles that are nearly specks."""
_MOST_PARTS = 65_536
_MOST_BEND_PX = 0.5
_MOST_PIECES = 16
_SAMPLES = 17
_INCH_M = 0.0254


@dataclass(frozen=True, slots=True, eq=False)
class TileCover:
    """The tiles of one level from a first column and row, and where they lie in the plane.

    ``corners_m`` ``(rows · pieces + 1, columns · pieces + 1, 2)`` holds the tiles' corners in
    metres of the plane; with several *pieces* also places between, since a tile's edges are bent
    there. What the plane can't express is not finite. ``tile_px`` is how wide a tile is on the
    screen.
    """

    level: int
    x0: int
    y0: int
    columns: int
    rows: int
    pieces: int
    corners_m: Floats
    tile_px: float

    def tiles(self) -> Iterator[TileKey]:
        """Yield the tiles row by row."""
        for row in range(self.y0, self.y0 + self.rows):
            for column in range(self.x0, self.x0 + self.columns):
                yield TileKey(self.level, column, row)

    def tiles_outward(self) -> list[TileKey]:
        """Return the tiles from the middle of the view outward, as they are fetched."""
        column = self.x0 + (self.columns - 1) / 2
        row = self.y0 + (self.rows - 1) / 2
        return sorted(self.tiles(), key=lambda key: math.hypot(key.column - column, key.row - row))


class Placement:
    """Places the tiles of a grid in a plane.

    Tiles measured in GCJ-02 or BD-09 are moved to where the land is; *offset_m* moves all of them
    on, east and north in the plane. Stored data are never moved.

    Raises: InputError ``basemap.unknown_crs`` when PROJ doesn't know the grid's CRS.
    """

    def __init__(
        self,
        plane: CRS,
        grid: TileGrid,
        datum: Datum = Datum.CGCS2000,
        offset_m: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        self.plane = plane
        self.grid = grid
        self.datum = datum
        self.offset_m = offset_m
        self._to_degrees = None
        if grid.crs not in (WEB_CRS, BAIDU_CRS, *_DEGREE_CRS):
            self._to_degrees = _to_degrees(grid.crs)

    def to_plane(self, x: Any, y: Any) -> Floats:
        """Return places in units of the grid as metres of the plane, ``(…, 2)``.

        What the plane can't express is not finite.
        """
        lon, lat = _unshifted(self.datum, *self._degrees(x, y))
        placed: Floats = np.stack(_from_degrees(self.plane).transform(lon, lat), axis=-1)
        placed += self.offset_m
        placed[~np.isfinite(placed)] = np.nan
        return placed

    def to_grid(self, x_m: Any, y_m: Any) -> tuple[Floats, Floats]:
        """Return places of the plane in units of the grid."""
        lon, lat = _from_degrees(self.plane).transform(
            np.asarray(x_m, dtype=float) - self.offset_m[0],
            np.asarray(y_m, dtype=float) - self.offset_m[1],
            direction="INVERSE",
        )
        is_there = np.isfinite(lon) & np.isfinite(lat)
        lon, lat = np.where(is_there, lon, np.nan), np.where(is_there, lat, np.nan)
        return self._units(*_shifted(self.datum, lon, lat))

    def extent_of_degrees(self, bounds: Degrees) -> Box:
        """Return a box of degrees (in the source's own datum) in units of the grid."""
        west, south, east, north = bounds
        x, y = self._units(
            np.array([west, east, west, east]), np.array([south, south, north, north])
        )
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    def cover(
        self,
        bounds_m: Metres,
        metres_per_px: float,
        levels: Sequence[int] | None = None,
        within: Box | None = None,
    ) -> TileCover | None:
        """Return the tiles of the level whose pixels are nearest in size that cover *bounds_m*.

        None when there are none: the view lies outside *within* (units of the grid), where the map
        has tiles, or shows so much that even the coarsest tiles would be specks.
        """
        seen = self.box_of(bounds_m)
        if seen is None:
            return None
        unit_px = self._metres_per_unit(bounds_m, seen) / metres_per_px
        matrix, tile_px = self._nearest(unit_px, levels)
        part = seen if within is None else _common(seen, within)
        span = None if part is None else self.grid.span(matrix.level, part)
        if span is None or tile_px < _LEAST_TILE_PX or _count(span) > _MOST_TILES:
            return None
        pieces, corners_m = self._lattice(matrix.level, span, metres_per_px)
        x0, y0, x1, y1 = span
        return TileCover(matrix.level, x0, y0, x1 - x0, y1 - y0, pieces, corners_m, tile_px)

    def _lattice(
        self, level: int, span: tuple[int, int, int, int], metres_per_px: float
    ) -> tuple[int, Floats]:
        """Return into how many pieces a tile is cut each way, and the corners of the pieces.

        Each is so small that what lies in it strays less than half a pixel from where its corners
        put it; that is measured, at the middles.
        """
        pieces = 1
        while True:
            finer = _corners(self, level, *span, pieces * 2)
            is_enough = pieces >= _MOST_PIECES or _count(span) * pieces**2 > _MOST_PARTS
            if is_enough or _bend_m(finer) <= _MOST_BEND_PX * metres_per_px:
                return pieces, finer[::2, ::2]
            pieces *= 2

    def _degrees(self, x: Any, y: Any) -> tuple[Floats, Floats]:
        """Return places in units of the grid as degrees of its datum."""
        x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        if self.grid.crs == WEB_CRS:
            return np.degrees(x / _RADIUS_M), np.degrees(np.arctan(np.sinh(y / _RADIUS_M)))
        if self.grid.crs == BAIDU_CRS:
            return bd09_from_metres(x, y)
        if self._to_degrees is not None:
            lon, lat = self._to_degrees.transform(x, y)
            return np.asarray(lon), np.asarray(lat)
        return x, y

    def _units(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        if self.grid.crs == WEB_CRS:
            lat = np.clip(lat, -_MOST_NORTHERN, _MOST_NORTHERN)
            return _RADIUS_M * np.radians(lon), _RADIUS_M * np.arcsinh(np.tan(np.radians(lat)))
        if self.grid.crs == BAIDU_CRS:
            return metres_from_bd09(lon, lat)
        if self._to_degrees is not None:
            x, y = self._to_degrees.transform(lon, lat, direction="INVERSE")
            return np.asarray(x), np.asarray(y)
        return lon, lat

    def box_of(self, bounds_m: Metres) -> Box | None:
        """Return the box of the grid around a rectangle of the plane, None when it has no place."""
        x0, y0, x1, y1 = bounds_m
        x_m, y_m = np.meshgrid(np.linspace(x0, x1, _SAMPLES), np.linspace(y0, y1, _SAMPLES))
        x, y = self.to_grid(x_m.ravel(), y_m.ravel())
        is_there = np.isfinite(x) & np.isfinite(y)
        if not is_there.any():
            return None
        x, y = x[is_there], y[is_there]
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    def _nearest(self, unit_px: float, levels: Sequence[int] | None) -> tuple[Matrix, float]:
        """Return the level to show and how many pixels wide its tiles will be."""

        def width_px(matrix: Matrix) -> float:
            return unit_px * math.sqrt(matrix.px_width * matrix.px_height)

        matrices = [m for m in self.grid.matrices if levels is None or m.level in levels]
        best = min(matrices, key=lambda m: (abs(math.log2(width_px(m))), -m.level))
        return best, width_px(best) * best.tile_width

    def _metres_per_unit(self, bounds_m: Metres, seen: Box) -> float:
        """Return how long a unit of the grid is in the plane, in the middle of the view.

        The middle of *seen* stands for it where that has no place: of a view as wide as the world
        it may lie far from what is looked at.
        """
        middle = self.to_grid([(bounds_m[0] + bounds_m[2]) / 2], [(bounds_m[1] + bounds_m[3]) / 2])
        x, y = float(middle[0][0]), float(middle[1][0])
        if not (math.isfinite(x) and math.isfinite(y)):
            x, y = (seen[0] + seen[2]) / 2, (seen[1] + seen[3]) / 2
        step = max(seen[2] - seen[0], seen[3] - seen[1], 1e-9) * 1e-3
        at = self.to_plane([x - step, x + step, x, x], [y, y, y - step, y + step])
        (east_x, east_y), (north_x, north_y) = at[1] - at[0], at[3] - at[2]
        found = math.sqrt(abs(east_x * north_y - east_y * north_x)) / (2 * step)
        return found if math.isfinite(found) and found > 0 else 1.0


def known_crs(text: str) -> str:
    """Return a CRS as it came when its places can be found, else refuse it.

    Raises: InputError ``basemap.unknown_crs``.
    """
    if text not in (WEB_CRS, BAIDU_CRS, *_DEGREE_CRS):
        _to_degrees(text)
    return text


def scale_number(metres_per_px: float, dots_per_inch: float) -> float:
    """Return the N of the scale 1:N of a map on a screen.

    Both count the same pixels: device pixels with the screen's own resolution, or logical pixels
    with its logical one.
    """
    return metres_per_px * dots_per_inch / _INCH_M


def _unshifted(datum: Datum, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    if datum is Datum.GCJ02:
        return shifts.wgs84_from_gcj02(lon, lat)
    if datum is Datum.BD09:
        return shifts.wgs84_from_bd09(lon, lat)
    return lon, lat


def _shifted(datum: Datum, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    if datum is Datum.GCJ02:
        return shifts.gcj02_from_wgs84(lon, lat)
    if datum is Datum.BD09:
        return shifts.bd09_from_wgs84(lon, lat)
    return lon, lat


def _count(span: tuple[int, int, int, int]) -> int:
    return (span[2] - span[0]) * (span[3] - span[1])


def _common(one: Box, other: Box) -> Box | None:
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    right, top = min(one[2], other[2]), min(one[3], other[3])
    return (left, bottom, right, top) if left < right and bottom < top else None


@lru_cache(maxsize=64)
def _corners(
    placement: Placement, level: int, x0: int, y0: int, x1: int, y1: int, pieces: int
) -> Floats:
    """Return the lattice of tile corners, *pieces* steps to a tile, in metres of the plane."""
    matrix = placement.grid.matrix(level)
    columns = x0 + np.arange((x1 - x0) * pieces + 1) / pieces
    rows = y0 + np.arange((y1 - y0) * pieces + 1) / pieces
    x, y = np.meshgrid(matrix.left + columns * matrix.width, matrix.top - rows * matrix.height)
    corners_m = placement.to_plane(x, y)
    corners_m.flags.writeable = False
    return corners_m


def _bend_m(lattice: Floats) -> float:
    """Return how far the middles of pieces and of their edges stray from where corners put them.

    *lattice* has every corner at an even place and the middles between.
    """
    upper, lower = lattice[:-1:2], lattice[2::2]
    across = lattice[::2, 1::2] - (lattice[::2, :-1:2] + lattice[::2, 2::2]) / 2
    down = lattice[1::2, ::2] - (upper[:, ::2] + lower[:, ::2]) / 2
    four = upper[:, :-1:2] + upper[:, 2::2] + lower[:, :-1:2] + lower[:, 2::2]
    middle = lattice[1::2, 1::2] - four / 4
    lengths = [np.hypot(part[..., 0], part[..., 1]).ravel() for part in (across, down, middle)]
    bends_m = np.concatenate(lengths)
    return float(bends_m[np.isfinite(bends_m)].max(initial=0.0))


@lru_cache(maxsize=8)
def _from_degrees(plane: CRS) -> Transformer:
    return Transformer.from_crs(WGS84, plane, always_xy=True)


@lru_cache(maxsize=8)
def _to_degrees(crs: str) -> Transformer:
    try:
        return Transformer.from_crs(CRS.from_user_input(crs), WGS84, always_xy=True)
    except CRSError as error:
        raise InputError("basemap.unknown_crs", crs=crs[:80]) from error
