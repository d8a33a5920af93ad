"""Base maps below the areas, of every kind that lies on a disk."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import shapely
from pyproj import Transformer
from PySide6.QtGui import QImage
from rasterio.transform import from_origin

from tests.cli.boundaries import X0, Y0, boundary_file
from tests.cli.runner import run
from tests.tiles.made_up_images import geotiff, quartered, world_image
from tests.tiles.made_up_tiles import png, write_tiles

UNFILLED = re.compile(r"\{[a-z_]+\}")
CORNER = from_origin(X0 - 100, Y0 + 300, 0.5, 0.5)
"""Half a metre a pixel; 800 pixels cover the four grids and 100 m around them."""


def rendered(project: Path, *options: object) -> QImage:
    out = project.parent / "图 片.png"
    ran = run("render", project, out, "--size", "400x400", *options)
    assert ran.code == 0, ran.err
    image = QImage(str(out))
    assert not image.isNull()
    return image


def assert_quarters_around(image: QImage) -> None:
    """Red, green, blue and white show in the corners, beside the areas."""
    hues = []
    for x, y in ((4, 4), (396, 4), (4, 396)):
        hues.append(image.pixelColor(x, y).hsvHue())
        assert image.pixelColor(x, y).hsvSaturation() > 60
    assert (hues[0] < 15 or hues[0] > 345, 90 < hues[1] < 150, 210 < hues[2] < 270) == (
        True, True, True,
    )  # fmt: skip
    assert image.pixelColor(396, 396).hsvSaturation() < 20


def _tiff(folder: Path) -> list[object]:
    return [geotiff(folder / "航 片.tif", quartered(800, 800), crs="EPSG:4549", transform=CORNER)]


def _lon_lat_tiff(folder: Path) -> list[object]:
    to_degrees = Transformer.from_crs(4549, 4490, always_xy=True)
    west, north = to_degrees.transform(X0 - 100, Y0 + 300)
    east, south = to_degrees.transform(X0 + 300, Y0 - 100)
    transform = from_origin(west, north, (east - west) / 800, (north - south) / 800)
    return [geotiff(folder / "b.tif", quartered(800, 800), crs="EPSG:4490", transform=transform)]


def _photo(folder: Path) -> list[object]:
    path = world_image(folder / "航片.jpg", quartered(800, 800), CORNER)
    return [path, "--basemap-crs", "EPSG:4549"]


def _overlay(folder: Path) -> list[object]:
    world_image(folder / "a.png", quartered(800, 800))
    to_degrees = Transformer.from_crs(4549, 4326, always_xy=True)
    west, north = to_degrees.transform(X0 - 100, Y0 + 300)
    east, south = to_degrees.transform(X0 + 300, Y0 - 100)
    path = folder / "规划.kml"
    path.write_text(
        f"<kml><GroundOverlay><Icon><href>a.png</href></Icon><LatLonBox><north>{north}</north>"
        f"<south>{south}</south><east>{east}</east><west>{west}</west></LatLonBox>"
        "</GroundOverlay></kml>",
        encoding="utf-8",
    )
    return [path]


@pytest.mark.parametrize("make", [_tiff, _lon_lat_tiff, _photo, _overlay])
def test_picture_lies_below_the_areas(four_grids: Path, make: object) -> None:
    options = make(four_grids.parent)  # type: ignore[operator]

    assert_quarters_around(rendered(four_grids, "--basemap", *options))


def _tiles_around() -> list[tuple[int, int, int, bytes]]:
    x, y = Transformer.from_crs(4549, 3857, always_xy=True).transform(X0 + 100, Y0 + 100)
    side_m = 2 * 20_037_508.342789244 / 2**17
    column, row = int((x + 20_037_508.34) / side_m), int((20_037_508.34 - y) / side_m)
    near = range(-2, 3)
    return [(17, column + i, row + j, png(256, 256, 30)) for i in near for j in near]


def _folder(folder: Path) -> Path:
    for level, column, row, content in _tiles_around():
        file = folder / "瓦 片" / str(level) / str(column) / f"{row}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder / "瓦 片"


def _package(folder: Path) -> Path:
    return write_tiles(folder / "瓦片.mbtiles", _tiles_around(), {"name": "a"})


@pytest.mark.parametrize("make", [_folder, _package])
def test_tiles_lie_below_the_areas(four_grids: Path, make: object) -> None:
    basemap = make(four_grids.parent)  # type: ignore[operator]

    bare = rendered(four_grids)
    image = rendered(four_grids, "--basemap", basemap)

    assert image.pixelColor(2, 2).lightness() < bare.pixelColor(2, 2).lightness() - 60


def test_every_case_of_other_makers_gives_a_picture_or_a_sentence(
    shared_data: Path, four_grids: Path
) -> None:
    codes = {}
    for path in sorted((shared_data / "mbtiles-cases").iterdir()):
        out = four_grids.parent / "图.png"
        for lang in ("zh", "en"):
            ran = run("render", four_grids, out, "--size", "200x200", "--basemap", path, lang=lang)
            assert "Traceback" not in ran.err
            assert not UNFILLED.search(ran.err), ran.err
            assert out.exists() is (ran.code == 0)
            if ran.code:
                assert path.name in ran.err
            out.unlink(missing_ok=True)
            codes[path.name] = ran.code

    assert codes == {
        "consbio_geography-class-png-no-bounds.mbtiles": 0,
        "consbio_invalid-tile-format.mbtiles": 2,
        "consbio_invalid.mbtiles": 2,
        "consbio_world_cities.mbtiles": 2,
        "nga_tiles_3857.gpkg": 0,
        "nga_tiles_in_4326.gpkg": 0,
        "node_corrupt.mbtiles": 2,
        "node_corrupt_null_tile.mbtiles": 0,
        "node_plain_1.mbtiles": 0,
        "node_some-empty-tiles.mbtiles": 0,
        "node_unindexed.mbtiles": 0,
        "node_with spaces.mbtiles": 2,
    }


@pytest.mark.parametrize(
    ("name", "epsg", "lon", "lat", "side_m"),
    [
        ("nga_tiles_3857.gpkg", 32613, -104.8379, 39.6580, 900.0),
        ("nga_tiles_in_4326.gpkg", 32604, -158.0, 62.0, 60_000.0),
    ],
)
def test_tiles_of_a_geopackage_are_shown_where_they_lie(
    shared_data: Path, project: Path, name: str, epsg: int, lon: float, lat: float, side_m: float
) -> None:
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)
    square = shapely.box(x, y, x + side_m, y + side_m)
    rows = [({"code": "1", "name": "虚构社区"}, square)]
    land = boundary_file(project.parent / "社区.gpkg", rows, crs=f"EPSG:{epsg}")
    ran = run("import", project, land, "--level", "community")
    assert ran.code == 0, ran.err

    bare = rendered(project)
    image = rendered(project, "--basemap", shared_data / "mbtiles-cases" / name)

    changed = [
        (x, y)
        for x in range(0, 400, 20)
        for y in range(0, 400, 20)
        if image.pixelColor(x, y) != bare.pixelColor(x, y)
    ]
    assert len(changed) > 300


def test_base_map_of_another_place_is_told_and_the_areas_are_painted(four_grids: Path) -> None:
    elsewhere = geotiff(
        four_grids.parent / "a.tif",
        quartered(50, 50),
        crs="EPSG:4549",
        transform=from_origin(X0 + 90_000, Y0, 0.5, 0.5),
    )
    out = four_grids.parent / "图.png"

    ran = run("render", four_grids, out, "--size", "200x200", "--basemap", elsewhere)

    assert ran.code == 0
    assert "has nothing around here" in ran.err


def test_base_map_with_nothing_but_damaged_tiles_is_refused(four_grids: Path) -> None:
    tiles = [(17, x, y, content[:-30]) for _, x, y, content in _tiles_around()]
    path = write_tiles(four_grids.parent / "坏 图.mbtiles", tiles)
    out = four_grids.parent / "图.png"

    ran = run("render", four_grids, out, "--size", "200x200", "--basemap", path)

    assert ran.code == 2
    assert "坏 图.mbtiles" in ran.err
    assert not out.exists()


def test_picture_without_a_crs_is_asked_about(four_grids: Path) -> None:
    photo = world_image(four_grids.parent / "航片.jpg", quartered(80, 80), CORNER)
    out = four_grids.parent / "图.png"

    ran = run("render", four_grids, out, "--size", "200x200", "--basemap", photo)

    assert ran.code == 2
    assert "--basemap-crs" in ran.err


def test_crs_that_is_none_is_refused(four_grids: Path) -> None:
    photo = world_image(four_grids.parent / "航片.jpg", quartered(80, 80), CORNER)
    options = ("--basemap", photo, "--basemap-crs", "somewhere")

    ran = run("render", four_grids, four_grids.parent / "a.png", "--size", "200x200", *options)

    assert ran.code == 2
    assert "somewhere" in ran.err


def test_base_map_is_left_as_it_was(four_grids: Path) -> None:
    path = Path(shutil.copy(_tiff(four_grids.parent)[0], four_grids.parent / "b.tif"))  # type: ignore[call-overload]
    before = path.read_bytes()

    rendered(four_grids, "--basemap", path)

    assert path.read_bytes() == before
    assert not [f for f in four_grids.parent.iterdir() if f.suffix in (".xml", ".ovr", ".msk")]


def test_tiles_with_a_hidden_datum_are_moved(four_grids: Path) -> None:
    tiles = _tiles_around()
    plain = write_tiles(four_grids.parent / "a.mbtiles", tiles, {"name": "a"})
    one = [(level, x, y, content) for level, x, y, content in tiles][12:13]
    small = write_tiles(four_grids.parent / "b.mbtiles", one, {"gridadmin_datum": "gcj02"})

    here = rendered(four_grids, "--basemap", plain)
    ran = run("render", four_grids, four_grids.parent / "c.png", "--size", "400x400",
              "--basemap", small)  # fmt: skip

    assert here.pixelColor(200, 2).lightness() < 120
    # 市南 is some 500 m off in GCJ-02: the one tile of 300 m lies beside the areas.
    assert "has nothing around here" in ran.err
