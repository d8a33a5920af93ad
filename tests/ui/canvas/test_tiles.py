"""The base map on the screen: in its place, without seams, and never a fault for a bad tile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from gisdata.basemap import look
from gisdata.make_demo_basemap import FILE
from gridadmin.exchange.demo_city import load_demo_city
from gridadmin.tiles.grid import TileKey, degrees_of_box, web_grid
from gridadmin.tiles.mbtiles import MBTiles
from tests.tiles.made_up_tiles import write_tiles
from ui.canvas.tiles import Painted, TileLayer
from ui.canvas.viewport import Viewport
from ui.tiles.shelf import FileShelf

PLANE = CRS.from_epsg(4544)
ORIGIN_M = (430_000.0, 4_455_000.0)
BEHIND = QColor(255, 0, 255)
RED, GREEN = QColor(200, 40, 40), QColor(40, 160, 60)
ALL_TILES = [(16, x, y) for x in range(51_728, 51_738) for y in range(24_752, 24_761)]
"""The tiles of a zoom around the origin of the demo city."""


@pytest.fixture(autouse=True)
def _with_qt(qapp: QGuiApplication) -> QGuiApplication:
    return qapp


@pytest.fixture(scope="module")
def demo_file() -> Iterator[MBTiles]:
    with MBTiles(FILE) as file:
        yield file


def _png(colour: QColor, side_px: int = 256) -> bytes:
    image = QImage(side_px, side_px, QImage.Format.Format_ARGB32)
    image.fill(colour)
    return _saved(image)


def _saved(image: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # Its stubs ask for bytes, which it refuses.
    assert image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())


def _layer(file: MBTiles, **options: int) -> TileLayer:
    return TileLayer.of_file(file, PLANE, ORIGIN_M, **options)


def _picture(layer: TileLayer, viewport: Viewport) -> tuple[NDArray[np.uint8], Painted]:
    """Return the painted map as ``(rows, columns, 3)`` in device pixels, and what was painted."""
    width, height = (
        round(viewport.width_px * viewport.ratio),
        round(viewport.height_px * viewport.ratio),
    )
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(viewport.ratio)
    image.fill(BEHIND)
    painter = QPainter(image)
    painted = layer.paint(painter, viewport, lambda: False)
    assert painter.worldTransform().isIdentity()
    painter.end()
    rgb = image.convertToFormat(QImage.Format.Format_RGBX8888)
    raw = np.frombuffer(rgb.constBits(), dtype=np.uint8)
    return raw.reshape(height, width, 4)[..., :3].astype(np.uint8), painted


def _behind(picture: NDArray[np.uint8]) -> int:
    """Return how many pixels show what lies behind the map."""
    return int((picture == [255, 0, 255]).all(axis=-1).sum())


def _made_up(path: Path, data: bytes) -> MBTiles:
    tiles = [(zoom, x, y, data) for zoom, x, y in ALL_TILES]
    return MBTiles(write_tiles(path / "底图 一.mbtiles", tiles))


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("metres_per_px", [0.4, 0.912, 1.5, 4.0])
def test_lake_is_blue_and_the_park_green_where_the_city_has_them(
    demo_file: MBTiles, metres_per_px: float, ratio: float
) -> None:
    city = load_demo_city()
    lake = next(water.geometry for water in city.water if water.kind == "lake")
    park = next(area for area in city.areas if area.exclusive_type == "park")
    assert park.polygon_mm is not None
    in_lake = (lake.centroid.x - 70, lake.centroid.y - 190)
    in_park = (lake.bounds[0] - 60, lake.centroid.y - 100)

    for (x, y), colour in ((in_lake, look.WATER), (in_park, look.SITES["park"])):
        viewport = Viewport(
            x - ORIGIN_M[0] + 40 * metres_per_px,
            y - ORIGIN_M[1] + 30 * metres_per_px,
            metres_per_px,
            400,
            300,
            ratio,
        )
        picture, _ = _picture(_layer(demo_file), viewport)
        # The place lies 40 pixels left of the middle and 30 below it.
        at = (int((150 + 30) * ratio), int((200 - 40) * ratio))
        assert np.abs(picture[at].astype(int) - colour).max() <= 2


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
@pytest.mark.parametrize("metres_per_px", [0.37, 0.912, 1.0, 1.318, 2.71])
def test_no_hairline_shows_between_tiles(
    demo_file: MBTiles, metres_per_px: float, ratio: float
) -> None:
    layer = _layer(demo_file)
    for shift_m in (0.0, 113.37, 731.91):
        viewport = Viewport(shift_m, -shift_m / 3, metres_per_px, 640, 480, ratio)
        picture, painted = _picture(layer, viewport)
        assert _behind(picture) == 0
        assert painted.missing == painted.broken == 0


def test_evenly_coloured_tiles_make_an_even_map(tmp_path: Path) -> None:
    with _made_up(tmp_path, _png(RED)) as file:
        picture, painted = _picture(_layer(file), Viewport(0, 0, 1.6, 900, 700))

    assert (picture == [200, 40, 40]).all()
    assert painted.drawn >= 12


def test_tiles_one_can_see_through_are_nowhere_painted_twice(tmp_path: Path) -> None:
    half = QColor(0, 0, 0, 128)
    with _made_up(tmp_path, _png(half)) as file:
        picture, _ = _picture(_layer(file), Viewport(0, 0, 1.6, 900, 700))

    assert len(np.unique(picture.reshape(-1, 3), axis=0)) == 1
    assert np.abs(picture[0, 0].astype(int) - [127, 0, 127]).max() <= 1


def test_tiles_of_512_pixels_take_the_same_place(tmp_path: Path) -> None:
    viewport = Viewport(0, 0, 1.6, 300, 200)
    chequered = QImage(256, 256, QImage.Format.Format_RGB32)
    chequered.fill(RED)
    painter = QPainter(chequered)
    painter.fillRect(0, 0, 128, 128, GREEN)
    painter.fillRect(128, 128, 128, 128, GREEN)
    painter.end()
    pictures = []
    for side_px in (256, 512):
        folder = tmp_path / str(side_px)
        folder.mkdir()
        with _made_up(folder, _saved(chequered.scaled(side_px, side_px))) as file:
            pictures.append(_picture(_layer(file), viewport)[0].astype(int))

    differing = (np.abs(pictures[0] - pictures[1]).max(axis=-1) > 40).mean()
    assert differing < 0.01


def test_broken_and_missing_tiles_are_left_out_and_counted(tmp_path: Path) -> None:
    bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\2\0\0\0"
    content = [_png(RED), b"no picture", None, bomb, _png(RED)[:-40]]
    tiles = [(zoom, x, y, content[x % 5]) for zoom, x, y in ALL_TILES if y % 2]

    with MBTiles(write_tiles(tmp_path / "a.mbtiles", tiles)) as file:
        picture, painted = _picture(_layer(file), Viewport(0, 0, 1.82, 1000, 1000))

    assert painted.drawn + painted.missing + painted.broken == 25
    assert painted.drawn >= 2
    assert painted.broken >= 4
    assert painted.missing >= 12
    assert 0 < _behind(picture) < picture.shape[0] * picture.shape[1]


def test_coarser_tile_is_shown_where_a_finer_one_is_missing(tmp_path: Path) -> None:
    quarters = QImage(256, 256, QImage.Format.Format_RGB32)
    quarters.fill(RED)
    painter = QPainter(quarters)
    painter.fillRect(128, 128, 128, 128, GREEN)
    painter.end()
    x, y = 25_866, 12_378
    finer = (2 * x, 2 * y, _png(QColor(0, 0, 255)))
    west, south, east, north = degrees_of_box(web_grid().box(TileKey(15, x, y)))
    to_plane = Transformer.from_crs(4326, PLANE, always_xy=True)
    middle = to_plane.transform((west + east) / 2, (south + north) / 2)
    local = (middle[0] - ORIGIN_M[0], middle[1] - ORIGIN_M[1])

    path = write_tiles(tmp_path / "a.mbtiles", [(15, x, y, _saved(quarters)), (16, *finer)])
    with MBTiles(path) as file:
        picture, painted = _picture(_layer(file), Viewport(*local, 1.82, 300, 300))

    assert painted == Painted(drawn=1, missing=3)
    upper, lower = picture[90], picture[210]
    assert [tuple(upper[90]), tuple(upper[210])] == [(0, 0, 255), (200, 40, 40)]
    assert [tuple(lower[90]), tuple(lower[210])] == [(200, 40, 40), (40, 160, 60)]


def test_file_that_goes_away_leaves_the_map_without_tiles(tmp_path: Path) -> None:
    file = _made_up(tmp_path, _png(RED))
    layer = _layer(file)
    file.close()

    _, painted = _picture(layer, Viewport(0, 0, 1.6, 300, 200))

    assert painted.drawn == 0
    assert painted.broken > 0


def test_painting_stops_when_asked_to(demo_file: MBTiles) -> None:
    asked = iter([False, False, True])
    image = QImage(1000, 800, QImage.Format.Format_RGB32)
    painter = QPainter(image)

    painted = _layer(demo_file).paint(painter, Viewport(0, 0, 1, 1000, 800), lambda: next(asked))
    painter.end()

    assert painted == Painted(drawn=2)


class _Counting(MBTiles):
    """A tile file that counts how often it is read."""

    reads = 0

    def tile(self, key: TileKey) -> bytes | None:
        self.reads += 1
        return super().tile(key)


def test_second_painting_reads_nothing() -> None:
    viewport = Viewport(0, 0, 0.912, 800, 600)
    with _Counting(FILE) as file:
        layer = _layer(file)
        first, _ = _picture(layer, viewport)
        reads = file.reads
        second, _ = _picture(layer, viewport)

        assert reads > 8
        assert file.reads == reads
    assert (first == second).all()


def test_memory_for_tiles_is_bounded() -> None:
    viewport = Viewport(0, 0, 0.912, 800, 600)
    with _Counting(FILE) as file:
        layer = _layer(file, remembered_bytes=5 * 256 * 256 * 4)
        _picture(layer, viewport)
        reads = file.reads
        _picture(layer, viewport)

        assert file.reads == 2 * reads
        assert isinstance(layer.shelf, FileShelf)
        assert layer.shelf._bytes <= 5 * 256 * 256 * 4
        assert len(layer.shelf._kept) == 5


@pytest.mark.parametrize("metres_per_px", [0.002, 0.01, 0.05])
def test_closest_zoom_fills_the_map(demo_file: MBTiles, metres_per_px: float) -> None:
    picture, painted = _picture(_layer(demo_file), Viewport(-760, 960, metres_per_px, 900, 700))

    assert painted.drawn == 1
    assert np.abs(picture.astype(int) - look.WATER).max() <= 2


def test_place_outside_the_map_stays_as_it_is(demo_file: MBTiles) -> None:
    picture, painted = _picture(_layer(demo_file), Viewport(50_000, 0, 1, 300, 200))

    assert painted == Painted()
    assert _behind(picture) == 300 * 200


def test_widest_view_shows_the_world_without_seams_or_faults(shared_data: Path) -> None:
    path = shared_data / "mbtiles-cases" / "node_plain_1.mbtiles"
    with MBTiles(path) as file:
        picture, painted = _picture(_layer(file), Viewport(0, 0, 2000, 1200, 900))
        everywhere, _ = _picture(_layer(file), Viewport(0, 0, 40_000, 600, 400))

    assert painted.drawn >= 6
    assert _behind(picture) == 0
    assert _behind(everywhere) < 600 * 400


@pytest.mark.parametrize(
    "name",
    ["consbio_geography-class-png-no-bounds", "node_corrupt_null_tile", "node_some-empty-tiles"],
)
def test_files_of_other_makers_are_painted(shared_data: Path, name: str) -> None:
    with MBTiles(shared_data / "mbtiles-cases" / f"{name}.mbtiles") as file:
        picture, painted = _picture(_layer(file), Viewport(0, 0, 20_000, 500, 400))

    assert painted.drawn > 0
    assert _behind(picture) < 500 * 400


def test_made_up_tiles_lie_around_the_origin() -> None:
    west, _, _, north = degrees_of_box(web_grid().box(TileKey(16, 51_728, 24_752)))
    _, south, east, _ = degrees_of_box(web_grid().box(TileKey(16, 51_737, 24_760)))

    assert west < 104.178 < east
    assert south < 40.227 < north
