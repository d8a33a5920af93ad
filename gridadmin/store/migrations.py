"""From an older schema to the newest: ordered steps, a backup first, all or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from gridadmin.base.errors import StoreError
from gridadmin.store import step_bounds, step_marks, step_people, step_releases
from gridadmin.store.connection import connect_file, transaction
from gridadmin.store.durable import whole_file
from gridadmin.store.geopackage import create_views, drop_views
from gridadmin.store.meta import write_meta

if TYPE_CHECKING:
    from alembic.operations import Operations

FIRST_VERSION = 1


@dataclass(frozen=True, slots=True)
class Step:
    """What turns the schema before *version* into *version*, with Alembic's operations.

    The views of the layers are gone while it runs, so it may rebuild any table.
    """

    version: int
    upgrade: Callable[[Operations], None]


def _plans_know_their_base(operations: Operations) -> None:
    """Add what a plan is compared with, who brought it where it is, and why."""
    import sqlalchemy as sa

    with operations.batch_alter_table("plan", recreate="always") as plan:
        before = "is_open"
        for name in ("base_revision", "author", "reason", "allowed"):
            kind = sa.Integer() if name == "base_revision" else sa.Text()
            plan.add_column(sa.Column(name, kind), insert_after=before)
            before = name


def _add_source_ids(operations: Operations) -> None:
    """Let reference objects keep the id of the file that they came from."""
    import sqlalchemy as sa

    inspector = sa.inspect(operations.get_bind())
    for table in ("building", "compound", "line_object"):
        if all(column["name"] != "source_id" for column in inspector.get_columns(table)):
            operations.add_column(table, sa.Column("source_id", sa.Text))


STEPS: tuple[Step, ...] = (
    Step(2, step_people.upgrade),
    Step(3, _plans_know_their_base),
    Step(4, step_bounds.upgrade),
    Step(5, _add_source_ids),
    Step(6, step_marks.upgrade),
    Step(7, step_releases.upgrade),
)
"""All steps, in order, one per version after the first."""


def newest_version(steps: Sequence[Step] = STEPS) -> int:
    """Return the schema version that a program with these steps writes."""
    return steps[-1].version if steps else FIRST_VERSION


def check_version(version: int, steps: Sequence[Step], path: Path) -> None:
    """Refuse a file that a newer program made.

    Raises: StoreError ``store.newer_program``.
    """
    newest = newest_version(steps)
    if version > newest:
        raise StoreError("store.newer_program", path=str(path), version=version, newest=newest)


def migrate(connection: Connection, version: int, steps: Sequence[Step]) -> None:
    """Run the steps after *version* inside the caller's transaction."""
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    operations = Operations(MigrationContext.configure(connection))
    drop_views(connection)
    for step in steps:
        if step.version > version:
            step.upgrade(operations)
    create_views(connection)
    write_meta(connection, "schema_version", str(newest_version(steps)))


def migrate_file(engine: Engine, path: Path, version: int, steps: Sequence[Step]) -> Path:
    """Migrate the project file that *engine* has open and return the backup made before.

    A failure leaves the file as it was, and no backup of what never changed.
    """
    backup = backup_file(engine, path, version)
    try:
        with transaction(engine) as connection:
            migrate(connection, version, steps)
    except BaseException:
        backup.unlink(missing_ok=True)
        raise
    return backup


def backup_file(engine: Engine, path: Path, version: int) -> Path:
    """Copy the project beside itself, durably, as ``<name>.backup-v<version>.gpkg``.

    An earlier backup is kept: the next one gets a number.
    """
    backup = _free_name(path, version)
    with (
        whole_file(backup) as draft,
        closing(connect_file(draft)) as copy,
        engine.connect() as connection,
    ):
        _driver(connection).backup(copy)
    return backup


def memory_copy(source: sqlite3.Connection) -> sqlite3.Connection:
    """Return a copy of the whole file in memory, for reading an older file that stays as it is."""
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    source.backup(copy)
    return copy


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(driver)
    return driver


def _free_name(path: Path, version: int) -> Path:
    backup = path.with_name(f"{path.stem}.backup-v{version}{path.suffix}")
    number = 2
    while backup.exists():
        backup = path.with_name(f"{path.stem}.backup-v{version}-{number}{path.suffix}")
        number += 1
    return backup
