"""A file of points, lines and areas that is only looked at, over the base map.

Nothing of it goes into the project. It is moved into the project's plane like any import, with the
same questions where its coordinates can't be known for sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.exchange.import_source import bring, plane_of
from gridadmin.exchange.reader import list_layers, read_shapes
from gridadmin.exchange.source import NO_GEOMETRY, FeatureTable, SourceLayer
from gridadmin.partition.snapshot import Snapshot

MOST_SHAPES = 200_000
MOST_POINTS = 4_000_000
MOST_BYTES = 600 * 2**20
_POINTS_OF_LINES = frozenset({"route_points", "track_points"})
"""What a GPX file tells of its lines a second time."""
_LONGEST_NAME = 60
_NAMES = ("name", "名称", "名字", "mc", "title", "标题", "label")

Shapes = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class ShownFile:
    """Points, lines and areas of a file in local metres, with what they are called.

    ``shapes`` are single points, lines and polygons; ``names`` run parallel, empty for none, and
    only one part of a shape bears its name. ``left_out`` counts rows that could not be used.
    """

    shapes: Shapes
    names: tuple[str, ...]
    crs_text: str
    left_out: int = 0

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Where the shapes lie."""
        return shapely.STRtree(self.shapes)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """What the shapes cover, in local metres."""
        x0, y0, x1, y1 = shapely.total_bounds(self.shapes).tolist()
        return x0, y0, x1, y1


def declared_crs(path: Path) -> CRS | None:
    """Return the CRS that the first layer with shapes declares.

    Raises: those of the readers.
    """
    return next((layer.crs for layer in _drawn(path) if layer.crs is not None), None)


def read_shown_file(
    snapshot: Snapshot,
    path: Path,
    *,
    crs: str | None = None,
    swap_xy: bool = False,
    progress: Progress = SILENT,
) -> ShownFile:
    """Return all shapes of a file, of all its layers.

    Raises: InputError ``shown.no_plane`` before the first land came, ``shown.nothing``,
    ``shown.too_many``, ``shown.too_large``, those of the readers and the questions of ``bring``;
    Cancelled.
    """
    if plane_of(snapshot) is None:
        raise InputError("shown.no_plane", file=path.name)
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise InputError("shown.too_large", file=path.name, most=MOST_BYTES // 2**20)
    layers = _drawn(path)
    _require_few(path, sum(layer.feature_count for layer in layers), MOST_SHAPES)
    found = [_read(snapshot, path, layer, crs, swap_xy, progress) for layer in layers]
    shapes = np.concatenate([np.empty(0, dtype=object), *(one.shapes for one in found)])
    if not len(shapes):
        raise InputError("shown.nothing", file=path.name)
    _require_few(path, len(shapes), MOST_SHAPES)
    _require_few(path, int(shapely.get_num_coordinates(shapes).sum()), MOST_POINTS)
    return ShownFile(
        shapes,
        tuple(name for one in found for name in one.names),
        next(one.crs_text for one in found if len(one.shapes)),
        sum(one.left_out for one in found),
    )


def _require_few(path: Path, count: int, most: int) -> None:
    if count > most:
        raise InputError("shown.too_many", file=path.name, count=count, most=most)


def _drawn(path: Path) -> list[SourceLayer]:
    """Return the layers that have shapes."""
    layers = [layer for layer in list_layers(path) if layer.geometry_kind != NO_GEOMETRY]
    if path.suffix.lower() == ".gpx":
        layers = [layer for layer in layers if layer.name not in _POINTS_OF_LINES]
    return layers


def _read(
    snapshot: Snapshot,
    path: Path,
    layer: SourceLayer,
    crs: str | None,
    swap_xy: bool,
    progress: Progress,
) -> ShownFile:
    table = read_shapes(path, layer.name, progress)
    lost = len({problem.row for problem in table.left_out})
    if not table.has_land:
        return ShownFile(np.empty(0, dtype=object), (), "", lost)
    brought = bring(
        snapshot,
        path,
        crs=crs,
        swap_xy=swap_xy,
        table=table,
        has_outlines=False,
        progress=progress,
    )
    origin_m = np.array(snapshot.origin_mm) / 1000.0
    shapes = brought.polygons
    # What lies on the other side of the world has no place in the plane.
    is_there = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    rows = np.nonzero(is_there)[0]
    local = shapely.transform(shapes[rows], lambda xy: xy - origin_m)
    parts, of_row = _parts(local)
    all_names = _names_of(table)
    names = [all_names[row] for row in rows.tolist()]
    is_first = np.diff(of_row, prepend=-1) != 0
    return ShownFile(
        parts,
        tuple(
            names[row] if is_named else ""
            for row, is_named in zip(of_row.tolist(), is_first.tolist(), strict=True)
        ),
        table.crs_text or brought.crs_text,
        lost + len(shapes) - len(rows),
    )


def _parts(shapes: Shapes) -> tuple[Shapes, NDArray[np.intp]]:
    """Return single points, lines and polygons, and the rows that they are of."""
    of_row = np.arange(len(shapes))
    while (shapely.get_type_id(shapes) > shapely.GeometryType.POLYGON).any():
        shapes, index = shapely.get_parts(shapes, return_index=True)
        of_row = of_row[index]
    is_full = ~shapely.is_empty(shapes)
    return shapes[is_full], of_row[is_full]


def _names_of(table: FeatureTable) -> list[str]:
    plain = {name.lower(): name for name in table.columns}
    column = next((plain[name] for name in _NAMES if name in plain), None)
    if column is None:
        return [""] * len(table)
    return [(text or "")[:_LONGEST_NAME] for text in table.texts(column)]
