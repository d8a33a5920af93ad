"""A made-up roster as a workbook, laid out as districts send theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from gridadmin.base.errors import InputError

HEADERS = (
    "所属街道",
    "所属社区",
    "所属网格",
    "所属微网格",
    "姓名",
    "性别",
    "政治面貌",
    "手机号",
    "所属岗位",
    "职责范畴",
    "派出单位",
    "职务",
    "职级",
    "选派批次",
)
NOTE_SHEET = "虚构数据"
ROSTER_SHEET = "花名册"
_NOTE = "虚构数据：本花名册中的人员、单位、号码均为编造，号码无法拨打，仅供演示。"
_WIDTHS = (12, 12, 20, 14, 10, 6, 10, 12, 12, 34, 24, 10, 14, 10)
_WIDTH = 14


def write_made_up_roster(
    path: Path, rows: Iterable[Sequence[str]], more_headers: Sequence[str] = ()
) -> None:
    """Write rows under :data:`HEADERS` and *more_headers*; the first sheet says they are made up.

    Raises: InputError ``export.write_failed``.
    """
    book = Workbook(write_only=True)
    book.create_sheet(NOTE_SHEET).append([_NOTE])
    sheet = book.create_sheet(ROSTER_SHEET)
    sheet.freeze_panes = "A2"
    for number, width in enumerate((*_WIDTHS, *(_WIDTH for _ in more_headers)), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_heading(sheet, text) for text in (*HEADERS, *more_headers)])
    for row in rows:
        sheet.append(row)
    # A streamed workbook that can't be written to the end leaves its sheets open.
    whole = BytesIO()
    book.save(whole)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(whole.getvalue())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError("export.write_failed", file=str(path), why=str(error)) from error


def _heading(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell
