"""An Excel copy of a roster in which the mistaken cells are coloured and say what is wrong."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.base.texts import sentence
from gridadmin.exchange.roster_file import Cell, RosterSheet, as_text
from gridadmin.exchange.roster_identity import HIDDEN, holds_identity_number
from gridadmin.exchange.roster_preview import ERROR, QUESTION, RosterPreview, RosterProblem
from gridadmin.exchange.whole_file import part_beside, switch
from gridadmin.exchange.workbook import printable

_COLOURS = {ERROR: "FFF8C9C9", QUESTION: "FFFBE3A6", "warning": "FFFFF6CC", "refused": "FFD9D9D9"}
_STRIDE = 500
_WIDE = 18
_TITLES = {"zh": "问题清单", "en": "Problems"}
_HEADINGS = {
    "zh": ("工作表", "行", "列", "内容", "问题"),
    "en": ("Sheet", "Row", "Column", "Content", "Problem"),
}
_AUTHOR = "gridadmin"


def write_marked_copy(
    path: Path,
    sheets: Sequence[RosterSheet],
    preview: RosterPreview,
    lang: str,
    progress: Progress = SILENT,
) -> None:
    """Write the sheets as they are, mistakes marked and commented, and a list of them first.

    Cells with identity numbers, and the columns that hold them, are left out. Rows and columns
    stay where they are in the file.

    Raises: InputError ``export.no_folder`` and others of the target; StoreError of the disk;
        Cancelled. A file that stood there before stays then.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    listed = book.create_sheet(_TITLES[lang])
    for width, column in zip((14, 7, 14, 24, 70), "ABCDE", strict=True):
        listed.column_dimensions[column].width = width
    listed.append([_text(listed, word, is_bold=True) for word in _HEADINGS[lang]])
    for problem in preview.problems:
        words = (problem.sheet, str(problem.row), problem.column, problem.value)
        listed.append([_text(listed, word) for word in (*words, _said(problem, lang))])
    marks: dict[tuple[str, int, int], list[RosterProblem]] = defaultdict(list)
    for problem in preview.problems:
        marks[problem.sheet, problem.row, problem.place].append(problem)
    refused = {(one.sheet, one.place) for one in preview.refused}
    total, done = sum(len(sheet.rows) for sheet in sheets), 0
    names: set[str] = {_TITLES[lang]}
    for sheet in sheets:
        if sheet.is_hidden:
            continue
        page = book.create_sheet(_own_name(sheet.name, names))
        widest = max((len(row) for row in sheet.rows), default=0)
        for number in range(widest):
            page.column_dimensions[_letter(number)].width = _WIDE
        for number, row in enumerate(sheet.rows, start=1):
            if done % _STRIDE == 0:
                checkpoint(progress, "progress.export_write", done, total)
            done += 1
            page.append(
                [
                    _copied(page, value, marks.get((sheet.name, number, place), ()), lang)
                    if (sheet.name, place) not in refused
                    else _hidden(page, value)
                    for place, value in enumerate(row)
                ]
            )
    with part_beside(path) as part:
        content = BytesIO()
        book.save(content)
        part.write_bytes(content.getvalue())
        switch(part, path)


def _copied(page: Any, value: Cell, problems: Iterable[RosterProblem], lang: str) -> Any:
    found = list(problems)
    if value is None and not found:
        return None
    said = HIDDEN if holds_identity_number(value) else as_text(value)
    cell = _text(page, said)
    if found:
        from openpyxl.comments import Comment
        from openpyxl.styles import PatternFill

        severities = {one.severity for one in found}
        worst = next(one for one in _COLOURS if one in severities)
        cell.fill = PatternFill("solid", fgColor=_COLOURS[worst])
        note = Comment("\n".join(_said(one, lang) for one in found), _AUTHOR)
        note.width, note.height = 320, 90
        cell.comment = note
    return cell


def _hidden(page: Any, value: Cell) -> Any:
    from openpyxl.styles import PatternFill

    if value is None:
        return None
    cell = _text(page, HIDDEN)
    cell.fill = PatternFill("solid", fgColor=_COLOURS["refused"])
    return cell


def _text(page: Any, text: str, *, is_bold: bool = False) -> Any:
    """Return a cell that holds a text and never a formula."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(page, printable(text))
    cell.data_type = "s"
    cell.number_format = "@"
    if is_bold:
        cell.font = Font(bold=True)
    return cell


def _said(problem: RosterProblem, lang: str) -> str:
    return sentence(problem.code, lang, problem.params)


def _letter(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number + 1))


def _own_name(name: str, taken: set[str]) -> str:
    """Return a name that no sheet has yet and Excel allows."""
    plain = re.sub(r"[\\/*?:\[\]]", " ", name)[:28].strip("'") or "1"
    own, number = plain, 2
    while own in taken:
        own, number = f"{plain}-{number}", number + 1
    taken.add(own)
    return own
