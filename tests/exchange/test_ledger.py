"""The ledger to Excel and CSV, and what an edited one changes."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gridadmin.base.errors import Cancelled, InputError
from gridadmin.base.texts import sentence
from gridadmin.edit.area_commands import Delete, SetField
from gridadmin.edit.document import Document
from gridadmin.exchange.ledger import ledger_of
from gridadmin.exchange.ledger_file import read_tables, write_ledger
from gridadmin.exchange.ledger_rows import LedgerPreview, as_command, compare
from tests.helpers.projects import document_on, named, small_town

A1 = "990101001001001"


@pytest.fixture
def document() -> Document:
    return document_on(small_town())


@pytest.fixture
def written(document: Document, chinese_dir: Path) -> Path:
    path = chinese_dir / "台账.xlsx"
    write_ledger(path, ledger_of(document.snapshot))
    return path


def edited(path: Path, edit: Callable[[Any], None], sheet: str = "网格") -> Path:
    """Change a ledger as somebody would in Excel."""
    book = openpyxl.load_workbook(path)
    edit(book[sheet])
    book.save(path)
    return path


def preview(document: Document, path: Path) -> LedgerPreview:
    return compare(document.snapshot, read_tables(path))


def told(found: LedgerPreview) -> list[tuple[str, str, Any, Any]]:
    return [(change.row, change.field, change.old, change.new) for change in found.changes]


def problems(found: LedgerPreview) -> list[tuple[str, str]]:
    return [(problem.row, problem.code) for problem in found.problems]


def column(page: Any, title: str) -> str:
    (cell,) = [cell for cell in page[1] if cell.value == title]
    letter: str = cell.column_letter
    return letter


def test_a_level_has_a_sheet_and_an_area_a_row(written: Path) -> None:
    book = openpyxl.load_workbook(written)

    assert book.sheetnames == ["区", "社区", "网格", "微网格"]
    page = book["网格"]
    assert page.max_row == 9
    assert [cell.value for cell in page[1]][:4] == ["编码", "名称", "层级", "上级"]
    assert [cell.value for cell in page[2]][:5] == [A1, "虚构A1", "网格", "虚构A", "990101001001"]
    assert page[f"{column(page, '填报户数')}2"].value == 400


def test_codes_are_text_and_the_heading_stands_still(written: Path) -> None:
    page = openpyxl.load_workbook(written)["微网格"]

    assert page["A2"].value == "99010100100100101"
    assert (page["A2"].data_type, page["A2"].number_format) == ("s", "@")
    assert page.freeze_panes == "C2"
    assert page.auto_filter.ref.startswith("A1:")
    assert page.column_dimensions["A"].width == 22


def test_what_looks_like_a_formula_is_text(document: Document, chinese_dir: Path) -> None:
    document.execute(SetField(A1, "note", "=1+1"))
    path = chinese_dir / "台账.xlsx"

    write_ledger(path, ledger_of(document.snapshot))

    page = openpyxl.load_workbook(path)["网格"]
    cell = page[f"{column(page, '备注')}2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_signs_that_no_workbook_holds_are_left_out_and_wide_blanks_stay(
    document: Document, chinese_dir: Path
) -> None:
    sheets = ledger_of(document.snapshot)
    wrong = [
        replace(one, rows=tuple(("a\x1b\x00b\u3000c", *row[1:]) for row in one.rows))
        for one in sheets
    ]
    path = chinese_dir / "台账.xlsx"

    write_ledger(path, wrong)

    assert openpyxl.load_workbook(path)["网格"]["A2"].value == "ab\u3000c"


def test_a_cancelled_ledger_is_no_file_and_says_nothing(
    document: Document, chinese_dir: Path
) -> None:
    class Stops:
        def step(self, what: str, done: int, total: int) -> None:
            """Ignore it."""

        def is_cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        write_ledger(chinese_dir / "台账.xlsx", ledger_of(document.snapshot), Stops())
    gc.collect()

    assert list(chinese_dir.iterdir()) == []


@pytest.mark.parametrize("name", ["台账.xlsx", "台账.csv"])
def test_a_ledger_that_nobody_edited_changes_nothing(
    document: Document, chinese_dir: Path, name: str
) -> None:
    document.execute(SetField(A1, "note", "=1+1\n第二行"))
    path = chinese_dir / name
    write_ledger(path, ledger_of(document.snapshot))

    found = preview(document, path)

    assert (told(found), problems(found)) == ([], [])
    assert found.rows == found.matched == 27


def test_edited_cells_are_changes_from_old_to_new(document: Document, written: Path) -> None:
    def edit(page: Any) -> None:
        page["B2"] = "虚构新名"
        page[f"{column(page, '类别')}3"] = "专属网格"
        page[f"{column(page, '专属类型')}3"] = "学校"
        page[f"{column(page, '城乡类型')}3"] = "城区"
        page[f"{column(page, '填报户数')}4"] = 410
        page[f"{column(page, '截至日期')}4"] = "2025-12-31"
        page[f"{column(page, '四至')}5"] = "东至示例路"

    found = preview(document, edited(written, edit))

    assert told(found) == [
        ("网格!2", "name", "虚构A1", "虚构新名"),
        ("网格!3", "kind", "一般网格", "专属网格"),
        ("网格!3", "exclusive_type", None, "学校"),
        ("网格!3", "class", None, "城区"),
        ("网格!4", "households", 400, 410),
        ("网格!4", "as_of", None, "2025-12-31"),
        ("网格!5", "four_bounds", None, "东至示例路"),
    ]
    assert problems(found) == []


def test_all_changes_are_one_gesture(document: Document, written: Path) -> None:
    def edit(page: Any) -> None:
        page["A2"], page["A3"] = page["A3"].value, page["A2"].value
        page[f"{column(page, '填报户数')}4"] = 410
        page[f"{column(page, '截至日期')}4"] = "2025-12-31"

    found = preview(document, edited(written, edit))
    document.execute(as_command(found.changes))

    now = document.snapshot
    assert named(now, "A1").code == "990101001001002"
    assert named(now, "A2").code == A1
    assert (named(now, "A3").households_typed, named(now, "A3").households_as_of) == (
        410,
        "2025-12-31",
    )
    document.undo()
    assert named(document.snapshot, "A1").code == A1


def test_rows_with_faults_are_told_and_the_others_stand(document: Document, written: Path) -> None:
    def edit(page: Any) -> None:
        page[f"{column(page, '类别')}2"] = "皇家网格"
        page[f"{column(page, '填报户数')}3"] = "很多"
        page["A4"] = "990101001002001"
        page[f"{column(page, '备注')}5"] = "好"
        page[f"{column(page, '上级')}6"] = "虚构A"
        page[f"{column(page, '截至日期')}7"] = "2025-12-31"
        page.append(["", "没有的网格", "网格", "虚构A"])

    found = preview(document, edited(written, edit))

    assert told(found) == [("网格!5", "note", None, "好")]
    assert sorted(problems(found)) == [
        ("网格!10", "ledger.unknown_area"),
        ("网格!2", "ledger.not_one_of"),
        ("网格!3", "ledger.not_whole"),
        ("网格!4", "edit.duplicate_code"),
        ("网格!6", "ledger.parent_fixed"),
        ("网格!7", "ledger.day_alone"),
    ]


def test_a_fault_names_the_column_of_the_file_and_not_the_field_inside(
    document: Document, written: Path
) -> None:
    def edit(page: Any) -> None:
        page[f"{column(page, '填报户数')}2"] = -3
        page[f"{column(page, '专属类型')}3"] = "学校"

    found = preview(document, edited(written, edit))

    assert [sentence(p.code, "zh", p.params) for p in found.problems] == [
        "字段 填报户数 不能是“-3”，请改正。",
        "“虚构A2”不是专属网格，没有专属类型；请先把类别改成专属网格。",
    ]


def test_an_emptied_name_or_kind_is_told_and_stays(document: Document, written: Path) -> None:
    def edit(page: Any) -> None:
        page["B2"] = None
        page[f"{column(page, '类别')}3"] = None

    found = preview(document, edited(written, edit))

    assert told(found) == []
    assert [(p.row, sentence(p.code, "zh", p.params)) for p in found.problems] == [
        ("网格!2", "名称不能清空，仍是“虚构A1”。"),
        ("网格!3", "类别不能清空，仍是“一般网格”。"),
    ]


def test_a_word_that_the_scheme_does_not_know_may_stay(chinese_dir: Path) -> None:
    store = small_town()
    area = named(store.snapshot(), "A1")
    store.rows["area"][area.uid] = replace(area, kind="exclusive", exclusive_type="harbour")
    document = document_on(store)
    path = chinese_dir / "台账.xlsx"
    write_ledger(path, ledger_of(document.snapshot))

    found = preview(document, path)

    assert (told(found), problems(found)) == ([], [])


def test_rows_are_matched_by_code_and_else_by_name_below_the_parent(
    document: Document, chinese_dir: Path
) -> None:
    path = chinese_dir / "清单.csv"
    path.write_bytes(
        "网格编码,名称,上级,备注\n"
        f"{A1},随便,虚构A,按编码\n"
        ",虚构A2 ,虚构A,按名称\n"
        ",虚构A2,虚构B,不在这里\n".encode("gbk")
    )

    found = preview(document, path)

    notes = {(c.name, c.new) for c in found.changes if c.field == "note"}
    assert notes == {("虚构A1", "按编码"), ("虚构A2", "按名称")}
    assert problems(found) == [("清单!4", "ledger.unknown_area")]


def test_two_rows_for_one_area_are_told(document: Document, chinese_dir: Path) -> None:
    path = chinese_dir / "清单.csv"
    path.write_text(f"编码,备注\n{A1},甲\n{A1},乙\n", encoding="utf-8")

    found = preview(document, path)

    assert told(found) == [("清单!2", "note", None, "甲")]
    assert problems(found) == [("清单!3", "ledger.twice")]


def test_a_code_whose_digits_a_spreadsheet_lost_is_refused(
    document: Document, chinese_dir: Path
) -> None:
    path = chinese_dir / "清单.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["编码", "名称", "备注"])
    book.active.append([9.9010100100100101e16, "虚构A1-1", "甲"])
    book.save(path)

    assert problems(preview(document, path)) == [("Sheet!2", "input.code_rounded")]


def test_an_area_that_ended_is_told(document: Document, written: Path) -> None:
    document.execute(Delete(named(document.snapshot, "B4").uid))

    found = preview(document, written)

    assert problems(found) == [("网格!9", "ledger.retired")]


def test_a_file_without_headings_is_refused(document: Document, chinese_dir: Path) -> None:
    path = chinese_dir / "清单.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")

    with pytest.raises(InputError) as refusal:
        preview(document, path)
    assert refusal.value.code == "ledger.no_header"


def test_a_file_that_is_no_table_is_refused(chinese_dir: Path) -> None:
    path = chinese_dir / "清单.xlsx"
    path.write_bytes(b"no zip")

    with pytest.raises(InputError) as refusal:
        read_tables(path)
    assert refusal.value.code == "ledger.unreadable"
    with pytest.raises(InputError) as refusal:
        read_tables(chinese_dir / "清单.doc")
    assert refusal.value.code == "ledger.unknown_format"
