"""A report on the people written to a file: Excel, or PDF where somebody paints; each is noted."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from gridadmin.app.export_log import NoteStore, note_table, refuse_unlogged
from gridadmin.app.exporting import refuse_report_target
from gridadmin.app.staff_reports.model import StaffDocument, Table
from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.base.texts import sentence
from gridadmin.domain.export_note import Exported
from gridadmin.exchange.whole_file import part_beside, switch
from gridadmin.exchange.workbook import Sheet, Value, write_workbook

SUFFIXES = (".xlsx", ".pdf")


class Painter(Protocol):
    """Who sets pages; the core itself draws nothing."""

    def staff_pdf(self, document: StaffDocument, progress: Progress) -> bytes:
        """Return a report as PDF."""


def refuse_target(out: Path) -> None:
    """Refuse what a report can't be written to, before it is worked out.

    Raises: InputError ``report.unknown_format``, ``export.…``.
    """
    refuse_report_target(out, SUFFIXES)


def write_document(
    out: Path,
    document: StaffDocument,
    store: NoteStore,
    painter: Painter | None = None,
    progress: Progress = SILENT,
) -> None:
    """Write a report and note it; an older file stays until the new one is whole.

    Raises: Cancelled; InputError ``export.cannot_log``, ``report.…``, ``render.cannot_paint``;
    StoreError of the disk.
    """
    refuse_target(out)
    refuse_unlogged(store)
    if out.suffix.lower() == ".pdf":
        if painter is None:
            raise InputError("render.cannot_paint", why="PySide6")
        content = painter.staff_pdf(document, progress)
        _note(out, document, store)
        with part_beside(out) as part:
            part.write_bytes(content)
            switch(part, out)
        return
    _note(out, document, store)
    write_workbook(out, [_first(document), *_sheets(document)])


def _note(out: Path, document: StaffDocument, store: NoteStore) -> None:
    # Noted before anybody can see the file, as with rosters.
    note_table(store, Exported.REPORT, out, document.persons)


def _first(document: StaffDocument) -> Sheet:
    def say(name: str) -> str:
        return sentence(f"staff_report.{name}", document.lang)

    rows: list[tuple[Value, ...]] = [*document.facts, *document.figures, ("", document.note)]
    return Sheet(say("sheet_facts"), (say("head_item"), say("head_value")), rows)


def _sheets(document: StaffDocument) -> list[Sheet]:
    taken: set[str] = set()
    return [
        Sheet(_sheet_name(table, taken), table.heads, _rows(table), has_filter=len(table.rows) > 1)
        for table in document.tables
    ]


def _rows(table: Table) -> list[tuple[Value, ...]]:
    rows: list[tuple[Value, ...]] = [tuple(row) for row in table.rows]
    if not rows and table.note:
        rows.append((table.note, *([None] * (len(table.heads) - 1))))
    return rows


def _sheet_name(table: Table, taken: set[str]) -> str:
    """Return a name that Excel takes: 31 letters, without its own signs, each once."""
    clean = "".join(" " if letter in "[]:*?/\\" else letter for letter in table.title)[:28].strip()
    name, number = clean, 2
    while name.lower() in taken:
        name, number = f"{clean[:26]} {number}", number + 1
    taken.add(name.lower())
    return name
