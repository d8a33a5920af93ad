"""The ledger of areas to a file and back into a project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gridadmin.app.export_log import NoteStore, note_export
from gridadmin.app.session import Session, author
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.export_note import Exported
from gridadmin.exchange.ledger import ledger_of
from gridadmin.exchange.ledger_file import read_tables, write_ledger
from gridadmin.exchange.ledger_rows import LedgerPreview, as_command, compare
from gridadmin.partition.snapshot import Snapshot


def preview_ledger(snapshot: Snapshot, file: Path, progress: Progress = SILENT) -> LedgerPreview:
    """Return what an edited ledger would change. Raises: InputError."""
    return compare(snapshot, read_tables(file, progress))


def export_ledger(
    snapshot: Snapshot, store: NoteStore, out: Path, progress: Progress = SILENT
) -> tuple[tuple[str, int], ...]:
    """Write the whole ledger and note it; return the rows of each level.

    Raises: InputError, StoreError.
    """
    sheets = ledger_of(snapshot)
    write_ledger(out, sheets, progress)
    rows = tuple((sheet.level, len(sheet.rows)) for sheet in sheets)
    note_export(store, author(), Exported.BOUNDARIES, file=out, count=sum(n for _, n in rows))
    return rows


def import_ledger(
    project: Path, file: Path, *, preview_only: bool = False, progress: Progress = SILENT
) -> dict[str, Any]:
    """Take over what an edited ledger changes, as one gesture; rows with faults are left out.

    Raises: InputError, EditError, StoreError, Cancelled; nothing is written then.
    """
    with Session.open(project, write=not preview_only) as session:
        preview = preview_ledger(session.snapshot, file, progress)
        revision, changed = None if preview_only else session.snapshot.revision, 0
        if preview.changes and not preview_only:
            done = session.document.execute(as_command(preview.changes, file.name), progress)
            revision, changed = done.revision, len(done.changed_areas())
        return {**as_json(preview), "file": file.name, "revision": revision, "changed": changed}


def as_json(preview: LedgerPreview) -> dict[str, Any]:
    """Return a preview as JSON values."""
    return {
        "rows": preview.rows,
        "matched": preview.matched,
        "changes": [
            {
                "row": change.row,
                "uid": change.uid,
                "code": change.code,
                "name": change.name,
                "field": change.field,
                "old": change.old,
                "new": change.new,
            }
            for change in preview.changes
        ],
        "problems": [
            {"row": problem.row, "code": problem.code, "params": dict(problem.params)}
            for problem in preview.problems
        ],
    }
