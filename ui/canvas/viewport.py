"""Which part of the plane the map shows, and how metres become pixels. Knows no Qt.

*Local metres* are plane metres less the project's origin: x east, y north. Pixels are logical: y
runs down, (0, 0) is the upper left corner of the map; a high-resolution screen has *ratio* device
pixels to each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Place = tuple[float, float]
Box = tuple[float, float, float, float]

FINEST_M_PER_PX = 0.002
COARSEST_M_PER_PX = 2000.0
_MM_PER_PX = 25.4 / 96
"""Width of a logical pixel on paper where the screen doesn't tell its resolution."""


@dataclass(frozen=True)
class Viewport:
    """What the map shows: its middle in local metres, its scale and its size."""

    centre_x: float = 0.0
    centre_y: float = 0.0
    metres_per_px: float = 1.0
    width_px: int = 800
    height_px: int = 600
    ratio: float = 1.0

    def to_px(self, xy: Floats) -> Floats:
        """Return places ``(n, 2)`` in local metres as pixels."""
        pixels = np.empty_like(xy, dtype=np.float64)
        pixels[:, 0] = (xy[:, 0] - self.centre_x) / self.metres_per_px + self.width_px / 2
        pixels[:, 1] = (self.centre_y - xy[:, 1]) / self.metres_per_px + self.height_px / 2
        return pixels

    def px_of(self, place: Place) -> Place:
        """Return one place in local metres as a pixel."""
        return (
            (place[0] - self.centre_x) / self.metres_per_px + self.width_px / 2,
            (self.centre_y - place[1]) / self.metres_per_px + self.height_px / 2,
        )

    def place_of(self, px: Place) -> Place:
        """Return the place in local metres under a pixel."""
        return (
            self.centre_x + (px[0] - self.width_px / 2) * self.metres_per_px,
            self.centre_y - (px[1] - self.height_px / 2) * self.metres_per_px,
        )

    def bounds(self) -> Box:
        """Return ``(x0, y0, x1, y1)`` in local metres of what is seen."""
        half_x = self.width_px / 2 * self.metres_per_px
        half_y = self.height_px / 2 * self.metres_per_px
        return (
            self.centre_x - half_x,
            self.centre_y - half_y,
            self.centre_x + half_x,
            self.centre_y + half_y,
        )

    def panned(self, dx_px: float, dy_px: float) -> Viewport:
        """Return the viewport after the map was dragged by so many pixels."""
        return replace(
            self,
            centre_x=self.centre_x - dx_px * self.metres_per_px,
            centre_y=self.centre_y + dy_px * self.metres_per_px,
        )

    def zoomed(self, factor: float, at_px: Place | None = None) -> Viewport:
        """Return the viewport magnified by *factor* with the place under *at_px* kept there."""
        at = (self.width_px / 2, self.height_px / 2) if at_px is None else at_px
        scale = min(max(self.metres_per_px / factor, FINEST_M_PER_PX), COARSEST_M_PER_PX)
        x, y = self.place_of(at)
        return replace(
            self,
            centre_x=x - (at[0] - self.width_px / 2) * scale,
            centre_y=y + (at[1] - self.height_px / 2) * scale,
            metres_per_px=scale,
        )

    def resized(self, width_px: int, height_px: int, ratio: float) -> Viewport:
        """Return the viewport for a map of another size with the same middle and scale."""
        return replace(
            self, width_px=max(width_px, 1), height_px=max(height_px, 1), ratio=max(ratio, 0.5)
        )

    def centred(self, place: Place) -> Viewport:
        """Return the viewport with *place* in its middle."""
        return replace(self, centre_x=place[0], centre_y=place[1])

    def fitted(
        self,
        box: Box,
        margin: float = 0.06,
        least_m: float = 5.0,
        covered_px: tuple[int, int] = (0, 0),
    ) -> Viewport:
        """Return the viewport that shows *box* whole, *margin* of it free on each side.

        A box narrower than *least_m* is shown as if it were that wide, so that a sliver isn't
        magnified beyond recognition. What is *covered_px* at the left and at the right is left out.
        """
        x0, y0, x1, y1 = box
        left, right = covered_px
        width = max(x1 - x0, least_m) * (1 + 2 * margin)
        height = max(y1 - y0, least_m) * (1 + 2 * margin)
        scale = max(width / max(self.width_px - left - right, 1), height / self.height_px)
        scale = min(max(scale, FINEST_M_PER_PX), COARSEST_M_PER_PX)
        return replace(
            self,
            centre_x=(x0 + x1) / 2 + (right - left) / 2 * scale,
            centre_y=(y0 + y1) / 2,
            metres_per_px=scale,
        )

    def shows(self, box: Box) -> bool:
        """Return whether all of *box* is seen."""
        x0, y0, x1, y1 = self.bounds()
        return x0 <= box[0] and y0 <= box[1] and box[2] <= x1 and box[3] <= y1

    def scale_number(self, mm_per_px: float = _MM_PER_PX) -> float:
        """Return n of the scale 1:n on a screen whose logical pixels are *mm_per_px* wide."""
        return self.metres_per_px * 1000 / mm_per_px

    def at_scale_number(self, number: float, mm_per_px: float = _MM_PER_PX) -> Viewport:
        """Return the viewport at the scale 1:*number*, with the same middle."""
        wanted = number * mm_per_px / 1000
        return replace(self, metres_per_px=min(max(wanted, FINEST_M_PER_PX), COARSEST_M_PER_PX))
