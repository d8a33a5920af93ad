"""Small pictures of the places of issues: the map of a project, or the polygons of a plain file."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from gridadmin.app.check_report.ground import FileGround, Ground, ProjectGround
from gridadmin.app.check_report.model import ReportedIssue
from gridadmin.base.errors import Cancelled, InputError
from gridadmin.base.progress import Progress, checkpoint
from gridadmin.exchange.import_source import plane_of
from gridadmin.tiles.local import LocalTiles
from gridadmin.tiles.opening import open_local
from ui.canvas.furniture import round_length
from ui.canvas.lettering import Letterer, Lettering
from ui.canvas.picture import paint_picture
from ui.canvas.scene import MapScene
from ui.canvas.style import LIGHT, MapStyle
from ui.canvas.tiles import TileLayer
from ui.canvas.viewport import Box, Place, Viewport

_log = logging.getLogger("gridadmin.reports")

WIDTH_PX, HEIGHT_PX, RATIO = 360, 240, 1.5
_MARGIN = 0.6
"""So much of the width of the place is shown on each side of it."""
_LEAST_M = 40.0
_SMALL_PX = 26.0
"""A place smaller than this gets a ring around it."""
_LABEL_PX = 46.0
"""Polygons whose visible part is at least so wide and half as high are named."""
_BAR_PX = 90.0
_INK, _HALO, _MARK = "#14202E", "#E6FFFFFF", "#C0101C"


def paint_places(
    issues: Sequence[ReportedIssue],
    ground: Ground,
    progress: Progress,
    basemap: Path | None = None,
) -> dict[str, bytes]:
    """Return a PNG file for each issue by its number, over the base map of a project.

    A base map that can't be read is left out. Raises: Cancelled.
    """
    if not issues:
        return {}
    tiles = None if basemap is None else _opened(basemap)
    try:
        return _painted(issues, ground, _map_of(ground, progress, tiles), progress)
    finally:
        if tiles is not None:
            tiles.close()


def _opened(basemap: Path) -> LocalTiles | None:
    try:
        return open_local(basemap)
    except InputError:
        _log.warning("the base map can't be read: %s", basemap.name)
        return None


def _painted(
    issues: Sequence[ReportedIssue], ground: Ground, map_of: _Map, progress: Progress
) -> dict[str, bytes]:
    found = {}
    for number, issue in enumerate(issues):
        checkpoint(progress, "progress.report_pictures", number, len(issues))
        place = ground.metres(issue)
        if place is None:
            continue
        face = ground.face(issue)
        view = map_of.view(issue, place)
        image = map_of.paint(view, issue)
        _mark(image, view, map_of.local(face), map_of.local(shapely.Point(place)))
        found[issue.number] = _png(image)
    checkpoint(progress, "progress.report_pictures", len(issues), len(issues))
    return found


def _map_of(ground: Ground, progress: Progress, tiles: LocalTiles | None) -> _Map:
    if isinstance(ground, ProjectGround):
        return _ProjectMap(ground, progress, tiles)
    if isinstance(ground, FileGround):
        return _FileMap(ground)
    raise TypeError(ground)


class _ProjectMap:
    """The map of the window, as it is painted there."""

    def __init__(self, ground: ProjectGround, progress: Progress, tiles: LocalTiles | None) -> None:
        snapshot = ground.snapshot
        # Known figures are written, so they have to be known.
        _ = snapshot.counts
        self._scene = MapScene.of(snapshot, progress)
        self._origin = snapshot.origin_mm[0] / 1000, snapshot.origin_mm[1] / 1000
        self._progress = progress
        plane = plane_of(snapshot)
        self._tiles, self._attribution = None, ""
        if tiles is not None and plane is not None:
            self._tiles = TileLayer.of_file(tiles, plane.crs, self._origin)
            self._attribution = tiles.attribution

    def local(self, shape: shapely.Geometry | None) -> shapely.Geometry | None:
        """Return a shape of the plane in the metres of the viewport."""
        dx, dy = self._origin
        return None if shape is None else shapely.transform(shape, lambda xy: xy - (dx, dy))

    def view(self, issue: ReportedIssue, place: Place) -> Viewport:
        """Return what is shown of the surroundings of an issue."""
        dx, dy = self._origin
        x0, y0, x1, y1 = issue.bbox or (*place, *place)
        return _view((x0 - dx, y0 - dy, x1 - dx, y1 - dy))

    def paint(self, view: Viewport, issue: ReportedIssue) -> QImage:
        """Return the map. Raises: Cancelled."""
        image = paint_picture(
            self._scene,
            view,
            MapStyle(),
            tiles=self._tiles,
            should_stop=self._progress.is_cancelled,
        )
        if image is None:
            raise Cancelled
        if self._attribution:
            _sign(image, self._attribution)
        return image


class _FileMap:
    """The polygons of a file in pale colours, with the names of the rows."""

    def __init__(self, ground: FileGround) -> None:
        self._ground = ground
        self._letterer = Letterer()

    def local(self, shape: shapely.Geometry | None) -> shapely.Geometry | None:
        """Return the shape itself: the viewport counts in the metres of the check."""
        return shape

    def view(self, issue: ReportedIssue, place: Place) -> Viewport:
        """Return what is shown of the surroundings of an issue."""
        box = self._ground.box(issue)
        return _view((*place, *place) if box is None else box.bounds)

    def paint(self, view: Viewport, issue: ReportedIssue) -> QImage:
        """Return the polygons around an issue."""
        image = QImage(
            round(WIDTH_PX * RATIO),
            round(HEIGHT_PX * RATIO),
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        image.setDevicePixelRatio(RATIO)
        image.fill(QColor(LIGHT.ground))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        land = self._ground.land
        window = shapely.box(*view.bounds()).buffer(20 * view.metres_per_px, join_style="mitre")
        shown = []
        for row in self._ground.around(window):
            shape = land.polygons[row]
            sound = shape if shapely.is_valid(shape) else shapely.make_valid(shape)
            shown.append((row, shapely.intersection(sound, window)))
        for row, shape in shown:
            fill = QColor(LIGHT.fills[row % len(LIGHT.fills)])
            fill.setAlpha(120)
            painter.fillPath(_path(shape, view), fill)
        painter.setPen(QPen(QColor(LIGHT.signs["grid"].colour), 1.6))
        for _, shape in shown:
            painter.drawPath(_path(shape, view))
        for row, shape in shown:
            self._name(painter, view, land.names[row], shape)
        painter.end()
        return image

    def _name(self, painter: QPainter, view: Viewport, name: str, shape: shapely.Geometry) -> None:
        seen = shapely.intersection(shape, shapely.box(*view.bounds()))
        if seen.is_empty:
            return
        x0, y0, x1, y1 = (edge / view.metres_per_px for edge in seen.bounds)
        if x1 - x0 < _LABEL_PX or y1 - y0 < _LABEL_PX / 2:
            return
        letters = Lettering(name, 13, False, _INK, _HALO, ())
        word = self._letterer.word(letters, RATIO)
        at = seen.representative_point()
        x, y = view.px_of((at.x, at.y))
        painter.drawImage(
            QPointF(x - word.width_px / 2 - word.margin_px, y - word.height_px / 2), word.image
        )


_Map = _ProjectMap | _FileMap


def _view(box: Box) -> Viewport:
    return Viewport(width_px=WIDTH_PX, height_px=HEIGHT_PX, ratio=RATIO).fitted(
        box, _MARGIN, _LEAST_M
    )


def _mark(
    image: QImage, view: Viewport, face: shapely.Geometry | None, point: shapely.Geometry | None
) -> None:
    """Draw the land that an issue is about, a ring where it is small, and a scale bar."""
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width_px = 0.0
    if face is not None:
        path = _path(face, view)
        hatch = QBrush(QColor(_MARK), Qt.BrushStyle.BDiagPattern)
        painter.fillPath(path, hatch)
        painter.strokePath(path, QPen(QColor(_MARK), 1.8))
        x0, y0, x1, y1 = face.bounds
        width_px = max(x1 - x0, y1 - y0) / view.metres_per_px
    if width_px < _SMALL_PX and isinstance(point, shapely.Point):
        centre = QPointF(*view.px_of((point.x, point.y)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in (("#FFFFFF", 4.6), (_MARK, 2.4)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(centre, _SMALL_PX / 2, _SMALL_PX / 2)
    _scale_bar(painter, view)
    painter.end()


def _sign(image: QImage, attribution: str) -> None:
    """Write whose base map it is into the lower right corner, as its makers ask for."""
    word = Letterer().word(Lettering(attribution, 9, False, _INK, _HALO, ()), RATIO)
    painter = QPainter(image)
    painter.drawImage(
        QPointF(WIDTH_PX - word.width_px - word.margin_px - 4, HEIGHT_PX - word.height_px - 5),
        word.image,
    )
    painter.end()


def _scale_bar(painter: QPainter, view: Viewport) -> None:
    metres = round_length(_BAR_PX * view.metres_per_px)
    length = metres / view.metres_per_px
    words = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    word = Letterer().word(Lettering(words, 12, False, _INK, _HALO, ()), RATIO)
    bottom = HEIGHT_PX - 8.0
    painter.fillRect(QRectF(6, bottom - 24, length + 12, 28), QColor(255, 255, 255, 205))
    painter.setPen(QPen(QColor(_INK), 1.6))
    painter.drawPolyline(
        QPolygonF(
            [
                QPointF(12, bottom - 6),
                QPointF(12, bottom),
                QPointF(12 + length, bottom),
                QPointF(12 + length, bottom - 6),
            ]
        )
    )
    left = 12 + (length - word.width_px) / 2 - word.margin_px
    painter.drawImage(QPointF(left, bottom - 24), word.image)


def _path(shape: shapely.Geometry, view: Viewport) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for part in shapely.get_parts(shape):
        if isinstance(part, shapely.Polygon):
            for ring in (part.exterior, *part.interiors):
                pixels = view.to_px(np.asarray(ring.coords)[:, :2])
                path.addPolygon(QPolygonF([QPointF(x, y) for x, y in pixels.tolist()]))
                path.closeSubpath()
    return path


def _png(image: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.convertToFormat(QImage.Format.Format_RGB32).save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())
