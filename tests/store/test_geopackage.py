from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import fiona
import pytest
import shapely
from osgeo_utils.samples import validate_gpkg

from gridadmin.base.errors import StoreError
from gridadmin.base.ids import oid_of
from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.model import CELL_LEVEL, Area, Setting
from gridadmin.store.project_file import ProjectFile, create_project
from tests.store.made_up import GRID, PLANE, SQUARE, new_project, write

LAYERS = ["city", "district", "street", "community", "grid", "micro_grid", "cell", "exempt"]
ORIGIN_SRS = -1


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return new_project(tmp_path / "虚构.gpkg")


def problems(path: Path) -> list[object]:
    checker = validate_gpkg.GPKGChecker(
        str(path), abort_at_first_error=False, extra_checks=True, warning_as_error=True
    )
    checker.check()
    checker.conn.close()
    return list(checker.errors)


def srs_of_layers(path: Path) -> set[int]:
    with ProjectFile.open(path, write=False) as project, project._reading() as connection:
        contents = "SELECT srs_id FROM gpkg_contents WHERE data_type = 'features'"
        return {
            srs_id
            for sql in (contents, "SELECT srs_id FROM gpkg_geometry_columns")
            for (srs_id,) in connection.exec_driver_sql(sql)
        }


def srs_of_lands(path: Path) -> set[int]:
    with ProjectFile.open(path, write=False) as project, project._reading() as connection:
        blobs = connection.exec_driver_sql("SELECT geom FROM land").fetchall()
        return {int.from_bytes(blob[4:8], "little", signed=True) for (blob,) in blobs}


def test_new_project_passes_the_validator(plain: Path) -> None:
    assert problems(plain) == []


def test_project_with_a_plane_and_edits_passes_the_validator(plain: Path) -> None:
    with ProjectFile.open(plain, write=True) as project:
        rows = (RowChange("setting", None, Setting("plane", PLANE, 1)),)
        write(project, Change("import", rows), {oid_of("root"): SQUARE})

    assert problems(plain) == []


def test_readers_see_one_layer_per_level_and_none_of_our_tables(plain: Path) -> None:
    assert fiona.listlayers(plain) == [*LAYERS, "areas"]


def test_readers_see_the_land_of_a_level(plain: Path) -> None:
    with fiona.open(plain, layer="grid") as layer:
        [feature] = list(layer)
        assert layer.schema["geometry"] == "MultiPolygon"
        assert layer.bounds == (0, 0, 100, 50)

    assert feature.geometry.type == "MultiPolygon"
    assert feature.properties["fid"] == oid_of("grid-1")
    assert feature.properties["uid"] == "grid-1"
    assert feature.properties["code"] == "99001"
    assert feature.properties["name"] == "第一网格"
    assert feature.properties["class"] is None
    assert feature.properties["parent_uid"] == "root"


def test_newer_readers_take_the_kernel_number_as_feature_id(plain: Path) -> None:
    pyogrio = pytest.importorskip("pyogrio", reason="newer reader: pyogrio is not installed")

    _, ids, wkbs, _ = pyogrio.raw.read(plain, layer="exempt", return_fids=True)

    assert ids.tolist() == [oid_of("lake-1")]
    assert shapely.from_wkb(wkbs[0]).area == 1000


def test_readers_see_an_edit_at_once(plain: Path) -> None:
    with ProjectFile.open(plain, write=True) as project:
        renamed = replace(GRID, name="新名", revision=1)
        land = shapely.box(0, 0, 7, 1).wkb
        write(project, Change("set", (RowChange("area", GRID, renamed),)), {oid_of("grid-1"): land})

        with fiona.open(plain, layer="grid") as layer:
            [feature] = list(layer)
            assert layer.bounds == (0, 0, 7, 1)
    assert feature.properties["name"] == "新名"


def test_readers_see_listed_areas_in_the_table_of_all_areas(plain: Path) -> None:
    with fiona.open(plain, layer="areas") as layer:
        assert {feature.properties["uid"] for feature in layer} == {"root", "grid-1"}


def test_cells_have_a_layer_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    cell = Area("cell-1", None, "塔楼", CELL_LEVEL, "grid-1", land="drawn")
    create_project(path, {}, [cell], "虚构用户", lands={oid_of("cell-1"): SQUARE})

    with fiona.open(path, layer="cell") as layer:
        assert [feature.properties["name"] for feature in layer] == ["塔楼"]


def test_readers_cannot_break_a_layer(plain: Path) -> None:
    with sqlite3.connect(plain) as reader, pytest.raises(sqlite3.OperationalError, match="view"):
        reader.execute("UPDATE grid SET geom = NULL")
    reader.close()


def test_extents_are_left_open_so_that_they_are_never_stale(plain: Path) -> None:
    with sqlite3.connect(plain) as reader:
        rows = reader.execute("SELECT DISTINCT min_x, min_y, max_x, max_y FROM gpkg_contents")
        assert rows.fetchall() == [(None, None, None, None)]
    reader.close()


def test_file_says_that_it_is_a_geopackage(plain: Path) -> None:
    header = plain.read_bytes()[:100]

    assert header[68:72] == b"GPKG"
    assert int.from_bytes(header[60:64], "big") == 10300


LONG_AGO = "2000-01-01T00:00:00.000Z"


@pytest.mark.parametrize(
    ("row", "lands", "is_told"),
    [
        (RowChange("area", None, Area("a", None, "新", "grid", "root")), {}, True),
        (RowChange("setting", None, Setting("theme", '"x"')), {}, False),
        (RowChange("setting", None, Setting("theme", '"x"')), {oid_of("root"): SQUARE}, True),
    ],
)
def test_layers_tell_when_they_changed_last(
    plain: Path, row: RowChange, lands: dict[int, bytes | None], is_told: bool
) -> None:
    with sqlite3.connect(plain) as database:
        database.execute("UPDATE gpkg_contents SET last_change = ?", (LONG_AGO,))
    database.close()

    with ProjectFile.open(plain, write=True) as project:
        write(project, Change("x", (row,)), lands)

    with sqlite3.connect(plain) as database:
        times = {t for (t,) in database.execute("SELECT last_change FROM gpkg_contents")}
    database.close()
    assert (times != {LONG_AGO}) == is_told


def test_plane_comes_with_its_change_and_goes_with_its_undo(plain: Path) -> None:
    row = RowChange("setting", None, Setting("plane", PLANE, 1))

    with ProjectFile.open(plain, write=True) as project:
        assert srs_of_layers(plain) == {ORIGIN_SRS}
        write(project, Change("import", (row,)))
        assert srs_of_layers(plain) == {4549}
        assert srs_of_lands(plain) == {4549}
        write(project, Change("undo", (row.swapped(),), undid=1))

    assert srs_of_layers(plain) == {ORIGIN_SRS}
    assert srs_of_lands(plain) == {ORIGIN_SRS}


def test_plane_without_an_epsg_number_is_stored_as_its_own(plain: Path) -> None:
    setting = Setting("plane", '{"epsg": null, "wkt": "PROJCS[\\"TM 虚构\\"]"}', 1)

    with ProjectFile.open(plain, write=True) as project:
        write(project, Change("import", (RowChange("setting", None, setting),)))

    assert srs_of_layers(plain) == {100_000}
    with sqlite3.connect(plain) as reader:
        rows = reader.execute(
            "SELECT srs_name, organization, definition FROM gpkg_spatial_ref_sys"
            " WHERE srs_id = 100000"
        )
        assert rows.fetchall() == [("TM 虚构", "NONE", 'PROJCS["TM 虚构"]')]
    reader.close()


def test_land_is_stored_as_multipolygon_with_its_envelope(plain: Path) -> None:
    parts = shapely.MultiPolygon([shapely.box(0, 0, 1, 2), shapely.box(5, 5, 6, 7)])

    with ProjectFile.open(plain, write=True) as project:
        write(project, Change("x", ()), {oid_of("root"): parts.wkb})
        lands = project.read_lands()
        with project._reading() as connection:
            blob = connection.exec_driver_sql(
                "SELECT geom FROM land WHERE oid = ?", (oid_of("root"),)
            ).scalar_one()

    assert shapely.from_wkb(lands[oid_of("root")]).equals(parts)
    assert shapely.from_wkb(lands[oid_of("grid-1")]).geom_type == "MultiPolygon"
    assert blob[:4] == b"GP\x00\x03"
    assert memoryview(blob)[8:40].cast("d").tolist() == [0, 6, 0, 7]


@pytest.mark.parametrize("wkb", [shapely.Point(1, 2).wkb, shapely.Polygon().wkb, b"", SQUARE[:40]])
def test_land_that_is_no_polygon_is_refused(tmp_path: Path, wkb: bytes) -> None:
    with pytest.raises(StoreError) as refusal:
        create_project(tmp_path / "a.gpkg", {}, [], "虚构用户", lands={12: wkb})

    assert refusal.value.code == "store.bad_land"
    assert refusal.value.params == {"oid": 12}
