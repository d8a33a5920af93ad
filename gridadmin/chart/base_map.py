"""A base map under a chart, piece by piece: never more of it in memory than a piece needs."""

from __future__ import annotations

import io
import math
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

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
from gridadmin.tiles.source import Datum

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]

_WISHED_DPI = 300.0
_LATTICE = 33
"""Places of the plane are looked up at so many points each way, and spread between."""
_KEPT_TILES = 120
_AT_ONCE = 32
_DECODERS = 2
"""So many tiles are decoded together, by so many threads: decoding lets other threads work."""
_PAPER = 255
_MOST_FINER = 2
"""Tiles are made smaller before they have more than so many pixels for one of the piece."""


class BaseMap:
    """Makes the picture below a map from tiles on the disk.

    *origin_m* is the project's origin in the plane. *datum* is on what the map was drawn where its
    file says otherwise, *whose* tells whose map it is; else the file says it, else its name stands.
    """

    def __init__(
        self,
        tiles: LocalTiles,
        plane: CRS,
        origin_m: tuple[float, float],
        datum: Datum | None = None,
        whose: str = "",
    ) -> None:
        self._tiles = tiles
        self._whose = whose or tiles.attribution or tiles.name
        self._origin = origin_m
        self._datum = tiles.datum if datum is None else datum
        self._placement = Placement(plane, tiles.grid, self._datum)
        self._kept: OrderedDict[TileKey, Pixels | None] = OrderedDict()

    def __repr__(self) -> str:
        path = self._tiles.path
        stamp = path.stat().st_mtime_ns if path.exists() else 0
        return f"BaseMap({path.name!r}, {stamp}, {self._datum}, {self._whose!r})"

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
        """Whose map it is, else which it is; never empty."""
        return self._whose

    def in_tiles(self, matrix: Matrix, metres: Floats) -> Floats:
        """Return local metres ``(n, 2)`` as columns and rows of tiles, with their fractions.

        What the grid can't express is not finite.
        """
        x, y = self._placement.to_grid(
            metres[:, 0] + self._origin[0], metres[:, 1] + self._origin[1]
        )
        across = (np.asarray(x) - matrix.left) / (matrix.px_width * matrix.tile_width)
        down = (matrix.top - np.asarray(y)) / (matrix.px_height * matrix.tile_height)
        return np.column_stack((across, down))

    def mosaic(
        self, matrix: Matrix, columns: range, rows: range, step: int
    ) -> tuple[Pixels, int, int]:
        """Return some tiles side by side, ``(height, width, 4)``, and how large each of them is.

        Each is made smaller by *step*. White paper stands where there is none, and a pixel wide
        all around.
        """
        found: Pixels | None = None
        wide, high = matrix.tile_width, matrix.tile_height
        places = [(row, column) for row in rows for column in columns]
        tiles = self._tiles_of([TileKey(matrix.level, column, row) for row, column in places])
        for (row, column), tile in zip(places, tiles, strict=True):
            if tile is None:
                continue
            if found is None:
                # The first tells how large tiles really are.
                high, wide = (max(side // step, 1) for side in tile.shape[:2])
                found = _paper(len(columns) * wide, len(rows) * high)
            top = 1 + (row - rows.start) * high
            left = 1 + (column - columns.start) * wide
            found[top : top + high, left : left + wide] = _made_smaller(tile, wide, high)
        return _paper(0, 0) if found is None else found, wide, high

    def _tiles_of(self, keys: Sequence[TileKey]) -> Iterator[Pixels | None]:
        """Yield tiles as pixels; those not at hand are decoded side by side, some at a time.

        Read they are one after another: a database belongs to one thread.
        """
        with ThreadPoolExecutor(_DECODERS) as pool:
            for begin in range(0, len(keys), _AT_ONCE):
                some = keys[begin : begin + _AT_ONCE]
                new = [key for key in some if key not in self._kept]
                contents = [self._tiles.tile(key) for key in new]
                self._kept.update(zip(new, pool.map(_decoded, contents), strict=True))
                found = [self._kept[key] for key in some]
                for key in some:
                    self._kept.move_to_end(key)
                while len(self._kept) > _KEPT_TILES:
                    self._kept.popitem(last=False)
                yield from found


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
        matrix = self._matrix
        x_mm, y_mm = np.meshgrid(
            np.linspace(frame.x, frame.right, _LATTICE),
            np.linspace(frame.y, frame.bottom, _LATTICE),
        )
        metres = self._view.to_m(np.column_stack((x_mm.ravel(), y_mm.ravel())))
        at = self._base.in_tiles(matrix, metres).reshape(_LATTICE, _LATTICE, 2)
        columns = _range(at[:, :, 0], matrix.columns)
        rows = _range(at[:, :, 1], matrix.rows)
        step = max(
            int(len(columns) * matrix.tile_width / (_MOST_FINER * width_px)),
            int(len(rows) * matrix.tile_height / (_MOST_FINER * height_px)),
            1,
        )
        mosaic, wide, high = self._base.mosaic(matrix, columns, rows, step)
        height, width = mosaic.shape[:2]
        across = (at[:, :, 0] - columns.start) * wide
        down = (at[:, :, 1] - rows.start) * high
        flat = _places(down, width_px, height_px, height)
        flat *= width
        flat += _places(across, width_px, height_px, width)
        pixels = mosaic.view(np.uint32).ravel().take(flat)
        found: Pixels = pixels.view(np.uint8).reshape(height_px, width_px, 4)[:, :, :3]
        return found


def _made_smaller(tile: Pixels, wide: int, high: int) -> Pixels:
    if tile.shape[:2] == (high, wide):
        return tile
    return np.asarray(Image.fromarray(tile).resize((wide, high), Image.Resampling.BOX))


def _paper(width: int, height: int) -> Pixels:
    """Return white pixels, one more on each side."""
    return np.full((height + 2, width + 2, 4), _PAPER, dtype=np.uint8)


def _range(at: Floats, most: int) -> range:
    """Return which tiles are touched, of those that there are."""
    known = at[np.isfinite(at)]
    if not len(known):
        return range(0)
    low, high = math.floor(known.min()), math.floor(known.max())
    return range(min(max(low, 0), most), min(max(high + 1, 0), most))


def _places(lattice: Floats, width_px: int, height_px: int, most: int) -> NDArray[np.int32]:
    """Return which pixels of a mosaic are seen; those beyond are its edge, which is paper."""
    found = _spread(lattice.astype(np.float32), width_px, height_px)
    found += 1.0
    np.clip(found, 0, most - 1, out=found)
    if not np.isfinite(lattice).all():
        np.nan_to_num(found, copy=False, nan=0.0)
    return found.astype(np.int32)


def _spread(lattice: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """Return a lattice of values at the middles of pixels, linear between its points."""
    last = len(lattice) - 1
    at_x = (np.arange(width, dtype=np.float32) + 0.5) / width * last
    at_y = (np.arange(height, dtype=np.float32) + 0.5) / height * last
    left = np.minimum(at_x.astype(np.int64), last - 1)
    top = np.minimum(at_y.astype(np.int64), last - 1)
    share_x, share_y = at_x - left.astype(np.float32), at_y - top.astype(np.float32)
    along = (lattice[:, left] * (1 - share_x) + lattice[:, left + 1] * share_x).astype(np.float32)
    found: NDArray[np.float32] = along[top]
    found += (along[1:] - along[:-1])[top] * share_y[:, None]
    return found


def _decoded(content: bytes | None) -> Pixels | None:
    """Return a tile as pixels, ``(height, width, 4)``, with nothing to be seen through.

    None where there is none, and for one that is damaged: white paper is better than no chart.
    """
    if content is None:
        return None
    try:
        require_picture(content)
        with Image.open(io.BytesIO(content)) as image:
            if image.mode not in ("RGBA", "LA", "P"):
                return np.asarray(image.convert("RGB").convert("RGBA"))
            paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
            return np.asarray(Image.alpha_composite(paper, image.convert("RGBA")))
    except (InputError, OSError, ValueError, SyntaxError):
        return None
