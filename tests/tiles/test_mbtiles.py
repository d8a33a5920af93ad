"""Reading MBTiles: what a file says and holds, and a clear sentence for what can't be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from gridadmin.base.errors import InputError
from gridadmin.base.texts import LANGUAGES, explain
from gridadmin.tiles.grid import TileKey, degrees_of_box
from gridadmin.tiles.mbtiles import MBTiles
from tests.tiles.made_up_tiles import PNG, write_tiles

CASES = (
    "consbio_geography-class-png-no-bounds",
    "consbio_invalid-tile-format",
    "consbio_invalid",
    "consbio_world_cities",
    "node_corrupt",
    "node_corrupt_null_tile",
    "node_plain_1",
    "node_some-empty-tiles",
    "node_unindexed",
    "node_with spaces",
)
REFUSED = {
    "consbio_invalid-tile-format": "input.tiles_unknown_format",
    "consbio_invalid": "input.tiles_no_table",
    "consbio_world_cities": "input.tiles_vector",
    "node_corrupt": "input.tiles_damaged",
    "node_with spaces": "input.tiles_empty",
}


def _refusal(path: Path) -> InputError:
    with pytest.raises(InputError) as refused:
        MBTiles(path)
    return refused.value


def test_tiles_are_asked_by_rows_from_the_north(chinese_dir: Path) -> None:
    north, south = PNG + b" north", PNG + b" south"
    path = write_tiles(chinese_dir / "底图 一.mbtiles", [(1, 0, 0, north), (1, 1, 1, south)])

    with MBTiles(path) as file:
        assert file.tile(TileKey(1, 0, 0)) == north
        assert file.tile(TileKey(1, 1, 1)) == south
        assert file.tile(TileKey(1, 1, 0)) is None
        assert file.tile(TileKey(7, 3, 3)) is None


def test_file_tells_its_name_place_and_source(chinese_dir: Path) -> None:
    said = {
        "name": "示例底图",
        "attribution": "虚构来源",
        "bounds": "104.1,30.5,104.3,30.7",
        "minzoom": "3",
        "maxzoom": "5",
    }
    path = write_tiles(chinese_dir / "底图.mbtiles", [(3, 6, 3, PNG), (5, 25, 13, PNG)], said)

    with MBTiles(path) as file:
        assert file.name == "示例底图"
        assert file.attribution == "虚构来源"
        assert degrees_of_box(file.extent) == pytest.approx((104.1, 30.5, 104.3, 30.7))
        assert file.grid.levels == (3, 5)


def test_file_that_says_nothing_is_named_after_itself_and_measured(chinese_dir: Path) -> None:
    path = write_tiles(chinese_dir / "旧底图.mbtiles", [(2, 3, 1, PNG), (2, 3, 2, PNG)])

    with MBTiles(path) as file:
        assert file.name == "旧底图"
        assert file.attribution == ""
        assert file.grid.levels == (2,)
        assert degrees_of_box(file.extent) == pytest.approx(
            (90.0, -66.51326, 180.0, 66.51326), abs=1e-5
        )


@pytest.mark.parametrize(
    "bounds", ["", "1,2,3", "a,b,c,d", "10,20,5,30", "0,0,nan,nan", "-500,0,500,10"]
)
def test_senseless_bounds_are_replaced_by_measured_ones(tmp_path: Path, bounds: str) -> None:
    path = write_tiles(tmp_path / "a.mbtiles", [(0, 0, 0, PNG)], {"bounds": bounds})

    with MBTiles(path) as file:
        assert degrees_of_box(file.extent) == pytest.approx(
            (-180.0, -85.05113, 180.0, 85.05113), abs=1e-5
        )


@pytest.mark.parametrize("zooms", [("9", "12"), ("x", "y"), ("-3", "99999999")])
def test_wrong_zooms_in_the_metadata_are_put_right(tmp_path: Path, zooms: tuple[str, str]) -> None:
    said = dict(zip(("minzoom", "maxzoom"), zooms, strict=True))
    path = write_tiles(tmp_path / "a.mbtiles", [(4, 1, 1, PNG), (6, 1, 1, PNG)], said)

    with MBTiles(path) as file:
        assert file.grid.levels == (4, 6)


def test_metadata_that_is_no_text_does_no_harm(tmp_path: Path) -> None:
    path = write_tiles(tmp_path / "a.mbtiles", [(0, 0, 0, PNG)], {"name": "x"})
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE metadata SET value = CAST(x'fffe41' AS TEXT)")
        connection.execute("INSERT INTO metadata VALUES (NULL, 5), ('attribution', NULL)")

    with MBTiles(path) as file:
        assert file.name == "\ufffd\ufffdA"
        assert file.attribution == ""


@pytest.mark.parametrize("data", [None, b"", "text", 7])
def test_tile_without_a_picture_is_none(tmp_path: Path, data: object) -> None:
    path = write_tiles(tmp_path / "a.mbtiles", [(1, 0, 0, PNG), (1, 1, 0, data)])

    with MBTiles(path) as file:
        assert file.tile(TileKey(1, 1, 0)) is None


def _text(path: Path) -> None:
    path.write_text("这不是数据库", encoding="utf-8")


def _no_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE other (a)")


def _wrong_columns(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE tiles (a)")


def _said_vector(path: Path) -> None:
    write_tiles(path, [(0, 0, 0, PNG)], {"format": "pbf"})


def _packed_vector(path: Path) -> None:
    write_tiles(path, [(0, 0, 0, b"\x1f\x8b\x08\x00packed")], {})


def _odd_pictures(path: Path) -> None:
    write_tiles(path, [(0, 0, 0, b"BM bitmap")], {"format": "png"})


def _no_tile(path: Path) -> None:
    write_tiles(path, [(0, 0, 0, None)], {})


def _odd_zoom(path: Path) -> None:
    write_tiles(path, [(30, 0, 0, PNG)], {})


def _cut_off(path: Path) -> None:
    write_tiles(path, [(8, x, y, PNG * 40) for x in range(40) for y in range(20)])
    path.write_bytes(path.read_bytes()[:6000])


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (_text, "input.tiles_not_sqlite"),
        (_no_table, "input.tiles_no_table"),
        (_wrong_columns, "input.tiles_damaged"),
        (_said_vector, "input.tiles_vector"),
        (_packed_vector, "input.tiles_vector"),
        (_odd_pictures, "input.tiles_unknown_format"),
        (_no_tile, "input.tiles_empty"),
        (_odd_zoom, "input.tiles_empty"),
        (_cut_off, "input.tiles_damaged"),
        (Path.mkdir, "input.is_folder"),
        (lambda _path: None, "input.no_file"),
    ],
)
def test_file_that_cannot_be_used_is_refused_with_a_sentence(
    chinese_dir: Path, make: Callable[[Path], None], code: str
) -> None:
    path = chinese_dir / "坏 底图.mbtiles"
    make(path)

    refusal = _refusal(path)

    assert refusal.code == code
    for lang in LANGUAGES:
        assert "坏 底图.mbtiles" in explain(refusal, lang)
        assert "{" not in explain(refusal, lang)


def test_damage_inside_is_told_when_its_tile_is_asked_for(tmp_path: Path) -> None:
    said = {"minzoom": "8", "maxzoom": "8", "bounds": "-180,0,-90,85"}
    path = write_tiles(tmp_path / "a.mbtiles", [(8, x, 0, PNG * 90) for x in range(60)], said)
    raw = bytearray(path.read_bytes())
    raw[-4096:] = b"\xff" * 4096
    path.write_bytes(raw)

    with MBTiles(path) as file, pytest.raises(InputError) as refused:
        file.tile(TileKey(8, 59, 0))

    assert refused.value.code == "input.tiles_damaged"


def test_reading_leaves_nothing_beside_the_file_and_nothing_in_it(chinese_dir: Path) -> None:
    path = write_tiles(chinese_dir / "a.mbtiles", [(1, 0, 0, PNG)])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    before = path.read_bytes()

    with MBTiles(path) as file:
        assert file.tile(TileKey(1, 0, 0)) == PNG
        assert [p.name for p in chinese_dir.iterdir()] == ["a.mbtiles"]

    assert path.read_bytes() == before


def test_tiles_just_written_by_another_program_are_seen(tmp_path: Path) -> None:
    path = write_tiles(tmp_path / "a.mbtiles", [(1, 0, 0, PNG)])
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("INSERT INTO tiles VALUES (1, 1, 0, ?)", (PNG + b" new",))
        writer.commit()

        with MBTiles(path) as file:
            assert file.tile(TileKey(1, 1, 1)) == PNG + b" new"


def test_several_threads_may_ask_at_once(tmp_path: Path) -> None:
    tiles = [(6, x, y, PNG + bytes([x, y])) for x in range(20) for y in range(20)]
    with (
        MBTiles(write_tiles(tmp_path / "a.mbtiles", tiles)) as file,
        ThreadPoolExecutor(4) as workers,
    ):
        found = list(workers.map(lambda tile: file.tile(TileKey(6, tile[1], tile[2])), tiles))

    assert found == [data for *_, data in tiles]


@pytest.mark.parametrize("name", CASES)
def test_every_file_of_other_makers_gives_tiles_or_a_sentence(shared_data: Path, name: str) -> None:
    path = shared_data / "mbtiles-cases" / f"{name}.mbtiles"
    if name in REFUSED:
        assert _refusal(path).code == REFUSED[name]
        return

    with MBTiles(path) as file:
        zoom = file.grid.levels[0]
        picture = file.tile(TileKey(zoom, 0, 0))
        assert picture is not None
        assert picture.startswith(b"\x89PNG")
        assert degrees_of_box(file.extent)[0] == pytest.approx(-180, abs=0.001)


def test_null_tile_of_another_maker_is_none(shared_data: Path) -> None:
    with MBTiles(shared_data / "mbtiles-cases" / "node_corrupt_null_tile.mbtiles") as file:
        tiles = [file.tile(TileKey(1, x, y)) for x in (0, 1) for y in (0, 1)]

    assert tiles.count(None) == 1


@pytest.mark.parametrize("name", ["nga_tiles_3857.gpkg", "nga_tiles_in_4326.gpkg"])
def test_tiles_in_a_geopackage_are_refused_with_a_sentence(shared_data: Path, name: str) -> None:
    assert _refusal(shared_data / "mbtiles-cases" / name).code == "input.tiles_no_table"
