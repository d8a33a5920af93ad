"""One picture in the making: what is seen, at what scale, with which painter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyqtgraph import functions
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QTransform

from gridadmin.partition.grid import Ints
from ui.canvas.clipping import clipped_ring
from ui.canvas.level_map import Chunk
from ui.canvas.style import MapStyle, Palette
from ui.canvas.thinning import octave_of
from ui.canvas.viewport import Box, Viewport

Floats = NDArray[np.float64]

REACH_PX = 12_000.0
"""Qt paints up to 32,767 device pixels; what reaches farther than this is cut beforehand."""
_MARGIN_PX = 64.0
_OVER_TILES = 0.8


class StoppedError(Exception):
    """Nobody waits for the picture any more."""


@dataclass(frozen=True)
class Sheet:
    """What all painters of one picture need to know."""

    painter: QPainter
    viewport: Viewport
    style: MapStyle
    should_stop: Callable[[], bool]
    has_tiles: bool = False

    def pause(self) -> None:
        """Give others a chance between two strokes. Raises: StoppedError."""
        if self.should_stop():
            raise StoppedError

    @property
    def palette(self) -> Palette:
        """The colours of the picture."""
        return self.style.palette

    @property
    def fill_strength(self) -> float:
        """How opaque fills are; the base map below them needs room, too."""
        return self.style.fill_opacity * (_OVER_TILES if self.has_tiles else 1.0)

    @cached_property
    def octave(self) -> int:
        """The scale octave in which lines are thinned out, finer on a high-resolution screen."""
        return octave_of(self.viewport.metres_per_px / self.viewport.ratio)

    @cached_property
    def box(self) -> Box:
        """What is seen with a margin, in local metres."""
        return self._widened(_MARGIN_PX)

    @cached_property
    def reach(self) -> Box:
        """What may be handed to Qt, in local metres."""
        return self._widened(_MARGIN_PX * 4)

    def _widened(self, margin_px: float) -> Box:
        x0, y0, x1, y1 = self.viewport.bounds()
        margin_m = margin_px * self.viewport.metres_per_px
        return x0 - margin_m, y0 - margin_m, x1 + margin_m, y1 + margin_m

    @cached_property
    def to_px(self) -> QTransform:
        """From local metres to logical pixels."""
        view = self.viewport
        scale = 1.0 / view.metres_per_px
        # Written out, for the map of a far place must not lose digits on the way.
        return QTransform(
            scale,
            0.0,
            0.0,
            -scale,
            view.width_px / 2 - view.centre_x * scale,
            view.height_px / 2 + view.centre_y * scale,
        )

    def is_too_wide(self, box: Floats) -> bool:
        """Return whether a box of local metres reaches farther than Qt can paint."""
        x0, y0, x1, y1 = self.viewport.bounds()
        reach_m = REACH_PX / self.viewport.ratio * self.viewport.metres_per_px
        return bool(
            x0 - box[0] > reach_m
            or y0 - box[1] > reach_m
            or box[2] - x1 > reach_m
            or box[3] - y1 > reach_m
        )

    def sees(self, box: Floats) -> bool:
        """Return whether a box of local metres comes into the picture."""
        x0, y0, x1, y1 = self.box
        return bool(box[0] <= x1 and box[2] >= x0 and box[1] <= y1 and box[3] >= y0)

    def size_px(self, size_m: float) -> float:
        """Return how wide something is in logical pixels."""
        return size_m / self.viewport.metres_per_px

    def chunk_is_whole(self, chunk: Chunk) -> bool:
        """Return whether a chunk can be handed to Qt as it is."""
        return not self.is_too_wide(chunk.box)


def path_of(xy: Floats, offsets: Ints) -> QPainterPath:
    """Return closed rings as one path whose inside is what any of them goes around."""
    connect = np.ones(len(xy), dtype=np.int32)
    connect[offsets[1:] - 1] = 0
    path: QPainterPath = functions.arrayToQPath(
        xy[:, 0], xy[:, 1], connect=connect, finiteCheck=False
    )
    path.setFillRule(Qt.FillRule.WindingFill)
    return path


def clipped_path(xy: Floats, offsets: Ints, box: Box) -> QPainterPath:
    """Return closed rings cut to a box as one path."""
    rings = [
        clipped_ring(xy[begin:end], box)
        for begin, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    ]
    rings = [ring for ring in rings if len(ring)]
    if not rings:
        return QPainterPath()
    return path_of(np.concatenate(rings), np.cumsum([0, *(len(ring) for ring in rings)]))


def colour(text: str, strength: float = 1.0) -> QColor:
    """Return a colour of the style; *strength* below 1 lets shine through what lies below."""
    found = QColor(text)
    found.setAlphaF(found.alphaF() * strength)
    return found
