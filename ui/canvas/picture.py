"""The picture of the map: base map, fills, objects, borders, names; painted by a worker."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from ui.canvas.borders import paint_borders
from ui.canvas.compared import ComparedMap
from ui.canvas.fills import paint_fills
from ui.canvas.label_candidates import Occupied
from ui.canvas.labels import Label, paint_labels, parent_rank
from ui.canvas.lands import paint_lands, paint_marks
from ui.canvas.lettering import Letterer
from ui.canvas.locks import paint_locks
from ui.canvas.looked_at_painting import paint_looked_at, write_names
from ui.canvas.object_words import paint_object_words
from ui.canvas.objects import paint_objects
from ui.canvas.scene import MapScene, Prepared, fill_rank
from ui.canvas.sheet import Sheet, StoppedError, colour
from ui.canvas.style import PLAIN, MapStyle
from ui.canvas.viewport import Viewport

ShouldStop = Callable[[], bool]


class Tiles(Protocol):
    """A base map."""

    def paint(self, painter: QPainter, viewport: Viewport, should_stop: ShouldStop) -> object:
        """Paint what the viewport shows, in logical pixels."""


def never() -> bool:
    """Never stop."""
    return False


_letterers = threading.local()


def paint_picture(
    scene: MapScene,
    viewport: Viewport,
    style: MapStyle = PLAIN,
    *,
    tiles: Tiles | None = None,
    compared: ComparedMap | None = None,
    should_stop: ShouldStop = never,
) -> QImage | None:
    """Return the picture of a scene, or None when it was stopped; for a worker.

    The image has ``width_px`` × ``height_px`` times ``ratio`` pixels, and that pixel ratio.
    """
    image = QImage(
        max(round(viewport.width_px * viewport.ratio), 1),
        max(round(viewport.height_px * viewport.ratio), 1),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.setDevicePixelRatio(viewport.ratio)
    image.fill(colour(style.palette.ground))
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sheet = Sheet(painter, viewport, style, should_stop, tiles is not None)
        if tiles is not None:
            _paint_tiles(sheet, tiles)
        with scene.prepared() as prepared:
            _paint_land(sheet, prepared, compared)
    except StoppedError:
        return None
    finally:
        painter.end()
    return image


def _paint_tiles(sheet: Sheet, tiles: Tiles) -> None:
    painter, view = sheet.painter, sheet.viewport
    sheet.pause()
    painter.save()
    tiles.paint(painter, view, sheet.should_stop)
    painter.restore()
    sheet.pause()
    dimming = sheet.style.dimming
    if dimming is None:
        dimming = sheet.palette.dimming
    if dimming > 0:
        veil = colour(sheet.palette.ground, dimming)
        painter.fillRect(0, 0, view.width_px, view.height_px, veil)


def _paint_land(sheet: Sheet, prepared: Prepared, compared: ComparedMap | None) -> None:
    style, ground = sheet.style, prepared.ground()
    rank = fill_rank(ground, sheet.viewport.metres_per_px, style)
    if rank is None:
        paint_objects(sheet, prepared.snapshot)
        paint_looked_at(sheet)
        _write_words(sheet, prepared, ())
        return
    sheet.pause()
    level_map = prepared.level_map(rank)
    if style.has_fills:
        paint_fills(sheet, prepared, level_map)
    special = prepared.special()
    paint_lands(sheet, special)
    paint_objects(sheet, prepared.snapshot)
    paint_looked_at(sheet)
    if style.has_borders:
        paint_borders(sheet, prepared)
    if compared is not None:
        compared.paint(sheet, prepared)
    if style.has_marks:
        paint_locks(sheet, prepared)
        paint_marks(sheet, special)
    if style.has_labels:
        above = parent_rank(ground, rank)
        parents = None if above is None else prepared.level_map(above)
        sheet.painter.setPen(Qt.PenStyle.NoPen)
        labels = paint_labels(sheet, prepared, level_map, parents, _letterer())
        _write_words(sheet, prepared, labels)


def _write_words(sheet: Sheet, prepared: Prepared, labels: Iterable[Label]) -> None:
    """Write what objects and files are called, where the names of areas leave room."""
    view = sheet.viewport
    occupied = Occupied(view.width_px, view.height_px, view.px_of((0.0, 0.0)))
    for label in labels:
        occupied.take(label.box_px)
    paint_object_words(sheet, prepared.snapshot, occupied, _letterer())
    write_names(sheet, occupied, _letterer())


def _letterer() -> Letterer:
    """Return the words of this thread: pictures are no good for two threads at once."""
    known: Letterer | None = getattr(_letterers, "letterer", None)
    if known is None:
        known = _letterers.letterer = Letterer()
    return known
