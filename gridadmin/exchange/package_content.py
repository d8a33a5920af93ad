"""What goes into an exported package, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Row = tuple[Any, ...]
Geometries = NDArray[np.object_]
SrsId = Literal[4490, 4326, -1]

GEOMETRY_COLUMN = "geom"
KEY_COLUMN = "fid"


class Shape(StrEnum):
    """The kinds of geometry that a layer may hold, as GeoPackage names them."""

    MULTIPOLYGON = "MULTIPOLYGON"
    POINT = "POINT"


class ColumnType(StrEnum):
    """The GeoPackage types that an export uses."""

    TEXT = "TEXT"
    INTEGER = "INTEGER"
    REAL = "REAL"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    DATETIME = "DATETIME"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a layer or table; ``fid`` and ``geom`` are there without being named."""

    name: str
    type: ColumnType
    title_zh: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Polygons, or points, with their rows.

    ``fids`` is ``(n,) int64``, ``geometries`` ``(n,)`` MultiPolygons (or Points, as ``shape``
    says) in lon, lat degrees, ``values`` one tuple per row in the order of ``columns``.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    fids: NDArray[np.int64]
    geometries: Geometries
    values: list[Row]
    style_qml: str | None = None
    shape: Shape = Shape.MULTIPOLYGON


@dataclass(frozen=True, slots=True, eq=False)
class AttributeTable:
    """Rows without land; their ``fid`` counts from 1 in the given order."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: list[Row]


class Metadata(NamedTuple):
    """A document about the whole package; ``scope`` is mostly ``dataset``."""

    scope: str
    standard_uri: str
    mime: str
    text: str


class Relation(NamedTuple):
    """Rows of a table that belong to rows of a layer or table, as pairs of their fids."""

    base: str
    related: str
    pairs: Sequence[tuple[int, int]]

    @property
    def mapping_table(self) -> str:
        """The table that holds the pairs."""
        return f"{self.base}_{self.related}"


@dataclass(frozen=True, slots=True, eq=False)
class Package:
    """Everything that one export holds.

    ``last_change`` is ISO 8601; the same content with the same ``last_change`` gives the same
    bytes. None takes the present time. ``srs_id`` -1 is a plane that nobody named.
    """

    layers: tuple[Layer, ...]
    tables: tuple[AttributeTable, ...] = ()
    srs_id: SrsId = 4490
    description: str = ""
    metadata: tuple[Metadata, ...] = field(default=())
    last_change: str | None = None
    relations: tuple[Relation, ...] = ()
