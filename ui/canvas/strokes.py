"""Lines and rings of shapes, cut to the view, thinned and handed to Qt in small batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyqtgraph import functions
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QPainterPath, QPen

from ui.canvas.sheet import Sheet, colour

Shapes = NDArray[np.object_]

_BATCH = 1200
"""So many points go to Qt in one call: as long as one lasts, the window waits."""
_TOLERANCE_PX = 0.5
_ROUND_PX = 4.5
_SEGMENTS_PX = 8.0
"""Solid lines narrower than this are drawn segment by segment, several times faster than a path;
their square ends close the corners."""


@dataclass(frozen=True)
class Brush:
    """How a batch of rings is filled and outlined."""

    fill: str = ""
    outline: str = ""
    outline_px: float = 1.0
    dash: tuple[float, ...] = ()


def pen_of(ink: str, width: float, dash: Sequence[float] = ()) -> QPen:
    """Return a pen for lines of that width; *dash* are lengths of strokes and gaps in pixels."""
    pen = QPen(colour(ink), width)
    # Round corners and ends take far longer, and on thin lines nobody sees them.
    is_wide = width >= _ROUND_PX and not dash
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin if is_wide else Qt.PenJoinStyle.BevelJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap if is_wide else Qt.PenCapStyle.FlatCap)
    if dash:
        pen.setDashPattern([length / max(width, 0.1) for length in dash])
    return pen


def draw_lines(sheet: Sheet, shapes: Shapes, pen: QPen) -> None:
    """Draw the lines among shapes that are in local metres."""
    stroke(sheet, cut_to(sheet, shapes), pen)


def stroke(sheet: Sheet, shapes: Shapes, pen: QPen) -> None:
    """Draw lines that are cut already."""
    painter = sheet.painter
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if pen.widthF() < _SEGMENTS_PX and pen.style() == Qt.PenStyle.SolidLine:
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        painter.setPen(pen)
        for segments in _segments(sheet, shapes):
            sheet.pause()
            painter.drawLines(*segments.drawargs())
        return
    painter.setPen(pen)
    for path in paths_of(sheet, shapes, closes=False):
        sheet.pause()
        painter.drawPath(path)


def _segments(sheet: Sheet, shapes: Shapes) -> Iterator[PrimitiveArray]:
    """Yield the segments of lines in logical pixels, some at a time."""
    parts = shapely.get_parts(shapes)
    xy, owner = shapely.get_coordinates(
        parts[shapely.get_dimensions(parts) == 1], return_index=True
    )
    if len(xy) < 2:
        return
    pixels = sheet.viewport.to_px(xy)
    ends = np.column_stack((pixels[:-1], pixels[1:]))[owner[1:] == owner[:-1]]
    for begin in range(0, len(ends), _BATCH):
        batch = ends[begin : begin + _BATCH]
        segments = PrimitiveArray(QLineF, 4)
        segments.resize(len(batch))
        segments.ndarray()[:] = batch
        yield segments


def draw_rings(sheet: Sheet, shapes: Shapes, brush: Brush) -> None:
    """Fill and outline the polygons among shapes."""
    painter = sheet.painter
    painter.setPen(
        pen_of(brush.outline, brush.outline_px, brush.dash) if brush.outline else Qt.PenStyle.NoPen
    )
    painter.setBrush(colour(brush.fill) if brush.fill else Qt.BrushStyle.NoBrush)
    for path in paths_of(sheet, cut_to(sheet, shapes), closes=True):
        sheet.pause()
        painter.drawPath(path)


def cut_to(sheet: Sheet, shapes: Shapes) -> Shapes:
    """Return shapes cut to what Qt can paint, with only the vertices that can be seen."""
    if not len(shapes):
        return shapes
    tolerance = _TOLERANCE_PX * sheet.viewport.metres_per_px / sheet.viewport.ratio
    bounds = shapely.bounds(shapes)
    x0, y0, x1, y1 = sheet.reach
    is_out = (bounds[:, 0] < x0) | (bounds[:, 1] < y0) | (bounds[:, 2] > x1) | (bounds[:, 3] > y1)
    cut = shapes.copy()
    if is_out.any():
        cut[is_out] = shapely.clip_by_rect(cut[is_out], x0, y0, x1, y1)
    thin: Shapes = shapely.simplify(cut, tolerance, preserve_topology=False)
    return thin


def paths_of(sheet: Sheet, shapes: Shapes, *, closes: bool) -> Iterator[QPainterPath]:
    """Yield paths in logical pixels of some lines or rings each; holes stay empty."""
    parts = shapely.get_parts(shapes)
    if closes:
        parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
        sizes = shapely.get_num_coordinates(parts)
    else:
        parts = parts[shapely.get_dimensions(parts) == 1]
        sizes = shapely.get_num_coordinates(parts)
    if not len(parts):
        return
    batch = np.cumsum(sizes) // _BATCH
    for number in np.unique(batch).tolist():
        group = parts[batch == number]
        lines = shapely.get_rings(group) if closes else group
        xy, owner = shapely.get_coordinates(lines, return_index=True)
        if not len(xy):
            continue
        pixels = sheet.viewport.to_px(xy)
        connect = np.ones(len(xy), dtype=np.int32)
        connect[:-1][owner[1:] != owner[:-1]] = 0
        connect[-1] = 0
        path: QPainterPath = functions.arrayToQPath(
            pixels[:, 0], pixels[:, 1], connect=connect, finiteCheck=False
        )
        path.setFillRule(Qt.FillRule.OddEvenFill)
        yield path
