"""Check whatever the user points at: a project, or any file with polygons."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridadmin.app.reports import check_json, fails
from gridadmin.app.session import Session
from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.check_settings import SET_SETTING
from gridadmin.domain.model import Setting
from gridadmin.exchange.file_check import CheckedLand, check_file
from gridadmin.partition.snapshot import Snapshot
from gridadmin.store.project_file import is_project

FINE, LISTED = 0, 1


@dataclass(frozen=True)
class CheckRequest:
    """What to check and how; None = as the file or project says, or the usual value."""

    path: Path
    layer: str | None = None
    id_column: str | None = None
    crs: str | None = None
    parent: Path | None = None
    parent_layer: str | None = None
    min_area_m2: float | None = None
    snap_m: float | None = None
    check_set: str | None = None


@dataclass(frozen=True)
class Checked:
    """The check JSON of a file or project, remarks in words, the exit code, and the land."""

    result: dict[str, Any]
    remarks: list[str]
    code: int
    land: Snapshot | CheckedLand


def checked(request: CheckRequest, *, lang: str = "en", progress: Progress = SILENT) -> Checked:
    """Return what a check of a file or project found, with the land that it looked at.

    Raises: InputError, StoreError, Cancelled.
    """
    if request.parent is None and request.parent_layer is not None:
        raise InputError("check.parent_layer_alone")
    path, is_plain = request.path, request.layer is None and request.parent is None
    if is_plain and path.is_file() and is_project(path):
        _refuse_file_options(request)
        return _check_project(path, request.min_area_m2, request.check_set, progress)
    if request.check_set is not None:
        raise InputError("check.set_for_projects", file=path.name)
    found = check_file(
        path,
        layer=request.layer,
        id_column=request.id_column,
        crs=request.crs,
        parent=request.parent,
        parent_layer=request.parent_layer,
        min_area_m2=0.01 if request.min_area_m2 is None else request.min_area_m2,
        snap_m=0.001 if request.snap_m is None else request.snap_m,
        progress=progress,
    )
    remarks = [
        remark.sentence(lang)
        for remark in (*found.warnings, *found.notes)
        # The result says of the frame itself.
        if remark.code != "check.no_frame"
    ]
    return Checked(found.to_json(lang), remarks, found.exit_code, found.land)


def _refuse_file_options(request: CheckRequest) -> None:
    """Refuse options that say nothing about a project, instead of passing them over."""
    given = {"--id": request.id_column, "--crs": request.crs, "--snap": request.snap_m}
    for option, value in given.items():
        if value is not None:
            raise InputError("check.option_for_files", option=option, file=request.path.name)


def _check_project(
    path: Path, min_area_m2: float | None, check_set: str | None, progress: Progress
) -> Checked:
    with Session.open(path, write=False) as session:
        snapshot = session.snapshot
        if min_area_m2 is not None:
            snapshot = _looked_at(snapshot, "min_area_m2", min_area_m2)
        if check_set is not None:
            if check_set not in snapshot.check_sets:
                known = ", ".join(snapshot.check_sets)
                raise InputError("check.unknown_set", name=check_set, known=known)
            snapshot = _looked_at(snapshot, SET_SETTING, check_set)
        result = check_json(snapshot, progress)
    return Checked(result, [], LISTED if fails(result["issues"]) else FINE, snapshot)


def _looked_at(snapshot: Snapshot, name: str, value: float | str) -> Snapshot:
    """Return the snapshot with another value of one setting, to look through and not to keep."""
    before = snapshot.rows("setting").get(name)
    row = RowChange("setting", before, Setting(name, json.dumps(value)))
    return snapshot.applied(Change("look", (row,)), snapshot.revision)
