"""Writes a GeoPackage from plain data: whole, checked and durable, or not at all."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from gridadmin.base.errors import InputError, StoreError
from gridadmin.base.memory import collector_paused
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.exchange import gpkg_schema as schema
from gridadmin.exchange.insertion import insert_rows
from gridadmin.exchange.package_content import (
    GEOMETRY_COLUMN,
    KEY_COLUMN,
    Layer,
    Package,
    Relation,
)
from gridadmin.exchange.package_proof import PackageProof, rows_of
from gridadmin.exchange.packed_rtree import Packer, pack, write_index
from gridadmin.exchange.sql_names import quoted
from gridadmin.exchange.stored_content import (
    StoredTable,
    hash_of,
    stored_package,
    utc_text,
)
from gridadmin.exchange.whole_file import part_beside, switch

_ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class WrittenPackage:
    """What a finished package is: bytes, SHA-256 of the file, hash of its content."""

    size: int
    sha256: str
    content_hash: str


def write_package(
    path: Path, package: Package, progress: Progress = SILENT, *, packer: Packer = pack
) -> WrittenPackage:
    """Write *package* to *path*, in the place of an older file, and return what was written.

    The file is built beside *path*, checked, made durable and only then switched into place: when
    anything fails or is cancelled, *path* is what it was before. A spatial index by *packer* in
    which SQLite finds a fault is built anew by SQLite.

    Raises: Cancelled; InputError ``export.bad_name``, ``export.bad_value``, ``export.bad_outline``,
    ``export.duplicate_fid``, ``export.no_folder``, ``export.target_is_folder``; StoreError
    ``export.not_valid``, ``export.disk_full``, ``export.folder_read_only``,
    ``export.target_in_use``, ``export.write_failed``.
    """
    if path.is_dir():
        raise InputError("export.target_is_folder", file=str(path))
    with collector_paused(), part_beside(path) as part, PackageProof(package) as proof:
        stored = stored_package(package, progress)
        proof.take(stored)
        _build(part, package, stored, packer, progress)
        of_file = proof.of_file(part, stored)
        content = hash_of(stored, package.srs_id)
        if of_file.is_index_damaged:
            of_file.leave()
            part.unlink()
            _build(part, package, stored, None, progress)
            of_file = proof.of_file(part, stored)
        problems = [*of_file.problems(progress), *proof.outline_problems()]
        if problems:
            found = {"problem": problems[0], "count": len(problems)}
            raise StoreError("export.not_valid", file=str(path), **found)
        written = WrittenPackage(part.stat().st_size, of_file.sha256, content)
        checkpoint(progress, "progress.export_check", 1, 1)
        switch(part, path)
    return written


def _build(
    path: Path,
    package: Package,
    stored: Sequence[StoredTable],
    packer: Packer | None,
    progress: Progress,
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _fill_file(connection, package, stored, packer, progress)


def _fill_file(
    connection: sqlite3.Connection,
    package: Package,
    stored: Sequence[StoredTable],
    packer: Packer | None,
    progress: Progress,
) -> None:
    last_change = utc_text(package.last_change or dt.datetime.now(dt.UTC))
    _prepare(connection)
    # One transaction, without a journal: until it is switched into place the file is nobody's.
    connection.execute("BEGIN")
    for statement in schema.CORE_TABLES:
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)",
        schema.reference_systems(package.srs_id),
    )
    titles = _unique_titles(stored)
    for table in stored:
        _register(connection, package, table, titles[table.name], last_change)
        _fill(connection, table, packer, progress)
    connection.executemany(
        "INSERT INTO gpkg_extensions VALUES (?,?,?,?,?)", schema.SCHEMA_EXTENSION
    )
    _write_relations(connection, package.relations)
    _write_metadata(connection, package, last_change)
    _write_styles(connection, package.layers, last_change)
    connection.execute("COMMIT")


def _prepare(connection: sqlite3.Connection) -> None:
    for pragma in (
        f"page_size = {schema.PAGE_BYTES}",
        "encoding = 'UTF-8'",
        "auto_vacuum = NONE",
        "journal_mode = OFF",
        "synchronous = OFF",
        "locking_mode = EXCLUSIVE",
        "cache_size = -65536",
        f"application_id = {schema.APPLICATION_ID}",
        f"user_version = {schema.USER_VERSION}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _unique_titles(stored: Sequence[StoredTable]) -> dict[str, str]:
    # Identifiers are unique in a package; two levels of a scheme may bear one title.
    taken: set[str] = set()
    titles = {}
    for table in stored:
        title = table.title or table.name
        if title in taken:
            title = f"{title} ({table.name})"
        taken.add(title)
        titles[table.name] = title
    return titles


def _register(
    connection: sqlite3.Connection, package: Package, table: StoredTable, title: str, time: str
) -> None:
    box: Sequence[float | None] = (None,) * 4
    if table.boxes is not None and len(table.boxes):
        low, high = table.boxes[:, :2].min(axis=0), table.boxes[:, 2:].max(axis=0)
        box = (*low.tolist(), *high.tolist())
    has_land = table.blobs is not None
    kind, srs_id = ("features", package.srs_id) if has_land else ("attributes", 0)
    connection.execute(
        "INSERT INTO gpkg_contents VALUES (?,?,?,?,?,?,?,?,?,?)",
        (table.name, kind, title, package.description, time, *box, srs_id),
    )
    if has_land:
        connection.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?,?,?,?,0,0)",
            (table.name, GEOMETRY_COLUMN, str(table.shape), srs_id),
        )
    connection.executemany(
        "INSERT INTO gpkg_data_columns VALUES (?,?,?,?,NULL,NULL,NULL)",
        [
            (table.name, column.name, column.name, column.title_zh)
            for column in table.columns
            if column.title_zh
        ],
    )
    connection.execute(
        schema.user_table(table.name, table.columns, table.shape if has_land else None)
    )


def _fill(
    connection: sqlite3.Connection, table: StoredTable, packer: Packer | None, progress: Progress
) -> None:
    total = len(table.fids)
    width = 1 + (table.blobs is not None) + len(table.columns)
    for done in range(0, total, _ROWS_AT_ONCE):
        checkpoint(progress, "progress.export_write", done, total)
        insert_rows(connection, table.name, width, rows_of(table, done, done + _ROWS_AT_ONCE))
    connection.execute("INSERT INTO gpkg_ogr_contents VALUES (?,?)", (table.name, total))
    if table.boxes is not None:
        checkpoint(progress, "progress.export_index", 0, total)
        name = schema.rtree_name(table.name)
        write_index(connection, name, table.fids, table.boxes, packer)
        connection.execute(
            "INSERT INTO gpkg_extensions VALUES (?,?,?,?,?)", schema.rtree_extension(table.name)
        )
        for statement in schema.rtree_triggers(table.name):
            connection.execute(statement)
    for statement in schema.count_triggers(table.name):
        connection.execute(statement)


def _write_relations(connection: sqlite3.Connection, relations: Sequence[Relation]) -> None:
    """Write the relations as the extension for related tables lays them out."""
    if not relations:
        return
    connection.execute(schema.RELATIONS_TABLE)
    connection.execute(
        "INSERT INTO gpkg_extensions VALUES (?,?,?,?,?)",
        schema.relations_extension("gpkgext_relations"),
    )
    for relation in relations:
        table = relation.mapping_table
        connection.execute(schema.mapping_table(table))
        connection.executemany(
            f"INSERT INTO {quoted(table)} VALUES (?,?)",  # noqa: S608 - quoted
            relation.pairs,
        )
        connection.execute(
            "INSERT INTO gpkgext_relations VALUES (NULL,?,?,?,?,'attributes',?)",
            (relation.base, KEY_COLUMN, relation.related, KEY_COLUMN, table),
        )
        connection.execute(
            "INSERT INTO gpkg_extensions VALUES (?,?,?,?,?)", schema.relations_extension(table)
        )


def _write_metadata(connection: sqlite3.Connection, package: Package, time: str) -> None:
    if not package.metadata:
        return
    for statement in schema.METADATA_TABLES:
        connection.execute(statement)
    for number, document in enumerate(package.metadata, start=1):
        connection.execute("INSERT INTO gpkg_metadata VALUES (?,?,?,?,?)", (number, *document))
        connection.execute(
            "INSERT INTO gpkg_metadata_reference VALUES ('geopackage',NULL,NULL,NULL,?,?,NULL)",
            (time, number),
        )
    connection.executemany(
        "INSERT INTO gpkg_extensions VALUES (?,?,?,?,?)", schema.METADATA_EXTENSION
    )


def _write_styles(connection: sqlite3.Connection, layers: Sequence[Layer], time: str) -> None:
    styled = [layer for layer in layers if layer.style_qml]
    if not styled:
        return
    connection.execute(schema.STYLES_TABLE)
    connection.execute(
        "INSERT INTO gpkg_contents VALUES"
        " ('layer_styles','attributes','layer_styles','',?,NULL,NULL,NULL,NULL,0)",
        (time,),
    )
    connection.executemany(
        "INSERT INTO layer_styles VALUES (NULL,'','',?,?,?,?,NULL,1,?,'',NULL,?)",
        [
            (layer.name, GEOMETRY_COLUMN, layer.name, layer.style_qml, layer.title, time)
            for layer in styled
        ],
    )
    connection.execute("INSERT INTO gpkg_ogr_contents VALUES ('layer_styles',?)", (len(styled),))
    for statement in schema.count_triggers("layer_styles"):
        connection.execute(statement)
