"""A program killed at any instant loses nothing that it acknowledged, and leaves no side files."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.runner import child_environment, edit, json_of, run

KILLS = int(os.environ.get("GRIDADMIN_KILLS", "25"))
"""A long run kills more often: GRIDADMIN_KILLS=200."""
GRIDS = [f"990001001001{n:03}" for n in range(1, 5)]
SEED = int(os.environ.get("GRIDADMIN_KILL_SEED", str(random.SystemRandom().randrange(2**32))))


def start_edit(project: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "gridadmin", "edit", str(project), "-", "--quiet"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=child_environment(),
    )


def lines_from(first: int) -> list[dict[str, object]]:
    """Return many lines that rename grids; each fifth renaming is undone and redone."""
    lines: list[dict[str, object]] = []
    for number in range(first, first + 400):
        grid = GRIDS[number % 4]
        lines.append({"do": "set", "area": grid, "field": "name", "value": f"名{number}"})
        if number % 5 == 0:
            lines += [{"do": "undo"}, {"do": "redo"}]
    return lines


def script(first: int) -> bytes:
    return "\n".join(json.dumps(line) for line in lines_from(first)).encode() + b"\n"


def names_after(start: dict[str, str], lines: list[dict[str, object]]) -> dict[str, str]:
    """Return the names of the grids once *lines* have been carried out, by a model of our own."""
    states = [start]
    place = 0
    for line in lines:
        if line["do"] == "undo":
            place -= 1
        elif line["do"] == "redo":
            place += 1
        else:
            states[place + 1 :] = [states[place] | {str(line["area"]): str(line["value"])}]
            place += 1
    return states[place]


def killed_while_editing(project: Path, first: int, delay_s: float) -> list[dict[str, object]]:
    """Start an edit, kill it some time after its first answer, and return what it answered."""
    child = start_edit(project)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(script(first))
    child.stdin.flush()
    head = child.stdout.readline()
    # Not to wait for something, but to hit any instant of a write.
    time.sleep(delay_s)
    child.kill()
    # Through the same buffer as the first line: communicate would lose what that has read ahead.
    rest = child.stdout.read()
    child.communicate()
    lines = (head + rest).split(b"\n")[:-1]
    return [json.loads(line) for line in lines]


def names(project: Path) -> dict[str, str]:
    """Return the names of the grids by code, as the file holds them."""
    database = sqlite3.connect(project)
    try:
        return dict(database.execute("SELECT code, name FROM area WHERE level = 'grid'"))
    finally:
        database.close()


@pytest.mark.slow
def test_every_acknowledged_edit_survives_kill(four_grids: Path) -> None:
    print(f"GRIDADMIN_KILL_SEED={SEED}")  # noqa: T201 pytest shows it when the test fails
    source = random.Random(SEED)
    revision = 2

    for number in range(KILLS):
        first = number * 1_000
        before = names(four_grids)
        answers = killed_while_editing(four_grids, first, source.uniform(0, 0.15))

        assert answers
        assert all(answer["ok"] for answer in answers)
        acknowledged = int(str(answers[-1]["revision"]))
        verified = json_of("verify", four_grids)
        assert verified["ok"] is True
        assert acknowledged <= verified["revision"] <= acknowledged + 1
        assert answers[0]["revision"] == revision + 1
        revision = verified["revision"]
        done = len(answers) + verified["revision"] - acknowledged
        assert names(four_grids) == names_after(before, lines_from(first)[:done])
        # Undo takes back exactly the last gesture: the history is whole as well.
        [undone, redone] = edit(four_grids, {"do": "undo"}, {"do": "redo"}).answers
        assert (undone["revision"], redone["revision"]) == (revision + 1, revision + 2)
        revision += 2
        assert [path.name for path in four_grids.parent.iterdir()] == [four_grids.name]


def test_names_of_acknowledged_lines_are_there_after_a_kill(four_grids: Path) -> None:
    child = start_edit(four_grids)
    assert child.stdin is not None
    assert child.stdout is not None
    for number, grid in enumerate(GRIDS):
        line = {"do": "set", "area": grid, "field": "name", "value": f"确认{number}"}
        child.stdin.write(json.dumps(line).encode() + b"\n")
        child.stdin.flush()
        assert json.loads(child.stdout.readline())["ok"] is True
    child.kill()
    child.communicate()

    assert names(four_grids) == {grid: f"确认{number}" for number, grid in enumerate(GRIDS)}
    assert json_of("info", four_grids)["revision"] == 6


@pytest.mark.slow
def test_import_killed_at_any_instant_is_there_whole_or_not_at_all(
    demo_folder: Path, chinese_dir: Path, project: Path
) -> None:
    print(f"GRIDADMIN_KILL_SEED={SEED}")  # noqa: T201 pytest shows it when the test fails
    source = random.Random(SEED)
    command = [
        sys.executable, "-m", "gridadmin", "import", str(project),
        str(demo_folder / "demo-dirty.gpkg"), "--layer", "micro_grid", "--level", "micro_grid",
    ]  # fmt: skip
    before = json_of("verify", project)
    copy = chinese_dir / "量.gpkg"
    shutil.copy(project, copy)
    started = time.perf_counter()
    subprocess.run(
        [str(copy) if part == str(project) else part for part in command],
        env=child_environment(), check=False, capture_output=True,
    )  # fmt: skip
    lasts_s = time.perf_counter() - started
    whole = json_of("verify", copy)["partition_sha256"]
    copy.unlink()
    assert whole != before["partition_sha256"]

    for _ in range(max(KILLS // 8, 3)):
        child = subprocess.Popen(
            command, env=child_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(source.uniform(0.4, 1.0) * lasts_s)
        child.kill()
        child.wait()
        verified = json_of("verify", project)
        if verified["revision"]:
            assert verified["ok"] is True
            assert verified["areas"] == 686
            assert edit(project, {"do": "undo"}).code == 0
            return
        assert verified == before
        assert edit(project, {"do": "undo"}).answers[0]["code"] == "edit.nothing_to_undo"
        assert [path.name for path in project.parent.iterdir()] == [project.name]


def test_clean_close_leaves_one_file(four_grids: Path) -> None:
    child = start_edit(four_grids)

    out, _ = child.communicate(script(1)[:2_000].rsplit(b"\n", 1)[0], timeout=60)

    assert child.returncode == 0
    assert out.count(b'"ok": true') == len(out.splitlines())
    assert [path.name for path in four_grids.parent.iterdir()] == [four_grids.name]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None:
        pytest.skip("small disk: no mount on this system")
    folder = tmp_path / "小 盘"
    folder.mkdir()
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("small disk: not allowed to mount")
    yield folder
    subprocess.run([umount, folder], check=True)


def test_full_disk_ends_the_script_with_a_sentence_and_keeps_what_was_acknowledged(
    four_grids: Path, small_disk: Path
) -> None:
    path = Path(shutil.copy(four_grids, small_disk / "满.gpkg"))
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(2_097_152 - path.stat().st_size - 60_000))

    ran = run("edit", path, stdin=script(0) + script(5_000))

    refused = [answer for answer in ran.answers if not answer["ok"]]
    accepted = [answer for answer in ran.answers if answer["ok"]]
    assert [answer["code"] for answer in refused] == ["store.disk_full"]
    assert ran.answers[-1] == refused[0]
    assert ran.code in (1, 2)
    ballast.unlink()
    verified = json_of("verify", path)
    assert verified["ok"] is True
    assert verified["revision"] == accepted[-1]["revision"]
    assert [entry.name for entry in small_disk.iterdir()] == ["满.gpkg"]


def test_full_disk_refuses_an_import_and_an_export_whole(
    four_grids: Path, demo_folder: Path, small_disk: Path
) -> None:
    path = Path(shutil.copy(four_grids, small_disk / "满.gpkg"))
    before = path.read_bytes()
    (small_disk / "ballast").write_bytes(bytes(2_097_152 - len(before) - 60_000))
    layer = ("--layer", "micro_grid", "--level", "micro_grid")

    imported = run("import", path, demo_folder / "demo-dirty.gpkg", *layer, "--crs", "EPSG:4544")
    exported = run("export", path, small_disk / "出.gpkg")

    assert (imported.code, exported.code) == (2, 2)
    for ran in (imported, exported):
        assert "Traceback" not in ran.err
        assert ran.err.strip()
    assert path.read_bytes() == before
    assert sorted(entry.name for entry in small_disk.iterdir()) == ["ballast", "满.gpkg"]


def test_project_on_a_read_only_disk_is_readable_and_not_editable(
    four_grids: Path, small_disk: Path
) -> None:
    path = Path(shutil.copy(four_grids, small_disk / "只读.gpkg"))
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    ran = edit(path, {"do": "undo"})

    assert ran.code == 2
    assert ran.out == ""
    assert "只读.gpkg" in ran.err
    assert run("check", path).code == 0
    assert json_of("info", path)["revision"] == 2
