"""Rosters out of a project: who may see what, nothing computed, each export noted."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

import openpyxl
import pytest

from gridadmin.store.project_file import ProjectFile
from tests.cli.runner import json_of, run

COMMUNITY = "990001001001"
MOBILE = "138" + "0000" + "1234"
ROSTER = (
    "所属社区,所属网格,姓名,手机号,办公电话,所属岗位,职责范畴,派出单位,工号,结束日期\n"
    f"样例社区,样例1,赵甲,{MOBILE},100-0001,网格员,走访（{MOBILE}）,,000000000000017,2099-12-31\n"
    "样例社区,,钱乙,,,下沉干部,=HYPERLINK(1),+虚构局,,\n"
    ",,孙丙,100-0003,,,,,,\n"
)


@pytest.fixture
def peopled(four_grids: Path, chinese_dir: Path) -> Path:
    """The four grids with three people: a grid member, a cadre, and one without a post."""
    file = chinese_dir / "来.csv"
    file.write_text(ROSTER, encoding="utf-8")
    ran = run("roster", "import", four_grids, file)
    assert ran.code == 0, ran.err
    return four_grids


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_public_roster_has_names_posts_and_masked_phones_alone(
    peopled: Path, chinese_dir: Path
) -> None:
    out = chinese_dir / "公示.csv"

    told = json_of("roster", "export", peopled, out)

    assert told["persons"] == 2
    cadre, member = rows_of(out)
    assert set(member) == {
        "所属街道", "所属社区", "所属网格", "所属微网格", "区域编码", "姓名", "手机号", "办公电话",
        "所属岗位", "职责范畴",
    }  # fmt: skip
    assert (member["姓名"], member["手机号"]) == ("赵甲", "138****1234")
    assert member["职责范畴"] == "走访（138****1234）"
    assert cadre["职责范畴"] == "'=HYPERLINK(1)"
    assert MOBILE not in out.read_text(encoding="utf-8-sig")


def test_an_internal_roster_is_whole_and_comes_back_unchanged(
    peopled: Path, chinese_dir: Path
) -> None:
    out = chinese_dir / "内部.xlsx"

    told = json_of("roster", "export", peopled, out, "--profile", "internal")
    again = json_of("roster", "import", peopled, out)

    assert (told["persons"], told["rows"]) == (3, 3)
    assert again["persons"] == {"new": 0, "changed": 0, "same": 3}
    assert again["posts"] == {"new": 0, "changed": 0, "same": 2, "ended": 0}
    page = openpyxl.load_workbook(out)["花名册"]
    cells = {cell.value: cell for row in page.iter_rows() for cell in row}
    assert MOBILE in cells
    assert "2099-12-31" in cells
    assert cells["000000000000017"].data_type == "s"
    unit = cells["+虚构局"]
    assert (unit.data_type, unit.quotePrefix, unit.number_format) == ("s", True, "@")


def test_area_and_columns_limit_a_roster(peopled: Path, chinese_dir: Path) -> None:
    out = chinese_dir / "名单.csv"

    run("roster", "export", peopled, out, "--area", f"{COMMUNITY}001", "--columns", "name,post")

    assert rows_of(out) == [{"姓名": "赵甲", "所属岗位": "网格员"}]
    for wrong in (["--columns", "rank"], ["--area", "没有"]):
        assert run("roster", "export", peopled, out, *wrong).code == 2
    assert run("roster", "export", peopled, chinese_dir / "名单.pdf").code == 2


def test_every_export_is_noted_with_who_when_and_for_whom(peopled: Path, chinese_dir: Path) -> None:
    revision = json_of("info", peopled)["revision"]

    run("roster", "export", peopled, chinese_dir / "内部.xlsx", "--profile", "internal")
    run("export", peopled, chinese_dir / "边界.gpkg", "--with", "posts")
    run("roster", "export", peopled, chinese_dir / "模板.xlsx", "--template")
    noted = json_of("roster", "log", peopled)["exports"]

    assert [(n["what"], n["profile"], n["file"], n["count"]) for n in noted] == [
        ("template", "public", "模板.xlsx", 0),
        ("boundaries", "public", "边界.gpkg", 6),
        ("roster", "internal", "内部.xlsx", 3),
    ]
    assert "手机号" in noted[2]["fields"]
    assert all(n["author"] and n["time"] for n in noted)
    assert json_of("info", peopled)["revision"] == revision
    assert "人员名册（内部）  内部.xlsx  3" in run("roster", "log", peopled, "--lang", "zh").err


def test_nothing_about_persons_leaves_a_project_that_cannot_note_it(
    peopled: Path, chinese_dir: Path
) -> None:
    out = chinese_dir / "名册.csv"
    with ProjectFile.open(peopled, write=True):
        assert run("roster", "export", peopled, out).code == 2
        assert run("export", peopled, chinese_dir / "甲.gpkg", "--with", "posts").code == 2
        plain = run("export", peopled, chinese_dir / "乙.gpkg", "--lang", "zh")

    assert not out.exists()
    assert not (chinese_dir / "甲.gpkg").exists()
    assert plain.code == 0
    assert "这次导出没有记入导出记录" in plain.err


@pytest.mark.parametrize("profile", ["public", "internal"])
def test_tables_about_people_hold_what_the_profile_may_see(
    peopled: Path, chinese_dir: Path, profile: str
) -> None:
    out = chinese_dir / "边界.gpkg"

    ran = run("export", peopled, out, "--with", "posts,organizations", "--profile", profile)

    assert ran.code == 0, ran.err
    with sqlite3.connect(out) as database:
        database.row_factory = sqlite3.Row
        posts = [dict(row) for row in database.execute("select * from posts order by area_code")]
        units = [dict(row) for row in database.execute("select * from organizations")]
    database.close()
    cadre, member = posts
    assert (member["area_code"], member["post"], member["post_name"]) == (
        f"{COMMUNITY}001",
        "grid_member",
        "网格员",
    )
    assert (member["person_name"], member["duty_phone"]) == ("赵甲", "100-0001")
    assert [unit["name"] for unit in units] == ["+虚构局"]
    is_internal = profile == "internal"
    assert ("own_phone" in member, "rank" in cadre, "contact" in units[0]) == (is_internal,) * 3
    assert (MOBILE.encode() in out.read_bytes()) == is_internal


def test_a_template_offers_the_posts_and_areas_of_the_project(
    peopled: Path, chinese_dir: Path
) -> None:
    out = chinese_dir / "模板.xlsx"

    assert run("roster", "export", peopled, out, "--template").code == 0

    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["花名册", "清单", "填写说明"]
    page = book["花名册"]
    headings = [cell.value for cell in page[1]]
    assert headings[:4] == ["所属街道", "所属社区", "所属网格", "所属微网格"]
    assert page.max_row == 1
    columns = {str(cell.value): cell.column_letter for cell in page[1]}
    listed = page.data_validations.dataValidation
    rules = {str(rule.sqref).partition("2:")[0]: rule for rule in listed}
    post = rules[columns["所属岗位"]].formula1
    lists = book["清单"]
    letter = post.partition("$")[2].partition("$")[0]
    assert [cell.value for cell in lists[letter]][:3] == [
        "可选所属岗位",
        "社区（村）党组织书记",
        "网格长",
    ]
    assert rules[columns["所属网格"]].formula1.startswith("OFFSET(清单!")
    titles = [cell.value for cell in lists[1]]
    above = [cell.value for cell in lists[chr(ord("A") + titles.index("网格的上级"))]]
    assert above[1:5] == ["/样例社区"] * 4
    assert "赵甲" not in "".join(str(c.value) for p in book for row in p.iter_rows() for c in row)


def test_a_table_of_proposals_is_noted_as_internal(peopled: Path, chinese_dir: Path) -> None:
    out = chinese_dir / "建议.xlsx"

    assert run("assign", peopled, "--propose", out).code in (0, 1)

    [noted] = json_of("roster", "log", peopled)["exports"]
    assert (noted["what"], noted["profile"], noted["file"]) == ("proposal", "internal", "建议.xlsx")
