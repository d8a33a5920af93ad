"""Rosters as offices send them: Excel of any age, WPS tables, CSV; every sheet, row by row.

Rows keep the numbers that a spreadsheet shows. A file that is meant to harm (a bomb in a ZIP, a
cell at the far corner of a sheet) is refused before anything is unpacked into memory.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.exchange.csv_reader import plain_cell
from gridadmin.exchange.encodings import decoded

Cell = str | float | None
READABLE = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".txt")
TEXTS = (".csv", ".txt")
MOST_MB = 50
MOST_UNPACKED_MB = 400
MOST_CELLS = 5_000_000
_MB = 1_000_000
_CHUNK = 1 << 20
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BEGIN = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILE_PASS = b"\x2f\x00"
_FIRST_RECORDS = 8
_LETTERS = 26
_REFERENCE = re.compile(rb'<c [^<>]{0,200}?r="([A-Z]{1,3})(\d{1,7})"')
_SEPARATORS = ",\t;，"


@dataclass(frozen=True)
class RosterSheet:
    """One sheet: its rows from the first on, None where a cell is empty."""

    name: str
    rows: list[list[Cell]]
    is_hidden: bool = False


def read_sheets(path: Path, progress: Progress = SILENT) -> list[RosterSheet]:
    """Return the sheets of a file in their order.

    Cells merged downwards all hold the value of the first. Numbers stay numbers, dates become
    ISO 8601.

    Raises: InputError ``input.no_file``, ``roster.unknown_format``, ``roster.encrypted``,
        ``roster.too_big``, ``roster.bomb``, ``roster.unreadable``, ``roster.empty``; Cancelled.
    """
    suffix = path.suffix.lower()
    if suffix not in READABLE:
        raise InputError("roster.unknown_format", file=path.name, known=" ".join(READABLE))
    try:
        size = path.stat().st_size
        if size > MOST_MB * _MB:
            raise InputError("roster.too_big", file=path.name, mb=size // _MB, most=MOST_MB)
        raw = path.read_bytes()
    except FileNotFoundError as fault:
        raise InputError("input.no_file", file=path.name) from fault
    except OSError as fault:
        raise InputError("roster.unreadable", file=path.name, why=str(fault)) from fault
    if not raw.strip():
        raise InputError("roster.empty", file=path.name)
    checkpoint(progress, "progress.read_rows", 0, 1)
    is_book = raw.startswith((_OLE, _ZIP))
    # Programs of offices write text and call it .xls; a page of the web is another matter.
    is_text = not is_book and b"\0" not in raw and not raw.lstrip().startswith(b"<")
    if is_text or (suffix in TEXTS and not is_book):
        return [RosterSheet(path.stem, _csv_rows(raw, path))]
    if raw.startswith(_ZIP):
        _refuse_bomb(raw, path, progress)
    elif raw.startswith(_OLE) and (_ENCRYPTED in raw or _has_file_pass(raw)):
        raise InputError("roster.encrypted", file=path.name)
    sheets = list(_book_sheets(raw, path, progress))
    if not any(sheet.rows for sheet in sheets):
        raise InputError("roster.empty", file=path.name)
    return sheets


def as_text(value: Cell) -> str:
    """Return a cell as text; whole numbers without decimals."""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    return "" if value is None else str(value)


def cell_of(place: int, row: int) -> str:
    """Return how a spreadsheet calls a cell: column *place* from 0, *row* from 1."""
    letters = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _csv_rows(raw: bytes, path: Path) -> list[list[Cell]]:
    text, _ = decoded(raw)
    if "\0" in text:
        raise InputError("roster.unreadable", file=path.name, why="NUL")
    separator = max(_SEPARATORS, key=text[:20_000].count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        return [[plain_cell(cell) or None for cell in cells] for cells in reader]
    except csv.Error as fault:
        raise InputError("roster.unreadable", file=path.name, why=str(fault)) from fault


def _book_sheets(raw: bytes, path: Path, progress: Progress) -> Iterator[RosterSheet]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        worksheets = [
            one for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        for number, one in enumerate(worksheets):
            checkpoint(progress, "progress.read_rows", number, len(worksheets))
            sheet = book.get_sheet_by_name(one.name)
            rows = [[_cell(value) for value in row] for row in sheet.to_python(False)]
            for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
                _fill_down(rows, top, bottom, left)
            is_hidden = one.visible != calamine.SheetVisibleEnum.Visible
            yield RosterSheet(one.name, rows, is_hidden)
    except calamine.PasswordError as fault:
        raise InputError("roster.encrypted", file=path.name) from fault
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as fault:
        raise InputError("roster.unreadable", file=path.name, why=str(fault)) from fault


def _fill_down(rows: list[list[Cell]], top: int, bottom: int, column: int) -> None:
    if top >= len(rows) or column >= len(rows[top]):
        return
    for row in rows[top + 1 : bottom + 1]:
        if column < len(row) and row[column] is None:
            row[column] = rows[top][column]


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return float(value)
    text = str(value).strip()
    return text or None


def _has_file_pass(raw: bytes) -> bool:
    """Return whether the first records of an old workbook say that the rest is encrypted."""
    at = raw.find(_BEGIN)
    for _ in range(_FIRST_RECORDS if at >= 0 else 0):
        kind = raw[at : at + 2]
        if kind == _FILE_PASS:
            return True
        at += 4 + int.from_bytes(raw[at + 2 : at + 4], "little")
    return False


# Files that are meant to harm


def _refuse_bomb(raw: bytes, path: Path, progress: Progress) -> None:
    """Look through a ZIP without keeping it.

    Raises: InputError ``roster.bomb``, ``roster.unreadable``; Cancelled.
    """
    left = MOST_UNPACKED_MB * _MB
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            names = parts.infolist()
            if sum(one.file_size for one in names) > left:
                raise InputError("roster.bomb", file=path.name, most=MOST_UNPACKED_MB)
            for number, one in enumerate(names):
                checkpoint(progress, "progress.read_rows", number, len(names))
                with parts.open(one) as part:
                    is_sheet = "worksheets/" in one.filename
                    left -= _walked(part, left, path, progress, is_sheet=is_sheet)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as fault:
        raise InputError("roster.unreadable", file=path.name, why=str(fault)) from fault
    except RuntimeError as fault:
        # What zipfile raises for a part that wants a password.
        raise InputError("roster.encrypted", file=path.name) from fault


def _walked(part: IO[bytes], most: int, path: Path, progress: Progress, *, is_sheet: bool) -> int:
    """Return how many bytes a part has, unpacked."""
    size, width, height, before = 0, 0, 0, b""
    while chunk := part.read(_CHUNK):
        checkpoint(progress, "progress.read_rows", 0, 1)
        size += len(chunk)
        if size > most:
            raise InputError("roster.bomb", file=path.name, most=MOST_UNPACKED_MB)
        if is_sheet:
            text = before + chunk
            for letters, number in _REFERENCE.findall(text):
                width, height = max(width, _column(letters)), max(height, int(number))
            before = text[-300:]
            if width * height > MOST_CELLS:
                raise InputError("roster.far_cell", file=path.name, cells=f"{MOST_CELLS:,}")
    return size


def _column(letters: bytes) -> int:
    """Return the number of a column by its letters; A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
