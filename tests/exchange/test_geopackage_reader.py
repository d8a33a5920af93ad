from __future__ import annotations

import os
import sqlite3
import struct
from pathlib import Path

import pytest
import shapely

from gridadmin.base.errors import Cancelled, InputError
from gridadmin.exchange.geopackage_reader import geopackage_layers, read_geopackage
from gridadmin.exchange.reader import read_layer

SQUARE = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))"
NEXT = "POLYGON ((10 0, 20 0, 20 10, 10 10, 10 0))"

REGISTERS = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
    organization_coordsys_id INTEGER, definition TEXT, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, identifier TEXT, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT,
    srs_id INTEGER, z TINYINT, m TINYINT);
INSERT INTO gpkg_spatial_ref_sys VALUES ('CGCS2000', 4549, 'EPSG', 4549, 'undefined', NULL);
"""


def blob(body: bytes, flags: int = 1, envelope: bytes = b"") -> bytes:
    return b"GP\0" + bytes([flags]) + struct.pack("<i", 4549) + envelope + body


def square(wkt: str = SQUARE) -> bytes:
    return blob(shapely.to_wkb(shapely.from_wkt(wkt)))


def nested(levels: int, kind: int) -> bytes:
    return struct.pack("<BII", 1, kind, 1) * levels + struct.pack("<BII", 1, kind, 0)


def package(
    path: Path, rows: list[tuple[object, ...]], *, name: str = "grid", srs_id: int = 4549
) -> Path:
    """A GeoPackage with one layer of the columns fid, geom, code."""
    table = '"' + name.replace('"', '""') + '"'
    connection = sqlite3.connect(path)
    connection.executescript(REGISTERS)
    connection.execute(f"CREATE TABLE {table} (fid INTEGER PRIMARY KEY, geom BLOB, code TEXT)")
    connection.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?)", (name, name, srs_id)
    )
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'POLYGON', ?, 0, 0)", (name, srs_id)
    )
    connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return path


def test_rows_columns_and_crs_are_read(chinese_dir: Path) -> None:
    path = package(chinese_dir / "a.gpkg", [(3, square(), "007"), (9, square(NEXT), "008")])

    table = read_geopackage(path, "grid")

    assert table.row_ids == ["3", "9"]
    assert table.columns == {"fid": [3, 9], "code": ["007", "008"]}
    assert [geometry.area for geometry in table.geometries] == [100.0, 100.0]
    assert table.crs is not None
    assert table.crs.to_epsg() == 4549


def test_path_with_uri_characters_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "100% 网格#1?mode=rw&x"
    folder.mkdir()
    path = package(folder / "a%41 b.gpkg", [(1, square(), "1")])

    assert len(read_geopackage(path, "grid")) == 1


def test_hostile_layer_name_is_only_a_name(tmp_path: Path) -> None:
    name = 'x"; DROP TABLE gpkg_contents; --'
    path = package(tmp_path / "a.gpkg", [(1, square(), "1")], name=name)

    assert [layer.name for layer in geopackage_layers(path)] == [name]
    assert len(read_geopackage(path, name)) == 1


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "input.row_no_geometry"),
        ("text", "input.row_unreadable"),
        (b"GP", "input.row_unreadable"),
        (b"XX" + square()[2:], "input.row_unreadable"),
        (square()[:-5], "input.row_unreadable"),
        (blob(b"\1\7", flags=0b0010_0001), "input.row_unreadable"),
        (blob(bytes(20), flags=0b0010_0001), "input.row_extended"),
        (blob(bytes(20), flags=0b0000_1111), "input.row_unreadable"),
        (square("POLYGON EMPTY"), "input.row_empty"),
        (square("POINT (1 1)"), "input.row_point"),
        (square("POLYGON ((0 0, 1 1, 2 2, 0 0))"), "input.row_no_area"),
        (square("LINESTRING (0 0, 1 1)"), "input.row_line"),
        (square("GEOMETRYCOLLECTION (POINT (1 1))"), "input.row_no_polygon"),
        (
            blob(struct.pack("<BIII8d", 1, 3, 1, 4, 0, 0, float("nan"), 0, 1, 1, 0, 0)),
            "input.row_not_finite",
        ),
        (
            blob(struct.pack("<BIII8d", 1, 3, 1, 4, 0, 0, float("inf"), 0, 1, 1, 0, 0)),
            "input.row_not_finite",
        ),
        (blob(nested(50_000, kind=6)), "input.row_unreadable"),
        (blob(nested(200_000, kind=7)), "input.row_unreadable"),
    ],
)
def test_unusable_row_is_left_out_with_its_reason(tmp_path: Path, value: object, code: str) -> None:
    path = package(tmp_path / "a.gpkg", [(1, square(), "1"), (7, value, "2")])

    table = read_geopackage(path, "grid")

    assert table.row_ids == ["1"]
    assert [(problem.row, problem.code) for problem in table.left_out] == [("7", code)]


@pytest.mark.parametrize(
    ("flags", "size"), [(0b0011, 32), (0b0101, 48), (0b0111, 48), (0b1001, 64)]
)
def test_every_envelope_is_skipped(tmp_path: Path, flags: int, size: int) -> None:
    body = shapely.to_wkb(shapely.from_wkt(SQUARE))
    path = package(tmp_path / "a.gpkg", [(1, blob(body, flags, bytes(size)), "1")])

    assert read_geopackage(path, "grid").geometries[0].area == 100.0


def test_big_endian_heights_and_open_rings_are_taken_with_a_warning(tmp_path: Path) -> None:
    high = shapely.from_wkt("POLYGON Z ((0 0 5, 10 0 5, 10 10 5, 0 10 5, 0 0 5))")
    big = shapely.to_wkb(high, byte_order=0, output_dimension=3)
    unclosed = struct.pack("<BIII8d", 1, 3, 1, 4, 0, 0, 10, 0, 10, 10, 0, 10)
    path = package(tmp_path / "a.gpkg", [(1, blob(big), "1"), (2, blob(unclosed), "2")])

    table = read_geopackage(path, "grid")

    assert [geometry.area for geometry in table.geometries] == [100.0, 100.0]
    assert not shapely.has_z(table.geometries).any()
    assert {warning.code: warning.row for warning in table.warnings} == {
        "input.height_dropped": "1",
        "input.ring_closed": "2",
    }


def test_neighbours_share_the_vertices_of_a_common_arc(tmp_path: Path) -> None:
    def half_disc(*points: float) -> bytes:
        arc = struct.pack("<BII6d", 1, 8, 3, *points)
        chord = struct.pack("<BII4d", 1, 2, 2, *points[4:], *points[:2])
        ring = struct.pack("<BII", 1, 9, 2) + arc + chord
        return blob(struct.pack("<BII", 1, 10, 1) + ring)

    there = half_disc(500_000, 0, 500_100, 100, 500_200, 0)
    back = half_disc(500_200, 0, 500_100, 100, 500_000, 0)
    path = package(tmp_path / "a.gpkg", [(1, there, "1"), (2, back, "2")])

    one, two = read_geopackage(path, "grid").geometries

    assert {tuple(p) for p in shapely.get_coordinates(one)} == {
        tuple(p) for p in shapely.get_coordinates(two)
    }
    # A chord at most 1 cm inside the arc loses less than 1 cm times its length of 314 m.
    assert one.area == pytest.approx(15_707.963, abs=3.2)


def test_file_in_wal_mode_is_read_with_the_commits_beside_it(chinese_dir: Path) -> None:
    origin = package(chinese_dir / "origin.gpkg", [(1, square(), "1")])
    writer = sqlite3.connect(origin)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("INSERT INTO grid VALUES (2, ?, '2')", (square(NEXT),))
    writer.commit()
    path = chinese_dir / "copy.gpkg"
    path.write_bytes(origin.read_bytes())
    (chinese_dir / "copy.gpkg-wal").write_bytes((chinese_dir / "origin.gpkg-wal").read_bytes())
    while_open = read_geopackage(origin, "grid")
    writer.close()
    before = sorted(chinese_dir.iterdir())

    table = read_geopackage(path, "grid")

    assert while_open.row_ids == ["1", "2"]
    assert table.row_ids == ["1", "2"]
    assert [warning.code for warning in table.warnings] == ["input.wal_read"]
    assert sorted(chinese_dir.iterdir()) == before


def test_wal_mode_without_side_files_leaves_none(chinese_dir: Path) -> None:
    path = package(chinese_dir / "a.gpkg", [(1, square(), "1")])
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.close()

    table = read_geopackage(path, "grid")

    assert table.row_ids == ["1"]
    assert [file.name for file in chinese_dir.iterdir()] == ["a.gpkg"]


def test_unfinished_transaction_of_a_killed_writer_is_not_seen(chinese_dir: Path) -> None:
    path = package(chinese_dir / "a.gpkg", [(1, square(), "1")])
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("BEGIN")
    writer.executemany(
        "INSERT INTO grid VALUES (?, ?, 'x')", [(fid, square(NEXT)) for fid in range(2, 400)]
    )
    killed = chinese_dir / "killed.gpkg"
    killed.write_bytes(path.read_bytes())
    (chinese_dir / "killed.gpkg-journal").write_bytes((chinese_dir / "a.gpkg-journal").read_bytes())
    writer.execute("ROLLBACK")
    writer.close()
    journal = (chinese_dir / "killed.gpkg-journal").read_bytes()

    table = read_geopackage(killed, "grid")

    assert table.row_ids == ["1"]
    assert (chinese_dir / "killed.gpkg-journal").read_bytes() == journal


def test_missing_registers_are_named_and_geometry_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE land (shape BLOB, code TEXT)")
    connection.execute("INSERT INTO land VALUES (?, '1')", (square(),))
    connection.commit()
    connection.close()

    table = read_layer(path)

    assert len(table) == 1
    assert table.crs is None
    assert [warning.code for warning in table.warnings] == ["input.registers_missing"]


def test_srs_that_the_file_does_not_define_is_no_crs(tmp_path: Path) -> None:
    path = package(tmp_path / "a.gpkg", [(1, square(), "1")], srs_id=99_999)

    table = read_geopackage(path, "grid")

    assert table.crs is None
    assert table.warnings[0].code == "input.srs_undefined"
    assert table.warnings[0].params == {"srs": 99_999}


def test_gbk_text_in_a_package_is_read(tmp_path: Path) -> None:
    path = package(tmp_path / "a.gpkg", [(1, square(), "1")])
    connection = sqlite3.connect(path)
    connection.execute("UPDATE grid SET code = CAST(? AS TEXT)", ("锦江".encode("gbk"),))
    connection.commit()
    connection.close()

    table = read_geopackage(path, "grid")

    assert table.columns["code"] == ["锦江"]
    assert table.warnings[0].code == "input.text_not_utf8"


def test_several_polygon_layers_ask_which(tmp_path: Path) -> None:
    path = package(tmp_path / "a.gpkg", [(1, square(), "1")])
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE 网格 (fid INTEGER PRIMARY KEY, geom BLOB);"
        "INSERT INTO gpkg_geometry_columns VALUES ('网格', 'geom', 'MULTIPOLYGON', 4549, 0, 0);"
    )
    connection.close()

    with pytest.raises(InputError) as caught:
        read_layer(path)
    with pytest.raises(InputError) as absent:
        read_layer(path, "楼栋")

    assert caught.value.code == "input.several_layers"
    assert caught.value.params["layers"] == "grid, 网格"
    assert absent.value.code == "input.no_such_layer"
    assert len(read_layer(path, "grid")) == 1


def test_cancelled_reading_stops(tmp_path: Path) -> None:
    class Impatient:
        def step(self, what: str, done: int, total: int) -> None:
            assert (what, done, total) == ("progress.read_rows", 1, 1)

        def is_cancelled(self) -> bool:
            return True

    path = package(tmp_path / "a.gpkg", [(1, square(), "1")])

    with pytest.raises(Cancelled):
        read_geopackage(path, "grid", Impatient())


@pytest.mark.skipif(os.name == "nt", reason="folders are made read-only otherwise there")
def test_file_in_a_read_only_folder_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "only read"
    folder.mkdir()
    path = package(folder / "a.gpkg", [(1, square(), "1")])
    path.chmod(0o444)
    folder.chmod(0o555)
    try:
        assert len(read_geopackage(path, "grid")) == 1
    finally:
        folder.chmod(0o755)
