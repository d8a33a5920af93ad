from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gridadmin.base.errors import StoreError
from gridadmin.store.lock import take_lock
from gridadmin.store.project_file import ProjectFile
from tests.store.made_up import names, renamed, write

# Opens the project for writing, makes as many changes as asked, and waits for its input to close.
WRITER = """
import sys
from pathlib import Path
from gridadmin.store.project_file import ProjectFile
from tests.store.made_up import renamed, write

with ProjectFile.open(Path(sys.argv[1]), write=True) as project:
    for number in range(int(sys.argv[2])):
        write(project, renamed(project.revision + 1))
    print("read-only" if project.is_read_only else "writing", flush=True)
    sys.stdin.read()
"""


@contextmanager
def other_process(path: Path, changes: int = 0) -> Iterator[tuple[subprocess.Popen[str], str]]:
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(changes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"},
    )
    assert child.stdout is not None
    try:
        yield child, child.stdout.readline().strip()
    finally:
        child.communicate()


def test_second_writer_gets_a_file_for_reading_and_is_told_who_writes(path: Path) -> None:
    with other_process(path, changes=1) as (child, mode):
        assert mode == "writing"

        with ProjectFile.open(path, write=True) as second:
            assert second.is_read_only
            assert f"PID {child.pid}" in str(second.lock_holder)
            assert names(second)["grid-1"] == "1"
            with pytest.raises(StoreError) as refusal:
                write(second, renamed(2))

    assert refusal.value.code == "store.locked"
    assert refusal.value.params["holder"] == second.lock_holder


def test_writer_that_has_not_written_is_not_named_by_opening(path: Path) -> None:
    before = path.read_bytes()

    with (
        other_process(path) as (_, mode),
        ProjectFile.open(path, write=True) as second,
    ):
        assert mode == "writing"
        assert second.is_read_only
        assert second.lock_holder == "?"

    assert path.read_bytes() == before


def test_one_process_cannot_write_twice(path: Path) -> None:
    with ProjectFile.open(path, write=True) as first, ProjectFile.open(path, write=True) as second:
        assert not first.is_read_only
        assert second.is_read_only
        # The second try must not cost the first one its locks.
        assert write(first, renamed(1)) == 1

    with ProjectFile.open(path, write=True) as third:
        assert not third.is_read_only


class TakesLockAgain:
    """A made-up progress that tries the lock and then SQLite's, in the middle of a write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.second: list[object] = []
        self.outside: list[str] = []

    def step(self, what: str, done: int, total: int) -> None:
        if total == 1 and what == "progress.saving" and not self.second:
            self.second.append(take_lock(self.path))
            begin = "import sqlite3, sys; d = sqlite3.connect(sys.argv[1], timeout=0)"
            begin += "\nd.execute('BEGIN IMMEDIATE')"
            done_outside = subprocess.run(
                [sys.executable, "-c", begin, str(self.path)],
                capture_output=True,
                text=True,
                check=False,
            )
            self.outside.append(done_outside.stderr.splitlines()[-1])

    def is_cancelled(self) -> bool:
        return False


def test_second_try_for_the_lock_leaves_the_locks_of_sqlite_alone(path: Path) -> None:
    progress = TakesLockAgain(path)

    with ProjectFile.open(path, write=True) as project:
        project.write(
            renamed(1), gesture="g", lands={}, author="虚构用户", time="", progress=progress
        )

    assert progress.second == [None]
    assert progress.outside == ["sqlite3.OperationalError: database is locked"]


def test_lock_ends_with_the_file(path: Path) -> None:
    with ProjectFile.open(path, write=True) as project:
        write(project, renamed(1))

    with other_process(path) as (_, mode):
        assert mode == "writing"


def test_lock_is_kept_after_reading_the_file_beside_it(path: Path) -> None:
    with ProjectFile.open(path, write=True):
        with ProjectFile.open(path, write=False) as reader:
            names(reader)

        with other_process(path) as (_, mode):
            assert mode == "read-only"


def test_lock_dies_with_its_process(path: Path) -> None:
    with other_process(path, changes=1) as (child, _):
        child.kill()
        child.wait()

        with ProjectFile.open(path, write=True) as project:
            assert not project.is_read_only
            assert project.lock_holder is None


def test_closing_takes_our_name_off_the_file(path: Path) -> None:
    with ProjectFile.open(path, write=True) as project:
        write(project, renamed(1))

    with other_process(path), ProjectFile.open(path, write=True) as second:
        assert second.lock_holder == "?"


def test_failed_opening_gives_the_lock_back(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError):
        ProjectFile.open(path, write=True)
    path.write_bytes(whole)

    with ProjectFile.open(path, write=True) as project:
        assert not project.is_read_only


def test_lock_of_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refusal:
        take_lock(tmp_path / "missing.gpkg")

    assert refusal.value.code == "store.cannot_lock"


def test_lock_can_be_released_twice_and_taken_again(path: Path) -> None:
    lock = take_lock(path)
    assert lock is not None
    lock.release()
    lock.release()

    with take_lock(path) or pytest.fail("not free") as again:
        again.release()
