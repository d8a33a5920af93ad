"""A plan beside its base on the map: what changed hands is hatched, the old borders are dashed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from gridadmin.app.plan_comparison import Comparison
from gridadmin.domain.scheme import LEVELS
from ui.canvas.borders import stroke_of
from ui.canvas.clipping import pieces_inside
from ui.canvas.patterns import fill_with_pattern
from ui.canvas.scene import Prepared, drawn_ranks
from ui.canvas.sheet import Sheet, clipped_path, colour
from ui.canvas.style import Pattern, PatternKind

Floats = NDArray[np.float64]

_INK = {"light": "#B4460F", "dark": "#FFB27A"}
_GROUND = {"light": "#33F08C3A", "dark": "#40F0A45A"}
_DASH = (7.0, 5.0)


class ComparedMap:
    """What the painter needs of a comparison, in local metres."""

    def __init__(self, comparison: Comparison, origin_m: tuple[float, float]) -> None:
        self.rings = _rings(comparison.changed, origin_m)
        self.lines: Mapping[str, list[Floats]] = {
            level: [
                shapely.get_coordinates(line) - np.array(origin_m)
                for line in shapely.get_parts(lines)
            ]
            for level, lines in comparison.old_lines.items()
        }

    def paint(self, sheet: Sheet, prepared: Prepared) -> None:
        """Paint what changed hands and, over it, the old borders of the levels that are drawn."""
        self._paint_land(sheet)
        ground = prepared.ground()
        drawn = drawn_ranks(ground, sheet.viewport.metres_per_px, sheet.style)
        for rank in reversed(drawn):
            level = LEVELS[rank]
            width = stroke_of(
                sheet.palette.sign(level), sheet.size_px(ground.size_m[rank])
            ).width_px
            self._paint_lines(sheet, self.lines.get(level, []), max(width, 1.6))

    def _paint_land(self, sheet: Sheet) -> None:
        theme = sheet.style.theme
        pattern = Pattern(PatternKind.BACK_HATCH, _INK[theme], 2.0, 9.0, _GROUND[theme])
        x0, y0, x1, y1 = sheet.box
        for xy, offsets in self.rings:
            low, high = xy.min(axis=0), xy.max(axis=0)
            if low[0] > x1 or high[0] < x0 or low[1] > y1 or high[1] < y0:
                continue
            sheet.pause()
            path = sheet.to_px.map(clipped_path(xy, offsets, sheet.reach))
            path.setFillRule(Qt.FillRule.OddEvenFill)
            fill_with_pattern(sheet, path, pattern)
            sheet.painter.setPen(QPen(colour(_INK[theme]), 1.2))
            sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
            sheet.painter.drawPath(path)

    def _paint_lines(self, sheet: Sheet, lines: list[Floats], width_px: float) -> None:
        from pyqtgraph import functions

        painter, theme = sheet.painter, sheet.style.theme
        halo = QPen(colour(sheet.palette.lettering.halo), width_px + 2.4)
        ink = QPen(colour(_INK[theme]), width_px)
        ink.setCapStyle(Qt.PenCapStyle.FlatCap)
        ink.setDashPattern([dash / width_px for dash in _DASH])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for line in lines:
            for piece, _ in pieces_inside(line, sheet.box):
                sheet.pause()
                xy = sheet.viewport.to_px(piece)
                path = functions.arrayToQPath(xy[:, 0], xy[:, 1], finiteCheck=False)
                for pen in (halo, ink):
                    painter.setPen(pen)
                    painter.drawPath(path)


def _rings(
    land: shapely.MultiPolygon, origin_m: tuple[float, float]
) -> list[tuple[Floats, NDArray[np.int64]]]:
    """Return each polygon as its rings ``(xy, offsets)``, the outer one first."""
    found = []
    for polygon in shapely.get_parts(land):
        rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings([polygon])]
        offsets = np.cumsum([0, *(len(ring) for ring in rings)])
        found.append((np.concatenate(rings) - np.array(origin_m), offsets))
    return found
