"""Base maps in one large picture: GeoTIFF, or any image with a world file beside it.

The picture is cut into tiles of its own CRS and pixels, so nothing is resampled twice; where they
lie in the plane is worked out by their corners as for any map. Only what is seen is read, from
overviews where there are some.
"""

from __future__ import annotations

import glob
import math
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from PIL import Image
from pyproj import CRS
from pyproj.exceptions import CRSError
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import MemoryFile
from rasterio.transform import Affine
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from gridadmin.base.errors import InputError
from gridadmin.exchange.recognise import crs_of_option, recognise_crs
from gridadmin.tiles.grid import TILE_PX, Box, Matrix, TileGrid, TileKey
from gridadmin.tiles.image_bands import Bands
from gridadmin.tiles.image_formats import driver_of_file
from gridadmin.tiles.source import Datum
from gridadmin.tiles.stored_png import stored_png

_WHOLE_DRIVERS = ("PNG", "GIF", "WEBP")
"""These can only be decoded from the top: done once, into memory, if they are small enough."""
_MOST_WHOLE_PX = 100_000_000
_MOST_PRJ_BYTES = 10_000
_MOST_WORLD_BYTES = 1000
_ENDS = {"PNG": b"IEND", "JPEG": b"\xff\xd9"}
_TAIL_BYTES = 2**16
_MOST_PX = 2**36
_MOST_BLOCK_BYTES = 2**28
_MOST_READ_PX = 16 * 2**20
"""So many pixels of the picture are read at most for one tile."""
_GDAL = {
    "GDAL_CACHEMAX": 64,
    "GDAL_NUM_THREADS": 1,
    "GDAL_HTTP_MAX_RETRY": 0,
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{noext}",
}

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a picture lies, told by somebody else than its file: CRS and affine transform."""

    crs: str
    transform: Any


class ImageTiles:
    """A picture open for reading; it may be asked from any thread.

    *crs* says what the file doesn't: ``EPSG:n``, WKT, ``gcj02`` or ``bd09``. *placed* puts the
    picture elsewhere than the file says. ``close`` also closes what *held* holds.

    Raises: InputError ``input.no_file``, ``input.image_unreadable``, ``input.image_too_large``,
    ``input.image_one_block``, ``input.image_no_place``, ``input.image_no_crs``,
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
    ) -> None:
        if not path.is_file():
            raise InputError("input.no_file", file=str(path))
        self.path = path
        self.name = path.stem
        self._lock = Lock()
        self._stack = ExitStack()
        try:
            with self._speaking():
                self._open(crs, placed, open_with)
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
            with self._lock, rasterio.Env(**_GDAL):
                pixels = self._pixels(key)
        except (RasterioError, ValueError, OSError, MemoryError) as error:
            raise InputError("input.tiles_damaged", file=self.path.name, why=_why(error)) from error
        return None if pixels is None else stored_png(pixels)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _speaking(self) -> _Speaking:
        return _Speaking(self.path.name)

    def _open(
        self, crs: str, placed: Placed | None, open_with: Callable[[ExitStack], Any] | None
    ) -> None:
        enter = self._stack.enter_context
        if open_with is None:
            where = str(self.path.resolve())
            driver = driver_of_file(self.path)
            if driver is None:
                raise InputError("input.no_basemap", file=self.path.name)
            _require_whole(self.path, driver)
            file = enter(rasterio.open(where, driver=driver))
        else:
            file = open_with(self._stack)
        _require_size(file, self.path.name)
        is_whole = file.driver in _WHOLE_DRIVERS
        if is_whole and file.width * file.height > _MOST_WHOLE_PX:
            raise _too_large(file, self.path.name)
        transform = _transform(file, self.path) if placed is None else placed.transform
        self._crs, self.datum = _crs(file, transform, crs, placed, self.path)
        if not _is_upright(transform) or file.gcps[0]:
            # Turned and bent pictures are set upright; pixels are read through that.
            wkt = CRS.from_user_input(self._crs).to_wkt()
            if not file.gcps[0]:
                file = enter(_put(self._stack, file, transform, wkt))
            file = enter(WarpedVRT(file, src_crs=wkt, crs=wkt, add_alpha=True))
            transform = file.transform
        self._file = file
        self._bands = Bands.of(file)
        self._whole: Pixels | None = None
        if is_whole:
            self._whole = self._bands.read(file, None, file.width, file.height)
        self.grid = _grid(self._crs, transform, file, is_whole=is_whole)
        left, top = transform.c, transform.f
        self.extent: Box = (
            left, top + transform.e * file.height, left + transform.a * file.width, top,
        )  # fmt: skip

    def _pixels(self, key: TileKey) -> Pixels | None:
        """Return ``(rows, columns, 3 or 4)``, clear beyond the picture; None for nothing at all."""
        factor = 2 ** (self.grid.levels[-1] - key.level)
        side = TILE_PX * factor
        x0, y0 = key.column * side, key.row * side
        x1, y1 = min(x0 + side, self._file.width), min(y0 + side, self._file.height)
        width = max(1, round((x1 - x0) / factor))
        height = max(1, round((y1 - y0) / factor))
        if self._whole is None:
            window = Window(x0, y0, x1 - x0, y1 - y0)
            found = self._bands.read(self._file, window, width, height)
        else:
            found = _shrunk(self._whole[y0:y1, x0:x1], width, height)
        if found.shape[2] == 4 and not found[..., 3].any():
            return None
        if (height, width) == (TILE_PX, TILE_PX):
            return found
        tile = np.zeros((TILE_PX, TILE_PX, 4), dtype=np.uint8)
        tile[:height, :width, :3] = found[..., :3]
        tile[:height, :width, 3] = found[..., 3] if found.shape[2] == 4 else 255
        return tile


class _Speaking:
    """Turns faults of the reader into a sentence, and GDAL's warnings into nothing."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stack = ExitStack()

    def __enter__(self) -> None:
        self._stack.enter_context(rasterio.Env(**_GDAL))
        self._stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore", NotGeoreferencedWarning)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
        if isinstance(error, (RasterioError, OSError, MemoryError, CRSError)):
            raise InputError("input.image_unreadable", file=self._name, why=_why(error)) from error


def _require_size(file: Any, name: str) -> None:
    if file.width * file.height > _MOST_PX:
        raise _too_large(file, name)
    size = np.dtype(file.dtypes[0]).itemsize if file.dtypes[0] != "complex_int16" else 4
    block = max((rows * columns for rows, columns in file.block_shapes), default=0)
    if block * size * file.count > _MOST_BLOCK_BYTES:
        raise InputError("input.image_one_block", file=name)


def _too_large(file: Any, name: str) -> InputError:
    return InputError("input.image_too_large", file=name, width=file.width, height=file.height)


def _crs(
    file: Any, transform: Any, crs: str, placed: Placed | None, path: Path
) -> tuple[str, Datum]:
    """Return CRS and datum. Raises: InputError, see :class:`ImageTiles`."""
    name = path.name
    if placed is not None:
        return placed.crs, Datum.WGS84
    if crs:
        chosen, shift = crs_of_option(crs)
        return _as_text(chosen), Datum.CGCS2000 if shift is None else Datum(shift)
    declared = _declared(file, path)
    bounds = (math.nan,) * 4 if file.gcps[0] else _bounds(file, transform)
    finding = recognise_crs(declared, bounds, file=name)
    if declared is not None and not finding.params.get("option") and finding.crs is declared:
        if finding.swap_xy:
            raise InputError("input.image_no_crs", file=name)
        return _as_text(declared), Datum.CGCS2000
    if finding.is_sure and finding.question_code:
        raise InputError(finding.question_code, **finding.params)
    option = str(finding.params.get("option", ""))
    if option and not finding.swap_xy:
        raise InputError("input.image_which_crs", file=name, option=option)
    raise InputError("input.image_no_crs", file=name)


def _declared(file: Any, path: Path) -> CRS | None:
    """Return the CRS that a picture or the ``.prj`` beside it names."""
    own = file.gcps[1] if file.gcps[0] else file.crs
    try:
        if own:
            return CRS.from_wkt(own.to_wkt())
        beside = path.with_suffix(".prj")
        if beside.is_file():
            with beside.open("rb") as opened:
                return CRS.from_wkt(opened.read(_MOST_PRJ_BYTES).decode("utf-8", "replace"))
    except (CRSError, OSError):
        # GDAL keeps what it read of a CRS even where PROJ can make nothing of it.
        return None
    return None


def _transform(file: Any, path: Path) -> Any:
    """Return what maps pixels to places: the file's own, else that of the world file beside it.

    Raises: InputError ``input.image_no_place``.
    """
    if file.gcps[0] or not file.transform.is_identity:
        return file.transform
    ending = path.suffix.lower().removeprefix(".")
    names = {f".{ending[:1]}{ending[-1:]}w", f".{ending}w", ".wld"}
    for beside in path.parent.glob(f"{glob.escape(path.stem)}.*"):
        if beside.suffix.lower() in names and beside.is_file():
            found = _world(beside)
            if found is not None:
                return found
    raise InputError("input.image_no_place", file=path.name)


def _world(path: Path) -> Affine | None:
    """Return what a world file says: six numbers, the last two of the middle of a pixel."""
    try:
        with path.open("rb") as file:
            a, d, b, e, x, y = (float(n) for n in file.read(_MOST_WORLD_BYTES).split()[:6])
    except (OSError, ValueError):
        return None
    found = Affine(a, b, x - (a + b) / 2, d, e, y - (d + e) / 2)
    return None if found.is_degenerate or not all(map(math.isfinite, found)) else found


def _put(stack: ExitStack, file: Any, transform: Any, wkt: str) -> Any:
    """Return a picture in another place: a note in memory that points to its pixels."""
    memory = stack.enter_context(MemoryFile(ext=".vrt"))
    rasterio.shutil.copy(file, memory.name, driver="VRT")
    with rasterio.open(memory.name, "r+") as note:
        note.crs, note.transform = wkt, transform
    return rasterio.open(memory.name)


def _require_whole(path: Path, driver: str) -> None:
    """Look at the end of a picture: one that is cut off would be shown in part, as if whole.

    Raises: InputError ``input.image_cut_off``.
    """
    mark = _ENDS.get(driver)
    if mark is None:
        return
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        if mark not in file.read():
            raise InputError("input.image_cut_off", file=path.name)


def _bounds(file: Any, transform: Any) -> tuple[float, float, float, float]:
    width, height = file.width, file.height
    corners = [transform @ corner for corner in ((0, 0), (width, 0), (0, height), (width, height))]
    x, y = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return min(x), min(y), max(x), max(y)


def _as_text(crs: CRS) -> str:
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt())


def _is_upright(transform: Any) -> bool:
    return bool(transform.b == 0 and transform.d == 0 and transform.a > 0 and transform.e < 0)


def _grid(crs: str, transform: Any, file: Any, *, is_whole: bool) -> TileGrid:
    """Return the levels: the picture's own pixels, and twice, four times… as large ones."""
    overviews = file.overviews(1)
    coarsest = max(overviews, default=1) * math.isqrt(_MOST_READ_PX) // TILE_PX
    factors = [1]
    while max(file.width, file.height) > TILE_PX * factors[-1] and (
        is_whole or factors[-1] * 2 <= coarsest
    ):
        factors.append(factors[-1] * 2)
    matrices = []
    for level, factor in enumerate(reversed(factors)):
        columns = math.ceil(file.width / (TILE_PX * factor))
        rows = math.ceil(file.height / (TILE_PX * factor))
        px_width, px_height = transform.a * factor, -transform.e * factor
        matrices.append(
            Matrix(level, str(level), transform.c, transform.f, px_width, px_height, columns, rows)
        )
    return TileGrid(crs, tuple(matrices))


def _shrunk(pixels: Pixels, width: int, height: int) -> Pixels:
    if pixels.shape[:2] == (height, width):
        return pixels
    small = Image.fromarray(pixels).resize((width, height), Image.Resampling.BOX)
    return np.asarray(small)


def _why(error: BaseException) -> str:
    return str(error.__cause__ or error)[:200]
