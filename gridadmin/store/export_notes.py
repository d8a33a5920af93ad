"""Lines of the log of exports: added, and read; never changed."""

from __future__ import annotations

from dataclasses import asdict, fields

from sqlalchemy import Connection, insert, select

from gridadmin.domain.export_note import ExportNote
from gridadmin.store.tables import EXPORT_NOTE

_COLUMNS = tuple(field.name for field in fields(ExportNote))


def append_note(connection: Connection, note: ExportNote) -> None:
    """Add a line."""
    connection.execute(insert(EXPORT_NOTE), [asdict(note)])


def read_notes(connection: Connection, limit: int | None = None) -> list[ExportNote]:
    """Return the lines, the newest first."""
    columns = [EXPORT_NOTE.c[name] for name in _COLUMNS]
    query = select(*columns).order_by(EXPORT_NOTE.c.time.desc(), EXPORT_NOTE.c.uid.desc())
    return [ExportNote(*row) for row in connection.execute(query.limit(limit))]
