"""Import a file into a project: look first, then write as one undoable gesture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gridadmin.app.session import Session
from gridadmin.base.errors import EditError, InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from gridadmin.exchange.import_buildings import ImportBuildings
from gridadmin.exchange.import_compounds import ImportCompounds
from gridadmin.exchange.import_land import ImportAreas, ImportContext, ImportExempt, ImportFrame
from gridadmin.exchange.import_lines import ImportLines
from gridadmin.exchange.import_rows import ColumnChoice
from gridadmin.exchange.import_source import bring
from gridadmin.exchange.reference_file import ReferenceChoice, read_reference
from gridadmin.exchange.reference_kinds import LEVELS as REFERENCE_LEVELS
from gridadmin.exchange.source import FeatureTable
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class Request:
    """What the user wants imported and how; None = find out.

    ``columns`` are further columns by role, for reference objects (``exchange.reference_columns``).
    """

    file: Path
    level: str
    layer: str | None = None
    code: str | None = None
    name: str | None = None
    parent: str | None = None
    crs: str | None = None
    swap_xy: bool = False
    snap_m: float | None = None
    replaces: bool = False
    reason: str | None = None
    approver: str | None = None
    until: str | None = None
    columns: Mapping[str, str | None] = field(default_factory=dict)


def import_file(
    project: Path, request: Request, *, preview_only: bool = False, progress: Progress = SILENT
) -> dict[str, Any]:
    """Import into a project file and return what was (or with *preview_only* would be) done.

    Raises: InputError, EditError, StoreError, Cancelled; nothing is written then.
    """
    with Session.open(project, write=not preview_only) as session:
        command = import_command(session.snapshot, request, progress)
        if preview_only:
            return told(session.document.preview(command), revision=None)
        try:
            done = session.document.execute(command, progress)
        except EditError as refusal:
            if refusal.code != "edit.nothing_changes":
                raise
            # All of the file is known: that is an answer, not a fault.
            looked = session.document.preview(command)
            return told(looked, revision=session.snapshot.revision)
        return told(done, revision=done.revision)


def import_command(
    snapshot: Snapshot,
    request: Request,
    progress: Progress = SILENT,
    table: FeatureTable | None = None,
) -> Command:
    """Read the file (unless its *table* is at hand) and return the command that imports it.

    Raises: InputError for what can't be known for sure: the sentence names the option.
    """
    if request.level in REFERENCE_LEVELS:
        return _reference_command(snapshot, request, progress, table)
    _check_request(snapshot, request)
    brought = bring(
        snapshot,
        request.file,
        layer=request.layer,
        crs=request.crs,
        swap_xy=request.swap_xy,
        table=table,
        progress=progress,
    )
    columns = ColumnChoice(request.code, request.name, request.parent)
    if request.level == "frame":
        return ImportFrame(
            brought, replaces=request.replaces, snap_m=request.snap_m, progress=progress
        )
    if request.level == "exempt":
        return ImportExempt(
            brought,
            request.reason or "",
            request.approver or "",
            request.until,
            columns,
            request.snap_m,
            progress,
        )
    if request.level == "context":
        return ImportContext(brought, columns)
    return ImportAreas(
        brought,
        request.level,
        columns,
        replaces=request.replaces,
        snap_m=request.snap_m,
        progress=progress,
    )


def _reference_command(
    snapshot: Snapshot, request: Request, progress: Progress, table: FeatureTable | None
) -> Command:
    given = {"name": request.name, "source_id": request.code, **request.columns}
    choice = ReferenceChoice(
        request.level, request.layer, given, request.crs, swap_xy=request.swap_xy
    )
    file = read_reference(snapshot, request.file, choice, table, progress)
    if request.level == "buildings":
        return ImportBuildings(file, replaces=request.replaces)
    if request.level == "compounds":
        return ImportCompounds(file, replaces=request.replaces)
    return ImportLines(file, replaces=request.replaces)


def _check_request(snapshot: Snapshot, request: Request) -> None:
    """Refuse what can't go well before a large file is read."""
    special = ("frame", "exempt", "context", *REFERENCE_LEVELS)
    known = [level.key for level in snapshot.scheme.present_levels]
    if request.level not in (*special, *known):
        raise InputError(
            "import.unknown_level", level=request.level, levels=", ".join((*known, *special))
        )
    if request.level == snapshot.root.level:
        raise InputError("import.root_level", level=request.level, root=snapshot.root.name)
    if request.level == "exempt" and not (request.reason and request.approver):
        raise InputError("import.exempt_needs_reason")


_EMPTY: dict[str, Any] = {
    "new": 0,
    "known": 0,
    "updated": 0,
    "removed": 0,
    "joined": 0,
    "duplicates": 0,
    "labels": 0,
    "parts": 0,
    "other": 0,
    "outside": 0,
    "drawn": 0,
    "made_parents": 0,
    "adopted": 0,
    "outside_root": 0,
    "moved": {},
    "disputed": [],
    "gaps": [],
    "near_misses": [],
    "dust": {"count": 0, "area_m2": 0.0},
    "left_out": [],
    "warnings": [],
    "crs": "",
}


def told(done: Done, revision: int | None) -> dict[str, Any]:
    """Return what an import tells, as JSON values; *revision* None = nothing was written."""
    facts = dict(done.change.told)
    return {**_EMPTY, **facts, "revision": revision, "changed": len(done.changed_areas())}
