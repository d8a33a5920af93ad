"""The base map under the partition, painted tile by tile.

Everything here runs in the painting worker and knows QImage only. One worker at a time may paint.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from gridadmin.tiles.grid import Box as GridBox
from gridadmin.tiles.grid import TileKey
from gridadmin.tiles.local import LocalTiles
from gridadmin.tiles.placement import Placement, TileCover
from ui.canvas.tile_pieces import Pieces, Shown
from ui.canvas.viewport import Box, Viewport
from ui.tiles.memory import Blank
from ui.tiles.shelf import FILE_BYTES, FileShelf, Shelf

Floats = NDArray[np.float64]
ShouldStop = Callable[[], bool]

_COMPOSED_PX = 256
_FINER_LEVELS = 2
"""So many levels closer there is looked for what may stand for a tile until it comes."""


@dataclass(frozen=True, slots=True)
class Painted:
    """How many tiles were painted, how many there are none of, are broken, or still to come.

    In place of those a coarser tile is shown where there is one.
    """

    drawn: int = 0
    missing: int = 0
    broken: int = 0
    waiting: int = 0


class TileLayer:
    """A base map's tiles, placed in the plane of the project.

    *origin_m* is the project's origin in the plane: a viewport counts from it. *offset_m* moves
    the map on, east and north.
    """

    def __init__(
        self,
        shelf: Shelf,
        plane: CRS,
        origin_m: tuple[float, float],
        *,
        offset_m: tuple[float, float] = (0.0, 0.0),
        opacity: float = 1.0,
    ) -> None:
        self.shelf = shelf
        self._placement = Placement(plane, shelf.grid, shelf.datum, offset_m)
        self._origin_m = origin_m
        self.opacity = opacity

    @classmethod
    def of_file(
        cls,
        file: LocalTiles,
        plane: CRS,
        origin_m: tuple[float, float],
        remembered_bytes: int = FILE_BYTES,
    ) -> TileLayer:
        """Return a layer that reads a file while it paints."""
        return cls(FileShelf(file, remembered_bytes), plane, origin_m)

    def paint(self, painter: QPainter, viewport: Viewport, should_stop: ShouldStop) -> Painted:
        """Paint what *viewport* shows, in logical pixels; stop between two tiles when asked to."""
        cover = self._cover(viewport)
        self.shelf.see([] if cover is None else cover.tiles_outward())
        if cover is None:
            return Painted()
        counts: dict[object, int] = dict.fromkeys((QImage, *Blank), 0)
        pieces = Pieces(self._corners_px(cover, viewport), cover.pieces, viewport)
        painter.save()
        painter.setOpacity(self.opacity)
        # Smooth edges would let the background shine through between two tiles.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for key in cover.tiles():
            if should_stop():
                break
            picture = self.shelf.picture(key)
            counts[picture if isinstance(picture, Blank) else QImage] += 1
            shown = self._shown(picture, key)
            if shown is not None:
                pieces.paint(painter, shown, key.row - cover.y0, key.column - cover.x0)
        painter.restore()
        return Painted(
            counts[QImage], counts[Blank.MISSING], counts[Blank.BROKEN], counts[Blank.WAITING]
        )

    def _shown(self, picture: QImage | Blank, key: TileKey) -> Shown | None:
        """Return a tile's picture, else what stands for it: finer tiles or part of a coarser."""
        if isinstance(picture, QImage):
            return Shown(picture, QRectF(picture.rect()))
        finer = self._finer(key) if picture is Blank.WAITING else None
        return self._coarser(key) if finer is None else finer

    def _coarser(self, key: TileKey) -> Shown | None:
        """Return the part of the nearest coarser picture that shows the place of a tile."""
        grid = self.shelf.grid
        box = grid.box(key)
        for level in reversed([level for level in grid.levels if level < key.level]):
            span = grid.span(level, box)
            if span is None or (span[2] - span[0], span[3] - span[1]) != (1, 1):
                continue
            coarser = TileKey(level, span[0], span[1])
            picture = self.shelf.at_hand(coarser)
            if isinstance(picture, QImage):
                return Shown(picture, _part(grid.box(coarser), box, picture))
        return None

    def _finer(self, key: TileKey) -> Shown | None:
        """Return the finer pictures in the place of a tile, as one; None unless all are there."""
        grid = self.shelf.grid
        box = grid.box(key)
        levels = [level for level in grid.levels if level > key.level][:_FINER_LEVELS]
        for level in levels:
            keys = list(grid.tiles(level, box))
            found = [(finer, self.shelf.at_hand(finer)) for finer in keys]
            pictures = [(grid.box(finer), one) for finer, one in found if isinstance(one, QImage)]
            if keys and len(pictures) == len(keys):
                return _composed(box, pictures)
        return None

    def _cover(self, viewport: Viewport) -> TileCover | None:
        x0, y0, x1, y1 = viewport.bounds()
        dx, dy = self._origin_m
        bounds_m: Box = (x0 + dx, y0 + dy, x1 + dx, y1 + dy)
        return self._placement.cover(bounds_m, viewport.metres_per_px, within=self.shelf.extent)

    def _corners_px(self, cover: TileCover, viewport: Viewport) -> Floats:
        local_m = cover.corners_m - np.array(self._origin_m)
        return viewport.to_px(local_m.reshape(-1, 2)).reshape(local_m.shape)


class TileStack:
    """Several layers, the lowest first, painted as one base map."""

    def __init__(self, layers: Sequence[TileLayer]) -> None:
        self.layers = tuple(layers)

    def paint(self, painter: QPainter, viewport: Viewport, should_stop: ShouldStop) -> None:
        """Paint what *viewport* shows; stop between two tiles when asked to."""
        for layer in self.layers:
            if not should_stop():
                layer.paint(painter, viewport, should_stop)


def _part(whole: GridBox, box: GridBox, picture: QImage) -> QRectF:
    """Return where in the picture of *whole* a *box* inside it lies."""
    across = picture.width() / (whole[2] - whole[0])
    down = picture.height() / (whole[3] - whole[1])
    return QRectF(
        (box[0] - whole[0]) * across,
        (whole[3] - box[3]) * down,
        (box[2] - box[0]) * across,
        (box[3] - box[1]) * down,
    )


def _composed(whole: GridBox, pictures: Sequence[tuple[GridBox, QImage]]) -> Shown:
    """Return one picture of *whole* made of those in its parts."""
    image = QImage(_COMPOSED_PX, _COMPOSED_PX, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for box, picture in pictures:
        painter.drawImage(_part(whole, box, image), picture, QRectF(picture.rect()))
    painter.end()
    return Shown(image, QRectF(image.rect()))
