from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from osgeo_utils.samples import validate_gpkg

from gridadmin.base.errors import StoreError
from gridadmin.store.migrations import Step, newest_version
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


STEPS = (Step(2, add_nickname), Step(3, upper_codes))
FAILING = (Step(2, add_nickname), Step(3, fail_halfway))


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as database:
        found = database.execute(sql).fetchall()
    database.close()
    return found


def test_newest_version_is_that_of_the_last_step() -> None:
    assert newest_version(()) == 1
    assert newest_version(STEPS) == 3


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
        "虚构 区 %20#?.backup-v1.gpkg",
        "虚构 区 %20#?.gpkg",
    ]
    assert rows(path, "SELECT value FROM meta WHERE key = 'schema_version'") == [("3",)]
    assert rows(path, "SELECT nickname FROM area WHERE uid = 'root'") == [("小虚构区",)]
    assert rows(path, "SELECT uid FROM grid") == [("grid-1",)]
    with ProjectFile.open(path, write=True, steps=STEPS) as project:
        assert names(project)["grid-1"] == "2"
        assert project.integrity_problems() == []


def test_backup_is_the_file_as_it_was(path: Path) -> None:
    with ProjectFile.open(path, write=True, steps=STEPS) as project:
        write(project, renamed(1))
    backup = path.with_name("虚构 区 %20#?.backup-v1.gpkg")

    with ProjectFile.open(backup, write=False) as project:
        assert project.revision == 0
        assert names(project)["grid-1"] == "第一网格"
        assert GRID in project.read_all("area")


def test_earlier_backup_is_kept(path: Path) -> None:
    earlier = path.with_name("虚构 区 %20#?.backup-v1.gpkg")
    earlier.write_bytes(b"earlier")

    with ProjectFile.open(path, write=True, steps=STEPS) as project:
        write(project, renamed(1))

    assert earlier.read_bytes() == b"earlier"
    assert path.with_name("虚构 区 %20#?.backup-v1-2.gpkg").exists()


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
