"""Exports as other programs read them: layers, columns, land, and the same bytes each time."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import pytest
import shapely
import shapely.geometry

from tests.cli.boundaries import at, boundary_file, box
from tests.cli.runner import edited, json_of, run

COLUMNS = [
    "fid", "geom", "uid", "code", "name", "level", "kind", "class", "parent_uid", "parent_code",
    "households", "households_state", "land_m2", "valid_from", "valid_to", "revision",
]  # fmt: skip
"""The columns that the contract names, in its order, with the geometry after the key."""


@pytest.fixture(scope="session")
def exported(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city's export, made once."""
    out = tmp_path_factory.mktemp("导 出") / "边界.gpkg"
    ran = run("export", demo_folder / "demo.gpkg", out)
    assert ran.code == 0, ran.err
    return out


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    database = sqlite3.connect(path)
    try:
        return database.execute(sql).fetchall()
    finally:
        database.close()


def shapes_of(path: Path, layer: str) -> list[shapely.Geometry]:
    with fiona.open(path, layer=layer) as rows:
        return [shapely.geometry.shape(row["geometry"]) for row in rows]


def test_layers_are_the_levels_with_land(exported: Path) -> None:
    rows = query(exported, "SELECT table_name, data_type FROM gpkg_contents")
    features = {name for name, kind in rows if kind == "features"}
    attributes = {name for name, kind in rows if kind == "attributes"}

    # The demo's root is a district; there is no city above it.
    assert features == {
        "district", "street", "community", "grid", "micro_grid", "cell", "exempt",
    }  # fmt: skip
    assert {"areas", "stacked"} <= attributes
    assert "issues" not in attributes


@pytest.mark.parametrize("layer", ["district", "street", "community", "grid", "micro_grid", "cell"])
def test_columns_are_exactly_those_of_the_contract(exported: Path, layer: str) -> None:
    columns = [row[1] for row in query(exported, f"PRAGMA table_info({layer})")]

    assert sorted(map(str, columns)) == sorted(COLUMNS)
    assert [c for c in columns if c != "geom"] == [c for c in COLUMNS if c != "geom"]


def test_areas_table_holds_all_areas_and_says_how_they_have_land(exported: Path) -> None:
    columns = {str(row[1]) for row in query(exported, "PRAGMA table_info(areas)")}
    lands = {str(kind): int(str(n)) for kind, n in query(
        exported, "SELECT land, count(*) FROM areas GROUP BY land"
    )}  # fmt: skip
    drawn = sum(
        int(str(query(exported, f"SELECT count(*) FROM {layer}")[0][0]))
        for layer in ("district", "street", "community", "grid", "micro_grid", "cell")
    )

    assert columns == {*COLUMNS, "land", "cell_uid"} - {"geom"}
    assert set(lands) == {"drawn", "stacked"}
    assert lands["drawn"] == drawn
    assert query(exported, "SELECT count(*) FROM areas WHERE land != 'drawn' AND land_m2 > 0") == [
        (0,)
    ]


def test_stacked_table_names_cells_and_buildings(exported: Path) -> None:
    columns = [row[1] for row in query(exported, "PRAGMA table_info(stacked)")]
    loose = query(
        exported,
        "SELECT count(*) FROM stacked WHERE uid NOT IN (SELECT uid FROM areas WHERE land='stacked')"
        " OR cell_uid NOT IN (SELECT uid FROM cell)",
    )

    assert [c for c in columns if c != "fid"] == [
        "uid", "cell_uid", "building_uid", "entrance", "floor_from", "floor_to",
    ]  # fmt: skip
    assert int(str(query(exported, "SELECT count(*) FROM stacked")[0][0])) > 0
    assert loose == [(0,)]


def test_codes_are_text_and_households_have_a_state(exported: Path) -> None:
    types = query(exported, "SELECT DISTINCT typeof(code) FROM areas WHERE code IS NOT NULL")
    states = {row[0] for row in query(exported, "SELECT households_state FROM areas")}
    kinds = {row[0] for row in query(exported, "SELECT kind FROM areas")}

    assert types == [("text",)]
    assert states <= {"counted", "typed", "stale", "unknown"}
    assert "counted" in states
    assert kinds == {"general", "exclusive"}


@pytest.mark.parametrize("layer", ["street", "community", "grid", "micro_grid"])
def test_no_polygon_overlaps_another_of_its_layer(exported: Path, layer: str) -> None:
    shapes = np.array(shapes_of(exported, layer), dtype=object)

    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert {shape.geom_type for shape in shapes} == {"MultiPolygon"}


def test_micro_grids_lie_in_their_grids(exported: Path) -> None:
    grids = shapely.union_all(shapes_of(exported, "grid"))
    micro_grids = shapely.union_all(shapes_of(exported, "micro_grid"))

    # In degrees: 1e-14 is some hundredths of a square millimetre.
    assert shapely.area(shapely.difference(micro_grids, grids)) < 1e-13


def test_land_agrees_with_the_ellipsoid(exported: Path) -> None:
    from pyproj import Geod

    geod = Geod(ellps="GRS80")
    with fiona.open(exported, layer="street") as rows:
        assert rows.crs.to_epsg() == 4490
        for row in rows:
            shape = shapely.geometry.shape(row["geometry"])
            area, _ = geod.geometry_area_perimeter(shapely.geometry.polygon.orient(shape.geoms[0]))
            assert row["properties"]["land_m2"] == pytest.approx(area, rel=1e-6)


def test_levels_add_up_to_the_district(exported: Path) -> None:
    sums = {
        layer: float(str(query(exported, f"SELECT sum(land_m2) FROM {layer}")[0][0]))
        for layer in ("district", "street", "community")
    }

    assert sums["street"] == pytest.approx(sums["district"], rel=1e-6)
    assert sums["community"] == pytest.approx(sums["district"], rel=1e-6)


def test_exempt_land_is_a_layer_with_its_reason(exported: Path) -> None:
    rows = query(exported, "SELECT reason, land_m2 FROM exempt")

    assert rows
    assert all(reason and float(str(m2)) > 0 for reason, m2 in rows)


@pytest.mark.parametrize(("profile", "is_named"), [("public", False), ("internal", True)])
@pytest.mark.parametrize("name", ["out.gpkg", "out.geojson"])
def test_who_approved_exempt_land_is_told_to_the_office_alone(
    demo: Path, chinese_dir: Path, name: str, profile: str, is_named: bool
) -> None:
    out = chinese_dir / name
    assert run("export", demo, out, "--profile", profile, "--levels", "exempt").code == 0

    written = b"".join(path.read_bytes() for path in chinese_dir.glob("out*"))
    assert ("甲局（虚构）".encode() in written) == is_named


def test_titles_and_styles_are_there(exported: Path) -> None:
    titles: dict[object, object] = dict(
        query(exported, "SELECT column_name, title FROM gpkg_data_columns WHERE table_name='grid'")
    )
    styles = query(exported, "SELECT f_table_name FROM layer_styles WHERE styleQML LIKE '%<qgis%'")
    metadata = query(exported, "SELECT metadata FROM gpkg_metadata")

    assert titles["code"] == "编码"
    assert ("grid",) in styles
    assert metadata


def test_same_content_gives_the_same_bytes(
    demo_folder: Path, exported: Path, chinese_dir: Path
) -> None:
    copy = Path(shutil.copy(demo_folder / "demo.gpkg", chinese_dir / "另 一个.gpkg"))

    assert run("export", copy, chinese_dir / "二.gpkg").code == 0

    assert (chinese_dir / "二.gpkg").read_bytes() == exported.read_bytes()


def test_undone_edit_gives_the_same_hash_of_content_but_for_revisions(
    four_grids: Path, chinese_dir: Path
) -> None:
    first = json_of("export", four_grids, chinese_dir / "一.gpkg")
    second = json_of("export", four_grids, chinese_dir / "二.gpkg")

    assert first["content_sha256"] == second["content_sha256"]
    edited(four_grids, {"do": "move", "from": at(100, 100), "to": at(101, 101)})
    third = json_of("export", four_grids, chinese_dir / "三.gpkg")
    assert third["content_sha256"] != first["content_sha256"]


def test_levels_and_area_narrow_the_export(
    demo_folder: Path, exported: Path, chinese_dir: Path
) -> None:
    demo = demo_folder / "demo.gpkg"
    code = str(query(exported, "SELECT code FROM community ORDER BY code")[0][0])

    result = json_of(
        "export", demo, chinese_dir / "片.gpkg", "--levels", "community,grid", "--area", code
    )

    assert set(result["layers"]) == {"community", "grid"}
    assert result["layers"]["community"] == 1
    rows = query(chinese_dir / "片.gpkg", "SELECT code FROM areas WHERE code IS NOT NULL")
    assert rows
    assert all(str(row[0]).startswith(code) for row in rows)


def test_issues_come_along_when_asked_for(four_grids: Path, chinese_dir: Path) -> None:
    edited(four_grids, {"do": "delete", "area": "990001001001004"})

    assert run("export", four_grids, chinese_dir / "带.gpkg", "--with", "issues").code == 0

    rows = query(
        chinese_dir / "带.gpkg", "SELECT kind, area_m2 FROM issues WHERE severity='warning'"
    )
    assert rows == [("remainder", 10_000.0)]


def test_disputed_faces_are_in_no_polygon_and_the_exit_says_so(
    project: Path, chinese_dir: Path
) -> None:
    rows = [
        ({"code": "990001001", "name": "甲"}, box(0, 0, 60, 50)),
        ({"code": "990001002", "name": "乙"}, box(40, 0, 100, 50)),
    ]
    source = boundary_file(chinese_dir / "叠.gpkg", rows)
    json_of("import", project, source, "--level", "street", code=1)

    result = json_of("export", project, chinese_dir / "出.gpkg", code=1)

    assert result["disputed_faces"] == 1
    land = query(chinese_dir / "出.gpkg", "SELECT land_m2 FROM street ORDER BY code")
    assert [float(str(m2)) for (m2,) in land] == pytest.approx([2_000.0, 2_000.0], rel=1e-4)


def test_project_outside_china_goes_out_in_wgs_84(chinese_dir: Path, project: Path) -> None:
    rows = [
        ({"code": None, "name": "precinct"}, shapely.box(440_000, 4_640_000, 440_100, 4_640_100))
    ]
    source = boundary_file(chinese_dir / "us.gpkg", rows, crs="EPSG:26916")
    json_of("import", project, source, "--level", "grid")

    assert run("export", project, chinese_dir / "出.gpkg").code == 0

    with fiona.open(chinese_dir / "出.gpkg", layer="grid") as layer:
        assert layer.crs.to_epsg() == 4326


@pytest.mark.parametrize("suffix", [".shp", ".geojson", ".kml", ".dxf"])
def test_other_formats_can_be_read_again(four_grids: Path, chinese_dir: Path, suffix: str) -> None:
    out = chinese_dir / "别 的" / f"网格{suffix}"
    out.parent.mkdir()

    result = json_of("export", four_grids, out, "--levels", "grid")

    assert result["files"]
    for name in result["files"]:
        assert Path(name).is_file()
    if suffix == ".geojson":
        with fiona.open(result["files"][0]) as rows:
            assert sorted(row["properties"]["code"] for row in rows) == [
                f"990001001001{n:03}" for n in (1, 2, 3, 4)
            ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("出.xyz",),
        ("出.gpkg", "--levels", "moon"),
        ("出.gpkg", "--area", "nobody"),
        ("出.gpkg", "--with", "moon"),
        ("没有/出.gpkg",),
    ],
)
def test_export_that_can_not_be_is_told_and_leaves_nothing(
    four_grids: Path, chinese_dir: Path, arguments: tuple[str, ...]
) -> None:
    name, *options = arguments

    ran = run("export", four_grids, chinese_dir / name, *options)

    assert ran.code == 2
    assert ran.err.strip()
    assert "Traceback" not in ran.err
    assert sorted(chinese_dir.iterdir()) == [four_grids]


def test_export_onto_the_project_itself_is_refused(four_grids: Path) -> None:
    before = four_grids.read_bytes()

    ran = run("export", four_grids, four_grids)

    assert ran.code == 2
    assert four_grids.read_bytes() == before


def test_project_without_land_has_nothing_to_export(project: Path, chinese_dir: Path) -> None:
    ran = run("export", project, chinese_dir / "出.gpkg")

    assert ran.code == 2
    assert not (chinese_dir / "出.gpkg").exists()


def test_export_comes_back_as_the_same_partition(
    four_grids: Path, project: Path, chinese_dir: Path
) -> None:
    out = chinese_dir / "出.gpkg"
    assert run("export", four_grids, out).code == 0
    for level in ("community", "grid"):
        json_of("import", project, out, "--layer", level, "--level", level)

    there, here = json_of("verify", four_grids), json_of("verify", project)

    assert here["gap_m2"] == here["overlap_m2"] == 0.0
    assert here["plane_m2"] == there["plane_m2"] == 40_000.0


def test_a_shapefile_in_gbk_has_a_cpg_and_names_that_read_back(
    demo_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "街道.shp"
    said = json_of(
        "export", demo_folder / "demo.gpkg", out, "--levels", "street", "--encoding", "gbk"
    )

    assert said["lost_letters"] == 0
    assert out.with_suffix(".cpg").read_text() == "GBK"
    assert "乌有街道".encode("gbk") in out.with_suffix(".dbf").read_bytes()
    with fiona.open(out) as rows:
        names = sorted(row["properties"]["name"] for row in rows)
    assert names == ["乌有街道", "子虚街道", "无是街道"]
