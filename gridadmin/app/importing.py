"""Import a file into a project: look first, then write as one undoable gesture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridadmin.app.session import Session
from gridadmin.base.errors import EditError, InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from gridadmin.exchange.import_buildings import ImportBuildings, read_buildings
from gridadmin.exchange.import_land import ImportAreas, ImportContext, ImportExempt, ImportFrame
from gridadmin.exchange.import_rows import ColumnChoice
from gridadmin.exchange.import_source import bring
from gridadmin.exchange.source import FeatureTable
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class Request:
    """What the user wants imported and how; None = find out."""

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
    if request.level == "buildings":
        return ImportBuildings(read_buildings(snapshot, request.file, request.crs, progress))
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


def _check_request(snapshot: Snapshot, request: Request) -> None:
    """Refuse what can't go well before a large file is read."""
    special = ("frame", "exempt", "context", "buildings")
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
    "drawn": 0,
    "made_parents": 0,
    "adopted": 0,
    "outside_root": 0,
    "moved": {},
    "disputed": [],
    "gaps": [],
    "dust": {"count": 0, "area_m2": 0.0},
    "left_out": [],
    "warnings": [],
    "crs": "",
}


def told(done: Done, revision: int | None) -> dict[str, Any]:
    """Return what an import tells, as JSON values; *revision* None = nothing was written."""
    facts = dict(done.change.told)
    return {**_EMPTY, **facts, "revision": revision, "changed": len(done.changed_areas())}
