from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import msgpack
import pytest

from gridadmin.base.errors import StoreError
from gridadmin.domain.change import Change, LogEntry, RowChange
from gridadmin.domain.model import Compound
from gridadmin.store.change_data import pack_change, unpack_change
from gridadmin.store.change_log import history_of
from gridadmin.store.project_file import ProjectFile
from tests.store.made_up import TIME, renamed, write

PLAIN = (None, None)
ENTRY = LogEntry(1, "g", "set", "虚构用户", TIME, "", None, None)


def undoes(revision: int) -> tuple[int | None, int | None]:
    return revision, None


def redoes(revision: int) -> tuple[int | None, int | None]:
    return None, revision


@pytest.mark.parametrize(
    ("log", "undo", "redo"),
    [
        ([], [], []),
        ([PLAIN, PLAIN], [1, 2], []),
        ([PLAIN, PLAIN, undoes(2)], [1], [2]),
        ([PLAIN, PLAIN, undoes(2), undoes(1)], [], [2, 1]),
        ([PLAIN, PLAIN, undoes(2), redoes(2)], [1, 2], []),
        ([PLAIN, PLAIN, undoes(2), PLAIN], [1, 4], []),
        ([PLAIN, PLAIN, undoes(2), undoes(1), redoes(1), redoes(2)], [1, 2], []),
        # a redo may name the undo that it repeats, an undo the redo that it takes back
        ([PLAIN, undoes(1), redoes(2), undoes(3)], [], [1]),
        ([PLAIN, undoes(1), redoes(1), undoes(1), redoes(1)], [1], []),
    ],
)
def test_history_follows_from_the_log(
    log: list[tuple[int | None, int | None]], undo: list[int], redo: list[int]
) -> None:
    assert history_of(enumerate(log, start=1)) == (undo, redo)


def test_history_survives_closing(path: Path) -> None:
    with ProjectFile.open(path, write=True) as project:
        write(project, renamed(1))
        write(project, renamed(2))
        write(project, replace(renamed(3), undid=2))

    with ProjectFile.open(path, write=True) as project:
        assert project.history_state() == ([1], [2])
        assert project.change_at(3).undid == 2


def test_entry_tells_who_did_what_and_when(path: Path) -> None:
    with ProjectFile.open(path, write=True) as project:
        write(project, renamed(1))

        assert project.log() == [
            LogEntry(1, "g改名 1", "set", "虚构用户", TIME, "改名 1", None, None)
        ]


def test_missing_revision_is_told(path: Path) -> None:
    with ProjectFile.open(path, write=False) as project, pytest.raises(StoreError) as refusal:
        project.change_at(8)

    assert refusal.value.code == "store.no_revision"


def repacked(tables: list[object], rows: list[object]) -> bytes:
    content = {"format": 1, "tables": tables, "rows": rows, "told": []}
    return zlib.compress(msgpack.packb(content))


def test_log_written_before_a_column_existed_is_read_with_its_default() -> None:
    data = repacked([["compound", ["uid", "name"]]], [[0, None, ["c", "小区"]]])

    assert unpack_change(data, ENTRY).rows == (RowChange("compound", None, Compound("c", "小区")),)


def test_log_with_a_column_that_is_gone_is_read_without_it() -> None:
    data = repacked([["compound", ["uid", "colour", "name"]]], [[0, ["c", "red", "小区"], None]])

    assert unpack_change(data, ENTRY).rows == (RowChange("compound", Compound("c", "小区"), None),)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"scribbled",
        zlib.compress(b"\xc1"),
        zlib.compress(b"\x90"),
        repacked([["no_such_table", []]], []),
        repacked([], [[0, None, None]]),
        repacked([["compound", ["uid"]]], [[0, None, ["c"]]]),
        pack_change(Change("x", ()))[:-3],
    ],
)
def test_scribbled_log_is_told(data: bytes) -> None:
    with pytest.raises(StoreError) as refusal:
        unpack_change(data, ENTRY)

    assert refusal.value.code == "store.log_unreadable"
    assert refusal.value.params["revision"] == 1
