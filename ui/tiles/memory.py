"""Decoded tiles in memory, those used last kept; shared by all maps of a window.

May be asked from any thread. Pictures are never changed once they are in here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from threading import Lock

from PySide6.QtGui import QImage

from gridadmin.tiles.grid import TileKey

REMEMBERED_BYTES = 96 * 2**20
"""About 370 decoded tiles: two full screens of two layers, and half of that again."""
_BLANK_BYTES = 128
"""What remembering a tile without a picture counts for."""


class Blank(Enum):
    """Why a tile has no picture."""

    MISSING = "missing"
    BROKEN = "broken"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Remembered:
    """A tile's picture or why it has none; ``is_old`` when the server is to be asked for news."""

    picture: QImage | Blank
    is_old: bool = False


Name = tuple[str, TileKey]
"""The id of a source and a tile of it."""


class TileMemory:
    """The decoded tiles of one window, *most_bytes* of them."""

    def __init__(self, most_bytes: int = REMEMBERED_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Name, Remembered] = OrderedDict()
        self._lock = Lock()

    @property
    def bytes(self) -> int:
        """How much memory the pictures take."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, source: str, key: TileKey) -> Remembered | None:
        """Return what is known of a tile, None when nothing is; it counts as used now."""
        name = (source, key)
        with self._lock:
            found = self._kept.get(name)
            if found is not None:
                self._kept.move_to_end(name)
            return found

    def is_settled(self, source: str, key: TileKey) -> bool:
        """Return whether nobody has to be asked for a tile."""
        with self._lock:
            found = self._kept.get((source, key))
        return found is not None and not found.is_old

    def put(self, source: str, key: TileKey, tile: Remembered) -> None:
        """Keep a tile in the place of what was known of it."""
        name = (source, key)
        with self._lock:
            self._drop(name)
            self._kept[name] = tile
            self._bytes += _size(tile)
            while self._bytes > self._most_bytes and self._kept:
                self._drop(next(iter(self._kept)))

    def renew(self, source: str, key: TileKey) -> bool:
        """Take note that an old tile is still right; return whether it is here."""
        name = (source, key)
        with self._lock:
            found = self._kept.get(name)
            if found is not None:
                self._kept[name] = Remembered(found.picture)
            return found is not None

    def forget(self, is_meant: Callable[[str, Remembered], bool]) -> None:
        """Drop the tiles for which *is_meant* of source and tile holds."""
        with self._lock:
            for name in [name for name, tile in self._kept.items() if is_meant(name[0], tile)]:
                self._drop(name)

    def _drop(self, name: Name) -> None:
        dropped = self._kept.pop(name, None)
        if dropped is not None:
            self._bytes -= _size(dropped)


def _size(tile: Remembered) -> int:
    picture = tile.picture
    return picture.sizeInBytes() if isinstance(picture, QImage) else _BLANK_BYTES
