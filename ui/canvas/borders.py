"""Borders: each drawn once, by the highest level that it parts, with the sign of that level."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyqtgraph import functions
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QTransform

from gridadmin.domain.scheme import LEVELS
from gridadmin.partition.grid import Ints
from gridadmin.partition.level_ground import FRAME_RANK
from gridadmin.partition.region_rings import places_of_rows
from ui.canvas.clipping import pieces_inside
from ui.canvas.level_map import Chunk, Drawing, LevelMap
from ui.canvas.scene import DRAWN_PX, Prepared, drawn_ranks, fill_rank
from ui.canvas.sheet import Sheet, colour
from ui.canvas.style import FRAME, Sign

Floats = NDArray[np.float64]

_BATCH = 1000
"""So many segments go to Qt in one call: as long as one lasts, the window waits."""
_ROUND_BATCH = 200
"""So many points of lines with round corners, which take far longer."""
_BROKEN_BATCH = 64
"""So many points of a line of strokes and dots."""
_BROKEN_PX = 70.0
"""Levels with smaller areas have solid lines: there is no room for strokes and dots."""
_FULL_PX = 150.0
"""Where areas are this wide their borders have the width of the sign itself."""
_FADING_PX = 75.0
"""Over so many pixels of width of their areas lines fade away before they are left out."""
_FAINT = 0.5
_ROUND_PX = 1.9
"""Lines from this width on show their corners, which are then rounded."""
_ROUND_FEW = 3000


@dataclass(frozen=True)
class Stroke:
    """How the borders of one level are drawn at one scale."""

    sign: Sign
    width_px: float
    strength: float
    is_broken: bool


def stroke_of(sign: Sign, size_px: float, *, fades: bool = False) -> Stroke:
    """Return the stroke for a level whose areas are *size_px* wide.

    Lines grow and shrink with the areas, within limits. Those of levels below the one that is
    filled *fade* the more the smaller the areas are.
    """
    grown = min(max((size_px / _FULL_PX) ** 0.35, 0.55), 2.0)
    strength = 1.0
    if fades:
        strength = min(max((size_px - DRAWN_PX) / _FADING_PX, 0.0) * 0.75 + 0.25, 1.0)
    is_broken = bool(sign.dash_px) and size_px >= _BROKEN_PX
    return Stroke(sign, max(sign.width_px * grown, 0.6), strength, is_broken)


def paint_borders(sheet: Sheet, prepared: Prepared) -> None:
    """Paint the borders of all levels that are drawn at this scale, the highest last."""
    ground, metres_per_px = prepared.ground(), sheet.viewport.metres_per_px
    filled = fill_rank(ground, metres_per_px, sheet.style)
    for rank in reversed(drawn_ranks(ground, metres_per_px, sheet.style)):
        sign = sheet.palette.sign(LEVELS[rank])
        size_px = sheet.size_px(ground.size_m[rank])
        stroke = stroke_of(sign, size_px, fades=filled is not None and rank > filled)
        _paint(sheet, prepared.level_map(rank), rank, stroke)
    if ground.ranks:
        top = ground.ranks[0]
        stroke = stroke_of(sheet.palette.sign(FRAME), sheet.size_px(ground.size_m[top]) / 3)
        _paint(sheet, prepared.level_map(top), FRAME_RANK, stroke)


def _paint(sheet: Sheet, level_map: LevelMap, rank: int, stroke: Stroke) -> None:
    chunks = [level_map.chunk(number) for number in level_map.seen(sheet.box)]
    if stroke.is_broken:
        _paint_lines(sheet, chunks, rank, stroke)
    else:
        _paint_segments(sheet, chunks, rank, stroke)


def _pen(stroke: Stroke, ratio: float) -> QPen:
    pen = QPen(colour(stroke.sign.colour, stroke.strength))
    # A cosmetic pen, which no scale makes wider, is measured in pixels of the device.
    pen.setWidthF(stroke.width_px * ratio)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    # Flat ends, for where two ends lie over each other a faint line would be darker.
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if stroke.strength < 1.0 else Qt.PenCapStyle.SquareCap)
    return pen


def _paint_segments(sheet: Sheet, chunks: list[Chunk], rank: int, stroke: Stroke) -> None:
    """Paint solid lines: wide ones with round corners as long as they are few."""
    is_wide = stroke.width_px * sheet.viewport.ratio >= _ROUND_PX
    # Faint lines of crowded levels need fewer vertices to look the same.
    octave = sheet.octave + (stroke.strength < _FAINT)
    count = sum(len(_segments(chunk.drawing(octave), rank)) for chunk in chunks)
    is_round = is_wide and count <= _ROUND_FEW
    painter = sheet.painter
    pen = _pen(stroke, sheet.viewport.ratio)
    if is_round:
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for chunk in chunks:
        drawing = chunk.drawing(octave)
        sheet.pause()
        if not sheet.chunk_is_whole(chunk):
            painter.resetTransform()
            _paint_cut(sheet, drawing, rank)
        elif is_round:
            painter.setTransform(sheet.to_px)
            for path in _round_paths(drawing, rank, is_whole=stroke.strength < 1.0):
                painter.drawPath(path)
                sheet.pause()
        else:
            painter.setTransform(sheet.to_px)
            for lines in _primitives(drawing, rank):
                painter.drawLines(*lines.drawargs())
                sheet.pause()
    painter.resetTransform()


def _paint_cut(sheet: Sheet, drawing: Drawing, rank: int) -> None:
    """Paint the part of a chunk's lines that is seen, where the whole is too wide for Qt."""
    pieces = [
        piece
        for row in _rows(drawing, rank)
        for piece, _ in pieces_inside(_line(drawing, row), sheet.reach)
    ]
    if not pieces:
        return
    xy = sheet.viewport.to_px(np.concatenate(pieces))
    offsets = np.cumsum([0, *(len(piece) for piece in pieces)])
    sheet.painter.drawPath(_path(xy, _goes_on(offsets)))


def _round_paths(drawing: Drawing, rank: int, *, is_whole: bool) -> list[QPainterPath]:
    """Return the lines that a chunk draws of one rank in local metres, as paths of few points.

    Faint lines are one whole path, in which ends that lie over each other aren't darker.
    """
    key = ("paths", rank, is_whole)
    known: list[QPainterPath] | None = drawing.made.get(key)
    if known is None:
        at, offsets = places_of_rows(drawing.offsets, _rows(drawing, rank))
        xy, goes_on = drawing.xy[at], _goes_on(offsets)
        step = max(len(xy), 1) if is_whole else _ROUND_BATCH
        known = drawing.made[key] = [
            _path(xy[begin : begin + step + 1], goes_on[begin : begin + step + 1])
            for begin in range(0, len(xy) - 1, step)
        ]
    return known


def _goes_on(offsets: Ints) -> NDArray[np.int32]:
    """Return for each point of lines whether it is joined to the next."""
    joined = np.ones(int(offsets[-1]), dtype=np.int32)
    joined[offsets[1:] - 1] = 0
    return joined


def _path(xy: Floats, goes_on: NDArray[np.int32]) -> QPainterPath:
    path: QPainterPath = functions.arrayToQPath(
        xy[:, 0], xy[:, 1], connect=goes_on, finiteCheck=False
    )
    return path


def _rows(drawing: Drawing, rank: int) -> Ints:
    """Return the lines of one rank that are a chunk's to draw."""
    chunk = drawing.chunk
    return np.nonzero(chunk.draws & (chunk.ranks == rank))[0]


def _line(drawing: Drawing, row: int) -> Floats:
    return drawing.xy[drawing.offsets[row] : drawing.offsets[row + 1]]


def _segments(drawing: Drawing, rank: int) -> Floats:
    """Return the segments ``(n, 4)`` in local metres that a chunk draws of one rank."""
    key = ("segments", rank)
    known: Floats | None = drawing.made.get(key)
    if known is None:
        at, offsets = places_of_rows(drawing.offsets, _rows(drawing, rank))
        xy = drawing.xy[at]
        inner = np.ones(max(len(xy) - 1, 0), dtype=bool)
        inner[offsets[1:-1] - 1] = False
        known = drawing.made[key] = np.hstack((xy[:-1], xy[1:]))[inner]
    return known


def _primitives(drawing: Drawing, rank: int) -> list[PrimitiveArray]:
    key = ("primitives", rank)
    known: list[PrimitiveArray] | None = drawing.made.get(key)
    if known is None:
        segments = _segments(drawing, rank)
        known = drawing.made[key] = [
            _as_lines(segments[begin : begin + _BATCH]) for begin in range(0, len(segments), _BATCH)
        ]
    return known


def _as_lines(segments: Floats) -> PrimitiveArray:
    lines = PrimitiveArray(QLineF, 4)
    lines.resize(len(segments))
    lines.ndarray()[:] = segments
    return lines


def _paint_lines(sheet: Sheet, chunks: list[Chunk], rank: int, stroke: Stroke) -> None:
    """Paint broken lines, each with strokes that begin and end it, over a faint solid one."""
    faint = Stroke(Sign(stroke.sign.colour, 1.0), max(stroke.width_px * 0.45, 1.0), 0.45, False)
    _paint_segments(sheet, chunks, rank, faint)
    painter = sheet.painter
    painter.setTransform(QTransform())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for xy, length_px, begins_px in _pieces(sheet, chunks, rank):
        sheet.pause()
        pen = _pen(stroke, sheet.viewport.ratio)
        _break(pen, stroke, length_px, begins_px)
        painter.setPen(pen)
        painter.drawPath(functions.arrayToQPath(xy[:, 0], xy[:, 1], finiteCheck=False))


def _pieces(sheet: Sheet, chunks: list[Chunk], rank: int) -> Iterator[tuple[Floats, float, float]]:
    """Yield what is seen of each line in pixels, with the line's length and where on it we are."""
    scale = 1 / sheet.viewport.metres_per_px
    x0, y0, x1, y1 = sheet.box
    for chunk in chunks:
        drawing = chunk.drawing(sheet.octave)
        rows, boxes, lengths = _measured(drawing, rank)
        low_x, low_y, high_x, high_y = boxes.T
        is_seen = (low_x <= x1) & (high_x >= x0) & (low_y <= y1) & (high_y >= y0)
        is_whole = (low_x >= x0) & (high_x <= x1) & (low_y >= y0) & (high_y <= y1)
        for place in np.nonzero(is_seen)[0].tolist():
            xy, length = _line(drawing, rows[place]), float(lengths[place]) * scale
            pieces = [(xy, 0.0)] if is_whole[place] else pieces_inside(xy, sheet.box)
            for piece, begins in pieces:
                for part, before in _in_parts(sheet.viewport.to_px(piece)):
                    yield part, length, begins * scale + before


def _in_parts(xy: Floats) -> Iterator[tuple[Floats, float]]:
    """Yield a line in parts of few points, each with how long the line is before it."""
    before = 0.0
    for begin in range(0, max(len(xy) - 1, 1), _BROKEN_BATCH):
        part = xy[begin : begin + _BROKEN_BATCH + 1]
        yield part, before
        before += float(np.sqrt((np.diff(part, axis=0) ** 2).sum(axis=1)).sum())


def _measured(drawing: Drawing, rank: int) -> tuple[Ints, Floats, Floats]:
    """Return the lines that a chunk draws of one rank with their boxes ``(n, 4)`` and lengths."""
    key = ("measured", rank)
    known: tuple[Ints, Floats, Floats] | None = drawing.made.get(key)
    if known is None:
        rows = _rows(drawing, rank)
        at, offsets = places_of_rows(drawing.offsets, rows)
        if not len(rows):
            known = rows, np.empty((0, 4)), np.empty(0)
        else:
            xy, begins = drawing.xy[at], offsets[:-1]
            steps = np.append(np.sqrt((np.diff(xy, axis=0) ** 2).sum(axis=1)), 0.0)
            steps[offsets[1:] - 1] = 0.0
            boxes = np.hstack(
                (np.minimum.reduceat(xy, begins, axis=0), np.maximum.reduceat(xy, begins, axis=0))
            )
            known = rows, boxes, np.add.reduceat(steps, begins)
        drawing.made[key] = known
    return known


def _break(pen: QPen, stroke: Stroke, length_px: float, begins_px: float) -> None:
    """Give a pen strokes that fit a line: half a stroke at each end, so that corners are firm."""
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    grown = stroke.width_px / stroke.sign.width_px
    period = sum(stroke.sign.dash_px) * grown
    times = max(round(length_px / period), 1)
    stretch = min(max(length_px / (times * period), 0.5), 1.5) * grown
    # Qt counts dashes in widths of the pen.
    pen.setDashPattern([dash * stretch / stroke.width_px for dash in stroke.sign.dash_px])
    first = stroke.sign.dash_px[0] * stretch / 2
    offset = math.fmod(begins_px + first, sum(stroke.sign.dash_px) * stretch)
    pen.setDashOffset(offset / stroke.width_px)
