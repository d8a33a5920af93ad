"""What of a map is taken: words never stand on other words, nor on the furniture of the map."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gridadmin.chart.sheet import Frame

_Sides = tuple[float, float, float, float]
"""Left, top, right and lower side."""


class Occupied:
    """Frames on a sheet, found by place."""

    def __init__(self, within: Frame, cell_mm: float = 8.0) -> None:
        self.within = within
        self._cell = cell_mm
        self._cells: dict[tuple[int, int], list[_Sides]] = {}

    def take(self, frame: Frame) -> None:
        """Take a frame."""
        sides = frame.x, frame.y, frame.right, frame.bottom
        for cell in self._touched(sides):
            self._cells.setdefault(cell, []).append(sides)

    def take_line(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Take a thin line."""
        for frame in _along(start, end):
            self.take(frame)

    def is_free(self, frame: Frame) -> bool:
        """Return whether nothing stands in a frame, and the frame lies inside the map."""
        if not self.within.holds(frame):
            return False
        x, y, right, bottom = sides = frame.x, frame.y, frame.right, frame.bottom
        # Asked a million times for a full sheet: no call for each of what stands there.
        for cell in self._touched(sides):
            for left, top, end, foot in self._cells.get(cell, ()):
                if x < end and left < right and y < foot and top < bottom:
                    return False
        return True

    def is_line_free(self, start: tuple[float, float], end: tuple[float, float]) -> bool:
        """Return whether a thin line runs over nothing that is taken."""
        return all(self.is_free(frame) for frame in _along(start, end))

    def _touched(self, sides: _Sides) -> list[tuple[int, int]]:
        cell = self._cell
        x, y, right, bottom = sides
        rows = range(math.floor(y / cell), math.floor(bottom / cell) + 1)
        return [
            (column, row)
            for column in range(math.floor(x / cell), math.floor(right / cell) + 1)
            for row in rows
        ]


def _along(start: tuple[float, float], end: tuple[float, float]) -> Iterator[Frame]:
    (x0, y0), (x1, y1) = start, end
    steps = max(math.ceil(math.hypot(x1 - x0, y1 - y0) / 1.5), 1)
    for step in range(steps + 1):
        x, y = x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
        yield Frame(x - 0.2, y - 0.2, 0.4, 0.4)
