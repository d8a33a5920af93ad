"""Small pictures of base maps where the map looks now: from files and from what is kept.

Nobody's network is asked for them: a map that was never chosen has no picture yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from pyproj import CRS
from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPainter, QPainterPath, QPixmap

from gridadmin.base.errors import Cancelled, GridAdminError
from gridadmin.exchange.import_source import plane_of
from gridadmin.tiles.cache import TileCache
from gridadmin.tiles.grid import TileKey
from gridadmin.tiles.local import LocalTiles
from gridadmin.tiles.opening import datum_of, open_source
from gridadmin.tiles.placement import Placement
from gridadmin.tiles.source import Kind, Source
from ui.canvas.viewport import Viewport
from ui.context import Context
from ui.jobs import JobProgress
from ui.texts import tr
from ui.tiles.basemaps import BaseMaps, cache_file
from ui.tiles.decoding import decoded

SIZE = QSize(44, 24)
_COARSER = 5
"""So many levels coarser a tile may be that stands for the place."""
_QUICKLY_OPENED = (Kind.MBTILES, Kind.GEOPACKAGE, Kind.FOLDER)
_ROUND_PX = 4.0


@dataclass(frozen=True)
class _Spot:
    """Where the map looks: the plane, a place in its metres, metres a pixel of the map."""

    crs: CRS
    x: float
    y: float
    metres_per_px: float

    def keys(self, placement: Placement) -> Iterator[TileKey]:
        """Yield the tiles that show the place, the nearest level first."""
        seen = (self.x - 1, self.y - 1, self.x + 1, self.y + 1)
        for step in range(_COARSER):
            cover = placement.cover(seen, self.metres_per_px * 2**step)
            if cover is not None:
                yield from list(cover.tiles())[:1]


class Previews(QObject):
    """One small picture for each base map; *viewport* returns where the map looks."""

    made = Signal(object)
    """Small pictures by the ids of their sources."""

    def __init__(
        self, context: Context, viewport: Callable[[], Viewport], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._viewport = viewport
        self._seen: tuple[object, ...] = ()

    def look(self, sources: Sequence[Source]) -> None:
        """Make the pictures of the place that is seen now, beside the window."""
        spot = self._spot()
        if spot is None:
            return
        maps = BaseMaps.of(self._context)
        opened = {one.id: file for one in sources if (file := maps.opened_file(one)) is not None}
        seen = (*sources, *opened, spot.x, spot.y, spot.metres_per_px)
        if seen == self._seen:
            return
        self._seen = seen

        def work(progress: JobProgress) -> dict[str, QImage]:
            found = {}
            with closing(TileCache(cache_file())) as cache:
                for source in sources:
                    if progress.is_cancelled():
                        raise Cancelled
                    picture = _picture(source, spot, opened.get(source.id), cache)
                    if picture is not None:
                        found[source.id] = picture
            return found

        self._context.jobs.start(tr("读取底图小样"), work, on_done=self.made.emit, is_quiet=True)

    def _spot(self) -> _Spot | None:
        bridge = self._context.bridge
        plane = plane_of(bridge.snapshot) if bridge.is_open else None
        if plane is None:
            return None
        seen, (dx, dy) = self._viewport(), bridge.snapshot.origin_mm
        # A tile has about five times as many pixels as the small picture of it.
        return _Spot(
            plane.crs,
            seen.centre_x + dx / 1000,
            seen.centre_y + dy / 1000,
            seen.metres_per_px,
        )


def _picture(
    source: Source, spot: _Spot, opened: LocalTiles | None, cache: TileCache
) -> QImage | None:
    """Return a small picture of a source, None where there is none at hand."""
    try:
        if not source.kind.is_local:
            placement = Placement(spot.crs, source.grid, source.datum, source.offset_m)
            for key in spot.keys(placement):
                kept = cache.kept(source, key)
                if kept is not None and kept.content:
                    return _small(decoded(kept.content))
            return None
        if opened is not None:
            return _of_file(source, spot, opened)
        if source.kind not in _QUICKLY_OPENED:
            return None
        with open_source(source) as tiles:
            return _of_file(source, spot, tiles)
    except GridAdminError:
        return None


def _of_file(source: Source, spot: _Spot, tiles: LocalTiles) -> QImage | None:
    placement = Placement(spot.crs, tiles.grid, datum_of(source, tiles), source.offset_m)
    for key in spot.keys(placement):
        stored = tiles.tile(key)
        if stored is not None:
            return _small(decoded(stored))
    return None


def _small(picture: QImage | None) -> QImage | None:
    """Return the middle of a tile, twice as large as it is shown: for screens of 200 %."""
    if picture is None:
        return None
    size = SIZE * 2
    scaled = picture.scaled(
        size,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    x, y = (scaled.width() - size.width()) // 2, (scaled.height() - size.height()) // 2
    return scaled.copy(x, y, size.width(), size.height())


def preview_icon(picture: QImage | None) -> QIcon:
    """Return a small picture with round corners; without one an empty place of the same size."""
    shown = _empty()
    if picture is not None:
        painter = QPainter(shown)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(shown.rect(), _ROUND_PX * 2, _ROUND_PX * 2)
        painter.setClipPath(path)
        painter.drawImage(0, 0, picture)
        painter.end()
    return _untinted(shown)


def sign_icon(sign: QIcon) -> QIcon:
    """Return a sign in the place of a small picture, so that all names stand in one line."""
    shown = _empty()
    painter = QPainter(shown)
    side = round(shown.height() * 0.8)
    left, top = (shown.width() - side) // 2, (shown.height() - side) // 2
    painter.drawPixmap(left, top, sign.pixmap(QSize(side, side), 1.0))
    painter.end()
    return _untinted(shown)


def _empty() -> QPixmap:
    shown = QPixmap(SIZE * 2)
    shown.fill(Qt.GlobalColor.transparent)
    return shown


def _untinted(shown: QPixmap) -> QIcon:
    """Return the icon of a picture twice as fine, not tinted where it is chosen."""
    shown.setDevicePixelRatio(2.0)
    made = QIcon(shown)
    made.addPixmap(shown, QIcon.Mode.Selected)
    return made
