"""Columns as a Shapefile's attribute file can hold them: short names, limited text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gridadmin.exchange.package_content import ColumnType
from gridadmin.exchange.stored_content import StoredTable

_NAME_BYTES = 10
_TEXT_BYTES = 254
_MISSING = "〓"
"""Stands for letters that the encoding of a file lacks, as printers do it."""
_FIXED_TYPES = {
    ColumnType.INTEGER: "int:18",
    ColumnType.REAL: "float:24.15",
    ColumnType.BOOLEAN: "int:1",
    ColumnType.DATE: "date",
}


@dataclass(frozen=True, slots=True)
class DbfColumns:
    """A table made to fit.

    ``types`` are fiona's by new name, ``new_names`` leads from each old name that had to change to
    the new one, ``cut_texts`` counts shortened texts by old name,
    ``lost_letters`` those that the encoding lacks; they are written as 〓.
    """

    types: Mapping[str, str]
    rows: Iterator[tuple[Any, ...]]
    new_names: Mapping[str, str]
    cut_texts: Mapping[str, int]
    lost_letters: int = 0


def dbf_columns(table: StoredTable, encoding: str = "utf-8") -> DbfColumns:
    """Return the columns of *table* with names of up to 10 and texts of up to 254 bytes."""
    names = short_names([column.name for column in table.columns])
    lost = 0
    types: dict[str, str] = {}
    fitted: list[Sequence[Any]] = []
    cut_texts: dict[str, int] = {}
    for column, values in zip(table.columns, table.values, strict=True):
        kind = _FIXED_TYPES.get(column.type)
        if kind is None:
            known = [None if text is None else _known(text, encoding) for text in values]
            lost += sum(_lost(old, new) for old, new in zip(values, known, strict=True))
            texts = [None if text is None else _cut(text, _TEXT_BYTES, encoding) for text in known]
            cut = sum(old != new for old, new in zip(known, texts, strict=True))
            if cut:
                cut_texts[column.name] = cut
            width = max((len(text.encode(encoding)) for text in texts if text), default=1)
            kind, values = f"str:{width}", texts  # noqa: PLW2901 - the fitted column replaces the old
        types[names[column.name]] = kind
        fitted.append(values)
    rows = zip(*fitted, strict=True) if fitted else iter([()] * len(table.fids))
    new_names = {old: new for old, new in names.items() if old != new}
    return DbfColumns(types, rows, new_names, cut_texts, lost)


def short_names(names: Sequence[str]) -> dict[str, str]:
    """Return a name of at most 10 bytes for each; those that are short enough keep theirs."""
    taken = {name.lower() for name in names if len(name.encode()) <= _NAME_BYTES}
    result = {}
    for name in names:
        short = name
        if len(name.encode()) > _NAME_BYTES:
            short = _free_name(name, taken)
            taken.add(short.lower())
        result[name] = short
    return result


def _free_name(name: str, taken: set[str]) -> str:
    short, number = _cut(name, _NAME_BYTES), 0
    while short.lower() in taken:
        number += 1
        ending = f"_{number}"
        short = _cut(name, _NAME_BYTES - len(ending)) + ending
    return short


def _cut(text: str, limit: int, encoding: str = "utf-8") -> str:
    encoded = text.encode(encoding)
    return text if len(encoded) <= limit else encoded[:limit].decode(encoding, errors="ignore")


def _known(text: str, encoding: str) -> str:
    """Return *text* with 〓 for each letter that the encoding lacks."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(sign if _has(encoding, sign) else _MISSING for sign in text)
    return text


def _has(encoding: str, sign: str) -> bool:
    return bool(sign.encode(encoding, errors="ignore"))


def _lost(old: str | None, new: str | None) -> int:
    return 0 if old == new else sum(a != b for a, b in zip(old or "", new or "", strict=True))
