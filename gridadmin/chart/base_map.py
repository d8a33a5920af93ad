"""A base map under a chart, piece by piece: never more of it in memory than a piece needs."""

from __future__ import annotations

import io
from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pyproj import CRS

from gridadmin.base.errors import InputError
from gridadmin.chart.map_view import MapView
from gridadmin.chart.sheet import Frame
from gridadmin.tiles.grid import Matrix, TileKey
from gridadmin.tiles.local import LocalTiles
from gridadmin.tiles.picture import require_picture
from gridadmin.tiles.placement import Placement

Pixels = NDArray[np.uint8]

_WISHED_DPI = 300.0
_LATTICE = 33
"""Places of the plane are looked up at so many points each way, and spread between."""
_KEPT_TILES = 160
_PAPER = 255


class BaseMap:
    """Makes the picture below a map from tiles on the disk.

    *origin_m* is the project's origin in the plane.
    """

    def __init__(self, tiles: LocalTiles, plane: CRS, origin_m: tuple[float, float]) -> None:
        self._tiles = tiles
        self._origin = origin_m
        self._placement = Placement(plane, tiles.grid, tiles.datum)
        self._kept: OrderedDict[TileKey, Pixels | None] = OrderedDict()

    def __repr__(self) -> str:
        path = self._tiles.path
        stamp = path.stat().st_mtime_ns if path.exists() else 0
        return f"BaseMap({path.name!r}, {stamp})"

    def raster(self, view: MapView) -> BaseMapPicture | None:
        """Return the picture of a view, None where the map has no tiles there."""
        x0, y0, x1, y1 = view.bounds
        dx, dy = self._origin
        metres_per_px = 25.4 / _WISHED_DPI / view.mm_per_m
        box = x0 + dx, y0 + dy, x1 + dx, y1 + dy
        cover = self._placement.cover(box, metres_per_px, within=self._tiles.extent)
        if cover is None:
            return None
        matrix = self._tiles.grid.matrix(cover.level)
        true_m = cover.tile_px * metres_per_px / matrix.tile_width
        dpi = 25.4 / (true_m * view.mm_per_m)
        return BaseMapPicture(self, view, matrix, dpi)

    @property
    def attribution(self) -> str:
        """Whose map it is."""
        return self._tiles.attribution

    def pixels_at(self, matrix: Matrix, x: NDArray[np.float64], y: NDArray[np.float64]) -> Pixels:
        """Return the colours at places of the grid."""
        across = (x - matrix.left) / matrix.px_width
        down = (matrix.top - y) / matrix.px_height
        is_there = np.isfinite(across) & np.isfinite(down)
        across, down = np.where(is_there, across, -1.0), np.where(is_there, down, -1.0)
        column = np.floor(across / matrix.tile_width).astype(np.int64)
        row = np.floor(down / matrix.tile_height).astype(np.int64)
        found = np.full((*x.shape, 3), _PAPER, dtype=np.uint8)
        is_there &= (column >= 0) & (column < matrix.columns) & (row >= 0) & (row < matrix.rows)
        for key in np.unique(row[is_there] * matrix.columns + column[is_there]).tolist():
            tile_row, tile_column = divmod(key, matrix.columns)
            tile = self._tile(TileKey(matrix.level, tile_column, tile_row))
            if tile is None:
                continue
            mine = is_there & (column == tile_column) & (row == tile_row)
            height, width = tile.shape[:2]
            at_x = (across[mine] - tile_column * matrix.tile_width) * width / matrix.tile_width
            at_y = (down[mine] - tile_row * matrix.tile_height) * height / matrix.tile_height
            found[mine] = tile[
                np.clip(at_y.astype(np.int64), 0, height - 1),
                np.clip(at_x.astype(np.int64), 0, width - 1),
            ]
        return found

    def to_grid(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[Any, Any]:
        """Return local metres as places of the grid."""
        return self._placement.to_grid(x + self._origin[0], y + self._origin[1])

    def _tile(self, key: TileKey) -> Pixels | None:
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        content = self._tiles.tile(key)
        found = None if content is None else _decoded(content)
        self._kept[key] = found
        if len(self._kept) > _KEPT_TILES:
            self._kept.popitem(last=False)
        return found


class BaseMapPicture:
    """The picture of one view."""

    def __init__(self, base: BaseMap, view: MapView, matrix: Matrix, dpi: float) -> None:
        self._base = base
        self._view = view
        self._matrix = matrix
        self._dpi = dpi

    @property
    def effective_dpi(self) -> float:
        """How many true pixels there are to an inch of the sheet."""
        return self._dpi

    @property
    def attribution(self) -> str:
        """Whose picture it is."""
        return self._base.attribution

    def piece(self, frame: Frame, width_px: int, height_px: int) -> Pixels:
        """Return what lies in *frame* (mm) as ``(height, width, 3)`` bytes of RGB."""
        columns = np.linspace(frame.x, frame.right, _LATTICE)
        rows = np.linspace(frame.y, frame.bottom, _LATTICE)
        x_mm, y_mm = np.meshgrid(columns, rows)
        metres = self._view.to_m(np.column_stack((x_mm.ravel(), y_mm.ravel())))
        x, y = self._base.to_grid(metres[:, 0], metres[:, 1])
        shape = (_LATTICE, _LATTICE)
        across = _spread(np.asarray(x).reshape(shape), width_px, height_px)
        down = _spread(np.asarray(y).reshape(shape), width_px, height_px)
        return self._base.pixels_at(self._matrix, across, down)


def _spread(lattice: NDArray[np.float64], width: int, height: int) -> NDArray[np.float64]:
    """Return a lattice of values at the middles of pixels, linear between its points."""
    last = len(lattice) - 1
    at_x = (np.arange(width) + 0.5) / width * last
    at_y = (np.arange(height) + 0.5) / height * last
    left = np.minimum(at_x.astype(np.int64), last - 1)
    top = np.minimum(at_y.astype(np.int64), last - 1)
    share_x, share_y = at_x - left, (at_y - top)[:, None]
    upper = lattice[top][:, left] * (1 - share_x) + lattice[top][:, left + 1] * share_x
    lower = lattice[top + 1][:, left] * (1 - share_x) + lattice[top + 1][:, left + 1] * share_x
    found: NDArray[np.float64] = upper * (1 - share_y) + lower * share_y
    return found


def _decoded(content: bytes) -> Pixels | None:
    """Return a tile as pixels; None for one that is damaged: white paper is better than none."""
    try:
        require_picture(content)
        with Image.open(io.BytesIO(content)) as image:
            if image.mode not in ("RGBA", "LA", "P"):
                return np.asarray(image.convert("RGB"))
            paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
            on_paper = Image.alpha_composite(paper, image.convert("RGBA"))
            return np.asarray(on_paper.convert("RGB"))
    except (InputError, OSError, ValueError, SyntaxError):
        return None
