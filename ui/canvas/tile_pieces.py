"""Where the pieces of tiles go on a picture, and painting them there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPolygonF, QTransform

from ui.canvas.viewport import Viewport

Floats = NDArray[np.float64]

_MOST_SKEW_PX = 0.5
"""How far a tile's corners may stray when it is painted as a parallelogram, which is quicker."""
_OVERLAP_PX = 1 / 16
"""How far tiles reach over each other so that no line of background shines through."""
_LARGEST_PX = 1e8
"""What is larger comes from the far side of the earth, where the plane folds over."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture and which part of it is shown."""

    image: QImage
    part: QRectF


class Pieces:
    """Where the pieces of a cover's tiles go; worked out for all of them at once.

    A piece is painted as a parallelogram that reaches over its neighbours a little when that is
    near enough, because Qt paints it three times as fast. Otherwise, and for pictures one can see
    through, whose overlap would show, it goes to its four corners exactly.
    """

    def __init__(self, corners_px: Floats, per_side: int, viewport: Viewport) -> None:
        self._per_side = per_side
        # (rows, columns, 4, 2), from the upper left corner clockwise
        self._quads = np.stack(
            [corners_px[:-1, :-1], corners_px[:-1, 1:], corners_px[1:, 1:], corners_px[1:, :-1]],
            axis=2,
        )
        low, high = self._quads.min(axis=2), self._quads.max(axis=2)
        size_px = np.array([viewport.width_px, viewport.height_px])
        # A place that the plane can't express is not a number, and no comparison holds for it.
        is_seen = ((high > 0) & (low < size_px) & (high - low < _LARGEST_PX)).all(axis=2)
        self._is_seen = is_seen.tolist()
        skew_px = _skew_px(self._quads)
        self._is_straight = (skew_px <= _MOST_SKEW_PX).tolist()
        self._parallelograms = _parallelograms(self._quads, skew_px + _OVERLAP_PX).tolist()

    def paint(self, painter: QPainter, shown: Shown, row: int, column: int) -> None:
        """Paint the tile in a row and a column of the cover."""
        n = self._per_side
        left, top = shown.part.x(), shown.part.y()
        width, height = shown.part.width() / n, shown.part.height() / n
        for i in range(n):
            for j in range(n):
                at = (row * n + i, column * n + j)
                if self._is_seen[at[0]][at[1]]:
                    source = QRectF(left + j * width, top + i * height, width, height)
                    self._paint_piece(painter, shown.image, source, at)

    def _paint_piece(
        self, painter: QPainter, image: QImage, source: QRectF, at: tuple[int, int]
    ) -> None:
        is_solid = painter.opacity() >= 1 and not image.hasAlphaChannel()
        transform = self._transform(source, at, has_overlap=is_solid)
        if transform is None:
            return
        before = painter.worldTransform()
        painter.setWorldTransform(transform * before)
        painter.drawImage(source, image, source)
        painter.setWorldTransform(before)

    def _transform(
        self, source: QRectF, at: tuple[int, int], *, has_overlap: bool
    ) -> QTransform | None:
        """Return what maps a piece of the picture to its place; None when it has no inside."""
        row, column = at
        if has_overlap and self._is_straight[row][column]:
            along_x, along_y, down_x, down_y, x, y = self._parallelograms[row][column]
            w, h = source.width(), source.height()
            placed = QTransform(along_x / w, along_y / w, down_x / h, down_y / h, x, y)
            return placed.translate(-source.x(), -source.y())
        corners = [QPointF(x, y) for x, y in self._quads[row, column].tolist()]
        exact = QTransform.quadToQuad(_corners_of(source), QPolygonF(corners))
        return exact if isinstance(exact, QTransform) else None


def _skew_px(quads: Floats) -> Floats:
    """Return how far the corners lie from those of the nearest parallelogram."""
    skew = (quads[:, :, 0] - quads[:, :, 1] + quads[:, :, 2] - quads[:, :, 3]) / 4
    largest: Floats = np.abs(skew).max(axis=2)
    return largest


def _parallelograms(quads: Floats, overlap_px: Floats) -> Floats:
    """Return for each piece its upper edge, its left edge and its corner as x and y each."""
    across = (quads[:, :, 1] - quads[:, :, 0] + quads[:, :, 2] - quads[:, :, 3]) / 2
    down = (quads[:, :, 3] - quads[:, :, 0] + quads[:, :, 2] - quads[:, :, 1]) / 2
    across, down = _longer(across, 2 * overlap_px), _longer(down, 2 * overlap_px)
    corner = quads.mean(axis=2) - (across + down) / 2
    return np.concatenate([across, down, corner], axis=2)


def _longer(edges: Floats, by_px: Floats) -> Floats:
    length_px = np.maximum(np.hypot(edges[..., 0], edges[..., 1]), 1.0)
    return edges * (1 + by_px / length_px)[..., None]


def _corners_of(source: QRectF) -> QPolygonF:
    x0, y0, x1, y1 = source.left(), source.top(), source.right(), source.bottom()
    return QPolygonF([QPointF(x0, y0), QPointF(x1, y0), QPointF(x1, y1), QPointF(x0, y1)])
