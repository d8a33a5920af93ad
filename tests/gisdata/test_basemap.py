"""What the demo city's base map promises: whole, in its place, small, and made by its script."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from numpy.typing import NDArray
from PySide6.QtGui import QGuiApplication, QImage

from gisdata.basemap import look
from gisdata.basemap.features import Features, features_of
from gisdata.basemap.lettering import labels_at
from gisdata.basemap.painting import Painter
from gisdata.basemap.palette import Palette
from gisdata.make_demo_basemap import FILE, Range, draw
from gridadmin.exchange.demo_city import DemoCity, load_demo_city
from gridadmin.tiles.grid import TileKey
from gridadmin.tiles.mbtiles import MBTiles

ZOOMS = (12, 13, 14, 15, 16, 17)
HALF_WORLD_M = 20_037_508.342789244


@pytest.fixture(autouse=True)
def _with_fonts(qapp: QGuiApplication) -> QGuiApplication:
    return qapp


@pytest.fixture(scope="module")
def city() -> DemoCity:
    return load_demo_city()


@pytest.fixture(scope="module")
def features(city: DemoCity) -> Features:
    return features_of(city)


def _rows(sql: str) -> list[Any]:
    with closing(sqlite3.connect(f"{FILE.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def _pixels(picture: bytes | QImage | None) -> NDArray[np.uint8]:
    assert picture is not None
    image = picture if isinstance(picture, QImage) else QImage.fromData(picture)
    image = image.convertToFormat(QImage.Format.Format_RGBX8888)
    raw = np.frombuffer(image.constBits(), dtype=np.uint8)
    return raw.reshape(image.height(), image.width(), 4)[..., :3].astype(np.uint8)


def _tile_and_pixel(x_m: float, y_m: float, zoom: int) -> tuple[int, int, int, int]:
    """Return column, row and pixel of a place in the demo city's plane, by PROJ's Mercator."""
    to_web = pyproj.Transformer.from_crs(4544, 3857, always_xy=True)
    east, north = to_web.transform(x_m, y_m)
    size_px = 256 * 2**zoom
    x = int((east / HALF_WORLD_M + 1) / 2 * size_px)
    y = int((1 - north / HALF_WORLD_M) / 2 * size_px)
    return x // 256, y // 256, x % 256, y % 256


def test_file_says_that_it_is_made_up() -> None:
    said = dict(_rows("SELECT name, value FROM metadata"))

    assert said["name"] == "样例城市底图（虚构）"
    assert said["attribution"] == "虚构样例，非真实地图"
    assert said["format"] == "png"
    assert said["type"] == "baselayer"
    assert (said["minzoom"], said["maxzoom"]) == ("12", "17")
    assert said["center"].endswith(",14")
    assert {"bounds", "version", "description"} <= set(said)


def test_file_is_small() -> None:
    assert FILE.stat().st_size < 4_000_000


def test_every_zoom_is_a_full_rectangle_of_tiles() -> None:
    count = Counter(zoom for (zoom,) in _rows("SELECT zoom_level FROM tiles"))
    sides = _rows(
        "SELECT zoom_level, (max(tile_column) - min(tile_column) + 1)"
        " * (max(tile_row) - min(tile_row) + 1) FROM tiles GROUP BY zoom_level"
    )

    assert count == {12: 25, 13: 42, 14: 72, 15: 182, 16: 270, 17: 1050}
    assert dict(sides) == count


def test_every_tile_is_a_picture_of_256_pixels() -> None:
    sizes = Counter(
        (image.width(), image.height())
        for (picture,) in _rows("SELECT tile_data FROM tiles WHERE zoom_level <= 15")
        for image in [QImage.fromData(picture)]
    )

    assert sizes == {(256, 256): 321}


@pytest.mark.parametrize("zoom", ZOOMS)
def test_lake_and_land_lie_where_the_city_has_them(city: DemoCity, zoom: int) -> None:
    lake = next(water.geometry for water in city.water if water.kind == "lake")
    # The lake's name stands in its middle; here is nothing but water.
    in_lake = shapely.Point(lake.centroid.x - 70, lake.centroid.y - 190)
    x0, _, _, y1 = (side / 1000 for side in city.frame_mm.bounds)
    fields = (x0 - 500, y1 - 100)
    assert lake.contains(in_lake)

    with MBTiles(FILE) as file:
        for place, colour in (((in_lake.x, in_lake.y), look.WATER), (fields, look.LAND)):
            column, row, x, y = _tile_and_pixel(*place, zoom)
            assert tuple(_pixels(file.tile(TileKey(zoom, column, row)))[y, x]) == colour, place


def test_whole_frame_is_covered_at_the_finest_zoom(city: DemoCity) -> None:
    x0, y0, x1, y1 = (side / 1000 for side in city.frame_mm.bounds)

    with MBTiles(FILE) as file:
        for place in ((x0, y0), (x0, y1), (x1, y0), (x1, y1)):
            column, row, _, _ = _tile_and_pixel(*place, 17)
            assert file.tile(TileKey(17, column, row)) is not None


@pytest.mark.parametrize(("zoom", "column", "row"), [(13, 6466, 3094), (15, 25866, 12377)])
def test_script_draws_what_is_shipped(features: Features, zoom: int, column: int, row: int) -> None:
    painter = Painter(features, zoom, labels_at(features, zoom))

    drawn = draw(painter, Range(column, row, column + 2, row + 2)).astype(int)

    with MBTiles(FILE) as file:
        shipped = np.vstack(
            [
                np.hstack([_pixels(file.tile(TileKey(zoom, column + i, row + j))) for i in (0, 1)])
                for j in (0, 1)
            ]
        )
    # Other fonts and the palette make small differences; two pixels off would double them.
    contrast = np.abs(shipped.astype(int) - np.array(look.LAND)).mean()
    assert np.abs(drawn - shipped).mean() < 0.4 * contrast
    assert np.abs(np.roll(drawn, 2, axis=1) - shipped).mean() > 0.4 * contrast


def test_names_and_lines_run_on_over_the_edges_of_blocks(features: Features) -> None:
    painter = Painter(features, 16, labels_at(features, 16))
    x, y = 51732 * 256, 24755 * 256

    whole = _pixels(painter.block(x, y, 512, 512)).astype(int)
    pieces = [
        _pixels(painter.block(x + dx, y + dy, 256, 256)) for dy in (0, 256) for dx in (0, 256)
    ]

    joined = np.vstack([np.hstack(pieces[:2]), np.hstack(pieces[2:])])
    assert np.abs(whole - joined).max() <= 2
    assert np.abs(whole - np.array(look.LAND)).mean() > 4.0


def test_names_keep_clear_of_each_other(features: Features) -> None:
    labels = labels_at(features, 16)

    signs = [
        (number, shapely.box(sign.x - half, sign.y - half, sign.x + half, sign.y + half))
        for number, label in enumerate(labels)
        for half in [label.style.size_px / 2 - 0.01]
        for sign in label.signs
        if len(sign.text) == 1
    ]
    names, boxes = np.array([number for number, _ in signs]), [box for _, box in signs]
    one, other = shapely.STRtree(boxes).query(boxes, "intersects")

    assert len(labels) > 400
    assert (names[one] == names[other]).all()


@pytest.mark.parametrize("colours", [1, 2, 3, 5, 17, 40])
def test_picture_with_few_colours_comes_back_the_same(colours: int) -> None:
    palette = Palette()
    numbers = (np.arange(256 * 256) * 7 % colours).astype(np.uint8).reshape(256, 256)

    read = _pixels(palette.png(numbers))

    assert (read == palette.colours[numbers]).all()


def test_painted_colours_keep_their_value_in_the_palette() -> None:
    palette = Palette()
    flat = np.array([[look.LAND, look.WATER, look.ROAD, look.TRUNK, *look.SITES.values()]])

    assert (palette.colours[palette.indices(flat.astype(np.uint8))] == flat).all()
