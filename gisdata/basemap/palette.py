"""Few colours and small pictures: a palette for the whole map, and PNG files that use it."""

from __future__ import annotations

import struct
import zlib
from itertools import product

import numpy as np
from numpy.typing import NDArray

from gisdata.basemap import look
from gisdata.basemap.look import Colour

Indices = NDArray[np.uint8]
"""A picture as numbers of the palette's colours, ``(rows, columns)``."""

_STEPS = 4
_LEAST_APART = 18
"""How much two colours differ at least, red, green and blue together."""
_BITS = 6
"""How many bits of red, green and blue are looked at to find the nearest colour."""
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_PALETTE_COLOURS = 3
"""The colour type of PNG that says: numbers of a palette."""


def _beside() -> list[tuple[Colour, Colour]]:
    """Return which colours lie side by side, so that smoothed edges have the shades between."""
    grounds = [look.LAND, look.LIVED_IN, look.WATER, *look.SITES.values()]
    edges = [look.CASING, look.ROAD, look.HOUSE, look.WALL, look.SHORE]
    inks = [look.INK, look.FAINT_INK, look.WATER_INK, look.SITE_INK, look.PARK_INK]
    inks += [look.COMPOUND_INK, look.HOUSE_INK]
    pairs = [*product(grounds, edges), *((ink, look.HALO) for ink in inks)]
    pairs += [(look.CASING, look.ROAD), (look.HOUSE, look.WALL), (look.SHOP, look.WALL)]
    pairs += [(look.TRUNK, look.TRUNK_CASING), (look.TRUNK_CASING, look.LAND)]
    pairs += [(look.TRUNK_CASING, look.ROAD), (look.TRUNK, look.INK), (look.HOUSE_INK, look.HOUSE)]
    return pairs


def _made() -> NDArray[np.int64]:
    """Return the colours that are painted, and of the shades between neighbours what differs."""
    pairs = _beside()
    ends = np.array(pairs)
    steps = np.arange(1, _STEPS)[:, None, None] / _STEPS
    between = np.rint(ends[:, 0] * (1 - steps) + ends[:, 1] * steps).reshape(-1, 3)
    chosen = list(np.unique([*ends.reshape(-1, 3), look.PALE_HOUSE], axis=0))
    for colour in between.astype(np.int64):
        if np.abs(np.array(chosen) - colour).sum(axis=1).min() >= _LEAST_APART:
            chosen.append(colour)
    return np.array(chosen)


class Palette:
    """The colours of the map, and which of them is nearest to any other."""

    def __init__(self) -> None:
        self.colours = _made()
        levels = (np.arange(2**_BITS) + 0.5) * 2 ** (8 - _BITS)
        self._nearest = np.empty((2**_BITS,) * 3, dtype=np.uint8)
        green, blue = np.meshgrid(levels, levels, indexing="ij")
        for red, level in enumerate(levels):
            asked = np.stack([np.full_like(green, level), green, blue], axis=-1)[:, :, None]
            self._nearest[red] = ((asked - self.colours) ** 2).sum(axis=-1).argmin(axis=-1)
        for number in reversed(range(len(self.colours))):
            # What is painted flat keeps its very colour; painted colours come before shades.
            self._nearest[tuple(self.colours[number] >> (8 - _BITS))] = number

    def indices(self, rgb: NDArray[np.uint8]) -> Indices:
        """Return a picture ``(rows, columns, 3)`` in colours of the palette."""
        coarse = rgb >> (8 - _BITS)
        found: Indices = self._nearest[coarse[..., 0], coarse[..., 1], coarse[..., 2]]
        return found

    def png(self, indices: Indices) -> bytes:
        """Return a picture as a PNG file that names only the colours in it."""
        used, renumbered = np.unique(indices, return_inverse=True)
        depth = next(bits for bits in (1, 2, 4, 8) if len(used) <= 2**bits)
        height, width = indices.shape
        rows = _packed(renumbered.reshape(height, width).astype(np.uint8), depth)
        lines = np.hstack([np.zeros((height, 1), dtype=np.uint8), rows])
        header = struct.pack(">IIBBBBB", width, height, depth, _PALETTE_COLOURS, 0, 0, 0)
        return b"".join(
            [
                _PNG_MAGIC,
                _chunk(b"IHDR", header),
                _chunk(b"PLTE", self.colours[used].astype(np.uint8).tobytes()),
                _chunk(b"IDAT", zlib.compress(lines.tobytes(), 9)),
                _chunk(b"IEND", b""),
            ]
        )


def _packed(numbers: Indices, depth: int) -> Indices:
    """Return rows with several numbers of *depth* bits in each byte, the first in the high bits."""
    bits = np.unpackbits(numbers[..., None], axis=-1)[..., -depth:]
    return np.packbits(bits.reshape(len(numbers), -1), axis=-1)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )
