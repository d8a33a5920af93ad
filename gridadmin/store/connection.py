"""Connections to a SQLite file: paths, transactions, durability, errors that say what happened."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.exc import DBAPIError, NoResultFound

from gridadmin.base.errors import StoreError

BUSY_TIMEOUT_S = 5.0
"""How long to wait for another program that reads or writes the file just now."""

_CACHE_KIB = 64 * 1024
_WRITING = "gridadmin_writing"

_CODES = {
    sqlite3.SQLITE_FULL: "store.disk_full",
    sqlite3.SQLITE_READONLY: "store.read_only",
    sqlite3.SQLITE_PERM: "store.read_only",
    sqlite3.SQLITE_BUSY: "store.busy",
    sqlite3.SQLITE_LOCKED: "store.busy",
    sqlite3.SQLITE_CORRUPT: "store.damaged",
    sqlite3.SQLITE_NOTADB: "store.damaged",
    sqlite3.SQLITE_CANTOPEN: "store.cannot_open",
    sqlite3.SQLITE_IOERR: "store.disk_fault",
    sqlite3.SQLITE_CONSTRAINT: "store.row_refused",
    sqlite3.SQLITE_TOOBIG: "store.too_big",
}
_EXTENDED_CODES = {
    sqlite3.SQLITE_READONLY_ROLLBACK: "store.needs_recovery",
    sqlite3.SQLITE_READONLY_RECOVERY: "store.needs_recovery",
    sqlite3.SQLITE_READONLY_DBMOVED: "store.moved",
}


def database_uri(path: Path) -> str:
    """Return the SQLite URI of an existing file; any character may stand in its path."""
    return f"{without_host(path.absolute().as_uri())}?mode=rw"


def without_host(uri: str) -> str:
    """Return a file URI as SQLite wants it: the server of a Windows share stands in the path."""
    if uri.startswith("file:///"):
        return uri
    return "file:////" + uri.removeprefix("file://")


def connect_file(path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> sqlite3.Connection:
    """Return a connection to an existing file.

    It is opened for writing where that is allowed, for reading where it isn't: only so can SQLite
    roll back what a killed program left.
    """
    return sqlite3.connect(
        database_uri(path),
        uri=True,
        timeout=busy_timeout_s,
        isolation_level=None,
        check_same_thread=False,
    )


def engine_over(
    database: sqlite3.Connection, *, is_query_only: bool = False, is_durable: bool = True
) -> Engine:
    """Return an engine whose only connection is *database*; it closes with the engine.

    A commit is durable when it returns: EXTRA is FULL that also syncs the folder after the journal
    is gone, without which a power cut may bring the journal, and so the old state, back.
    """
    database.execute(f"PRAGMA synchronous = {'EXTRA' if is_durable else 'OFF'}")
    database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    database.execute(f"PRAGMA query_only = {int(is_query_only)}")
    engine = create_engine("sqlite://", creator=lambda: database, poolclass=StaticPool)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Give a connection inside one write transaction: all of it is kept, or nothing.

    A failing commit counts as a failure: everything is rolled back.
    """
    connected = engine.connect().execution_options(**{_WRITING: True})
    with connected as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one state of the file throughout."""
    with engine.connect().execution_options(**{_WRITING: False}) as connection:
        yield connection


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn the errors of SQLite into a StoreError about *path*."""
    try:
        yield
    except DBAPIError as error:
        cause = error.orig if isinstance(error.orig, sqlite3.Error) else None
        raise store_error(path, cause or sqlite3.DatabaseError(str(error))) from error
    except sqlite3.Error as error:
        raise store_error(path, error) from error
    except UnicodeDecodeError as error:
        # Scribbled tables give SQLite messages that sqlite3 can't decode.
        raise StoreError("store.damaged", path=str(path), reason=str(error.reason)) from error
    except NoResultFound as error:
        # A row that every project has, gone since it was opened or lost between table and index.
        raise StoreError("store.damaged", path=str(path), reason=str(error)) from error


def store_error(path: Path, cause: sqlite3.Error) -> StoreError:
    """Return the StoreError that tells of *cause*."""
    extended = getattr(cause, "sqlite_errorcode", None)
    reason = str(cause)
    if extended is None:
        code = "store.too_big" if isinstance(cause, sqlite3.DataError) else "store.damaged"
    else:
        code = _EXTENDED_CODES.get(extended) or _CODES.get(extended & 0xFF, "store.failed")
    return StoreError(code, path=str(path), reason=reason)


def _begin(connection: Connection) -> None:
    # sqlite3 itself would begin only before the first INSERT and then without asking for the lock.
    is_writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
