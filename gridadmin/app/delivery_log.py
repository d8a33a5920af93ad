"""What was sent where, when, by whom, for whom, with its hash: as an Excel workbook or as CSV."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from gridadmin.base.errors import InputError
from gridadmin.base.texts import sentence
from gridadmin.domain.delivery import Delivery
from gridadmin.domain.export_note import ExportNote
from gridadmin.exchange.whole_file import part_beside, switch
from gridadmin.exchange.workbook import Sheet, Value, printable, write_workbook

SUFFIXES = (".xlsx", ".csv")
_HEADERS = (
    "版本", "目标", "地址", "给谁看", "文件", "大小（字节）", "SHA-256", "发送人",
    "开始时间", "状态时间", "状态", "结果",
)  # fmt: skip
_EXPORT_HEADERS = ("时间", "谁", "内容", "给谁看", "文件", "数量", "人员的列")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_audit(path: Path, deliveries: Sequence[Delivery], notes: Sequence[ExportNote]) -> None:
    """Write the deliveries (and, into a workbook, the log of exports too).

    Raises: InputError ``export.unknown_format`` and others, StoreError of the disk.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        known = " ".join(SUFFIXES)
        raise InputError("export.unknown_format", file=str(path), extension=suffix, known=known)
    rows = [_row(one) for one in deliveries]
    if suffix == ".xlsx":
        exported = [_export_row(note) for note in notes]
        sheets = [
            Sheet("发送记录", _HEADERS, rows, {"版本": "0"}, has_filter=True),
            Sheet("导出记录", _EXPORT_HEADERS, exported, has_filter=True),
        ]
        write_workbook(path, sheets)
        return
    with part_beside(path) as part:
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_HEADERS)
            writer.writerows([_plain(value) for value in row] for row in rows)
        switch(part, path)


def _row(one: Delivery) -> tuple[Value, ...]:
    return (
        one.release,
        one.target,
        one.url,
        sentence(f"export_note.{one.profile}", "zh"),
        one.file,
        one.size,
        one.sha256,
        one.author,
        one.started,
        one.changed,
        sentence(f"delivery_state.{one.state}", "zh"),
        one.sentence,
    )


def _export_row(note: ExportNote) -> tuple[Value, ...]:
    what = sentence(f"export_note.{note.what}", "zh")
    profile = sentence(f"export_note.{note.profile}", "zh")
    return (note.time, note.author, what, profile, note.file, note.count, note.fields)


def _plain(value: Value) -> Value:
    """Return a value that no spreadsheet takes for a formula."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
