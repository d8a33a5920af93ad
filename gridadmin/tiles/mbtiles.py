"""Base maps in an MBTiles file with PNG, JPEG or WebP pictures."""

from __future__ import annotations

import math
from pathlib import Path

from gridadmin.base.errors import InputError
from gridadmin.tiles.grid import FINEST, Box, TileGrid, TileKey, box_of_degrees, web_grid
from gridadmin.tiles.source import Datum, Degrees
from gridadmin.tiles.tile_database import LONGEST_TEXT, TileDatabase

DATUM_ENTRY = "gridadmin_datum"
"""Where a package that the program made says what its tiles are measured in."""
_VECTOR_FORMATS = ("pbf", "mvt", "application/vnd.mapbox-vector-tile")


class MBTiles(TileDatabase):
    """An MBTiles file open for reading; it may be asked from any thread.

    ``name`` and ``attribution`` are the file's own words; ``grid`` has the levels that have tiles.

    Raises: InputError ``input.no_file``, ``input.is_folder``, ``input.unreadable``,
    ``input.tiles_not_sqlite``, ``input.tiles_no_table``, ``input.tiles_vector``,
    ``input.tiles_empty``, ``input.tiles_unknown_format``, ``input.tiles_damaged``.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            said = self._metadata()
            self._require_tiles(said)
            self.grid: TileGrid = web_grid().only(self._levels(said))
            bounds = _bounds(said.get("bounds", ""))
            self.extent: Box = self._extent() if bounds is None else box_of_degrees(bounds)
        except BaseException:
            self.close()
            raise
        self.name = said.get("name") or path.stem
        self.attribution = said.get("attribution", "")
        self.datum = _datum(said.get(DATUM_ENTRY, ""))

    def tile(self, key: TileKey) -> bytes | None:
        """Return the picture of a tile as it is stored, or None where the file has none.

        Raises: InputError ``input.tiles_damaged``.
        """
        return self._picture(
            "SELECT tile_data FROM tiles"
            " WHERE zoom_level = ? AND tile_column = ? AND tile_row = ? LIMIT 1",
            # MBTiles counts rows from the south.
            (key.level, key.column, 2**key.level - 1 - key.row),
        )

    def _require_tiles(self, said: dict[str, str]) -> None:
        if not self._has("tiles"):
            raise InputError("input.tiles_no_table", file=self.path.name)
        if said.get("format", "").lower() in _VECTOR_FORMATS:
            raise InputError("input.tiles_vector", file=self.path.name)
        self._require_pictures("tiles")

    def _metadata(self) -> dict[str, str]:
        """Return what the file says of itself: often little, sometimes nothing."""
        if not self._has("metadata"):
            return {}
        rows = self._asked("SELECT name, value FROM metadata WHERE value IS NOT NULL")
        return {str(name).lower(): str(value).strip()[:LONGEST_TEXT] for name, value in rows}

    def _levels(self, said: dict[str, str]) -> tuple[int, ...]:
        """Return the levels that have tiles; what the file says of them may be wrong."""
        levels = self._with_tiles(_said_levels(said)) or self._with_tiles(range(FINEST + 1))
        if not levels:
            raise InputError("input.tiles_empty", file=self.path.name)
        return levels

    def _with_tiles(self, levels: range) -> tuple[int, ...]:
        sql = "SELECT 1 FROM tiles WHERE zoom_level = ? LIMIT 1"
        return tuple(level for level in levels if self._asked(sql, (level,)))

    def _extent(self) -> Box:
        """Return what the tiles of the coarsest level cover, which is quick to ask."""
        level = self.grid.levels[0]
        columns_and_rows = self._asked(
            "SELECT min(tile_column), max(tile_column), min(tile_row), max(tile_row)"
            " FROM tiles WHERE zoom_level = ? AND typeof(tile_column) = 'integer'"
            " AND typeof(tile_row) = 'integer'",
            (level,),
        )[0]
        if None in columns_and_rows:
            raise InputError("input.tiles_empty", file=self.path.name)
        last = 2**level - 1
        west, east, south, north = (min(max(at, 0), last) for at in columns_and_rows)
        left, _, _, top = self.grid.box(TileKey(level, west, last - north))
        _, bottom, right, _ = self.grid.box(TileKey(level, east, last - south))
        return left, bottom, right, top


def _said_levels(said: dict[str, str]) -> range:
    """Return the levels that the file names, none when it doesn't."""
    try:
        first, last = int(said["minzoom"]), int(said["maxzoom"])
    except (KeyError, ValueError):
        return range(0)
    return range(max(first, 0), min(last, FINEST) + 1)


def _bounds(text: str) -> Degrees | None:
    """Return the bounds that the file names, or None when they make no sense."""
    try:
        west, south, east, north = (float(side) for side in text.split(","))
    except ValueError:
        return None
    is_sound = -180 <= west < east <= 180 and -90 <= south < north <= 90
    return (west, south, east, north) if is_sound and math.isfinite(west) else None


def _datum(text: str) -> Datum:
    try:
        return Datum(text)
    except ValueError:
        return Datum.CGCS2000
