"""The encoding of a Shapefile's attribute table, found by trying: what it says is often wrong.

Source: dBASE III+ table layout: header of 32 bytes, one field descriptor of 32 bytes each, rows.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gridadmin.exchange.encodings import fits

_ROWS_LOOKED_AT = 20_000
_CODE_PAGES = {0x4D: "gb18030", 0x4F: "cp950", 0x57: "cp1252", 0x03: "cp1252", 0x7A: "gb18030"}
_CHARACTER = ord("C")


@dataclass(frozen=True, slots=True)
class TextEncoding:
    """An encoding as Python names it; *is_sure* when the file says so and its text agrees."""

    name: str
    is_sure: bool


def encoding_of(shapefile: Path) -> TextEncoding:
    """Return the encoding beside a ``.shp``: as declared if that fits, else UTF-8 or GBK."""
    values = list(_texts(_sibling(shapefile, ".dbf")))
    if all(value.isascii() for value in values):
        return TextEncoding("utf-8", is_sure=True)
    declared = _declared(shapefile)
    if declared is not None and fits(values, declared):
        return TextEncoding(declared, is_sure=True)
    for encoding in ("utf-8", "gb18030"):
        if fits(values, encoding):
            return TextEncoding(encoding, is_sure=False)
    return TextEncoding("iso-8859-1", is_sure=False)


def _declared(shapefile: Path) -> str | None:
    """What the .cpg file says, else the code page byte of the table."""
    try:
        label = _sibling(shapefile, ".cpg").read_text("ascii", errors="ignore").strip()
    except OSError:
        label = ""
    for name in (label, f"cp{label}", label.upper().removeprefix("ANSI ")):
        try:
            return codecs.lookup(name).name.replace("gbk", "gb18030").replace("gb2312", "gb18030")
        except LookupError:
            continue
    try:
        with _sibling(shapefile, ".dbf").open("rb") as file:
            header = file.read(32)
    except OSError:
        return None
    return _CODE_PAGES.get(header[29]) if len(header) == 32 else None


def _texts(table: Path) -> Iterator[bytes]:
    """The distinct values of text fields, and the field names."""
    try:
        raw = table.open("rb")
    except OSError:
        return
    with raw as file:
        start = file.read(32)
        if len(start) < 32:
            return
        _, header_size, row_size = struct.unpack_from("<IHH", start, 4)
        fields = file.read(max(header_size - 32, 0))
        yield from _field_names(fields)
        places = _text_places(fields)
        if row_size == 0:
            return
        for _ in range(_ROWS_LOOKED_AT):
            row = file.read(row_size)
            if len(row) < row_size:
                return
            yield from (row[begin:end].rstrip(b" \0") for begin, end in places)


def _descriptors(fields: bytes) -> Iterator[bytes]:
    for at in range(0, len(fields) - 31, 32):
        if fields[at] == 0x0D:
            return
        yield fields[at : at + 32]


def _field_names(fields: bytes) -> Iterator[bytes]:
    for field in _descriptors(fields):
        yield field[:11].split(b"\0")[0]


def _text_places(fields: bytes) -> list[tuple[int, int]]:
    places = []
    at = 1
    for field in _descriptors(fields):
        width = field[16]
        if field[11] == _CHARACTER:
            places.append((at, at + width))
        at += width
    return places


def _sibling(shapefile: Path, suffix: str) -> Path:
    """A file of the set, also where its suffix is in capitals."""
    lower = shapefile.with_suffix(suffix)
    upper = shapefile.with_suffix(suffix.upper())
    return upper if upper.exists() and not lower.exists() else lower
