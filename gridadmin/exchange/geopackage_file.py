"""Opening a SQLite file of somebody else: reading only, and without a trace beside it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress

MAGIC = b"SQLite format 3\0"
_WAL_FORMAT = 2
_STEPS_BETWEEN_LOOKS = 200_000
"""Virtual machine steps of SQLite after which a cancelled job is noticed: some milliseconds."""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """An open connection, and what had to be done to see the last committed state (a text code)."""

    connection: sqlite3.Connection
    remark: str | None = None


@contextmanager
def opened(path: Path, progress: Progress = SILENT) -> Iterator[OpenedFile]:
    """Open a SQLite file for reading; nothing is written beside it.

    Commits that another program left in a ``-wal`` file, and a half-done transaction in a
    ``-journal`` file, are honoured on a temporary copy.

    Raises: InputError ``input.not_geopackage``, ``input.unreadable``.
    """
    _require_sqlite(path)
    with ExitStack() as stack:
        remark = None
        mode = "mode=ro"
        source = path
        if _needs_copy(path):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="gridadmin-"))
            source, mode, remark = _copied(path, Path(folder)), "mode=rw", "input.wal_read"
        elif _is_wal_format(path) and _size(_beside(path, "-wal")) == 0:
            # SQLite would lay a -wal and a -shm file beside it, or write into a stale one.
            mode = "mode=ro&immutable=1"
        try:
            connection = sqlite3.connect(f"{file_uri(source)}?{mode}", uri=True)
        except sqlite3.Error as error:
            raise _unreadable(path, error) from error
        stack.enter_context(closing(connection))
        connection.set_progress_handler(progress.is_cancelled, _STEPS_BETWEEN_LOOKS)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        yield OpenedFile(connection, remark)


def _require_sqlite(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(len(MAGIC))
    except OSError as error:
        raise _unreadable(path, error) from error
    if start != MAGIC:
        raise InputError("input.not_geopackage", file=path.name)


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError("input.unreadable", file=path.name, why=str(error))


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _is_wal_format(path: Path) -> bool:
    with path.open("rb") as file:
        header = file.read(20)
    return header[18:20] == bytes([_WAL_FORMAT, _WAL_FORMAT])


def _needs_copy(path: Path) -> bool:
    """With a -shm file another program has the file open: SQLite reads the WAL in place."""
    has_wal = _size(_beside(path, "-wal")) > 0 and not _beside(path, "-shm").exists()
    return has_wal or _has_hot_journal(path)


def _has_hot_journal(path: Path) -> bool:
    """Whether a journal of an unfinished transaction lies there: reading would have to write."""
    if _size(_beside(path, "-journal")) < len(MAGIC):
        return False
    with closing(sqlite3.connect(f"{file_uri(path)}?mode=ro", uri=True)) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode & 0xFF in (
                sqlite3.SQLITE_READONLY,
                sqlite3.SQLITE_CANTOPEN,
            )
        except sqlite3.DatabaseError:
            return False
    return False


def _copied(path: Path, folder: Path) -> Path:
    copy = folder / "copy.gpkg"
    try:
        shutil.copyfile(path, copy)
        for suffix in ("-wal", "-journal"):
            if _beside(path, suffix).is_file():
                shutil.copyfile(_beside(path, suffix), _beside(copy, suffix))
    except OSError as error:
        raise _unreadable(path, error) from error
    return copy


def file_uri(path: Path) -> str:
    """A file URI that SQLite takes on any system, drive letters and network shares included."""
    posix = path.resolve().as_posix()
    if not posix.startswith("/"):
        posix = "/" + posix
    return "file://" + quote(os.fsencode(posix))
