"""Writes an MBTiles 1.3 file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

_APPLICATION_ID = 0x4D504258
"""``MPBX``, as the MBTiles specification asks."""

Tile = tuple[int, int, int, bytes]
"""Zoom, column, row counted from the north, picture."""


def write(path: Path, metadata: Mapping[str, str], tiles: Iterable[Tile]) -> None:
    """Write *tiles* into a new file; one that is there is replaced."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        connection.execute("PRAGMA page_size = 512")
        connection.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        connection.execute("CREATE UNIQUE INDEX metadata_name ON metadata (name)")
        connection.execute(
            "CREATE TABLE tiles"
            " (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
        )
        connection.execute(
            "CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)"
        )
        connection.executemany("INSERT INTO metadata VALUES (?, ?)", metadata.items())
        connection.executemany(
            "INSERT INTO tiles VALUES (?, ?, ?, ?)",
            # In the file rows are counted from the south.
            ((z, x, 2**z - 1 - y, picture) for z, x, y, picture in sorted(tiles)),
        )
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")
