from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import fiona
import pyproj
import pytest
import shapely

from gridadmin.base.errors import Cancelled, InputError
from gridadmin.exchange.dbf_columns import short_names
from gridadmin.exchange.other_formats import GBK, write_other
from gridadmin.exchange.package_content import Package
from tests.exchange.made_up_packages import OUTLINES, ROWS, empty_layer, grids, package


class CancelsAtOnce:
    def step(self, what: str, done: int, total: int) -> None:
        pass

    def is_cancelled(self) -> bool:
        return True


def test_shapefile_keeps_land_text_codes_and_chinese(chinese_dir: Path) -> None:
    written = write_other(chinese_dir / "网格.shp", package())

    with fiona.open(chinese_dir / "网格.shp") as layer:
        records = list(layer)
        assert layer.crs.to_epsg() == 4490
    assert records[0]["properties"]["code"] == "990101001001001"
    assert records[0]["properties"]["name"] == "东风网格"
    assert records[1]["properties"]["households"] is None
    assert records[0]["properties"]["land_m2"] == 1200000.5
    assert shapely.geometry.shape(records[0]["geometry"]).equals(OUTLINES[0])
    assert (chinese_dir / "网格.cpg").read_text().strip().upper() == "UTF-8"
    assert written.tables_left_out == ("areas",)


def test_shapefile_in_gbk_says_so_and_counts_letters_that_gbk_lacks(chinese_dir: Path) -> None:
    rows = [(row[0], "𠮷祥网格", *row[2:]) for row in ROWS[:1]] + ROWS[1:]

    written = write_other(
        chinese_dir / "a.shp", package(replace(grids(), values=rows)), encoding=GBK
    )

    assert written.lost_letters == 1
    assert written.shortened_texts == {}
    assert (chinese_dir / "a.cpg").read_text().strip().upper() == "GBK"
    assert "〓祥网格".encode("gbk") in (chinese_dir / "a.dbf").read_bytes()
    with fiona.open(chinese_dir / "a.shp") as layer:
        assert [one["properties"]["name"] for one in layer][:1] == ["〓祥网格"]


def test_shapefile_tells_the_names_it_had_to_shorten(chinese_dir: Path) -> None:
    written = write_other(chinese_dir / "a.shp", package())

    assert written.column_names == {"grid": {"households_state": "househol_1"}}
    with fiona.open(chinese_dir / "a.shp") as layer:
        names = list(layer.schema["properties"])
    assert names == ["code", "name", "households", "househol_1", "land_m2", "valid_from"]


def test_shapefile_tells_the_texts_it_had_to_cut(chinese_dir: Path) -> None:
    long_name = "长" * 100
    rows = [(row[0], long_name, *row[2:]) for row in ROWS[:1]] + ROWS[1:]

    written = write_other(chinese_dir / "a.shp", package(replace(grids(), values=rows)))

    assert written.shortened_texts == {("grid", "name"): 1}
    with fiona.open(chinese_dir / "a.shp") as layer:
        assert layer[0]["properties"]["name"] == "长" * 84


def test_several_layers_as_shapefiles_fill_a_folder(chinese_dir: Path) -> None:
    written = write_other(chinese_dir / "out.shp", package(grids(), empty_layer()))

    assert {path.suffix for path in written.files} == {".shp", ".shx", ".dbf", ".prj", ".cpg"}
    assert sorted(fiona.listlayers(chinese_dir / "out")) == ["grid", "micro_grid"]
    assert [path.name for path in chinese_dir.iterdir()] == ["out"]


def test_old_index_of_another_program_goes_with_the_old_shapefile(chinese_dir: Path) -> None:
    (chinese_dir / "a.qix").write_bytes(b"index of the older file")

    write_other(chinese_dir / "a.shp", package())

    assert not (chinese_dir / "a.qix").exists()


def test_geojson_follows_rfc_7946(chinese_dir: Path) -> None:
    write_other(chinese_dir / "网格.geojson", package())

    collection = json.loads((chinese_dir / "网格.geojson").read_text(encoding="utf-8"))
    assert "crs" not in collection
    first = collection["features"][0]
    assert first["properties"]["code"] == "990101001001001"
    assert first["properties"]["households"] == 320
    assert collection["features"][1]["properties"]["households"] is None
    outline = shapely.geometry.shape(first["geometry"])
    assert all(part.exterior.is_ccw for part in outline.geoms)
    assert outline.bounds == pytest.approx((104.1, 30.6, 104.11, 30.61), abs=1e-9)
    assert outline.area == pytest.approx(OUTLINES[0].area, abs=1e-12)


def test_several_layers_as_geojson_stand_side_by_side(chinese_dir: Path) -> None:
    written = write_other(chinese_dir / "out.geojson", package(grids(), grids(name="cell")))

    names = ["out-cell.geojson", "out-grid.geojson"]
    assert [path.name for path in written.files] == names
    assert sorted(path.name for path in chinese_dir.iterdir()) == names


def test_kml_shows_names_and_keeps_all_parts(chinese_dir: Path) -> None:
    write_other(chinese_dir / "a.kml", package())

    text = (chinese_dir / "a.kml").read_text(encoding="utf-8")
    assert text.count("<Placemark") == 3
    assert "<name>红星 网格</name>" in text
    assert text.count("<Polygon>") == 5
    assert "990101001001003" in text


def test_dxf_has_each_ring_as_a_closed_line_in_metres(chinese_dir: Path) -> None:
    plane = pyproj.CRS.from_epsg(4544)

    write_other(chinese_dir / "a.dxf", package(), plane=plane)

    with fiona.open(chinese_dir / "a.dxf") as layer:
        lines = [shapely.geometry.shape(record["geometry"]) for record in layer]
        layers = {record["properties"]["Layer"] for record in layer}
    assert len(lines) == 6
    assert layers == {"grid"}
    assert shapely.total_bounds(lines)[0] == pytest.approx(413_700, abs=500)


def test_unknown_extension_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        write_other(tmp_path / "a.xyz", package())

    assert refusal.value.code == "export.unknown_format"
    assert refusal.value.params["known"] == ".gpkg .shp .geojson .json .kml .dxf"


def test_package_without_layers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        write_other(tmp_path / "a.shp", Package(()))

    assert refusal.value.code == "export.no_layers"


def test_file_in_the_place_of_the_shapefile_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"a file")

    with pytest.raises(InputError) as refusal:
        write_other(tmp_path / "out.shp", package(grids(), grids(name="cell")))

    assert refusal.value.code == "export.target_not_folder"
    assert (tmp_path / "out").read_bytes() == b"a file"


@pytest.mark.parametrize("extension", [".shp", ".geojson", ".kml", ".dxf"])
def test_cancelling_leaves_the_older_file_alone(tmp_path: Path, extension: str) -> None:
    older = tmp_path / f"a{extension}"
    older.write_bytes(b"older")

    with pytest.raises(Cancelled):
        write_other(older, package(), CancelsAtOnce())

    assert older.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [older]


def test_short_names_are_unique_and_within_ten_bytes() -> None:
    names = short_names(["parent_code", "parent_co", "PARENT_COD", "户籍人口总数", "uid"])

    assert names == {
        "parent_code": "parent_c_1",
        "parent_co": "parent_co",
        "PARENT_COD": "PARENT_COD",
        "户籍人口总数": "户籍人",
        "uid": "uid",
    }
