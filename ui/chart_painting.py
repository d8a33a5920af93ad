"""Pages of charts painted into files: PDF, PNG strip by strip, SVG; and onto any painter."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.chart.drawing import paint
from gridadmin.chart.page import ChartPage
from gridadmin.chart.sheet import Frame, Sheet
from gridadmin.chart.surface import Target
from ui.pdf_pictures import PdfPictures
from ui.surfaces import UNITS, QtSurface

_STRIP_PX = 400
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_PNG_PX = 60_000

Links = list[list[tuple[Frame, Target]]]
"""The links of each page, in the order of pages."""


def paint_pdf(
    pages: Sequence[ChartPage], out: Path, title: str, progress: Progress = SILENT
) -> Links:
    """Paint pages into a new PDF; return the links that are still to be put in.

    Sizes of pages are whole points here; :mod:`gridadmin.chart.finishing` makes them exact.

    Raises: InputError ``chart.not_made``, ``chart.bad_pdf``, Cancelled, OSError.
    """
    with PdfPictures(out.parent) as pictures:
        links = _painted_pdf(pages, out, title, pictures, progress)
        pictures.put_into(out)
    return links


def _painted_pdf(
    pages: Sequence[ChartPage], out: Path, title: str, pictures: PdfPictures, progress: Progress
) -> Links:
    writer = QPdfWriter(str(out))
    writer.setResolution(round(UNITS * 25.4))
    writer.setTitle(title)
    writer.setCreator("gridadmin")
    _set_page(writer, pages[0].sheet)
    painter = QPainter()
    if not painter.begin(writer):
        raise InputError("chart.not_made", file=str(out))
    links: Links = []
    try:
        for number, page in enumerate(pages):
            if number:
                _set_page(writer, page.sheet)
                if not writer.newPage():
                    raise InputError("chart.not_made", file=str(out))
            pause = _pause(progress, number, len(pages))
            links.append(paint_page(page, painter, pause, pictures=pictures))
    finally:
        painter.end()
    return links


def paint_page(
    page: ChartPage,
    painter: QPainter,
    pause: Callable[[int, int], None] | None = None,
    within: Frame | None = None,
    most_dpi: float = 300.0,
    pictures: PdfPictures | None = None,
) -> list[tuple[Frame, Target]]:
    """Paint a page with a painter that counts in :data:`UNITS` from the corner of the media.

    Return its links. Rasters go to *pictures* in a PDF.
    """
    bleed = page.sheet.bleed_mm * UNITS
    painter.save()
    painter.translate(bleed, bleed)
    surface = QtSurface(painter, most_dpi, pictures)
    try:
        paint(page.drawing, surface, within, pause)
    finally:
        painter.restore()
    return surface.links


def _pause(progress: Progress, page: int, pages: int) -> Callable[[int, int], None]:
    """Return what reports how far the painting has come over all pages."""

    def pause(done: int, total: int) -> None:
        if done % 20 == 0 or done == total:
            share = 1000 * page + round(1000 * done / max(total, 1))
            checkpoint(progress, "progress.chart_painting", share, 1000 * pages)

    return pause


def _set_page(writer: QPdfWriter, sheet: Sheet) -> None:
    writer.setPageLayout(_layout_of(sheet))


def _layout_of(sheet: Sheet) -> QPageLayout:
    """Return the layout of a page that is all sheet."""
    size = QSizeF(sheet.media.width, sheet.media.height)
    page = QPageSize(size, QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch)
    layout = QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout


def print_pages(pages: Sequence[ChartPage], printer: QPrinter, progress: Progress = SILENT) -> None:
    """Print pages at their true size, each on paper of that size.

    Raises: InputError ``chart.not_printed``, Cancelled: what was sent before is printed.
    """
    printer.setFullPage(True)
    _set_paper(printer, pages[0].sheet)
    painter = QPainter()
    if not painter.begin(printer):
        raise InputError("chart.not_printed", printer=printer.printerName())
    try:
        for number, page in enumerate(pages):
            if number:
                _set_paper(printer, page.sheet)
                if not printer.newPage():
                    raise InputError("chart.not_printed", printer=printer.printerName())
            scale = printer.resolution() / 25.4 / UNITS
            painter.save()
            painter.scale(scale, scale)
            paint_page(page, painter, _pause(progress, number, len(pages)))
            painter.restore()
    finally:
        painter.end()


def _set_paper(printer: QPrinter, sheet: Sheet) -> None:
    printer.setPageLayout(_layout_of(sheet))


# Pictures


def picture_size(sheet: Sheet, dpi: float) -> tuple[int, int]:
    """Return how many pixels a sheet has at a resolution."""
    media = sheet.media
    return round(media.width * dpi / 25.4), round(media.height * dpi / 25.4)


def page_image(page: ChartPage, dpi: float, strip: tuple[int, int] | None = None) -> QImage:
    """Return a page, or so many pixel rows of it from one on (first, count), as a picture."""
    width, height = picture_size(page.sheet, dpi)
    first, count = (0, height) if strip is None else strip
    image = QImage(QSize(width, count), QImage.Format.Format_RGB32)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    scale = dpi / 25.4 / UNITS
    painter.translate(0.0, -first)
    painter.scale(scale, scale)
    media = page.sheet.media
    mm = 25.4 / dpi
    within = Frame(media.x, media.y + (first - 2) * mm, media.width, (count + 4) * mm)
    paint_page(page, painter, None, None if strip is None else within, dpi)
    painter.end()
    return image


def paint_png(page: ChartPage, out: Path, dpi: float, progress: Progress = SILENT) -> None:
    """Paint a page into a PNG file strip by strip: the whole picture is never in memory.

    Raises: InputError ``chart.too_many_pixels``, Cancelled.
    """
    width, height = picture_size(page.sheet, dpi)
    if max(width, height) > MOST_PNG_PX:
        raise InputError("chart.too_many_pixels", width=width, height=height, most=MOST_PNG_PX)
    packer = zlib.compressobj(6)
    with out.open("wb") as file:
        file.write(_PNG_SIGNATURE)
        file.write(_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)))
        per_metre = round(dpi / 0.0254)
        file.write(_chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)))
        for first in range(0, height, _STRIP_PX):
            checkpoint(progress, "progress.chart_painting", first, height)
            rows = _rows(page_image(page, dpi, (first, min(_STRIP_PX, height - first))))
            packed = packer.compress(rows)
            if packed:
                file.write(_chunk(b"IDAT", packed))
        file.write(_chunk(b"IDAT", packer.flush()))
        file.write(_chunk(b"IEND", b""))
    checkpoint(progress, "progress.chart_painting", height, height)


def _rows(image: QImage) -> bytes:
    """Return a picture as rows of a PNG: no filter, then red, green, blue of each pixel."""
    width, height = image.width(), image.height()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    blue_first = pixels[:, : 4 * width].reshape(height, width, 4)
    rows = np.zeros((height, 1 + 3 * width), dtype=np.uint8)
    rows[:, 1:] = blue_first[:, :, 2::-1].reshape(height, 3 * width)
    return rows.tobytes()


def _chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def paint_svg(page: ChartPage, out: Path, progress: Progress = SILENT) -> None:
    """Paint a page into an SVG file; words stay words. Raises: InputError, Cancelled."""
    from PySide6.QtSvg import QSvgGenerator

    media = page.sheet.media
    # SVG 1.1: the smaller kind knows no clipping, and borders would run over the panel.
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setFileName(str(out))
    # Millimetres of the sheet are the units of the drawing: 1 inch is 25.4 of them.
    generator.setResolution(round(UNITS * 25.4))
    units = QSizeF(media.width * UNITS, media.height * UNITS)
    generator.setSize(QSize(round(units.width()), round(units.height())))
    generator.setViewBox(QRectF(0, 0, units.width(), units.height()))
    generator.setTitle(page.title)
    painter = QPainter()
    if not painter.begin(generator):
        raise InputError("chart.not_made", file=str(out))
    try:
        paint_page(page, painter, _pause(progress, 0, 1))
    finally:
        painter.end()
