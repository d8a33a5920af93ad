"""The land of a map: fills, water, roads, houses, borders, everything but its names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.chart import style as look
from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.facts import EXEMPT_LINE, MapArea, MapFacts
from gridadmin.chart.hatching import dotted, hatched, lines_of, rings_of
from gridadmin.chart.map_view import MapView
from gridadmin.chart.sheet import Frame
from gridadmin.chart.surface import Paths, Pen, Raster, Surface
from gridadmin.domain.scheme import LEVELS

_WATERS = ("river", "canal", "stream", "lake", "sea")
_PATTERNS = ((45.0, 1.9), (-45.0, 1.9), (0.0, 1.7), (90.0, 1.9), (45.0, 3.2), (-45.0, 3.2))
"""Angle and step of the hatches of types of compounds."""


@dataclass
class Shown:
    """What a map really shows, for the legend; ``patterns`` are types of compounds by number."""

    levels: list[str] = field(default_factory=list)
    roads: bool = False
    water: bool = False
    railways: bool = False
    buildings: bool = False
    patterns: dict[str, int] = field(default_factory=dict)
    exempt: bool = False
    facilities: bool = False
    cadres: bool = False
    vacancies: bool = False
    changed: bool = False
    neighbours: bool = False


def draw_land(
    surface: Surface,
    facts: MapFacts,
    view: MapView,
    choice: ChartChoice,
    unit: float,
    raster: Raster | None = None,
) -> Shown:
    """Draw the land of a map into its frame, clipped to it; return what is shown."""
    shown = Shown()
    frame = view.frame
    surface.clip(frame)
    surface.land(Paths.frame(frame), look.GROUND)
    if raster is not None:
        surface.raster(frame, raster)
    _fills(surface, facts, view, "" if raster is None else "8C")
    _exempt(surface, facts, view, unit, shown)
    _reference(surface, facts, view, choice, unit, shown)
    if facts.changed is not None:
        _changed(surface, facts.changed, view, unit, shown)
    _veil(surface, facts, view, unit, shown)
    _borders(surface, facts, view, unit, shown)
    surface.clip(None)
    return shown


def seen_areas(areas: tuple[MapArea, ...], view: MapView) -> list[MapArea]:
    """Return the areas whose land comes into a map."""
    if not areas:
        return []
    lands = np.array([area.land for area in areas], dtype=object)
    x0, y0, x1, y1 = view.bounds
    bounds = shapely.bounds(lands)
    seen = (bounds[:, 0] <= x1) & (bounds[:, 2] >= x0)
    seen &= (bounds[:, 1] <= y1) & (bounds[:, 3] >= y0)
    return [areas[row] for row in np.nonzero(seen)[0].tolist()]


def _fills(surface: Surface, facts: MapFacts, view: MapView, alpha: str) -> None:
    by_colour: dict[int, list[shapely.Geometry]] = {}
    for area in seen_areas((*facts.around, *facts.areas), view):
        by_colour.setdefault(area.colour, []).append(area.land)
    for colour in sorted(by_colour):
        shapes = np.array(by_colour[colour], dtype=object)
        fill = look.FILLS[colour % len(look.FILLS)]
        surface.land(rings_of(view.shapes(shapes)), f"#{alpha}{fill[1:]}" if alpha else fill)


def _exempt(surface: Surface, facts: MapFacts, view: MapView, unit: float, shown: Shown) -> None:
    for _, land in facts.exempt:
        shape = view.shape(land)
        if shape.is_empty:
            continue
        shown.exempt = True
        surface.land(rings_of([shape]), look.EXEMPT_FILL)
        step = max(2.4 * unit, 1.2)
        dot = max(0.5 * unit, 0.25)
        surface.lines(dotted(shape, step, 0.02), Pen(look.EXEMPT_INK, dot, is_round=True))


# Roads, water, houses, compounds


def _reference(
    surface: Surface,
    facts: MapFacts,
    view: MapView,
    choice: ChartChoice,
    unit: float,
    shown: Shown,
) -> None:
    hidden = choice.hidden
    ground = facts.ground
    box = view.bounds
    if "water" not in hidden:
        numbers = ground.waters.numbers_in(box)
        shapes = view.shapes(ground.waters.shapes[numbers])
        pen = Pen(look.WATER_LINE, max(0.25 * unit, 0.12))
        surface.land(rings_of(shapes), look.WATER, pen)
        streams = [
            number
            for number in ground.lines.numbers_in(box)
            if (line := ground.lines.objects[number]).kind in _WATERS and not line.is_shore
        ]
        river = Pen(look.WATER, max(1.6 * unit, 0.6), is_round=True)
        surface.lines(lines_of(view.shapes(ground.lines.shapes[streams])), river)
        shown.water = bool(numbers or streams)
    if "compounds" not in hidden and view.scale <= look.COMPOUNDS_TO:
        _compounds(surface, facts, view, unit, shown)
    if "buildings" not in hidden and view.scale <= look.BUILDINGS_TO:
        _buildings(surface, facts, view, unit, shown)
    if "roads" not in hidden:
        _roads(surface, facts, view, shown)
    if "railways" not in hidden:
        _railways(surface, facts, view, unit, shown)


def _compounds(surface: Surface, facts: MapFacts, view: MapView, unit: float, shown: Shown) -> None:
    placed = facts.ground.compounds
    numbers = placed.numbers_in(view.bounds)
    if not numbers:
        return
    shapes = view.shapes(placed.shapes[numbers])
    if view.scale <= look.COMPOUND_PATTERNS_TO:
        order = [key for key, _ in facts.compound_types]
        by_type: dict[str, list[shapely.Geometry]] = {}
        for number, shape in zip(numbers, shapes, strict=True):
            kind = placed.objects[number].type
            if kind in order and not shape.is_empty:
                by_type.setdefault(kind, []).append(shape)
        for kind in sorted(by_type, key=order.index):
            place = order.index(kind)
            shown.patterns[kind] = place
            draw_pattern(surface, shapely.union_all(by_type[kind]), place, unit)
    pen = Pen(look.COMPOUND_LINE, max(0.28 * unit, 0.14), (2.2 * unit, 1.1 * unit))
    surface.land(rings_of(shapes), "", pen)


def draw_pattern(surface: Surface, land: shapely.Geometry, place: int, unit: float) -> None:
    """Draw the hatch of the *place*-th type of compounds into land in mm."""
    angle, step = _PATTERNS[place % len(_PATTERNS)]
    lines = hatched(land, step * max(unit, 0.5), angle)
    surface.lines(lines, Pen(look.COMPOUND_INK, max(0.16 * unit, 0.1)))


def _buildings(surface: Surface, facts: MapFacts, view: MapView, unit: float, shown: Shown) -> None:
    placed = facts.ground.buildings
    numbers = placed.numbers_in(view.bounds)
    shapes = placed.shapes[numbers]
    is_point = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    footprints = view.shapes(shapes[~is_point])
    surface.land(rings_of(footprints), look.BUILDING, Pen(look.BUILDING_LINE, 0.1))
    points = view.to_mm(shapely.get_coordinates(shapes[is_point]))
    dots = [np.array([(x - 0.01, y), (x + 0.01, y)]) for x, y in points.tolist()]
    surface.lines(Paths.of(dots), Pen(look.BUILDING_LINE, max(0.9 * unit, 0.4), is_round=True))
    shown.buildings = bool(len(numbers))


def _roads(surface: Surface, facts: MapFacts, view: MapView, shown: Shown) -> None:
    lines = facts.ground.lines
    by_class: dict[str, list[int]] = {}
    for number in lines.numbers_in(view.bounds):
        line = lines.objects[number]
        if line.kind == "road":
            kind = line.road_class if line.road_class in look.ROADS else "side"
            by_class.setdefault(str(kind), []).append(number)
    drawn: list[tuple[look.Road, Paths, float]] = []
    for kind, road in look.ROADS.items():
        if kind in by_class and view.scale <= _shown_to(kind):
            width = min(max(road.width_m * view.mm_per_m, road.least_mm), road.most_mm)
            drawn.append((road, lines_of(view.shapes(lines.shapes[by_class[kind]])), width))
    for road, paths, width in drawn:
        if road.casing and width >= 0.4:
            surface.lines(paths, Pen(road.casing, width + 0.24, is_round=True))
    for road, paths, width in drawn:
        surface.lines(paths, Pen(road.fill, width, is_round=True))
    shown.roads = bool(drawn)


def _shown_to(kind: str) -> float:
    known = {"path": look.PATHS_TO, "lane": look.LANES_TO, "side": look.SIDES_TO}
    return known.get(kind, float("inf"))


def _railways(surface: Surface, facts: MapFacts, view: MapView, unit: float, shown: Shown) -> None:
    lines = facts.ground.lines
    numbers = [
        number
        for number in lines.numbers_in(view.bounds)
        if lines.objects[number].kind == "railway"
    ]
    if not numbers:
        return
    shown.railways = True
    paths = lines_of(view.shapes(lines.shapes[numbers]))
    width = max(0.9 * unit, 0.4)
    surface.lines(paths, Pen("#4A4F55", width))
    surface.lines(paths, Pen("#FFFFFF", width * 0.6, (3.0 * unit, 3.0 * unit)))


# What a plan moves, what lies outside, borders


def _changed(
    surface: Surface, changed: shapely.MultiPolygon, view: MapView, unit: float, shown: Shown
) -> None:
    shape = view.shape(changed)
    if shape.is_empty:
        return
    shown.changed = True
    surface.land(rings_of([shape]), "#33E5484D")
    pen = Pen(look.CHANGED_INK, max(0.3 * unit, 0.15))
    surface.lines(hatched(shape, max(2.6 * unit, 1.4), 45.0), pen)
    surface.land(rings_of([shape]), "", Pen(look.CHANGED_INK, max(0.5 * unit, 0.25)))


def _veil(surface: Surface, facts: MapFacts, view: MapView, unit: float, shown: Shown) -> None:
    """Fade what lies outside, and draw a soft edge along what the sheet is about."""
    # Exempt land in the midst belongs to no area, but to what the sheet is about all the same.
    beside = [land for _, land in facts.exempt if land.intersects(facts.about)]
    about = view.shape(shapely.union_all([facts.about, *beside]))
    outside = shapely.difference(shapely.box(*_box(view.frame)), about)
    surface.land(rings_of([outside]), look.VEIL)
    shown.neighbours = bool(seen_areas(facts.around, view))
    if about.is_empty:
        return
    glow = shapely.difference(about.buffer(3.2 * unit, quad_segs=4), about)
    glow = shapely.intersection(glow, shapely.box(*_box(view.frame)))
    surface.land(rings_of([glow]), look.GLOW)


def _box(frame: Frame) -> tuple[float, float, float, float]:
    return frame.x, frame.y, frame.right, frame.bottom


def _borders(surface: Surface, facts: MapFacts, view: MapView, unit: float, shown: Shown) -> None:
    drawn = _drawn_levels(facts, view)
    if EXEMPT_LINE in facts.lines:
        sign = look.SIGNS[EXEMPT_LINE]
        surface.lines(view.lines(facts.lines[EXEMPT_LINE]), look.pen_of(sign, unit))
    for level in [*drawn][::-1]:
        paths = drawn[level]
        sign = look.SIGNS.get(level, look.SIGNS["micro_grid"])
        pen = look.pen_of(sign, unit)
        if sign.under:
            surface.lines(paths, Pen(sign.under, pen.width_mm * 1.5, is_round=True))
        is_solid = not sign.dash_mm
        surface.lines(paths, Pen(pen.colour, pen.width_mm, pen.dash_mm, is_round=is_solid))
        shown.levels.insert(0, level)


def _drawn_levels(facts: MapFacts, view: MapView) -> Mapping[str, Paths]:
    """Return the borders that are drawn: down to the finer level, or the detail level alone."""
    lowest = facts.finer[0].level if facts.finer else facts.detail
    found: dict[str, Paths] = {}
    for level, paths in facts.lines.items():
        if level == EXEMPT_LINE:
            continue
        if level in LEVELS and LEVELS.index(level) > LEVELS.index(lowest):
            continue
        is_below = level in LEVELS and LEVELS.index(level) > LEVELS.index(facts.level)
        seen = view.lines(_inside(paths, facts) if is_below else paths)
        if len(seen):
            found[level] = seen
    return found


def _inside(paths: Paths, facts: MapFacts) -> Paths:
    """Return lines as far as they run inside what the sheet is about."""
    if facts.whole is not None and facts.about.area >= 0.999 * facts.whole.area:
        return paths
    lines = [part for part in paths if len(part) > 1]
    shapes = np.array([shapely.LineString(part) for part in lines], dtype=object)
    x0, y0, x1, y1 = facts.about.bounds
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    near = (bounds[:, 0] <= x1) & (bounds[:, 2] >= x0)
    near &= (bounds[:, 1] <= y1) & (bounds[:, 3] >= y0)
    # A hair wider: the borders of what is inside run along its edge.
    return lines_of(shapely.intersection(shapes[near], facts.about.buffer(0.05)))


def outline_mm(area: MapArea, view: MapView) -> shapely.Geometry:
    """Return the land of an area in mm, cut to the map."""
    return view.shape(area.land)


def places_mm(area: MapArea, view: MapView) -> NDArray[np.float64]:
    """Return the places for the name of an area that come into the map, the best first."""
    if area.places is None or not len(area.places):
        return np.empty((0, 2))
    x0, y0, x1, y1 = view.bounds
    at = area.places
    seen = (at[:, 0] > x0) & (at[:, 0] < x1) & (at[:, 1] > y0) & (at[:, 1] < y1)
    return view.to_mm(at[seen])
