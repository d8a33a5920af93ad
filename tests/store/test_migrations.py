from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from osgeo_utils.samples import validate_gpkg

from gridadmin.base.errors import StoreError
from gridadmin.store.connection import connect_file, engine_over, transaction
from gridadmin.store.geopackage import create_views
from gridadmin.store.migrations import STEPS as SHIPPED
from gridadmin.store.migrations import Step, migrate, newest_version
from gridadmin.store.project_file import ProjectFile
from tests.store.made_up import GRID, names, renamed, write


def add_nickname(operations: Operations) -> None:
    """A made-up step that adds a column, rebuilds a table and fills it from what is there."""
    with operations.batch_alter_table("area", recreate="always") as area:
        area.add_column(sa.Column("nickname", sa.Text))
    operations.execute("UPDATE area SET nickname = '小' || name")


def upper_codes(operations: Operations) -> None:
    operations.execute("UPDATE area SET note = 'step 3'")


def fail_halfway(operations: Operations) -> None:
    operations.execute("UPDATE area SET name = 'half'")
    operations.execute("UPDATE no_such_table SET name = 'half'")


NOW = newest_version()
STEPS = (*SHIPPED, Step(NOW + 1, add_nickname), Step(NOW + 2, upper_codes))
FAILING = (*SHIPPED, Step(NOW + 1, add_nickname), Step(NOW + 2, fail_halfway))
FIRST_SCHEMA = Path(__file__).with_name("schema-1.sql")


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as database:
        found = database.execute(sql).fetchall()
    database.close()
    return found


def test_newest_version_is_that_of_the_last_step() -> None:
    assert newest_version(()) == 1
    assert newest_version(STEPS) == NOW + 2


@pytest.mark.parametrize("write_mode", [False, True])
def test_opening_an_older_file_reads_it_migrated_and_leaves_it(
    path: Path, write_mode: bool
) -> None:
    before = path.read_bytes()

    with ProjectFile.open(path, write=write_mode, steps=STEPS) as project:
        assert {area.note for area in project.read_all("area")} == {"step 3"}
        assert project.revision == 0

    assert path.read_bytes() == before
    assert len(list(path.parent.iterdir())) == 1


def test_first_write_migrates_after_a_backup(path: Path) -> None:
    with ProjectFile.open(path, write=True, steps=STEPS) as project:
        assert write(project, renamed(1)) == 1
        assert write(project, renamed(2)) == 2

    assert sorted(entry.name for entry in path.parent.iterdir()) == [
        f"虚构 区 %20#?.backup-v{NOW}.gpkg",
        "虚构 区 %20#?.gpkg",
    ]
    assert rows(path, "SELECT value FROM meta WHERE key = 'schema_version'") == [(str(NOW + 2),)]
    assert rows(path, "SELECT nickname FROM area WHERE uid = 'root'") == [("小虚构区",)]
    assert rows(path, "SELECT uid FROM grid") == [("grid-1",)]
    with ProjectFile.open(path, write=True, steps=STEPS) as project:
        assert names(project)["grid-1"] == "2"
        assert project.integrity_problems() == []


def test_backup_is_the_file_as_it_was(path: Path) -> None:
    with ProjectFile.open(path, write=True, steps=STEPS) as project:
        write(project, renamed(1))
    backup = path.with_name(f"虚构 区 %20#?.backup-v{NOW}.gpkg")

    with ProjectFile.open(backup, write=False) as project:
        assert project.revision == 0
        assert names(project)["grid-1"] == "第一网格"
        assert GRID in project.read_all("area")


def test_earlier_backup_is_kept(path: Path) -> None:
    earlier = path.with_name(f"虚构 区 %20#?.backup-v{NOW}.gpkg")
    earlier.write_bytes(b"earlier")

    with ProjectFile.open(path, write=True, steps=STEPS) as project:
        write(project, renamed(1))

    assert earlier.read_bytes() == b"earlier"
    assert path.with_name(f"虚构 区 %20#?.backup-v{NOW}-2.gpkg").exists()


def test_failing_step_leaves_the_file_and_no_backup(path: Path) -> None:
    with ProjectFile.open(path, write=True, steps=STEPS) as project:
        before = path.read_bytes()
        project._steps = FAILING
        with pytest.raises(StoreError) as refusal:
            write(project, renamed(1))

    assert refusal.value.code == "store.failed"
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_step_that_fails_on_reading_refuses_to_open(path: Path) -> None:
    before = path.read_bytes()

    with pytest.raises(StoreError) as refusal:
        ProjectFile.open(path, write=True, steps=FAILING)

    assert refusal.value.code == "store.failed"
    assert path.read_bytes() == before
    with ProjectFile.open(path, write=True) as project:
        assert not project.is_read_only


def test_migrated_file_is_newer_for_the_older_program(path: Path) -> None:
    with ProjectFile.open(path, write=True, steps=STEPS) as project:
        write(project, renamed(1))

    with pytest.raises(StoreError) as refusal:
        ProjectFile.open(path, write=False)

    assert refusal.value.code == "store.newer_program"


def test_migrated_file_is_still_a_geopackage(path: Path) -> None:
    with ProjectFile.open(path, write=True, steps=STEPS) as project:
        write(project, renamed(1))

    checker = validate_gpkg.GPKGChecker(str(path), abort_at_first_error=False)
    checker.check()
    assert checker.errors == []


def test_a_file_of_the_first_version_gets_the_tables_of_now(path: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.gpkg"
    statements = FIRST_SCHEMA.read_text(encoding="utf-8").split("\n\n")[1:]
    with sqlite3.connect(old) as database:
        for statement in statements:
            database.execute(statement)
        database.execute("INSERT INTO meta VALUES ('schema_version', '1')")
    database.close()

    engine = engine_over(connect_file(old), is_durable=False)
    with transaction(engine) as connection:
        create_views(connection)
        migrate(connection, 1, SHIPPED)
    engine.dispose()

    assert _tables(old) == {
        name: columns for name, columns in _tables(path).items() if not name.startswith("gpkg_")
    }
    assert rows(old, "SELECT value FROM meta WHERE key = 'schema_version'") == [(str(NOW),)]


def _tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    found = rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'")
    return {str(name): rows(path, f"PRAGMA table_info('{name}')") for (name,) in found}


def test_plans_of_the_second_version_get_what_the_third_adds(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE issue_mark")
        database.execute("DROP TABLE delivery")
        database.execute("ALTER TABLE plan DROP COLUMN base_revision")
        for name in ("author", "reason", "allowed"):
            database.execute(f"ALTER TABLE plan DROP COLUMN {name}")
        database.execute("UPDATE meta SET value = '2' WHERE key = 'schema_version'")
        database.execute(
            "INSERT INTO plan (uid, name, state, is_open, revision)"
            " VALUES ('p', '甲', 'draft', 1, 0)"
        )
    database.close()

    with ProjectFile.open(path, write=True) as project:
        [plan] = project.read_all("plan")
        assert (plan.name, plan.base_revision, plan.author, plan.allowed) == (
            "甲",
            None,
            None,
            None,
        )
        assert write(project, renamed(1)) == 1
    assert rows(path, "SELECT value FROM meta WHERE key = 'schema_version'") == [
        (str(newest_version()),)
    ]
