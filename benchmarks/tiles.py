"""Made-up base maps of aerial pictures for the benchmarks, as MBTiles files."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

_PICTURES = 12
_TILE_PX = 256


def photograph(side_px: int, seed: int) -> Any:
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


def write_photographs(
    path: Path,
    epsg: int,
    bounds_m: tuple[float, float, float, float],
    metres_per_px: Sequence[float],
    datum: str = "cgcs2000",
) -> None:
    """Write JPEG tiles that cover a box of a plane at each of some scales.

    A dozen pictures serve for all tiles; each is stored once, as tools that make such files do.
    """
    pictures = []
    for seed in range(_PICTURES):
        out = io.BytesIO()
        photograph(_TILE_PX, seed).save(out, "JPEG", quality=85)
        pictures.append((seed, out.getvalue()))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            "CREATE TABLE metadata (name TEXT, value TEXT);"
            "CREATE TABLE images (tile_id INTEGER PRIMARY KEY, tile_data BLOB);"
            "CREATE TABLE map (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER,"
            " tile_id INTEGER, PRIMARY KEY (zoom_level, tile_column, tile_row));"
            "CREATE VIEW tiles AS SELECT zoom_level, tile_column, tile_row, tile_data"
            " FROM map JOIN images USING (tile_id);"
        )
        connection.execute("INSERT INTO metadata VALUES ('gridadmin_datum', ?)", (datum,))
        connection.executemany("INSERT INTO images VALUES (?, ?)", pictures)
        connection.executemany(
            "INSERT OR IGNORE INTO map VALUES (?, ?, ?, ?)",
            _rows(epsg, bounds_m, metres_per_px, datum),
        )


def _rows(
    epsg: int,
    bounds_m: tuple[float, float, float, float],
    metres_per_px: Sequence[float],
    datum: str,
) -> Iterator[tuple[int, int, int, int]]:
    from pyproj import CRS

    from gridadmin.tiles.grid import web_grid
    from gridadmin.tiles.placement import Placement
    from gridadmin.tiles.source import Datum

    placement = Placement(CRS.from_epsg(epsg), web_grid(), Datum(datum))
    number = 0
    for scale in metres_per_px:
        for part in _parts(bounds_m, scale):
            cover = placement.cover(part, scale)
            for key in cover.tiles() if cover else ():
                yield key.level, key.column, 2**key.level - 1 - key.row, number % _PICTURES
                number += 1


def _parts(
    bounds_m: tuple[float, float, float, float], scale: float
) -> Iterator[tuple[float, float, float, float]]:
    """Yield boxes of a few screens each that together are all of *bounds_m*."""
    x0, y0, x1, y1 = bounds_m
    step = 8000 * scale
    x = x0
    while x < x1:
        y = y0
        while y < y1:
            yield x, y, min(x + step, x1), min(y + step, y1)
            y += step
        x += step


def write_basemap(path: Path, epsg: int, bounds_m: tuple[float, float, float, float]) -> None:
    """Write a base map of a whole project, from one tile for all of it down to streets."""
    write_photographs(path, epsg, bounds_m, [0.8 * 2**step for step in range(10)])
