"""The ledger as a file: Excel with a sheet per level, or CSV; and back, old Excel files too."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gridadmin.base.errors import Cancelled, InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.exchange.csv_reader import read_csv
from gridadmin.exchange.ledger import Cell, LedgerColumn, Sheet
from gridadmin.exchange.whole_file import part_beside, switch
from gridadmin.exchange.workbook import printable

if TYPE_CHECKING:
    from openpyxl import Workbook

SUFFIXES = (".xlsx", ".csv")
READABLE = (".xlsx", ".xls", ".csv")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONG_DIGITS = re.compile(r"\d{12,}")
_STRIDE = 1000
_GREY = "FFE8ECF1"

Table = tuple[str, list[list[Cell]]]
"""Name of a sheet and its rows, from the first that holds anything."""


def write_ledger(path: Path, sheets: Sequence[Sheet], progress: Progress = SILENT) -> None:
    """Write a ledger; the extension says whether to Excel or CSV.

    Codes are text, for a spreadsheet loses digits of long numbers; what looks like a formula is
    text too. A file that stood there before stays until the new one is finished.

    Raises: InputError ``export.unknown_format``, StoreError of the disk, Cancelled.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            "export.unknown_format", file=str(path), extension=suffix, known=" ".join(SUFFIXES)
        )
    with part_beside(path) as part:
        if suffix == ".csv":
            _write_csv(part, sheets, progress)
        else:
            _write_excel(part, sheets, progress)
        switch(part, path)


def _write_excel(part: Path, sheets: Sequence[Sheet], progress: Progress) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    try:
        _fill(book, sheets, progress)
    except Cancelled:
        # Sheets that are left open complain when they are collected.
        for page in book.worksheets:
            page.close()
        raise
    if not sheets:
        book.create_sheet("台账")
    book.save(part)


def _fill(book: Workbook, sheets: Sequence[Sheet], progress: Progress) -> None:
    from openpyxl.utils import get_column_letter

    total = sum(len(sheet.rows) for sheet in sheets)
    done = 0
    for sheet in sheets:
        page = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", sheet.title)[:31])
        page.freeze_panes = "C2"
        for number, column in enumerate(sheet.columns, start=1):
            page.column_dimensions[get_column_letter(number)].width = column.width
        last = get_column_letter(len(sheet.columns))
        page.auto_filter.ref = f"A1:{last}{len(sheet.rows) + 1}"
        page.append([_heading(page, column) for column in sheet.columns])
        for row in sheet.rows:
            if done % _STRIDE == 0:
                checkpoint(progress, "progress.export_write", done, total)
            done += 1
            page.append(
                [
                    _excel_cell(page, column, value)
                    for column, value in zip(sheet.columns, row, strict=True)
                ]
            )


def _heading(page: Any, column: LedgerColumn) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font, PatternFill

    cell = WriteOnlyCell(page, column.title)
    cell.font = Font(bold=True)
    # What can't be changed here has a grey heading.
    if not column.field:
        cell.fill = PatternFill("solid", fgColor=_GREY)
    return cell


def _excel_cell(page: Any, column: LedgerColumn, value: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if value is None:
        return None
    if column.is_number:
        return value
    cell = WriteOnlyCell(page, printable(str(value)))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _write_csv(part: Path, sheets: Sequence[Sheet], progress: Progress) -> None:
    """Write all levels under each other; columns that a level lacks stay empty."""
    columns = list(dict.fromkeys(column for sheet in sheets for column in sheet.columns))
    # Excel takes a file for UTF-8 by its first three bytes alone.
    with part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.title for column in columns])
        for number, sheet in enumerate(sheets):
            checkpoint(progress, "progress.export_write", number, len(sheets))
            for row in sheet.rows:
                values = dict(zip(sheet.columns, row, strict=True))
                writer.writerow([_csv_cell(values.get(column)) for column in columns])


def _csv_cell(value: Cell) -> Cell:
    """Return a value so that a spreadsheet neither computes it nor rounds it."""
    if isinstance(value, str) and (value.startswith(_FORMULA) or _LONG_DIGITS.fullmatch(value)):
        return f"'{value}"
    return value


def read_tables(path: Path, progress: Progress = SILENT) -> list[Table]:
    """Return the sheets of an Excel file, or the one of a CSV file, each with its rows.

    Raises: InputError ``ledger.unreadable``, ``ledger.unknown_format``, those of CSV files.
    """
    suffix = path.suffix.lower()
    if suffix not in READABLE:
        raise InputError("ledger.unknown_format", file=path.name, known=" ".join(READABLE))
    if suffix == ".csv":
        table = read_csv(path, progress)
        rows: list[list[Cell]] = [list(table.columns)]
        rows += [list(values) for values in zip(*table.columns.values(), strict=True)]
        return [(path.stem, rows)]
    return list(_excel_tables(path))


def _excel_tables(path: Path) -> Iterator[Table]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield name, [[_cell(value) for value in row] for row in rows]
    except (python_calamine.CalamineError, OSError, ValueError) as fault:
        raise InputError("ledger.unreadable", file=path.name, why=str(fault)) from fault


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (int, float)):
        return value
    text = str(value).strip()
    return text or None
