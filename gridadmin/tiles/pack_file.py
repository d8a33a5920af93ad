"""The MBTiles file of an offline pack, while it is being filled and when it is whole."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from gridadmin.base.errors import InputError
from gridadmin.exchange.whole_file import disk_error, switch
from gridadmin.tiles.grid import Box, TileKey, degrees_of_box
from gridadmin.tiles.mbtiles import DATUM_ENTRY
from gridadmin.tiles.picture import PictureFormat, format_of
from gridadmin.tiles.request import template_of
from gridadmin.tiles.source import Role, Source

_APPLICATION_ID = 0x4D504258
"""``MPBX``. Source: MBTiles 1.3."""
_FORMATS = {PictureFormat.JPEG: "jpg", PictureFormat.WEBP: "webp", PictureFormat.GIF: "gif"}
_TABLES = """
CREATE TABLE IF NOT EXISTS metadata (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS tiles (
    zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB
);
CREATE UNIQUE INDEX IF NOT EXISTS tile_index ON tiles (zoom_level, tile_column, tile_row);
"""
_SOURCE_ENTRY = "gridadmin_source"


class PackFile:
    """A pack in the making, beside its later place with the ending ``.part``.

    Raises: InputError ``export.no_folder``; StoreError of family ``export``.
    """

    def __init__(self, out: Path, source: Source, box: Box, levels: Sequence[int]) -> None:
        if not out.parent.is_dir():
            raise InputError("export.no_folder", folder=str(out.parent), file=str(out))
        self.out = out
        self.part = out.with_name(out.name + ".part")
        self._source = source
        self._box = box
        self._levels = levels
        try:
            self._connection = self._opened()
            self._there = set(self._rows())
        except (sqlite3.Error, OSError) as error:
            raise disk_error(error, out) from error

    def has(self, key: TileKey) -> bool:
        """Return whether a tile was brought already, or the server is known to have none."""
        return key in self._there

    def take(self, key: TileKey, content: bytes) -> None:
        """Keep a tile; an empty one says that the server has none there."""
        self._there.add(key)
        self._do(
            "INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?)",
            # MBTiles counts rows from the south.
            (key.level, key.column, 2**key.level - 1 - key.row, content),
        )

    def commit(self) -> None:
        """See to it that what was brought outlives the program."""
        try:
            self._connection.commit()
        except sqlite3.Error as error:
            raise disk_error(error, self.out) from error

    def finish(self, wanted: Iterable[TileKey]) -> tuple[int, int, int]:
        """Put the whole file into its place; return its tiles, empty places and bytes.

        Tiles of an earlier try that are not *wanted* any more go.
        """
        for key in self._there - set(wanted):
            self._do(
                "DELETE FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
                (key.level, key.column, 2**key.level - 1 - key.row),
            )
        empty = self._do("DELETE FROM tiles WHERE length(tile_data) = 0").rowcount
        tiles, size, first = self._do(
            "SELECT count(*), coalesce(sum(length(tile_data)), 0),"
            " (SELECT tile_data FROM tiles LIMIT 1) FROM tiles"
        ).fetchone()
        if not tiles:
            raise InputError("pack.nothing", name=self._source.name)
        for entry in self._metadata(first).items():
            self._do("INSERT OR REPLACE INTO metadata VALUES (?, ?)", entry)
        self.commit()
        self._do("VACUUM")
        self._connection.close()
        switch(self.part, self.out)
        return int(tiles), int(empty), int(size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(sqlite3.Error):
            self._connection.commit()
        self._connection.close()

    def _opened(self) -> sqlite3.Connection:
        """Open what an earlier try left when it is of the same source, else begin anew."""
        connection = self._connected()
        try:
            rows = connection.execute(
                "SELECT value FROM metadata WHERE name = ?", (_SOURCE_ENTRY,)
            ).fetchall()
        except sqlite3.DatabaseError:
            rows = []
        if rows and rows[0][0] == self._mark():
            return connection
        connection.close()
        self.part.unlink(missing_ok=True)
        connection = self._connected()
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        connection.executescript(_TABLES)
        connection.execute("INSERT INTO metadata VALUES (?, ?)", (_SOURCE_ENTRY, self._mark()))
        connection.commit()
        return connection

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(self.part)

    def _rows(self) -> Iterable[TileKey]:
        for level, column, row in self._do("SELECT zoom_level, tile_column, tile_row FROM tiles"):
            yield TileKey(level, column, 2**level - 1 - row)

    def _mark(self) -> str:
        """Return by what the parts of a source are known; no address stands in the file."""
        what = f"{self._source.id}\n{template_of(self._source)}\n{self._source.layer}"
        return hashlib.sha256(what.encode()).hexdigest()[:24]

    def _metadata(self, first: bytes) -> dict[str, str]:
        source = self._source
        kind = format_of(first)
        west, south, east, north = degrees_of_box(self._box)
        return {
            "name": source.name,
            "format": "png" if kind is None else _FORMATS.get(kind, "png"),
            "type": "overlay" if source.role is Role.OVERLAY else "baselayer",
            "version": "1",
            "description": source.terms.note,
            "attribution": source.attribution,
            "bounds": f"{west:.7f},{south:.7f},{east:.7f},{north:.7f}",
            "minzoom": str(self._levels[0]),
            "maxzoom": str(self._levels[-1]),
            DATUM_ENTRY: str(source.datum),
        }

    def _do(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        try:
            return self._connection.execute(sql, values)
        except sqlite3.Error as error:
            raise disk_error(error, self.out) from error
