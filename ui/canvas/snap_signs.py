"""The signs of what the pointer snapped to: each kind has a form of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from ui.canvas.snapping import SnapKind
from ui.theme import DARK, colours

Stroke = Sequence[tuple[float, float]]

_STROKES: Mapping[SnapKind, Sequence[Stroke]] = {
    SnapKind.NODE: [[(-8, -8), (8, -8), (8, 8), (-8, 8), (-8, -8)]],
    SnapKind.INTERSECTION: [[(-8, -8), (8, 8)], [(-8, 8), (8, -8)]],
    SnapKind.CORNER: [[(-8, 0), (0, -9), (8, 0), (8, 9), (-8, 9), (-8, 0)]],
    SnapKind.SQUARE: [[(-8, -9), (-8, 8), (9, 8)], [(-8, 0), (0, 0), (0, 8)]],
    SnapKind.MIDDLE: [[(0, -9), (9, 7), (-9, 7), (0, -9)]],
    SnapKind.BORDER: [[(-7, -8), (7, -8), (-7, 8), (7, 8), (-7, -8)]],
    SnapKind.ROAD: [
        [(-5, -9), (-5, 9)],
        [(5, -9), (5, 9)],
        [(0, -8), (0, -4)],
        [(0, -1.5), (0, 2.5)],
        [(0, 5), (0, 9)],
    ],
    SnapKind.RIVER: [
        [(-9, -3), (-4.5, -6), (0, -3), (4.5, 0), (9, -3)],
        [(-9, 4), (-4.5, 1), (0, 4), (4.5, 7), (9, 4)],
    ],
    SnapKind.RAILWAY: [
        [(0, -9), (0, 9)],
        [(-5, -6), (5, -6)],
        [(-5, 0), (5, 0)],
        [(-5, 6), (5, 6)],
    ],
    SnapKind.WALL: [[(-9, 6), (9, 6)], [(-6, 6), (-6, -6), (6, -6), (6, 6)]],
}


def paint_sign(painter: QPainter, kind: SnapKind, x: float, y: float) -> None:
    """Paint the sign of a kind around a pixel; a vertex is a circle."""
    path = QPainterPath()
    if kind is SnapKind.VERTEX:
        path.addEllipse(QPointF(x, y), 8, 8)
    for stroke in _STROKES.get(kind, ()):
        path.moveTo(x + stroke[0][0], y + stroke[0][1])
        for dx, dy in stroke[1:]:
            path.lineTo(x + dx, y + dy)
    halo = QPen(QColor(colours().panel), 5)
    ink = QPen(QColor("#FF8AD8" if colours() is DARK else "#C2127F"), 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (halo, ink):
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawPath(path)
