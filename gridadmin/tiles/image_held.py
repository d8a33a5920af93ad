"""Large pictures that can only be decoded from the top, held in memory with fewer pixels.

They are read once, some rows at a time, so that what a picture takes is what is held of it and
not what it holds itself; between two strips it is told how far it is, and asked whether to go on.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from gridadmin.base.progress import Progress, checkpoint
from gridadmin.tiles.image_bands import Bands

_MOST_HELD_PX = 48_000_000
"""Of a picture that is held in memory; a larger one is held with fewer pixels."""
_STRIP_PX = 4 * 2**20
"""About so many pixels are decoded at once."""

Pixels = NDArray[np.uint8]


def held_size(width: int, height: int) -> tuple[int, int]:
    """Return with how many pixels a picture of this size is held."""
    shrink = max(1.0, math.sqrt(width * height / _MOST_HELD_PX))
    return math.ceil(width / shrink), math.ceil(height / shrink)


def read_held(file: Any, bands: Bands, progress: Progress) -> Pixels:
    """Return an open picture as it is held: ``(rows, columns, 3)``, with 4 where it has gaps.

    Raises: RasterioError; Cancelled.
    """
    width, height = held_size(file.width, file.height)
    if isinstance(file, WarpedVRT):
        # Its rows lie all over the picture, which would be decoded anew for each strip.
        return bands.read(file, None, width, height)
    held: Pixels | None = None
    rows = max(1, _STRIP_PX * height // (file.width * file.height))
    for top in range(0, height, rows):
        checkpoint(progress, "progress.reading", top, height)
        end = min(top + rows, height)
        strip = _strip(file, bands, (top, end), (width, height))
        if held is None:
            held = np.full((height, width, strip.shape[2]), 255, dtype=np.uint8)
        if strip.shape[2] > held.shape[2]:
            # The first strip with a gap: all before are there whole.
            whole = np.full((height, width, 1), 255, dtype=np.uint8)
            held = np.concatenate([held, whole], axis=2)
        held[top:end, :, : strip.shape[2]] = strip
    if held is None:
        raise ValueError("no rows")
    return held


def _strip(file: Any, bands: Bands, rows: tuple[int, int], size: tuple[int, int]) -> Pixels:
    """Return the rows of the picture held from the rows of the picture itself that they cover."""
    width, height = size
    scale = file.height / height
    y0, y1 = rows[0] * scale, min(rows[1] * scale, file.height)
    first, last = math.floor(y0), min(math.ceil(y1), file.height)
    window = Window(0, first, file.width, last - first)
    found = bands.read(file, window, file.width, last - first)
    if (file.width, file.height) == size:
        return found
    small = Image.fromarray(found).resize(
        (width, rows[1] - rows[0]),
        Image.Resampling.BOX,
        box=(0.0, y0 - first, float(file.width), y1 - first),
    )
    return np.asarray(small)
