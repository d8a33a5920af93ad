"""Buildings with their households, read from GeoJSON such as the demo's ``buildings.geojson``.

Properties: ``households`` (whole number), ``entrances`` (list of ``{name, households}``),
``floors``, ``name``, ``address``, ``compound``, ``compound_type``; any of them may be missing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import shapely.errors
import shapely.geometry
from pyproj import CRS

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.change import Change
from gridadmin.domain.model import Building, Compound, Entrance
from gridadmin.edit.draft import Desk, Draft
from gridadmin.exchange.import_source import plane_of
from gridadmin.exchange.recognise import crs_of_option
from gridadmin.exchange.shift import unshifted
from gridadmin.exchange.source import RowProblem
from gridadmin.partition.planes import WGS84, transform_geometries
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class BuildingRow:
    """One building as read: its shape in plane metres and what the file says of it."""

    shape: shapely.Geometry
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class BuildingFile:
    """The usable buildings of a file, and rows left out."""

    path: Path
    rows: tuple[BuildingRow, ...]
    left_out: tuple[RowProblem, ...]
    count: int


def read_buildings(
    snapshot: Snapshot, path: Path, crs: str | None = None, progress: Progress = SILENT
) -> BuildingFile:
    """Return the buildings of a GeoJSON file in the project's plane.

    Raises: InputError ``import.no_plane`` before the first land came, ``input.not_geojson``,
    ``input.no_file``.
    """
    plane = plane_of(snapshot)
    if plane is None:
        raise InputError("import.no_plane", file=path.name)
    if not path.is_file():
        raise InputError("input.no_file", file=str(path))
    try:
        features = list(json.loads(path.read_text(encoding="utf-8-sig"))["features"])
    except (ValueError, KeyError, TypeError, OSError) as fault:
        raise InputError("input.not_geojson", file=path.name, why=str(fault)) from fault
    source, shift = (CRS.from_epsg(WGS84), None) if crs is None else crs_of_option(crs)
    shapes: list[shapely.Geometry] = []
    facts: list[Mapping[str, Any]] = []
    left_out: list[RowProblem] = []
    for number, feature in enumerate(features, start=1):
        if number % 4096 == 0:
            checkpoint(progress, "progress.reading", number, len(features))
        shape = _shape(feature)
        values = feature.get("properties") if isinstance(feature, dict) else None
        if shape is None:
            left_out.append(RowProblem(str(number), "input.row_no_geometry"))
        elif not _is_count((values or {}).get("households", 0)):
            left_out.append(RowProblem(str(number), "import.row_bad_households"))
        else:
            shapes.append(shape)
            facts.append(values or {})
    geometries = np.empty(len(shapes), dtype=object)
    geometries[:] = shapes
    if shift is not None:
        geometries = unshifted(geometries, shift)
    moved = transform_geometries(geometries, source, plane.crs)
    rows = tuple(BuildingRow(shape, fact) for shape, fact in zip(moved, facts, strict=True))
    return BuildingFile(path, rows, tuple(left_out), len(features))


def _shape(feature: Any) -> shapely.Geometry | None:
    try:
        shape = shapely.geometry.shape(feature["geometry"])
        usable = not shape.is_empty and bool(np.isfinite(shapely.get_coordinates(shape)).all())
    except (TypeError, KeyError, ValueError, AttributeError, shapely.errors.ShapelyError):
        return None
    return shape if usable else None


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 100_000


@dataclass(frozen=True)
class ImportBuildings:
    """Take the buildings of a file in place of those that the project has."""

    file: BuildingFile
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change."""
        draft = Draft(snapshot)
        for table in ("entrance", "building", "compound"):
            for uid in snapshot.rows(table):
                draft.remove(table, uid)
        compounds: dict[str, Compound] = {}
        for row in self.file.rows:
            self._add(draft, desk, row, compounds)
        for compound in compounds.values():
            draft.put("compound", compound)
        draft.tell(
            level="buildings",
            file=self.file.path.name,
            layer="",
            crs="",
            rows=self.file.count,
            new=len(self.file.rows),
            left_out=[{"row": p.row, "code": p.code, "params": {}} for p in self.file.left_out],
            warnings=[],
        )
        return draft.change("import_buildings", note=self.file.path.name)

    def _add(
        self, draft: Draft, desk: Desk, row: BuildingRow, compounds: dict[str, Compound]
    ) -> None:
        facts = row.facts
        name = facts.get("compound")
        compound = None
        if isinstance(name, str) and name:
            kind = facts.get("compound_type")
            compound = compounds.setdefault(name, Compound(desk.new_uid(), name, _text(kind)))
        point = row.shape.representative_point()
        building = Building(
            desk.new_uid(),
            round(point.x * 1000),
            round(point.y * 1000),
            facts.get("households", 0),
            facts.get("floors") if _is_count(facts.get("floors")) else None,
            _text(facts.get("name")),
            _text(facts.get("address")),
            None if compound is None else compound.uid,
            shapely.to_wkb(row.shape, byte_order=1) if row.shape.area > 0 else None,
        )
        draft.put("building", building)
        for entrance in facts.get("entrances") or ():
            if isinstance(entrance, dict) and _is_count(entrance.get("households", 0)):
                draft.put(
                    "entrance",
                    Entrance(
                        desk.new_uid(),
                        building.uid,
                        str(entrance.get("name", "")),
                        entrance.get("households", 0),
                    ),
                )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
