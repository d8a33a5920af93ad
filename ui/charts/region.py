"""A piece of a page as a picture, at any zoom: what the preview shows."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from gridadmin.chart.page import ChartPage
from gridadmin.chart.sheet import Frame
from ui.chart_painting import paint_page
from ui.jobs import JobProgress
from ui.surfaces import UNITS

_MOST_RASTER_DPI = 150.0


@dataclass(frozen=True, slots=True)
class Place:
    """What of a page is seen: pixels of the screen to the mm, and the corner of the window in mm.

    ``ratio`` is how many pixels of the device there are to one of the screen.
    """

    px_per_mm: float
    x_mm: float
    y_mm: float
    width_px: int
    height_px: int
    ratio: float = 1.0

    @property
    def frame(self) -> Frame:
        """The piece of the sheet in mm."""
        scale = self.px_per_mm
        return Frame(self.x_mm, self.y_mm, self.width_px / scale, self.height_px / scale)

    def to_px(self, x: float, y: float) -> QPointF:
        """Return where a place of the sheet stands in the window."""
        return QPointF((x - self.x_mm) * self.px_per_mm, (y - self.y_mm) * self.px_per_mm)

    def to_mm(self, point: QPointF) -> tuple[float, float]:
        """Return which place of the sheet a place of the window shows."""
        scale = self.px_per_mm
        return self.x_mm + point.x() / scale, self.y_mm + point.y() / scale

    def rect(self, frame: Frame) -> QRectF:
        """Return a frame of the sheet in the window."""
        return QRectF(self.to_px(frame.x, frame.y), self.to_px(frame.right, frame.bottom))

    def zoomed(self, factor: float, at: QPointF) -> Place:
        """Return the place with what lies at *at* where it was."""
        x, y = self.to_mm(at)
        scale = self.px_per_mm * factor
        left, top = x - at.x() / scale, y - at.y() / scale
        return Place(scale, left, top, self.width_px, self.height_px, self.ratio)

    def panned(self, dx_px: float, dy_px: float) -> Place:
        """Return the place with the sheet moved by so many pixels."""
        x = self.x_mm - dx_px / self.px_per_mm
        y = self.y_mm - dy_px / self.px_per_mm
        return Place(self.px_per_mm, x, y, self.width_px, self.height_px, self.ratio)


def region_image(page: ChartPage, place: Place, progress: JobProgress) -> QImage:
    """Return what is seen of a page; the desk around the sheet stays transparent.

    Raises: Cancelled.
    """
    ratio = place.ratio
    size = QSize(round(place.width_px * ratio), round(place.height_px * ratio))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(0, 0, 0, 0))
    media = page.sheet.media
    scale = place.px_per_mm * ratio
    painter = QPainter(image)
    try:
        painter.scale(scale / UNITS, scale / UNITS)
        painter.translate((media.x - place.x_mm) * UNITS, (media.y - place.y_mm) * UNITS)
        whole = QRectF(0, 0, media.width * UNITS, media.height * UNITS)
        painter.fillRect(whole, QColor("#FFFFFF"))
        painter.setClipRect(whole)
        dpi = min(scale * 25.4, _MOST_RASTER_DPI)
        paint_page(page, painter, lambda *_: progress.check(), place.frame.inset(-2.0), dpi)
    finally:
        painter.end()
    image.setDevicePixelRatio(ratio)
    return image
