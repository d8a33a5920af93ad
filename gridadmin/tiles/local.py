"""Base maps that lie on the disk: one way to ask them all for tiles."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from gridadmin.tiles.grid import Box, TileGrid, TileKey
from gridadmin.tiles.source import Datum

BASEMAP_NAME = "basemap.mbtiles"
"""A base map of this name beside a project is shown without being asked for."""


class OpenTiles:
    """What lets go of its files when it is closed, or when its ``with`` ends."""

    def close(self) -> None:
        """Let go of the file, where one is held open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class LocalTiles(Protocol):
    """A base map on the disk, open for reading; it may be asked from any thread.

    ``grid`` has just the levels that have tiles. ``extent`` is what they cover, in the grid's
    units. ``tile`` gives an encoded picture, or None where there is none.
    """

    @property
    def path(self) -> Path:
        """The file or folder."""

    @property
    def name(self) -> str:
        """What the map calls itself, else the name of the file."""

    @property
    def attribution(self) -> str:
        """Whose map it is, in its maker's words; may be empty."""

    @property
    def grid(self) -> TileGrid:
        """How the map is cut into tiles."""

    @property
    def extent(self) -> Box:
        """What has tiles, in units of the grid."""

    @property
    def datum(self) -> Datum:
        """What the grid's coordinates are measured in."""

    def tile(self, key: TileKey) -> bytes | None:
        """Return the picture of a tile. Raises: InputError ``input.tiles_damaged``."""

    def close(self) -> None:
        """Let go of the file."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
