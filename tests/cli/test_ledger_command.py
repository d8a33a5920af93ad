"""The ledger on the command line: out to Excel, edited, and back."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl

from tests.cli.runner import json_of, run

GRID_1 = "990001001001001"


def test_a_ledger_goes_out_and_an_edited_one_comes_back(
    four_grids: Path, chinese_dir: Path
) -> None:
    ledger = chinese_dir / "网格 台账.xlsx"
    assert run("export", four_grids, ledger, "--levels", "grid").code == 0
    book = openpyxl.load_workbook(ledger)
    assert book.sheetnames == ["网格"]
    book["网格"]["B2"] = "虚构新网格"
    book.save(ledger)
    before = json_of("info", four_grids)["revision"]

    looked = run("import", four_grids, ledger, "--level", "ledger", "--preview-only")
    assert looked.code == 0
    assert json_of("info", four_grids)["revision"] == before

    out = chinese_dir / "结果.json"
    assert run("import", four_grids, ledger, "--level", "ledger", "--json", out).code == 0
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["revision"] == before + 1
    assert (told["rows"], told["matched"], told["changed"]) == (4, 4, 1)
    [change] = told["changes"]
    assert (change["row"], change["code"], change["field"]) == ("网格!2", GRID_1, "name")
    assert change["new"] == "虚构新网格"


def test_a_row_with_a_fault_is_left_out_and_told(four_grids: Path, chinese_dir: Path) -> None:
    ledger = chinese_dir / "台账.csv"
    ledger.write_text(f"编码,备注\n{GRID_1},甲\n12345,乙\n", encoding="gbk")

    ran = run("import", four_grids, ledger, "--level", "ledger", "--lang", "zh")

    assert ran.code == 1
    assert "台账!3  项目里没有“12345”。" in ran.err
    assert json_of("info", four_grids)["revision"] == 3


def test_a_file_that_is_no_ledger_leaves_the_project(four_grids: Path, chinese_dir: Path) -> None:
    file = chinese_dir / "清单.csv"
    file.write_text("甲,乙\n1,2\n", encoding="utf-8")
    before = json_of("verify", four_grids)

    assert run("import", four_grids, file, "--level", "ledger").code == 2
    assert json_of("verify", four_grids) == before
