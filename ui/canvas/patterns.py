"""Hatches and dots that stay with the land when the map moves."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPainterPath, QPen, QTransform

from ui.canvas.sheet import Sheet, colour
from ui.canvas.style import Pattern, PatternKind

_kept: dict[tuple[Pattern, float], QImage] = {}
_MOST_KEPT = 200


def fill_with_pattern(sheet: Sheet, path: QPainterPath, pattern: Pattern) -> None:
    """Fill a path in logical pixels with a pattern, its ground first."""
    painter, view = sheet.painter, sheet.viewport
    if pattern.ground:
        painter.fillPath(path, colour(pattern.ground))
    tile = _tile(pattern, view.ratio)
    brush = QBrush(tile)
    # One pixel of the tile is one of the device, whatever a logical pixel is.
    brush.setTransform(QTransform.fromScale(1 / view.ratio, 1 / view.ratio))
    x, y = view.px_of((0.0, 0.0))
    width, height = tile.width(), tile.height()
    painter.setBrushOrigin(
        QPointF(
            round(math.fmod(x * view.ratio, width)) / view.ratio,
            round(math.fmod(y * view.ratio, height)) / view.ratio,
        )
    )
    painter.fillPath(path, brush)


def _tile(pattern: Pattern, ratio: float) -> QImage:
    known = _kept.get((pattern, ratio))
    if known is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        known = _kept[pattern, ratio] = _drawn(pattern, ratio)
    return known


def _drawn(pattern: Pattern, ratio: float) -> QImage:
    """Return a tile, in device pixels, that goes on seamlessly in all directions."""
    is_slanted = pattern.kind in (
        PatternKind.HATCH,
        PatternKind.BACK_HATCH,
        PatternKind.CROSS_HATCH,
    )
    step = pattern.step_px * ratio * (math.sqrt(2) if is_slanted else 1.0)
    side = max(round(step), 2) * (1 if is_slanted else 2)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour(pattern.colour), pattern.width_px * ratio)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    if pattern.kind is PatternKind.DOTS:
        _dots(painter, side, pattern.width_px * ratio)
    elif pattern.kind is PatternKind.DASHES:
        _dashes(painter, side)
    else:
        _slants(painter, side, pattern.kind)
    painter.end()
    return image


def _slants(painter: QPainter, side: int, kind: PatternKind) -> None:
    for shift in (-side, 0, side):
        if kind is not PatternKind.BACK_HATCH:
            painter.drawLine(QPointF(shift - 1, side + 1), QPointF(shift + side + 1, -1))
        if kind is not PatternKind.HATCH:
            painter.drawLine(QPointF(shift - 1, -1), QPointF(shift + side + 1, side + 1))


def _dots(painter: QPainter, side: int, width: float) -> None:
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
    for x, y in ((0.25, 0.25), (0.75, 0.75)):
        painter.drawEllipse(QPointF(x * side, y * side), width / 2, width / 2)


def _dashes(painter: QPainter, side: int) -> None:
    for x, y in ((0.08, 0.25), (0.58, 0.75)):
        height = round(y * side) + 0.5
        painter.drawLine(QPointF(x * side, height), QPointF((x + 0.34) * side, height))
