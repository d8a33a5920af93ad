"""A SQLite file with tiles of somebody else, open for reading and without a trace beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from gridadmin.base.errors import InputError
from gridadmin.exchange.geopackage_file import MAGIC, file_uri
from gridadmin.exchange.sql_names import quoted
from gridadmin.tiles.local import OpenTiles
from gridadmin.tiles.picture import format_of, looks_like_vector

LONGEST_TEXT = 500
"""Of what a file says of itself no more is kept: it goes into one line of the window."""


class TileDatabase(OpenTiles):
    """The connection that readers of tiles share; it may be asked from any thread.

    Raises: InputError ``input.no_file``, ``input.is_folder``, ``input.unreadable``,
    ``input.tiles_not_sqlite``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._connection = _connected(path)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _asked(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        """Return the rows. Raises: InputError ``input.tiles_damaged``."""
        try:
            with self._lock:
                return self._connection.execute(sql, values).fetchall()
        except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
            # SQLite quotes names of the file in its messages, and damaged ones are no text.
            raise InputError("input.tiles_damaged", file=self.path.name, why=str(error)) from error

    def _has(self, table: str) -> bool:
        return bool(self._asked("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)))

    def _picture(self, sql: str, values: Sequence[object]) -> bytes | None:
        rows = self._asked(sql, values)
        picture = rows[0][0] if rows else None
        return picture if isinstance(picture, bytes) and picture else None

    def _require_pictures(self, table: str) -> None:
        """Look at one tile of a table.

        Raises: InputError ``input.tiles_empty``, ``input.tiles_vector``,
        ``input.tiles_unknown_format``.
        """
        file = self.path.name
        rows = self._asked(
            f"SELECT tile_data FROM {quoted(table)} WHERE length(tile_data) > 0 LIMIT 1"  # noqa: S608 - quoted
        )
        if not rows:
            raise InputError("input.tiles_empty", file=file)
        content = rows[0][0] if isinstance(rows[0][0], bytes) else b""
        if looks_like_vector(content):
            raise InputError("input.tiles_vector", file=file)
        if format_of(content) is None:
            raise InputError("input.tiles_unknown_format", file=file)


def is_sqlite(path: Path) -> bool:
    """Return whether a file begins as SQLite's do. Raises: InputError ``input.unreadable``."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError("input.unreadable", file=path.name, why=why) from error


def _connected(path: Path) -> sqlite3.Connection:
    if not path.exists():
        raise InputError("input.no_file", file=str(path))
    if path.is_dir():
        raise InputError("input.is_folder", file=path.name)
    if not is_sqlite(path):
        raise InputError("input.tiles_not_sqlite", file=path.name)
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


def _lenient_text(text: bytes) -> str:
    return text.decode("utf-8", "replace")
