"""Thumbnails: a place with the borders around it and the land that it is about. For a worker too.

Drawn straight from the partition, not from the map's picture, so that one takes a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.domain.check_kinds import LAND_KINDS
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import BorderRow
from gridadmin.edit.command import face_of_point
from gridadmin.partition.border import points_of
from gridadmin.partition.faces import faces_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import Part, land_parts
from ui.canvas.style import PALETTES, Palette
from ui.canvas.viewport import Box, Floats, Viewport

_MARGIN = 1.0
_LEAST_M = 30.0
_SMALL_PX = 9.0
"""Land smaller than this gets a ring around it."""
_MOST_BORDERS = 1500
_THINNER = 0.55
MARK, GAIN = "#D0202C", "#2E9E4F"
"""The colours of what is wrong, and of land that somebody gets."""

Rings = Sequence[Floats]
"""Closed lines ``(n, 2)`` in local metres."""


@dataclass(frozen=True)
class Land:
    """Land that is shown filled."""

    rings: Rings
    colour: str = MARK


def paint_place(
    snapshot: Snapshot, box: Box, lands: Iterable[Land], size: QSize, ratio: float, theme: str
) -> QImage:
    """Return the surroundings of *box* (local metres) with *lands* filled."""
    view = Viewport(width_px=size.width(), height_px=size.height(), ratio=ratio).fitted(
        box, _MARGIN, _LEAST_M
    )
    palette = PALETTES[theme]
    image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(palette.ground))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shown = list(lands)
    for land in shown:
        _fill(painter, view, land)
    _draw_borders(painter, view, snapshot, palette)
    for land in shown:
        _outline(painter, view, land)
    painter.end()
    return image


def lands_of_issue(snapshot: Snapshot, issue: Issue) -> list[Land]:
    """Return the land that an issue is about: its face, a parent's remainder, or its areas."""
    if issue.kind in LAND_KINDS and issue.point is not None:
        try:
            face = face_of_point(snapshot, issue.point, is_inside=True)
        except EditError:
            return []
        is_whole = dict(issue.params).get("faces", 1) > 1
        faces = faces_of(snapshot.partition, face.owner) if is_whole else [face]
        return [Land(_rings(part for one in faces for part in one.parts()))]
    if issue.bbox is not None:
        return []
    rows = snapshot.rows("area")
    parts = [
        part
        for uid in issue.areas
        if uid in rows
        for part in land_parts(snapshot.partition, oid_of(uid))
    ]
    return [Land(_rings(parts))] if parts else []


def _rings(parts: Iterable[Part]) -> list[Floats]:
    return [ring / 1000.0 for part in parts for ring in (part.shell, *part.holes)]


def _fill(painter: QPainter, view: Viewport, land: Land) -> None:
    colour = QColor(land.colour)
    colour.setAlpha(110)
    painter.fillPath(_path(view, land.rings), colour)


def _outline(painter: QPainter, view: Viewport, land: Land) -> None:
    path = _path(view, land.rings)
    painter.strokePath(path, QPen(QColor(land.colour), 1.4))
    box = path.boundingRect()
    if max(box.width(), box.height()) < _SMALL_PX and not path.isEmpty():
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(land.colour), 1.6))
        side = 2 * _SMALL_PX
        centre = box.center()
        painter.drawEllipse(QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side))


def _draw_borders(painter: QPainter, view: Viewport, snapshot: Snapshot, palette: Palette) -> None:
    x0, y0, x1, y1 = (round(edge * 1000) for edge in view.bounds())
    borders = snapshot.partition.in_box((x0, y0), (x1, y1))
    if len(borders) > _MOST_BORDERS:
        # So many that they would only blacken the picture: the highest ones alone.
        borders = [border for border in borders if OUTSIDE in (border.left, border.right)]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for border in borders:
        sign = palette.sign(_level_between(snapshot, border))
        painter.setPen(QPen(QColor(sign.colour), max(sign.width_px * _THINNER, 0.7)))
        painter.drawPolyline(_polyline(view, points_of(border) / 1000.0))


def _level_between(snapshot: Snapshot, border: BorderRow) -> str:
    """Return the highest level that a border separates; that of one side where the other is none.

    Land that no area holds counts as the lowest.
    """
    chains = [_chain(snapshot, side) for side in (border.left, border.right)]
    common = {uid for uid, _ in chains[0]} & {uid for uid, _ in chains[1]}
    levels = [level for chain in chains for uid, level in chain if uid not in common]
    return min(levels, key=snapshot.level_rank, default="micro_grid")


def _chain(snapshot: Snapshot, oid: int) -> list[tuple[str, str]]:
    if oid in (OUTSIDE, NOBODY):
        return []
    area = snapshot.owning_area(oid)
    if area is None:
        return []
    return [(one.uid, one.level) for one in (area, *snapshot.ancestors(area.uid))]


def _polyline(view: Viewport, xy: Floats) -> QPolygonF:
    """Return a line in pixels; points within half a pixel of the last are left out."""
    pixels = view.to_px(xy)
    if len(pixels) > 2:
        step = np.abs(np.diff(np.floor(pixels * 2), axis=0)).max(axis=1) > 0
        keep = np.concatenate(([True], step))
        keep[-1] = True
        pixels = pixels[keep]
    return QPolygonF([QPointF(x, y) for x, y in pixels.tolist()])


def _path(view: Viewport, rings: Rings) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in rings:
        path.addPolygon(_polyline(view, ring))
        path.closeSubpath()
    return path
