"""Special land: gaps, disputes, exempt land and what a parent keeps, each with its own pattern."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from gridadmin.partition.region_rings import places_of_rows
from ui.canvas.patterns import fill_with_pattern
from ui.canvas.sheet import Sheet, clipped_path, colour, path_of
from ui.canvas.special import SpecialDrawing, SpecialMap
from ui.canvas.style import Land, SpecialKind

Floats = NDArray[np.float64]

MARK_PX = 8.0
"""Land that is marked gets a mark where it is narrower than this."""
_LEAST_PX = 1.0
_CELL_PX = 7
"""Marks nearer than this to each other would only cover each other: one is enough."""
_BATCH = 150
"""So many rings are painted in one call."""

_ORDER = (SpecialKind.REMAINDER, SpecialKind.EXEMPT, SpecialKind.DISPUTE, SpecialKind.GAP)


def paint_lands(sheet: Sheet, special: SpecialMap) -> None:
    """Paint the patterns and outlines of all special land that is seen."""
    drawing = special.drawing(sheet.octave)
    for kind, rows in _seen(sheet, drawing):
        land = sheet.palette.lands[kind]
        for batch in np.array_split(rows, len(rows) // _BATCH + 1):
            sheet.pause()
            _paint(sheet, drawing, batch, land)


def paint_marks(sheet: Sheet, special: SpecialMap) -> None:
    """Paint a mark on each gap and each dispute that is too small to be seen."""
    drawing = special.drawing(sheet.octave)
    marks: dict[tuple[int, int], tuple[Land, QPointF]] = {}
    for kind, rows in _seen(sheet, drawing, least_px=0.0):
        land = sheet.palette.lands[kind]
        if not land.mark:
            continue
        sheet.pause()
        for row in rows[_is_small(sheet, drawing, rows)].tolist():
            x, y = _middle(sheet.viewport.to_px(drawing.ring(row)))
            # The loudest of a cell comes last, and is painted last.
            cell = int(x // _CELL_PX), int(y // _CELL_PX)
            marks.pop(cell, None)
            marks[cell] = land, QPointF(x, y)
    for land, middle in marks.values():
        sheet.pause()
        _paint_mark(sheet, land, middle)


def _is_small(sheet: Sheet, drawing: SpecialDrawing, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which rings go around land that is too small to be seen well."""
    areas_m2 = drawing.areas_m2[rows]
    sizes_px = np.sqrt(np.abs(areas_m2)) / sheet.viewport.metres_per_px
    small: NDArray[np.bool_] = (sizes_px < MARK_PX) & (areas_m2 > 0)
    return small


def _seen(
    sheet: Sheet, drawing: SpecialDrawing, least_px: float = _LEAST_PX
) -> Iterator[tuple[SpecialKind, NDArray[np.int64]]]:
    """Yield the rings that are seen and at least so wide, by kind, the loudest last."""
    if not drawing.kinds:
        return
    x0, y0, x1, y1 = sheet.box
    boxes = drawing.boxes
    is_seen = (boxes[:, 0] <= x1) & (boxes[:, 2] >= x0) & (boxes[:, 1] <= y1) & (boxes[:, 3] >= y0)
    span = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    is_seen &= span / sheet.viewport.metres_per_px >= least_px
    kinds = np.array([_ORDER.index(kind) for kind in drawing.kinds])
    for number, kind in enumerate(_ORDER):
        rows = np.nonzero(is_seen & (kinds == number))[0]
        if len(rows):
            yield kind, rows


def _paint(sheet: Sheet, drawing: SpecialDrawing, rows: NDArray[np.int64], land: Land) -> None:
    if not len(rows):
        return
    at, offsets = places_of_rows(drawing.offsets, rows)
    xy = drawing.xy[at]
    boxes = drawing.boxes[rows]
    whole = np.concatenate((boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)))
    is_cut = sheet.is_too_wide(whole)
    path = clipped_path(xy, offsets, sheet.reach) if is_cut else path_of(xy, offsets)
    path = sheet.to_px.map(path)
    path.setFillRule(Qt.FillRule.WindingFill)
    painter = sheet.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    fill_with_pattern(sheet, path, land.pattern)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    if land.outline_px:
        painter.setPen(QPen(colour(land.outline), land.outline_px))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)


def _middle(ring: Floats) -> tuple[float, float]:
    low, high = ring.min(axis=0), ring.max(axis=0)
    x, y = ((low + high) / 2).tolist()
    return x, y


def _paint_mark(sheet: Sheet, land: Land, middle: QPointF) -> None:
    """Paint a mark that shows on any ground; its shape tells the kind without colour."""
    painter = sheet.painter
    painter.setBrush(colour(land.outline))
    painter.setPen(QPen(colour(sheet.palette.lettering.halo), 1.6))
    if land.mark == "diamond":
        half = MARK_PX * 0.62
        corners = [(0, -half), (half, 0), (0, half), (-half, 0)]
        painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in corners]))
    else:
        painter.drawEllipse(middle, MARK_PX / 2, MARK_PX / 2)
        painter.setBrush(colour(sheet.palette.lettering.halo))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(middle, MARK_PX * 0.17, MARK_PX * 0.17)
