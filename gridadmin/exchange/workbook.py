"""Tables written as an Excel workbook: texts stay texts, codes never become numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from unicodedata import category

from gridadmin.exchange.whole_file import part_beside, switch

Value = str | int | float | None
_NEVER = ("Cc", "Cn", "Cs")
"""Kinds of signs that XML doesn't take; a wide blank between two names is none of them."""
_WIDEST = 42
_LEAST = 8


@dataclass(frozen=True)
class Sheet:
    """One table: a title, the words above its columns, and its rows.

    ``formats`` are Excel's number formats by heading; numbers elsewhere are whole, or have two
    decimals.
    """

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Value]]
    formats: Mapping[str, str] = field(default_factory=dict)
    has_filter: bool = False


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write tables as sheets of one workbook; an older file stays until the new one is whole.

    Raises: InputError ``export.no_folder``, ``export.target_is_folder``; StoreError of the disk.
    """
    from openpyxl import Workbook

    book = Workbook()
    del book[book.sheetnames[0]]
    for sheet in sheets:
        _fill(book.create_sheet(sheet.title), sheet)
    with part_beside(path) as part:
        # In memory first: a ZIP that is cut off by a full disk can't even be closed. Sheets go
        # through files of the system's folder, which may be full too.
        content = BytesIO()
        book.save(content)
        part.write_bytes(content.getvalue())
        switch(part, path)


def _fill(page: object, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.worksheet import Worksheet

    if not isinstance(page, Worksheet):
        raise TypeError(page)
    for number, row in enumerate([sheet.headers, *sheet.rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = page.cell(number, column)
            if isinstance(value, str):
                # A name that begins with = is a name and no formula.
                cell.value = printable(value)
                cell.data_type = "s"
                cell.alignment = Alignment(vertical="top", wrap_text=len(value) > _WIDEST // 2)
            elif value is not None:
                cell.value = value
                usual = "#,##0.00" if isinstance(value, float) else "#,##0"
                cell.number_format = sheet.formats.get(sheet.headers[column - 1], usual)
    for cell in page[1]:
        cell.font = Font(bold=True)
    for column, words in enumerate(zip(sheet.headers, *sheet.rows, strict=True), start=1):
        widest = max(_width(word) for word in words)
        letter = page.cell(1, column).column_letter
        page.column_dimensions[letter].width = min(max(widest + 2, _LEAST), _WIDEST)
    page.freeze_panes = "A2"
    if sheet.has_filter:
        page.auto_filter.ref = page.dimensions


def printable(text: str) -> str:
    """Return a text without the controls that no workbook may hold."""
    return "".join(letter for letter in text if letter == "\n" or category(letter) not in _NEVER)


def _width(value: Value) -> int:
    """Return how wide a cell is in digits; a Chinese character takes two."""
    if isinstance(value, float):
        return len(f"{value:,.2f}")
    text = "" if value is None else str(value)
    return max(sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in text.split("\n"))
