"""An import worked out and looked at before anything is written: figures, rows and outlines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.app.import_questions import Answer, Question, question_of
from gridadmin.app.importing import Request, import_command, told
from gridadmin.base.errors import Cancelled, InputError
from gridadmin.base.ids import NOBODY, oid_of
from gridadmin.base.progress import SILENT, Progress
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document, Done
from gridadmin.exchange.import_buildings import ImportBuildings
from gridadmin.exchange.import_land import ImportAreas, ImportContext, ImportExempt, ImportFrame
from gridadmin.exchange.import_source import bring
from gridadmin.exchange.reader import read_layer
from gridadmin.exchange.source import FeatureTable
from gridadmin.partition.polygons import own_polygons
from gridadmin.partition.snapshot import Snapshot

Ring = NDArray[np.float64]
"""Places ``(n, 2)`` in local metres, first and last equal."""

Box = tuple[float, float, float, float]


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
class ImportPreview:
    """What an import would do: its command, the change, what it tells, and its outlines."""

    command: Command
    done: Done
    told: Mapping[str, Any]
    shapes: PreviewShapes

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


def look_at_layer(
    snapshot: Snapshot, path: Path, layer: str, progress: Progress = SILENT
) -> LayerLook:
    """Read a layer and find out how its coordinates are to be read.

    Raises: InputError for what no answer can mend, Cancelled.
    """
    table = read_layer(path, layer, progress)
    try:
        brought = bring(snapshot, path, table=table, progress=progress)
    except InputError as error:
        question = question_of(error, table.crs, Answer("as_declared"))
        if question is None:
            raise
        return LayerLook(layer, table, "", question)
    epsg = table.crs.to_epsg() if table.crs is not None and brought.crs_text else None
    return LayerLook(layer, table, f"EPSG:{epsg}" if epsg else brought.crs_text)


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
    return ImportPreview(command, done, told(done, None), _shapes(command, done))


def with_progress(command: Command, progress: Progress) -> Command:
    """Return an import that reports to *progress* from now on."""
    if isinstance(command, ImportAreas | ImportFrame | ImportExempt):
        return replace(command, progress=progress)
    return command


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
    if isinstance(command, ImportBuildings):
        return _present(row.shape for row in command.file.rows if row.shape.area > 0), []
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
    rings = shapely.get_rings(shapely.get_parts(wanted))
    points, owners = shapely.get_coordinates(rings, return_index=True)
    cuts = np.nonzero(np.diff(owners))[0] + 1
    return tuple(np.split(points - origin, cuts)) if len(points) else ()
