"""Filling a full screen with the tiles of a base map: cold from the file, and from memory."""

from __future__ import annotations

import io
import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.measure import Line, Report, in_child, timed

REPEATS = 15
WIDTH_PX, HEIGHT_PX = 1920, 1080
METRES_PER_PX = 0.95
"""A little more than a pixel of level 17 here: 9 × 6 tiles."""
COLD_BAR_S, WARM_BAR_S = 0.25, 0.01
MIDDLE_M = (430_350.0, 4_455_350.0)
"""In the demo city, in the plane EPSG:4544."""


def run(_sizes: list[int] | None) -> Report:
    """Measure the demo city's map, and one of photographs, against the bars."""
    report = Report("basemap")
    for name in ("drawn", "photographs", "photographs of GCJ-02", "GeoTIFF"):
        result = in_child("benchmarks.rows.basemap:time_view", name=name)
        found = result.value
        note = f"{found['tiles']} tiles of {found['kilobytes']:.0f} kB; p95 {found['cold_p95']:.3f}"
        report.add(
            Line(f"cold {name}", found["cold"], "bar", COLD_BAR_S, result.peak_mb, 1.0, note)
        )
        note = f"p95 {found['warm_p95']:.4f}"
        report.add(_line(f"from memory {name}", found["warm"], WARM_BAR_S, None, note))
        report.details[name] = found
    return report


def _line(work: str, ours_s: float, bar_s: float | None, peak_mb: float | None, note: str) -> Line:
    ratio = None if bar_s is None else 1.0
    return Line(work, ours_s, "" if bar_s is None else "bar", bar_s, peak_mb, ratio, note)


def time_view(name: str) -> dict[str, Any]:
    """Return the seconds of painting one view, the file opened anew each time and kept open."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from pyproj import CRS
    from PySide6.QtGui import QGuiApplication, QImage, QPainter

    from gridadmin.tiles.opening import open_local
    from ui.canvas.tiles import TileLayer
    from ui.canvas.viewport import Viewport

    application = QGuiApplication([])
    plane, view = CRS.from_epsg(4544), Viewport(0, 0, METRES_PER_PX, WIDTH_PX, HEIGHT_PX)
    image = QImage(WIDTH_PX, HEIGHT_PX, QImage.Format.Format_ARGB32_Premultiplied)

    def painted(layer: Any) -> int:
        painter = QPainter(image)
        drawn: int = layer.paint(painter, view, lambda: False).drawn
        painter.end()
        return drawn

    def layer_of(file: Any) -> Any:
        return TileLayer.of_file(file, plane, MIDDLE_M)

    with tempfile.TemporaryDirectory() as folder:
        path = _file(name, Path(folder))
        with open_local(path) as file:
            painted(layer_of(file))

        def cold() -> int:
            with open_local(path) as file:
                return painted(layer_of(file))

        tiles, from_file = timed(cold, REPEATS)
        with open_local(path) as file:
            kept = layer_of(file)
            painted(kept)
            _, from_memory = timed(lambda: painted(kept), REPEATS)
            cover = kept._cover(view)  # noqa: SLF001 - to tell how large the tiles are
            sizes = [len(file.tile(key) or b"") for key in cover.tiles()]
    del application
    return {
        "tiles": tiles,
        "kilobytes": sum(sizes) / len(sizes) / 1000,
        "cold": from_file.p50,
        "cold_p95": from_file.p95,
        "warm": from_memory.p50,
        "warm_p95": from_memory.p95,
    }


def _file(name: str, folder: Path) -> Path:
    from gisdata.make_demo_basemap import FILE

    if name == "drawn":
        return Path(FILE)
    if name == "GeoTIFF":
        return _geotiff(folder / "a.tif")
    return _photographs(folder / "a.mbtiles", "gcj02" if "GCJ-02" in name else "cgcs2000")


def _photograph(side_px: int, seed: int) -> Any:
    """Return a made-up aerial picture: shades in several sizes, as land has them."""
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(seed)
    total = np.zeros((side_px, side_px, 3), dtype=np.float32)
    for size, height in ((4, 60), (16, 40), (64, 30), (side_px, 18)):
        rough = random.normal(0, height, (size, size, 3)).clip(-120, 120) + 128
        small = Image.fromarray(rough.astype(np.uint8))
        total += np.asarray(small.resize((side_px, side_px), Image.Resampling.BICUBIC)) - 128.0
    return Image.fromarray((total + 120).clip(0, 255).astype(np.uint8))


def _photographs(path: Path, datum: str) -> Path:
    """Write an MBTiles file with JPEG tiles of level 17 around the middle."""
    from pyproj import CRS

    from gridadmin.tiles.grid import web_grid
    from gridadmin.tiles.placement import Placement
    from gridadmin.tiles.source import Datum

    x, y = MIDDLE_M
    placement = Placement(CRS.from_epsg(4544), web_grid(), Datum(datum))
    cover = placement.cover((x - 1500, y - 1000, x + 1500, y + 1000), METRES_PER_PX)
    pictures = []
    for seed in range(12):
        out = io.BytesIO()
        _photograph(256, seed).save(out, "JPEG", quality=85)
        pictures.append(out.getvalue())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        connection.execute("INSERT INTO metadata VALUES ('gridadmin_datum', ?)", (datum,))
        connection.execute(
            "CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data,"
            " PRIMARY KEY (zoom_level, tile_column, tile_row))"
        )
        for number, key in enumerate(cover.tiles() if cover else ()):
            row = 2**key.level - 1 - key.row
            content = pictures[number % len(pictures)]
            connection.execute(
                "INSERT INTO tiles VALUES (?, ?, ?, ?)", (key.level, key.column, row, content)
            )
    return path


def _geotiff(path: Path) -> Path:
    """Write a tiled GeoTIFF of a pixel a metre around the middle."""
    import numpy as np
    import rasterio
    from rasterio.transform import from_origin

    x, y = MIDDLE_M
    side_px = 3072
    pixels = np.moveaxis(np.asarray(_photograph(side_px, 1)), -1, 0)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=side_px,
        height=side_px,
        count=3,
        dtype="uint8",
        crs="EPSG:4544",
        transform=from_origin(x - side_px / 2, y + side_px / 2, 1, 1),
        tiled=True,
        compress="JPEG",
        photometric="YCbCr",
    ) as file:
        file.write(pixels)
        file.build_overviews([2, 4, 8])
    return path
