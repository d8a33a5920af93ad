"""Small MBTiles files for tests; their pictures are only as much of a PNG as is looked at."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n made up"

Tile = tuple[object, object, object, object]
"""Zoom, column, row from the north, picture."""


def write_tiles(path: Path, tiles: Iterable[Tile], said: Mapping[str, str] | None = None) -> Path:
    """Write an MBTiles file; without *said* it has no metadata table."""
    with closing(sqlite3.connect(path)) as connection, connection:
        if said is not None:
            connection.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
            connection.executemany("INSERT INTO metadata VALUES (?, ?)", said.items())
        connection.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
        connection.executemany(
            "INSERT INTO tiles VALUES (?, ?, ?, ?)",
            [(z, x, 2**z - 1 - y, data) for z, x, y, data in tiles],  # type: ignore[operator]
        )
    return path
