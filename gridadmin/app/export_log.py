"""The log of exports: each is noted in the project, with who, when and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from gridadmin.app.session import author
from gridadmin.base.errors import InputError, StoreError
from gridadmin.base.ids import new_uid
from gridadmin.domain.export_note import Exported, ExportNote, Profile


class NoteStore(Protocol):
    """What the log needs of a project file."""

    @property
    def why_read_only(self) -> StoreError | None:
        """Why nothing can be written, None when it can."""

    def note_export(self, note: ExportNote) -> None:
        """Add a line."""

    def export_notes(self, limit: int | None = None) -> list[ExportNote]:
        """Return the lines, the newest first."""


def refuse_unlogged(store: NoteStore) -> None:
    """Refuse to hand out personal data from a project in which that can't be noted.

    Raises: InputError ``export.cannot_log``.
    """
    refusal = store.why_read_only
    if refusal is not None:
        raise InputError("export.cannot_log") from refusal


def note_export(
    store: NoteStore,
    author: str,
    what: Exported,
    profile: str = Profile.PUBLIC,
    *,
    file: Path | str = "",
    count: int = 0,
    fields: str = "",
) -> bool:
    """Note an export; return False where the project can't be written.

    Only the name of the file is kept, not where it lies. Raises: StoreError of the disk.
    """
    if store.why_read_only is not None:
        return False
    name = file.name if isinstance(file, Path) else file
    time = datetime.now(UTC).isoformat(timespec="milliseconds")
    store.note_export(
        ExportNote(new_uid(), time, author, str(profile), str(what), name, count, fields)
    )
    return True


def note_table(store: NoteStore, what: Exported, out: Path, count: int) -> None:
    """Note a table with names for the office, before it is written.

    Raises: InputError ``export.cannot_log``, StoreError of the disk: it must not be written then.
    """
    refuse_unlogged(store)
    note_export(store, author(), what, Profile.INTERNAL, file=out, count=count)


def notes_json(notes: Sequence[ExportNote]) -> list[dict[str, Any]]:
    """Return lines of the log as JSON values."""
    return [
        {
            "time": note.time,
            "author": note.author,
            "profile": note.profile,
            "what": note.what,
            "file": note.file,
            "count": note.count,
            "fields": note.fields,
        }
        for note in notes
    ]
