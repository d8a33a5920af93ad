"""Files that are only looked at, painted over the land and below the borders."""

from __future__ import annotations

import numpy as np
import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath, QPen

from ui.canvas.label_candidates import Occupied
from ui.canvas.lettering import Letterer, Lettering
from ui.canvas.looked_at import DASHES, LookedAt
from ui.canvas.sheet import Sheet, colour
from ui.canvas.strokes import Brush, Shapes, draw_lines, draw_rings, pen_of

_SPECK_PX = 1.0
"""What is smaller is a dot, and one dot a pixel is enough."""
_FILL = 0.18
_NAME_PX = 12.0
_GAP_PX = 3.0
_MOST_NAMES = 400
"""Where more are seen, names would only be in the way."""


def paint_looked_at(sheet: Sheet) -> None:
    """Paint the points, lines and areas of all files of the style."""
    for one in sheet.style.looked_at:
        sheet.pause()
        _paint(sheet, one)
    sheet.painter.setBrush(Qt.BrushStyle.NoBrush)


def write_names(sheet: Sheet, occupied: Occupied, pen: Letterer) -> list[str]:
    """Write names where nothing stands yet, and return them."""
    named = [one for one in sheet.style.looked_at if one.look.has_names]
    return [word for one in named for word in _write(sheet, one, occupied, pen)]


def _seen(sheet: Sheet, one: LookedAt) -> list[int]:
    found = one.file.tree.query(shapely.box(*sheet.box))
    return sorted(found.tolist())


def _paint(sheet: Sheet, one: LookedAt) -> None:
    shapes = one.file.shapes[_seen(sheet, one)]
    if not len(shapes):
        return
    bounds = shapely.bounds(shapes)
    size_px = np.max(bounds[:, 2:] - bounds[:, :2], axis=1) / sheet.viewport.metres_per_px
    is_point = shapely.get_dimensions(shapes) == 0
    is_speck = ~is_point & (size_px < _SPECK_PX)
    large = shapes[~is_point & ~is_speck]
    ink, look = one.look.colour(sheet.style.theme), one.look
    fill = _see_through(ink) if look.is_filled else ""
    draw_rings(sheet, large, Brush(fill, ink, look.width_px, DASHES[look.dash]))
    draw_lines(sheet, large, pen_of(ink, look.width_px, DASHES[look.dash]))
    _dots(sheet, (bounds[is_speck, :2] + bounds[is_speck, 2:]) / 2, ink, look.width_px / 2)
    _points(sheet, shapes[is_point], ink, look.width_px)


def _see_through(ink: str) -> str:
    return f"#{round(_FILL * 255):02x}{ink[1:]}"


def _dots(sheet: Sheet, places: np.ndarray, ink: str, radius: float) -> None:
    """Mark what is too small to have a shape, once for each pixel."""
    if not len(places):
        return
    pixels = np.unique(np.round(sheet.viewport.to_px(places)), axis=0)
    pen = QPen(colour(ink), max(2 * radius, 1.0))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    sheet.painter.setPen(pen)
    for begin in range(0, len(pixels), 2000):
        sheet.pause()
        sheet.painter.drawPoints([QPointF(x, y) for x, y in pixels[begin : begin + 2000].tolist()])


def _points(sheet: Sheet, points: Shapes, ink: str, width_px: float) -> None:
    """Mark places by a disc with a light edge."""
    if not len(points):
        return
    painter = sheet.painter
    pixels = np.unique(np.round(sheet.viewport.to_px(shapely.get_coordinates(points)), 1), axis=0)
    radius = 2.5 + width_px / 2
    painter.setPen(QPen(colour(sheet.palette.lettering.halo), 1.5))
    painter.setBrush(colour(ink))
    for begin in range(0, len(pixels), 200):
        sheet.pause()
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        for x, y in pixels[begin : begin + 200].tolist():
            path.addEllipse(QPointF(x, y), radius, radius)
        painter.drawPath(path)


def _write(sheet: Sheet, one: LookedAt, occupied: Occupied, pen: Letterer) -> list[str]:
    numbers = [number for number in _seen(sheet, one) if one.file.names[number]]
    if len(numbers) > _MOST_NAMES:
        return []
    view, written = sheet.viewport, []
    ink, halo = one.look.colour(sheet.style.theme), sheet.palette.lettering.halo
    for number in numbers:
        sheet.pause()
        shape = shapely.clip_by_rect(one.file.shapes[number], *view.bounds())
        if shape.is_empty:
            continue
        letters = Lettering(
            one.file.names[number], _NAME_PX, False, ink, halo, sheet.style.families
        )
        word = pen.word(letters, view.ratio)
        middle = shapely.get_coordinates(shapely.point_on_surface(shape))[:1]
        x, y = view.to_px(middle)[0].tolist()
        beside = 0.0 if shapely.get_dimensions(shape) == 2 else 5.0 + one.look.width_px
        left = x + beside if beside else x - word.width_px / 2
        top = y - word.height_px / 2
        box = left - _GAP_PX, top, left + word.width_px + _GAP_PX, top + word.height_px
        if not occupied.take(box):
            continue
        corner = QPointF(
            round((left - word.margin_px) * view.ratio) / view.ratio,
            round((top - word.margin_px) * view.ratio) / view.ratio,
        )
        sheet.painter.drawImage(corner, word.image)
        written.append(one.file.names[number])
    return written
