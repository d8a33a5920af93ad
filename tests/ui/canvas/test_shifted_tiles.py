"""A mark on the tiles of any map appears on the screen where it lies on the ground."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pytest
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from gridadmin.partition.datum import bd09_from_wgs84, gcj02_from_wgs84
from gridadmin.tiles.baidu import bd09_from_metres
from gridadmin.tiles.grid import (
    BAIDU_CRS,
    WEB_CRS,
    Box,
    TileGrid,
    TileKey,
    baidu_grid,
    degree_grid,
    geodetic_grid,
    web_grid,
)
from gridadmin.tiles.source import Datum
from gridadmin.tiles.stored_png import stored_png
from ui.canvas.tiles import TileLayer
from ui.canvas.viewport import Viewport
from ui.tiles.shelf import FileShelf

PLANE = CRS.from_epsg(4549)
LON, LAT = 120.41, 36.07
MARK_M = 40.0
"""How far the round mark reaches."""
SHIFT = {
    Datum.CGCS2000: lambda lon, lat: (lon, lat),
    Datum.GCJ02: gcj02_from_wgs84,
    Datum.BD09: bd09_from_wgs84,
}


@pytest.fixture(autouse=True)
def _with_qt(qapp: QGuiApplication) -> QGuiApplication:
    return qapp


class MarkedTiles:
    """A map that is white but for a red mark around a place, drawn in its own datum and grid."""

    def __init__(self, grid: TileGrid, datum: Datum) -> None:
        self.path = Path("made-up")
        self.name = self.attribution = "虚构"
        self.grid = grid
        self.datum = datum
        self.extent: Box = (-3e7, -3e7, 3e7, 3e7)
        lon, lat = SHIFT[datum](LON, LAT)
        self._lon, self._lat = float(lon), float(lat)

    def tile(self, key: TileKey) -> bytes | None:
        """Return a tile, drawn pixel by pixel."""
        matrix = self.grid.matrix(key.level)
        left, _, _, top = self.grid.box(key)
        x = left + (np.arange(matrix.tile_width) + 0.5) * matrix.px_width
        y = top - (np.arange(matrix.tile_height) + 0.5) * matrix.px_height
        lon, lat = self._degrees(*np.meshgrid(x, y))
        across = (lon - self._lon) * 111_320 * np.cos(np.radians(LAT))
        up = (lat - self._lat) * 111_000
        is_marked = np.hypot(across, up) < MARK_M
        pixels = np.full((*is_marked.shape, 3), 255, dtype=np.uint8)
        pixels[is_marked] = (220, 0, 0)
        return stored_png(pixels)

    def _degrees(
        self, x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        if self.grid.crs == BAIDU_CRS:
            return bd09_from_metres(x, y)
        if self.grid.crs == WEB_CRS:
            radius_m = 6_378_137.0
            return np.degrees(x / radius_m), np.degrees(np.arctan(np.sinh(y / radius_m)))
        return x, y

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def middle_of_red(layer: TileLayer, viewport: Viewport) -> tuple[float, float]:
    """Return where the middle of the mark is on the screen, in device pixels."""
    width = round(viewport.width_px * viewport.ratio)
    height = round(viewport.height_px * viewport.ratio)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(viewport.ratio)
    image.fill(QColor(255, 255, 255))
    painter = QPainter(image)
    layer.paint(painter, viewport, lambda: False)
    painter.end()
    raw = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(height, width, 4)
    redness = 255.0 - raw[..., 1].astype(float)
    assert redness.max() > 200
    rows, columns = np.mgrid[0:height, 0:width]
    total = redness.sum()
    x, y = (columns + 0.5) * redness, (rows + 0.5) * redness
    return float(x.sum() / total), float(y.sum() / total)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("metres_per_px", [0.35, 0.9, 2.2])
@pytest.mark.parametrize(
    ("grid", "datum"),
    [
        (web_grid(19), Datum.CGCS2000),
        (web_grid(19), Datum.GCJ02),
        (web_grid(19), Datum.BD09),
        (web_grid(19, tile_px=512), Datum.GCJ02),
        (degree_grid(19), Datum.CGCS2000),
        (geodetic_grid(18), Datum.GCJ02),
        (baidu_grid(19), Datum.BD09),
    ],
)
def test_mark_appears_where_it_lies_on_the_ground(
    grid: TileGrid, datum: Datum, metres_per_px: float, ratio: float
) -> None:
    x, y = Transformer.from_crs(4490, PLANE, always_xy=True).transform(LON, LAT)
    origin_m = (round(x) - 1000.0, round(y) - 500.0)
    layer = TileLayer.of_file(MarkedTiles(grid, datum), PLANE, origin_m)
    # The place lies 37 pixels left of the middle and 21 below it.
    view = Viewport(
        x - origin_m[0] + 37 * metres_per_px,
        y - origin_m[1] + 21 * metres_per_px,
        metres_per_px,
        500,
        400,
        ratio,
    )

    found = middle_of_red(layer, view)

    expected = ((250 - 37) * ratio, (200 + 21) * ratio)
    allowed_px = max(0.5, 0.5 / metres_per_px * ratio)
    assert np.hypot(found[0] - expected[0], found[1] - expected[1]) <= allowed_px


def test_mark_of_a_map_that_is_moved_by_hand_is_moved_with_it() -> None:
    x, y = Transformer.from_crs(4490, PLANE, always_xy=True).transform(LON, LAT)
    tiles = MarkedTiles(web_grid(19), Datum.CGCS2000)
    view = Viewport(0, 0, 0.5, 500, 400)
    plain = TileLayer(FileShelf(tiles), PLANE, (x, y))
    moved = TileLayer(FileShelf(tiles), PLANE, (x, y), offset_m=(20.0, -10.0))

    before, after = middle_of_red(plain, view), middle_of_red(moved, view)

    assert before == pytest.approx((250, 200), abs=0.5)
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx((40, 20), abs=0.1)
