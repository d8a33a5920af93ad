from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runner import json_of, run


@pytest.fixture
def shinan(chinese_dir: Path) -> Path:
    """A project of 市南 with its 50 communities and a first cadre, made up."""
    path = chinese_dir / "市南.gpkg"
    assert run("new", path, "--scheme", "shinan", "--root", "370202").code == 0
    lines = [
        {"do": "person", "name": "甲（虚构）", "staff_number": "1", "own_phone": "13800001234"},
        {"do": "assign", "person": "1", "area": "370202001001", "post": "cadre"},
    ]
    script = chinese_dir / "人员.jsonl"
    script.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    assert run("edit", path, script).code == 0
    return path


def test_the_report_has_the_keys_of_the_contract_and_counts_listed_areas(shinan: Path) -> None:
    report = json_of("staffing", "report", shinan, code=1)

    assert {
        "scheme", "base_units", "covered", "uncovered", "grids", "micro_grids", "persons",
        "cadres", "organizations", "pairings", "posts", "issues",
    } <= set(report)  # fmt: skip
    assert (report["scheme"], report["base_units"], report["covered"]) == ("shinan", 50, 1)
    assert "370202001001" not in report["uncovered"]
    assert len(report["uncovered"]) == 49
    assert (report["persons"], report["cadres"]) == (1, 1)
    secretary = next(line for line in report["posts"] if line["post"] == "community_secretary")
    assert (secretary["required"], secretary["filled"], len(secretary["vacant"])) == (50, 0, 50)


def test_findings_are_sentences_without_phones(shinan: Path) -> None:
    report = json_of("staffing", "report", shinan, code=1)
    told = json.dumps(report, ensure_ascii=False)

    uncovered = [one for one in report["issues"] if one["kind"] == "base_unit_uncovered"]
    assert len(uncovered) == 49
    assert uncovered[0]["text"].startswith("“")
    assert "13800001234" not in told


def test_a_day_before_the_assignment_has_no_cadre(shinan: Path) -> None:
    report = json_of("staffing", "report", shinan, "--day", "2020-01-01", code=1)

    assert (report["covered"], report["cadres"]) == (0, 0)


def test_a_day_that_is_none_is_bad_input(shinan: Path) -> None:
    ran = run("staffing", "report", shinan, "--day", "明天")

    assert ran.code == 2
    assert "明天" in ran.err
