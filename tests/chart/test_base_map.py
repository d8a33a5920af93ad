"""The base map under a chart: colours of tiles at their place, white paper where there are none."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pyproj import CRS

from gridadmin.chart.base_map import BaseMap, BaseMapPicture
from gridadmin.chart.map_view import MapView
from gridadmin.chart.sheet import Frame
from gridadmin.tiles.grid import TileKey, web_grid
from gridadmin.tiles.opening import open_local

LEVEL = 15
COLUMN, ROW = 26977, 13363
PLANE = CRS.from_epsg(3857)
"""Tiles lie square in it: what is where can be said exactly."""
RED, GREEN, BLUE, GREY = (200, 0, 0), (0, 160, 0), (0, 0, 220), (90, 90, 90)
WHITE = (255, 255, 255)
SCALE = 50_000
Opens = Callable[..., BaseMapPicture]


def plain(colour: tuple[int, int, int], side: int = 256) -> bytes:
    """Return a tile of one colour."""
    return content(Image.new("RGB", (side, side), colour))


def content(image: Image.Image) -> bytes:
    """Return a picture as PNG."""
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def opens(tmp_path: Path) -> Iterator[Opens]:
    opened = []

    def picture(tiles: dict[tuple[int, int], bytes], **said: str) -> BaseMapPicture:
        path = tmp_path / "底图.mbtiles"
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
            connection.executemany("INSERT INTO metadata VALUES (?, ?)", said.items())
            connection.execute(
                "CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data,"
                " PRIMARY KEY (zoom_level, tile_column, tile_row))"
            )
            for (column, row), tile in tiles.items():
                south = 2**LEVEL - 1 - (ROW + row)
                values = (LEVEL, COLUMN + column, south, tile)
                connection.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", values)
        file = open_local(path)
        opened.append(file)
        corner = web_grid().box(TileKey(LEVEL, COLUMN, ROW))
        # The upper left corner of the first tile is the origin of the land.
        base = BaseMap(file, PLANE, (corner[0], corner[3]))
        found = base.raster(MapView(sheet_frame(), SCALE, (tile_m(), -tile_m())))
        assert found is not None
        return found

    yield picture
    for file in opened:
        file.close()


def tile_m() -> float:
    box = web_grid().box(TileKey(LEVEL, COLUMN, ROW))
    return box[2] - box[0]


def tile_mm() -> float:
    return tile_m() * 1000 / SCALE


def sheet_frame() -> Frame:
    """Return a frame of four tiles each way, the two of the test's in its middle."""
    return Frame(0.0, 0.0, 4 * tile_mm(), 4 * tile_mm())


def piece(picture: BaseMapPicture, x: float, y: float, tiles: float, px: int) -> np.ndarray:
    """Return a square piece that begins so many tiles right of and below the first one."""
    side = tiles * tile_mm()
    return picture.piece(Frame((x + 1) * tile_mm(), (y + 1) * tile_mm(), side, side), px, px)


FOUR = {
    (0, 0): plain(RED),
    (1, 0): plain(GREEN),
    (0, 1): plain(BLUE),
    (1, 1): plain(GREY),
}


def test_each_tile_stands_at_its_place(opens: Opens) -> None:
    pixels = piece(opens(FOUR), 0.0, 0.0, 2.0, 512)

    assert pixels.shape == (512, 512, 3)
    assert (pixels[:256, :256] == RED).all()
    assert (pixels[:256, 256:] == GREEN).all()
    assert (pixels[256:, :256] == BLUE).all()
    assert (pixels[256:, 256:] == GREY).all()


def test_a_piece_within_tiles_shows_their_pixels_one_by_one(opens: Opens) -> None:
    stripes = Image.fromarray(
        np.stack([np.tile(np.arange(256, dtype=np.uint8), (256, 1))] * 3, axis=-1)
    )

    pixels = piece(opens({(0, 0): content(stripes)}), 0.25, 0.25, 0.5, 128)

    assert pixels[64, :, 0].tolist() == list(range(64, 192))


def test_beyond_the_tiles_there_is_white_paper(opens: Opens) -> None:
    pixels = piece(opens(FOUR), -1.0, -1.0, 4.0, 400)

    assert (pixels[:99] == WHITE).all()
    assert (pixels[301:] == WHITE).all()
    assert (pixels[:, :99] == WHITE).all()
    assert (pixels[:, 301:] == WHITE).all()
    assert (pixels[101:199, 101:199] == RED).all()
    assert (pixels[201:299, 201:299] == GREY).all()


def test_a_piece_without_any_tile_is_white(opens: Opens) -> None:
    assert (piece(opens({(0, 0): plain(RED)}), 1.0, 1.0, 1.0, 32) == WHITE).all()


def test_a_damaged_tile_is_white_and_its_neighbours_are_not(opens: Opens) -> None:
    damaged = FOUR | {(1, 0): plain(GREEN)[:60]}

    pixels = piece(opens(damaged), 0.0, 0.0, 2.0, 64)

    assert (pixels[:32, 32:] == WHITE).all()
    assert (pixels[:32, :32] == RED).all()
    assert (pixels[32:, 32:] == GREY).all()


def test_what_shows_through_lies_on_white(opens: Opens) -> None:
    half = Image.new("RGBA", (256, 256), (0, 0, 0, 128))

    pixels = piece(opens({(0, 0): content(half)}), 0.0, 0.0, 1.0, 16)

    assert (pixels == 127).all()


def test_many_tiles_in_a_small_piece_are_made_smaller_evenly(opens: Opens) -> None:
    # Black and white lines by turns, a pixel each: taken one by one they would be all of one.
    lines = np.zeros((256, 256, 3), dtype=np.uint8)
    lines[::2] = 255

    pixels = piece(opens({(0, 0): content(Image.fromarray(lines))}), 0.0, 0.0, 1.0, 16)

    assert set(np.unique(pixels).tolist()) <= {127, 128}


def test_tiles_of_twice_the_pixels_keep_them(opens: Opens) -> None:
    fine = np.zeros((512, 512, 3), dtype=np.uint8)
    fine[:, ::2] = 255

    pixels = piece(opens({(0, 0): content(Image.fromarray(fine))}), 0.0, 0.0, 1.0, 512)

    assert pixels[100, :6, 0].tolist() == [255, 0, 255, 0, 255, 0]


def test_tiles_of_several_sizes_stand_side_by_side(opens: Opens) -> None:
    pixels = piece(opens(FOUR | {(1, 0): plain(GREEN, 512)}), 0.0, 0.0, 2.0, 128)

    assert (pixels[:64, :64] == RED).all()
    assert (pixels[:64, 64:] == GREEN).all()


def test_the_picture_tells_whose_it_is_else_what_the_map_or_its_file_is_called(
    opens: Opens, tmp_path: Path
) -> None:
    assert opens(FOUR).attribution == "底图"

    (tmp_path / "底图.mbtiles").unlink()
    assert opens(FOUR, name="航片（虚构）").attribution == "航片（虚构）"

    (tmp_path / "底图.mbtiles").unlink()
    said = {"name": "航片（虚构）", "attribution": "测绘科（虚构）"}
    assert opens(FOUR, **said).attribution == "测绘科（虚构）"
