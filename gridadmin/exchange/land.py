"""From whatever geometries a file holds to polygonal land, with what was left out and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gridadmin.exchange.source import Geometries, RowProblem

_POINTS = (0, 4)
_LINES = (1, 2, 5)
_POLYGONS = (3, 6)
_COLLECTION = 7

_KIND_NAMES = ("Point", "LineString", "LinearRing", "Polygon", "MultiPoint", "MultiLineString")


@dataclass(frozen=True, slots=True)
class Land:
    """The usable rows: positions in the input, polygons (or shapes), and what was remarked."""

    kept: NDArray[np.intp]
    geometries: Geometries
    left_out: tuple[RowProblem, ...]
    warnings: tuple[RowProblem, ...]


class Judge(Protocol):
    """What decides which rows of a layer are of use."""

    def __call__(
        self,
        geometries: Geometries,
        row_ids: Sequence[str],
        refused: Mapping[int, str] | None = None,
        warned: Mapping[str, Sequence[int]] | None = None,
    ) -> Land:
        """Return the usable rows."""


@dataclass
class _Remarks:
    """Collects one refusal per row and one warning per code."""

    row_ids: Sequence[str]
    refused: dict[int, RowProblem] = field(default_factory=dict)
    warned: Counter[str] = field(default_factory=Counter)
    first_row: dict[str, str] = field(default_factory=dict)

    def refuse(self, index: int, code: str, **params: object) -> None:
        self.refused.setdefault(index, RowProblem(self.row_ids[index], code, params))

    def refuse_all(self, mask: NDArray[np.bool_], code: str) -> None:
        for index in np.flatnonzero(mask):
            self.refuse(int(index), code)

    def warn(self, index: int, code: str) -> None:
        self.warned[code] += 1
        self.first_row.setdefault(code, self.row_ids[index])

    def warn_all(self, mask: NDArray[np.bool_], code: str) -> None:
        where = np.flatnonzero(mask)
        if len(where):
            self.warned[code] += len(where)
            self.first_row.setdefault(code, self.row_ids[int(where[0])])

    def warnings(self) -> tuple[RowProblem, ...]:
        return tuple(
            RowProblem(self.first_row[code], code, {"count": count})
            for code, count in self.warned.items()
        )


def land_of(
    geometries: Geometries,
    row_ids: Sequence[str],
    refused: Mapping[int, str] | None = None,
    warned: Mapping[str, Sequence[int]] | None = None,
) -> Land:
    """Return the polygonal land of the rows: two-dimensional, finite, Polygon or MultiPolygon.

    Closed lines are land in a layer without any polygon (drawings, linework). *refused* maps
    positions to codes of rows that the reader already gave up (their geometry is None), *warned*
    maps codes to the positions of rows that the reader already had to mend.
    """
    remarks = _Remarks(row_ids)
    for code, indices in (warned or {}).items():
        for index in indices:
            remarks.warn(index, code)
    for index, code in (refused or {}).items():
        remarks.refuse(index, code)
    # GEOS flags a NaN that it meets; the rows that hold one are refused by name.
    with np.errstate(invalid="ignore", over="ignore"):
        flat = _polygonal(geometries, remarks)
    is_kept = np.isin(shapely.get_type_id(flat), _POLYGONS)
    is_kept[list(remarks.refused)] = False
    kept = np.flatnonzero(is_kept)
    left_out = tuple(remarks.refused[index] for index in sorted(remarks.refused))
    return Land(kept, flat[kept], left_out, remarks.warnings())


def shapes_of(
    geometries: Geometries,
    row_ids: Sequence[str],
    refused: Mapping[int, str] | None = None,
    warned: Mapping[str, Sequence[int]] | None = None,
) -> Land:
    """Return the rows with a shape of any kind: two-dimensional, finite, not empty.

    The arguments are those of :func:`land_of`.
    """
    remarks = _Remarks(row_ids)
    for code, indices in (warned or {}).items():
        for index in indices:
            remarks.warn(index, code)
    for index, code in (refused or {}).items():
        remarks.refuse(index, code)
    with np.errstate(invalid="ignore", over="ignore"):
        flat = _flattened(geometries, remarks)
        _refuse_shapeless(flat, remarks)
    is_kept = np.ones(len(flat), dtype=bool)
    is_kept[list(remarks.refused)] = False
    kept = np.flatnonzero(is_kept)
    left_out = tuple(remarks.refused[index] for index in sorted(remarks.refused))
    return Land(kept, flat[kept], left_out, remarks.warnings())


def _polygonal(geometries: Geometries, remarks: _Remarks) -> Geometries:
    flat = _flattened(geometries, remarks)
    _refuse_unusable(flat, remarks)
    kinds = shapely.get_type_id(flat)
    if np.isin(kinds, (*_POLYGONS, _COLLECTION)).any():
        # Beside polygons, closed lines are outlines or roundabouts: they would overlap.
        remarks.refuse_all(np.isin(kinds, _LINES), "input.row_line")
    for index in np.flatnonzero(np.isin(kinds, (*_LINES, _COLLECTION))).tolist():
        if index not in remarks.refused:
            flat[index] = _land_of_one(flat[index], index, remarks)
    kinds = shapely.get_type_id(flat)
    remarks.refuse_all(np.isin(kinds, _POLYGONS) & _has_no_area(flat), "input.row_no_area")
    return flat


def _flattened(geometries: Geometries, remarks: _Remarks) -> Geometries:
    has_height = shapely.has_z(geometries) | shapely.has_m(geometries)
    if not has_height.any():
        return geometries.copy()
    remarks.warn_all(has_height, "input.height_dropped")
    flat: Geometries = shapely.force_2d(geometries)
    return flat


def _refuse_unusable(geometries: Geometries, remarks: _Remarks) -> None:
    _refuse_shapeless(geometries, remarks)
    remarks.refuse_all(np.isin(shapely.get_type_id(geometries), _POINTS), "input.row_point")


def _refuse_shapeless(geometries: Geometries, remarks: _Remarks) -> None:
    remarks.refuse_all(shapely.is_missing(geometries), "input.row_no_geometry")
    remarks.refuse_all(shapely.is_empty(geometries), "input.row_empty")
    remarks.refuse_all(_is_not_finite(geometries), "input.row_not_finite")


def _is_not_finite(geometries: Geometries) -> NDArray[np.bool_]:
    # Every vertex enters the area, so it tells of polygons without taking out their coordinates.
    found: NDArray[np.bool_] = ~np.isfinite(shapely.area(geometries))
    found &= ~shapely.is_missing(geometries)
    others = np.flatnonzero(~np.isin(shapely.get_type_id(geometries), _POLYGONS))
    points, owners = shapely.get_coordinates(geometries[others], return_index=True)
    found[others[owners[~np.isfinite(points).all(axis=1)]]] = True
    return found


def _has_no_area(geometries: Geometries) -> NDArray[np.bool_]:
    # A bow tie may count as 0 too, but encloses land: its hull tells the two apart.
    flat: NDArray[np.bool_] = shapely.area(geometries) == 0
    flat[flat] = shapely.area(shapely.convex_hull(geometries[flat])) == 0
    return flat


def _land_of_one(geometry: BaseGeometry, index: int, remarks: _Remarks) -> BaseGeometry | None:
    if shapely.get_type_id(geometry) == _COLLECTION:
        land = _land_of_collection(geometry, index, remarks)
    else:
        land = _enclosed(geometry)
        if land is not None:
            remarks.warn(index, "input.lines_closed")
        else:
            remarks.refuse(index, "input.row_open_line")
    return land


def _land_of_collection(
    geometry: BaseGeometry, index: int, remarks: _Remarks
) -> BaseGeometry | None:
    parts = _leaves(geometry)
    kinds = shapely.get_type_id(parts)
    polygons = list(parts[kinds == 3])
    rings = [] if polygons else [_enclosed(line) for line in parts[np.isin(kinds, (1, 2))]]
    polygons += [polygon for polygon in rings if polygon is not None]
    if not polygons:
        remarks.refuse(index, "input.row_no_polygon", kinds=_kinds_in(kinds))
        return None
    remarks.warn(index, "input.collection_polygons")
    if len(polygons) == 1:
        return polygons[0]
    return shapely.multipolygons(polygons)


def _leaves(geometry: BaseGeometry) -> Geometries:
    parts = shapely.get_parts([geometry])
    while (shapely.get_type_id(parts) > 3).any():
        parts = shapely.get_parts(parts)
    leaves: Geometries = parts
    return leaves


def _kinds_in(kinds: NDArray[np.int_]) -> str:
    return ", ".join(_KIND_NAMES[kind] for kind in np.unique(kinds) if 0 <= kind < len(_KIND_NAMES))


def _enclosed(line: BaseGeometry) -> BaseGeometry | None:
    """The land inside closed lines; rings inside rings are holes. None when any line is open."""
    parts = shapely.get_parts([line])
    if not shapely.is_closed(parts).all() or (shapely.get_num_coordinates(parts) < 4).any():
        return None
    if len(parts) == 1:
        return shapely.polygons(shapely.get_coordinates(parts[0]))
    land = shapely.build_area(shapely.geometrycollections(parts))
    return None if land is None or shapely.is_empty(land) else land
