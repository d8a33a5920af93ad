"""A large sheet on the pages of a small printer: where it is cut, and how far the pages overlap.

All lengths are mm. The tiles of one sheet have the same size; those at the right and at the foot
may reach beyond the sheet.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from gridadmin.base.errors import InputError
from gridadmin.chart.sheet import Frame, Sheet

MARGIN_MM = 10.0
"""What stays free around a tile: no printer prints up to the edge, and the marks stand there."""
USUAL_OVERLAP_MM = 10.0
MOST_OVERLAP_MM = 50.0


class Paper(StrEnum):
    """The paper of the printer."""

    A4 = "a4"
    A3 = "a3"


_SIZES = {Paper.A4: (210.0, 297.0), Paper.A3: (297.0, 420.0)}


class Orientation(StrEnum):
    """How the paper lies; ``auto`` is whichever needs fewer pages, upright if both need as many."""

    AUTO = "auto"
    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


@dataclass(frozen=True, slots=True)
class Tiles:
    """How a sheet is wanted in tiles. Raises: InputError ``chart.bad_overlap``."""

    paper: Paper = Paper.A4
    overlap_mm: float = USUAL_OVERLAP_MM
    orientation: Orientation = Orientation.AUTO
    has_marks: bool = True
    """Whether each page shows where it is cut and how far the next one covers it."""

    def __post_init__(self) -> None:
        if not 0 <= self.overlap_mm <= MOST_OVERLAP_MM:
            raise InputError("chart.bad_overlap", overlap=self.overlap_mm, most=MOST_OVERLAP_MM)


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile: its row and column from 1 on, and what of the sheet it shows."""

    row: int
    column: int
    frame: Frame

    @property
    def number(self) -> str:
        """Row and column, as it is printed on the tile."""
        return f"{self.row}-{self.column}"


@dataclass(frozen=True, slots=True)
class Tiling:
    """A sheet (its finished size) cut into tiles that are printed on *page*."""

    sheet: Sheet
    page: Sheet
    overlap_mm: float

    @property
    def window(self) -> Frame:
        """Where the tile stands on its page."""
        return self.page.inner

    @property
    def columns(self) -> int:
        """How many tiles stand side by side."""
        return _needed(self.sheet.width_mm, self.window.width, self.overlap_mm)

    @property
    def rows(self) -> int:
        """How many tiles stand below each other."""
        return _needed(self.sheet.height_mm, self.window.height, self.overlap_mm)

    @property
    def count(self) -> int:
        """How many tiles there are; the plan comes on a page of its own before them."""
        return self.columns * self.rows

    def tile(self, row: int, column: int) -> Tile:
        """Return the tile of a row and a column, from 1 on."""
        window = self.window
        x = (column - 1) * (window.width - self.overlap_mm)
        y = (row - 1) * (window.height - self.overlap_mm)
        return Tile(row, column, Frame(x, y, window.width, window.height))

    def tiles(self) -> list[Tile]:
        """Return all tiles row by row."""
        return [
            self.tile(row, column)
            for row in range(1, self.rows + 1)
            for column in range(1, self.columns + 1)
        ]


def tiling_of(sheet: Sheet, tiles: Tiles) -> Tiling:
    """Return how a sheet is cut."""
    short, long = _SIZES[tiles.paper]
    sides = {Orientation.PORTRAIT: (short, long), Orientation.LANDSCAPE: (long, short)}
    if tiles.orientation is not Orientation.AUTO:
        sides = {tiles.orientation: sides[tiles.orientation]}
    bare = replace(sheet, bleed_mm=0.0)
    found = [
        Tiling(bare, Sheet(width, height, MARGIN_MM), tiles.overlap_mm)
        for width, height in sides.values()
    ]
    return min(found, key=lambda one: one.count)


def _needed(length: float, window: float, overlap: float) -> int:
    """Return how many windows cover a length, each sharing *overlap* with the next."""
    # A sheet of exactly so many windows needs no further one for the last bit of a float.
    return max(math.ceil((length - overlap) / (window - overlap) - 1e-9), 1)
