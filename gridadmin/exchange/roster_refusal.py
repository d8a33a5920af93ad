"""Columns of a roster that aren't read because they hold identity numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridadmin.exchange.roster_columns import PLACE_LEVELS, Column, Header, plain_title
from gridadmin.exchange.roster_file import Cell
from gridadmin.exchange.roster_identity import holds_identity_number

NEEDED = ("name", "post", *PLACE_LEVELS)
"""Columns without which a roster can't be read: their cells are refused one by one."""
_TITLES = ("身份证", "证件号", "公民身份", "身份号码", "idcard", "identity")


@dataclass(frozen=True)
class RefusedColumn:
    """A column that isn't read: it holds identity numbers in *rows*, or its heading says so."""

    sheet: str
    title: str
    place: int
    count: int
    rows: tuple[int, ...]


def refused_columns(
    sheet: str, rows: Sequence[Sequence[Cell]], header: Header, kept: Sequence[str] = ()
) -> tuple[RefusedColumn, ...]:
    """Return the columns of a sheet that aren't read, those without a meaning too.

    *kept* are headings that the user wants read all the same: only their cells are refused then.
    """
    found = []
    for column in header.columns:
        at = _rows_with_numbers(rows, header, column)
        is_named = any(word in plain_title(column.title) for word in _TITLES)
        if is_named or (at and column.key not in NEEDED and column.title not in kept):
            found.append(
                RefusedColumn(sheet, column.title, column.place, len(at), tuple(at[:_SHOWN]))
            )
    return tuple(found)


_SHOWN = 20


def _rows_with_numbers(rows: Sequence[Sequence[Cell]], header: Header, column: Column) -> list[int]:
    place = column.place
    return [
        number
        for number, row in enumerate(rows[header.row + 1 :], start=header.row + 2)
        if place < len(row) and holds_identity_number(row[place])
    ]
