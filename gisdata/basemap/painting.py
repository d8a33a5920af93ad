"""Paints a block of the base map; the block is cut into tiles afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QPolygonF,
    QTransform,
)
from shapely.geometry.base import BaseGeometry

from gisdata.basemap import look
from gisdata.basemap.features import FINEST_ZOOM, Features, House, Place, Road
from gisdata.basemap.lettering import Label, Sign
from gisdata.basemap.look import Colour, Lettering

_MARGIN_PX = 128
"""How far beyond the block things are painted too: half a broad road, half a name."""
_HALO_PX = 2.6
_FAMILIES = ("WenQuanYi Micro Hei", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC")


class Painter:
    """Paints blocks of one zoom."""

    def __init__(self, features: Features, zoom: int, labels: Sequence[Label]) -> None:
        self._features = features
        self._zoom = zoom
        self._metres_per_px = features.metres_per_px(zoom)
        self._labels = labels
        self._houses = shapely.STRtree([house.footprint for house in features.houses])
        self._family = chosen_family()

    def block(self, x0_px: int, y0_px: int, width_px: int, height_px: int) -> QImage:
        """Return the picture of a rectangle of the zoom's world."""
        image = QImage(width_px, height_px, QImage.Format.Format_RGB32)
        image.fill(QColor(*look.LAND))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sheet = _Sheet(painter, 2.0 ** (self._zoom - FINEST_ZOOM), x0_px, y0_px)
        seen = sheet.seen(width_px, height_px)
        self._land(sheet, seen)
        self._buildings(sheet, seen)
        self._roads(sheet, seen)
        self._letters(painter, (x0_px, y0_px, x0_px + width_px, y0_px + height_px))
        painter.end()
        return image

    def _land(self, sheet: _Sheet, seen: BaseGeometry) -> None:
        features = self._features
        for compound in _within(features.compounds, seen):
            sheet.fill(compound.land, look.LIVED_IN)
        for site in _within(features.sites, seen):
            sheet.fill(site.land, look.SITES[site.use])
        for lake in _within(features.lakes, seen):
            sheet.fill(lake.land, look.WATER, look.SHORE)
        sheet.fill(features.river.intersection(seen), look.WATER, look.SHORE)

    def _buildings(self, sheet: _Sheet, seen: BaseGeometry) -> None:
        if self._zoom < look.HOUSES_FROM_ZOOM:
            return
        is_pale = self._zoom == look.HOUSES_FROM_ZOOM
        wall = look.WALL if self._zoom >= look.WALLS_FROM_ZOOM else None
        houses = [self._features.houses[i] for i in sorted(self._houses.query(seen))]
        for house in houses:
            sheet.fill(house.footprint, _roof(house, is_pale=is_pale), wall)

    def _roads(self, sheet: _Sheet, seen: BaseGeometry) -> None:
        roads = [road for road in self._features.roads if road.line.intersects(seen)]
        drawn = [
            (road.line, stroke)
            for road in _narrow_first(roads)
            if (stroke := look.stroke_of(road.road_class, self._zoom, self._metres_per_px))
        ]
        for line, stroke in drawn:
            if stroke.casing_px:
                sheet.draw(line, stroke.casing, stroke.width_px + stroke.casing_px)
        for line, stroke in drawn:
            sheet.draw(line, stroke.fill, stroke.width_px)

    def _letters(self, painter: QPainter, view: tuple[int, int, int, int]) -> None:
        for label in self._labels:
            x0, y0, x1, y1 = label.box
            if x1 < view[0] - _MARGIN_PX or x0 > view[2] + _MARGIN_PX:
                continue
            if y1 < view[1] - _MARGIN_PX or y0 > view[3] + _MARGIN_PX:
                continue
            path = QPainterPath()
            for sign in label.signs:
                path.addPath(self._sign_path(label.style, sign, view))
            painter.fillPath(_halo(path), QColor(*look.HALO, 215))
            painter.fillPath(path, QColor(*label.style.ink))

    def _sign_path(
        self, style: Lettering, sign: Sign, view: tuple[int, int, int, int]
    ) -> QPainterPath:
        font = QFont(self._family)
        font.setPixelSize(round(style.size_px))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        metrics = QFontMetricsF(font)
        path = QPainterPath()
        middle = metrics.capHeight() / 2
        path.addText(-metrics.horizontalAdvance(sign.text) / 2, middle, font, sign.text)
        return _turned(path, sign, view)


class _Sheet:
    """A painter that takes geometries in pixels of the finest zoom."""

    def __init__(self, painter: QPainter, scale: float, x0_px: int, y0_px: int) -> None:
        self._painter = painter
        self._scale = scale
        self._corner = np.array([x0_px, y0_px], dtype=np.float64)

    def seen(self, width_px: int, height_px: int) -> BaseGeometry:
        """Return what the block shows and its margin."""
        x0, y0 = (self._corner - _MARGIN_PX) / self._scale
        size_px = np.array([width_px, height_px])
        x1, y1 = (self._corner + size_px + _MARGIN_PX) / self._scale
        return shapely.box(x0, y0, x1, y1)

    def fill(self, land: BaseGeometry, colour: Colour, edge: Colour | None = None) -> None:
        """Fill polygons, with a thin *edge* if wanted."""
        pen = QPen(Qt.PenStyle.NoPen) if edge is None else QPen(QColor(*edge), 1.0)
        path = QPainterPath()
        for part in shapely.get_parts(land):
            for ring in (part.exterior, *part.interiors):
                path.addPolygon(self._points(ring))
                path.closeSubpath()
        self._painter.setPen(pen)
        self._painter.setBrush(QBrush(QColor(*colour)))
        self._painter.drawPath(path)

    def draw(self, line: BaseGeometry, colour: Colour, width_px: float) -> None:
        """Draw lines with round ends and bends."""
        round_cap, round_join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        pen = QPen(QColor(*colour), width_px, Qt.PenStyle.SolidLine, round_cap, round_join)
        self._painter.setPen(pen)
        for part in shapely.get_parts(line):
            self._painter.drawPolyline(self._points(part))

    def _points(self, line: BaseGeometry) -> QPolygonF:
        places = shapely.get_coordinates(line) * self._scale - self._corner
        return QPolygonF([QPointF(x, y) for x, y in places.tolist()])


def chosen_family() -> str:
    """Return the first family of those we like that this machine has."""
    there = set(QFontDatabase.families())
    return next((family for family in _FAMILIES if family in there), QFont().family())


def _roof(house: House, *, is_pale: bool) -> Colour:
    if house.is_shop:
        return look.SHOP
    return look.PALE_HOUSE if is_pale else look.HOUSE


def _within(places: Iterable[Place], seen: BaseGeometry) -> Iterator[Place]:
    return (place for place in places if place.land.intersects(seen))


def _narrow_first(roads: Iterable[Road]) -> list[Road]:
    return sorted(roads, key=lambda road: look.CLASSES.index(road.road_class))


def _turned(path: QPainterPath, sign: Sign, view: tuple[int, int, int, int]) -> QPainterPath:
    place = QTransform.fromTranslate(sign.x - view[0], sign.y - view[1])
    return place.rotateRadians(sign.angle).map(path)


def _halo(path: QPainterPath) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(_HALO_PX)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return stroker.createStroke(path)
