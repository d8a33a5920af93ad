from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import pytest
import shapely

from gridadmin.exchange.geopackage_writer import write_package
from gridadmin.exchange.gpkg_blob import blobs
from gridadmin.exchange.package_check import problems_of
from tests.exchange.made_up_packages import OUTLINES, package


@pytest.fixture
def sound(chinese_dir: Path) -> Path:
    path = chinese_dir / "网格.gpkg"
    write_package(path, package())
    return path


def broken(path: Path, *statements: str, values: tuple[object, ...] = ()) -> list[str]:
    """Break a package past its triggers, which need another program's functions."""
    with closing(sqlite3.connect(path)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            connection.execute(statement, values if "?" in statement else ())
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()
    return problems_of(path)


def blob_of(outline: object, srs_id: int = 4490) -> bytes:
    wkb = shapely.to_wkb(outline, byte_order=1)
    return blobs([wkb], shapely.bounds(outline).reshape(1, 4), srs_id)[0]


def test_sound_package_has_no_problems(sound: Path) -> None:
    assert problems_of(sound) == []
    assert problems_of(sound, is_sampled=True) == []


def test_stale_extent_is_found(sound: Path) -> None:
    found = broken(sound, "UPDATE gpkg_contents SET max_x = 105 WHERE table_name = 'grid'")

    assert [problem.split(" [")[0] for problem in found] == ["grid: stale extent"]


def test_extent_of_an_emptied_layer_is_found(sound: Path) -> None:
    found = broken(
        sound,
        "DELETE FROM grid",
        "DELETE FROM rtree_grid_geom",
        "UPDATE gpkg_ogr_contents SET feature_count = 0 WHERE table_name = 'grid'",
    )

    assert found == ["grid: has an extent but no land"]


def test_missing_index_row_is_found(sound: Path) -> None:
    found = broken(sound, "DELETE FROM rtree_grid_geom WHERE id = 2")

    assert found == ["grid: not in the spatial index: 2"]


def test_extra_index_row_is_found(sound: Path) -> None:
    found = broken(sound, "INSERT INTO rtree_grid_geom VALUES (9, 104, 105, 30, 31)")

    assert found == ["grid: in the spatial index without a row: 9"]


def test_index_box_that_is_too_small_is_found(sound: Path) -> None:
    found = broken(sound, "UPDATE rtree_grid_geom SET maxx = 104.115 WHERE id = 2")

    assert found == ["grid: index box that doesn't contain its land: 2"]


def test_missing_index_is_found(sound: Path) -> None:
    found = broken(
        sound,
        "DROP TABLE rtree_grid_geom",
        "DELETE FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'",
    )

    assert found == ["grid: no spatial index"]


def test_damaged_index_is_found(sound: Path) -> None:
    found = broken(sound, "DELETE FROM rtree_grid_geom_rowid WHERE rowid = 2")

    assert any("grid: damaged spatial index" in problem for problem in found)


def test_wrong_feature_count_is_found(sound: Path) -> None:
    found = broken(sound, "UPDATE gpkg_ogr_contents SET feature_count = 7 WHERE feature_count = 3")

    assert found == ["grid: feature count says 7, there are 3"]


def test_invalid_outline_is_found(sound: Path) -> None:
    bow_tie = "MULTIPOLYGON(((104.1 30.6,104.15 30.61,104.15 30.6,104.1 30.61,104.1 30.6)))"
    blob = blob_of(shapely.from_wkt(bow_tie))

    found = broken(
        sound,
        "UPDATE grid SET geom = ? WHERE fid = 2",
        "UPDATE rtree_grid_geom SET minx = 104.09, maxx = 104.16, miny = 30.5 WHERE id = 2",
        values=(blob,),
    )

    assert found == ["grid: invalid geometry: 2"]


def test_empty_outline_is_found(sound: Path) -> None:
    flags = 0b0001_0001
    blob = struct.pack("<2sBBi", b"GP", 0, flags, 4490) + shapely.MultiPolygon().wkb

    found = broken(
        sound,
        "UPDATE grid SET geom = ? WHERE fid = 2",
        "DELETE FROM rtree_grid_geom WHERE id = 2",
        values=(blob,),
    )

    assert found == ["grid: empty geometry: 2"]


def test_missing_outline_is_found(sound: Path) -> None:
    found = broken(
        sound,
        "UPDATE grid SET geom = NULL WHERE fid = 2",
        "DELETE FROM rtree_grid_geom WHERE id = 2",
    )

    assert found == ["grid: no geometry: 2"]


def test_plain_polygon_is_found(sound: Path) -> None:
    blob = blob_of(OUTLINES[1].geoms[0])

    found = broken(sound, "UPDATE grid SET geom = ? WHERE fid = 2", values=(blob,))

    assert "grid: geometry that is no MULTIPOLYGON: 2" in found


def test_unreadable_geometry_is_found(sound: Path) -> None:
    blob = blob_of(OUTLINES[1])[:60]

    found = broken(sound, "UPDATE grid SET geom = ? WHERE fid = 2", values=(blob,))

    assert "grid: geometry that can't be read: 2" in found


def test_geometry_of_another_coordinate_system_is_found(sound: Path) -> None:
    blob = blob_of(OUTLINES[1], srs_id=4326)

    found = broken(sound, "UPDATE grid SET geom = ? WHERE fid = 2", values=(blob,))

    assert "grid: geometry whose coordinate system isn't 4490: 2" in found


def test_envelope_that_lies_is_found(sound: Path) -> None:
    blob = blob_of(OUTLINES[1])
    lying = blob[:8] + struct.pack("<d", 104.0) + blob[16:]

    found = broken(sound, "UPDATE grid SET geom = ? WHERE fid = 2", values=(lying,))

    assert found == ["grid: envelope that doesn't fit its geometry: 2"]


def test_repeated_fid_of_a_view_is_found(sound: Path) -> None:
    view = "SELECT 1 AS fid, CAST(geom AS BLOB) AS geom FROM grid"
    found = broken(
        sound,
        f"CREATE VIEW cell AS {view}",
        "INSERT INTO gpkg_contents (table_name, data_type, srs_id) VALUES ('cell','features',4490)",
        "INSERT INTO gpkg_geometry_columns VALUES ('cell', 'geom', 'MULTIPOLYGON', 4490, 0, 0)",
    )

    assert "cell: fid used more than once: 1" in found


def test_layer_of_another_geometry_type_is_found(sound: Path) -> None:
    found = broken(sound, "UPDATE gpkg_geometry_columns SET geometry_type_name = 'GEOMETRY'")

    assert "grid: declared as GEOMETRY, not MULTIPOLYGON or POINT" in found


def test_style_of_a_foreign_layer_is_found(sound: Path) -> None:
    found = broken(sound, "UPDATE layer_styles SET f_table_name = 'roads'")

    assert found == ["layer_styles: a style for roads.geom, which isn't in this package"]


def test_style_that_is_no_qml_is_found(sound: Path) -> None:
    assert "is no XML" in broken(sound, "UPDATE layer_styles SET styleQML = '<qgis'")[0]
    assert "is no QML" in broken(sound, "UPDATE layer_styles SET styleQML = '<svg/>'")[0]


def test_swapped_degrees_are_found(sound: Path) -> None:
    swapped = shapely.MultiPolygon([shapely.box(30.6, 104.1, 30.61, 104.11)])

    found = broken(
        sound,
        "UPDATE grid SET geom = ?",
        "UPDATE rtree_grid_geom SET minx = 30, maxx = 31, miny = 104, maxy = 105",
        "UPDATE gpkg_contents SET min_x = 30.6, min_y = 104.1, max_x = 30.61, max_y = 104.11",
        values=(blob_of(swapped),),
    )

    assert any("beyond ±180, ±90" in problem for problem in found)


def test_what_the_validator_finds_is_told(sound: Path) -> None:
    found = broken(sound, "DELETE FROM gpkg_spatial_ref_sys WHERE srs_id = -1")

    assert found == ["requirement 11: There should be at least 3 records in gpkg_spatial_ref_sys"]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(200)])
def test_files_that_are_no_package_are_problems_and_no_crash(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(content)

    assert problems_of(path) != []


def test_truncated_package_is_a_problem_and_no_crash(sound: Path) -> None:
    sound.write_bytes(sound.read_bytes()[:20_000])

    assert problems_of(sound) != []


def test_missing_file_is_told(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "a.gpkg") == [f"{tmp_path / 'a.gpkg'}: no such file"]
