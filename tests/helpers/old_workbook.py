"""Workbooks of the old Excel, byte by byte: nothing that writes them is at hand.

Source: [MS-XLS] and [MS-CFB], the few records that a table of texts and numbers needs.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

Value = str | float | None
_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_LEAST_STREAM = 4096
"""Streams that are shorter stand elsewhere in a compound file."""


def old_workbook(rows: Sequence[Sequence[Value]], name: str = "名册") -> bytes:
    """Return a table as ``.xls``, which WPS calls ``.et``."""
    return _compound(_stream(rows, name))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _stream(rows: Sequence[Sequence[Value]], name: str) -> bytes:
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    end = _record(0x000A, b"")
    words = name.encode("utf-16-le")
    length = len(begin) + 4 + 8 + len(words) + len(end)
    sheet = struct.pack("<IBBBB", length, 0, 0, len(name), 1) + words
    return begin + _record(0x0085, sheet) + end + _sheet(rows)


def _sheet(rows: Sequence[Sequence[Value]]) -> bytes:
    cells = [_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))]
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            head = struct.pack("<HHH", at, place, 0)
            if isinstance(value, str):
                text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                cells.append(_record(0x0204, head + text))
            elif value is not None:
                cells.append(_record(0x0203, head + struct.pack("<d", value)))
    return b"".join(cells) + _record(0x000A, b"")


def _compound(stream: bytes) -> bytes:
    """Return a compound file that holds one stream, ``Workbook``."""
    stream = stream.ljust(_LEAST_STREAM, b"\0")
    data = -(-len(stream) // _SECTOR)
    chain = [_FAT, _END, *range(3, data + 2), _END]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(_SECTOR, b"\xff")
    folder = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, 2, len(stream))
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        _LEAST_STREAM,
        _END,
        0,
        _END,
        0,
        0,
    )
    sectors = struct.pack("<I", 0).ljust(436, b"\xff")
    body = header + sectors[: _SECTOR - len(header)]
    return body + table + folder.ljust(_SECTOR, b"\0") + stream.ljust(data * _SECTOR, b"\0")


def _entry(name: str, kind: int, start: int, size: int, child: int = -1) -> bytes:
    words = name.encode("utf-16-le")
    sides = struct.pack("<iii", -1, -1, child)
    head = words.ljust(64, b"\0") + struct.pack("<HBB", len(words) + 2, kind, 1) + sides
    return head + b"\0" * 36 + struct.pack("<IQ", start, size)
