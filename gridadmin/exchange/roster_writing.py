"""A roster as a file: Excel or CSV in which nothing is computed and no digit is lost."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.exchange.roster_columns import Meaning
from gridadmin.exchange.roster_sheet import PeopleSheet
from gridadmin.exchange.whole_file import part_beside, switch
from gridadmin.exchange.workbook import printable

SUFFIXES = (".xlsx", ".csv")
SHEET = "花名册"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_LONG_DIGITS = re.compile(r"\d{12,}")
_STRIDE = 1000


def refuse_format(path: Path) -> None:
    """Refuse what a roster can't be written to. Raises: InputError ``export.unknown_format``."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            "export.unknown_format", file=str(path), extension=suffix, known=" ".join(SUFFIXES)
        )


def write_people(
    path: Path,
    sheet: PeopleSheet,
    progress: Progress = SILENT,
    before: Callable[[], object] = lambda: None,
) -> None:
    """Write a roster; the extension says whether to Excel or CSV.

    A file that stood there before stays until the new one is whole; *before* is called just before
    it takes that place, and may stop it by an error.
    Raises: InputError ``export.unknown_format`` and others of the target; StoreError of the disk;
        Cancelled.
    """
    refuse_format(path)
    with part_beside(path) as part:
        if path.suffix.lower() == ".csv":
            _write_csv(part, sheet, progress)
        else:
            _write_excel(part, sheet, progress)
        before()
        switch(part, path)


def _write_excel(part: Path, sheet: PeopleSheet, progress: Progress) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    page = book.create_sheet(SHEET)
    dress(page, sheet.columns)
    page.auto_filter.ref = f"A1:{letter(len(sheet.columns))}{len(sheet.rows) + 1}"
    page.append([text_cell(page, one.title, is_bold=True) for one in sheet.columns])
    for number, row in enumerate(sheet.rows):
        if number % _STRIDE == 0:
            checkpoint(progress, "progress.export_write", number, len(sheet.rows))
        page.append([None if value is None else _cell(page, value) for value in row])
    content = BytesIO()
    book.save(content)
    part.write_bytes(content.getvalue())


def _cell(page: Any, value: str) -> Any:
    """Return a value as it is where nobody could take it for a number or a formula."""
    is_plain = value.isprintable() and not value[:1].isdigit() and not value.startswith(_FORMULA)
    return value if is_plain else text_cell(page, value)


def dress(page: Any, columns: Sequence[Meaning]) -> None:
    """Give a sheet the widths of its columns and headings that stay in view."""
    page.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        page.column_dimensions[letter(number)].width = column.width


def text_cell(page: Any, value: str, *, is_bold: bool = False) -> Any:
    """Return a cell that is text whatever it begins with, also after somebody has edited it."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(page, printable(value))
    cell.data_type = "s"
    cell.number_format = "@"
    if value.startswith(_FORMULA):
        cell.quotePrefix = True
    if is_bold:
        cell.font = Font(bold=True)
    return cell


def letter(number: int) -> str:
    """Return the letters of a column; A is 1."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number))


def _write_csv(part: Path, sheet: PeopleSheet, progress: Progress) -> None:
    # Excel takes a file for UTF-8 by its first three bytes alone.
    with part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([one.title for one in sheet.columns])
        for number, row in enumerate(sheet.rows):
            if number % _STRIDE == 0:
                checkpoint(progress, "progress.export_write", number, len(sheet.rows))
            writer.writerow([_csv_cell(value) for value in row])


def _csv_cell(value: str | None) -> str | None:
    """Return a value that a spreadsheet neither computes nor rounds."""
    if value is not None and (value.startswith(_FORMULA) or _LONG_DIGITS.fullmatch(value)):
        return f"'{value}"
    return value
