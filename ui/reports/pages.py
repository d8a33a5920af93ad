"""Blocks set on pages of A4 and painted into a PDF, with page numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF
from PySide6.QtGui import QColor, QPageSize, QPainter, QPdfWriter, QPen

from gridadmin.base.errors import InputError
from gridadmin.base.progress import Progress, checkpoint
from ui.reports.blocks import DPI, LINE, MM, QUIET, Block, Text

_MARGIN_MM = 17.0
_WIDTH_MM, _HEIGHT_MM = 210.0, 297.0
_FOOT_MM = 12.0

Placed = list[tuple[Block, float]]


def paint_pages(
    title: str,
    blocks: Sequence[Block],
    page_words: Callable[[int, int], str],
    progress: Progress,
) -> bytes:
    """Return a PDF of the blocks; *page_words* says "page 2 of 5".

    Raises: Cancelled, InputError ``render.not_made``.
    """
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(DPI)
    writer.setTitle(title)
    writer.setCreator("gridadmin")
    painter = QPainter()
    if not painter.begin(writer):
        raise InputError("render.not_made", file=title)
    try:
        pages = _set(painter, blocks, progress)
        for number, page in enumerate(pages, start=1):
            checkpoint(progress, "progress.report_pages", number - 1, len(pages))
            if number > 1:
                writer.newPage()
            for block, top in page:
                block.paint(painter, _MARGIN_MM * MM, top, _room())
            _foot(painter, title, page_words(number, len(pages)))
    finally:
        painter.end()
    return bytes(content.data())


def _room() -> float:
    return (_WIDTH_MM - 2 * _MARGIN_MM) * MM


def _set(painter: QPainter, blocks: Sequence[Block], progress: Progress) -> list[Placed]:
    """Return the blocks of each page with where they stand."""
    top, bottom = _MARGIN_MM * MM, (_HEIGHT_MM - _MARGIN_MM - _FOOT_MM / 2) * MM
    pages: list[Placed] = [[]]
    y = top
    for number, block in enumerate(blocks):
        if number % 200 == 0:
            checkpoint(progress, "progress.report_pages", 0, 1)
        height = block.height(painter, _room())
        needed = height
        following = number
        while blocks[following].keeps_next and following + 1 < len(blocks):
            following += 1
            needed += blocks[following].height(painter, _room())
        if pages[-1] and (block.starts_page or y + needed > bottom):
            pages.append([])
            y = top
            if block.head is not None:
                pages[-1].append((block.head, y))
                y += block.head.height(painter, _room())
        pages[-1].append((block, y))
        y += height
    return pages


def _foot(painter: QPainter, title: str, words: str) -> None:
    y = (_HEIGHT_MM - _MARGIN_MM) * MM
    left, right = _MARGIN_MM * MM, (_WIDTH_MM - _MARGIN_MM) * MM
    painter.setPen(QPen(QColor(LINE), 0.2 * MM))
    painter.drawLine(round(left), round(y), round(right), round(y))
    Text(title, 8, QUIET).paint(painter, left, y + 1.5 * MM, _room() * 0.7)
    Text(words, 8, QUIET, is_right=True).paint(
        painter, left + _room() * 0.7, y + 1.5 * MM, _room() * 0.3
    )
