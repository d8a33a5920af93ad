"""What of a map is taken: words never stand on other words, nor on the furniture of the map."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor, hypot

from gridadmin.chart.sheet import Frame

_Sides = tuple[float, float, float, float]
"""Left, top, right and lower side."""


_SLACK_MM = 1e-6


class Occupied:
    """Frames on a sheet, found by place."""

    def __init__(self, within: Frame, cell_mm: float = 8.0) -> None:
        self.within = within
        self._sides = (
            within.x - _SLACK_MM,
            within.y - _SLACK_MM,
            within.right + _SLACK_MM,
            within.bottom + _SLACK_MM,
        )
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
        # Asked a million times for a full sheet: no call that isn't needed.
        x, y, width, height = frame
        right, bottom = x + width, y + height
        least_x, least_y, most_x, most_y = self._sides
        if x < least_x or y < least_y or right > most_x or bottom > most_y:
            return False
        cell, cells = self._cell, self._cells
        rows = range(floor(y / cell), floor(bottom / cell) + 1)
        for column in range(floor(x / cell), floor(right / cell) + 1):
            for row in rows:
                for left, top, end, foot in cells.get((column, row), ()):
                    if x < end and left < right and y < foot and top < bottom:
                        return False
        return True

    def is_line_free(self, start: tuple[float, float], end: tuple[float, float]) -> bool:
        """Return whether a thin line runs over nothing that is taken."""
        return all(self.is_free(frame) for frame in _along(start, end))

    def _touched(self, sides: _Sides) -> list[tuple[int, int]]:
        cell = self._cell
        x, y, right, bottom = sides
        rows = range(floor(y / cell), floor(bottom / cell) + 1)
        return [
            (column, row)
            for column in range(floor(x / cell), floor(right / cell) + 1)
            for row in rows
        ]


def _along(start: tuple[float, float], end: tuple[float, float]) -> Iterator[Frame]:
    (x0, y0), (x1, y1) = start, end
    steps = max(ceil(hypot(x1 - x0, y1 - y0) / 1.5), 1)
    for step in range(steps + 1):
        x, y = x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
        yield Frame(x - 0.2, y - 0.2, 0.4, 0.4)
