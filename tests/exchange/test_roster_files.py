"""Rosters as offices send them, ugly and harmful ones too: what is read, and what is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gridadmin.base.errors import Cancelled, InputError
from gridadmin.base.texts import LANGUAGES, explain
from gridadmin.exchange import roster_file
from gridadmin.exchange.roster_columns import find_header
from gridadmin.exchange.roster_file import RosterSheet, read_sheets
from tests.helpers.old_workbook import old_workbook

HEADINGS: list[Any] = ["所属社区", "姓名", "手机号"]
MOBILE = float("138" + "0000" + "1234")


def saved(path: Path, rows: Sequence[list[Any]], *merged: str) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    for cells in merged:
        page.merge_cells(cells)
    book.save(path)
    return path


def refusal(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read_sheets(path)
    for lang in LANGUAGES:
        assert path.name in explain(caught.value, lang)
    return caught.value


def test_cells_merged_downwards_hold_the_value_of_the_first(tmp_path: Path) -> None:
    rows: Sequence[list[Any]] = [["花名册"], HEADINGS, ["甲社区", "赵"], [None, "钱"], [None, "孙"]]
    path = saved(tmp_path / "名册.xlsx", rows, "A1:C1", "A3:A4")

    [sheet] = read_sheets(path)

    assert [row[0] for row in sheet.rows] == ["花名册", "所属社区", "甲社区", "甲社区", None]
    header = find_header(sheet)
    assert header is not None
    assert (header.row, [one.key for one in header.columns]) == (
        1,
        ["community", "name", "own_phone"],
    )


@pytest.mark.parametrize("suffix", [".xls", ".et"])
def test_old_workbooks_and_those_of_wps_are_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"名册{suffix}"
    path.write_bytes(old_workbook([["花名册"], HEADINGS, ["甲社区", "赵甲", MOBILE]]))

    [sheet] = read_sheets(path)

    assert sheet.rows[2] == ["甲社区", "赵甲", MOBILE]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_is_read_in_every_usual_encoding(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    path = tmp_path / "名册.csv"
    lines = [HEADINGS, ["甲社区", "赵甲", '="100-0001"'], [], ["乙社区", "'钱乙", ""]]
    path.write_bytes("\r\n".join(separator.join(line) for line in lines).encode(encoding))

    [sheet] = read_sheets(path)

    assert sheet.rows == [HEADINGS, ["甲社区", "赵甲", "100-0001"], [], ["乙社区", "钱乙", None]]


def test_text_that_calls_itself_a_workbook_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "导出.xls"
    path.write_text("所属社区\t姓名\n甲社区\t赵甲\n", encoding="gbk")

    assert read_sheets(path)[0].rows == [["所属社区", "姓名"], ["甲社区", "赵甲"]]


def test_hidden_sheets_are_marked_and_dates_become_days(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.append(["姓名", date(2025, 3, 1), True, 45717])
    hidden = book.create_sheet("底稿")
    hidden.sheet_state = "hidden"
    hidden.append(["姓名"])
    book.save(path)

    sheets = read_sheets(path)

    assert [sheet.is_hidden for sheet in sheets] == [False, True]
    assert sheets[0].rows == [["姓名", "2025-03-01", "是", 45717.0]]


def test_two_rows_of_headings_are_read_as_one() -> None:
    sheet = RosterSheet(
        "甲",
        [
            ["序号", "所属区域", None, "姓名", "联系电话（手机）"],
            [None, "街道", "社区/村", None, None],
            [1.0, "甲街道", "乙社区", "赵甲", "100-0001"],
        ],
    )

    header = find_header(sheet)

    assert header is not None
    assert header.row == 1
    keys = [one.key for one in header.columns]
    assert keys == [None, "street", "community", "name", "own_phone"]


def test_a_guess_that_is_not_sure_says_so_and_samples_hide_phones() -> None:
    number = f"{MOBILE:.0f}"
    rows: list[list[str | float | None]] = [
        ["姓名", "本人联系方式", "备用"],
        ["赵甲", number, number],
    ]

    header = find_header(RosterSheet("甲", rows))

    assert header is not None
    name, phone, other = header.columns
    assert (name.is_sure, phone.is_sure, phone.key, other.key) == (True, False, "own_phone", None)
    assert (phone.samples, other.samples) == (("138****1234",), ("138****1234",))


def test_no_headings_are_found_where_there_are_none() -> None:
    assert find_header(RosterSheet("甲", [["说明"], ["姓名要写全"]])) is None
    assert find_header(RosterSheet("甲", [])) is None


# What is refused


def test_files_of_other_kinds_are_refused(tmp_path: Path) -> None:
    page = tmp_path / "网页.xls"
    page.write_text("<html><table><tr><td>姓名</td></tr></table></html>", encoding="utf-8")
    picture = tmp_path / "名册.pdf"
    picture.write_bytes(b"%PDF")
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04 and so on")
    old = tmp_path / "坏.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0 and so on")
    empty = tmp_path / "空.xlsx"
    empty.write_bytes(b"")

    assert refusal(page).code == "roster.unreadable"
    assert refusal(picture).code == "roster.unknown_format"
    assert refusal(broken).code == "roster.unreadable"
    assert refusal(old).code == "roster.unreadable"
    assert refusal(empty).code == "roster.empty"
    assert refusal(tmp_path / "没有.xlsx").code == "input.no_file"


def test_a_workbook_with_nothing_in_it_is_refused(tmp_path: Path) -> None:
    assert refusal(saved(tmp_path / "空.xlsx", [])).code == "roster.empty"


def test_a_file_with_a_password_is_refused(tmp_path: Path) -> None:
    new, old = tmp_path / "新.xlsx", tmp_path / "旧.xls"
    # What Excel makes of a workbook with a password: a compound file around the encrypted one.
    new.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))
    plain = old_workbook([["姓名"], ["赵"]])
    begin = plain.index(b"\x09\x08\x10\x00") + 20
    # FILEPASS says that what follows is encrypted.
    old.write_bytes(plain[:begin] + b"\x2f\x00\x02\x00\x01\x00" + plain[begin:-6])

    assert refusal(new).code == "roster.encrypted"
    assert refusal(old).code == "roster.encrypted"


def test_a_file_that_is_too_big_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_file, "MOST_MB", 0)
    path = saved(tmp_path / "大.xlsx", [["姓名", "x" * 2_000_000]])
    path.write_bytes(path.read_bytes() + b"0" * 1_000_001)

    assert refusal(path).code == "roster.too_big"


def test_a_bomb_is_refused_whether_it_admits_its_size_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_file, "MOST_UNPACKED_MB", 1)
    honest = tmp_path / "炸弹.xlsx"
    with zipfile.ZipFile(honest, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)
    lying = tmp_path / "谎.xlsx"
    raw = bytearray(honest.read_bytes())
    size = (3_000_000).to_bytes(4, "little")
    while size in raw:
        at = raw.index(size)
        raw[at : at + 4] = (10).to_bytes(4, "little")
    lying.write_bytes(bytes(raw))

    assert refusal(honest).code == "roster.bomb"
    assert refusal(lying).code in ("roster.bomb", "roster.unreadable")


def test_a_cell_at_the_far_corner_is_refused_before_it_takes_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "远.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["A1"], page["XFD1048576"] = "姓名", "x"
    book.save(path)

    assert refusal(path).code == "roster.far_cell"


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    class Impatient:
        def step(self, what: str, done: int, total: int) -> None:
            pass

        def is_cancelled(self) -> bool:
            return True

    path = saved(tmp_path / "名册.xlsx", [["姓名"]])

    with pytest.raises(Cancelled):
        read_sheets(path, Impatient())


def test_parts_of_a_zip_that_want_a_password_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "锁.xlsx"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as parts:
        parts.writestr("xl/workbook.xml", "x")
    raw = bytearray(content.getvalue())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + place] |= 1
    path.write_bytes(bytes(raw))

    assert refusal(path).code == "roster.encrypted"
