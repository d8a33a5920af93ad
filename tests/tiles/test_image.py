"""Large pictures as base maps: their place, their colours, their size, and what is refused."""

from __future__ import annotations

import math
import resource
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from PIL import Image
from pyproj import CRS, Transformer
from rasterio.control import GroundControlPoint
from rasterio.transform import Affine, from_origin

from gridadmin.base.errors import Cancelled, InputError
from gridadmin.base.texts import LANGUAGES, explain
from gridadmin.tiles import image_held
from gridadmin.tiles.grid import TileKey
from gridadmin.tiles.image import ImageTiles
from gridadmin.tiles.placement import Placement
from gridadmin.tiles.source import Datum
from tests.tiles.made_up_images import (
    LEFT,
    PLANE,
    PX_M,
    TOP,
    decoded,
    geotiff,
    quartered,
    world_image,
)
from tests.tiles.made_up_tiles import png

UPRIGHT = from_origin(LEFT, TOP, PX_M, PX_M)


def refusal(path: Path, crs: str = "") -> InputError:
    with pytest.raises(InputError) as refused:
        ImageTiles(path, crs)
    for lang in LANGUAGES:
        assert path.name in explain(refused.value, lang)
        assert "{" not in explain(refused.value, lang)
    return refused.value


def colour_at(tiles: ImageTiles, x_m: float, y_m: float, level: int | None = None) -> list[int]:
    """Return red, green, blue and clear at a place of the project's plane."""
    placement = Placement(CRS.from_epsg(4544), tiles.grid, tiles.datum)
    x, y = (float(value[0]) for value in placement.to_grid([x_m], [y_m]))
    chosen = tiles.grid.levels[-1] if level is None else level
    key = tiles.grid.key_at(chosen, x, y)
    left, _, _, top = tiles.grid.box(key)
    matrix = tiles.grid.matrix(chosen)
    column = int((x - left) / matrix.px_width)
    row = int((top - y) / matrix.px_height)
    found: list[int] = decoded(tiles.tile(key))[row, column].tolist()
    return found


def assert_quarters(tiles: ImageTiles, level: int | None = None, loss: int = 0) -> None:
    """The four colours stand where the picture of 700 by 500 pixels has them."""
    right, down = 175.0, 125.0
    for x_m, y_m, colour in (
        (LEFT + 60, TOP - 40, (200, 0, 0)),
        (LEFT + right + 60, TOP - 40, (0, 150, 0)),
        (LEFT + 60, TOP - down - 40, (0, 0, 250)),
        (LEFT + right + 60, TOP - down - 40, (255, 255, 255)),
    ):
        found = colour_at(tiles, x_m, y_m, level)
        assert found[:3] == pytest.approx(colour, abs=loss)
        assert found[3] == 255


@pytest.mark.parametrize("bands", [3, 4])
@pytest.mark.parametrize("tiled", [True, False])
def test_picture_lies_where_its_file_says_at_every_level(
    chinese_dir: Path, bands: int, *, tiled: bool
) -> None:
    path = geotiff(chinese_dir / "航 片.tif", quartered(700, 500, bands), tiled=tiled)

    with ImageTiles(path) as tiles:
        assert tiles.grid.crs == PLANE
        assert tiles.grid.levels == (0, 1, 2)
        assert tiles.extent == (LEFT, TOP - 250, LEFT + 350, TOP)
        assert tiles.name == "航 片"
        for level in tiles.grid.levels:
            assert_quarters(tiles, level)


def test_tile_at_the_edge_is_clear_beyond_the_picture(tmp_path: Path) -> None:
    with ImageTiles(geotiff(tmp_path / "a.tif", quartered(700, 500))) as tiles:
        edge = decoded(tiles.tile(TileKey(2, 2, 1)))

    assert edge.shape == (256, 256, 4)
    assert (edge[: 500 - 256, : 700 - 512, 3] == 255).all()
    assert (edge[500 - 256 :, :, 3] == 0).all()
    assert (edge[:, 700 - 512 :, 3] == 0).all()


def test_tile_beside_the_picture_is_none(tmp_path: Path) -> None:
    with ImageTiles(geotiff(tmp_path / "a.tif", quartered(700, 500))) as tiles:
        assert tiles.tile(TileKey(2, 3, 0)) is None
        assert tiles.tile(TileKey(9, 0, 0)) is None


@pytest.mark.parametrize("epsg", [4326, 4490, 3857, 32648])
def test_other_systems_are_placed_by_their_corners(tmp_path: Path, epsg: int) -> None:
    to_own = Transformer.from_crs(4544, epsg, always_xy=True)
    x, y = to_own.transform([LEFT, LEFT + 350], [TOP, TOP - 250])
    transform = from_origin(x[0], y[0], (x[1] - x[0]) / 700, (y[0] - y[1]) / 500)
    path = geotiff(tmp_path / "a.tif", quartered(700, 500), crs=f"EPSG:{epsg}", transform=transform)

    with ImageTiles(path) as tiles:
        assert_quarters(tiles)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".tif", ".webp"])
def test_picture_with_a_world_file_needs_to_be_told_its_crs(chinese_dir: Path, suffix: str) -> None:
    path = world_image(chinese_dir / f"底 图{suffix}", quartered(700, 500), UPRIGHT)

    told = refusal(path)
    with ImageTiles(path, PLANE) as tiles:
        assert_quarters(tiles, loss=12)

    assert told.code in ("input.image_which_crs", "input.image_no_crs")


def test_prj_file_beside_tells_the_crs(chinese_dir: Path) -> None:
    path = world_image(chinese_dir / "底图.jpg", quartered(700, 500), UPRIGHT)
    path.with_suffix(".prj").write_text(CRS.from_epsg(4544).to_wkt("WKT1_ESRI"))

    with ImageTiles(path) as tiles:
        assert_quarters(tiles, loss=2)


@pytest.mark.parametrize(("crs", "datum"), [("gcj02", Datum.GCJ02), ("bd09", Datum.BD09)])
def test_picture_drawn_on_a_shifted_map_is_moved(tmp_path: Path, crs: str, datum: Datum) -> None:
    path = world_image(
        tmp_path / "a.png", quartered(700, 500), from_origin(104.0, 40.3, 1e-5, 1e-5)
    )

    with ImageTiles(path, crs) as tiles:
        assert tiles.datum is datum
        assert tiles.grid.crs == "EPSG:4326"


@pytest.mark.parametrize("turn_deg", [30.0, -75.0, 180.0])
def test_turned_picture_is_set_upright(tmp_path: Path, turn_deg: float) -> None:
    transform = UPRIGHT @ Affine.rotation(turn_deg)
    path = geotiff(tmp_path / "a.tif", quartered(700, 500), transform=transform)

    with ImageTiles(path) as tiles:
        for column, row, colour in ((100, 80, (200, 0, 0)), (600, 400, (255, 255, 255))):
            x_m, y_m = transform @ (column, row)
            assert colour_at(tiles, x_m, y_m)[:3] == pytest.approx(colour, abs=2)


def test_picture_stored_from_the_bottom_up_is_turned_over(tmp_path: Path) -> None:
    transform = Affine(PX_M, 0, LEFT, 0, PX_M, TOP - 250)
    path = geotiff(tmp_path / "a.tif", quartered(700, 500)[:, ::-1], transform=transform)

    with ImageTiles(path) as tiles:
        assert_quarters(tiles)


def test_picture_with_control_points_is_placed_by_them(tmp_path: Path) -> None:
    corners = [(0, 0), (0, 700), (500, 0), (500, 700)]
    points = [
        GroundControlPoint(row, col, LEFT + col * PX_M, TOP - row * PX_M) for row, col in corners
    ]
    path = geotiff(tmp_path / "a.tif", quartered(700, 500), transform=None, gcps=points)

    with ImageTiles(path) as tiles:
        assert_quarters(tiles)


def test_palette_grey_and_deep_pictures_have_their_colours(tmp_path: Path) -> None:
    flat = np.zeros((1, 300, 300), dtype=np.uint8)
    flat[0, :, 150:] = 1
    palette = geotiff(
        tmp_path / "palette.tif", flat, colormap={0: (10, 20, 30, 255), 1: (200, 100, 50, 255)}
    )
    grey = geotiff(tmp_path / "grey.tif", flat * 99)
    deep = (np.arange(300 * 300, dtype=np.float32).reshape(1, 300, 300) - 5000) * 3
    dark_to_light = geotiff(tmp_path / "deep.tif", deep)

    def pixel(path: Path, column: int, row: int) -> list[int]:
        return colour_at_pixel(path, column, row)[:3]

    assert pixel(palette, 10, 10) == pytest.approx((10, 20, 30), abs=0)
    assert pixel(palette, 200, 10) == pytest.approx((200, 100, 50), abs=0)
    assert pixel(grey, 200, 10) == [99, 99, 99]
    assert pixel(dark_to_light, 10, 2)[0] < 5
    assert 120 < pixel(dark_to_light, 10, 150)[0] < 136
    assert pixel(dark_to_light, 10, 298)[0] > 250


def colour_at_pixel(path: Path, column: int, row: int) -> list[int]:
    with ImageTiles(path) as tiles:
        key = TileKey(tiles.grid.levels[-1], column // 256, row // 256)
        found: list[int] = decoded(tiles.tile(key))[row % 256, column % 256].tolist()
    return found


def test_what_holds_nothing_is_clear(tmp_path: Path) -> None:
    pixels = quartered(600, 600)
    pixels[:, :300, :300] = 0
    path = geotiff(tmp_path / "a.tif", pixels, nodata=0)

    with ImageTiles(path) as tiles:
        assert tiles.tile(TileKey(2, 0, 0)) is None
        assert decoded(tiles.tile(TileKey(2, 1, 1)))[200, 200, 3] == 255


def test_many_bands_show_the_first_three(tmp_path: Path) -> None:
    pixels = np.concatenate([quartered(300, 300), np.full((2, 300, 300), 77, dtype=np.uint8)])
    path = geotiff(tmp_path / "a.tif", pixels, photometric="RGB")

    assert colour_at_pixel(path, 10, 10)[:3] == pytest.approx((200, 0, 0), abs=2)


def test_overviews_allow_a_look_from_farther_off(tmp_path: Path) -> None:
    zeros = np.zeros((1, 12_000, 12_000), dtype=np.uint8)
    path = geotiff(tmp_path / "a.tif", zeros, tiled=True)
    with ImageTiles(path) as plain:
        without = plain.grid.matrices[0].columns
    geotiff(path, zeros, tiled=True, overviews=[4, 16])

    with ImageTiles(path) as tiles:
        assert tiles.grid.matrices[0].columns == 1
        assert tiles.tile(TileKey(0, 0, 0)) is not None

    assert without == 3


def _no_place(path: Path) -> str:
    world_image(path, quartered(50, 50))
    return "input.image_no_place"


def _cut_off(path: Path) -> str:
    world_image(path, quartered(900, 900), UPRIGHT)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    return "input.image_cut_off"


def _only_a_head(path: Path) -> str:
    path.write_bytes(png(50, 50)[:20])
    return "input.image_cut_off"


def _damaged(path: Path) -> str:
    world_image(path, quartered(900, 900), UPRIGHT)
    raw = bytearray(path.read_bytes())
    raw[20:60] = bytes(40)
    path.write_bytes(raw)
    return "input.image_unreadable"


def _no_picture(path: Path) -> str:
    path.write_bytes(b"no picture at all")
    return "input.no_basemap"


def _lying_head(path: Path) -> str:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    whole = png(50, 50)
    path.write_bytes(
        whole[:8]
        + struct.pack(">I", 13)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + whole[33:]
    )
    path.with_suffix(".pgw").write_text("0.5\n0\n0\n-0.5\n430000\n4458000\n")
    return "input.image_too_large"


def _not_there(_path: Path) -> str:
    return "input.no_file"


@pytest.mark.parametrize(
    "make", [_no_place, _cut_off, _only_a_head, _no_picture, _lying_head, _damaged, _not_there]
)
def test_picture_that_cannot_be_used_is_refused_with_a_sentence(
    chinese_dir: Path, make: Any
) -> None:
    path = chinese_dir / "坏 图.png"
    code = make(path)

    assert refusal(path, PLANE).code == code


def test_picture_stored_as_one_giant_block_is_refused(tmp_path: Path) -> None:
    zeros = np.zeros((1, 100, 100), dtype=np.uint8)
    path = geotiff(tmp_path / "a.tif", zeros, tiled=True, blockxsize=16_400, blockysize=16_400)

    assert refusal(path).code == "input.image_one_block"


def test_old_system_is_refused_with_a_reason(tmp_path: Path) -> None:
    transform = from_origin(430_000, 4_458_000, 0.5, 0.5)
    path = geotiff(tmp_path / "a.tif", quartered(50, 50), crs="EPSG:2434", transform=transform)

    assert refusal(path).code == "input.old_datum"


def test_numbers_that_disagree_with_the_crs_are_not_believed(tmp_path: Path) -> None:
    path = geotiff(
        tmp_path / "a.tif",
        quartered(50, 50),
        crs="EPSG:4326",
        transform=from_origin(430_000, 4_458_000, 0.5, 0.5),
    )

    assert refusal(path).code in ("input.image_which_crs", "input.image_no_crs")


def test_damage_inside_is_told_when_its_tile_is_asked_for(tmp_path: Path) -> None:
    noise = np.random.default_rng(7).integers(0, 255, (3, 600, 600), dtype=np.uint8)
    path = geotiff(tmp_path / "a.tif", noise, tiled=True)
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2 :] = b"\xff" * (len(raw) - len(raw) // 2)
    path.write_bytes(raw)

    outcomes: set[object] = set()
    try:
        with ImageTiles(path) as tiles:
            for key in tiles.grid.tiles(tiles.grid.levels[-1], tiles.extent):
                try:
                    outcomes.add(tiles.tile(key) is not None)
                except InputError as fault:
                    outcomes.add(fault.code)
    except InputError as fault:
        outcomes.add(fault.code)

    assert outcomes & {"input.tiles_damaged", "input.image_unreadable"}


def test_large_picture_that_is_held_in_memory_is_held_with_fewer_pixels(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("L", (8000, 6500), 77).save(path, compress_level=1)
    path.with_suffix(".pgw").write_text("0.5\n0\n0\n-0.5\n430000\n4458000\n")

    with ImageTiles(path, PLANE) as tiles:
        finest = tiles.grid.matrices[-1]
        assert finest.px_width == pytest.approx(0.5 * math.sqrt(8000 * 6500 / 48e6), abs=1e-4)
        assert tiles.extent == pytest.approx((429_999.75, 4_454_750.25, 433_999.75, 4_458_000.25))
        assert colour_at(tiles, 432_000, 4_456_000) == [77, 77, 77, 255]


class Watching:
    """Notes how far reading has come; wants it to stop after so many steps."""

    def __init__(self, most_steps: int = 1000) -> None:
        self.steps: list[tuple[int, int]] = []
        self._most = most_steps

    def step(self, what: str, done: int, total: int) -> None:
        assert what == "progress.reading"
        self.steps.append((done, total))

    def is_cancelled(self) -> bool:
        return len(self.steps) >= self._most


def slope(path: Path) -> Path:
    """Write a picture that gets brighter from the left to the right and from the top down."""
    x, y = np.meshgrid(np.arange(300), np.arange(200))
    Image.fromarray((x // 4 + y // 2).astype(np.uint8)).save(path)
    path.with_suffix(".pgw").write_text("2\n0\n0\n-2\n430001\n4457999\n")
    return path


def test_picture_read_in_strips_has_all_its_pixels_in_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_held, "_MOST_HELD_PX", 300 * 200 // 6)
    monkeypatch.setattr(image_held, "_STRIP_PX", 7 * 300)
    watching = Watching()

    with ImageTiles(slope(tmp_path / "a.png"), PLANE, progress=watching) as tiles:
        assert tiles.grid.matrices[-1].px_width == pytest.approx(600 / 123)
        for x, y in ((20, 20), (300, 200), (580, 380), (300, 90), (100, 310)):
            found = colour_at(tiles, 430_000 + x, 4_458_000 - y)
            assert found[0] == pytest.approx(x / 8 + y / 4, abs=2)

    assert watching.steps[0] == (0, 82)
    assert len(watching.steps) > 20
    assert [done for done, _ in watching.steps] == sorted(done for done, _ in watching.steps)


def test_reading_a_large_picture_stops_when_asked_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_held, "_STRIP_PX", 10 * 300)
    watching = Watching(3)

    with pytest.raises(Cancelled):
        ImageTiles(slope(tmp_path / "a.png"), PLANE, progress=watching)

    assert watching.steps == [(0, 200), (10, 200), (20, 200)]


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured otherwise there")
def test_giant_picture_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    profile = {"driver": "GTiff", "width": 60_000, "height": 60_000, "count": 3, "dtype": "uint8"}
    with rasterio.open(
        path, "w", crs=PLANE, transform=UPRIGHT, tiled=True, sparse_ok=True, **profile
    ):
        pass
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with ImageTiles(path) as tiles:
        for level in tiles.grid.levels:
            tiles.tile(TileKey(level, 0, 0))

    # The picture has 10.8 GB; kilobytes are counted.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000


def test_nothing_is_written_beside_the_picture(chinese_dir: Path) -> None:
    path = geotiff(chinese_dir / "a.tif", quartered(700, 500).astype(np.uint16) * 9)
    with ImageTiles(path) as tiles:
        tiles.tile(TileKey(0, 0, 0))

    assert [file.name for file in chinese_dir.iterdir()] == ["a.tif"]


@pytest.mark.parametrize("gap", [slice(0, 10), slice(190, 200)], ids=["first", "last"])
def test_a_gap_in_one_strip_alone_is_a_gap_there_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gap: slice
) -> None:
    monkeypatch.setattr(image_held, "_STRIP_PX", 20 * 300)
    path = tmp_path / "a.png"
    numbers = np.ones((200, 300), dtype=np.uint8)
    numbers[gap] = 0
    picture = Image.fromarray(numbers, mode="P")
    picture.putpalette([0, 0, 0, 200, 100, 50])
    picture.save(path, transparency=0)
    path.with_suffix(".pgw").write_text("1\n0\n0\n-1\n430000.5\n4457999.5\n", encoding="ascii")

    with ImageTiles(path, PLANE) as tiles:
        inside = colour_at(tiles, 430_150, 4_458_000 - 100)
        clear = colour_at(tiles, 430_150, 4_458_000 - (gap.start + 5))

    assert inside == [200, 100, 50, 255]
    assert clear[3] == 0
