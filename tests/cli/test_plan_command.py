"""Plans by edit lines, and ``gridadmin plan``: the comparison as JSON, in sentences, as Excel."""

from __future__ import annotations

from pathlib import Path

from tests.cli.boundaries import at
from tests.cli.runner import Line, edit, edited, json_of, run

GRID_1 = "990001001001001"
MOVE: Line = {"do": "move", "from": at(100, 100), "to": at(104, 97)}
OPEN: Line = {"do": "plan", "open": "虚构方案"}
CHECK: Line = {"do": "plan", "state": "checked"}
APPROVE: Line = {"do": "plan", "state": "approved", "document": "虚构〔2026〕5号"}
IN_FORCE: Line = {"do": "plan", "state": "in_force", "since": "2026-03-01"}


def test_a_plan_goes_from_draft_into_force_over_several_runs(four_grids: Path) -> None:
    base = json_of("info", four_grids)["revision"]
    edited(four_grids, OPEN)
    assert json_of("info", four_grids)["plan"] == "虚构方案"
    edited(four_grids, MOVE)
    edited(four_grids, CHECK, APPROVE)

    [refused] = edit(four_grids, {**MOVE, "from": at(104, 97), "to": at(99, 99)}).answers
    assert refused["code"] == "edit.borders_approved"
    [done] = edited(four_grids, IN_FORCE)
    # All four grids meet at the point that moved.
    assert done["dated"] == 4
    assert json_of("info", four_grids)["plan"] is None
    told = json_of("plan", four_grids)
    assert (told["plan"]["state"], told["plan"]["in_force"]) == ("in_force", "2026-03-01")
    assert told["base_revision"] == base
    assert told["counts"]["reshaped"] == 4


def test_back_to_draft_and_undo_to_a_revision(four_grids: Path) -> None:
    answers = edited(four_grids, OPEN, MOVE, CHECK)
    first = answers[0]["revision"]

    edited(four_grids, {"do": "plan", "state": "draft", "reason": "公示期内有异议"})
    [back] = edited(four_grids, {"do": "undo", "to": first})

    assert back["revision"] == first + 4
    assert json_of("plan", four_grids)["areas"] == []
    assert edit(four_grids, {"do": "undo", "to": first + 1}).answers[0]["code"] == (
        "edit.not_standing"
    )
    edited(four_grids, {"do": "redo"})
    assert json_of("plan", four_grids)["counts"]["reshaped"] == 4


def test_the_comparison_is_told_in_sentences_and_written_as_a_workbook(
    four_grids: Path, chinese_dir: Path
) -> None:
    edited(four_grids, OPEN, MOVE)
    table = chinese_dir / "对照表.xlsx"

    ran = run("plan", four_grids, "--table", table)

    assert ran.code == 0
    assert "Plan “虚构方案” (draft)" in ran.err
    assert "Areas with another outline: 4" in ran.err
    assert table.is_file()


def test_a_project_without_a_plan_is_refused(four_grids: Path) -> None:
    ran = run("plan", four_grids)

    assert ran.code == 2
    assert "No plan is under way" in ran.err


def test_a_plan_line_without_sense_is_refused(four_grids: Path) -> None:
    ran = edit(
        four_grids,
        {"do": "plan"},
        {"do": "plan", "state": "gone"},
        {"do": "plan", "state": "checked", "allow": ["gap"]},
        {"do": "plan", "state": "draft"},
        {"do": "plan", "name": "乙"},
        {"do": "undo", "to": "7"},
    )

    assert [answer["code"] for answer in ran.answers] == [
        "edit.missing_value",
        "edit.bad_value",
        "edit.bad_value",
        "edit.missing_value",
        "edit.no_plan",
        "edit.bad_value",
    ]
