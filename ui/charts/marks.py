"""What is painted over a page while it is worked on: names, the frame of the map, drags."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gridadmin.chart.page import ChartPage
from ui.charts.grips import Drag, Hold, dragged_frame
from ui.charts.region import Place
from ui.theme import colours

_HANDLE_PX = 8.0


def paint_marks(
    painter: QPainter, page: ChartPage, place: Place, drag: Drag, chosen: str, hover: str
) -> None:
    """Paint what is chosen, what lies under the pointer and what is being dragged."""
    accent = QColor(colours().accent)
    if page.sheet.bleed_mm:
        painter.setPen(QPen(accent, 1, Qt.PenStyle.DashLine))
        painter.drawRect(place.rect(page.sheet.whole))
    for uid in {chosen, hover} & page.labels.keys():
        rect = place.rect(page.labels[uid]).adjusted(-2, -2, 2, 2)
        if drag.hold is Hold.NAME and uid == drag.what:
            rect.translate(drag.shift_px)
        painter.setPen(QPen(accent, 2 if uid == chosen else 1))
        painter.drawRect(rect)
    if page.view is None:
        return
    frame = place.rect(page.view.frame)
    if drag.hold is Hold.FRAME:
        frame = place.rect(dragged_frame(page, page.view.frame, drag, place))
    if drag.hold is Hold.FRAME or hover == "frame":
        painter.setPen(QPen(accent, 2))
        painter.drawRect(frame)
        half = _HANDLE_PX / 2
        for corner in (
            frame.topLeft(),
            frame.topRight(),
            frame.bottomLeft(),
            frame.bottomRight(),
        ):
            square = QRectF(corner.x() - half, corner.y() - half, _HANDLE_PX, _HANDLE_PX)
            painter.fillRect(square, accent)
    if drag.hold is Hold.LAND:
        painter.setPen(QPen(accent, 2))
        painter.drawLine(drag.begin, drag.now)
