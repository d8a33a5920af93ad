"""A new project file, complete before it bears its name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.model import Setting
from gridadmin.store import meta
from gridadmin.store.connection import connect_file, engine_over, telling, transaction
from gridadmin.store.durable import whole_file
from gridadmin.store.geopackage import create_contents, plane_of, set_plane, write_lands
from gridadmin.store.migrations import newest_version
from gridadmin.store.records import table_name_of, write_records
from gridadmin.store.tables import ALL_TABLES, METADATA

PLANE_SETTING = "plane"
"""Setting that holds the plane as JSON with the keys ``wkt`` and ``epsg`` (may be null)."""

SUFFIX = ".gpkg"

_NO_LANDS: Mapping[int, bytes] = MappingProxyType({})


def create_project(
    path: Path,
    settings: Mapping[str, str],
    records: Iterable[Any],
    author: str,
    *,
    lands: Mapping[int, bytes] = _NO_LANDS,
    created: str | None = None,
    progress: Progress = SILENT,
) -> None:
    """Create a project file at revision 0, which no undo reaches behind.

    *records* are those of any logged table but the settings; *lands* are WKB polygons by kernel
    number, in plane metres; *created* is ISO 8601, now by default.

    Raises: InputError ``store.exists``, ``store.not_gpkg_name``, ``store.no_folder``;
        StoreError ``store.disk_full``, ``store.read_only`` and others; Cancelled.
    """
    _refuse_bad_place(path)
    with whole_file(path) as draft, telling(path):
        engine = engine_over(connect_file(draft), is_durable=False)
        try:
            with transaction(engine) as connection:
                METADATA.create_all(connection, ALL_TABLES)
                create_contents(connection)
                _write_facts(connection, author, created or meta.now())
                if PLANE_SETTING in settings:
                    set_plane(connection, plane_of(settings[PLANE_SETTING]))
                rows = [Setting(uid=key, value=value) for key, value in settings.items()]
                for table, members in _by_table([*rows, *records]).items():
                    write_records(connection, table, members, progress)
                write_lands(connection, lands)
        finally:
            engine.dispose()


def _refuse_bad_place(path: Path) -> None:
    if path.suffix.lower() != SUFFIX:
        raise InputError("store.not_gpkg_name", path=str(path))
    if path.exists():
        raise InputError("store.exists", path=str(path))
    if not path.parent.is_dir():
        raise InputError("store.no_folder", folder=str(path.parent))


def _write_facts(connection: Connection, author: str, created: str) -> None:
    facts = {
        "format": meta.FORMAT,
        "schema_version": str(newest_version()),
        "revision": "0",
        "created": created,
        "created_by": author,
    }
    for key, value in facts.items():
        meta.write_meta(connection, key, value)


def _by_table(records: Iterable[Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for record in records:
        groups[table_name_of(record)].append(record)
    return groups
