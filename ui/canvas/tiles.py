"""The base map under the partition, painted from a file of tiles.

Everything here runs in the painting worker and knows QImage only. One worker at a time may paint.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF
from PySide6.QtGui import QImage, QImageReader, QPainter, QPolygonF, QTransform

from gridadmin.base.errors import InputError
from gridadmin.tiles.grid import TileKey
from gridadmin.tiles.local import LocalTiles
from gridadmin.tiles.placement import Placement, TileCover
from ui.canvas.viewport import Box, Viewport

Floats = NDArray[np.float64]
ShouldStop = Callable[[], bool]

REMEMBERED_BYTES = 64 * 2**20
"""About 250 decoded tiles: a full screen four times over."""
_BLANK_BYTES = 128
"""What remembering a tile without a picture counts for."""
_WIDEST_TILE_PX = 4096
_MOST_SKEW_PX = 0.5
"""How far a tile's corners may stray when it is painted as a parallelogram, which is quicker."""
_OVERLAP_PX = 1 / 16
"""How far tiles reach over each other so that no line of background shines through."""
_LARGEST_PX = 1e8
"""What is larger comes from the far side of the earth, where the plane folds over."""


class _Blank(Enum):
    """Why a tile has no picture."""

    MISSING = "missing"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Painted:
    """How many tiles were painted, how many the file doesn't have and how many it has broken.

    In place of those two a coarser tile is shown where there is one.
    """

    drawn: int = 0
    missing: int = 0
    broken: int = 0


@dataclass(frozen=True, slots=True)
class _Shown:
    """A picture and which part of it is shown."""

    image: QImage
    part: QRectF


class TileLayer:
    """A base map's tiles, placed in the plane of the project.

    *origin_m* is the project's origin in the plane: a viewport counts from it.
    """

    def __init__(
        self,
        file: LocalTiles,
        plane: CRS,
        origin_m: tuple[float, float],
        remembered_bytes: int = REMEMBERED_BYTES,
    ) -> None:
        self.file = file
        self._placement = Placement(plane, file.grid, file.datum)
        self._origin_m = origin_m
        self._pictures = _Pictures(file, remembered_bytes)

    def paint(self, painter: QPainter, viewport: Viewport, should_stop: ShouldStop) -> Painted:
        """Paint what *viewport* shows, in logical pixels; stop between two tiles when asked to."""
        cover = self._cover(viewport)
        if cover is None:
            return Painted()
        counts: dict[object, int] = dict.fromkeys((QImage, *_Blank), 0)
        pieces = _Pieces(self._corners_px(cover, viewport), cover.pieces, viewport)
        painter.save()
        # Smooth edges would let the background shine through between two tiles.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for key in cover.tiles():
            if should_stop():
                break
            picture = self._pictures.picture(key)
            counts[picture if isinstance(picture, _Blank) else QImage] += 1
            shown = self._shown(picture, key)
            if shown is not None:
                pieces.paint(painter, shown, key.row - cover.y0, key.column - cover.x0)
        painter.restore()
        return Painted(counts[QImage], counts[_Blank.MISSING], counts[_Blank.BROKEN])

    def _shown(self, picture: QImage | _Blank, key: TileKey) -> _Shown | None:
        """Return a tile's picture, or its part of the coarser one that the file has there."""
        part = 1.0
        left = top = 0.0
        while isinstance(picture, _Blank):
            if key.level <= self.file.grid.levels[0]:
                return None
            left, top, part = (left + key.column % 2) / 2, (top + key.row % 2) / 2, part / 2
            key = key.parent()
            picture = self._pictures.picture(key)
        w, h = picture.width(), picture.height()
        return _Shown(picture, QRectF(left * w, top * h, part * w, part * h))

    def _cover(self, viewport: Viewport) -> TileCover | None:
        x0, y0, x1, y1 = viewport.bounds()
        dx, dy = self._origin_m
        bounds_m: Box = (x0 + dx, y0 + dy, x1 + dx, y1 + dy)
        return self._placement.cover(bounds_m, viewport.metres_per_px, within=self.file.extent)

    def _corners_px(self, cover: TileCover, viewport: Viewport) -> Floats:
        local_m = cover.corners_m - np.array(self._origin_m)
        return viewport.to_px(local_m.reshape(-1, 2)).reshape(local_m.shape)


class _Pictures:
    """Decoded tiles, those used last kept in memory."""

    def __init__(self, file: LocalTiles, most_bytes: int) -> None:
        self._file = file
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[TileKey, QImage | _Blank] = OrderedDict()

    def picture(self, key: TileKey) -> QImage | _Blank:
        """Return a tile's picture, or why there is none."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        picture = self._read(key)
        self._kept[key] = picture
        self._bytes += _size(picture)
        while self._bytes > self._most_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _size(oldest)
        return picture

    def _read(self, key: TileKey) -> QImage | _Blank:
        try:
            stored = self._file.tile(key)
        except InputError:
            return _Blank.BROKEN
        return _Blank.MISSING if stored is None else _decoded(stored)


def _size(picture: QImage | _Blank) -> int:
    return picture.sizeInBytes() if isinstance(picture, QImage) else _BLANK_BYTES


def _decoded(stored: bytes) -> QImage | _Blank:
    """Return a picture in the format that Qt paints quickest."""
    content = QByteArray(stored)
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    size = reader.size()
    if max(size.width(), size.height()) > _WIDEST_TILE_PX:
        return _Blank.BROKEN
    image = reader.read()
    if image.isNull():
        return _Blank.BROKEN
    if image.hasAlphaChannel():
        return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    return image.convertToFormat(QImage.Format.Format_RGB32)


class _Pieces:
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

    def paint(self, painter: QPainter, shown: _Shown, row: int, column: int) -> None:
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
        transform = self._transform(source, at, has_overlap=not image.hasAlphaChannel())
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
