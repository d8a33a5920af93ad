"""Base maps in one large picture: GeoTIFF, or any image with a world file beside it.

The picture is cut into tiles of its own CRS and pixels, so nothing is resampled twice; where they
lie in the plane is worked out by their corners as for any map. Only what is seen is read, from
overviews where there are some.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from PIL import Image
from pyproj import CRS
from rasterio.transform import Affine
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.tiles.grid import TILE_PX, Box, Matrix, TileGrid, TileKey
from gridadmin.tiles.image_bands import Bands
from gridadmin.tiles.image_formats import driver_of_file
from gridadmin.tiles.image_guard import (
    FAULTS,
    GDAL,
    WHOLE_DRIVERS,
    Speaking,
    require_size,
    require_whole,
    why_of,
)
from gridadmin.tiles.image_held import held_size, read_held
from gridadmin.tiles.image_place import Placed, crs_of, is_sound, is_upright, put, transform_of
from gridadmin.tiles.local import OpenTiles
from gridadmin.tiles.stored_png import stored_png

_MOST_READ_PX = 16 * 2**20
"""So many pixels of the picture are read at most for one tile."""
_WITH_ALPHA = 4

Pixels = NDArray[np.uint8]


class ImageTiles(OpenTiles):
    """A picture open for reading; it may be asked from any thread.

    *crs* says what the file doesn't: ``EPSG:n``, WKT, ``gcj02`` or ``bd09``. *placed* puts the
    picture elsewhere than the file says; *open_with* opens it where it is no file of its own.
    *progress* follows the decoding of a picture that can only be decoded as a whole.

    Raises: Cancelled; InputError ``input.no_file``, ``input.image_unreadable``,
    ``input.image_too_large``, ``input.image_one_block``, ``input.image_cut_off``,
    ``input.image_no_place``, ``input.image_no_crs``, ``input.image_which_crs``,
    ``input.old_datum``, ``input.local_system``, ``input.bad_crs``.
    """

    attribution = ""

    def __init__(
        self,
        path: Path,
        crs: str = "",
        *,
        placed: Placed | None = None,
        open_with: Callable[[ExitStack], Any] | None = None,
        progress: Progress = SILENT,
    ) -> None:
        if not path.is_file():
            raise InputError("input.no_file", file=str(path))
        self.path = path
        self.name = path.stem
        self._lock = Lock()
        self._stack = ExitStack()
        try:
            with Speaking(path.name):
                self._open(crs, placed, open_with, progress)
        except BaseException:
            self.close()
            raise

    def tile(self, key: TileKey) -> bytes | None:
        """Return a tile as PNG, or None where the picture shows nothing.

        Raises: InputError ``input.tiles_damaged``.
        """
        if not self.grid.has(key):
            return None
        try:
            with self._lock, rasterio.Env(**GDAL):
                pixels = self._pixels(key)
        except FAULTS as error:
            raise InputError(
                "input.tiles_damaged", file=self.path.name, why=why_of(error)
            ) from error
        return None if pixels is None else stored_png(pixels)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._stack.close()

    def _open(
        self,
        crs: str,
        placed: Placed | None,
        open_with: Callable[[ExitStack], Any] | None,
        progress: Progress,
    ) -> None:
        enter = self._stack.enter_context
        file = self._file_opened() if open_with is None else open_with(self._stack)
        is_held = file.driver in WHOLE_DRIVERS
        require_size(file, self.path.name, is_held=is_held)
        transform = transform_of(file, self.path) if placed is None else placed.transform
        crs, self.datum = crs_of(file, transform, crs, placed, self.path)
        if not is_upright(transform) or file.gcps[0]:
            # Turned and bent pictures are set upright; pixels are read through that.
            wkt = CRS.from_user_input(crs).to_wkt()
            if not file.gcps[0]:
                file = enter(put(self._stack, file, transform, wkt))
            file = enter(WarpedVRT(file, src_crs=wkt, crs=wkt, add_alpha=True))
            transform = file.transform
            if not is_sound(transform):
                raise InputError("input.image_no_place", file=self.path.name)
            require_size(file, self.path.name, is_held=is_held)
        self._file = file
        self._bands = Bands.of(file)
        self._width, self._height = file.width, file.height
        self._held: Pixels | None = None
        if is_held:
            self._held = read_held(file, self._bands, progress)
            transform = self._as_held(transform)
        self.grid = self._grid(crs, transform)
        left, top = transform.c, transform.f
        self.extent: Box = (
            left, top + transform.e * self._height, left + transform.a * self._width, top,
        )  # fmt: skip

    def _file_opened(self) -> Any:
        driver = driver_of_file(self.path)
        if driver is None:
            raise InputError("input.no_basemap", file=self.path.name)
        require_whole(self.path, driver)
        return self._stack.enter_context(rasterio.open(str(self.path.resolve()), driver=driver))

    def _as_held(self, transform: Affine) -> Affine:
        """Count the pixels that are held from now on; return what maps them to places."""
        width, height = held_size(self._width, self._height)
        across, down = self._width / width, self._height / height
        self._width, self._height = width, height
        t = transform
        return Affine(t.a * across, t.b, t.c, t.d, t.e * down, t.f)

    def _pixels(self, key: TileKey) -> Pixels | None:
        """Return ``(rows, columns, 3 or 4)``, clear beyond the picture; None for nothing at all."""
        factor = 2 ** (self.grid.levels[-1] - key.level)
        side = TILE_PX * factor
        x0, y0 = key.column * side, key.row * side
        x1, y1 = min(x0 + side, self._width), min(y0 + side, self._height)
        width = max(1, round((x1 - x0) / factor))
        height = max(1, round((y1 - y0) / factor))
        if self._held is None:
            window = Window(x0, y0, x1 - x0, y1 - y0)
            found = self._bands.read(self._file, window, width, height)
        else:
            found = _shrunk(self._held[y0:y1, x0:x1], width, height)
        if found.shape[2] == _WITH_ALPHA and not found[..., 3].any():
            return None
        if (height, width) == (TILE_PX, TILE_PX):
            return found
        tile = np.zeros((TILE_PX, TILE_PX, _WITH_ALPHA), dtype=np.uint8)
        tile[:height, :width, :3] = found[..., :3]
        tile[:height, :width, 3] = found[..., 3] if found.shape[2] == _WITH_ALPHA else 255
        return tile

    def _grid(self, crs: str, transform: Affine) -> TileGrid:
        """Return the levels: the picture's own pixels, and twice, four times… as large ones."""
        overviews = self._file.overviews(1)
        coarsest = max(overviews, default=1) * math.isqrt(_MOST_READ_PX) // TILE_PX
        longest = max(self._width, self._height)
        factors = [1]
        while longest > TILE_PX * factors[-1] and (
            self._held is not None or factors[-1] * 2 <= coarsest
        ):
            factors.append(factors[-1] * 2)
        return TileGrid(
            crs,
            tuple(
                self._matrix(level, factor, transform)
                for level, factor in enumerate(reversed(factors))
            ),
        )

    def _matrix(self, level: int, factor: int, transform: Affine) -> Matrix:
        return Matrix(
            level=level,
            name=str(level),
            left=transform.c,
            top=transform.f,
            px_width=transform.a * factor,
            px_height=-transform.e * factor,
            columns=math.ceil(self._width / (TILE_PX * factor)),
            rows=math.ceil(self._height / (TILE_PX * factor)),
        )


def _shrunk(pixels: Pixels, width: int, height: int) -> Pixels:
    if pixels.shape[:2] == (height, width):
        return pixels
    small = Image.fromarray(pixels).resize((width, height), Image.Resampling.BOX)
    return np.asarray(small)
