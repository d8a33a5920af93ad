"""Pieces of the panel: each knows how high it is in a width, some can go on in the next column."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Protocol

from gridadmin.chart import style as look
from gridadmin.chart.sheet import Frame
from gridadmin.chart.surface import Metrics, Paths, Surface, TextStyle
from gridadmin.chart.template import TextSizes
from gridadmin.chart.typeset import Typist, fitted, height_of, wrapped

_FEW = 3
"""So few lines stand in one piece."""

_LEAST_ITEM = 9.0
"""Items beside each other want to be so many characters wide."""
_A_LITTLE_SMALLER = 0.76
"""One that needs letters not smaller than that stays in one line."""


class Block(Protocol):
    """A piece of the panel."""

    @property
    def name(self) -> str:
        """What it is called: for the window, tests, and who moves it."""

    @property
    def title(self) -> str:
        """Its heading."""

    @property
    def is_rigid(self) -> bool:
        """Whether it stands in one piece and on the first sheet, if that is possible at all."""

    def height(self, width: float) -> float:
        """Return how high it is in a column of that width, in mm."""

    def is_tight(self, width: float) -> bool:
        """Return whether a column of that width is too narrow to look well."""

    def draw(self, surface: Surface, frame: Frame) -> None:
        """Draw it into a frame of at least that height."""

    def parted(self, width: float, height: float) -> tuple[Block | None, Block | None]:
        """Return what fits into a height, and what is left; ``(None, self)`` when nothing fits."""

    def forced(self, width: float, height: float) -> tuple[Block, Block | None]:
        """Return what goes into a height by force, for what fits nowhere whole, and the rest."""


@dataclass(frozen=True, eq=False)
class Solid:
    """A block that stands in one piece under a heading; ``paint`` gets what is below it."""

    name: str
    title: str
    sizes: TextSizes
    metrics: Metrics
    measure: Callable[[float], float]
    paint: Callable[[Surface, Frame], None]
    is_rigid: bool = True

    def height(self, width: float) -> float:
        """Return how high it is."""
        return self._head() + self.measure(width)

    def is_tight(self, width: float) -> bool:
        """Return False: it takes any width."""
        return False

    def draw(self, surface: Surface, frame: Frame) -> None:
        """Draw it."""
        draw_heading(Typist(surface, self.metrics), self.title, frame, self.sizes)
        head = self._head()
        body = Frame(frame.x, frame.y + head, frame.width, frame.height - head)
        self.paint(surface, body)

    def parted(self, width: float, height: float) -> tuple[Block | None, Block | None]:
        """Return the block where it fits."""
        fits = self.height(width) <= height + 1e-6
        return (self, None) if fits else (None, self)

    def forced(self, width: float, height: float) -> tuple[Block, Block | None]:
        """Return the block: it can't be parted."""
        return self, None

    def _head(self) -> float:
        return heading_height(self.sizes) if self.title else 0.0


def heading_height(sizes: TextSizes) -> float:
    """Return how high the heading of a block is with the room below it."""
    return sizes.heading * 1.5


def draw_heading(typist: Typist, title: str, frame: Frame, sizes: TextSizes) -> None:
    """Write the heading of a block with a short bar before it."""
    if not title:
        return
    style = TextStyle(sizes.heading, look.INK, is_bold=True)
    style = fitted(title, style, frame.width - sizes.heading * 0.5, typist.metrics)
    bar = Frame(frame.x, frame.y + sizes.heading * 0.04, sizes.heading * 0.2, sizes.heading * 0.98)
    typist.surface.land(Paths.frame(bar), look.ACCENT)
    typist.line(title, frame.x + sizes.heading * 0.45, frame.y, style)


@dataclass(frozen=True, eq=False)
class TextBlock:
    """Words under a heading, line by line; goes on in the next column."""

    name: str
    title: str
    items: tuple[str, ...]
    sizes: TextSizes
    metrics: Metrics
    continued: str = ""
    columns: int = 1
    first: int = 0
    last: int | None = None
    is_rigid: bool = False
    broken: dict[float, list[list[str]]] = field(default_factory=dict)
    """The lines of all items by the width of the block, each broken once for all parts."""
    ends: dict[tuple[float, int], list[float]] = field(default_factory=dict)
    """How far down rows reach, by the width of the block and the first item of its first row."""

    def _style(self) -> TextStyle:
        return TextStyle(self.sizes.body * (0.92 if self.columns > 1 else 1.0), look.INK)

    def _lines(self, width: float) -> list[list[str]]:
        if width not in self.broken:
            self.broken[width] = [self._broken(one, self._room(width)) for one in self.items]
        return self.broken[width][self.first : self.last]

    def _room(self, width: float) -> float:
        """Return how wide the lines of an item may be."""
        return width / self.columns - (self.sizes.body * 0.6 if self.columns > 1 else 0.0)

    def _broken(self, item: str, room: float) -> list[str]:
        """Return the lines of an item; one that is almost short enough becomes smaller instead."""
        style = self._style()
        if self.columns > 1 and self.metrics.width_mm(item, style) * _A_LITTLE_SMALLER <= room:
            return [item]
        return wrapped(item, style, room, self.metrics)

    def rows(self, width: float) -> list[list[list[str]]]:
        """Return rows of items, each row as high as its longest item."""
        lines = self._lines(width)
        return [lines[at : at + self.columns] for at in range(0, len(lines), self.columns)]

    def _row_height(self, row: list[list[str]]) -> float:
        return height_of(max(len(item) for item in row), self._style())

    def _row_ends(self, width: float) -> list[float]:
        """Return how far down rows reach: before the first of the block, after each of it."""
        begin, offset = divmod(self.first, self.columns)
        if (width, offset) not in self.ends:
            rows = self._part(offset, None).rows(width)
            self.ends[width, offset] = [0.0, *accumulate(map(self._row_height, rows))]
        # Parts are cut between rows.
        last = len(self.items) if self.last is None else self.last
        return self.ends[width, offset][
            begin : begin + math.ceil((last - self.first) / self.columns) + 1
        ]

    def is_tight(self, width: float) -> bool:
        """Return whether short items beside each other would be broken into lines."""
        if self.columns == 1 or width / self.columns >= self.sizes.body * _LEAST_ITEM:
            return False
        return any(len(lines) > 1 for lines in self._lines(width))

    def height(self, width: float) -> float:
        """Return how high it is."""
        head = heading_height(self.sizes) if self.title else 0.0
        ends = self._row_ends(width)
        return head + ends[-1] - ends[0]

    def draw(self, surface: Surface, frame: Frame) -> None:
        """Write the items."""
        typist = Typist(surface, self.metrics)
        title = self.title + (self.continued if self.first else "")
        draw_heading(typist, title, frame, self.sizes)
        y = frame.y + (heading_height(self.sizes) if self.title else 0.0)
        each, room = frame.width / self.columns, self._room(frame.width)
        for row in self.rows(frame.width):
            for place, lines in enumerate(row):
                style = self._style()
                if len(lines) == 1:
                    style = fitted(lines[0], style, room, self.metrics)
                typist.paragraph(lines, frame.x + place * each, y, style)
            y += self._row_height(row)

    def parted(self, width: float, height: float) -> tuple[Block | None, Block | None]:
        """Return the items that fit, and the rest."""
        if self.height(width) <= height + 1e-6:
            return self, None
        room = height - (heading_height(self.sizes) if self.title else 0.0)
        ends = self._row_ends(width)
        rows = bisect_right(ends, ends[0] + room + 1e-9) - 1
        if rows < min(_FEW, len(ends) - 1):
            return None, self
        middle = self.first + rows * self.columns
        return self._part(self.first, middle), self._part(middle, self.last)

    def forced(self, width: float, height: float) -> tuple[Block, Block | None]:
        """Return as many lines as fit of items that are higher than all there is, and the rest."""
        fits, rest = self.parted(width, height)
        if fits is not None:
            return fits, rest
        head = heading_height(self.sizes) if self.title else 0.0
        count = max(int((height - head) / height_of(1, self._style())), 1)
        items = list(self.items[self.first : self.last])
        lines = self._lines(width)[: self.columns]
        begun = tuple("\n".join(one[:count]) for one in lines)
        going_on = tuple("\n".join(one[count:]) for one in lines)
        rest_items = (*going_on, *items[len(lines) :])
        one = replace(self, items=begun, first=0, last=None, broken={}, ends={})
        # The title of what goes on says so: one empty item stands before it.
        return one, replace(self, items=("", *rest_items), first=1, last=None, broken={}, ends={})

    def _part(self, first: int, last: int | None) -> TextBlock:
        return replace(self, first=first, last=last)
