"""The tables that make an SQLite file a GeoPackage 1.3, and the SQL of its layers.

Version 1.3 and not 1.4: older programs in offices read it without a warning, and nothing of 1.4 is
used.
Source: OGC 12-128r18, annexes C (tables), F.3 (R-tree), F.8 (metadata), F.9 (schema);
OGC 18-000 (related tables).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pyproj

from gridadmin.exchange.package_content import GEOMETRY_COLUMN, KEY_COLUMN, Column, Shape
from gridadmin.exchange.sql_names import literal, quoted

APPLICATION_ID = 0x47504B47
"""``GPKG`` in ASCII."""
USER_VERSION = 10300
PAGE_BYTES = 4096

_NOW = "strftime('%Y-%m-%dT%H:%M:%fZ','now')"
_SPECIFICATION = "http://www.geopackage.org/spec130/#"

CORE_TABLES = (
    """CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT)""",
    f"""CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT ({_NOW}),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE gpkg_extensions (
  table_name TEXT,
  column_name TEXT,
  extension_name TEXT NOT NULL,
  definition TEXT NOT NULL,
  scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))""",
    """CREATE TABLE gpkg_ogr_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  feature_count INTEGER DEFAULT NULL)""",
    """CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  name TEXT,
  title TEXT,
  description TEXT,
  mime_type TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name))""",
    """CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL,
  constraint_type TEXT NOT NULL,
  value TEXT,
  min NUMERIC,
  min_is_inclusive BOOLEAN,
  max NUMERIC,
  max_is_inclusive BOOLEAN,
  description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))""",
)

METADATA_TABLES = (
    """CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
  md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL,
  mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT '')""",
    f"""CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL,
  table_name TEXT,
  column_name TEXT,
  row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT ({_NOW}),
  md_file_id INTEGER NOT NULL,
  md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id))""",
)

STYLES_TABLE = """CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256),
  f_table_schema TEXT(256),
  f_table_name TEXT(256),
  f_geometry_column TEXT(256),
  styleName TEXT(30),
  styleQML TEXT,
  styleSLD TEXT,
  useAsDefault BOOLEAN,
  description TEXT,
  owner TEXT(30),
  ui TEXT(30),
  update_time DATETIME DEFAULT CURRENT_TIMESTAMP)"""

SCHEMA_EXTENSION = tuple(
    (table, None, "gpkg_schema", f"{_SPECIFICATION}extension_schema", "read-write")
    for table in ("gpkg_data_columns", "gpkg_data_column_constraints")
)
METADATA_EXTENSION = tuple(
    (table, None, "gpkg_metadata", f"{_SPECIFICATION}extension_metadata", "read-write")
    for table in ("gpkg_metadata", "gpkg_metadata_reference")
)


RELATIONS_TABLE = """CREATE TABLE gpkgext_relations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  base_table_name TEXT NOT NULL,
  base_primary_column TEXT NOT NULL DEFAULT 'id',
  related_table_name TEXT NOT NULL,
  related_primary_column TEXT NOT NULL DEFAULT 'id',
  relation_name TEXT NOT NULL,
  mapping_table_name TEXT NOT NULL UNIQUE
)"""


def mapping_table(name: str) -> str:
    """Return the SQL of a table of pairs of related rows."""
    return f"CREATE TABLE {quoted(name)} (base_id INTEGER NOT NULL, related_id INTEGER NOT NULL)"


def relations_extension(table: str) -> tuple[str, None, str, str, str]:
    """Return the row of ``gpkg_extensions`` that declares a table of relations."""
    definition = "http://www.opengis.net/doc/IS/gpkg-rte/1.0"
    return table, None, "gpkg_related_tables", definition, "read-write"


def rtree_extension(table: str) -> tuple[str, str, str, str, str]:
    """Return the row of ``gpkg_extensions`` that declares the spatial index of *table*."""
    definition = f"{_SPECIFICATION}extension_rtree"
    return table, GEOMETRY_COLUMN, "gpkg_rtree_index", definition, "write-only"


@cache
def reference_systems(srs_id: int) -> list[tuple[str, int, str, int, str, str]]:
    """Return the rows of ``gpkg_spatial_ref_sys``: the three obligatory ones and *srs_id*."""
    rows = [
        ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian system"),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic system"),
    ]
    for number in sorted({4326, srs_id} - {-1}):
        crs = pyproj.CRS.from_epsg(number)
        # Programs expect WKT 1 with EPSG's axes; a GeoPackage stores x = lon, y = lat all the same.
        wkt = crs.to_wkt("WKT1_GDAL")
        stored = "stored as longitude, latitude in degrees"
        rows.append((crs.name, number, "EPSG", number, wkt, stored))
    return rows


def rtree_name(table: str) -> str:
    """Return the name of the spatial index of *table*."""
    return f"rtree_{table}_{GEOMETRY_COLUMN}"


def user_table(table: str, columns: Sequence[Column], shape: Shape | None) -> str:
    """Return the statement that creates a layer, or an attribute table when it has no shape."""
    parts = [f"{quoted(KEY_COLUMN)} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"]
    if shape is not None:
        parts.append(f"{quoted(GEOMETRY_COLUMN)} {shape}")
    parts += [f"{quoted(column.name)} {column.type}" for column in columns]
    return f"CREATE TABLE {quoted(table)} ({', '.join(parts)})"


def count_triggers(table: str) -> list[str]:
    """Return the triggers that keep GDAL's feature count true when another program edits."""
    triggers = []
    for event, step in (("insert", "+ 1"), ("delete", "- 1")):
        name = quoted(f"trigger_{event}_feature_count_{table}")
        count = f"UPDATE gpkg_ogr_contents SET feature_count = feature_count {step}"  # noqa: S608 - ours
        where = f"WHERE lower(table_name) = lower({literal(table)})"
        event_on = f"AFTER {event.upper()} ON {quoted(table)}"
        triggers.append(f"CREATE TRIGGER {name} {event_on} BEGIN {count} {where}; END")
    return triggers


def rtree_triggers(table: str) -> list[str]:
    """Return the triggers by which another program's edits keep the spatial index true."""
    layer, index = quoted(table), quoted(rtree_name(table))
    key, geom = quoted(KEY_COLUMN), quoted(GEOMETRY_COLUMN)
    box = ", ".join(f"ST_{side}(NEW.{geom})" for side in ("MinX", "MaxX", "MinY", "MaxY"))
    put = f"INSERT OR REPLACE INTO {index} VALUES (NEW.{key}, {box});"  # noqa: S608 - quoted
    drop_old = f"DELETE FROM {index} WHERE id = OLD.{key};"  # noqa: S608 - quoted
    drop_both = f"DELETE FROM {index} WHERE id IN (OLD.{key}, NEW.{key});"  # noqa: S608 - quoted
    has_land = f"(NEW.{geom} NOTNULL AND NOT ST_IsEmpty(NEW.{geom}))"
    has_none = f"(NEW.{geom} ISNULL OR ST_IsEmpty(NEW.{geom}))"
    is_same, is_other = f"OLD.{key} = NEW.{key}", f"OLD.{key} != NEW.{key}"
    of_geom = f"UPDATE OF {geom}"
    triggers = (
        ("insert", "INSERT", has_land, put),
        ("update1", of_geom, f"{is_same} AND {has_land}", put),
        ("update2", of_geom, f"{is_same} AND {has_none}", drop_old),
        ("update3", "UPDATE", f"{is_other} AND {has_land}", drop_old + " " + put),
        ("update4", "UPDATE", f"{is_other} AND {has_none}", drop_both),
        ("delete", "DELETE", f"OLD.{geom} NOT NULL", drop_old),
    )
    return [
        f"CREATE TRIGGER {quoted(f'{rtree_name(table)}_{name}')} AFTER {event} ON {layer}"
        f" WHEN {condition} BEGIN {action} END"
        for name, event, condition, action in triggers
    ]
