"""The map as a picture file, without a window."""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPainter

from gridadmin.app.session import Session
from gridadmin.base.errors import Cancelled, InputError
from gridadmin.base.ids import oid_of
from gridadmin.base.progress import SILENT, Progress
from gridadmin.edit.command import find_area
from gridadmin.exchange.import_source import plane_of
from gridadmin.exchange.whole_file import part_beside, switch
from gridadmin.partition.border import box_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.tiles.local import LocalTiles
from gridadmin.tiles.opening import open_local
from ui.canvas.lettering import Letterer, Lettering
from ui.canvas.picture import paint_picture
from ui.canvas.scene import MapScene
from ui.canvas.style import FillTheme, MapStyle
from ui.canvas.tiles import Painted, ShouldStop, TileLayer
from ui.canvas.viewport import Box, Viewport
from ui.theme import base_font

_ENDINGS: tuple[tuple[str, Literal["light", "dark"]], ...] = (("", "light"), ("-dark", "dark"))
THEMES: Mapping[str, MapStyle] = {
    f"{fills}{ending}": MapStyle(theme=theme, fills=fills)
    for fills in FillTheme
    for ending, theme in _ENDINGS
}
"""Styles by what ``--theme`` calls them; ``net:KIND`` names a kind of nets beside them."""
LARGEST_PX = 16_000
"""A picture this wide and high takes 1 GB; Qt paints no farther than twice that."""
_LEAST_PX = 16
_MARGIN = 0.05
_SIZE = re.compile(r"(\d{1,6})\s*[xX×*]\s*(\d{1,6})")

_application: list[QGuiApplication] = []


@dataclass(frozen=True)
class Wanted:
    """What is to be painted: an area, or a box in metres of the plane, else the whole project."""

    size: str
    area: str | None = None
    bbox: tuple[float, float, float, float] | None = None
    basemap: Path | None = None
    theme: str = "plain"
    basemap_crs: str = ""


@dataclass(frozen=True)
class Rendered:
    """The size of the picture, and whether the base map, where one was wanted, is seen in it."""

    width_px: int
    height_px: int
    shows_basemap: bool


def render_project(
    project: Path, out: Path, wanted: Wanted, progress: Progress = SILENT
) -> Rendered:
    """Paint the map of a project into a PNG file.

    Raises: InputError ``render.…``, ``input.…``, EditError ``edit.unknown_area``, StoreError,
    Cancelled. A file that stood there before is untouched then.
    """
    width_px, height_px = _size(wanted.size)
    style = _style(wanted.theme)
    if out.suffix.lower() != ".png":
        raise InputError("render.not_png", file=str(out))
    if wanted.area is not None and wanted.bbox is not None:
        raise InputError("render.area_or_bbox")
    with Session.open(project, write=False) as session:
        snapshot = session.snapshot
    box = _box(snapshot, wanted)
    require_application()
    tiles = None if wanted.basemap is None else open_local(wanted.basemap, wanted.basemap_crs)
    try:
        viewport = Viewport(width_px=width_px, height_px=height_px)
        viewport = viewport.fitted(box, 0.0 if wanted.bbox is not None else _MARGIN)
        image, painted = _painted(snapshot, viewport, style, tiles, progress)
    finally:
        if tiles is not None:
            tiles.close()
    if painted.broken and not painted.drawn and wanted.basemap is not None:
        raise InputError("render.basemap_broken", file=wanted.basemap.name)
    _write(image, out)
    return Rendered(width_px, height_px, painted.drawn > 0)


def _size(text: str) -> tuple[int, int]:
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise InputError("render.bad_size", size=text)
    width_px, height_px = int(match[1]), int(match[2])
    if not all(_LEAST_PX <= side <= LARGEST_PX for side in (width_px, height_px)):
        raise InputError("render.size_range", size=text, least=_LEAST_PX, most=LARGEST_PX)
    return width_px, height_px


def _style(theme: str) -> MapStyle:
    name, _, net = theme.partition(":")
    if net.endswith(_DARK):
        name, net = f"{name}{_DARK}", net.removesuffix(_DARK)
    style = THEMES.get(name)
    if style is None or (net and style.fills is not FillTheme.NET):
        raise InputError("render.unknown_theme", theme=theme, themes=", ".join(THEMES))
    return replace(style, net=net)


_DARK = "-dark"


def _box(snapshot: Snapshot, wanted: Wanted) -> Box:
    """Return what is to be seen, in local metres."""
    partition = snapshot.partition
    extent = partition.extent()
    if extent is None:
        raise InputError("render.no_land")
    if wanted.bbox is not None:
        seen = _local(snapshot, wanted.bbox)
        west, south, east, north = (value / 1000 for value in extent)
        if seen[0] > east or seen[2] < west or seen[1] > north or seen[3] < south:
            dx, dy = (value / 1000 for value in snapshot.origin_mm)
            land = f"{west + dx:.0f} {south + dy:.0f} {east + dx:.0f} {north + dy:.0f}"
            raise InputError("render.bbox_elsewhere", bbox=_shown(wanted.bbox), land=land)
        return seen
    if wanted.area is not None:
        area = find_area(snapshot, wanted.area)
        boxes = [box_of(border) for border in partition.outline(oid_of(area.uid))]
        if not boxes and area.cell is not None:
            boxes = [box_of(border) for border in partition.outline(oid_of(area.cell))]
        if not boxes:
            raise InputError("render.area_without_land", area=area.name)
        low, high = zip(*((box[:2], box[2:]) for box in boxes), strict=True)
        extent = (*map(min, zip(*low, strict=True)), *map(max, zip(*high, strict=True)))
    x0, y0, x1, y1 = (value / 1000 for value in extent)
    return x0, y0, x1, y1


def _local(snapshot: Snapshot, bbox: tuple[float, float, float, float]) -> Box:
    x0, y0, x1, y1 = bbox
    if not all(math.isfinite(value) for value in bbox) or x0 >= x1 or y0 >= y1:
        raise InputError("render.bad_bbox", bbox=_shown(bbox))
    dx, dy = (value / 1000 for value in snapshot.origin_mm)
    return x0 - dx, y0 - dy, x1 - dx, y1 - dy


def _shown(bbox: tuple[float, float, float, float]) -> str:
    return " ".join(f"{value:.10g}" for value in bbox)


def require_application() -> None:
    """See to it that Qt runs: fonts need it. A picture needs no screen, so none is asked for."""
    if QGuiApplication.instance() is not None:
        return
    if sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _application.append(QGuiApplication(["gridadmin"]))
    QGuiApplication.setFont(base_font())


def _painted(
    snapshot: Snapshot,
    viewport: Viewport,
    style: MapStyle,
    tiles: LocalTiles | None,
    progress: Progress,
) -> tuple[QImage, Painted]:
    """Return the picture, and what of the base map is in it."""
    if style.has_labels:
        # Known figures are written, so they have to be known.
        _ = snapshot.counts
    scene = MapScene.of(snapshot, progress)
    plane = plane_of(snapshot)
    layer = None
    if tiles is not None and plane is not None:
        x, y = snapshot.origin_mm
        layer = _Counted(TileLayer.of_file(tiles, plane.crs, (x / 1000, y / 1000)))
    image = paint_picture(scene, viewport, style, tiles=layer, should_stop=progress.is_cancelled)
    if image is None:
        raise Cancelled
    if tiles is not None and tiles.attribution:
        _sign(image, viewport, style, tiles.attribution)
    return image, Painted() if layer is None else layer.painted


class _Counted:
    """A layer of tiles that remembers how many it painted."""

    def __init__(self, layer: TileLayer) -> None:
        self._layer = layer
        self.painted = Painted()

    def paint(self, painter: QPainter, viewport: Viewport, should_stop: ShouldStop) -> None:
        """Paint what *viewport* shows."""
        self.painted = self._layer.paint(painter, viewport, should_stop)


def _sign(image: QImage, viewport: Viewport, style: MapStyle, attribution: str) -> None:
    """Write whose base map it is into the lower right corner, as its makers ask for."""
    ink = style.palette.lettering
    letters = Lettering(attribution, 10, False, ink.figure, ink.halo, style.families)
    word = Letterer().word(letters, 1.0)
    painter = QPainter(image)
    painter.drawImage(
        int(viewport.width_px - word.image.width() - 2),
        int(viewport.height_px - word.image.height() - 1),
        word.image,
    )
    painter.end()


def _write(image: QImage, out: Path) -> None:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.setDevicePixelRatio(1.0)
    if not QImageWriter(buffer, QByteArray(b"png")).write(image):
        raise InputError("render.not_made", file=str(out))
    with part_beside(out) as part:
        part.write_bytes(content.data())
        switch(part, out)
