"""An import worked out and looked at before anything is written: figures, rows and outlines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod

from gridadmin.app.import_questions import Answer, Question, question_of
from gridadmin.app.importing import Request, import_command, told
from gridadmin.base.errors import Cancelled, InputError
from gridadmin.base.ids import NOBODY, oid_of
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.scheme import Presence
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document, Done
from gridadmin.exchange.import_buildings import ImportBuildings
from gridadmin.exchange.import_compounds import ImportCompounds
from gridadmin.exchange.import_land import ImportAreas, ImportContext, ImportExempt, ImportFrame
from gridadmin.exchange.import_lines import ImportLines
from gridadmin.exchange.import_source import bring, plane_of
from gridadmin.exchange.reader import read_layer, read_shapes
from gridadmin.exchange.reference_kinds import LEVELS as REFERENCE_LEVELS
from gridadmin.exchange.source import FeatureTable
from gridadmin.partition.planes import WGS84, is_in_china, transform_points
from gridadmin.partition.polygons import own_polygons
from gridadmin.partition.snapshot import Snapshot

Ring = NDArray[np.float64]
"""Places ``(n, 2)`` in local metres, first and last equal."""

Box = tuple[float, float, float, float]

_FAR_KM = 500.0
"""No district, and hardly a city, is so wide."""


@dataclass(frozen=True)
class PreviewShapes:
    """Outlines of what comes in and of what is doubtful, as rings in local metres.

    Local metres count from the origin that the project has now, before the import. ``box`` holds
    all of them, None when there are none.
    """

    new: tuple[Ring, ...] = ()
    known: tuple[Ring, ...] = ()
    disputed: tuple[Ring, ...] = ()
    gap: tuple[Ring, ...] = ()
    box: Box | None = None

    def by_role(self) -> Mapping[str, tuple[Ring, ...]]:
        """Return the rings by ``new``, ``known``, ``disputed`` and ``gap``."""
        return {
            "new": self.new,
            "known": self.known,
            "disputed": self.disputed,
            "gap": self.gap,
        }


@dataclass(frozen=True)
class SkippedLevels:
    """Levels that the scheme wants between the ``count`` new areas and their ``parent`` level."""

    count: int
    parent: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class FarAway:
    """Where data lie that can hardly belong to the project, in degrees.

    ``km`` is how far they are from its land; None where it has a code of China and they lie
    elsewhere.
    """

    lon: float
    lat: float
    km: float | None


@dataclass(frozen=True)
class ImportPreview:
    """What an import would do: its command, the change, what it tells, and its outlines."""

    command: Command
    done: Done
    told: Mapping[str, Any]
    shapes: PreviewShapes
    skipped: SkippedLevels | None = None
    far: FarAway | None = None

    @property
    def changes_nothing(self) -> bool:
        """Whether all of the file is in the project already."""
        return not self.done.change.rows

    def is_of(self, snapshot: Snapshot) -> bool:
        """Return whether the project is still as it was when this was worked out."""
        return self.done.before is snapshot


@dataclass(frozen=True)
class LayerLook:
    """A layer as read: its rows, and how its coordinates are read or what is asked of them.

    ``crs_text`` is ``EPSG:n`` or the name of the CRS; empty for rows without land.
    """

    layer: str
    table: FeatureTable
    crs_text: str
    question: Question | None = None
    wide: FeatureTable | None = None
    """The rows with shapes of any kind, where these are others than ``table`` has."""

    def table_for(self, level: str | None) -> FeatureTable:
        """Return the rows that an import of a level is made from."""
        if self.wide is not None and level in REFERENCE_LEVELS:
            return self.wide
        return self.table


def look_at_layer(
    snapshot: Snapshot, path: Path, layer: str, progress: Progress = SILENT
) -> LayerLook:
    """Read a layer and find out how its coordinates are to be read.

    Raises: InputError for what no answer can mend, Cancelled.
    """
    table = read_layer(path, layer, progress)
    wide = read_shapes(path, layer, progress) if _may_hide_shapes(table) else None
    seen = table if wide is None or table.has_land else wide
    try:
        brought = bring(snapshot, path, table=seen, progress=progress)
    except InputError as error:
        question = question_of(error, table.crs, Answer("as_declared"))
        if question is None:
            raise
        return LayerLook(layer, table, "", question, wide)
    epsg = table.crs.to_epsg() if table.crs is not None and brought.crs_text else None
    return LayerLook(layer, table, f"EPSG:{epsg}" if epsg else brought.crs_text, None, wide)


_HIDING = frozenset({"input.lines_closed", "input.collection_polygons"})


def _may_hide_shapes(table: FeatureTable) -> bool:
    """Return whether a file has points or lines that are not among the rows with land."""
    return bool(table.left_out) or any(warning.code in _HIDING for warning in table.warnings)


def preview_import(
    document: Document,
    request: Request,
    progress: Progress = SILENT,
    table: FeatureTable | None = None,
) -> ImportPreview:
    """Return what an import would do; nothing is written, so a worker may do it.

    *table* is the layer where it has been read already.

    Raises: InputError (:func:`gridadmin.app.import_questions.question_of` says whether it asks),
    EditError, Cancelled.
    """
    command = import_command(document.snapshot, request, progress, table)
    done = document.preview(command)
    if progress.is_cancelled():
        raise Cancelled
    shapes = _shapes(command, done)
    return ImportPreview(
        command, done, told(done, None), shapes, skipped_levels(done), far_away(done, shapes)
    )


def with_progress(command: Command, progress: Progress) -> Command:
    """Return an import that reports to *progress* from now on."""
    if isinstance(command, ImportAreas | ImportFrame | ImportExempt):
        return replace(command, progress=progress)
    return command


def skipped_levels(done: Done) -> SkippedLevels | None:
    """Return the levels that new areas leave out above them; the case of most areas, if any."""
    after = done.after
    cases: Counter[tuple[str, str]] = Counter()
    for row in done.change.of("area"):
        if row.before is None and row.after is not None and row.after.parent is not None:
            cases[after.area(row.after.parent).level, row.after.level] += 1
    for (parent, level), count in cases.most_common():
        above, below = after.level_rank(parent), after.level_rank(level)
        missing = tuple(
            known.key
            for known in after.scheme.present_levels
            if known.presence is Presence.REQUIRED and above < after.level_rank(known.key) < below
        )
        if missing:
            return SkippedLevels(count, parent, missing)
    return None


def far_away(done: Done, shapes: PreviewShapes) -> FarAway | None:
    """Return where data lie that can hardly belong to the project; None where they may."""
    plane = plane_of(done.after)
    rings = (*shapes.new, *shapes.known)
    if plane is None or not rings:
        return None
    extent = done.before.partition.extent()
    places = [np.concatenate(rings).mean(axis=0)]
    if extent is not None:
        places.append(np.array(extent).reshape(2, 2).mean(axis=0) / 1000.0)
    metres = np.array(places) + np.array(done.before.origin_mm) / 1000.0
    lons, lats = transform_points(metres[:, 0], metres[:, 1], plane.crs, CRS.from_epsg(WGS84))
    lon, lat = float(lons[0]), float(lats[0])
    if extent is not None:
        km = Geod(ellps="WGS84").inv(lon, lat, float(lons[1]), float(lats[1]))[2] / 1000
        return FarAway(lon, lat, km) if km > _FAR_KM else None
    is_chinese = (done.after.root.code or "").isdigit()
    return FarAway(lon, lat, None) if is_chinese and not is_in_china(lon, lat) else None


def _shapes(command: Command, done: Done) -> PreviewShapes:
    origin = np.array(done.before.origin_mm) / 1000.0
    new, known = _incoming(command, done)
    after = done.after
    own = own_polygons(after.partition, after.place)
    disputed = [own[oid] for oid in map(oid_of, after.rows("dispute")) if oid in own]
    # Land that a frame alone encloses is not missing, it is still to be divided.
    is_bare = isinstance(command, ImportFrame)
    gaps = [own[NOBODY]] if NOBODY in own and not is_bare else []
    return PreviewShapes(
        _rings(new, origin),
        _rings(known, origin),
        _rings(disputed, origin),
        _rings(gaps, origin),
        _box([*new, *known, *disputed, *gaps], origin),
    )


def _box(polygons: list[Any], origin: NDArray[np.float64]) -> Box | None:
    if not polygons:
        return None
    x0, y0, x1, y1 = shapely.total_bounds(polygons) - np.tile(origin, 2)
    return float(x0), float(y0), float(x1), float(y1)


def _incoming(command: Command, done: Done) -> tuple[list[Any], list[Any]]:
    """Return the polygons that come in, of new areas and of known ones."""
    if isinstance(command, ImportFrame | ImportExempt | ImportContext):
        return _present(command.brought.polygons), []
    if isinstance(command, ImportBuildings | ImportCompounds | ImportLines):
        return [piece.shape for piece in command.file.objects], []
    fresh = {str(row.key) for row in done.change.of("area") if row.before is None}
    new: list[Any] = []
    known: list[Any] = []
    for row in done.change.of("reference_outline"):
        if row.before is None and row.after is not None:
            polygon = shapely.from_wkb(row.after.outline)
            (new if row.after.area in fresh else known).append(polygon)
    return new, known


def _present(polygons: Iterable[Any]) -> list[Any]:
    return [polygon for polygon in polygons if polygon is not None]


def _rings(polygons: Iterable[Any], origin: NDArray[np.float64]) -> tuple[Ring, ...]:
    wanted = np.array(list(polygons), dtype=object)
    if not len(wanted):
        return ()
    parts = shapely.get_parts(wanted)
    lines = parts[shapely.get_dimensions(parts) == 1]
    rings = np.concatenate((shapely.get_rings(parts), lines))
    points, owners = shapely.get_coordinates(rings, return_index=True)
    cuts = np.nonzero(np.diff(owners))[0] + 1
    return tuple(np.split(points - origin, cuts)) if len(points) else ()
