"""What a chart is drawn on: lines, land, words, pictures, in millimetres of the sheet.

A :class:`Surface` paints at once; :class:`gridadmin.chart.drawing.Drawing` is one that remembers.
Hatches and dots are lines by the time they come here (``gridadmin.chart.hatching``), so that they
stay sharp on every surface.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gridadmin.chart.sheet import Frame, Sheet

LEAST_LINE_MM = 0.1
"""A thinner line breaks up in print."""

Floats = NDArray[np.float64]
Offsets = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Paths:
    """Some polylines or rings: the i-th is ``xy[offsets[i]:offsets[i + 1]]``.

    ``xy`` is ``(n, 2)`` float64 in mm of the sheet.
    """

    xy: Floats
    offsets: Offsets

    @classmethod
    def of(cls, parts: Iterable[Floats]) -> Paths:
        """Return several lines or rings as one value."""
        found = [np.asarray(part, dtype=np.float64).reshape(-1, 2) for part in parts]
        sizes = np.array([0, *(len(part) for part in found)], dtype=np.int64)
        xy = np.concatenate(found) if found else np.empty((0, 2))
        return cls(xy, np.cumsum(sizes))

    @classmethod
    def line(cls, *points: tuple[float, float]) -> Paths:
        """Return one line."""
        return cls.of([np.array(points, dtype=np.float64)])

    @classmethod
    def frame(cls, frame: Frame) -> Paths:
        """Return a frame as one closed ring."""
        x, y, right, bottom = frame.x, frame.y, frame.right, frame.bottom
        return cls.line((x, y), (right, y), (right, bottom), (x, bottom), (x, y))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __iter__(self) -> Iterator[Floats]:
        for begin, end in zip(self.offsets[:-1].tolist(), self.offsets[1:].tolist(), strict=True):
            yield self.xy[begin:end]

    @property
    def bounds(self) -> Frame | None:
        """The frame around everything, None when there is nothing."""
        if not len(self.xy):
            return None
        (x, y), (right, bottom) = self.xy.min(axis=0).tolist(), self.xy.max(axis=0).tolist()
        return Frame(x, y, right - x, bottom - y)


@dataclass(frozen=True, slots=True)
class Pen:
    """A line: colour as ``#rrggbb`` or ``#aarrggbb``; ``dash_mm`` are strokes and gaps in turn.

    Raises: ValueError for a line below :data:`LEAST_LINE_MM`.
    """

    colour: str
    width_mm: float
    dash_mm: tuple[float, ...] = ()
    is_round: bool = False
    """Whether ends and corners are round; otherwise ends are flat and corners joined sharply."""

    def __post_init__(self) -> None:
        if self.width_mm < LEAST_LINE_MM:
            raise ValueError(self.width_mm)


class Align(StrEnum):
    """Where words stand to their place."""

    LEFT = "left"
    MIDDLE = "middle"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How words look; ``size_mm`` is the height of a Chinese character.

    ``spacing_mm`` is put after each character. A *halo* is a soft edge of that colour around the
    letters, ``halo_mm`` wide on each side.
    """

    size_mm: float
    colour: str = "#1A2430"
    is_bold: bool = False
    is_italic: bool = False
    spacing_mm: float = 0.0
    halo: str = ""
    halo_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Words:
    """One line of words: ``x``, ``y`` is where its baseline begins (or its middle, or its end).

    ``width_mm`` is what it measures. The angle is in degrees, counter-clockwise as one looks at the
    sheet.
    """

    text: str
    x: float
    y: float
    style: TextStyle
    align: Align = Align.LEFT
    angle_deg: float = 0.0
    width_mm: float = 0.0

    @property
    def frame(self) -> Frame:
        """The frame around level words (their angle is left out)."""
        shift = {Align.LEFT: 0.0, Align.MIDDLE: self.width_mm / 2, Align.RIGHT: self.width_mm}
        size = self.style.size_mm
        return Frame(self.x - shift[self.align], self.y - ASCENT * size, self.width_mm, LINE * size)


ASCENT = 0.86
"""What stands above the baseline of Chinese characters, of their height."""
LINE = 1.0
"""The height of a line of words without room above and below."""


class Metrics(Protocol):
    """What is known of the letters before anything is drawn."""

    def width_mm(self, text: str, style: TextStyle) -> float:
        """Return how wide one line of words is, spacing included."""

    def missing(self, text: str) -> str:
        """Return the characters of a text that no font at hand has, each once."""


class Raster(Protocol):
    """A picture that is made piece by piece: a base map under the borders."""

    @property
    def effective_dpi(self) -> float:
        """How many true pixels there are to an inch of the sheet."""

    @property
    def attribution(self) -> str:
        """Whose picture it is, as its makers ask for."""

    def piece(self, frame: Frame, width_px: int, height_px: int) -> NDArray[np.uint8]:
        """Return what lies in *frame* (mm of the sheet) as ``(height, width, 3)`` bytes of RGB.

        Raises: InputError when the source can't be read.
        """


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads: the key of a page of the same series, or an address."""

    page: str = ""
    address: str = ""


class Surface(Protocol):
    """What draws. Coordinates are mm of the finished sheet; angles as in :class:`Words`."""

    def begin(self, sheet: Sheet) -> None:
        """Begin a page."""

    def lines(self, paths: Paths, pen: Pen) -> None:
        """Draw lines."""

    def land(self, rings: Paths, fill: str, pen: Pen | None = None) -> None:
        """Fill rings with a colour, the inner ones of two left empty (even-odd), and outline them.

        Without *fill* (empty) only the outline is drawn.
        """

    def words(self, words: Words) -> None:
        """Draw one line of words."""

    def raster(self, frame: Frame, raster: Raster) -> None:
        """Draw a picture into a frame."""

    def clip(self, frame: Frame | None) -> None:
        """Draw only inside a frame from now on; None = everywhere again."""

    def link(self, frame: Frame, target: Target) -> None:
        """Make a frame lead somewhere, where the surface can."""
