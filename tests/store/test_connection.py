from __future__ import annotations

import sqlite3
from pathlib import Path, PureWindowsPath

import pytest

from gridadmin.base.errors import StoreError
from gridadmin.base.texts import LANGUAGES, explain
from gridadmin.store.connection import database_uri, store_error, telling, without_host
from gridadmin.store.project_file import ProjectFile


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (r"C:\网格\a b.gpkg", "file:///C:/%E7%BD%91%E6%A0%BC/a%20b.gpkg"),
        (r"\\server\share\a#1.gpkg", "file:////server/share/a%231.gpkg"),
    ],
)
def test_windows_paths_become_what_sqlite_opens(path: str, uri: str) -> None:
    assert without_host(PureWindowsPath(path).as_uri()) == uri


def test_special_characters_are_no_part_of_the_query() -> None:
    assert database_uri(Path("/a?mode=memory#x%20.gpkg")).endswith(
        "/a%3Fmode%3Dmemory%23x%2520.gpkg?mode=rw"
    )


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (sqlite3.SQLITE_FULL, "store.disk_full"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "store.read_only"),
        (sqlite3.SQLITE_READONLY_ROLLBACK, "store.needs_recovery"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "store.moved"),
        (sqlite3.SQLITE_BUSY_RECOVERY, "store.busy"),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, "store.cannot_open"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "store.damaged"),
        (sqlite3.SQLITE_IOERR_FSYNC, "store.disk_fault"),
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, "store.row_refused"),
        (sqlite3.SQLITE_TOOBIG, "store.too_big"),
        (sqlite3.SQLITE_ERROR, "store.failed"),
    ],
)
def test_what_sqlite_reports_has_a_sentence(number: int, code: str) -> None:
    cause = sqlite3.OperationalError("为什么")
    cause.sqlite_errorcode = number

    error = store_error(Path("虚构.gpkg"), cause)

    assert error.code == code
    for lang in LANGUAGES:
        assert "虚构.gpkg" in explain(error, lang)


def test_text_that_cannot_be_decoded_is_damage(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE area SET name = CAST(x'ff' AS TEXT)")
    database.close()

    with ProjectFile.open(path, write=False) as project, pytest.raises(StoreError) as refusal:
        project.read_all("area")

    assert refusal.value.code == "store.damaged"


def test_cause_is_kept() -> None:
    cause = sqlite3.OperationalError("gone")

    with pytest.raises(StoreError) as refusal, telling(Path("a.gpkg")):
        raise cause

    assert refusal.value.__cause__ is cause


def test_reader_cannot_write_even_by_mistake(path: Path) -> None:
    with (
        ProjectFile.open(path, write=False) as project,
        pytest.raises(StoreError) as refusal,
        project._reading() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM area")

    assert refusal.value.code == "store.read_only"
