"""The signs of locked borders: ticks across those locked by hand, padlocks on the rest.

The frame is locked by itself; an approved plan, or one in force, locks all borders. Their lines
bear a padlock each where there is room, so that the map is not covered with ticks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import BorderRow
from gridadmin.edit.plan_locks import locking_plan
from gridadmin.partition.border import points_of
from gridadmin.partition.level_ground import FRAME_RANK
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.clipping import pieces_inside
from ui.canvas.level_map import LevelMap
from ui.canvas.scene import Prepared, drawn_ranks
from ui.canvas.sheet import Sheet, colour

Floats = NDArray[np.float64]

_STEP_PX = 14.0
_TICK_PX = 5.5
"""A tick reaches so far to both sides of its line."""
_LEAST_PX = 70.0
"""Lines that are seen shorter than this have no room for a padlock."""
_CELL_PX = 130
"""At most one padlock in a square of this size."""
_MOST_TICKS = 6000

_known: list[tuple[Snapshot, list[Floats]]] = []


def paint_locks(sheet: Sheet, prepared: Prepared) -> None:
    """Paint the signs of all locked borders that are seen."""
    snapshot = prepared.snapshot
    pieces = [
        sheet.viewport.to_px(piece)
        for line in locked_by_hand(snapshot)
        if sheet.sees(np.concatenate((line.min(axis=0), line.max(axis=0))))
        for piece, _ in pieces_inside(line, sheet.box)
    ]
    _paint_ticks(sheet, pieces)
    places = [*_middles(pieces), *_places(sheet, prepared)]
    taken: set[tuple[int, int]] = set()
    for x, y in places:
        cell = int(x // _CELL_PX), int(y // _CELL_PX)
        if cell not in taken:
            taken.add(cell)
            _paint_padlock(sheet, QPointF(x, y))


def locked_by_hand(snapshot: Snapshot) -> list[Floats]:
    """Return the lines that somebody locked, in local metres; each once."""
    if _known and _known[0][0] is snapshot:
        return _known[0][1]
    found: dict[int, BorderRow] = {}
    for lock in snapshot.rows("border_lock").values():
        if lock.scope == "area":
            found.update((b.id, b) for b in snapshot.partition.outline(oid_of(lock.target)))
        elif snapshot.partition.has(int(lock.target)):
            found[int(lock.target)] = snapshot.partition.border(int(lock.target))
    lines = [points_of(border) / 1000.0 for _, border in sorted(found.items())]
    _known[:] = [(snapshot, lines)]
    return lines


def _places(sheet: Sheet, prepared: Prepared) -> Iterator[tuple[float, float]]:
    """Yield where padlocks of the frame and of a plan may stand."""
    ground = prepared.ground()
    if not ground.ranks:
        return
    if prepared.snapshot.has_frame:
        yield from _middles(_seen(sheet, prepared.level_map(ground.ranks[0]), FRAME_RANK))
    if locking_plan(prepared.snapshot) is not None:
        for rank in drawn_ranks(ground, sheet.viewport.metres_per_px, sheet.style):
            yield from _middles(_seen(sheet, prepared.level_map(rank), rank))


def _seen(sheet: Sheet, level_map: LevelMap, rank: int) -> Iterator[Floats]:
    """Yield what is seen of the lines of a rank, in pixels."""
    for number in level_map.seen(sheet.box):
        sheet.pause()
        drawing = level_map.chunk(number).drawing(sheet.octave)
        chunk = drawing.chunk
        for row in np.nonzero(chunk.draws & (chunk.ranks == rank))[0].tolist():
            line = drawing.xy[drawing.offsets[row] : drawing.offsets[row + 1]]
            low, high = line.min(axis=0), line.max(axis=0)
            span_px = float((high - low).max()) / sheet.viewport.metres_per_px
            if span_px < _LEAST_PX / 2 or not sheet.sees(np.concatenate((low, high))):
                continue
            for piece, _ in pieces_inside(line, sheet.box):
                yield sheet.viewport.to_px(piece)


def _middles(pieces: Iterator[Floats] | Sequence[Floats]) -> Iterator[tuple[float, float]]:
    """Yield the places half way along those pieces of line that are long enough."""
    for piece in pieces:
        before = _lengths(piece)
        if before[-1] >= _LEAST_PX:
            x, y = _at(piece, before, np.array([before[-1] / 2]))[0][0].tolist()
            yield x, y


def _lengths(piece: Floats) -> Floats:
    """Return how long a line is before each of its points."""
    steps = np.hypot(*np.diff(piece, axis=0).T)
    lengths: Floats = np.concatenate(([0.0], np.cumsum(steps)))
    return lengths


def _at(piece: Floats, before: Floats, where: Floats) -> tuple[Floats, Floats]:
    """Return the places at some lengths of a line, and the direction of the line there."""
    segment = np.clip(np.searchsorted(before, where, side="right") - 1, 0, len(piece) - 2)
    steps = piece[segment + 1] - piece[segment]
    lengths = np.maximum(before[segment + 1] - before[segment], 1e-9)[:, None]
    directions = steps / lengths
    return piece[segment] + directions * (where - before[segment])[:, None], directions


def _paint_ticks(sheet: Sheet, pieces: Sequence[Floats]) -> None:
    lines: list[QLineF] = []
    for piece in pieces:
        sheet.pause()
        before = _lengths(piece)
        where = np.arange(_STEP_PX / 2, before[-1], _STEP_PX)
        places, along = _at(piece, before, where)
        across = np.stack((-along[:, 1], along[:, 0]), axis=1) * _TICK_PX
        ends = np.hstack((places - across, places + across)).tolist()
        lines += [QLineF(*end) for end in ends]
        if len(lines) > _MOST_TICKS:
            break
    if not lines:
        return
    painter = sheet.painter
    painter.resetTransform()
    ink = sheet.palette.lettering
    for text, width in ((ink.halo, 3.6), (ink.name, 1.6)):
        pen = QPen(colour(text), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLines(lines)


def _paint_padlock(sheet: Sheet, at: QPointF) -> None:
    """Paint a padlock with a halo around its middle."""
    painter, ink = sheet.painter, sheet.palette.lettering
    body = QRectF(at.x() - 4.5, at.y() - 1.5, 9, 7)
    shackle = QPainterPath()
    shackle.moveTo(at.x() - 2.8, at.y() - 1.5)
    shackle.lineTo(at.x() - 2.8, at.y() - 3.2)
    shackle.arcTo(QRectF(at.x() - 2.8, at.y() - 6, 5.6, 5.6), 180, -180)
    shackle.lineTo(at.x() + 2.8, at.y() - 1.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour(ink.halo), 4.4))
    painter.drawPath(shackle)
    painter.setPen(QPen(colour(ink.name), 1.7))
    painter.drawPath(shackle)
    painter.setPen(QPen(colour(ink.halo), 1.4))
    painter.setBrush(colour(ink.name))
    painter.drawRoundedRect(body, 1.5, 1.5)
