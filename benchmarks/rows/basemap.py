"""Filling a full screen with the tiles of a base map: cold from the file, and from memory."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import Line, Report, in_child, timed
from benchmarks.tiles import photograph, write_photographs

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


def _photographs(path: Path, datum: str) -> Path:
    """Write an MBTiles file with JPEG tiles of level 17 around the middle."""
    x, y = MIDDLE_M
    box = (x - 1500, y - 1000, x + 1500, y + 1000)
    write_photographs(path, 4544, box, [METRES_PER_PX], datum)
    return path


def _geotiff(path: Path) -> Path:
    """Write a tiled GeoTIFF of a pixel a metre around the middle."""
    import numpy as np
    import rasterio
    from rasterio.transform import from_origin

    x, y = MIDDLE_M
    side_px = 3072
    pixels = np.moveaxis(np.asarray(photograph(side_px, 1)), -1, 0)
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
