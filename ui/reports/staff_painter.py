"""Paints reports on the people: figures first, then a table for each part."""

from __future__ import annotations

from collections.abc import Iterator

from gridadmin.app.staff_reports.model import Cell, StaffDocument, Table
from gridadmin.base.progress import Progress
from gridadmin.base.texts import sentence
from ui.canvas.render import require_application
from ui.reports.blocks import QUIET, Block, Figures, Paragraph, Row, Text
from ui.reports.pages import paint_pages

_FACTS = (0.27, 0.73)
_MOST_ROWS = 3000
"""Of one table; a longer one is read in Excel."""


class StaffPainter:
    """Paints with Qt, without a window; for a worker too."""

    def __init__(self) -> None:
        require_application()

    def staff_pdf(self, document: StaffDocument, progress: Progress) -> bytes:
        """Return a report as PDF. Raises: Cancelled, InputError."""

        def page(number: int, count: int) -> str:
            return sentence("staff_report.page", document.lang, {"page": number, "pages": count})

        return paint_pages(document.title, list(_blocks(document)), page, progress)


def _blocks(document: StaffDocument) -> Iterator[Block]:
    yield Paragraph(Text(document.title, 18, is_bold=True), 0, 5)
    yield Figures(document.figures)
    yield Paragraph(Text(document.note, 10), 0, 3)
    for name, value in document.facts:
        yield Row((Text(name, 9, QUIET), Text(value, 9)), _FACTS)
    for table in document.tables:
        yield from _table(document, table)


def _table(document: StaffDocument, table: Table) -> Iterator[Block]:
    yield Paragraph(Text(table.title, 13, is_bold=True), 7, 2, keeps_next=True)
    if table.note:
        yield Paragraph(Text(table.note, 9, QUIET), 0, 2, keeps_next=bool(table.rows))
    if not table.rows:
        return
    head = Row([Text(word, 8.5, QUIET, is_bold=True) for word in table.heads], table.shares)
    yield Row(head.cells, table.shares, keeps_next=True)
    for number, row in enumerate(table.rows[:_MOST_ROWS]):
        is_bold = number in table.bold
        size = 10 if is_bold else 8.5
        cells = [Text(_shown(cell), size, is_bold=is_bold) for cell in row]
        yield Row(cells, table.shares, head, keeps_next=is_bold and number + 1 < len(table.rows))
    rest = len(table.rows) - _MOST_ROWS
    if rest > 0:
        words = sentence("staff_report.rest", document.lang, {"count": f"{rest:,}"})
        yield Paragraph(Text(words, 9, QUIET), 1.5, 0)


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
