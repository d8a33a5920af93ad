"""Where a layer of the map has its pictures from: a file at once, a network after a while."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

from PySide6.QtGui import QImage

from gridadmin.base.errors import InputError
from gridadmin.tiles.grid import Box, TileGrid, TileKey
from gridadmin.tiles.local import LocalTiles
from gridadmin.tiles.source import Datum
from ui.tiles.decoding import decoded
from ui.tiles.memory import Blank

FILE_BYTES = 64 * 2**20
"""About 250 decoded tiles: a full screen four times over."""
_BLANK_BYTES = 128
"""What remembering a tile without a picture counts for."""


class Shelf(Protocol):
    """Pictures of one base map by their tiles; asked by the painting worker.

    ``extent`` is what has tiles in units of the grid, None where that is not known.
    """

    @property
    def grid(self) -> TileGrid:
        """How the map is cut into tiles."""

    @property
    def datum(self) -> Datum:
        """What the grid's coordinates are measured in."""

    @property
    def extent(self) -> Box | None:
        """What has tiles."""

    def picture(self, key: TileKey) -> QImage | Blank:
        """Return a tile's picture, or why there is none."""

    def at_hand(self, key: TileKey) -> QImage | Blank:
        """Return the same where it takes no time."""

    def see(self, keys: Sequence[TileKey]) -> None:
        """Take note of what is seen now, most wanted first."""


class FileShelf:
    """The tiles of a file, read when they are asked for; those used last kept in memory.

    One worker at a time may ask. *datum* overrules what the file says.
    """

    def __init__(
        self, file: LocalTiles, most_bytes: int = FILE_BYTES, datum: Datum | None = None
    ) -> None:
        self.file = file
        self.grid, self.datum = file.grid, file.datum if datum is None else datum
        self.extent: Box | None = file.extent
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[TileKey, QImage | Blank] = OrderedDict()

    def picture(self, key: TileKey) -> QImage | Blank:
        """Return a tile's picture, or why there is none."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        picture = self._read(key)
        self._kept[key] = picture
        self._bytes += _size(picture)
        while self._bytes > self._most_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _size(oldest)
        return picture

    def at_hand(self, key: TileKey) -> QImage | Blank:
        """Return the picture: a file is always at hand."""
        return self.picture(key)

    def see(self, keys: Sequence[TileKey]) -> None:
        """Nothing has to be fetched."""

    def _read(self, key: TileKey) -> QImage | Blank:
        try:
            stored = self.file.tile(key)
        except InputError:
            return Blank.BROKEN
        if stored is None:
            return Blank.MISSING
        picture = decoded(stored)
        return Blank.BROKEN if picture is None else picture


def _size(picture: QImage | Blank) -> int:
    return picture.sizeInBytes() if isinstance(picture, QImage) else _BLANK_BYTES
