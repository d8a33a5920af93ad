"""Guards around the reader of large pictures: what would fill the memory, or is not whole."""

from __future__ import annotations

import warnings
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import rasterio
from pyproj.exceptions import CRSError
from rasterio._err import CPLE_BaseError
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from gridadmin.base.errors import InputError

GDAL = {
    "GDAL_CACHEMAX": 128,
    "GDAL_NUM_THREADS": 1,
    "GDAL_HTTP_MAX_RETRY": 0,
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{noext}",
}
"""How GDAL reads: with little memory, and never from a network."""
FAULTS = (RasterioError, CPLE_BaseError, ValueError, OSError, MemoryError)
"""What reading a damaged picture raises; GDAL's own errors come through in places."""
WHOLE_DRIVERS = ("PNG", "JPEG", "GIF", "WEBP")
"""These can only be decoded from the top: done once, into memory."""
_MOST_WHOLE_PX = 2**30
_MOST_PX = 2**36
_MOST_BLOCK_BYTES = 2**28
_ENDS = {"PNG": b"IEND", "JPEG": b"\xff\xd9"}
_TAIL_BYTES = 2**16


class Speaking:
    """Turns faults of the reader into a sentence, and GDAL's warnings into nothing."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stack = ExitStack()

    def __enter__(self) -> None:
        self._stack.enter_context(rasterio.Env(**GDAL))
        self._stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore", NotGeoreferencedWarning)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
        if isinstance(error, (*FAULTS, CRSError)):
            raise InputError(
                "input.image_unreadable", file=self._name, why=why_of(error)
            ) from error


def require_size(file: Any, name: str, *, is_held: bool) -> None:
    """Refuse what would fill the memory or take minutes to decode.

    Raises: InputError ``input.image_too_large``, ``input.image_one_block``.
    """
    if file.width * file.height > (_MOST_WHOLE_PX if is_held else _MOST_PX):
        raise InputError("input.image_too_large", file=name, width=file.width, height=file.height)
    size = np.dtype(file.dtypes[0]).itemsize if file.dtypes[0] != "complex_int16" else 4
    block = max((rows * columns for rows, columns in file.block_shapes), default=0)
    if block * size * file.count > _MOST_BLOCK_BYTES:
        raise InputError("input.image_one_block", file=name)


def require_whole(path: Path, driver: str) -> None:
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


def why_of(error: BaseException) -> str:
    """Return what the reader said, in a line."""
    return str(error.__cause__ or error)[:200]
