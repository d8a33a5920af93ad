"""A surface that remembers: the drawing calls of a page as plain data, to be looked at or painted.

A page is composed once and then painted on any surface, whole or strip by strip.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gridadmin.chart.sheet import Frame, Sheet
from gridadmin.chart.surface import Paths, Pen, Raster, Surface, Target, Words


@dataclass(frozen=True, eq=False, slots=True)
class DrawLines:
    """Lines with one pen."""

    paths: Paths
    pen: Pen


@dataclass(frozen=True, eq=False, slots=True)
class DrawLand:
    """Rings with one colour."""

    rings: Paths
    fill: str
    pen: Pen | None = None


@dataclass(frozen=True, eq=False, slots=True)
class DrawWords:
    """One line of words."""

    words: Words


@dataclass(frozen=True, eq=False, slots=True)
class DrawRaster:
    """A picture in a frame."""

    frame: Frame
    raster: Raster


@dataclass(frozen=True, eq=False, slots=True)
class SetClip:
    """From here on only inside a frame, or everywhere again."""

    frame: Frame | None


@dataclass(frozen=True, eq=False, slots=True)
class MakeLink:
    """A frame that leads somewhere."""

    frame: Frame
    target: Target


Call = DrawLines | DrawLand | DrawWords | DrawRaster | SetClip | MakeLink


@dataclass
class Drawing:
    """The calls of one page in their order; itself a :class:`Surface`."""

    sheet: Sheet
    calls: list[Call] = field(default_factory=list)

    def begin(self, sheet: Sheet) -> None:
        """Take over the size of the sheet."""
        self.sheet = sheet

    def lines(self, paths: Paths, pen: Pen) -> None:
        """Remember lines; none are no call."""
        if len(paths):
            self.calls.append(DrawLines(paths, pen))

    def land(self, rings: Paths, fill: str, pen: Pen | None = None) -> None:
        """Remember land; none is no call."""
        if len(rings) and (fill or pen is not None):
            self.calls.append(DrawLand(rings, fill, pen))

    def words(self, words: Words) -> None:
        """Remember words; empty ones are no call."""
        if words.text.strip():
            self.calls.append(DrawWords(words))

    def raster(self, frame: Frame, raster: Raster) -> None:
        """Remember a picture."""
        self.calls.append(DrawRaster(frame, raster))

    def clip(self, frame: Frame | None) -> None:
        """Remember where is drawn."""
        self.calls.append(SetClip(frame))

    def link(self, frame: Frame, target: Target) -> None:
        """Remember a link."""
        self.calls.append(MakeLink(frame, target))

    def all_words(self) -> list[Words]:
        """Return all words of the page in the order in which they are drawn."""
        return [call.words for call in self.calls if isinstance(call, DrawWords)]


def frame_of(call: Call) -> Frame | None:
    """Return the frame that a call draws in; None for one that must not be left out."""
    if isinstance(call, DrawLines):
        found = call.paths.bounds
        return None if found is None else found.inset(-call.pen.width_mm)
    if isinstance(call, DrawLand):
        found = call.rings.bounds
        width = 0.0 if call.pen is None else call.pen.width_mm
        return None if found is None else found.inset(-width)
    if isinstance(call, DrawWords):
        # Turned words reach as far as they are long.
        reach = 0.0 if not call.words.angle_deg else call.words.width_mm
        return call.words.frame.inset(-call.words.style.size_mm - reach)
    if isinstance(call, DrawRaster | MakeLink):
        return call.frame
    return None


def paint(
    drawing: Drawing,
    surface: Surface,
    within: Frame | None = None,
    pause: Callable[[int, int], None] | None = None,
) -> None:
    """Draw a page on a surface; with *within* only what reaches into that frame.

    *pause* is called between calls with how many are done and how many there are; what it raises
    ends the drawing.
    """
    surface.begin(drawing.sheet)
    calls = _chosen(drawing.calls, within)
    for number, call in enumerate(calls):
        if pause is not None:
            pause(number, len(calls))
        _draw(call, surface)
    if pause is not None:
        pause(len(calls), len(calls))


def _chosen(calls: Sequence[Call], within: Frame | None) -> Sequence[Call]:
    if within is None:
        return calls
    return [call for call in calls if (frame := frame_of(call)) is None or frame.meets(within)]


def _draw(call: Call, surface: Surface) -> None:
    if isinstance(call, DrawLines):
        surface.lines(call.paths, call.pen)
    elif isinstance(call, DrawLand):
        surface.land(call.rings, call.fill, call.pen)
    elif isinstance(call, DrawWords):
        surface.words(call.words)
    elif isinstance(call, DrawRaster):
        surface.raster(call.frame, call.raster)
    elif isinstance(call, SetClip):
        surface.clip(call.frame)
    else:
        surface.link(call.frame, call.target)
