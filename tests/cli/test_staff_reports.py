from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.cli.runner import edited, json_of, run

UNIT = {"do": "organization", "name": "虚构局"}


@pytest.fixture
def shinan(chinese_dir: Path) -> Path:
    """A project of 市南 with three people, one of them on two posts, made up."""
    path = chinese_dir / "市南.gpkg"
    assert run("new", path, "--scheme", "shinan", "--root", "370202").code == 0
    edited(
        path,
        UNIT,
        {"do": "headcount", "organization": "虚构局", "officials": 40, "quota": 5},
        *(
            {
                "do": "person",
                "name": f"{name}（虚构）",
                "staff_number": str(number),
                "organization": "虚构局",
                "rank": "科员",
                "own_phone": "13800001234",
                "duty_phone": "0532-8000000",
            }
            for number, name in enumerate("甲乙丙", start=1)
        ),
        *(
            {
                "do": "assign",
                "person": person,
                "area": area,
                "post": "cadre",
                "batch": "第一批",
                "valid_from": "2026-03-01",
                **more,
            }
            for person, area, more in (
                ("1", "370202001001", {}),
                ("1", "370202001004", {}),
                ("2", "370202001001", {"valid_to": "2026-05-20"}),
            )
        ),
        {"do": "assign", "person": "3", "area": "370202001001", "post": "volunteer"},
    )
    return path


def sheets(path: Path, out: Path, *options: str, lang: str = "zh") -> dict[str, list[Any]]:
    ran = run("staffing", "report", path, "--report", out, *options, lang=lang)
    assert ran.code == 1, ran.err
    book = load_workbook(out)
    return {name: list(book[name].values) for name in book.sheetnames}


def test_persons_and_person_times_stand_apart(shinan: Path, chinese_dir: Path) -> None:
    found = sheets(shinan, chinese_dir / "报表.xlsx", "--kind", "quota", "--day", "2026-05-01")

    assert found["各岗位的人数与人次"] == [
        ("岗位", "人", "人次", "处"),
        ("下沉干部", 2, 3, 2),
    ]
    assert found["选派任务完成情况"][1:] == [
        ("虚构局", 40, 5, 2, 3, 3),
        ("合计", 40, 5, 2, 3, 3),
    ]
    assert found["批次与轮换"][1] == ("第一批", 2, 3, "2026-03-01", "2026-05-20", 2)


def test_shortfall_is_summed_up_by_street_and_community(shinan: Path, chinese_dir: Path) -> None:
    found = sheets(shinan, chinese_dir / "报表.xlsx", "--kind", "shortfall")

    streets = next(rows for name, rows in found.items() if name.startswith("缺员汇总（按街道"))
    assert len(streets) == 1 + 11
    assert sum(row[2] for row in streets[1:]) == 50
    assert len(found["没有干部的村（社区）"]) == 1 + 48
    assert len(found["空缺岗位明细"]) == 1 + 50


def test_the_roster_keeps_own_phones_to_itself(shinan: Path, chinese_dir: Path) -> None:
    out = chinese_dir / "报表.xlsx"
    found = sheets(shinan, out, "--kind", "roster")

    rows = found["各村（社区）人员名册"]
    assert any("甲（虚构）" in row and "0532-8000000" in row for row in rows)
    assert "13800001234" not in str(found)


def test_terms_that_end_are_told_with_who_stays(shinan: Path, chinese_dir: Path) -> None:
    found = sheets(shinan, chinese_dir / "报表.xlsx", "--kind", "cover", "--day", "2026-05-01")

    (row,) = found["到期与顶岗（30 天内）"][1:]
    assert (row[0], row[2], row[3], row[4]) == (
        "2026-05-20",
        "下沉干部",
        "乙（虚构）",
        "甲（虚构）",
    )


def test_changes_are_counted_from_the_day_that_is_asked_for(
    shinan: Path, chinese_dir: Path
) -> None:
    found = sheets(
        shinan,
        chinese_dir / "报表.xlsx",
        *("--kind", "changes", "--day", "2026-06-01", "--since", "2026-04-01"),
        lang="en",
    )

    (name,) = [name for name in found if name.startswith("Posts changed")]
    assert [row[:3] for row in found[name][1:]] == [("ended", "乙（虚构）", "Sunk-down cadre")]


def test_sheets_about_changes_say_from_when_to_when(shinan: Path, chinese_dir: Path) -> None:
    found = sheets(
        shinan,
        chinese_dir / "报表.xlsx",
        *("--kind", "changes", "--day", "2026-06-01", "--since", "2026-04-01"),
        lang="zh",
    )

    assert "岗位变动 2026-04-01 至 2026-06-01" in found
    assert "结对变动 2026-04-01 至 2026-06-01" in found


def test_a_pdf_can_be_searched_and_each_report_is_logged(shinan: Path, chinese_dir: Path) -> None:
    out = chinese_dir / "报表.pdf"
    assert run("staffing", "report", shinan, "--report", out, lang="zh").code == 1

    text = "".join(page.extract_text() for page in PdfReader(out).pages)

    assert "人与人次分开计数" in text
    assert "虚构局" in text
    assert "平时与战时的切换" in text
    (line,) = json_of("roster", "log", shinan)["exports"]
    assert (line["what"], line["file"], line["profile"]) == ("report", "报表.pdf", "internal")


def test_unknown_parts_forms_and_days_are_refused(shinan: Path, chinese_dir: Path) -> None:
    for options, said in (
        (("--report", chinese_dir / "报表.docx"), ".xlsx .pdf"),
        (("--report", chinese_dir / "报表.xlsx", "--kind", "weather"), "weather"),
        (("--report", chinese_dir / "报表.xlsx", "--since", "昨天"), "昨天"),
    ):
        ran = run("staffing", "report", shinan, *options)
        assert (ran.code, said in ran.err) == (2, True)
    assert not (chinese_dir / "报表.xlsx").exists()


def test_places_without_a_unit_are_listed_where_the_scheme_asks_for_pairing(
    shinan: Path, chinese_dir: Path
) -> None:
    xindu = chinese_dir / "新都.gpkg"
    assert run("new", xindu, "--scheme", "xindu", "--root", "510114").code == 0

    asked = sheets(xindu, chinese_dir / "新都.xlsx", "--kind", "pairings")
    not_asked = sheets(shinan, chinese_dir / "市南.xlsx", "--kind", "pairings")

    assert len(asked["没有结对单位的村（社区）"]) == 1 + 184
    assert "没有结对单位的村（社区）" not in not_asked


def test_a_list_of_pairings_without_any_says_so(shinan: Path, chinese_dir: Path) -> None:
    found = sheets(shinan, chinese_dir / "市南.xlsx", "--kind", "pairings")

    assert found["结对名单"][0][:3] == ("单位", "结对类型", "所在")
    assert [row[0] for row in found["结对名单"][1:]] == ["还没有登记结对。"]
