"""CSV as listed rows: areas without land, every value as text."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.exchange.encodings import decoded
from gridadmin.exchange.source import NO_GEOMETRY, FeatureTable, RowProblem, SourceLayer

_SEPARATORS = ",\t;，"
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d{2}")
"""A long code that went through a spreadsheet as a number: its last digits are lost."""
_FORMULA = re.compile(r'="(.*)"')


def csv_layers(path: Path) -> list[SourceLayer]:
    """Return the one layer of a CSV file.

    Raises: InputError ``input.unreadable``, ``input.not_csv``, ``input.empty_file``.
    """
    header, rows, _ = _parsed(path)
    return [SourceLayer(path.stem, len(rows), NO_GEOMETRY, tuple(header), None, "")]


def read_csv(path: Path, progress: Progress = SILENT) -> FeatureTable:
    """Return the rows of a CSV file with their line numbers as ids; blank lines are skipped.

    Raises: InputError ``input.unreadable``, ``input.not_csv``, ``input.empty_file``; Cancelled.
    """
    checkpoint(progress, "progress.read_rows", 0, 1)
    header, rows, encoding = _parsed(path)
    left_out = []
    kept = []
    for number, cells in rows:
        if any(cells[len(header) :]):
            params = {"cells": len(cells), "columns": len(header)}
            left_out.append(RowProblem(str(number), "input.row_too_many_cells", params))
        else:
            kept.append((number, cells[: len(header)] + [""] * (len(header) - len(cells))))
    checkpoint(progress, "progress.read_rows", len(rows), len(rows))
    return FeatureTable(
        path,
        path.stem,
        None,
        "",
        {name: [cells[place] or None for _, cells in kept] for place, name in enumerate(header)},
        [str(number) for number, _ in kept],
        np.full(len(kept), None, dtype=object),
        tuple(left_out),
        _warnings(header, kept, encoding),
    )


def _parsed(path: Path) -> tuple[list[str], list[tuple[int, list[str]]], str]:
    try:
        text, encoding = decoded(path.read_bytes())
    except OSError as error:
        raise InputError("input.unreadable", file=path.name, why=str(error)) from error
    if "\0" in text:
        raise InputError(
            "input.not_csv", file=path.name, line=text[: text.index("\0")].count("\n") + 1
        )
    rows = []
    reader = csv.reader(io.StringIO(text), delimiter=separator_of(text))
    try:
        for cells in reader:
            clean = [plain_cell(cell) for cell in cells]
            if any(clean):
                rows.append((reader.line_num, clean))
    except csv.Error as error:
        raise InputError("input.not_csv", file=path.name, line=reader.line_num) from error
    if not rows:
        raise InputError("input.empty_file", file=path.name)
    return _header(rows[0][1]), rows[1:], encoding


def separator_of(text: str) -> str:
    """Return what parts the cells of the first line that holds anything."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count)


def plain_cell(cell: str) -> str:
    """Return a cell without what keeps spreadsheets from computing it: ``'`` and ``="…"``."""
    text = cell.strip().removeprefix("'")
    formula = _FORMULA.fullmatch(text)
    return formula.group(1).strip() if formula else text


def _header(cells: list[str]) -> list[str]:
    """Column names, none empty and none twice."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = cell or f"column{place}"
        while name in names:
            name += "_"
        names.append(name)
    return names


def _warnings(
    header: list[str], rows: list[tuple[int, list[str]]], encoding: str
) -> tuple[RowProblem, ...]:
    warnings = []
    if encoding == "?":
        warnings.append(RowProblem("", "input.encoding_unknown"))
    for place, name in enumerate(header):
        lost = [number for number, cells in rows if _SCIENTIFIC.fullmatch(cells[place])]
        if lost:
            params = {"column": name, "count": len(lost)}
            warnings.append(RowProblem(str(lost[0]), "input.digits_lost", params))
    return tuple(warnings)
