"""What makes a project file a valid GeoPackage: its tables of contents, its layers, its polygons.

Every level is a view over areas and their land, so a reader such as QGIS sees current polygons and
can't break them. Registering one attribute view keeps such readers from listing our own tables.

Source: OGC 12-128r17 (GeoPackage 1.3), requirements 2, 10-33, 150 and 151.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Table,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert_into

from gridadmin.base.errors import StoreError
from gridadmin.domain.model import CELL_LEVEL
from gridadmin.store.tables import LAND, table_of

APPLICATION_ID = int.from_bytes(b"GPKG", "big")
USER_VERSION = 10300

LEVEL_LAYERS = ("city", "district", "street", "community", "grid", "micro_grid", CELL_LEVEL)
LAYERS = (*LEVEL_LAYERS, "exempt")
"""Polygon layers that every project file shows to outside readers."""
AREAS_LAYER = "areas"
"""All areas, with or without land, without polygons."""

UNDEFINED_SRS = -1
"""Cartesian and undefined: what the layers say until the first import sets the plane."""
OWN_SRS = 100_000
"""``srs_id`` of a plane that has no EPSG number."""

_HEADER = struct.Struct("<2sBBi4d")
_ENVELOPE_LITTLE_ENDIAN = 0b0000_0011

_POLYGON, _MULTIPOLYGON = 3, 6
_MULTI_OF_ONE = struct.pack("<BII", 1, _MULTIPOLYGON, 1)
"""What makes the WKB of a polygon the WKB of a multipolygon that holds it alone."""

_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)

_CONTENT_TABLES = (
    """CREATE TABLE gpkg_spatial_ref_sys (
        srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
        organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)""",
    """CREATE TABLE gpkg_contents (
        table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
        description TEXT DEFAULT '',
        last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
        min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
        CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE gpkg_geometry_columns (
        table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
        srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
        CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
        CONSTRAINT uk_gc_table_name UNIQUE (table_name),
        CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
        CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))""",
)


@dataclass(frozen=True, slots=True)
class Plane:
    """The projected CRS of a project, as its setting ``plane`` says it."""

    wkt: str
    epsg: int | None

    @property
    def srs_id(self) -> int:
        """The number under which the file's polygons name the plane."""
        return OWN_SRS if self.epsg is None else self.epsg


def plane_of(setting: str) -> Plane:
    """Return the plane that the JSON text of the setting ``plane`` names (keys wkt, epsg).

    Raises: StoreError ``store.bad_plane``.
    """
    try:
        values = json.loads(setting)
        wkt, epsg = values["wkt"], values.get("epsg")
    except (ValueError, TypeError, KeyError, AttributeError) as cause:
        raise StoreError("store.bad_plane", value=setting[:80]) from cause
    if not isinstance(wkt, str) or not (epsg is None or isinstance(epsg, int)):
        raise StoreError("store.bad_plane", value=setting[:80])
    return Plane(wkt, epsg)


def create_contents(connection: Connection) -> None:
    """Make the tables of contents and the layers; our own tables must be there already."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {USER_VERSION}")
    for statement in _CONTENT_TABLES:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
        [
            ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", None),
            ("Undefined geographic SRS", 0, "NONE", 0, "undefined", None),
            ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84, None),
        ],
    )
    create_views(connection)
    _register_layers(connection)


def drop_views(connection: Connection) -> None:
    """Take the layers away, so that a migration may rebuild the tables under them."""
    for view in (*LAYERS, AREAS_LAYER):
        connection.exec_driver_sql(f"DROP VIEW {view}")


def create_views(connection: Connection) -> None:
    """Make the layers: a view for every level, for exempt land and for all areas."""
    area, exempt = table_of("area"), table_of("exempt")
    for level in LEVEL_LAYERS:
        land_of_level = (
            select(LAND.c.oid.label("fid"), LAND.c.geom, *_area_columns(area))
            .join_from(area, LAND, LAND.c.oid == area.c.oid)
            .where(area.c.level == level)
        )
        _create_view(connection, level, land_of_level)
    exempt_columns = ("uid", "name", "reason", "approver", "since", "until", "revision")
    exempt_land = select(
        LAND.c.oid.label("fid"), LAND.c.geom, *(exempt.c[name] for name in exempt_columns)
    ).join_from(exempt, LAND, LAND.c.oid == exempt.c.oid)
    _create_view(connection, "exempt", exempt_land)
    all_areas = select(
        area.c.oid.label("fid"), *_area_columns(area), area.c.land, area.c.cell.label("cell_uid")
    )
    _create_view(connection, AREAS_LAYER, all_areas)


def _create_view(connection: Connection, name: str, query: Select[Any]) -> None:
    sql = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    connection.exec_driver_sql(f"CREATE VIEW {name} AS {sql}")


def _area_columns(area: Table) -> list[ColumnElement[Any]]:
    """Return the columns that outside readers see, under their names in exports."""
    return [
        *(area.c[name] for name in ("uid", "code", "name", "level", "kind")),
        area.c.area_class.label("class"),
        area.c.parent.label("parent_uid"),
        *(area.c[name] for name in ("valid_from", "valid_to", "revision")),
    ]


def _register_layers(connection: Connection) -> None:
    contents = "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES "
    connection.exec_driver_sql(
        contents + "(?, 'features', ?, ?)", [(name, name, UNDEFINED_SRS) for name in LAYERS]
    )
    connection.exec_driver_sql(contents + "(?, 'attributes', ?, NULL)", (AREAS_LAYER, AREAS_LAYER))
    connection.exec_driver_sql(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'MULTIPOLYGON', ?, 0, 0)",
        [(name, UNDEFINED_SRS) for name in LAYERS],
    )


def set_plane(connection: Connection, plane: Plane | None) -> None:
    """Make *plane* (None = undefined again) the CRS of all layers and of the land in them."""
    srs_id = UNDEFINED_SRS if plane is None else plane.srs_id
    if plane is not None:
        organization = "NONE" if plane.epsg is None else "EPSG"
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)",
            (_srs_name(plane), srs_id, organization, srs_id, plane.wkt),
        )
    for table in ("gpkg_contents", "gpkg_geometry_columns"):
        sql = f"UPDATE {table} SET srs_id = ? WHERE srs_id IS NOT NULL"  # noqa: S608 names above
        connection.exec_driver_sql(sql, (srs_id,))
    stored = connection.execute(select(LAND.c.oid, LAND.c.geom)).all()
    if stored:
        number = struct.pack("<i", srs_id)
        connection.execute(
            update(LAND).where(LAND.c.oid == bindparam("key")).values(geom=bindparam("blob")),
            [{"key": oid, "blob": blob[:4] + number + blob[8:]} for oid, blob in stored],
        )


def current_srs_id(connection: Connection) -> int:
    """Return the number of the CRS that the layers are in now."""
    statement = "SELECT srs_id FROM gpkg_geometry_columns LIMIT 1"
    srs_id = connection.exec_driver_sql(statement).scalar_one_or_none()
    return UNDEFINED_SRS if srs_id is None else int(srs_id)


def pack_lands(lands: Mapping[int, bytes], srs_id: int) -> list[tuple[int, bytes]]:
    """Return (oid, GeoPackage blob of a MULTIPOLYGON with its envelope) of WKB polygons.

    Raises: StoreError ``store.bad_land`` for what is no polygon with land.
    """
    oids = sorted(lands)
    shapes = _read_polygons(oids, [lands[oid] for oid in oids])
    kinds = shapely.get_type_id(shapes).tolist()
    bodies = shapely.to_wkb(shapes, output_dimension=2, byte_order=1, flavor="iso").tolist()
    bounds = shapely.bounds(shapes).tolist()
    blobs = []
    for oid, kind, body, (west, south, east, north) in zip(
        oids, kinds, bodies, bounds, strict=True
    ):
        head = _HEADER.pack(b"GP", 0, _ENVELOPE_LITTLE_ENDIAN, srs_id, west, east, south, north)
        blobs.append((oid, head + (_MULTI_OF_ONE if kind == _POLYGON else b"") + body))
    return blobs


def unpack_land(blob: bytes) -> bytes:
    """Return the WKB inside a blob that :func:`pack_lands` made."""
    return blob[_HEADER.size :]


def write_lands(connection: Connection, lands: Mapping[int, bytes | None]) -> None:
    """Store polygons given as WKB; None takes one away.

    Raises: StoreError ``store.bad_land``.
    """
    gone = [{"key": oid} for oid, wkb in lands.items() if wkb is None]
    if gone:
        connection.execute(delete(LAND).where(LAND.c.oid == bindparam("key")), gone)
    kept = {oid: wkb for oid, wkb in lands.items() if wkb is not None}
    if kept:
        packed = pack_lands(kept, current_srs_id(connection))
        connection.exec_driver_sql(_land_upsert(connection.dialect), packed)


@cache
def _land_upsert(dialect: Dialect) -> str:
    """Return the SQL that stores one polygon; compiling it costs more than running it."""
    statement = upsert_into(LAND)
    statement = statement.on_conflict_do_update(
        index_elements=["oid"], set_={"geom": statement.excluded.geom}
    )
    return str(statement.compile(dialect=dialect))


def mark_layers_changed(connection: Connection) -> None:
    """Tell outside readers that the layers have changed just now."""
    connection.exec_driver_sql(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now')"
    )


def _read_polygons(oids: Sequence[int], wkbs: list[bytes]) -> np.ndarray:
    shapes: np.ndarray = shapely.from_wkb(wkbs, on_invalid="ignore")
    kinds = shapely.get_type_id(shapes)
    is_bad = ~np.isin(kinds, (_POLYGON, _MULTIPOLYGON)) | shapely.is_empty(shapes)
    if is_bad.any():
        first = int(np.flatnonzero(is_bad)[0])
        raise StoreError("store.bad_land", oid=oids[first])
    return shapes


def _srs_name(plane: Plane) -> str:
    """Return the name in the WKT: the first quoted text."""
    parts = plane.wkt.split('"')
    return parts[1] if len(parts) > 2 else "project plane"
