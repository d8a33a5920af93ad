"""Pixels as a PNG that is not packed: twenty times quicker to make than a packed one.

Tiles that are cut out of a picture live for a moment only, on their way to the screen.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPES = {3: 2, 4: 6}
"""PNG's numbers for red, green, blue, and for those with alpha."""


def stored_png(pixels: NDArray[np.uint8]) -> bytes:
    """Return ``(rows, columns, 3 or 4)`` pixels as a PNG file."""
    height, width, bands = pixels.shape
    head = struct.pack(">IIBBBBB", width, height, 8, _COLOUR_TYPES[bands], 0, 0, 0)
    rows = np.zeros((height, 1 + width * bands), dtype=np.uint8)
    rows[:, 1:] = pixels.reshape(height, -1)
    packed = zlib.compress(rows.tobytes(), 0)
    return _MAGIC + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check
