"""Reference objects below the borders: water, compounds, buildings, roads, railways.

What is shown depends on the scale: a lane or a house that would be a speck is left out. Lines and
rings are cut to the view and thinned before they are handed to Qt, in small batches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyqtgraph import functions
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, Qt
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

Shapes = NDArray[np.object_]

_BATCH = 1200
"""So many points go to Qt in one call: as long as one lasts, the window waits."""
_TOLERANCE_PX = 0.5
_ROUND_PX = 4.5
_SEGMENTS_PX = 8.0
"""Solid lines narrower than this are drawn segment by segment, several times faster than a path;
their square ends close the corners."""
_DASHED_TO = 0.45
"""Strokes of outlines are broken up to this scale; from farther they would look grey anyway."""
_FULL_M_PER_PX = 0.6
"""At this scale and closer roads have the width of their class."""


@dataclass(frozen=True)
class _Brush:
    """How a batch of rings is filled and outlined."""

    fill: str = ""
    outline: str = ""
    outline_px: float = 1.0
    dash: tuple[float, ...] = ()


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
    brush = _Brush(look.water_fill, look.water_line, 1.0)
    _rings(sheet, areas.shapes[seen(sheet, areas)], brush)
    if sheet.viewport.metres_per_px > LINES_TO:
        return
    numbers = [
        number
        for number in seen(sheet, ground.lines)
        if (line := ground.lines.objects[number]).kind in look.waters and not line.is_shore
    ]
    width = min(max(2.4 * _shrink(sheet), 1.0), 3.0)
    _lines(sheet, ground.lines.shapes[numbers], _pen(look.water_line, width))


def _paint_compounds(sheet: Sheet, ground: Ground, look: ObjectLook, scheme: Scheme) -> None:
    numbers = seen(sheet, ground.compounds)
    shapes = ground.compounds.shapes[numbers]
    patterns = compound_patterns(look, scheme, ground)
    kinds = [patterns.get(ground.compounds.objects[number].type) for number in numbers]
    if sheet.viewport.metres_per_px <= COMPOUND_PATTERNS_TO:
        for kind in sorted({kind for kind in kinds if kind is not None}):
            mine = shapes[[number for number, known in enumerate(kinds) if known == kind]]
            for path in _paths(sheet, _cut(sheet, mine), closes=True):
                sheet.pause()
                fill_with_pattern(sheet, path, look.compound_patterns[kind])
    is_near = sheet.viewport.metres_per_px <= _DASHED_TO
    dash, width = ((5.0, 2.0), 1.4) if is_near else ((), 1.0)
    _rings(sheet, shapes, _Brush("", look.compound_line, width, dash))


def _paint_buildings(sheet: Sheet, ground: Ground, look: ObjectLook) -> None:
    placed = ground.buildings
    shapes = placed.shapes[seen(sheet, placed)]
    is_point = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    strong = min(max((BUILDINGS_TO / sheet.viewport.metres_per_px) / 3, 0.0), 1.0)
    brush = _Brush(look.building_fill, look.building_line if strong > 0.4 else "", 0.8)
    _rings(sheet, shapes[~is_point], brush)
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
        (look.roads[name], _cut(sheet, ground.lines.shapes[numbers]))
        for name, numbers in by_class.items()
        if numbers and metres <= ROADS_TO[name]
    ]
    shrink = _shrink(sheet)
    for road, shapes in drawn:
        width = _width(road, shrink)
        if road.casing and width >= 3.4:
            _stroke(sheet, shapes, _pen(road.casing, width + 1.6))
    for road, shapes in drawn:
        _stroke(sheet, shapes, _pen(road.colour, _width(road, shrink), road.dash))


def _paint_railways(sheet: Sheet, ground: Ground, look: ObjectLook) -> None:
    lines = ground.lines
    numbers = [n for n in seen(sheet, lines) if lines.objects[n].kind == "railway"]
    below = [n for n in numbers if lines.objects[n].road_class == "subway"]
    above = [n for n in numbers if lines.objects[n].road_class != "subway"]
    width = max(3.0 * _shrink(sheet), 1.6)
    shapes = _cut(sheet, lines.shapes[above])
    _stroke(sheet, shapes, _pen(look.railway, width))
    if width >= 2.0:
        # White sleepers on a dark line, as on printed maps.
        _stroke(sheet, shapes, _pen(look.railway_gap, width - 1.2, (4.0, 4.0)))
    _lines(sheet, lines.shapes[below], _pen(look.railway, 1.2, (4.0, 3.0)))


def _shrink(sheet: Sheet) -> float:
    """Return by what share lines are as wide as at close zoom."""
    share = float((_FULL_M_PER_PX / sheet.viewport.metres_per_px) ** 0.55)
    return min(share, 1.6)


def _width(road: RoadLook, shrink: float) -> float:
    return max(road.width_px * shrink, road.least_px)


def _pen(ink: str, width: float, dash: Sequence[float] = ()) -> QPen:
    pen = QPen(colour(ink), width)
    # Round corners and ends take far longer, and on thin lines nobody sees them.
    is_wide = width >= _ROUND_PX and not dash
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin if is_wide else Qt.PenJoinStyle.BevelJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap if is_wide else Qt.PenCapStyle.FlatCap)
    if dash:
        pen.setDashPattern([length / max(width, 0.1) for length in dash])
    return pen


def _lines(sheet: Sheet, shapes: Shapes, pen: QPen) -> None:
    _stroke(sheet, _cut(sheet, shapes), pen)


def _stroke(sheet: Sheet, shapes: Shapes, pen: QPen) -> None:
    painter = sheet.painter
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if pen.widthF() < _SEGMENTS_PX and pen.style() == Qt.PenStyle.SolidLine:
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        painter.setPen(pen)
        for segments in _segments(sheet, shapes):
            sheet.pause()
            painter.drawLines(*segments.drawargs())
        return
    painter.setPen(pen)
    for path in _paths(sheet, shapes, closes=False):
        sheet.pause()
        painter.drawPath(path)


def _segments(sheet: Sheet, shapes: Shapes) -> Iterator[PrimitiveArray]:
    """Yield the segments of lines in logical pixels, some at a time."""
    parts = shapely.get_parts(shapes)
    xy, owner = shapely.get_coordinates(
        parts[shapely.get_dimensions(parts) == 1], return_index=True
    )
    if len(xy) < 2:
        return
    pixels = sheet.viewport.to_px(xy)
    ends = np.column_stack((pixels[:-1], pixels[1:]))[owner[1:] == owner[:-1]]
    for begin in range(0, len(ends), _BATCH):
        batch = ends[begin : begin + _BATCH]
        segments = PrimitiveArray(QLineF, 4)
        segments.resize(len(batch))
        segments.ndarray()[:] = batch
        yield segments


def _rings(sheet: Sheet, shapes: Shapes, brush: _Brush) -> None:
    painter = sheet.painter
    painter.setPen(
        _pen(brush.outline, brush.outline_px, brush.dash) if brush.outline else Qt.PenStyle.NoPen
    )
    painter.setBrush(colour(brush.fill) if brush.fill else Qt.BrushStyle.NoBrush)
    for path in _paths(sheet, _cut(sheet, shapes), closes=True):
        sheet.pause()
        painter.drawPath(path)


def _cut(sheet: Sheet, shapes: Shapes) -> Shapes:
    """Return shapes cut to what Qt can paint, with only the vertices that can be seen."""
    if not len(shapes):
        return shapes
    tolerance = _TOLERANCE_PX * sheet.viewport.metres_per_px / sheet.viewport.ratio
    bounds = shapely.bounds(shapes)
    x0, y0, x1, y1 = sheet.reach
    is_out = (bounds[:, 0] < x0) | (bounds[:, 1] < y0) | (bounds[:, 2] > x1) | (bounds[:, 3] > y1)
    cut = shapes.copy()
    if is_out.any():
        cut[is_out] = shapely.clip_by_rect(cut[is_out], x0, y0, x1, y1)
    thin: Shapes = shapely.simplify(cut, tolerance, preserve_topology=False)
    return thin


def _paths(sheet: Sheet, shapes: Shapes, *, closes: bool) -> Iterator[QPainterPath]:
    """Yield paths in logical pixels of some lines or rings each; holes stay empty."""
    parts = shapely.get_parts(shapes)
    if closes:
        parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
        sizes = shapely.get_num_coordinates(parts)
    else:
        parts = parts[shapely.get_dimensions(parts) == 1]
        sizes = shapely.get_num_coordinates(parts)
    if not len(parts):
        return
    batch = np.cumsum(sizes) // _BATCH
    for number in np.unique(batch).tolist():
        group = parts[batch == number]
        lines = shapely.get_rings(group) if closes else group
        xy, owner = shapely.get_coordinates(lines, return_index=True)
        if not len(xy):
            continue
        pixels = sheet.viewport.to_px(xy)
        connect = np.ones(len(xy), dtype=np.int32)
        connect[:-1][owner[1:] != owner[:-1]] = 0
        connect[-1] = 0
        path: QPainterPath = functions.arrayToQPath(
            pixels[:, 0], pixels[:, 1], connect=connect, finiteCheck=False
        )
        path.setFillRule(Qt.FillRule.OddEvenFill)
        yield path
