"""A killed program loses nothing that it acknowledged."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gridadmin.store.project_file import ProjectFile
from tests.store.made_up import leave_hot_journal, names, renamed, write

WRITER = """
import sys
from pathlib import Path
from gridadmin.store.project_file import ProjectFile
from tests.store.made_up import renamed, write

with ProjectFile.open(Path(sys.argv[1]), write=True) as project:
    assert not project.is_read_only
    while True:
        print(write(project, renamed(project.revision + 1)), flush=True)
"""

KILLS = 25


def start_writer(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"},
    )


def acknowledged_before_kill(path: Path, delay_s: float) -> int:
    child = start_writer(path)
    assert child.stdout is not None
    first = child.stdout.readline()
    # Not to wait for something, but to hit any instant of a write.
    time.sleep(delay_s)
    child.kill()
    # Through the same buffer as the first line: communicate would lose what that has read ahead.
    rest = child.stdout.read()
    child.communicate()
    lines = (first + rest).split("\n")[:-1]
    return int(lines[-1])


@pytest.mark.slow
def test_every_acknowledged_change_survives_kill(path: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 pytest shows it when the test fails
    source = random.Random(seed)

    for _ in range(KILLS):
        acknowledged = acknowledged_before_kill(path, source.uniform(0, 0.03))

        with ProjectFile.open(path, write=True) as project:
            assert not project.is_read_only
            assert acknowledged <= project.revision <= acknowledged + 1
            assert names(project)["grid-1"] == str(project.revision)
            assert project.history_state() == (list(range(1, project.revision + 1)), [])
            assert project.integrity_problems() == []
        assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="hot journal: needs SIGKILL")
@pytest.mark.parametrize("write_mode", [False, True])
def test_opening_rolls_back_what_a_killed_program_left(path: Path, write_mode: bool) -> None:
    with ProjectFile.open(path, write=True) as project:
        write(project, renamed(1))
    before = path.read_bytes()
    leave_hot_journal(path)
    assert path.with_name(path.name + "-journal").exists()
    assert path.read_bytes() != before

    with ProjectFile.open(path, write=write_mode) as project:
        assert names(project)["grid-1"] == "1"
        assert project.revision == 1
        assert project.integrity_problems() == []
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_opening_for_writing_removes_a_journal_that_no_longer_matters(path: Path) -> None:
    before = path.read_bytes()
    journal = path.with_name(path.name + "-journal")
    journal.write_bytes(bytes(512))

    with ProjectFile.open(path, write=True) as project:
        assert names(project)["grid-1"] == "第一网格"

    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert path.read_bytes() == before


def test_leftover_journal_is_left_while_somebody_reads(path: Path) -> None:
    journal = path.with_name(path.name + "-journal")
    journal.write_bytes(bytes(512))

    with ProjectFile.open(path, write=False) as reader, reader.one_state():
        names(reader)
        with ProjectFile.open(path, write=True, busy_timeout_s=0.05) as writer:
            assert names(writer)["grid-1"] == "第一网格"
            assert journal.exists()


def test_journal_beside_the_target_of_a_link_is_removed_too(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.gpkg"
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("link: not allowed to make one")
    path.with_name(path.name + "-journal").write_bytes(bytes(512))

    with ProjectFile.open(link, write=True) as project:
        assert not project.is_read_only

    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
