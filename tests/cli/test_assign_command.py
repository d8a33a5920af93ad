from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.runner import edited, json_of, run


@pytest.fixture
def shinan(chinese_dir: Path) -> Path:
    """A project of 市南 with two cadres in one community and one without a post, made up."""
    path = chinese_dir / "市南.gpkg"
    assert run("new", path, "--scheme", "shinan", "--root", "370202").code == 0
    edited(
        path,
        {"do": "organization", "name": "虚构局"},
        *(
            {
                "do": "person",
                "name": f"{name}（虚构）",
                "staff_number": number,
                "organization": "虚构局",
                "rank": "科员",
            }
            for number, name in enumerate_names("甲乙丙")
        ),
        {"do": "assign", "person": "1", "area": "370202001001", "post": "cadre", "batch": "一"},
        {"do": "assign", "person": "2", "area": "370202001001", "post": "cadre", "is_locked": True},
    )
    return path


def enumerate_names(names: str) -> list[tuple[str, str]]:
    return [(str(number), name) for number, name in enumerate(names, start=1)]


def cadres(path: Path) -> dict[str, str]:
    lines = json_of("assign", path, "--posts", "cadre", code=1)
    return {move["name"]: move["area"] for move in lines["moves"]}


def test_a_proposal_leaves_the_project_as_it_is(shinan: Path) -> None:
    before = json_of("info", shinan)["revision"]

    proposal = json_of("assign", shinan, "--posts", "cadre", "--day", "2027-01-01", code=1)

    assert [move["name"] for move in proposal["moves"]] == ["甲（虚构）", "丙（虚构）"]
    assert (proposal["before"]["uncovered"], proposal["after"]["uncovered"]) == (49, 47)
    assert (proposal["proven"], proposal["applied"], proposal["revision"]) == (True, False, before)
    assert len(proposal["shortfalls"]) == 47
    assert json_of("info", shinan)["revision"] == before


def test_apply_is_one_gesture_that_one_undo_takes_back(shinan: Path) -> None:
    before = json_of("info", shinan)["revision"]

    done = json_of("assign", shinan, "--posts", "cadre", "--apply", code=1)

    assert (done["applied"], done["revision"]) == (True, before + 1)
    assert json_of("staffing", "report", shinan, code=1)["covered"] == 3
    assert cadres(shinan) == {}
    edited(shinan, {"do": "undo"})
    assert json_of("staffing", "report", shinan, code=1)["covered"] == 1
    assert len(cadres(shinan)) == 2


def test_the_workbook_has_a_line_with_its_reason_for_each_move(
    shinan: Path, chinese_dir: Path
) -> None:
    out = chinese_dir / "配岗建议.xlsx"

    assert run("assign", shinan, "--posts", "cadre", "--propose", out, lang="zh").code == 1

    book = load_workbook(out)
    assert book.sheetnames == ["目标", "配岗建议", "仍缺", "未安排人员"]
    rows = list(book["配岗建议"].values)
    assert rows[0][:5] == ("姓名", "派出单位", "岗位", "从", "到")
    assert [row[0] for row in rows[1:]] == ["甲（虚构）", "丙（虚构）"]
    assert all(row[-1].startswith("第 1 选择") for row in rows[1:])
    assert ("没有干部的村（社区）", 49, 47) in list(book["目标"].values)


def test_unknown_posts_and_forms_are_refused(shinan: Path, chinese_dir: Path) -> None:
    ran = run("assign", shinan, "--posts", "king")
    assert (ran.code, "king" in ran.err) == (2, True)

    ran = run("assign", shinan, "--propose", chinese_dir / "建议.pdf")
    assert (ran.code, ".xlsx" in ran.err) == (2, True)


def test_lines_say_in_english_what_they_mean(shinan: Path) -> None:
    ran = run("assign", shinan, "--posts", "cadre", lang="en")

    assert "Villages and communities without a cadre: 49 → 47" in ran.err
    assert "needed elsewhere" in ran.err
    assert json.dumps(ran.out) == '""'


def test_pairs_are_proposed_and_made_as_one_gesture(chinese_dir: Path) -> None:
    path = chinese_dir / "西岗.gpkg"
    assert run("new", path, "--scheme", "dalian", "--root", "210203").code == 0
    edited(path, *({"do": "organization", "name": f"虚构{name}局"} for name in "甲乙"))
    out = chinese_dir / "结对建议.xlsx"

    done = json_of("assign", path, "--pairs", "sending_unit", "--apply", "--propose", out)

    places = len(done["pairs"])
    assert places == json_of("staffing", "report", path, code=1)["pairings"]
    assert max(one["pairs"] for one in done["pairs"]) in (places // 2, (places + 1) // 2)
    assert len(list(load_workbook(out)["Pairs"].values)) == 1 + places
    edited(path, {"do": "undo"})
    assert json_of("staffing", "report", path, code=1)["pairings"] == 0
    ran = run("assign", path, "--pairs", "marriage")
    assert (ran.code, "sending_unit" in ran.err) == (2, True)
