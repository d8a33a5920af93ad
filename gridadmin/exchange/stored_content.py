"""A package's content in the form in which the file stores it, and the hash of that content.

Rings begin at their lowest vertex and shells run counter-clockwise, parts stand in a fixed order,
rows in the order of their fid: however an outline was walked, the same land gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import msgpack
import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.exchange.gpkg_blob import HEADER_BYTES
from gridadmin.exchange.package_content import (
    GEOMETRY_COLUMN,
    KEY_COLUMN,
    AttributeTable,
    Column,
    ColumnType,
    Geometries,
    Layer,
    Package,
    Row,
    Shape,
)
from gridadmin.exchange.stored_outlines import stored_outlines

TYPE_IDS = {Shape.MULTIPOLYGON: 6, Shape.POINT: 0}
"""How shapely counts the kinds of geometry."""
_INTEGERS = range(-(2**63), 2**63)
_RESERVED = ("gpkg_", "sqlite_", "rtree_", "layer_styles")


@dataclass(frozen=True, slots=True, eq=False)
class StoredTable:
    """Rows of a layer or table, column by column.

    ``blobs`` and ``boxes`` ``(n, 4)`` (min x, min y, max x, max y) are None for tables without
    land. ``is_given`` ``(n,)`` tells which blobs were shown to be the given outline.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    fids: NDArray[np.int64]
    values: list[list[Any]]
    blobs: list[bytes] | None = None
    boxes: NDArray[np.float64] | None = None
    is_given: NDArray[np.bool_] | None = None
    shape: Shape = Shape.MULTIPOLYGON

    def wkbs(self) -> list[bytes]:
        """Return the outlines of the rows as WKB."""
        return [blob[HEADER_BYTES:] for blob in self.blobs or ()]


def stored_layer(layer: Layer, srs_id: int) -> StoredTable:
    """Return what the file holds of *layer*, in the coordinate system *srs_id*.

    Raises: InputError ``export.bad_name``, ``export.duplicate_fid``, ``export.bad_outline``,
    ``export.bad_value``.
    """
    _check_names(layer.name, layer.columns)
    _check_fids(layer)
    order = np.argsort(layer.fids)
    fids = np.asarray(layer.fids, dtype=np.int64)[order]
    outlines = layer.geometries[order]
    boxes = shapely.bounds(outlines).reshape(-1, 4)
    _check_outlines(layer, fids, outlines, boxes)
    rows = [layer.values[i] for i in order.tolist()]
    stored = stored_outlines(outlines, layer.shape, boxes, srs_id)
    return StoredTable(
        layer.name,
        layer.title,
        layer.columns,
        fids,
        _stored_columns(layer.name, layer.columns, rows),
        stored.blobs,
        boxes,
        stored.is_given,
        layer.shape,
    )


def stored_table(table: AttributeTable) -> StoredTable:
    """Return what the file holds of *table*.

    Raises: InputError ``export.bad_name``, ``export.bad_value``.
    """
    _check_names(table.name, table.columns)
    fids = np.arange(1, len(table.rows) + 1, dtype=np.int64)
    values = _stored_columns(table.name, table.columns, table.rows)
    return StoredTable(table.name, table.title, table.columns, fids, values)


def stored_package(package: Package, progress: Progress = SILENT) -> list[StoredTable]:
    """Return what the file holds of all layers and tables of *package*, layers first.

    Raises: Cancelled; what :func:`stored_layer` raises.
    """
    names = Counter(layer.name.lower() for layer in package.layers)
    names.update(table.name.lower() for table in package.tables)
    for name, count in names.items():
        if count > 1:
            raise InputError("export.bad_name", layer=name, name=name)
    stored: list[StoredTable] = []
    for layer in package.layers:
        checkpoint(progress, "progress.export_prepare", len(stored), len(names))
        stored.append(stored_layer(layer, package.srs_id))
    for table in package.tables:
        checkpoint(progress, "progress.export_prepare", len(stored), len(names))
        stored.append(stored_table(table))
    return stored


def content_hash(package: Package) -> str:
    """Return the SHA-256 over what *package* says: land, rows, columns, coordinate system.

    The order of layers and rows, fids, titles, styles, metadata and times do not enter.
    """
    return hash_of(stored_package(package), package.srs_id)


def hash_of(tables: Iterable[StoredTable], srs_id: int) -> str:
    """Return the content hash of tables that are already in their stored form."""
    total = hashlib.sha256(msgpack.packb(["gridadmin-content-1", srs_id]))
    for table in sorted(tables, key=lambda each: each.name):
        columns = [(column.name, str(column.type)) for column in table.columns]
        head = [table.name, table.blobs is not None, columns, len(table.fids)]
        total.update(msgpack.packb(head))
        total.update(b"".join(sorted(_row_digests(table))))
    return total.hexdigest()


def _row_digests(table: StoredTable) -> list[bytes]:
    values: Iterable[Row] = (
        zip(*table.values, strict=True) if table.values else [()] * len(table.fids)
    )
    packed, sha256 = map(msgpack.Packer().pack, values), hashlib.sha256
    if table.blobs is None:
        return [sha256(row).digest() for row in packed]
    pairs = zip(packed, table.blobs, strict=True)
    return [sha256(row + blob[HEADER_BYTES:]).digest() for row, blob in pairs]


def _check_names(table: str, columns: Sequence[Column]) -> None:
    if not table.strip() or table.lower().startswith(_RESERVED):
        raise InputError("export.bad_name", layer=table, name=table)
    counts = Counter(column.name.lower() for column in columns)
    for column in columns:
        name = column.name.lower()
        is_taken = counts[name] > 1 or name in {KEY_COLUMN, GEOMETRY_COLUMN}
        if not name.strip() or is_taken:
            raise InputError("export.bad_name", layer=table, name=column.name)


def _check_fids(layer: Layer) -> None:
    if not len(layer.fids) == len(layer.geometries) == len(layer.values):
        message = f"layer {layer.name}: fids, geometries and values differ in length"
        raise ValueError(message)
    numbers, counts = np.unique(layer.fids, return_counts=True)
    if (counts > 1).any():
        raise InputError("export.duplicate_fid", layer=layer.name, fid=int(numbers[counts > 1][0]))


def _check_outlines(
    layer: Layer, fids: NDArray[np.int64], outlines: Geometries, boxes: NDArray[np.float64]
) -> None:
    # What is empty, or nothing at all, has no box of numbers.
    is_bad = shapely.get_type_id(outlines) != TYPE_IDS[layer.shape]
    is_bad |= ~np.isfinite(boxes).all(axis=1)
    if is_bad.any():
        raise InputError("export.bad_outline", layer=layer.name, fid=int(fids[is_bad][0]))


def _stored_columns(name: str, columns: Sequence[Column], rows: Sequence[Row]) -> list[list[Any]]:
    by_column: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(columns)
    stored = []
    for column, values in zip(columns, by_column, strict=True):
        try:
            stored.append(_stored(column.type, values))
        except (TypeError, ValueError, OverflowError) as error:
            raise InputError("export.bad_value", layer=name, column=column.name) from error
    return stored


def _stored(kind: ColumnType, values: Sequence[Any]) -> list[Any]:
    """Return *values* as SQLite gives them back, so that equal content has equal bytes."""
    types = set(map(type, values)) - {type(None)}
    match kind:
        case ColumnType.REAL:
            # + 0.0 makes one zero of two; SQLite stores NaN as NULL.
            numbers = [None if v is None else float(v) + 0.0 for v in values]
            return [None if v is None or isnan(v) else v for v in numbers]
        case ColumnType.INTEGER:
            whole = _converted(int, values) if types - {int} else list(values)
            if any(number not in _INTEGERS for number in _extremes(whole)):
                raise OverflowError
            return whole
        case ColumnType.BOOLEAN:
            return _converted(lambda value: int(bool(value)), values)
        case ColumnType.TEXT:
            texts = (
                [None if v is None else str(v) for v in values] if types - {str} else list(values)
            )
        case ColumnType.DATE:
            texts = _converted(_date, values)
        case _:
            texts = _converted(utc_text, values)
    # A lone surrogate, from a file name or a hostile table, has no UTF-8: found here, not halfway.
    "".join(filter(None, texts)).encode()
    return texts


def _converted(convert: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    # Columns repeat few values, so each is converted once. 1, 1.0 and True are one key: whatever
    # tells them apart must not come here.
    known = {value: convert(value) for value in set(values) if value is not None}
    return [None if value is None else known[value] for value in values]


def _extremes(numbers: Sequence[int | None]) -> list[int]:
    known = [number for number in numbers if number is not None]
    return [min(known), max(known)] if known else []


def _date(value: dt.date | str) -> str:
    date = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    return date.isoformat()[:10]


def utc_text(value: dt.datetime | str) -> str:
    """Return a moment as GeoPackage writes it; one without a time zone counts as UTC.

    Raises: ValueError for text that isn't ISO 8601.
    """
    moment = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    moment = moment.astimezone(dt.UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
