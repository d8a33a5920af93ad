"""The check of any polygon file: read, brought into metres, proved, told in the file's terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.check_kinds import CHECK_KINDS, Severity, usual_value
from gridadmin.domain.issue import Issue, distinct, issue_fields, issue_id
from gridadmin.exchange.file_plane import FilePlane, file_plane
from gridadmin.exchange.reader import read_layer
from gridadmin.exchange.source import FeatureTable, Geometries, RowProblem
from gridadmin.partition.coverage import Coverage, Dust, Finding, check_coverage
from gridadmin.partition.validity import InvalidRow

_VERSION = 1
_NEAR_M = usual_value("near_miss", "distance_m")
_OVERLAPS = ("overlap", "duplicate", "contained")


@dataclass(frozen=True, slots=True)
class CheckedLand:
    """What was checked, for those who show it: polygons and frame in metres, names of the rows."""

    polygons: Geometries
    names: tuple[str, ...]
    plane: FilePlane
    frame: Geometries | None


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What the check of a file found; points and boxes are in the file's own CRS.

    ``areas`` is the number of polygons, ``invalid`` holds rows that were left out or count only by
    the even-odd rule, ``warnings`` and ``notes`` are sentences for people: what was assumed of the
    file, and what the check could not prove or had to move.
    """

    crs: str
    areas: int
    snap_m: float
    min_area_m2: float
    has_frame: bool
    issues: tuple[Issue, ...]
    dust: dict[str, Dust]
    invalid: tuple[RowProblem, ...]
    warnings: tuple[RowProblem, ...]
    notes: tuple[RowProblem, ...]
    read_s: float
    check_s: float
    land: CheckedLand

    @property
    def exit_code(self) -> int:
        """1 when an error, a warning or an invalid row is listed, else 0."""
        weighs = any(issue.severity != Severity.INFO for issue in self.issues)
        return int(weighs or bool(self.invalid))

    def to_json(self, lang: str = "zh") -> dict[str, Any]:
        """Return the check JSON; the sentences of invalid rows are in *lang*."""
        return {
            "version": _VERSION,
            "crs": self.crs,
            "areas": self.areas,
            "snap_m": self.snap_m,
            "min_area_m2": self.min_area_m2,
            "frame": "given" if self.has_frame else "none",
            # Rows that can't be trusted come first: they bear on all that follows.
            "invalid": [{"row": row.row, "why": row.sentence(lang)} for row in self.invalid],
            "issues": [issue_fields(issue) for issue in self.issues],
            "dust": self._dust_json(),
            "seconds": {"read": round(self.read_s, 6), "check": round(self.check_s, 6)},
        }

    def _dust_json(self) -> dict[str, Any]:
        counts = {kind: dust.count for kind, dust in self.dust.items()}
        told: dict[str, Any] = {
            "gap": counts.get("gap", 0),
            "overlap": sum(counts.get(kind, 0) for kind in _OVERLAPS),
        }
        if "overhang" in counts:
            told["overhang"] = counts["overhang"]
        told["area_m2"] = sum(dust.area_m2 for dust in self.dust.values())
        return told


def check_file(  # noqa: PLR0913 - one argument for each option of the command
    path: Path,
    *,
    layer: str | None = None,
    id_column: str | None = None,
    crs: str | None = None,
    parent: Path | None = None,
    parent_layer: str | None = None,
    min_area_m2: float = 0.01,
    snap_m: float = 0.001,
    progress: Progress = SILENT,
) -> FileCheck:
    """Return all gaps and overlaps in a layer of any polygon file, with exact areas in the plane.

    *crs* is what ``--crs`` says; with a *parent* file its land is the frame.
    Raises: InputError (those of reading, ``import.no_column``, ``input.no_polygons``, those of
    :func:`file_plane`, ``partition.too_large``); Cancelled.
    """
    began = perf_counter()
    table = _land(read_layer(path, layer, progress))
    names = _names(table, id_column)
    framing = None if parent is None else _land(read_layer(parent, parent_layer, progress))
    read_s = perf_counter() - began
    began = perf_counter()
    plane = file_plane(table, crs)
    frame = None if framing is None else _frame(framing, plane)
    land = CheckedLand(plane.metres(table.geometries), tuple(names), plane, frame)
    found = check_coverage(
        land.polygons,
        parent=frame,
        snap_m=snap_m,
        min_area_m2=min_area_m2,
        near_m=_NEAR_M,
        progress=progress,
    )
    listed = (*found.findings, *(found.near_misses or ()))
    return FileCheck(
        crs=plane.label,
        areas=len(table),
        snap_m=snap_m,
        min_area_m2=min_area_m2,
        has_frame=found.has_frame,
        issues=tuple(_issues(listed, names, plane)),
        dust=found.dust,
        invalid=(*table.left_out, *(invalid_problem(row, names, plane) for row in found.invalid)),
        warnings=(*table.warnings, *plane.warnings),
        notes=_notes(found),
        read_s=read_s,
        check_s=perf_counter() - began,
        land=land,
    )


def _land(table: FeatureTable) -> FeatureTable:
    if len(table) and not table.has_land:
        raise InputError("input.no_polygons", file=table.path.name, layers=table.layer)
    return table


def _frame(framing: FeatureTable, plane: FilePlane) -> Geometries:
    return plane.metres(framing.geometries, framing.crs)


def _names(table: FeatureTable, column: str | None) -> list[str]:
    """Return what areas are called: the values of the column, row ids where there is none."""
    if column is None:
        return table.row_ids
    if column not in table.columns:
        raise InputError(
            "import.no_column",
            file=table.path.name,
            column=column,
            columns=", ".join(table.columns),
        )
    values = table.texts(column)
    return [value or row for value, row in zip(values, table.row_ids, strict=True)]


def _issues(findings: Sequence[Finding], names: list[str], plane: FilePlane) -> list[Issue]:
    if not findings:
        return []
    points = plane.back(np.array([finding.point for finding in findings]))
    boxes = plane.boxes_back(np.array([finding.bbox for finding in findings]))
    issues = []
    for finding, (x, y), (x0, y0, x1, y1) in zip(
        findings, points.tolist(), boxes.tolist(), strict=True
    ):
        areas = tuple(names[row] for row in finding.areas)
        issues.append(
            Issue(
                issue_id(finding.kind, "", areas, finding.point),
                finding.kind,
                CHECK_KINDS[finding.kind].severity,
                face_class=finding.face_class,
                area_m2=None if finding.kind == "near_miss" else finding.area_m2,
                width_m=finding.width_m,
                areas=areas,
                point=(x, y),
                bbox=(x0, y0, x1, y1),
            )
        )
    return distinct(issues)


def invalid_problem(row: InvalidRow, names: Sequence[str], plane: FilePlane) -> RowProblem:
    """Return an invalid row as a remark, with its place in the file's coordinates."""
    if row.place is None:
        return RowProblem(names[row.row], row.code)
    x, y = plane.back(np.array([row.place]))[0].tolist()
    return RowProblem(names[row.row], row.code, {"x": f"{x:.10g}", "y": f"{y:.10g}"})


def _notes(found: Coverage) -> tuple[RowProblem, ...]:
    notes = []
    if not found.has_frame:
        notes.append(RowProblem("", "check.no_frame"))
    if found.near_misses is None:
        notes.append(RowProblem("", "check.too_dense", {"near_m": f"{_NEAR_M:g}"}))
    if found.moved:
        most = f"{max(found.moved.values()):.2f}"
        notes.append(RowProblem("", "check.snapped", {"count": len(found.moved), "most_mm": most}))
    return tuple(notes)
