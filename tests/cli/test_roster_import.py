"""Rosters on the command line: looked at, written as one gesture, written again."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl

from tests.cli.runner import json_of, run

COMMUNITY = "990001001001"


def write_csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def without_people(project: Path) -> Path:
    """Take everybody out of a project file, as if nobody had been put in yet."""
    with closing(sqlite3.connect(project)) as file, file:
        for table in ("assignment", "pairing", "party_node", "person", "organization"):
            file.execute(f"DELETE FROM {table}")
    return project


def test_the_demo_roster_says_what_the_demo_project_holds(demo: Path, demo_folder: Path) -> None:
    told = json_of("roster", "import", demo, demo_folder / "roster.xlsx")

    assert told["persons"] == {"new": 0, "changed": 0, "same": 1098}
    assert told["posts"] == {"new": 0, "changed": 0, "same": 1089, "ended": 0}
    assert told["problems"] == []
    assert told["written"] is False


def test_the_roster_of_the_demo_says_what_its_project_has_already(
    demo: Path, demo_folder: Path
) -> None:
    before = json_of("info", demo)["revision"]

    told = json_of("roster", "import", demo, demo_folder / "roster.xlsx")

    assert told["rows"] == told["good"] == told["persons"]["same"] > 1000
    assert (told["persons"]["new"], told["persons"]["changed"]) == (0, 0)
    assert (told["posts"]["new"], told["posts"]["changed"], told["posts"]["ended"]) == (0, 0, 0)
    assert (told["written"], told["revision"]) == (False, before)


def test_a_second_import_changes_nothing_and_a_preview_never_does(
    four_grids: Path, chinese_dir: Path
) -> None:
    file = write_csv(
        chinese_dir / "名册.csv",
        "所属社区,所属网格,姓名,所属岗位,派出单位\n"
        "样例社区,样例1,赵甲,网格员,\n样例社区,,钱乙,下沉干部,虚构局\n",
    )
    before = json_of("info", four_grids)["revision"]
    looked = json_of("roster", "import", four_grids, file, "--preview-only")
    assert (looked["written"], looked["revision"]) == (False, None)
    assert json_of("info", four_grids)["revision"] == before

    first = json_of("roster", "import", four_grids, file)
    second = run("roster", "import", four_grids, file, "--json", "-", "--lang", "zh")

    assert (first["persons"]["new"], first["posts"]["new"]) == (2, 2)
    assert (first["new_units"], first["written"], first["revision"]) == (
        ["虚构局"],
        True,
        before + 1,
    )
    assert second.json["persons"] == {"new": 0, "changed": 0, "same": 2}
    assert second.json["posts"] == {"new": 0, "changed": 0, "same": 2, "ended": 0}
    assert (second.code, second.json["revision"]) == (0, before + 1)
    assert "项目里都已经有了，没有改动。" in second.err
    report = json_of("staffing", "report", four_grids, code=1)
    assert (report["persons"], report["covered"], report["organizations"]) == (2, 1, 1)


def test_one_undo_takes_a_roster_back(four_grids: Path, chinese_dir: Path) -> None:
    file = write_csv(
        chinese_dir / "名册.csv",
        "所属社区,所属网格,姓名,所属岗位\n样例,第一网格,赵甲,网格员\n",
        "gbk",
    )
    before = json_of("verify", four_grids)["partition_sha256"]
    ran = run("roster", "import", four_grids, file, "--lang", "zh")

    undone = run("edit", four_grids, "-", stdin=b'{"do":"undo"}\n')

    assert ran.code == 0, ran.err
    assert "人员：新增 1，更新 0，不变 0。" in ran.err
    assert undone.answers[0]["ok"] is True
    assert json_of("staffing", "report", four_grids, code=1)["persons"] == 0
    assert json_of("verify", four_grids)["partition_sha256"] == before


def test_good_rows_are_written_and_bad_ones_listed_with_cell_value_and_reason(
    four_grids: Path, chinese_dir: Path
) -> None:
    file = write_csv(
        chinese_dir / "名册.csv",
        "网格员花名册,,,,\n"
        "所属社区,所属网格,姓名,手机号,所属岗位\n"
        "样例社区居委会,1号网格,赵 甲,100-0001,网格员\n"
        "样例社区,第二网格,钱乙,138000000,网格员\n"
        "样例社区,第九网格,孙丙,100-0003,网格员\n",
    )
    marked = chinese_dir / "问题.xlsx"

    ran = run(
        "roster", "import", four_grids, file, "--marked", marked, "--json", "-", "--lang", "zh"
    )

    assert ran.code == 1
    told = ran.json
    assert (told["rows"], told["good"], told["written"]) == (3, 1, True)
    found = [(p["cell"], p["column"], p["value"], p["code"]) for p in told["problems"]]
    assert found == [
        ("D4", "手机号", "138**0000", "roster.bad_phone"),
        ("B5", "所属网格", "第九网格", "roster.unknown_area_in"),
    ]
    assert "名册!B5  所属网格“第九网格”：“样例社区”里没有“第九网格”。" in ran.err
    book = openpyxl.load_workbook(marked)
    assert book.sheetnames == ["问题清单", "名册"]
    note = book["名册"]["B5"].comment
    assert note is not None
    assert note.text == "“样例社区”里没有“第九网格”。"
    assert book["名册"]["D4"].fill.fgColor.rgb == "FFF8C9C9"
    assert book["名册"]["C5"].comment is None


def test_a_near_name_is_asked_and_taken_only_when_answered(
    four_grids: Path, chinese_dir: Path
) -> None:
    file = write_csv(chinese_dir / "名册.csv", "所属社区,姓名,所属岗位\n祥例社区,赵甲,下沉干部\n")

    asked = json_of("roster", "import", four_grids, file, code=1)
    [question] = asked["questions"]
    answer = f"{question['id']}={COMMUNITY}"
    answered = json_of("roster", "import", four_grids, file, "--answer", answer)

    assert (asked["good"], asked["written"]) == (0, False)
    assert [option["key"] for option in question["options"]] == [COMMUNITY]
    assert (answered["good"], answered["persons"]["new"]) == (1, 1)


def test_a_column_with_identity_numbers_is_refused_by_name_and_kept_out_of_everything(
    four_grids: Path, chinese_dir: Path
) -> None:
    number = "110101180001010015"
    file = write_csv(
        chinese_dir / "名册.csv",
        "所属社区,姓名,所属岗位,其他\n"
        f"样例社区,赵甲,下沉干部,{number[:6]} {number[6:]}\n样例社区,钱乙,下沉干部,无\n",
    )
    out = chinese_dir / "结果.json"

    ran = run("roster", "import", four_grids, file, "--json", out, "--lang", "zh")

    told = json.loads(out.read_text(encoding="utf-8"))
    assert ran.code == 1
    assert told["refused_columns"] == [{"sheet": "名册", "column": "其他", "cells": 1, "rows": [2]}]
    assert (told["good"], told["written"]) == (2, True)
    assert "“名册”的“其他”列含有身份证号（1 格），整列没有读取，也不会保存。" in ran.err
    for content in (ran.err, out.read_text(encoding="utf-8")):
        assert number[6:] not in content
    assert number[6:].encode() not in four_grids.read_bytes()


def test_a_marked_copy_takes_the_place_of_neither_the_roster_nor_a_project(
    four_grids: Path, chinese_dir: Path
) -> None:
    file = chinese_dir / "名册.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["姓名", "手机号"])
    book.active.append(["赵甲", "1"])
    book.save(file)
    before, project = file.read_bytes(), four_grids.read_bytes()

    onto_itself = run("roster", "import", four_grids, file, "--marked", file, "--lang", "zh")
    onto_project = run("roster", "import", four_grids, file, "--marked", four_grids)

    assert (onto_itself.code, onto_project.code) == (2, 2)
    assert "不能写在名册自己上面" in onto_itself.err
    assert (file.read_bytes(), four_grids.read_bytes()) == (before, project)


def test_what_columns_mean_can_be_said(four_grids: Path, chinese_dir: Path) -> None:
    file = write_csv(chinese_dir / "名册.csv", "姓名,联系人,所属社区\n网格甲,赵甲,样例社区\n")

    told = json_of(
        "roster", "import", four_grids, file, "--column", "联系人=姓名", "--post", "cadre"
    )

    assert [column["meaning"] for column in told["sheets"][0]["columns"]] == [
        None,
        "name",
        "community",
    ]
    report = json_of("staffing", "report", four_grids, code=1)
    assert (report["cadres"], report["covered"]) == (1, 1)


def test_a_file_that_is_no_roster_leaves_the_project(four_grids: Path, chinese_dir: Path) -> None:
    file = write_csv(chinese_dir / "清单.csv", "甲,乙\n1,2\n")
    before = json_of("verify", four_grids)

    assert run("roster", "import", four_grids, file).code == 2
    assert run("roster", "import", four_grids, chinese_dir / "没有.xlsx").code == 2
    assert run("roster", "import", four_grids, file, "--column", "甲").code == 2
    assert json_of("verify", four_grids) == before


def test_an_answer_that_nothing_asks_for_is_named(four_grids: Path, chinese_dir: Path) -> None:
    file = write_csv(chinese_dir / "名册.csv", "所属社区,姓名,所属岗位\n祥例社区,赵甲,下沉干部\n")
    answers = (
        "--answer",
        "area=不存在",
        "--answer",
        "move=both",
        "--answer",
        f"area-x={COMMUNITY}",
    )

    ran = run("roster", "import", four_grids, file, *answers, lang="zh")
    used = json_of("roster", "import", four_grids, file, "--answer", f"area={COMMUNITY}")

    assert "回答“area=不存在”没有用上：没有问题等它，或者没有这个选项。" in ran.err
    assert "回答“move=both”没有用上" in ran.err
    assert used["unused_answers"] == []


def test_a_row_may_name_several_persons_by_post(four_grids: Path, chinese_dir: Path) -> None:
    file = write_csv(
        chinese_dir / "网格表.csv",
        "社区,网格,网格长,联系电话,网格员,联系电话\n样例社区,样例1,赵甲,200-0001,钱乙,12\n",
    )

    told = json_of("roster", "import", four_grids, file, code=1)

    assert (told["rows"], told["good"]) == (2, 1)
    assert [(one["cell"], one["code"]) for one in told["problems"]] == [("F2", "roster.bad_phone")]
    posts = {one["title"]: one["post"] for one in told["sheets"][0]["columns"]}
    assert (posts["网格"], posts["网格长"], posts["网格员联系电话"]) == (None, "网格长", "网格员")


def test_columns_without_a_meaning_are_named(four_grids: Path, chinese_dir: Path) -> None:
    file = write_csv(
        chinese_dir / "名册.csv",
        "序号,所属社区,姓名,所属岗位,爱好,车牌,身份证号\n1,样例社区,赵甲,下沉干部,棋,虚A1,\n",
    )

    ran = run("roster", "import", four_grids, file, lang="zh")
    named = run("roster", "import", four_grids, file, "--column", "爱好=note", lang="zh")

    assert "有几列不知道是什么意思，没有读取：爱好、车牌。" in ran.err
    assert "没有读取：车牌。" in named.err
