"""Reference objects below the borders: water, compounds, buildings, roads, railways.

What is shown depends on the scale: a lane or a house that would be a speck is left out. Lines and
rings are cut to the view and thinned before they are handed to Qt, in small batches.
"""

from __future__ import annotations

from typing import Any

import shapely
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath, QPen

from gridadmin.domain.scheme import Scheme
from gridadmin.partition.ground import Ground, Placed
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.object_style import (
    BUILDINGS_TO,
    COMPOUND_PATTERNS_TO,
    COMPOUNDS_TO,
    LINES_TO,
    OBJECTS,
    RAILWAYS_TO,
    ROADS_TO,
    WATER_TO,
    ObjectLook,
    RoadLook,
)
from ui.canvas.patterns import fill_with_pattern
from ui.canvas.sheet import Sheet, colour
from ui.canvas.strokes import (
    Brush,
    Shapes,
    cut_to,
    draw_lines,
    draw_rings,
    paths_of,
    pen_of,
    stroke,
)

_DASHED_TO = 0.45
"""Strokes of outlines are broken up to this scale; from farther they would look grey anyway."""
_FULL_M_PER_PX = 0.6
"""At this scale and closer roads have the width of their class."""


def paint_objects(sheet: Sheet, snapshot: Snapshot) -> None:
    """Paint the reference objects that the style shows and that the scale has room for."""
    shown = sheet.style.objects
    if not shown or not any(snapshot.rows(table) for table in _TABLES):
        return
    ground, look = Ground.of(snapshot), OBJECTS[sheet.style.theme]
    metres = sheet.viewport.metres_per_px
    if "water" in shown and metres <= WATER_TO:
        _paint_water(sheet, ground, look)
    if "compounds" in shown and metres <= COMPOUNDS_TO:
        _paint_compounds(sheet, ground, look, snapshot.scheme)
    if "buildings" in shown and metres <= BUILDINGS_TO:
        _paint_buildings(sheet, ground, look)
    if "roads" in shown and metres <= ROADS_TO["trunk"]:
        _paint_roads(sheet, ground, look)
    if "railways" in shown and metres <= RAILWAYS_TO:
        _paint_railways(sheet, ground, look)
    sheet.painter.setBrush(Qt.BrushStyle.NoBrush)


_TABLES = ("line_object", "compound", "building")


def compound_patterns(look: ObjectLook, scheme: Scheme, ground: Ground) -> dict[str | None, int]:
    """Return the number of the pattern of each type: those of the scheme first, then others."""
    keys = [term.key for term in scheme.compound_types]
    found = {item.type for item in ground.compounds.objects if item.type is not None}
    keys += sorted(found.difference(keys))
    return {key: number % len(look.compound_patterns) for number, key in enumerate(keys)}


def seen(sheet: Sheet, placed: Placed[Any]) -> list[int]:
    """Return the numbers of the objects that come into the picture."""
    found = placed.tree.query(shapely.box(*sheet.box))
    return sorted(found.tolist())


def _paint_water(sheet: Sheet, ground: Ground, look: ObjectLook) -> None:
    areas = ground.waters
    brush = Brush(look.water_fill, look.water_line, 1.0)
    draw_rings(sheet, areas.shapes[seen(sheet, areas)], brush)
    if sheet.viewport.metres_per_px > LINES_TO:
        return
    numbers = [
        number
        for number in seen(sheet, ground.lines)
        if (line := ground.lines.objects[number]).kind in look.waters and not line.is_shore
    ]
    width = min(max(2.4 * _shrink(sheet), 1.0), 3.0)
    draw_lines(sheet, ground.lines.shapes[numbers], pen_of(look.water_line, width))


def _paint_compounds(sheet: Sheet, ground: Ground, look: ObjectLook, scheme: Scheme) -> None:
    numbers = seen(sheet, ground.compounds)
    shapes = ground.compounds.shapes[numbers]
    patterns = compound_patterns(look, scheme, ground)
    kinds = [patterns.get(ground.compounds.objects[number].type) for number in numbers]
    if sheet.viewport.metres_per_px <= COMPOUND_PATTERNS_TO:
        for kind in sorted({kind for kind in kinds if kind is not None}):
            mine = shapes[[number for number, known in enumerate(kinds) if known == kind]]
            for path in paths_of(sheet, cut_to(sheet, mine), closes=True):
                sheet.pause()
                fill_with_pattern(sheet, path, look.compound_patterns[kind])
    is_near = sheet.viewport.metres_per_px <= _DASHED_TO
    dash, width = ((5.0, 2.0), 1.4) if is_near else ((), 1.0)
    draw_rings(sheet, shapes, Brush("", look.compound_line, width, dash))


def _paint_buildings(sheet: Sheet, ground: Ground, look: ObjectLook) -> None:
    placed = ground.buildings
    shapes = placed.shapes[seen(sheet, placed)]
    is_point = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    strong = min(max((BUILDINGS_TO / sheet.viewport.metres_per_px) / 3, 0.0), 1.0)
    brush = Brush(look.building_fill, look.building_line if strong > 0.4 else "", 0.8)
    draw_rings(sheet, shapes[~is_point], brush)
    if is_point.any():
        _dots(sheet, shapes[is_point], look)


def _dots(sheet: Sheet, points: Shapes, look: ObjectLook) -> None:
    """Mark buildings of which only the place is known."""
    painter = sheet.painter
    radius = min(max(4.0 / sheet.viewport.metres_per_px, 1.5), 5.0)
    painter.setPen(QPen(colour(look.building_line), 1.0))
    painter.setBrush(colour(look.building_fill))
    for number, (x, y) in enumerate(sheet.viewport.to_px(shapely.get_coordinates(points)).tolist()):
        if number % 200 == 0:
            sheet.pause()
        path = QPainterPath()
        path.addEllipse(x - radius, y - radius, 2 * radius, 2 * radius)
        painter.drawPath(path)


def _paint_roads(sheet: Sheet, ground: Ground, look: ObjectLook) -> None:
    metres = sheet.viewport.metres_per_px
    by_class: dict[str, list[int]] = {name: [] for name in [*look.roads][::-1]}
    for number in seen(sheet, ground.lines):
        line = ground.lines.objects[number]
        if line.kind == "road":
            by_class[line.road_class if line.road_class in by_class else "side"].append(number)
    drawn = [
        (look.roads[name], cut_to(sheet, ground.lines.shapes[numbers]))
        for name, numbers in by_class.items()
        if numbers and metres <= ROADS_TO[name]
    ]
    shrink = _shrink(sheet)
    for road, shapes in drawn:
        width = _width(road, shrink)
        if road.casing and width >= 3.4:
            stroke(sheet, shapes, pen_of(road.casing, width + 1.6))
    for road, shapes in drawn:
        stroke(sheet, shapes, pen_of(road.colour, _width(road, shrink), road.dash))


def _paint_railways(sheet: Sheet, ground: Ground, look: ObjectLook) -> None:
    lines = ground.lines
    numbers = [n for n in seen(sheet, lines) if lines.objects[n].kind == "railway"]
    below = [n for n in numbers if lines.objects[n].road_class == "subway"]
    above = [n for n in numbers if lines.objects[n].road_class != "subway"]
    width = max(3.0 * _shrink(sheet), 1.6)
    shapes = cut_to(sheet, lines.shapes[above])
    stroke(sheet, shapes, pen_of(look.railway, width))
    if width >= 2.0:
        # White sleepers on a dark line, as on printed maps.
        stroke(sheet, shapes, pen_of(look.railway_gap, width - 1.2, (4.0, 4.0)))
    draw_lines(sheet, lines.shapes[below], pen_of(look.railway, 1.2, (4.0, 3.0)))


def _shrink(sheet: Sheet) -> float:
    """Return by what share lines are as wide as at close zoom."""
    share = float((_FULL_M_PER_PX / sheet.viewport.metres_per_px) ** 0.55)
    return min(share, 1.6)


def _width(road: RoadLook, shrink: float) -> float:
    return max(road.width_px * shrink, road.least_px)
