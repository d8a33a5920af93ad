"""What a path leads to: a project of a known version, and whether we may write it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from gridadmin.base.errors import InputError, StoreError
from gridadmin.store import meta
from gridadmin.store.geopackage import APPLICATION_ID
from gridadmin.store.lock import FileLock, take_lock


def lock_for(path: Path, *, write: bool) -> tuple[FileLock | None, str]:
    """Return the lock of *path*, or None; and the code that says why there is none."""
    if not write:
        return None, "store.opened_for_reading"
    # The journal lies beside the file itself, wherever a link to it may lie.
    folder = path.resolve().parent
    if not (os.access(path, os.W_OK) and os.access(folder, os.W_OK)):
        return None, "store.read_only"
    try:
        lock = take_lock(path)
    except StoreError as error:
        return None, error.code
    return lock, "store.locked"


def schema_version_of(database: sqlite3.Connection, path: Path) -> int:
    """Return the schema version of a project file.

    Raises: InputError ``store.not_a_database``, ``store.not_a_geopackage``,
        ``store.not_a_project``; sqlite3.Error.
    """
    try:
        [application_id] = database.execute("PRAGMA application_id").fetchone()
        [count] = database.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'"
        ).fetchone()
    except sqlite3.DatabaseError as cause:
        if cause.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise InputError("store.not_a_database", path=str(path)) from cause
        raise
    if application_id != APPLICATION_ID:
        raise InputError("store.not_a_geopackage", path=str(path))
    if not count:
        raise InputError("store.not_a_project", path=str(path))
    try:
        facts = dict(database.execute("SELECT key, value FROM meta"))
        version, _ = int(facts["schema_version"]), int(facts["revision"])
    except sqlite3.OperationalError as cause:
        if getattr(cause, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR:
            raise
        # The table has other columns than ours.
        raise InputError("store.not_a_project", path=str(path)) from cause
    except (KeyError, ValueError, TypeError) as cause:
        raise InputError("store.not_a_project", path=str(path)) from cause
    if facts.get("format") != meta.FORMAT:
        raise InputError("store.not_a_project", path=str(path))
    return version


def drop_leftover_journal(database: sqlite3.Connection) -> None:
    """Remove a journal that a program left when it was killed before it wrote into the file.

    SQLite rolls back and removes a journal that matters when it first reads, and leaves one that
    doesn't lying there. While we alone may touch the file, what is left is such a one.
    """
    _, _, real_path = database.execute("PRAGMA database_list").fetchone()
    journal = Path(f"{real_path}-journal")
    if not journal.exists():
        return
    # Somebody else reads just now, or the folder won't let us: the next write removes it too.
    with suppress(sqlite3.OperationalError, OSError):
        database.execute("BEGIN EXCLUSIVE")
        try:
            journal.unlink(missing_ok=True)
        finally:
            database.execute("ROLLBACK")
