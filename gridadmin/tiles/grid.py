"""Tile grids: how a map is cut into tiles at each of its levels.

Columns are counted from the left and rows from the top of a level, both from 0, whatever a server
or a file does; who speaks to those turns the numbers round.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from gridadmin.base.errors import InputError

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in the units of a grid's CRS (x = east or lon)."""

WEB_CRS = "EPSG:3857"
DEGREE_CRS = "EPSG:4326"
BAIDU_CRS = "BD09MC"
"""The plane of Baidu's tiles; PROJ doesn't know it."""

TILE_PX = 256
FINEST = 24
EARTH_M = 2 * math.pi * 6_378_137.0
_HALF_M = EARTH_M / 2
_BAIDU_LEVELS = 20
_BAIDU_HALF = 2**26
"""A square around Baidu's world (about ±20,037,726 m) whose half is a whole number of tiles."""
_NEAR_LEVEL = 1e-5
_NEAR_M = 1.0
_NEAR = 1e-9
"""A border this near to that of a tile, as a share of it, is the tile's own."""


@dataclass(frozen=True, slots=True)
class TileKey:
    """A tile: its level and its column and row, counted from the upper left."""

    level: int
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """One level of a grid: upper left corner and size of a pixel in units of the CRS.

    ``name`` is what a server calls the level.
    """

    level: int
    name: str
    left: float
    top: float
    px_width: float
    px_height: float
    columns: int
    rows: int
    tile_width: int = TILE_PX
    tile_height: int = TILE_PX

    @property
    def width(self) -> float:
        """How wide a tile is, in units."""
        return self.px_width * self.tile_width

    @property
    def height(self) -> float:
        """How high a tile is, in units."""
        return self.px_height * self.tile_height


@dataclass(frozen=True)
class TileGrid:
    """The levels of a map, from the coarsest to the finest, in a CRS (``EPSG:n`` or WKT)."""

    crs: str
    matrices: tuple[Matrix, ...]

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """The numbers of the levels, from the coarsest."""
        return tuple(matrix.level for matrix in self.matrices)

    @cached_property
    def _by_level(self) -> dict[int, Matrix]:
        return {matrix.level: matrix for matrix in self.matrices}

    @property
    def is_web(self) -> bool:
        """Whether the tiles are those of the web's maps, as MBTiles asks."""
        return self.crs == WEB_CRS and all(
            matrix == web_matrix(matrix.level, matrix.tile_width, matrix.name)
            for matrix in self.matrices
        )

    def matrix(self, level: int) -> Matrix:
        """Return a level. Raises: KeyError when the grid has none of that number."""
        return self._by_level[level]

    def has(self, key: TileKey) -> bool:
        """Return whether the grid has such a tile."""
        matrix = self._by_level.get(key.level)
        return (
            matrix is not None and 0 <= key.column < matrix.columns and 0 <= key.row < matrix.rows
        )

    def box(self, key: TileKey) -> Box:
        """Return what a tile covers, in units."""
        matrix = self.matrix(key.level)
        left = matrix.left + key.column * matrix.width
        top = matrix.top - key.row * matrix.height
        return left, top - matrix.height, left + matrix.width, top

    def key_at(self, level: int, x: float, y: float) -> TileKey:
        """Return the tile at a place in units; beyond the grid it is the nearest one."""
        matrix = self.matrix(level)
        column = math.floor((x - matrix.left) / matrix.width)
        row = math.floor((matrix.top - y) / matrix.height)
        return TileKey(
            level,
            min(max(column, 0), matrix.columns - 1),
            min(max(row, 0), matrix.rows - 1),
        )

    def span(self, level: int, box: Box) -> tuple[int, int, int, int] | None:
        """Return first column, first row, and those after the last, of the tiles that a box meets.

        None when it lies beside the grid.
        """
        matrix = self.matrix(level)
        left, bottom, right, top = box
        column = math.floor((left - matrix.left) / matrix.width + _NEAR)
        row = math.floor((matrix.top - top) / matrix.height + _NEAR)
        end_column = math.ceil((right - matrix.left) / matrix.width - _NEAR)
        end_row = math.ceil((matrix.top - bottom) / matrix.height - _NEAR)
        column, row = max(column, 0), max(row, 0)
        end_column, end_row = min(end_column, matrix.columns), min(end_row, matrix.rows)
        return (column, row, end_column, end_row) if column < end_column and row < end_row else None

    def tiles(self, level: int, box: Box) -> Iterator[TileKey]:
        """Yield the tiles that a box in units meets, row by row."""
        span = self.span(level, box)
        if span is None:
            return
        for row in range(span[1], span[3]):
            for column in range(span[0], span[2]):
                yield TileKey(level, column, row)

    def only(self, levels: Sequence[int]) -> TileGrid:
        """Return the grid with fewer levels."""
        return TileGrid(self.crs, tuple(m for m in self.matrices if m.level in levels))


def web_matrix(level: int, tile_px: int = TILE_PX, name: str | None = None) -> Matrix:
    """Return a level of the web's maps: 2ᶻ × 2ᶻ tiles of the square Mercator world."""
    count = 2**level
    px_m = EARTH_M / count / tile_px
    label = str(level) if name is None else name
    return Matrix(level, label, -_HALF_M, _HALF_M, px_m, px_m, count, count, tile_px, tile_px)


def as_web(grid: TileGrid) -> TileGrid:
    """Return a grid with the levels of the web's maps when it has the same tiles, else itself.

    Servers call such levels by names of their own and write their numbers with few digits.
    """
    if grid.crs != WEB_CRS:
        return grid
    found = []
    for matrix in grid.matrices:
        exact = math.log2(EARTH_M / matrix.width)
        level = round(exact)
        wanted = web_matrix(max(level, 0), matrix.tile_width, matrix.name)
        is_same = (
            0 <= level <= FINEST
            and abs(exact - level) < _NEAR_LEVEL
            and matrix.tile_width == matrix.tile_height
            and max(abs(matrix.left - wanted.left), abs(matrix.top - wanted.top)) < _NEAR_M
        )
        if not is_same:
            return grid
        found.append(wanted)
    return TileGrid(WEB_CRS, tuple(found))


def web_grid(finest: int = FINEST, coarsest: int = 0, tile_px: int = TILE_PX) -> TileGrid:
    """Return the grid of the web's maps (XYZ, MBTiles, 天地图 ``w``, GoogleMapsCompatible)."""
    return TileGrid(
        WEB_CRS, tuple(web_matrix(level, tile_px) for level in range(coarsest, finest + 1))
    )


def box_of_degrees(bounds: tuple[float, float, float, float]) -> Box:
    """Return a box of degrees in the metres of the web's maps, cut off where those end."""
    west, south, east, north = bounds
    radius_m = EARTH_M / math.tau

    def up(lat: float) -> float:
        at_m = radius_m * math.asinh(math.tan(math.radians(min(max(lat, -89.0), 89.0))))
        return min(max(at_m, -_HALF_M), _HALF_M)

    return radius_m * math.radians(west), up(south), radius_m * math.radians(east), up(north)


def degrees_of_box(box: Box) -> tuple[float, float, float, float]:
    """Return a box in the metres of the web's maps in degrees: west, south, east, north."""
    left, bottom, right, top = (side / (EARTH_M / math.tau) for side in box)
    low, high = (math.degrees(math.atan(math.sinh(side))) for side in (bottom, top))
    return math.degrees(left), low, math.degrees(right), high


def degree_grid(finest: int = FINEST, coarsest: int = 0, crs: str = DEGREE_CRS) -> TileGrid:
    """Return the grid in degrees whose level z has 2ᶻ columns and half as many rows.

    That is 天地图's ``c`` and the standard GoogleCRS84Quad; level 0 is one tile half empty.
    """
    return TileGrid(crs, tuple(_degrees(z, z) for z in range(coarsest, finest + 1)))


def geodetic_grid(finest: int = FINEST, coarsest: int = 0, crs: str = DEGREE_CRS) -> TileGrid:
    """Return the grid in degrees whose level z has 2ᶻ⁺¹ columns and 2ᶻ rows.

    That is the standard WorldCRS84Quad and what many intranet servers call ``EPSG:4326``.
    """
    return TileGrid(crs, tuple(_degrees(z, z + 1) for z in range(coarsest, finest + 1)))


def baidu_grid(finest: int = 19, coarsest: int = 3) -> TileGrid:
    """Return the grid of Baidu's tiles: a pixel of level 18 is one of its metres.

    Baidu counts from the middle of its world, see :func:`baidu_numbers`.
    """
    matrices = []
    for level in range(coarsest, min(finest, _BAIDU_LEVELS) + 1):
        px = 2.0 ** (18 - level)
        count = round(2 * _BAIDU_HALF / (px * TILE_PX))
        half = float(_BAIDU_HALF)
        matrices.append(Matrix(level, str(level), -half, half, px, px, count, count))
    return TileGrid(BAIDU_CRS, tuple(matrices))


def baidu_numbers(grid: TileGrid, key: TileKey) -> tuple[int, int]:
    """Return the column and row by which Baidu knows a tile: east and north of its middle."""
    matrix = grid.matrix(key.level)
    return key.column - matrix.columns // 2, matrix.rows // 2 - 1 - key.row


class _Making(Protocol):
    def __call__(self, finest: int, coarsest: int) -> TileGrid: ...


FIXED: dict[str, _Making] = {
    "web": web_grid,
    "tianditu_w": web_grid,
    "tianditu_c": degree_grid,
    "degrees": degree_grid,
    "geodetic": geodetic_grid,
    "baidu": baidu_grid,
}
"""The grids that a declaration names."""


def fixed_grid(name: str, coarsest: int, finest: int) -> TileGrid:
    """Return one of the known grids, by name.

    Raises: InputError ``basemap.unknown_grid``.
    """
    make = FIXED.get(name)
    if make is None:
        raise InputError("basemap.unknown_grid", grid=name, grids=", ".join(FIXED))
    return make(finest=finest, coarsest=coarsest)


def _degrees(level: int, halvings: int) -> Matrix:
    px_deg = 360.0 / TILE_PX / 2**halvings
    rows = max(1, 2 ** (halvings - 1)) if halvings else 1
    return Matrix(level, str(level), -180.0, 90.0, px_deg, px_deg, 2**halvings, rows)
