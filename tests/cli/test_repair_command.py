"""``gridadmin repair``: what it settles, what it keeps, what it never writes over."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import pytest
import shapely
import shapely.geometry

from benchmarks.generate import generate
from benchmarks.plant import Planted, plant
from gridadmin.app.repairing import RepairRequest, repair_path
from gridadmin.base.errors import Cancelled
from gridadmin.base.progress import Silent
from gridadmin.exchange.file_repair import repair_file
from gridadmin.repair.polygons import POLICIES, repair_polygons
from tests.cli.boundaries import Row, boundary_file, box, outline
from tests.cli.runner import edited, json_of, run


@pytest.fixture(scope="module", params=[1, 2, 3])
def planted(request: pytest.FixtureRequest) -> Planted:
    """A hundred areas with each kind of fault planted once or twice."""
    return plant(
        generate(100), request.param, gaps=8, overlaps=10, near_misses=2, exact_t_junctions=2
    )


def rows_of(path: Path) -> list[Any]:
    with fiona.open(path) as source:
        return list(source)


def shapes_of(path: Path) -> np.ndarray:
    return np.array([shapely.geometry.shape(row["geometry"]) for row in rows_of(path)])


def pair() -> list[Row]:
    """Two squares of 100 m that overlap by 2 m × 100 m, and a third 1 m off the second."""
    return [
        ({"code": "990001001001", "name": "甲"}, box(0, 0, 102, 100)),
        ({"code": "990001001002", "name": "乙"}, box(100, 0, 200, 100)),
        ({"code": "990001001003", "name": "丙"}, box(0, 101, 200, 200)),
        ({"code": "990001001004", "name": "丁"}, box(200, 0, 300, 200)),
        ({"code": "990001001005", "name": "戊"}, box(-100, 0, 0, 200)),
    ]


@pytest.mark.parametrize("policy", POLICIES[::2])
def test_planted_faults_are_settled_and_no_polygon_vanishes(planted: Planted, policy: str) -> None:
    polygons = planted.polygons

    done = repair_polygons(polygons, policy)

    assert shapely.is_valid(done.polygons).all()
    assert shapely.coverage_is_valid(done.polygons)
    assert not shapely.is_empty(done.polygons).any()
    assert len(done.polygons) == len(polygons)
    assert done.left == ()


@pytest.mark.parametrize("policy", POLICIES[::2])
def test_no_land_changes_hands_beyond_the_defects(planted: Planted, policy: str) -> None:
    polygons = planted.polygons
    done = repair_polygons(polygons, policy)
    before = shapely.transform(polygons, lambda xy: xy * 1000 - np.array(done.origin_mm))
    covered = shapely.union_all(before)
    gaps = shapely.difference(shapely.convex_hull(covered), covered)
    one, other = shapely.STRtree(before).query(before, predicate="intersects")
    several = shapely.intersection(before[one[one < other]], before[other[one < other]])
    parts = np.concatenate((shapely.get_parts(several), shapely.get_parts(gaps)))
    defects = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])

    for row, (old, new) in enumerate(zip(before, done.polygons, strict=True)):
        moved = shapely.symmetric_difference(old, new)
        beyond = shapely.area(shapely.difference(moved, defects))
        # A millimetre along the perimeter touched.
        assert beyond <= old.length + new.length, row


def test_overlap_and_gap_go_to_the_longest_border(chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "面.gpkg", pair(), layer="网格")
    out = chinese_dir / "修复.gpkg"

    result = json_of("repair", path, out, "--policy", "longest")

    assert result["settled"] == {"gap": 1, "overlap": 1}
    assert result["left"] == []
    assert shapely.coverage_is_valid(shapes_of(out))
    by_area = {one["area"]: (one["gained_m2"], one["lost_m2"]) for one in result["moved"]}
    # The gap of 1 m × 200 m lies 200 m along the third square.
    assert by_area["3"] == (200.0, 0.0)
    assert max(lost for _, lost in by_area.values()) == 200.0


def test_the_centre_line_gives_half_to_each(chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "面.gpkg", pair())
    out = chinese_dir / "修复.gpkg"

    json_of("repair", path, out, "--policy", "centre")

    sizes = [round(float(one.area), 0) for one in shapes_of(out)]
    assert sizes[:2] == pytest.approx([10_150, 9_950], abs=2)
    assert sizes[2] == pytest.approx(19_900, abs=2)


def test_rows_columns_layer_and_crs_stay(chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "面.gpkg", pair(), layer="网格")
    out = chinese_dir / "修复.gpkg"

    run("repair", path, out, "--policy", "longest")

    assert fiona.listlayers(out) == ["网格"]
    with fiona.open(path) as source, fiona.open(out) as written:
        assert written.crs == source.crs
        assert written.schema["properties"] == source.schema["properties"]
        assert [dict(r.properties) for r in written] == [dict(r.properties) for r in source]
        assert [r.id for r in written] == [r.id for r in source]
    with closing(sqlite3.connect(out)) as db:
        (verdict,) = db.execute("SELECT rtreecheck('rtree_网格_geom')").fetchone()
        assert verdict == "ok"
        (count,) = db.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '网格'"
        ).fetchone()
        assert count > 0


@pytest.mark.parametrize("name", ["面.shp", "面.geojson"])
def test_other_formats_keep_their_rows_too(chinese_dir: Path, name: str) -> None:
    driver = "ESRI Shapefile" if name.endswith("shp") else "GeoJSON"
    crs = "EPSG:4549"
    path = boundary_file(chinese_dir / name, pair(), driver=driver, crs=crs)
    out = chinese_dir / f"修复{path.suffix}"

    ran = run("repair", path, out, "--policy", "longest")

    assert ran.code == 0, ran.err
    assert [dict(r.properties) for r in rows_of(out)] == [dict(r.properties) for r in rows_of(path)]
    assert shapely.coverage_is_valid(shapes_of(out))
    with fiona.open(out) as written, fiona.open(path) as source:
        assert written.crs == source.crs


def test_a_geographic_file_is_repaired_in_its_own_degrees(chinese_dir: Path) -> None:
    rows = [
        ({"code": "1"}, shapely.box(104.0, 30.0, 104.0011, 30.001)),
        ({"code": "2"}, shapely.box(104.001, 30.0, 104.002, 30.001)),
    ]
    path = boundary_file(chinese_dir / "度.geojson", rows, driver="GeoJSON", crs="EPSG:4326")
    out = chinese_dir / "修复.geojson"

    result = json_of("repair", path, out, "--policy", "longest")

    assert result["settled"] == {"overlap": 1}
    shapes = shapes_of(out)
    assert shapely.coverage_is_valid(shapes)
    assert shapely.total_bounds(shapes).tolist() == [104.0, 30.0, 104.002, 30.001]
    assert json.loads(out.read_text(encoding="utf-8"))["type"] == "FeatureCollection"


def test_what_is_larger_than_the_limit_is_left_and_listed(chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "面.gpkg", pair())
    out = chinese_dir / "修复.gpkg"

    result = json_of("repair", path, out, "--policy", "longest", "--max-area", 10, code=1)

    assert result["settled"] == {}
    assert sorted(one["kind"] for one in result["left"]) == ["gap", "overlap"]
    assert {one["why"] for one in result["left"]} == {"too_large"}
    assert {one["area_m2"] for one in result["left"]} == {200.0}


def test_rows_drawn_twice_get_equal_parts_and_one_within_another_its_own(chinese_dir: Path) -> None:
    rows = [
        ({"code": "1"}, box(0, 0, 100, 50)),
        ({"code": "2"}, box(0, 0, 100, 50)),
        ({"code": "3"}, box(100, 0, 200, 50)),
        ({"code": "4"}, box(120, 10, 130, 20)),
    ]
    path = boundary_file(chinese_dir / "面.gpkg", rows)
    out = chinese_dir / "修复.gpkg"

    json_of("repair", path, out, "--policy", "longest")

    assert [round(float(one.area), 3) for one in shapes_of(out)] == [2500, 2500, 4900, 100]
    assert shapely.coverage_is_valid(shapes_of(out))


def test_neighbours_that_differ_by_a_micrometre_become_one(chinese_dir: Path) -> None:
    rows = [
        ({"code": "1"}, box(0, 0, 100, 100)),
        ({"code": "2"}, box(99.999999, 0, 200, 100)),
    ]
    path = boundary_file(chinese_dir / "面.gpkg", rows)
    out = chinese_dir / "修复.gpkg"

    result = json_of("repair", path, out, "--policy", "longest")

    assert result["settled"] == {}
    assert shapely.coverage_is_valid(shapes_of(out))
    assert not shapely.coverage_is_valid(shapes_of(path))


def test_the_input_is_never_written_over(chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "面.gpkg", pair())
    before = path.read_bytes()

    ran = run("repair", path, path, "--policy", "longest")

    assert ran.code == 2
    assert path.read_bytes() == before


def test_a_project_is_never_written_over(four_grids: Path, chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "面.gpkg", pair())
    before = four_grids.read_bytes()

    ran = run("repair", path, four_grids, "--policy", "longest")

    assert ran.code == 2
    assert four_grids.read_bytes() == before


def test_an_unknown_extension_is_refused_before_anything_is_written(chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "面.gpkg", pair())

    ran = run("repair", path, chinese_dir / "修复.dxf", "--policy", "longest")

    assert ran.code == 2
    assert not (chinese_dir / "修复.dxf").exists()


def test_majority_tells_that_a_file_has_no_buildings(chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "面.gpkg", pair())

    done = repair_file(path, chinese_dir / "修复.gpkg", "majority")

    assert [one.code for one in done.warnings] == ["repair.no_buildings"]
    assert done.settled == {"gap": 1, "overlap": 1}


def test_a_project_is_repaired_in_a_copy(four_grids: Path, chinese_dir: Path) -> None:
    parent = "990001001001"
    cut = {"do": "insert_line", "line": [[529990.0, 3994030.0], [530110.0, 3994030.0]]}
    edited(
        four_grids,
        {"do": "set", "area": parent, "field": "divided", "value": True},
        {**cut, "left": "keep", "right": parent},
    )
    before = four_grids.read_bytes()
    out = chinese_dir / "修复 项目.gpkg"

    result = json_of("repair", four_grids, out, "--policy", "longest")

    assert result["settled"] == {"gap": 1}
    assert [one["gained_m2"] for one in result["moved"]] == [3000.0]
    assert four_grids.read_bytes() == before
    assert json_of("verify", out)["gap_m2"] == 0.0
    assert [i for i in json_of("check", out)["issues"] if i["kind"] == "gap"] == []


def test_the_longest_border_decides_where_the_buildings_speak_for_the_same_area(
    four_grids: Path, chinese_dir: Path
) -> None:
    parent = "990001001001"
    cut = {"do": "insert_line", "line": [[529990.0, 3994030.0], [530110.0, 3994030.0]]}
    house = [({"name": "1幢"}, box(20, 22, 40, 34))]
    run("import", four_grids, boundary_file(chinese_dir / "楼.gpkg", house), "--level", "buildings")
    edited(
        four_grids,
        {"do": "set", "area": parent, "field": "divided", "value": True},
        {**cut, "left": "keep", "right": parent},
    )
    out = chinese_dir / "修复.gpkg"

    result = json_of("repair", four_grids, out, "--policy", "longest")

    assert result["settled"] == {"gap": 1}
    assert [(one["code"], one["gained_m2"]) for one in result["moved"]] == [(f"{parent}003", 3000)]


def test_what_no_way_fits_is_told_by_name_and_with_a_reason(
    four_grids: Path, chinese_dir: Path
) -> None:
    out = chinese_dir / "修复.gpkg"
    beyond = [({"code": "990001001001005"}, box(200, 0, 260, 100))]
    path = boundary_file(chinese_dir / "外.gpkg", beyond)
    run("import", four_grids, path, "--level", "grid")

    ran = run("--lang", "en", "repair", four_grids, out, "--policy", "longest")

    left = [line for line in ran.err.splitlines() if line.startswith("Left: ")]
    assert left, ran.err
    assert all("990001001001005" in line for line in left)
    assert all("this policy has no way for it" in line for line in left)


def test_a_row_that_crosses_itself_is_told(chinese_dir: Path) -> None:
    bow = outline((300, 0), (400, 100), (400, 0), (300, 100))
    path = boundary_file(chinese_dir / "面.gpkg", [*pair(), ({"code": "6", "name": "己"}, bow)])

    result = json_of("repair", path, chinese_dir / "修复.gpkg", "--policy", "longest")

    assert [row["row"] for row in result["invalid"]] == ["6"]
    assert result["frame"] == "none"


@pytest.mark.parametrize("policy", ["longest", "majority", "centre"])
def test_an_area_of_disputed_land_alone_keeps_it(
    four_grids: Path, chinese_dir: Path, policy: str
) -> None:
    row = [({"code": "990001001001009", "name": "重画"}, box(0, 0, 50, 50))]
    path = boundary_file(chinese_dir / "重.gpkg", row)
    run("import", four_grids, path, "--level", "grid")
    out = chinese_dir / "修复.gpkg"

    result = json_of("repair", four_grids, out, "--policy", policy)

    moved = {one["code"]: (one["gained_m2"], one["lost_m2"]) for one in result["moved"]}
    assert result["settled"] == {"contained": 1}
    assert result["left"] == []
    assert moved == {"990001001001003": (0.0, 2500.0), "990001001001009": (2500.0, 0.0)}


def test_the_list_tells_what_who_lost_and_no_side_on_which_nothing_is(
    four_grids: Path, chinese_dir: Path
) -> None:
    row = [({"code": "990001001001009", "name": "重画"}, box(0, 0, 50, 50))]
    path = boundary_file(chinese_dir / "重.gpkg", row)
    run("import", four_grids, path, "--level", "grid")
    out = chinese_dir / "修复.gpkg"

    ran = run("--lang", "en", "repair", four_grids, out, "--policy", "longest")

    assert "990001001001009: +2,500.000 m²\n" in ran.err
    assert "990001001001003: −2,500.000 m²\n" in ran.err
    assert "−0.000" not in ran.err


def test_of_two_areas_drawn_alike_neither_loses_all_and_the_reason_is_told(
    four_grids: Path, chinese_dir: Path
) -> None:
    rows = [
        ({"code": "990001001001008", "name": "同甲"}, box(0, 0, 50, 50)),
        ({"code": "990001001001009", "name": "同乙"}, box(0, 0, 50, 50)),
    ]
    path = boundary_file(chinese_dir / "重.gpkg", rows)
    run("import", four_grids, path, "--level", "grid")
    out = chinese_dir / "修复.gpkg"

    result = json_of("--lang", "en", "repair", four_grids, out, "--policy", "longest", code=1)

    (left,) = result["left"]
    assert {"同甲 990001001001008", "同乙 990001001001009"} < set(left["names"])
    assert "without any land" in left["why"]
    assert result["moved"] == []


def test_a_cancelled_repair_writes_nothing(four_grids: Path, chinese_dir: Path) -> None:
    row = [({"code": "990001001001009"}, box(0, 0, 50, 50))]
    path = boundary_file(chinese_dir / "重.gpkg", row)
    run("import", four_grids, path, "--level", "grid")
    out = chinese_dir / "修复.gpkg"

    class Stopped(Silent):
        def is_cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        repair_path(RepairRequest(four_grids, out, "longest"), progress=Stopped())
    assert not out.exists()
