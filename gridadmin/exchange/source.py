"""What a boundary file holds once it is read, whatever its format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from gridadmin.base.texts import sentence

Geometries = NDArray[np.object_]
"""Shapely geometries or None, one per row."""

POLYGONAL = frozenset(
    {"POLYGON", "MULTIPOLYGON", "CURVEPOLYGON", "MULTISURFACE", "SURFACE", "GEOMETRY"}
)
NO_GEOMETRY = "NONE"


@dataclass(frozen=True, slots=True)
class SourceLayer:
    """A layer of a file. ``geometry_kind`` is upper case as in GeoPackage, or ``NONE``.

    ``crs_text`` is what the file itself says, also where that is no CRS we know.
    """

    name: str
    feature_count: int
    geometry_kind: str
    columns: tuple[str, ...]
    crs: CRS | None
    crs_text: str

    @property
    def may_hold_land(self) -> bool:
        """Whether the layer is declared for polygons, or for geometries of any kind."""
        return self.geometry_kind in POLYGONAL


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row, or (as a warning) with several or with the whole layer.

    ``row`` is the row's id as text, empty when the whole layer is meant; ``code`` has a sentence
    in the texts. A warning that many rows share is one problem: its ``params`` hold their
    ``count``.
    """

    row: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, lang: str) -> str:
        """Return what is wrong, in words."""
        return sentence(self.code, lang, {"row": self.row, **self.params})


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """The usable rows of a layer: polygonal land and the columns beside it.

    ``columns`` holds one list per column; every list, ``row_ids`` and ``geometries`` (Polygon,
    MultiPolygon, or None in tables that have no geometry at all) are equally long. Polygons are
    two-dimensional and finite, but may still be invalid (crossing themselves). ``left_out`` are
    rows that are not here.
    """

    path: Path
    layer: str
    crs: CRS | None
    crs_text: str
    columns: dict[str, list[object]]
    row_ids: list[str]
    geometries: Geometries
    left_out: tuple[RowProblem, ...] = ()
    warnings: tuple[RowProblem, ...] = ()

    def __len__(self) -> int:
        return len(self.row_ids)

    @property
    def has_land(self) -> bool:
        """Whether the rows have polygons; False for listed rows."""
        return any(geometry is not None for geometry in self.geometries)

    def texts(self, column: str) -> list[str | None]:
        """Return the values of a column as text, None where there is none."""
        return [as_text(value) for value in self.columns[column]]

    def warned(self, *warnings: RowProblem) -> FeatureTable:
        """Return the table with further warnings."""
        return replace(self, warnings=self.warnings + warnings)


def as_text(value: object) -> str | None:
    """Return a value as text without loss: whole numbers without a point, blank text as None."""
    if value is None or isinstance(value, bytes):
        return None
    if isinstance(value, float):
        if not isfinite(value):
            return None
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return str(value).strip() or None
