"""Draws the demo city's base map anew: ``python -m gisdata.make_demo_basemap [FILE]``.

The map is drawn in blocks that are cut into tiles, from the files of the demo city. Lettering
depends a little on the machine's fonts; all else is the same at every run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QGuiApplication, QImage

from gisdata.basemap import tile_file
from gisdata.basemap.features import FINEST_ZOOM, TILE_PX, Features, degrees_of, features_of
from gisdata.basemap.lettering import labels_at
from gisdata.basemap.painting import Painter
from gisdata.basemap.palette import Palette
from gridadmin.exchange.demo_city import load_demo_city

FILE = Path(__file__).resolve().parent / "demo_city" / "basemap.mbtiles"
COARSEST_ZOOM = 12
_MARGIN_M = {12: 12_000.0, 13: 7_000.0, 14: 4_000.0, 15: 3_000.0, 16: 900.0, 17: 900.0}
"""How much of the surroundings each zoom shows: a wide screen shows the whole town at zoom 15."""
_BLOCK_TILES = 8


@dataclass(frozen=True, slots=True)
class Range:
    """The tiles of one zoom: first column and row, and those after the last."""

    x0: int
    y0: int
    x1: int
    y1: int

    def __len__(self) -> int:
        return (self.x1 - self.x0) * (self.y1 - self.y0)

    def blocks(self) -> Iterator[Range]:
        """Yield the range in blocks that are painted at once."""
        for y in range(self.y0, self.y1, _BLOCK_TILES):
            for x in range(self.x0, self.x1, _BLOCK_TILES):
                yield Range(x, y, min(x + _BLOCK_TILES, self.x1), min(y + _BLOCK_TILES, self.y1))


def make(path: Path) -> int:
    """Write the base map and return how many tiles it has."""
    features = features_of(load_demo_city())
    palette = Palette()
    tiles = [
        tile
        for zoom in range(COARSEST_ZOOM, FINEST_ZOOM + 1)
        for tile in _tiles(features, palette, zoom)
    ]
    tile_file.write(path, metadata(features), tiles)
    return len(tiles)


def tile_range(features: Features, zoom: int) -> Range:
    """Return which tiles of *zoom* show the town and its surroundings."""
    x0, y0, x1, y1 = _extent(features, zoom)
    side = TILE_PX * 2 ** (FINEST_ZOOM - zoom)
    return Range(int(x0 // side), int(y0 // side), int(x1 // side) + 1, int(y1 // side) + 1)


def draw(painter: Painter, block: Range) -> NDArray[np.uint8]:
    """Return a block's picture as ``(rows, columns, 3)``."""
    width, height = (block.x1 - block.x0) * TILE_PX, (block.y1 - block.y0) * TILE_PX
    image = painter.block(block.x0 * TILE_PX, block.y0 * TILE_PX, width, height)
    image = image.convertToFormat(QImage.Format.Format_RGBX8888)
    pixels = np.frombuffer(image.constBits(), dtype=np.uint8)
    return pixels.reshape(height, width, 4)[..., :3].copy()


def metadata(features: Features) -> dict[str, str]:
    """Return what the file says of itself."""
    x0, y0, x1, y1 = _extent(features, COARSEST_ZOOM)
    west, north = degrees_of(x0, y0)
    east, south = degrees_of(x1, y1)
    middle = degrees_of((x0 + x1) / 2, (y0 + y1) / 2)
    return {
        "name": "样例城市底图（虚构）",
        "format": "png",
        "bounds": f"{west:.6f},{south:.6f},{east:.6f},{north:.6f}",
        "center": f"{middle[0]:.6f},{middle[1]:.6f},14",
        "minzoom": str(COARSEST_ZOOM),
        "maxzoom": str(FINEST_ZOOM),
        "type": "baselayer",
        "version": "1",
        "description": "样例城市的底图：道路、水系、楼栋、名称均为编造，与任何真实地方无关。",
        "attribution": "虚构样例，非真实地图",
    }


def _tiles(features: Features, palette: Palette, zoom: int) -> Iterator[tile_file.Tile]:
    painter = Painter(features, zoom, labels_at(features, zoom))
    for block in tile_range(features, zoom).blocks():
        picture = palette.indices(draw(painter, block))
        for y in range(block.y0, block.y1):
            for x in range(block.x0, block.x1):
                top, left = (y - block.y0) * TILE_PX, (x - block.x0) * TILE_PX
                yield zoom, x, y, palette.png(picture[top : top + TILE_PX, left : left + TILE_PX])


def _extent(features: Features, zoom: int) -> tuple[float, float, float, float]:
    margin_px = _MARGIN_M[zoom] / features.metres_per_px(FINEST_ZOOM)
    x0, y0, x1, y1 = features.frame.bounds
    return x0 - margin_px, y0 - margin_px, x1 + margin_px, y1 + margin_px


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication([])
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    count = make(target)
    print(f"{target}: {count} tiles, {target.stat().st_size / 1e6:.1f} MB")
