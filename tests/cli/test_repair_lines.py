"""Edit lines that settle issues, and whether the answer tells the truth about what is left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.boundaries import at
from tests.cli.runner import edit, edited, json_of


def only_issue(project: Path, kind: str) -> Any:
    (found,) = [i for i in json_of("check", project, code=1)["issues"] if i["kind"] == kind]
    return found


@pytest.fixture
def with_gap(four_grids: Path) -> Path:
    """The southern 30 m of grid 3 are nobody's."""
    line = [at(-10, 30), at(110, 30)]
    edited(
        four_grids,
        {"do": "set", "area": "990001001001", "field": "divided", "value": True},
        {"do": "insert_line", "line": line, "left": "keep", "right": "990001001001"},
    )
    return four_grids


def test_a_gap_is_settled_and_the_answer_says_so(with_gap: Path) -> None:
    gap = only_issue(with_gap, "gap")

    [answer] = edited(with_gap, {"do": "repair", "issue": gap["id"], "way": "longest"})

    assert answer["settled"] is True
    assert answer["left"] == []
    assert [i for i in json_of("check", with_gap)["issues"] if i["kind"] == "gap"] == []


def test_without_a_way_the_likeliest_is_taken(with_gap: Path) -> None:
    gap = only_issue(with_gap, "gap")

    [answer] = edited(with_gap, {"do": "repair", "issue": gap["id"]})

    assert answer["settled"] is True


def test_a_gap_that_becomes_exempt_is_settled(with_gap: Path) -> None:
    gap = only_issue(with_gap, "gap")
    line = {"do": "repair", "issue": gap["id"], "way": "exempt", "reason": "水面"}

    [answer] = edited(with_gap, {**line, "approver": "张三（示例）"})

    assert answer["settled"] is True


def test_a_way_that_isn_t_there_is_refused_with_those_that_are(with_gap: Path) -> None:
    gap = only_issue(with_gap, "gap")

    ran = edit(with_gap, {"do": "repair", "issue": gap["id"], "way": "along_road"})

    [answer] = ran.answers
    assert answer["code"] == "edit.no_such_way"
    assert "longest" in answer["text"]
    assert "centre" in answer["text"]


def test_a_chosen_area_that_doesn_t_touch_the_gap_is_told_as_what_it_leaves(with_gap: Path) -> None:
    gap = only_issue(with_gap, "gap")
    line = {"do": "repair", "issue": gap["id"], "way": "chosen", "to": "990001001001002"}

    [answer] = edited(with_gap, line)

    # Grid 2 lies diagonally across: now it is in two parts, and that is an issue of its own.
    kinds = {i["kind"] for i in json_of("check", with_gap, code=1)["issues"]}
    assert "multipart" in kinds
    assert answer["ok"] is True


def test_a_batch_without_dust_is_refused(four_grids: Path) -> None:
    ran = edit(four_grids, {"do": "repair", "batch": "dust"})

    assert [answer["code"] for answer in ran.answers] == ["edit.nothing_to_settle"]


def test_a_batch_of_another_name_is_refused(four_grids: Path) -> None:
    ran = edit(four_grids, {"do": "repair", "batch": "everything"})

    assert [answer["code"] for answer in ran.answers] == ["edit.bad_value"]
