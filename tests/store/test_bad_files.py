from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridadmin.base.errors import GridAdminError, InputError, StoreError
from gridadmin.base.texts import LANGUAGES, explain
from gridadmin.store.project_file import ProjectFile
from tests.store.made_up import leave_hot_journal, names, new_project, renamed, write


def refusal_of(path: Path) -> GridAdminError:
    with pytest.raises(GridAdminError) as refusal:
        ProjectFile.open(path, write=True)
    for lang in LANGUAGES:
        sentence = explain(refusal.value, lang)
        assert str(path) in sentence
        assert "{" not in sentence
    return refusal.value


def write_until_refused(project: ProjectFile, acknowledged: list[int]) -> None:
    for number in range(1, 500):
        acknowledged.append(write(project, renamed(number)))  # noqa: PERF401 kept when it stops


def test_missing_file_and_folder_are_not_found(tmp_path: Path) -> None:
    assert refusal_of(tmp_path / "missing.gpkg").code == "store.not_found"
    assert refusal_of(tmp_path).code == "store.not_found"


def test_text_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.write_text("这不是数据库" * 100, encoding="utf-8")

    assert refusal_of(path).code == "store.not_a_database"


def test_empty_file_is_no_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.touch()

    assert refusal_of(path).code == "store.not_a_geopackage"
    assert path.read_bytes() == b""


def test_other_database_is_no_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE meta (key, value)")
    database.close()

    assert refusal_of(path).code == "store.not_a_geopackage"


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE meta",
        "UPDATE meta SET value = 'other' WHERE key = 'format'",
        "DELETE FROM meta WHERE key = 'schema_version'",
        "DELETE FROM meta WHERE key = 'revision'",
        "UPDATE meta SET value = 'x' WHERE key = 'revision'",
        "UPDATE meta SET value = 'x' WHERE key = 'schema_version'",
        "ALTER TABLE meta RENAME COLUMN key TO k",
    ],
)
def test_other_geopackage_is_no_project(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as database:
        database.execute(sql)
    database.close()

    assert refusal_of(path).code == "store.not_a_project"


def test_unreadable_name_of_the_last_writer_is_no_reason_to_refuse(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("INSERT INTO meta VALUES ('lock_holder', 'x')")
    database.close()

    with (
        ProjectFile.open(path, write=True),
        ProjectFile.open(path, write=True) as second,
    ):
        assert second.lock_holder == "?"


def test_project_without_one_of_its_tables_is_told(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE change_log")
    database.close()

    with ProjectFile.open(path, write=True) as project:
        with pytest.raises(StoreError) as refusal:
            write(project, renamed(1))
        assert refusal.value.code == "store.failed"
        assert names(project)["grid-1"] == "第一网格"


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_truncated_file_is_damaged(path: Path, share: float) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])

    assert refusal_of(path).code == "store.damaged"


def test_scribbled_pages_are_told_and_not_hidden(path: Path) -> None:
    with sqlite3.connect(path) as database:
        [page] = database.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'area'"
        ).fetchone()
    database.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)

    with ProjectFile.open(path, write=False) as project:
        with pytest.raises(StoreError) as refusal:
            project.read_all("area")
        assert refusal.value.code == "store.damaged"
        assert {problem.code for problem in project.integrity_problems()} == {
            "store.problem_sqlite"
        }


def test_file_of_a_newer_program_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    database.close()
    before = path.read_bytes()

    refusal = refusal_of(path)

    assert refusal.code == "store.newer_program"
    assert refusal.params["version"] == 99
    assert path.read_bytes() == before


def test_input_errors_and_store_errors_are_told_apart(tmp_path: Path) -> None:
    assert isinstance(refusal_of(tmp_path / "missing.gpkg"), InputError)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    yield from mounted(tmp_path / "小盘", "size=1m")


def mounted(folder: Path, options: str) -> Iterator[Path]:
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None:
        pytest.skip("small disk: no mount on this system")
    folder.mkdir()
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("small disk: not allowed to mount")
    yield folder
    subprocess.run([umount, folder], check=True)


def test_full_disk_loses_only_the_change_that_did_not_fit(small_disk: Path) -> None:
    path = new_project(small_disk / "a.gpkg")
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(1_000_000 - path.stat().st_size - 40_000))
    acknowledged: list[int] = []

    with ProjectFile.open(path, write=True) as project:
        with pytest.raises(StoreError) as refusal:
            write_until_refused(project, acknowledged)
        assert refusal.value.code == "store.disk_full"
        assert project.revision == acknowledged[-1]
        assert project.integrity_problems() == []
        ballast.unlink()
        assert write(project, renamed(0)) == acknowledged[-1] + 1

    assert [entry.name for entry in small_disk.iterdir()] == ["a.gpkg"]


def test_full_disk_leaves_no_half_project(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(bytes(950_000))

    with pytest.raises(StoreError) as refusal:
        new_project(small_disk / "a.gpkg")

    assert refusal.value.code == "store.disk_full"
    assert [entry.name for entry in small_disk.iterdir()] == ["ballast"]


def test_file_that_may_not_grow_tells_of_the_full_disk(path: Path) -> None:
    with ProjectFile.open(path, write=True) as project:
        with project._reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError) as refusal:
            write_until_refused(project, [])

        assert refusal.value.code == "store.disk_full"
        assert project.integrity_problems() == []


def test_killed_project_on_a_read_only_disk_says_how_to_recover(tmp_path: Path) -> None:
    for disk in mounted(tmp_path / "只读盘", "size=1m"):
        path = new_project(disk / "a.gpkg")
        leave_hot_journal(path)
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)

        assert refusal_of(path).code == "store.needs_recovery"


def test_read_only_disk_opens_for_reading_and_says_so(tmp_path: Path) -> None:
    for disk in mounted(tmp_path / "只读盘", "size=1m"):
        path = new_project(disk / "a.gpkg")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)

        with ProjectFile.open(path, write=True) as project:
            assert project.is_read_only
            assert project.lock_holder is None
            assert names(project)["grid-1"] == "第一网格"
            with pytest.raises(StoreError) as refusal:
                write(project, renamed(1))
        assert refusal.value.code == "store.read_only"
        with pytest.raises(StoreError) as creation:
            new_project(disk / "b.gpkg")
        assert creation.value.code == "store.read_only"


@pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write whatever the mode says"
)
@pytest.mark.parametrize("what", ["file", "folder"])
def test_read_only_file_or_folder_opens_for_reading(path: Path, what: str) -> None:
    place = path if what == "file" else path.parent
    mode = place.stat().st_mode
    place.chmod(0o444 if what == "file" else 0o555)
    try:
        with ProjectFile.open(path, write=True) as project:
            assert project.is_read_only
            with pytest.raises(StoreError) as refusal:
                write(project, renamed(1))
    finally:
        place.chmod(mode)
    assert refusal.value.code == "store.read_only"


def test_write_protection_that_shows_only_when_writing_is_told(path: Path) -> None:
    with ProjectFile.open(path, write=True) as project:
        with project._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = 1")
        with pytest.raises(StoreError) as refusal:
            write(project, renamed(1))

    assert refusal.value.code == "store.read_only"
