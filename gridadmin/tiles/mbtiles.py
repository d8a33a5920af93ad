"""Base maps in an MBTiles file with PNG, JPEG or WebP pictures."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

from gridadmin.base.errors import InputError
from gridadmin.exchange.geopackage_file import MAGIC, file_uri
from gridadmin.tiles.grid import FINEST, Box, TileGrid, TileKey, box_of_degrees, web_grid
from gridadmin.tiles.source import Datum, Degrees

_VECTOR_FORMATS = ("pbf", "mvt", "application/vnd.mapbox-vector-tile")
_VECTOR_STARTS = (b"\x1f\x8b", b"\x1a")
"""How vector tiles begin: packed by gzip, or with their first layer."""
_PICTURE_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"GIF8")
_LONGEST_TEXT = 500
"""Of what a file says of itself no more is kept: it goes into one line of the window."""


class MBTiles:
    """An MBTiles file open for reading; it may be asked from any thread.

    ``name`` and ``attribution`` are the file's own words; ``grid`` has the levels that have tiles.

    Raises: InputError ``input.no_file``, ``input.is_folder``, ``input.unreadable``,
    ``input.tiles_not_sqlite``, ``input.tiles_no_table``, ``input.tiles_vector``,
    ``input.tiles_empty``, ``input.tiles_unknown_format``, ``input.tiles_damaged``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._connection = _connected(path)
        try:
            said = self._metadata()
            self._require_pictures(said)
            self.grid: TileGrid = web_grid().only(self._zooms(said))
            bounds = _bounds(said.get("bounds", ""))
            self.extent: Box = self._extent() if bounds is None else box_of_degrees(bounds)
        except BaseException:
            self.close()
            raise
        self.name = said.get("name") or path.stem
        self.attribution = said.get("attribution", "")
        self.datum = Datum.CGCS2000

    def tile(self, key: TileKey) -> bytes | None:
        """Return the picture of a tile as it is stored, or None where the file has none.

        Raises: InputError ``input.tiles_damaged``.
        """
        rows = self._asked(
            "SELECT tile_data FROM tiles"
            " WHERE zoom_level = ? AND tile_column = ? AND tile_row = ? LIMIT 1",
            # MBTiles counts rows from the south.
            (key.level, key.column, 2**key.level - 1 - key.row),
        )
        picture = rows[0][0] if rows else None
        return picture if isinstance(picture, bytes) and picture else None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _asked(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            with self._lock:
                return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise InputError("input.tiles_damaged", file=self.path.name, why=str(error)) from error

    def _has(self, table: str) -> bool:
        return bool(self._asked("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)))

    def _metadata(self) -> dict[str, str]:
        """Return what the file says of itself: often little, sometimes nothing."""
        if not self._has("metadata"):
            return {}
        rows = self._asked("SELECT name, value FROM metadata WHERE value IS NOT NULL")
        return {str(name).lower(): str(value).strip()[:_LONGEST_TEXT] for name, value in rows}

    def _require_pictures(self, said: dict[str, str]) -> None:
        file = self.path.name
        if not self._has("tiles"):
            raise InputError("input.tiles_no_table", file=file)
        if said.get("format", "").lower() in _VECTOR_FORMATS:
            raise InputError("input.tiles_vector", file=file)
        rows = self._asked("SELECT tile_data FROM tiles WHERE length(tile_data) > 0 LIMIT 1")
        if not rows:
            raise InputError("input.tiles_empty", file=file)
        start = rows[0][0][:4] if isinstance(rows[0][0], bytes) else b""
        if start.startswith(_VECTOR_STARTS):
            raise InputError("input.tiles_vector", file=file)
        if not start.startswith(_PICTURE_STARTS):
            raise InputError("input.tiles_unknown_format", file=file)

    def _zooms(self, said: dict[str, str]) -> tuple[int, ...]:
        """Return the zooms that have tiles; what the file says of them may be wrong."""
        zooms = self._with_tiles(_said_zooms(said)) or self._with_tiles(range(FINEST + 1))
        if not zooms:
            raise InputError("input.tiles_empty", file=self.path.name)
        return zooms

    def _with_tiles(self, zooms: range) -> tuple[int, ...]:
        sql = "SELECT 1 FROM tiles WHERE zoom_level = ? LIMIT 1"
        return tuple(zoom for zoom in zooms if self._asked(sql, (zoom,)))

    def _extent(self) -> Box:
        """Return what the tiles of the coarsest zoom cover, which is quick to ask."""
        zoom = self.grid.levels[0]
        columns_and_rows = self._asked(
            "SELECT min(tile_column), max(tile_column), min(tile_row), max(tile_row)"
            " FROM tiles WHERE zoom_level = ? AND typeof(tile_column) = 'integer'"
            " AND typeof(tile_row) = 'integer'",
            (zoom,),
        )[0]
        if None in columns_and_rows:
            raise InputError("input.tiles_empty", file=self.path.name)
        last = 2**zoom - 1
        west, east, south, north = (min(max(at, 0), last) for at in columns_and_rows)
        left, _, _, top = self.grid.box(TileKey(zoom, west, last - north))
        _, bottom, right, _ = self.grid.box(TileKey(zoom, east, last - south))
        return left, bottom, right, top


def _connected(path: Path) -> sqlite3.Connection:
    _require_sqlite(path)
    # Without side files nobody is writing, and SQLite need not lock or look for changes: that
    # works on a read-only share too and leaves nothing beside the file.
    sides = [path.with_name(path.name + suffix) for suffix in ("-wal", "-journal")]
    mode = "mode=ro" if any(side.exists() for side in sides) else "mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(f"{file_uri(path)}?{mode}", uri=True, check_same_thread=False)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
    except sqlite3.Error as error:
        raise InputError("input.unreadable", file=path.name, why=str(error)) from error
    connection.text_factory = _lenient_text
    return connection


def _require_sqlite(path: Path) -> None:
    if not path.exists():
        raise InputError("input.no_file", file=str(path))
    if path.is_dir():
        raise InputError("input.is_folder", file=path.name)
    try:
        with path.open("rb") as file:
            start = file.read(len(MAGIC))
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError("input.unreadable", file=path.name, why=why) from error
    if start != MAGIC:
        raise InputError("input.tiles_not_sqlite", file=path.name)


def _lenient_text(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _said_zooms(said: dict[str, str]) -> range:
    """Return the zooms that the file names, none when it doesn't."""
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
