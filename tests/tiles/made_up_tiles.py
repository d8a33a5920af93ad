"""Small MBTiles files for tests, and pictures for them."""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path


def png(width_px: int, height_px: int, grey: int = 128) -> bytes:
    """Return a whole PNG of one grey."""
    rows = (b"\0" + bytes([grey]) * width_px) * height_px
    head = struct.pack(">IIBBBBB", width_px, height_px, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


PNG = b"\x89PNG\r\n\x1a\n made up"
"""Only as much of a picture as is looked at when a file is opened."""

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
