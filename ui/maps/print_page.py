"""A printed page with the map: title, frame, legend, scale, date, whose base map it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from ui.canvas.furniture import length_words, round_length
from ui.canvas.legend import LegendLine, paint_swatch
from ui.canvas.style import MapStyle
from ui.canvas.viewport import Viewport
from ui.texts import tr
from ui.theme import base_font

MM_PER_INCH = 25.4
PX_PER_INCH = 96.0
"""A logical pixel of the map is so large on paper, so that letters have their usual size."""
_INK, _QUIET = "#1F2933", "#52606D"
_MARGIN_MM, _TITLE_MM, _FOOT_MM, _GAP_MM = 10.0, 11.0, 12.0, 2.0
_BAR_MM = 50.0
_SWATCH_MM, _LINE_MM = (7.0, 4.0), 5.6


@dataclass(frozen=True)
class Page:
    """What stands on a page. ``size_mm`` is that of the paper, upright or across."""

    size_mm: tuple[float, float]
    title: str
    date: str
    attribution: str = ""
    legend: Sequence[LegendLine] = ()

    @property
    def map_mm(self) -> QRectF:
        """Where the map lies on the paper."""
        width, height = self.size_mm
        top = _MARGIN_MM + (_TITLE_MM if self.title else 0.0)
        return QRectF(_MARGIN_MM, top, width - 2 * _MARGIN_MM, height - top - _MARGIN_MM - _FOOT_MM)

    def viewport(self, dpi: float) -> Viewport:
        """Return a viewport of the size of the map; where it looks is left to others."""
        frame = self.map_mm
        width, height = (
            round(side / MM_PER_INCH * PX_PER_INCH) for side in (frame.width(), frame.height())
        )
        return Viewport(width_px=width, height_px=height, ratio=dpi / PX_PER_INCH)


def paint_page(
    painter: QPainter,
    page: Page,
    image: QImage | None,
    viewport: Viewport,
    style: MapStyle,
    px_per_mm: float,
) -> None:
    """Paint a page from its upper left corner; *viewport* is that of *image*."""
    drawing = _Drawing(painter, page, px_per_mm)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if image is not None:
        painter.drawImage(drawing.box(page.map_mm), image, QRectF(image.rect()))
    drawing.frame()
    drawing.title()
    drawing.scale(viewport)
    drawing.foot()
    drawing.legend(style)
    drawing.north()
    painter.restore()


class _Drawing:
    """One page in the making; places are millimetres on the paper."""

    def __init__(self, painter: QPainter, page: Page, px_per_mm: float) -> None:
        self._painter, self._page, self._px = painter, page, px_per_mm

    def box(self, mm: QRectF) -> QRectF:
        """Return a box of the paper in pixels."""
        px = self._px
        return QRectF(mm.x() * px, mm.y() * px, mm.width() * px, mm.height() * px)

    def frame(self) -> None:
        """Paint the line around the map."""
        self._painter.setPen(QPen(QColor(_INK), 0.4 * self._px))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRect(self.box(self._page.map_mm))

    def title(self) -> None:
        """Write the title above the map."""
        frame = self._page.map_mm
        above = QRectF(frame.x(), _MARGIN_MM - 1, frame.width(), _TITLE_MM)
        self._write(self._page.title, above, 6.2, Qt.AlignmentFlag.AlignCenter)

    def scale(self, viewport: Viewport) -> None:
        """Paint the scale as a bar and as a number below the map, at its left."""
        frame, painter = self._page.map_mm, self._painter
        mm_per_px = MM_PER_INCH / PX_PER_INCH
        metres = round_length(_BAR_MM / mm_per_px * viewport.metres_per_px)
        length = metres / viewport.metres_per_px * mm_per_px
        left, bottom = frame.left(), frame.bottom() + 8.5
        painter.setPen(QPen(QColor(_INK), 0.3 * self._px))
        for part in range(4):
            box = QRectF(left + length * part / 4, bottom - 1.6, length / 4, 1.6)
            painter.setBrush(QColor(_INK if part % 2 == 0 else "#FFFFFF"))
            painter.drawRect(self.box(box))
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        above = QRectF(left, bottom - 7.4, 120, 5.4)
        self._write(f"0 — {length_words(metres)}", above, 3.2, align)
        beside = QRectF(left + length + 4, bottom - 4.2, 60, 5)
        number = tr("比例尺 1:{n}", n=f"{viewport.scale_number():,.0f}")
        self._write(number, beside, 3.6, align)

    def foot(self) -> None:
        """Write day and base map below the map, at its right."""
        frame = self._page.map_mm
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        first = QRectF(frame.x(), frame.bottom() + 1, frame.width(), 4.6)
        self._write(tr("{date} 打印", date=self._page.date), first, 3.2, align)
        if self._page.attribution:
            words = tr("底图来源：{words}", words=self._page.attribution)
            self._write(words, first.translated(0, 4.8), 2.8, align, colour=_QUIET)

    def legend(self, style: MapStyle) -> None:
        """Paint the meaning of the fills into the lower right corner of the map."""
        lines, frame, painter = self._page.legend, self._page.map_mm, self._painter
        if not lines:
            return
        painter.setFont(self._font(3.4))
        widest = max(painter.fontMetrics().horizontalAdvance(one.words) for one in lines)
        width = widest / self._px + _SWATCH_MM[0] + 4 * _GAP_MM
        height = len(lines) * _LINE_MM + 2 * _GAP_MM
        box = QRectF(frame.right() - width - 3, frame.bottom() - height - 3, width, height)
        painter.setPen(QPen(QColor(_QUIET), 0.2 * self._px))
        painter.setBrush(QColor("#FFFFFF"))
        painter.drawRect(self.box(box))
        for number, line in enumerate(lines):
            top = box.top() + _GAP_MM + number * _LINE_MM
            swatch = QRectF(box.left() + _GAP_MM, top + 0.8, *_SWATCH_MM)
            paint_swatch(painter, self.box(swatch), line.fill, style, self._px * MM_PER_INCH / 96)
            words = QRectF(swatch.right() + _GAP_MM, top, widest / self._px + 2, _LINE_MM)
            self._write(line.words, words, 3.4, Qt.AlignmentFlag.AlignVCenter)

    def north(self) -> None:
        """Paint where north is: up, at the upper right of the map."""
        frame, painter = self._page.map_mm, self._painter
        x, y = frame.right() - 9, frame.top() + 4
        painter.setPen(QPen(QColor(_INK), 0.3 * self._px))
        painter.setBrush(QColor(_INK))
        tip = [QPointF(x, y), QPointF(x + 2.6, y + 9), QPointF(x, y + 7), QPointF(x - 2.6, y + 9)]
        painter.drawPolygon([point * self._px for point in tip])
        below = QRectF(x - 5, y + 9, 10, 5)
        self._write("N", below, 3.8, Qt.AlignmentFlag.AlignCenter)

    def _font(self, height_mm: float) -> QFont:
        # Never bold: a face that has none is written twice, and a reader finds each letter twice.
        font = base_font()
        font.setPixelSize(max(round(height_mm * self._px), 1))
        return font

    def _write(
        self,
        words: str,
        mm: QRectF,
        height_mm: float,
        align: Qt.AlignmentFlag,
        *,
        colour: str = _INK,
    ) -> None:
        painter = self._painter
        painter.setFont(self._font(height_mm))
        painter.setPen(QColor(colour))
        painter.drawText(self.box(mm), align | Qt.TextFlag.TextDontClip, words)
