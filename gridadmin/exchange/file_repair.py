"""Repair any polygon file: its land in metres, settled by a policy, back in its own coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.check_kinds import usual_value
from gridadmin.exchange.file_check import invalid_problem
from gridadmin.exchange.file_plane import FilePlane, file_plane
from gridadmin.exchange.reader import read_layer
from gridadmin.exchange.replaced_land import write_replaced
from gridadmin.exchange.source import FeatureTable, Geometries, RowProblem
from gridadmin.partition.grid import pack
from gridadmin.partition.validity import invalid_rows
from gridadmin.repair.polygons import LONGEST, MAJORITY, Repaired, repair_polygons

Floats = NDArray[np.float64]

_VERSION = 1


@dataclass(frozen=True)
class FileRepair:
    """What a repair of a file did; places and names are the file's.

    ``invalid`` are rows that were left out, ``crossed`` those read by the even-odd rule.
    """

    crs: str
    policy: str
    areas: int
    changed: int
    snapped: int
    settled: dict[str, int]
    land_m2: float
    moved: tuple[dict[str, Any], ...]
    left: tuple[dict[str, Any], ...]
    invalid: tuple[RowProblem, ...]
    crossed: tuple[RowProblem, ...]
    warnings: tuple[RowProblem, ...]

    @property
    def exit_code(self) -> int:
        """1 when something is left or a row could not be used, else 0."""
        return int(bool(self.left) or bool(self.invalid))

    def to_json(self, lang: str = "zh") -> dict[str, Any]:
        """Return the result as JSON values; sentences of rows are in *lang*."""
        return {
            "version": _VERSION,
            "crs": self.crs,
            "policy": self.policy,
            # A file has no frame: an open notch at its edge is no gap here.
            "frame": "none",
            "areas": self.areas,
            "changed": self.changed,
            "snapped": self.snapped,
            "settled": self.settled,
            "land_m2": round(self.land_m2, 6),
            "moved": list(self.moved),
            "left": list(self.left),
            "invalid": [
                {"row": row.row, "why": row.sentence(lang)}
                for row in (*self.invalid, *self.crossed)
            ],
        }


def repair_file(
    path: Path,
    out: Path,
    policy: str,
    *,
    layer: str | None = None,
    crs: str | None = None,
    max_area_m2: float | None = None,
    progress: Progress = SILENT,
) -> FileRepair:
    """Write *path* to *out* with its gaps and overlaps settled, and return what that did.

    Raises: InputError (those of reading, ``input.no_polygons``, ``partition.too_large``, those of
    writing), StoreError, Cancelled.
    """
    table = read_layer(path, layer, progress)
    if not table.has_land:
        raise InputError("input.no_polygons", file=path.name, layers=table.layer)
    plane = file_plane(table, crs)
    metres = plane.metres(table.geometries)
    done = repair_polygons(
        metres,
        LONGEST if policy == MAJORITY else policy,
        max_area_m2=max_area_m2,
        near_m=usual_value("near_miss", "distance_m"),
        progress=progress,
    )
    shapes = _in_file(table, plane, metres, done)
    land = {
        table.row_ids[row]: _like(shapes[row], table.geometries[row])
        for row in range(len(table))
        if _is_other(shapes[row], table.geometries[row])
    }
    write_replaced(table, land, out)
    remarks = [*table.warnings, *plane.warnings]
    if policy == MAJORITY:
        remarks.append(RowProblem("", "repair.no_buildings"))
    return FileRepair(
        plane.label,
        policy,
        len(table),
        len(land),
        len(done.snapped),
        dict(sorted(done.tally.settled.items())),
        done.tally.land_m2,
        tuple(_moved(table, done)),
        tuple(_left(table, plane, done)),
        table.left_out,
        tuple(invalid_problem(row, table.row_ids, plane) for row in invalid_rows(metres)),
        tuple(remarks),
    )


def _moved(table: FeatureTable, done: Repaired) -> list[dict[str, Any]]:
    tally = done.tally
    return [
        {
            "area": table.row_ids[row],
            "gained_m2": round(tally.gained.get(row, 0.0), 6),
            "lost_m2": round(tally.lost.get(row, 0.0), 6),
        }
        for row in sorted(tally.gained.keys() | tally.lost.keys())
    ]


def _left(table: FeatureTable, plane: FilePlane, done: Repaired) -> list[dict[str, Any]]:
    if not done.left:
        return []
    points = plane.back(np.array([face.point for face in done.left])).tolist()
    return [
        {
            "kind": face.kind,
            "area_m2": round(face.area_m2, 6),
            "areas": [table.row_ids[row] for row in face.rows],
            "point": point,
            "why": face.why,
        }
        for face, point in zip(done.left, points, strict=True)
    ]


def _in_file(
    table: FeatureTable, plane: FilePlane, metres: Geometries, done: Repaired
) -> Geometries:
    """Return the repaired polygons in the file's coordinates.

    A vertex that was there keeps the coordinates that the file gave it, the first that came; so
    neighbours have the very same ones. Should that break the coverage, whole millimetres do.
    """
    kept = _placed(done.polygons, _known_places(table, metres, done), plane, done)
    if _is_sound(kept) or not _is_sound(done.polygons):
        return kept
    return _placed(done.polygons, ({}, np.empty((0, 2))), plane, done)


def _is_sound(shapes: Geometries) -> bool:
    return bool(shapely.is_valid(shapes).all()) and bool(shapely.coverage_is_valid(shapes))


Known = tuple[dict[int, int], Floats]


def _known_places(table: FeatureTable, metres: Geometries, done: Repaired) -> Known:
    """Return for each packed vertex in mm where the file has it."""
    theirs = shapely.get_coordinates(table.geometries)
    ours = shapely.get_coordinates(metres) * 1000 - np.array(done.origin_mm)
    keys = pack(np.floor(ours + 0.5).astype(np.int64))
    distinct, first = np.unique(keys, return_index=True)
    return dict(zip(distinct.tolist(), range(len(first)), strict=True)), theirs[first]


def _placed(shapes: Geometries, known: Known, plane: FilePlane, done: Repaired) -> Geometries:
    """Return polygons in mm in the coordinates of the file."""
    index, places = known

    def place(points: Floats) -> Floats:
        keys = pack(points.astype(np.int64))
        at = np.array([index.get(key, -1) for key in keys.tolist()], dtype=np.int64)
        moved = plane.back((points + np.array(done.origin_mm)) / 1000)
        if len(places):
            moved[at >= 0] = places[at[at >= 0]]
        return moved

    placed: Geometries = shapely.transform(shapes, place)
    return placed


def _is_other(new: shapely.Geometry, old: shapely.Geometry) -> bool:
    """Return whether two shapes differ in any coordinate."""
    return not shapely.equals_identical(
        shapely.normalize(shapely.multipolygons(shapely.get_parts(new))),
        shapely.normalize(shapely.multipolygons(shapely.get_parts(old))),
    )


def _like(new: shapely.Geometry, old: shapely.Geometry) -> shapely.Geometry:
    """Return a shape as a single polygon where the old one was one and it can be."""
    parts = shapely.get_parts(new)
    if old.geom_type == "Polygon" and len(parts) == 1:
        return parts[0]
    return shapely.multipolygons(parts)
