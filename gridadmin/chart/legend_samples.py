"""Samples of the legend: each draws itself into a small frame as the map draws the thing."""

from __future__ import annotations

from collections.abc import Callable

import shapely

from gridadmin.chart import style as look
from gridadmin.chart.facts import EXEMPT_LINE
from gridadmin.chart.hatching import dotted, hatched
from gridadmin.chart.map_drawing import draw_pattern
from gridadmin.chart.map_furniture import draw_facility, draw_star
from gridadmin.chart.sheet import Frame
from gridadmin.chart.surface import Paths, Pen, Surface

Sample = Callable[[Surface, Frame], None]


def line_sample(level: str, unit: float) -> Sample:
    """Return the sign of a border as a sample."""
    sign = look.SIGNS.get(level, look.SIGNS[EXEMPT_LINE])

    def draw(surface: Surface, frame: Frame) -> None:
        y = frame.middle[1]
        pen = look.pen_of(sign, unit)
        line = Paths.line((frame.x, y), (frame.right, y))
        if sign.under:
            surface.lines(line, Pen(sign.under, pen.width_mm * 1.5))
        surface.lines(line, pen)

    return draw


def fill_sample(fill: str, pen: Pen) -> Sample:
    """Return land of a colour as a sample."""
    return lambda surface, frame: surface.land(Paths.frame(frame), fill, pen)


def _box_of(frame: Frame) -> shapely.Geometry:
    return shapely.box(frame.x, frame.y, frame.right, frame.bottom)


def exempt_sample(unit: float) -> Sample:
    """Return exempt land as a sample."""

    def draw(surface: Surface, frame: Frame) -> None:
        pen = Pen(look.EXEMPT_INK, 0.3 * unit if unit > 0.5 else 0.15)
        surface.land(Paths.frame(frame), look.EXEMPT_FILL, pen)
        dots = dotted(_box_of(frame), max(2.4 * unit, 1.2) * 0.7, 0.02)
        surface.lines(dots, Pen(look.EXEMPT_INK, max(0.5 * unit, 0.25), is_round=True))

    return draw


def changed_sample(unit: float) -> Sample:
    """Return land that a plan moves as a sample."""

    def draw(surface: Surface, frame: Frame) -> None:
        pen = Pen(look.CHANGED_INK, max(0.3 * unit, 0.15))
        surface.land(Paths.frame(frame), "#33E5484D", pen)
        surface.lines(hatched(_box_of(frame), max(2.6 * unit, 1.4), 45.0), pen)

    return draw


def road_sample() -> Sample:
    """Return a road as a sample."""

    def draw(surface: Surface, frame: Frame) -> None:
        y, road = frame.middle[1], look.ROADS["main"]
        line = Paths.line((frame.x, y), (frame.right, y))
        width = min(frame.height * 0.5, 2.4)
        surface.lines(line, Pen(road.casing, width + 0.3))
        surface.lines(line, Pen(road.fill, width))

    return draw


def railway_sample(unit: float) -> Sample:
    """Return a railway as a sample."""

    def draw(surface: Surface, frame: Frame) -> None:
        y = frame.middle[1]
        line = Paths.line((frame.x, y), (frame.right, y))
        width = max(0.9 * unit, 0.4)
        surface.lines(line, Pen("#4A4F55", width))
        surface.lines(line, Pen("#FFFFFF", width * 0.6, (3.0 * unit, 3.0 * unit)))

    return draw


def pattern_sample(place: int, unit: float) -> Sample:
    """Return the hatch of a type of compounds as a sample."""

    def draw(surface: Surface, frame: Frame) -> None:
        draw_pattern(surface, _box_of(frame), place, unit)
        surface.land(
            Paths.frame(frame), "", Pen(look.COMPOUND_LINE, max(0.28 * unit, 0.14), (1.2, 0.6))
        )

    return draw


def facility_sample(surface: Surface, frame: Frame) -> None:
    """Draw the mark of a facility."""
    half = frame.height / 2
    x, y = frame.middle
    draw_facility(surface, Frame(x - half, y - half, 2 * half, 2 * half))


def star_sample(surface: Surface, frame: Frame) -> None:
    """Draw the mark of a cadre."""
    draw_star(surface, frame.middle, frame.height / 2)
