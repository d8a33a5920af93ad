"""What stands on a map beside the land: north arrow, scale bar, lines of coordinates, marks."""

from __future__ import annotations

import math

import numpy as np
import shapely

from gridadmin.chart import style as look
from gridadmin.chart.facts import MapFacts
from gridadmin.chart.labelling import Labels
from gridadmin.chart.map_view import MapView
from gridadmin.chart.occupied import Occupied
from gridadmin.chart.sheet import Frame
from gridadmin.chart.surface import Align, Metrics, Paths, Pen, Surface, TextStyle
from gridadmin.chart.typeset import Typist

MARK_ROOM = "\u3000"
"""Stands before a name that gets a mark: room as wide as a character."""
_PLATE = "#D9FFFFFF"


def draw_furniture(
    surface: Surface,
    facts: MapFacts,
    view: MapView,
    unit: float,
    body_mm: float,
    lang: str,
    taken: Occupied,
    metrics: Metrics,
) -> None:
    """Draw north arrow and scale bar where they cover least of what the map is about."""
    typist = Typist(surface, metrics)
    about = view.shape(facts.about)
    size = 14 * unit + 4, 24 * unit + 6
    arrow = _corner(view.frame, about, taken, size, ("ne", "nw", "se", "sw"))
    _north_arrow(surface, typist, arrow, unit, lang)
    taken.take(arrow)
    metres, length = bar_length(view.scale, view.frame.width)
    width = length + 14 * unit + body_mm * 4
    size = width, body_mm * 2.6 + 5 * unit
    bar = _corner(view.frame, about, taken, size, ("sw", "se", "nw", "ne"))
    _scale_bar(surface, typist, bar, metres, length, body_mm, unit, lang)
    taken.take(bar)


def free_corner(
    view: MapView,
    facts: MapFacts,
    taken: Occupied,
    size: tuple[float, float],
    order: tuple[str, ...],
) -> Frame:
    """Return a corner of a map where a box of that size hides least, in mm."""
    return _corner(view.frame, view.shape(facts.about), taken, size, order)


def _corner(
    frame: Frame,
    about: shapely.Geometry,
    taken: Occupied,
    size: tuple[float, float],
    order: tuple[str, ...],
) -> Frame:
    """Return a free corner of the map that holds least of the land; the first of equal ones."""
    width, height = size
    gap = 3.0
    best: tuple[float, Frame] | None = None
    for name in order:
        x = frame.x + gap if "w" in name else frame.right - gap - width
        y = frame.y + gap if "n" in name else frame.bottom - gap - height
        found = Frame(x, y, width, height)
        box = shapely.box(found.x, found.y, found.right, found.bottom)
        covered = float(shapely.intersection(about, box).area) if not about.is_empty else 0.0
        if not taken.is_free(found):
            covered += width * height * 10
        if best is None or covered < best[0] - 1e-6:
            best = covered, found
    assert best is not None  # noqa: S101 - there are always corners
    return best[1]


def _north_arrow(surface: Surface, typist: Typist, frame: Frame, unit: float, lang: str) -> None:
    surface.land(Paths.frame(frame), _PLATE)
    size = 6.2 * unit + 1.2
    x, _ = frame.middle
    top, bottom = frame.y + 1.5, frame.bottom - size * 1.25
    half = frame.width * 0.27
    notch = bottom - (bottom - top) * 0.22
    left = Paths.line((x, top), (x - half, bottom), (x, notch), (x, top))
    right = Paths.line((x, top), (x + half, bottom), (x, notch), (x, top))
    pen = Pen(look.INK, max(0.3 * unit, 0.15))
    surface.land(left, look.INK, pen)
    surface.land(right, "#FFFFFF", pen)
    word = "北" if lang == "zh" else "N"
    style = TextStyle(size, look.INK, is_bold=True)
    typist.line(word, x, bottom + size * 0.12, style, Align.MIDDLE)


def bar_length(scale: int, width_mm: float) -> tuple[int, float]:
    """Return a round length in metres for a scale bar, and how long it is on the sheet in mm."""
    most_m = min(width_mm * 0.22, 140.0) * scale / 1000
    step = 10 ** math.floor(math.log10(max(most_m, 1)))
    metres = max(int(step * factor) for factor in (1, 2, 4, 5) if step * factor <= max(most_m, 1))
    return metres, metres * 1000 / scale


def _scale_bar(
    surface: Surface,
    typist: Typist,
    frame: Frame,
    metres: int,
    length: float,
    size: float,
    unit: float,
    lang: str,
) -> None:
    surface.land(Paths.frame(frame), _PLATE)
    style = TextStyle(size * 0.8, look.INK)
    x = frame.x + (frame.width - length) / 2
    y = frame.bottom - 2 * unit - size * 0.5
    high = max(1.6 * unit, 0.8)
    pen = Pen(look.INK, max(0.25 * unit, 0.12))
    for part in range(4):
        piece = Frame(x + length * part / 4, y - high, length / 4, high)
        surface.land(Paths.frame(piece), look.INK if part % 2 == 0 else "#FFFFFF", pen)
    for part in (0, 1, 2, 4):
        value = metres * part / 4
        in_km = metres >= 2000
        words = f"{value / 1000:g}" if in_km else f"{value:g}"
        if part == 4:
            unit_word = ("千米" if in_km else "米") if lang == "zh" else ("km" if in_km else "m")
            words = f"{words} {unit_word}"
        at = x + length * part / 4
        typist.line(words, at, y - high - size * 1.08, style, Align.MIDDLE)


def draw_grid(
    surface: Surface,
    view: MapView,
    origin_m: tuple[float, float],
    size: float,
    metrics: Metrics,
    taken: Occupied,
) -> None:
    """Draw lines of coordinates each 10 cm or so, with their values in km at the edge."""
    typist = Typist(surface, metrics)
    step = _round_step(0.1 * view.scale)
    x0, y0, x1, y1 = view.bounds
    pen = Pen(look.GRID_LINE, 0.12)
    style = TextStyle(size * 0.7, look.GRID_LINE, halo=look.HALO, halo_mm=size * 0.1)
    frame = view.frame
    surface.clip(frame)
    lines = []
    for x in _multiples(x0 + origin_m[0], x1 + origin_m[0], step):
        at = float(view.to_mm(np.array([[x - origin_m[0], y0]]))[0, 0])
        lines.append(np.array([(at, frame.y), (at, frame.bottom)]))
        if frame.x + 12 < at < frame.right - 12:
            _write_value(typist, x, (at + 0.6, frame.y + 0.8), style, taken)
    for y in _multiples(y0 + origin_m[1], y1 + origin_m[1], step):
        at = float(view.to_mm(np.array([[x0, y - origin_m[1]]]))[0, 1])
        lines.append(np.array([(frame.x, at), (frame.right, at)]))
        if frame.y + 12 < at < frame.bottom - 12:
            _write_value(typist, y, (frame.x + 0.8, at + 0.4), style, taken)
    surface.lines(Paths.of(lines), pen)
    surface.clip(None)


def _write_value(
    typist: Typist, metres: float, at: tuple[float, float], style: TextStyle, taken: Occupied
) -> None:
    words = f"{metres / 1000:.10g}"
    box = Frame(*at, typist.width(words, style), style.size_mm)
    if taken.is_free(box.inset(0.3)):
        typist.line(words, box.x, box.y, style)
        taken.take(box)


def _round_step(metres: float) -> float:
    power = 10 ** math.floor(math.log10(metres))
    return float(min((power, 2 * power, 5 * power, 10 * power), key=lambda s: abs(s - metres)))


def _multiples(low: float, high: float, step: float) -> list[float]:
    first = math.ceil(low / step)
    return [(first + k) * step for k in range(int((high - first * step) / step) + 1)]


def draw_points(
    surface: Surface, facts: MapFacts, view: MapView, unit: float, taken: Occupied
) -> bool:
    """Draw a mark at each facility; return whether there is one on the map."""
    half = max(1.5 * unit, 0.8)
    found = False
    for point in facts.points:
        x, y = view.to_mm(np.array([[point.x_m, point.y_m]]))[0].tolist()
        frame = Frame(x - half, y - half, 2 * half, 2 * half)
        if taken.within.holds(frame):
            draw_facility(surface, frame)
            taken.take(frame)
            found = True
    return found


def draw_facility(surface: Surface, frame: Frame) -> None:
    """Draw the mark of a facility: a house in a square."""
    x, y = frame.middle
    half = frame.width / 2
    surface.land(Paths.frame(frame), look.FACILITY, Pen("#FFFFFF", max(half * 0.2, 0.12)))
    roof = [(x - half * 0.62, y), (x, y - half * 0.66), (x + half * 0.62, y)]
    walls = [(x + half * 0.4, y), (x + half * 0.4, y + half * 0.6)]
    rest = [(x - half * 0.4, y + half * 0.6), (x - half * 0.4, y), (x - half * 0.62, y)]
    surface.land(Paths.line(*roof, *walls, *rest), "#FFFFFF")


def draw_cadres(surface: Surface, labels: Labels) -> bool:
    """Draw a star before the name of each area that a cadre is sent to: where room was kept."""
    found = False
    for placed in labels.placed:
        first = placed.words[0]
        if first.text.startswith(MARK_ROOM):
            size = first.style.size_mm
            at = first.frame.x + size * 0.46, first.y - size * 0.36
            draw_star(surface, at, size * 0.42)
            found = True
    return found


def draw_star(surface: Surface, at: tuple[float, float], half: float) -> None:
    """Draw the mark of a cadre: a star of five points."""
    points = []
    for corner in range(11):
        radius = half if corner % 2 == 0 else half * 0.42
        angle = math.pi * corner / 5 - math.pi / 2
        points.append((at[0] + radius * math.cos(angle), at[1] + radius * math.sin(angle)))
    surface.land(Paths.line(*points), look.ALARM, Pen("#FFFFFF", max(half * 0.16, 0.1)))
