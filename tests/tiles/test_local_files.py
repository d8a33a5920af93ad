"""GeoPackage tiles, folders of tiles, overlays: what lies on the disk and how it is recognised."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from pyproj import CRS, Transformer
from rasterio.transform import from_origin

from gridadmin.base.errors import InputError
from gridadmin.base.texts import LANGUAGES, explain
from gridadmin.tiles.folder import FolderTiles
from gridadmin.tiles.geopackage import GeoPackageTiles
from gridadmin.tiles.grid import TileKey
from gridadmin.tiles.image import ImageTiles
from gridadmin.tiles.mbtiles import MBTiles
from gridadmin.tiles.opening import datum_of, kind_of, open_local, open_source
from gridadmin.tiles.picture import require_picture
from gridadmin.tiles.placement import Placement
from gridadmin.tiles.source import Datum, Kind, Source
from tests.tiles.made_up_images import decoded, geotiff, quartered, world_image
from tests.tiles.made_up_tiles import PNG, png, write_tiles

CASES = "mbtiles-cases"
REFUSED = {
    "consbio_invalid-tile-format.mbtiles": "input.tiles_unknown_format",
    "consbio_invalid.mbtiles": "input.tiles_no_table",
    "consbio_world_cities.mbtiles": "input.tiles_vector",
    "node_corrupt.mbtiles": "input.tiles_damaged",
    "node_with spaces.mbtiles": "input.tiles_empty",
}


def refusal(path: Path) -> InputError:
    with pytest.raises(InputError) as refused:
        open_local(path)
    for lang in LANGUAGES:
        sentence = explain(refused.value, lang)
        assert path.name in sentence
        assert "{" not in sentence
    return refused.value


def test_every_case_of_other_makers_gives_a_picture_or_a_sentence(shared_data: Path) -> None:
    told, shown = {}, set()

    for path in sorted((shared_data / CASES).iterdir()):
        if path.name in REFUSED:
            told[path.name] = refusal(path).code
            continue
        with open_local(path) as tiles:
            level = tiles.grid.levels[0]
            contents = [tiles.tile(key) for key in tiles.grid.tiles(level, tiles.extent)]
            for content in contents:
                assert content is None or require_picture(content).width_px > 0
            assert any(contents)
            shown.add(path.name)

    assert told == REFUSED
    assert len(shown) == 7


@pytest.fixture
def arctic(shared_data: Path) -> Path:
    return shared_data / CASES / "nga_tiles_in_4326.gpkg"


def test_geopackage_in_degrees_has_its_own_levels(arctic: Path) -> None:
    with GeoPackageTiles(arctic) as tiles:
        assert tiles.grid.crs == "EPSG:4326"
        assert tiles.grid.levels == (4,)
        assert tiles.extent == (-180.0, 45.0, -135.0, 90.0)
        matrix = tiles.grid.matrix(4)
        assert (matrix.columns, matrix.rows, matrix.tile_width) == (2, 2, 450)
        assert tiles.grid.box(TileKey(4, 1, 1)) == (-157.5, 45.0, -135.0, 67.5)
        content = tiles.tile(TileKey(4, 1, 1))
        assert content is not None
        assert require_picture(content).width_px == 450
        assert tiles.tile(TileKey(4, 2, 0)) is None


def test_geopackage_in_web_mercator_is_measured_by_its_tiles(shared_data: Path) -> None:
    with GeoPackageTiles(shared_data / CASES / "nga_tiles_3857.gpkg") as tiles:
        assert tiles.grid.levels == (16,)
        assert tiles.name == "denver"
        # Its table of contents gives degrees in place of metres.
        assert tiles.extent == pytest.approx(
            (-11_672_240, 4_814_310, -11_668_571, 4_818_590), abs=1
        )
        assert tiles.tile(TileKey(16, 13_682, 24_890)) is not None


def test_tiles_in_degrees_lie_where_proj_has_them(arctic: Path) -> None:
    plane = CRS.from_epsg(32604)
    to_plane = Transformer.from_crs(4326, plane, always_xy=True)
    x, y = to_plane.transform(-157.5, 60.0)

    with GeoPackageTiles(arctic) as tiles:
        cover = Placement(plane, tiles.grid).cover(
            (x - 200_000, y - 200_000, x + 200_000, y + 200_000), 800.0, within=tiles.extent
        )

    assert cover is not None
    assert [(key.column, key.row) for key in cover.tiles()] == [(0, 1), (1, 1)]
    assert cover.pieces > 1
    n = cover.pieces
    expected = to_plane.transform(-157.5, 67.5)
    assert cover.corners_m[0, n] == pytest.approx(expected, abs=0.01)
    half = to_plane.transform(-157.5 + 22.5 / n, 67.5 - 22.5 / n)
    assert cover.corners_m[1, n + 1] == pytest.approx(half, abs=0.01)


def _changed(shared_data: Path, folder: Path, sql: str) -> Path:
    path = Path(shutil.copy(shared_data / CASES / "nga_tiles_in_4326.gpkg", folder / "改 过.gpkg"))
    path.chmod(0o644)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(sql)
    return path


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE gpkg_contents SET data_type = 'features'", "input.tiles_no_table"),
        ("UPDATE gpkg_contents SET data_type = 'vector-tiles'", "input.tiles_vector"),
        ("DELETE FROM imagery", "input.tiles_empty"),
        ("UPDATE imagery SET tile_data = x'1a0568'", "input.tiles_vector"),
        ("UPDATE imagery SET tile_data = 'text'", "input.tiles_unknown_format"),
        ("DELETE FROM gpkg_tile_matrix_set", "input.tiles_no_crs"),
        ("UPDATE gpkg_tile_matrix_set SET srs_id = 0", "input.tiles_no_crs"),
        ("UPDATE gpkg_tile_matrix_set SET srs_id = -1", "input.tiles_no_crs"),
        ("DELETE FROM gpkg_spatial_ref_sys", "input.tiles_no_crs"),
        ("UPDATE gpkg_tile_matrix SET tile_width = 100000", "input.tiles_bad_matrix"),
        ("UPDATE gpkg_tile_matrix SET pixel_x_size = 'wide'", "input.tiles_bad_matrix"),
        ("UPDATE gpkg_tile_matrix SET pixel_y_size = -1", "input.tiles_bad_matrix"),
        ("UPDATE gpkg_tile_matrix SET zoom_level = 9", "input.tiles_empty"),
        ("DROP TABLE gpkg_tile_matrix", "input.tiles_damaged"),
        ("UPDATE imagery SET tile_column = 'x' || id", "input.tiles_empty"),
    ],
)
def test_geopackage_with_unsound_tables_is_refused_with_a_sentence(
    shared_data: Path, chinese_dir: Path, sql: str, code: str
) -> None:
    assert (
        refusal(_changed(shared_data, chinese_dir, f"PRAGMA foreign_keys=OFF; {sql};")).code == code
    )


def test_geopackage_with_an_unknown_crs_is_refused(shared_data: Path, chinese_dir: Path) -> None:
    sql = (
        "UPDATE gpkg_spatial_ref_sys SET organization='X', definition='LOCAL[1]' WHERE srs_id=4326"
    )

    with pytest.raises(InputError) as refused:
        open_local(_changed(shared_data, chinese_dir, sql))

    assert refused.value.code == "basemap.unknown_crs"


def test_geopackage_with_a_hostile_table_name_is_read(shared_data: Path, chinese_dir: Path) -> None:
    name = 'a"; DROP TABLE x; --'
    sql = f"""
        PRAGMA foreign_keys = OFF;
        ALTER TABLE imagery RENAME TO "{name.replace('"', '""')}";
        UPDATE gpkg_contents SET table_name = '{name}', identifier = '{name}';
        UPDATE gpkg_tile_matrix_set SET table_name = '{name}';
        UPDATE gpkg_tile_matrix SET table_name = '{name}';
    """

    with GeoPackageTiles(_changed(shared_data, chinese_dir, sql)) as tiles:
        assert tiles.tile(TileKey(4, 1, 1)) is not None


def folder_of(path: Path, tiles: dict[tuple[int, int, int], bytes], suffix: str = ".png") -> Path:
    for (level, column, row), content in tiles.items():
        file = path / str(level) / str(column) / f"{row}{suffix}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return path


def test_folder_of_tiles_is_read_from_the_north(chinese_dir: Path) -> None:
    tiles = {(15, 25_866, 12_378): png(256, 256, 10), (16, 51_733, 24_757): png(256, 256, 90)}
    path = folder_of(chinese_dir / "瓦 片", tiles)

    with FolderTiles(path) as found:
        assert found.name == "瓦 片"
        assert found.grid.levels == (15, 16)
        assert found.tile(TileKey(15, 25_866, 12_378)) == png(256, 256, 10)
        assert found.tile(TileKey(15, 25_866, 12_379)) is None
        assert found.tile(TileKey(3, 0, 0)) is None
        assert found.extent == pytest.approx(found.grid.box(TileKey(15, 25_866, 12_378)))


def test_folder_counted_from_the_south_says_so_beside_it(chinese_dir: Path) -> None:
    path = folder_of(chinese_dir / "tms", {(1, 0, 0): PNG}, ".jpg")
    (path / "tilemapresource.xml").write_text(
        '<TileMap><TileSets profile="mercator"/></TileMap>', encoding="utf-8"
    )

    with FolderTiles(path) as found:
        assert found.tile(TileKey(1, 0, 1)) == PNG
        assert found.tile(TileKey(1, 0, 0)) is None
        assert found.extent == pytest.approx((-20_037_508.34, -20_037_508.34, 0, 0), abs=0.01)


def test_folder_in_degrees_says_so_beside_it(chinese_dir: Path) -> None:
    path = folder_of(chinese_dir / "tms", {(0, 1, 0): PNG})
    (path / "tilemapresource.xml").write_text(
        '<TileMap><TileSets profile="global-geodetic"/></TileMap>', encoding="utf-8"
    )

    with FolderTiles(path) as found:
        assert found.grid.crs == "EPSG:4326"
        assert found.extent == (0.0, -90.0, 180.0, 90.0)


@pytest.mark.parametrize(
    ("tiles", "suffix", "code"),
    [
        ({}, ".png", "input.folder_no_tiles"),
        ({(3, 1, 1): PNG}, ".txt", "input.folder_no_tiles"),
        ({(3, 1, 1): b"\x1a\x02x"}, ".pbf", "input.tiles_vector"),
        ({(3, 1, 1): b"\x1f\x8b\x08"}, ".png", "input.tiles_vector"),
        ({(3, 1, 1): b"text"}, ".png", "input.tiles_unknown_format"),
        ({(99, 1, 1): PNG}, ".png", "input.folder_no_tiles"),
    ],
)
def test_folder_without_tiles_is_refused_with_a_sentence(
    chinese_dir: Path, tiles: dict[tuple[int, int, int], bytes], suffix: str, code: str
) -> None:
    path = folder_of(chinese_dir / "空", tiles, suffix)
    path.mkdir(exist_ok=True)

    assert refusal(path).code == code


def test_entities_in_the_description_of_a_folder_are_not_unfolded(chinese_dir: Path) -> None:
    path = folder_of(chinese_dir / "tms", {(1, 0, 0): PNG})
    (path / "tilemapresource.xml").write_text(
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', encoding="utf-8"
    )

    with pytest.raises(InputError) as refused:
        open_local(path)

    assert refused.value.code == "input.unreadable"


def test_files_are_recognised_by_what_they_are(chinese_dir: Path, shared_data: Path) -> None:
    package = shared_data / CASES / "nga_tiles_in_4326.gpkg"
    files = {
        write_tiles(chinese_dir / "a.sqlite", [(1, 0, 0, PNG)]): Kind.MBTILES,
        Path(shutil.copy(package, chinese_dir / "b.db")): Kind.GEOPACKAGE,
        package: Kind.GEOPACKAGE,
        folder_of(chinese_dir / "c", {(1, 0, 0): PNG}): Kind.FOLDER,
        geotiff(chinese_dir / "d.dat", quartered(50, 50)): Kind.IMAGE,
    }

    found = {}
    for path in files:
        with open_local(path) as tiles:
            found[path] = kind_of(tiles)

    assert found == files


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.mbtiles", b"text", "input.tiles_not_sqlite"),
        ("a.gpkg", b"", "input.tiles_not_sqlite"),
        ("a.txt", b"text", "input.no_basemap"),
        ("a.vrt", b"<VRTDataset/>", "input.no_basemap"),
        ("a.wms", b"<GDAL_WMS/>", "input.no_basemap"),
        ("a.kml", b"<kml", "input.unreadable"),
        ("a.kmz", b"PK", "input.unreadable"),
    ],
)
def test_what_is_no_base_map_is_told(
    chinese_dir: Path, name: str, content: bytes, code: str
) -> None:
    path = chinese_dir / name
    path.write_bytes(content)

    assert refusal(path).code == code


def test_source_on_the_disk_is_opened_with_what_it_declares(chinese_dir: Path) -> None:
    photo = world_image(chinese_dir / "a.jpg", quartered(50, 50), from_origin(530_000, 4e6, 1, 1))
    source = Source("a", "a", Kind.IMAGE, str(photo), crs="EPSG:4549")

    with open_source(source) as tiles:
        assert tiles.grid.crs == "EPSG:4549"
        assert tiles.extent == (530_000.0, 3_999_950.0, 530_050.0, 4_000_000.0)


@pytest.mark.parametrize(("crs", "datum"), [("gcj02", Datum.GCJ02), ("BD09", Datum.BD09)])
def test_shifted_tiles_are_told_to_be_so(tmp_path: Path, crs: str, datum: Datum) -> None:
    path = write_tiles(tmp_path / "a.mbtiles", [(1, 0, 0, PNG)])
    folder = folder_of(tmp_path / "b", {(1, 0, 0): PNG})

    for one in (path, folder):
        with open_local(one, crs) as tiles:
            assert tiles.datum is datum


def test_crs_for_a_map_that_says_its_own_is_refused(tmp_path: Path) -> None:
    path = write_tiles(tmp_path / "a.mbtiles", [(1, 0, 0, PNG)])

    with pytest.raises(InputError) as refused:
        open_local(path, "EPSG:4549")

    assert refused.value.code == "input.basemap_has_crs"


def test_declared_datum_overrules_the_file(tmp_path: Path) -> None:
    path = write_tiles(tmp_path / "a.mbtiles", [(1, 0, 0, PNG)], {"gridadmin_datum": "gcj02"})
    plain = Source("a", "a", Kind.MBTILES, str(path))
    shifted = Source("a", "a", Kind.MBTILES, str(path), datum=Datum.BD09)

    with MBTiles(path) as tiles:
        assert tiles.datum is Datum.GCJ02
        assert datum_of(plain, tiles) is Datum.GCJ02
        assert datum_of(shifted, tiles) is Datum.BD09


BOX = "<north>40.30</north><south>40.28</south><east>104.04</east><west>104.00</west>"


def kml(overlay: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document>{overlay}</Document></kml>"
    )


def overlay(href: str, place: str = f"<LatLonBox>{BOX}</LatLonBox>") -> str:
    return (
        f"<GroundOverlay><name>规划图</name><Icon><href>{href}</href></Icon>{place}</GroundOverlay>"
    )


def picture_at(tiles: ImageTiles, lon: float, lat: float) -> list[int]:
    level = tiles.grid.levels[-1]
    key = tiles.grid.key_at(level, lon, lat)
    left, _, _, top = tiles.grid.box(key)
    matrix = tiles.grid.matrix(level)
    row, column = int((top - lat) / matrix.px_height), int((lon - left) / matrix.px_width)
    found: list[int] = decoded(tiles.tile(key))[row, column].tolist()
    return found


def test_ground_overlay_lies_in_its_box(chinese_dir: Path) -> None:
    world_image(chinese_dir / "规划 图.png", quartered(400, 200))
    path = chinese_dir / "图.kml"
    path.write_text(kml(overlay("规划%20图.png")), encoding="utf-8")

    with open_local(path) as tiles:
        assert isinstance(tiles, ImageTiles)
        assert tiles.name == "规划图"
        assert tiles.datum is Datum.WGS84
        assert tiles.extent == pytest.approx((104.0, 40.28, 104.04, 40.30))
        assert picture_at(tiles, 104.005, 40.297) == [200, 0, 0, 255]
        assert picture_at(tiles, 104.035, 40.297) == [0, 150, 0, 255]
        assert picture_at(tiles, 104.005, 40.283) == [0, 0, 250, 255]


def test_overlay_in_an_archive_is_read(chinese_dir: Path) -> None:
    picture = world_image(chinese_dir / "a.jpg", quartered(400, 200))
    path = chinese_dir / "图.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("doc.kml", kml(overlay("files/a.jpg")))
        archive.write(picture, "files/a.jpg")

    with open_local(path) as tiles:
        assert isinstance(tiles, ImageTiles)
        assert picture_at(tiles, 104.005, 40.297)[:3] == pytest.approx([200, 0, 0], abs=4)


def test_turned_overlay_is_turned_about_its_middle(chinese_dir: Path) -> None:
    world_image(chinese_dir / "a.png", quartered(400, 200))
    path = chinese_dir / "a.kml"
    turned = f"<LatLonBox>{BOX}<rotation>180</rotation></LatLonBox>"
    path.write_text(kml(overlay("a.png", turned)), encoding="utf-8")

    with open_local(path) as tiles:
        assert isinstance(tiles, ImageTiles)
        assert picture_at(tiles, 104.005, 40.297) == [255, 255, 255, 255]
        assert picture_at(tiles, 104.035, 40.283) == [200, 0, 0, 255]


def test_overlay_between_four_corners(chinese_dir: Path) -> None:
    world_image(chinese_dir / "a.png", quartered(400, 200))
    path = chinese_dir / "a.kml"
    corners = "104.00,40.28,0 104.04,40.28,0 104.05,40.30,0 104.01,40.30,0"
    quad = f"<LatLonQuad><coordinates>{corners}</coordinates></LatLonQuad>"
    path.write_text(kml(overlay("a.png", quad)), encoding="utf-8")

    with open_local(path) as tiles:
        assert isinstance(tiles, ImageTiles)
        assert picture_at(tiles, 104.015, 40.297) == [200, 0, 0, 255]
        assert picture_at(tiles, 104.035, 40.283) == [255, 255, 255, 255]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (kml(""), "input.overlay_none"),
        (kml(overlay("a.png") * 2), "input.overlay_several"),
        (kml(overlay("http://a/b.png")), "input.overlay_remote"),
        (kml(overlay("missing.png")), "input.overlay_no_picture"),
        (kml(overlay("../secret.png")), "input.overlay_no_picture"),
        (kml(overlay("/etc/passwd")), "input.overlay_no_picture"),
        (kml(overlay("a.kml")), "input.overlay_no_picture"),
        (kml(overlay("")), "input.overlay_no_picture"),
        (kml(overlay("a.png", "")), "input.overlay_no_box"),
        (kml(overlay("a.png", "<LatLonBox><north>x</north></LatLonBox>")), "input.overlay_no_box"),
        (kml(overlay("a.png", "<LatLonQuad><coordinates>1,2 3</coordinates></LatLonQuad>")),
         "input.overlay_no_box"),
        ('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><kml>&b;</kml>',
         "input.unreadable"),
    ],
)  # fmt: skip
def test_unsound_overlay_is_refused_with_a_sentence(
    chinese_dir: Path, text: str, code: str
) -> None:
    (chinese_dir / "inner").mkdir()
    world_image(chinese_dir / "secret.png", quartered(40, 20))
    world_image(chinese_dir / "inner" / "a.png", quartered(40, 20))
    path = chinese_dir / "inner" / "a.kml"
    path.write_text(text, encoding="utf-8")

    assert refusal(path).code == code


def test_archive_that_unpacks_to_gigabytes_is_refused(chinese_dir: Path) -> None:
    path = chinese_dir / "a.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b"<kml>" + b" " * (17 * 2**20))

    assert refusal(path).code == "input.overlay_too_large"
