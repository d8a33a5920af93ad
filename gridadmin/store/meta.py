"""Facts about the file as a whole: format, schema version, revision, who writes."""

from __future__ import annotations

import getpass
import json
import os
import socket
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, select

from gridadmin.store.tables import META

FORMAT = "gridadmin-project"
"""Value of the key ``format``: tells a project from any other GeoPackage."""

_LOCK_HOLDER = "lock_holder"

_UPSERT = (
    "INSERT INTO meta (key, value) VALUES (?, ?)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
_SELECT = "SELECT value FROM meta WHERE key = ?"
# Asked with every edit, where building a statement costs more than running it.


@dataclass(frozen=True, slots=True)
class LockHolder:
    """Who writes a project file; ``since`` is ISO 8601."""

    user: str
    host: str
    pid: int
    since: str

    def __str__(self) -> str:
        return f"{self.user}@{self.host} (PID {self.pid}, {self.since})"


def this_process() -> LockHolder:
    """Return who we are."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = "?"
    return LockHolder(user, socket.gethostname(), os.getpid(), now())


def now() -> str:
    """Return the time in ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_meta(connection: Connection, key: str, value: str) -> None:
    """Set one fact."""
    connection.exec_driver_sql(_UPSERT, (key, value))


def read_revision(connection: Connection) -> int:
    """Return the number of the last change in the file; 0 = as created."""
    return int(connection.exec_driver_sql(_SELECT, ("revision",)).scalar_one())


def read_lock_holder(connection: Connection) -> LockHolder | None:
    """Return who wrote last without closing the file since, if anybody."""
    statement = select(META.c.value).where(META.c.key == _LOCK_HOLDER)
    value = connection.execute(statement).scalar_one_or_none()
    try:
        return None if value is None else LockHolder(**json.loads(value))
    except (ValueError, TypeError):
        # A name that can't be read is no reason to refuse the file.
        return None


def write_lock_holder(connection: Connection, holder: LockHolder) -> None:
    """Say who writes."""
    write_meta(connection, _LOCK_HOLDER, json.dumps(asdict(holder), ensure_ascii=False))


def clear_lock_holder(connection: Connection) -> None:
    """Say that nobody writes."""
    connection.execute(delete(META).where(META.c.key == _LOCK_HOLDER))
