"""A small picture of borders: as one side has them, the old ones dashed, moved land orange."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import colours
from ui.tips import plain_tip

_FILLS = ("#9CC5E8", "#F2C28B", "#B9DBA6", "#D9BEE6", "#F0E1A0", "#A8DDD8")
_HEIGHT_EM = 9
_MOVED_PX = 3


class BorderPicture(QWidget):
    """Areas within a box, each with a fill of its own; what they were before is dashed.

    Land that changed hands is painted with a line around it, so that a strip of a hair's breadth
    is seen as well.
    """

    def __init__(
        self,
        shapes: Sequence[shapely.MultiPolygon],
        before: Sequence[shapely.MultiPolygon],
        moved: shapely.Geometry,
        box: tuple[float, float, float, float],
        said: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shapes = shapes
        self._before = before
        self._moved = moved
        self._box = box
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return a picture that is wider than high."""
        em = self.fontMetrics().height()
        return QSize(14 * em, _HEIGHT_EM * em)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the areas, then the borders of before."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        now = colours()
        painter.fillRect(frame, QColor(now.ground))
        painter.setClipRect(frame)
        for number, shape in enumerate(self._shapes):
            fill = QColor(_FILLS[number % len(_FILLS)])
            fill.setAlpha(150)
            painter.setBrush(fill)
            painter.setPen(QPen(QColor(now.accent), 2))
            painter.drawPath(self._path(shape))
        painter.setBrush(QColor(now.warning))
        painter.setPen(QPen(QColor(now.warning), _MOVED_PX))
        painter.drawPath(self._path(self._moved))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(now.text), 1.2, Qt.PenStyle.DashLine))
        for shape in self._before:
            painter.drawPath(self._path(shape))
        painter.setClipping(False)
        painter.setPen(QPen(QColor(now.line), 1))
        painter.drawRect(frame)

    def _path(self, shape: shapely.Geometry) -> QPainterPath:
        x0, y0, x1, y1 = self._box
        scale = min(self.width() / (x1 - x0), self.height() / (y1 - y0))
        centre = QPointF((x0 + x1) / 2, (y0 + y1) / 2)
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.OddEvenFill)
        near = shapely.clip_by_rect(shape, *_wider(self._box))
        for ring in shapely.get_rings(shapely.get_parts(near)):
            points = [
                QPointF(
                    self.width() / 2 + (x - centre.x()) * scale,
                    self.height() / 2 - (y - centre.y()) * scale,
                )
                for x, y in shapely.get_coordinates(ring).tolist()
            ]
            path.addPolygon(points)
        return path


def _wider(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return a box so much wider that what is clipped shows no edge of its own."""
    x0, y0, x1, y1 = box
    air = 4 * max(x1 - x0, y1 - y0)
    return x0 - air, y0 - air, x1 + air, y1 + air
