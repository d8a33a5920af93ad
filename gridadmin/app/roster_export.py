"""A roster out of a project, and the template of one; each export is noted in the project."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridadmin.app.export_log import NoteStore, note_export, notes_json, refuse_unlogged
from gridadmin.app.exporting import refuse_project
from gridadmin.app.session import Session, author, today
from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.export_note import Exported, Profile
from gridadmin.edit.command import find_area
from gridadmin.exchange.roster_sheet import PeopleSheet, people_sheet, person_columns
from gridadmin.exchange.roster_template import write_template
from gridadmin.exchange.roster_writing import refuse_format, write_people
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class RosterRequest:
    """What to write: for whom, of which area (code or uid) and in which columns; None = all."""

    profile: str = Profile.PUBLIC
    area: str | None = None
    columns: Collection[str] | None = None
    day: str | None = None


def sheet_of(snapshot: Snapshot, request: RosterRequest) -> PeopleSheet:
    """Return what an export would hold. Raises: InputError, EditError ``edit.unknown_area``."""
    area = None if request.area is None else find_area(snapshot, request.area)
    return people_sheet(
        snapshot, request.day or today(), request.profile, area=area, columns=request.columns
    )


def export_roster(
    snapshot: Snapshot,
    store: NoteStore,
    out: Path,
    request: RosterRequest,
    progress: Progress = SILENT,
) -> PeopleSheet:
    """Write a roster and note it.

    Raises: InputError ``export.cannot_log``, ``export.unknown_format``, ``roster.unknown_column``
        and others; EditError; StoreError; Cancelled. Nothing is written then.
    """
    refuse_format(out)
    refuse_project(out)
    refuse_unlogged(store)
    sheet = sheet_of(snapshot, request)

    def note() -> None:
        note_export(
            store,
            author(),
            Exported.ROSTER,
            request.profile,
            file=out,
            count=sheet.persons,
            fields=person_columns(sheet.columns),
        )

    # Noted before anybody can see the file: what isn't in the log never leaves the program.
    write_people(out, sheet, progress, before=note)
    return sheet


def export_project_roster(
    project: Path, out: Path, request: RosterRequest, progress: Progress = SILENT
) -> dict[str, Any]:
    """Write the roster of a project file; return what it holds, as JSON values.

    Raises: as :func:`export_roster`; StoreError ``store.locked`` while somebody works on it.
    """
    with Session.open(project, write=True) as session:
        sheet = export_roster(session.snapshot, session.store, out, request, progress)
    return {
        "file": str(out),
        "profile": str(request.profile),
        "rows": len(sheet.rows),
        "persons": sheet.persons,
        "unplaced": sheet.unplaced,
        "columns": [column.key for column in sheet.columns],
    }


def export_template(project: Path, out: Path) -> dict[str, Any]:
    """Write the template workbook of a project. Raises: InputError, StoreError."""
    if out.suffix.lower() != ".xlsx":
        raise InputError(
            "export.unknown_format", file=str(out), extension=out.suffix, known=".xlsx"
        )
    session, _ = Session.open_for_window(project)
    with session:
        write_project_template(session.snapshot, session.store, out)
    return {"file": str(out), "template": True}


def write_project_template(snapshot: Snapshot, store: NoteStore, out: Path) -> None:
    """Write the template of an open project and note it. Raises: InputError, StoreError."""
    refuse_project(out)
    write_template(out, snapshot)
    note_export(store, author(), Exported.TEMPLATE, file=out)


def roster_log(project: Path) -> dict[str, Any]:
    """Return the log of exports of a project as JSON values, the newest first."""
    with Session.open(project, write=False) as session:
        return {"exports": notes_json(session.store.export_notes())}
