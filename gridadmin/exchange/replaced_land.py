"""Write a boundary file again with other land in some of its rows; all else stays as it is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gridadmin.base.errors import InputError, StoreError
from gridadmin.exchange.geojson_reader import features_of, loaded
from gridadmin.exchange.geopackage_file import MAGIC, opened
from gridadmin.exchange.gpkg_blob import blobs
from gridadmin.exchange.shapefile_text import encoding_of
from gridadmin.exchange.source import FeatureTable
from gridadmin.exchange.sql_names import quoted
from gridadmin.exchange.whole_file import part_beside, switch

Land = Mapping[str, shapely.Geometry]
"""New land by the id of its row, as the reader of the file numbers rows."""

_DRIVERS = {
    ".gpkg": "GPKG",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".shp": "ESRI Shapefile",
    ".fgb": "FlatGeobuf",
}


def write_replaced(table: FeatureTable, land: Land, out: Path) -> None:
    """Write the file of *table* to *out* with other *land* in some rows.

    In the same format rows, columns, styles, other layers and CRS are kept as they are; another
    format, by the extension of *out*, gets the rows and columns of the one layer.

    Raises: InputError ``repair.unknown_format``, ``repair.not_for_views``, ``export.no_folder``;
        StoreError of the disk.
    """
    writer = _writer_of(table, out)
    with part_beside(out) as part:
        part.mkdir()
        writer(table, land, part / out.name)
        for finished in sorted(part.iterdir()):
            switch(finished, out.with_name(finished.name))


Writer = Callable[[FeatureTable, Land, Path], None]


def _writer_of(table: FeatureTable, out: Path) -> Writer:
    suffix = out.suffix.lower()
    with table.path.open("rb") as file:
        is_geopackage = file.read(len(MAGIC)) == MAGIC
    is_geojson = table.path.suffix.lower() in (".geojson", ".json", ".geojsonl")
    if is_geopackage and suffix == ".gpkg":
        return _write_geopackage
    if is_geojson and suffix in (".geojson", ".json", ".geojsonl"):
        return _write_geojson
    if suffix not in _DRIVERS:
        raise InputError("repair.unknown_format", file=str(out), known=" ".join(_DRIVERS))
    return _write_by_gdal


def _write_geopackage(table: FeatureTable, land: Land, out: Path) -> None:
    """Copy the database and put the new geometries into it."""
    with opened(table.path) as file, closing(sqlite3.connect(out)) as target:
        file.connection.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
        _put_geometries(target, table, land)
        target.commit()


def _put_geometries(target: sqlite3.Connection, table: FeatureTable, land: Land) -> None:
    name = table.layer
    described = target.execute(
        "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?", (name,)
    ).fetchone()
    (kind,) = target.execute("SELECT type FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    if described is None or kind == "view":
        raise InputError("repair.not_for_views", file=table.path.name, layer=name)
    column, srs_id = described
    info = target.execute(f"PRAGMA table_info({quoted(name)})").fetchall()
    key = next((row[1] for row in info if row[5] and row[2].upper() == "INTEGER"), "rowid")
    ids = [int(row) for row in land]
    shapes = np.array(list(land.values()), dtype=object)
    boxes = shapely.bounds(shapes).reshape(-1, 4)
    wkbs = shapely.to_wkb(shapes, byte_order=1, flavor="iso").tolist()
    # The triggers of the index call functions that SQLite alone doesn't have.
    triggers = target.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (name,)
    ).fetchall()
    for trigger, _ in triggers:
        target.execute(f"DROP TRIGGER {quoted(trigger)}")
    target.executemany(
        f"UPDATE {quoted(name)} SET {quoted(column)} = ? WHERE {quoted(key)} = ?",  # noqa: S608
        zip(blobs(wkbs, boxes, srs_id), ids, strict=True),
    )
    index = f"rtree_{name}_{column}"
    if target.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (index,)).fetchone():
        target.executemany(
            f"INSERT OR REPLACE INTO {quoted(index)} VALUES (?, ?, ?, ?, ?)",  # noqa: S608
            [(i, x0, x1, y0, y1) for i, (x0, y0, x1, y1) in zip(ids, boxes.tolist(), strict=True)],
        )
    for _, sql in triggers:
        target.execute(sql)
    _note_extent(target, table, shapely.get_parts(shapes))


def _note_extent(target: sqlite3.Connection, table: FeatureTable, shapes: np.ndarray) -> None:
    x0, y0, x1, y1 = shapely.total_bounds(np.concatenate((table.geometries, shapes))).tolist()
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    target.execute(
        "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?, last_change = ?"
        " WHERE table_name = ?",
        (x0, y0, x1, y1, now, table.layer),
    )


def _write_geojson(table: FeatureTable, land: Land, out: Path) -> None:
    """Write the document again with other geometries; its members and numbers stay."""
    document, _ = loaded(table.path)
    features = features_of(document, table.path)
    for row, shape in land.items():
        feature = features[int(row) - 1]
        feature["geometry"] = json.loads(shapely.to_geojson(shape))
    if document.get("type") not in ("FeatureCollection", "Feature"):
        document = features[0]["geometry"]
    out.write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_by_gdal(table: FeatureTable, land: Land, out: Path) -> None:
    import fiona
    from fiona.errors import FionaError

    driver = _DRIVERS[out.suffix.lower()]
    is_geojson = table.path.suffix.lower() in (".geojson", ".json", ".geojsonl")
    is_shapefile = table.path.suffix.lower() == ".shp"
    reading: dict[str, Any] = {"encoding": encoding_of(table.path).name} if is_shapefile else {}
    try:
        with fiona.open(str(table.path), layer=_layer(table), **reading) as source:
            schema = dict(source.schema)
            if driver != "ESRI Shapefile":
                schema["geometry"] = "Unknown"
            writing: dict[str, Any] = {"driver": driver, "schema": schema}
            if source.crs_wkt:
                writing["crs_wkt"] = source.crs_wkt
            if driver == "ESRI Shapefile":
                writing["encoding"] = reading.get("encoding", "UTF-8")
            if driver == "GPKG":
                writing["layer"] = table.layer
            with fiona.open(str(out), "w", **writing) as sink:
                for number, record in enumerate(source, start=1):
                    shape = land.get(str(number) if is_geojson else str(record.id))
                    geometry: Any = record.geometry
                    if shape is not None:
                        geometry = shapely.geometry.mapping(shape)
                    properties = dict(record.properties)
                    sink.write({"geometry": geometry, "properties": properties})
    except (FionaError, ValueError, RuntimeError) as error:
        raise StoreError("export.write_failed", file=str(out), why=str(error)) from error


def _layer(table: FeatureTable) -> str | None:
    return table.layer if table.path.suffix.lower() == ".gpkg" else None
