"""QPainter behind the surface of charts: the same calls on a PDF, a picture, SVG, a printer.

The painter counts in :data:`UNITS` to the millimetre; whoever makes it sets the scale from there to
the device.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pyqtgraph import functions
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from gridadmin.chart.sheet import Frame, Sheet
from gridadmin.chart.surface import Align, Paths, Pen, Raster, Target, TextStyle, Words
from ui.chart_fonts import FONTS, bolder_em, font_of, shown
from ui.pdf_pictures import PdfPictures

UNITS = 50
"""Units of the painter to the millimetre: 1270 dpi."""
_PIECE_PX = 1024
"""Rasters are painted in pieces of so many pixels at most."""
_BATCH = 4000
"""So many points go to Qt in one call."""


class QtSurface:
    """A surface that paints with a painter; ``most_dpi`` bounds what is asked of rasters.

    Those of a PDF go to its *pictures*.
    """

    def __init__(
        self, painter: QPainter, most_dpi: float = 300.0, pictures: PdfPictures | None = None
    ) -> None:
        self._painter = painter
        self._pictures = pictures
        self._most_dpi = most_dpi
        self.links: list[tuple[Frame, Target]] = []
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)

    def begin(self, sheet: Sheet) -> None:
        """Begin a page: whoever made the painter has placed the sheet already."""

    def lines(self, paths: Paths, pen: Pen) -> None:
        """Draw lines."""
        painter = self._painter
        painter.setPen(_pen(pen))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for path in _batches(paths):
            painter.drawPath(path)

    def land(self, rings: Paths, fill: str, pen: Pen | None = None) -> None:
        """Fill rings and outline them."""
        painter = self._painter
        painter.setPen(Qt.PenStyle.NoPen if pen is None else _pen(pen))
        painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        # All at once: an inner ring must not come without its outer one.
        path = _path(rings.xy, rings.offsets)
        path.setFillRule(Qt.FillRule.OddEvenFill)
        painter.drawPath(path)

    def words(self, words: Words) -> None:
        """Draw one line of words."""
        style = words.style
        size = max(round(style.size_mm * UNITS), 1)
        font = font_of(replace(style, spacing_mm=0.0), size)
        text = shown(words.text)
        width = FONTS.width_mm(words.text, style) - style.spacing_mm
        left = {Align.LEFT: 0.0, Align.MIDDLE: -width / 2, Align.RIGHT: -width}[words.align]
        painter = self._painter
        painter.save()
        painter.translate(words.x * UNITS, words.y * UNITS)
        if words.angle_deg:
            painter.rotate(-words.angle_deg)
        pieces = _pieces(text, style, left)
        halo = style.halo_mm if style.halo else 0.0
        bolder = bolder_em(style) * size
        if halo or bolder:
            outline = QPainterPath()
            for at, piece in pieces:
                outline.addText(at, font, piece)
            if halo:
                painter.strokePath(outline, _edge(style.halo, 2 * halo * UNITS))
            if bolder:
                # Filled too: letters drawn over their bare edge show a seam at low resolutions.
                painter.setPen(_edge(style.colour, bolder))
                painter.setBrush(QColor(style.colour))
                painter.drawPath(outline)
        painter.setPen(QColor(style.colour))
        painter.setFont(font)
        for at, piece in pieces:
            painter.drawText(at, piece)
        painter.restore()

    def raster(self, frame: Frame, raster: Raster) -> None:
        """Draw a picture piece by piece, none finer than the surface needs."""
        dpi = min(raster.effective_dpi, self._most_dpi)
        step = _PIECE_PX / max(dpi, 1.0) * 25.4
        for top in np.arange(frame.y, frame.bottom, step).tolist():
            for left in np.arange(frame.x, frame.right, step).tolist():
                width, height = min(step, frame.right - left), min(step, frame.bottom - top)
                piece = Frame(left, top, width, height)
                pixels = [max(round(side * dpi / 25.4), 1) for side in (width, height)]
                self._piece(piece, raster.piece(piece, pixels[0], pixels[1]))

    def _piece(self, frame: Frame, rgb: NDArray[np.uint8]) -> None:
        if self._pictures is not None:
            self._painter.drawImage(_rect(frame), self._pictures.stand_in(rgb))
            return
        pixels = np.ascontiguousarray(rgb)
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        # What might let something through is looked at pixel by pixel when it goes into a PDF.
        opaque = image.convertToFormat(QImage.Format.Format_RGB32)
        self._painter.drawImage(_rect(frame), opaque)

    def clip(self, frame: Frame | None) -> None:
        """Draw only inside a frame from now on."""
        if frame is None:
            self._painter.setClipping(False)
        else:
            self._painter.setClipRect(_rect(frame))

    def link(self, frame: Frame, target: Target) -> None:
        """Remember a link: a painter knows none, who writes the file puts it in."""
        self.links.append((frame, target))


def _pieces(text: str, style: TextStyle, left: float) -> list[tuple[QPointF, str]]:
    """Return what is written where: words as they are, spaced ones letter by letter.

    Painters of PDF and of pictures don't agree on the spacing of a font.
    """
    if not style.spacing_mm:
        return [(QPointF(left * UNITS, 0.0), text)]
    plain = replace(style, spacing_mm=0.0)
    found = []
    for letter in text:
        found.append((QPointF(left * UNITS, 0.0), letter))
        left += FONTS.width_mm(letter, plain) + style.spacing_mm
    return found


def _rect(frame: Frame) -> QRectF:
    return QRectF(*(value * UNITS for value in frame))


def _pen(pen: Pen) -> QPen:
    found = QPen(QColor(pen.colour), pen.width_mm * UNITS)
    is_round = pen.is_round
    found.setCapStyle(Qt.PenCapStyle.RoundCap if is_round else Qt.PenCapStyle.FlatCap)
    found.setJoinStyle(Qt.PenJoinStyle.RoundJoin if is_round else Qt.PenJoinStyle.MiterJoin)
    if pen.dash_mm:
        # Qt counts strokes and gaps in widths of the pen.
        found.setDashPattern([length / pen.width_mm for length in pen.dash_mm])
    return found


def _edge(colour: str, width: float) -> QPen:
    pen = QPen(QColor(colour), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _batches(paths: Paths) -> list[QPainterPath]:
    """Return paths of some thousand points each; no line is parted."""
    if len(paths.xy) <= _BATCH:
        return [_path(paths.xy, paths.offsets)]
    found = []
    offsets = paths.offsets
    begin = 0
    while begin < len(paths):
        end = int(np.searchsorted(offsets, offsets[begin] + _BATCH, side="right")) - 1
        end = min(max(end, begin + 1), len(paths))
        low, high = offsets[begin], offsets[end]
        found.append(_path(paths.xy[low:high], offsets[begin : end + 1] - low))
        begin = end
    return found


def _path(xy: NDArray[np.float64], offsets: NDArray[np.int64]) -> QPainterPath:
    """Return lines or rings as one path in units of the painter."""
    if len(xy) < 2:
        return QPainterPath()
    # A tenth is 2 µm of the sheet; more digits only make files larger.
    units = np.round(xy * UNITS, 1)
    connect = np.ones(len(units), dtype=np.int32)
    connect[offsets[1:] - 1] = 0
    path: QPainterPath = functions.arrayToQPath(
        units[:, 0], units[:, 1], connect=connect, finiteCheck=False
    )
    return path
