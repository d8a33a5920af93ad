"""Files that appear whole or not at all: written beside the target, then switched in one step."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gridadmin.base.errors import GridAdminError, InputError, StoreError

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_LONGEST_STEM = 40


@contextmanager
def part_beside(target: Path) -> Iterator[Path]:
    """Give a new name ending in ``.part`` in the folder of *target*; remove what is left there.

    The body writes there and calls :func:`switch`. Faults of the disk become errors with a
    sentence.

    Raises: InputError ``export.no_folder``; StoreError ``export.disk_full``,
    ``export.folder_read_only``, ``export.write_failed``.
    """
    if not target.parent.is_dir():
        raise InputError("export.no_folder", folder=str(target.parent), file=str(target))
    part = target.with_name(f"{target.name[:_LONGEST_STEM]}-{uuid.uuid4().hex[:8]}.part")
    try:
        yield part
    except (OSError, sqlite3.DatabaseError) as error:
        raise disk_error(error, target) from error
    finally:
        _remove(part)


def switch(part: Path, target: Path) -> None:
    """Make *part* durable and put it in the place of *target* in one step.

    Raises: StoreError ``export.target_in_use`` when another program holds the target open
    (Windows); InputError ``export.target_is_folder``.
    """
    if target.is_dir() and not part.is_dir():
        raise InputError("export.target_is_folder", file=str(target))
    if part.is_file():
        with part.open("r+b") as file:
            os.fsync(file.fileno())
    try:
        part.replace(target)
    except PermissionError as error:
        raise StoreError("export.target_in_use", file=str(target)) from error
    _make_durable(target.parent)


def disk_error(error: OSError | sqlite3.Error, target: Path) -> GridAdminError:
    """Return the error with a sentence for what the disk or SQLite said."""
    number = error.errno if isinstance(error, OSError) else None
    name = getattr(error, "sqlite_errorname", "")
    if number in _FULL or name == "SQLITE_FULL":
        return StoreError("export.disk_full", file=str(target))
    if number in _FORBIDDEN or name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")):
        return StoreError("export.folder_read_only", folder=str(target.parent), file=str(target))
    return StoreError("export.write_failed", file=str(target), why=str(error))


def _remove(part: Path) -> None:
    # What can't be removed now must not hide the error that brought us here.
    with suppress(OSError):
        part.unlink(missing_ok=True)
    for suffix in ("-journal", "-wal", "-shm"):
        with suppress(OSError):
            part.with_name(part.name + suffix).unlink(missing_ok=True)
    if part.is_dir():
        shutil.rmtree(part, ignore_errors=True)


def _make_durable(folder: Path) -> None:
    # Windows can't open a folder; there the rename itself is durable enough.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
