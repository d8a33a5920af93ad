"""Undo and redo through edit lines: one history, durable, never behind the first state."""

from __future__ import annotations

from pathlib import Path

from tests.cli.boundaries import at
from tests.cli.runner import Line, edit, edited, json_of, run, run_child

GRID_1, GRID_3 = "990001001001001", "990001001001003"
UNDO: Line = {"do": "undo"}
REDO: Line = {"do": "redo"}
CUT: Line = {
    "do": "insert_line",
    "line": [at(-10, 30), at(110, 30)],
    "left": "keep",
    "right": "new",
}
RENAME: Line = {"do": "set", "area": GRID_1, "field": "name", "value": "改名"}
MOVE: Line = {"do": "move", "from": at(100, 100), "to": at(104, 97)}


def state(project: Path) -> tuple[str, list[tuple[int, int, int]]]:
    """Return the hash of the partition, and areas, drawn and listed per level."""
    levels = json_of("info", project)["levels"]
    counts = [(level["areas"], level["drawn"], level["listed"]) for level in levels]
    return json_of("verify", project)["partition_sha256"], counts


def names(project: Path, out: Path) -> set[str]:
    import sqlite3

    assert run("export", project, out).code == 0
    with sqlite3.connect(out) as database:
        return {name for (name,) in database.execute("SELECT name FROM areas")}


def test_history_mixes_borders_and_attributes(four_grids: Path, chinese_dir: Path) -> None:
    first = state(four_grids)
    edited(four_grids, CUT)
    cut = state(four_grids)

    edited(four_grids, RENAME, MOVE)
    moved = state(four_grids)
    answers = edited(four_grids, UNDO, UNDO)

    assert [answer["revision"] for answer in answers] == [6, 7]
    assert state(four_grids) == cut
    assert "改名" not in names(four_grids, chinese_dir / "一.gpkg")
    edited(four_grids, UNDO)
    assert state(four_grids) == first
    edited(four_grids, REDO, REDO, REDO)
    assert state(four_grids) == moved
    assert "改名" in names(four_grids, chinese_dir / "二.gpkg")


def test_each_accepted_line_raises_the_revision_by_one_and_a_refused_one_leaves_it(
    four_grids: Path,
) -> None:
    ran = edit(four_grids, CUT, "nonsense", RENAME, RENAME, UNDO, REDO, MOVE, UNDO)

    revisions = [answer.get("revision") for answer in ran.answers]
    assert revisions == [3, None, 4, None, 5, 6, 7, 8]
    assert json_of("info", four_grids)["revision"] == 8


def test_undo_stops_at_the_first_state_of_the_demo(demo: Path) -> None:
    ran = edit(demo, UNDO)

    assert ran.code == 1
    assert ran.answers[0]["code"] == "edit.nothing_to_undo"
    assert json_of("info", demo)["revision"] == 0


def test_undo_stops_at_the_empty_project(four_grids: Path) -> None:
    ran = edit(four_grids, UNDO, UNDO, UNDO, REDO, REDO, REDO)

    codes = [answer.get("code") for answer in ran.answers]
    assert codes == [None, None, "edit.nothing_to_undo", None, None, "edit.nothing_to_redo"]
    assert json_of("info", four_grids)["crs"] == "EPSG:4549"


def test_new_edit_ends_what_could_be_redone(four_grids: Path) -> None:
    edited(four_grids, CUT, UNDO, RENAME)

    ran = edit(four_grids, REDO)

    assert ran.answers[0]["code"] == "edit.nothing_to_redo"


def test_undo_and_redo_outlive_a_restart(four_grids: Path) -> None:
    first = state(four_grids)
    assert run_child("edit", four_grids, stdin=_lines(CUT, MOVE)).code == 0
    moved = state(four_grids)

    undone = run_child("edit", four_grids, stdin=_lines(UNDO, UNDO))
    at_first = state(four_grids)
    redone = run_child("edit", four_grids, stdin=_lines(REDO, REDO))

    assert (undone.code, redone.code) == (0, 0), undone.out + redone.out
    assert at_first == first
    assert state(four_grids) == moved


def test_undone_area_takes_its_code_back_when_redone(four_grids: Path) -> None:
    [cut] = edited(four_grids, CUT)

    edited(four_grids, UNDO, REDO)
    ran = edit(
        four_grids, {"do": "set", "area": "990001001001005", "field": "households", "value": 40}
    )

    assert ran.code == 0
    assert cut["created"][0]["uid"] in ran.answers[0]["changed"]


def test_typed_figure_goes_stale_when_its_border_moves_and_fresh_when_undone(
    four_grids: Path, chinese_dir: Path
) -> None:
    import sqlite3

    def households(number: int) -> dict[str, tuple[int | None, str]]:
        out = chinese_dir / f"户{number}.gpkg"
        assert run("export", four_grids, out).code == 0
        with sqlite3.connect(out) as database:
            rows = database.execute("SELECT code, households, households_state FROM areas")
            return {code: (count, kind) for code, count, kind in rows}

    typed = [
        {"do": "set", "area": code, "field": "households", "value": 300}
        for code in (GRID_1, GRID_3)
    ]
    edited(four_grids, *typed)
    assert households(1)[GRID_3] == (300, "typed")

    edited(four_grids, {"do": "move", "from": at(0, 0), "to": at(5, 5)})

    assert households(2)[GRID_3][1] == "stale"
    assert households(2)[GRID_1] == (300, "typed")
    edited(four_grids, UNDO)
    assert households(3)[GRID_3] == (300, "typed")


def _lines(*lines: Line) -> bytes:
    import json

    return "\n".join(json.dumps(line) for line in lines).encode()
