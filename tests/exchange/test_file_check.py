"""The check of polygon files: real coverages, foreign files, every kind of CRS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from gridadmin.base.errors import InputError
from gridadmin.exchange.file_check import FileCheck, check_file

SQUARES = [
    shapely.box(0, 0, 100, 100),
    shapely.box(100, 0, 200, 100),
    shapely.box(90, 90, 110, 110),
]
"""The third overlaps the other two by 100 m² each."""


def geojson(path: Path, polygons: list[shapely.Geometry], crs: str | None = None) -> Path:
    """Write polygons with a column ``code``; *crs* as the old member of GeoJSON."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"99000{number}"},
            "geometry": json.loads(shapely.to_geojson(polygon)),
        }
        for number, polygon in enumerate(polygons, 1)
    ]
    content: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs is not None:
        content["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def moved(
    polygons: list[shapely.Geometry], dx: float, dy: float, scale: float = 1.0
) -> list[shapely.Geometry]:
    return [
        shapely.transform(one, lambda xy: (xy + np.array([dx, dy])) * scale) for one in polygons
    ]


def in_degrees(polygons: list[shapely.Geometry]) -> list[shapely.Geometry]:
    back = Transformer.from_crs(4548, 4490, always_xy=True)
    return [
        shapely.transform(one, lambda xy: np.column_stack(back.transform(xy[:, 0], xy[:, 1])))
        for one in moved(polygons, 500_000, 4_000_000)
    ]


def kinds(found: FileCheck) -> dict[str, int]:
    names = [issue.kind for issue in found.issues]
    return {name: names.count(name) for name in sorted(set(names))}


def test_chicago_has_four_holes_and_no_overlap_worth_listing(shared_data: Path) -> None:
    found = check_file(shared_data / "coverages" / "chicago_precincts.gpkg")

    holes = [issue.area_m2 or 0.0 for issue in found.issues if issue.kind == "gap"]
    assert len([area for area in holes if area > 1]) == 4
    assert sum(holes) == pytest.approx(8_808_349.88, abs=1.0)
    assert "overlap" not in kinds(found)
    assert found.crs == "EPSG:26916"
    assert found.exit_code == 1


def test_streets_of_shinan_tile_their_district(shared_data: Path) -> None:
    found = check_file(shared_data / "osm" / "shinan_11_streets_osm.geojson")

    assert {kind: count for kind, count in kinds(found).items() if kind != "multipart"} == {}
    assert found.areas == 11
    assert found.crs == "EPSG:4326"


def test_foreign_geopackages_are_checked_or_refused_with_a_sentence(shared_data: Path) -> None:
    outcomes: dict[str, int | str] = {}
    for path in sorted((shared_data / "geopackage-cases").glob("*.gpkg")):
        try:
            outcomes[path.name] = check_file(path).exit_code
        except InputError as error:
            outcomes[path.name] = error.code
    assert len(outcomes) == 22
    assert outcomes["nga_multipleholes.gpkg"] == 1
    assert outcomes["ets_simple_sewer_features.gpkg"] == "input.no_polygons"


def test_json_is_what_the_contract_says(chinese_dir: Path) -> None:
    path = geojson(chinese_dir / "网格 图.geojson", moved(SQUARES, 500_000, 4_000_000), "EPSG:4548")

    told = check_file(path, id_column="code").to_json("en")

    issues = told.pop("issues")
    assert {**told, "seconds": sorted(told["seconds"])} == {
        "version": 1,
        "crs": "EPSG:4548",
        "areas": 3,
        "snap_m": 0.001,
        "min_area_m2": 0.01,
        "frame": "none",
        "dust": {"gap": 0, "overlap": 0, "area_m2": 0},
        "invalid": [],
        "seconds": ["check", "read"],
    }
    assert json.loads(json.dumps(issues)) == issues
    first = next(issue for issue in issues if issue["areas"] == ["990001", "990003"])
    assert len(first.pop("id")) == 12
    assert first.pop("width_m") == pytest.approx(10.0)
    assert first.pop("point") == pytest.approx([500_095, 4_000_095])
    assert first == {
        "kind": "overlap",
        "class": "enclosed",
        "level": "",
        "severity": "error",
        "area_m2": 100.0,
        "areas": ["990001", "990003"],
        "bbox": [500_090.0, 4_000_090.0, 500_100.0, 4_000_100.0],
    }


def test_areas_are_row_ids_without_an_id_column(tmp_path: Path) -> None:
    found = check_file(geojson(tmp_path / "a.geojson", moved(SQUARES, 500_000, 0), "EPSG:4548"))

    assert sorted(issue.areas for issue in found.issues) == [("1", "3"), ("2", "3")]


def test_issue_numbers_stay_when_another_fault_is_mended(tmp_path: Path) -> None:
    far = moved(SQUARES, 500_000, 5_000)
    both = geojson(tmp_path / "a.geojson", [*moved(SQUARES, 500_000, 0), *far], "EPSG:4548")
    one = geojson(tmp_path / "b.geojson", [*moved(SQUARES, 500_000, 0), *far[:2]], "EPSG:4548")

    before = {issue.id for issue in check_file(both).issues}
    after = {issue.id for issue in check_file(one).issues}

    assert len(before) == 4
    assert len(after) == 2
    assert after < before


def test_geographic_file_is_measured_in_metres_and_told_in_degrees(tmp_path: Path) -> None:
    found = check_file(geojson(tmp_path / "a.geojson", in_degrees(SQUARES)))

    # The file's own plane is true to scale on its central meridian, as the local one is.
    assert [issue.area_m2 for issue in found.issues] == pytest.approx([100.0, 100.0], rel=1e-4)
    for issue in found.issues:
        assert issue.point is not None
        assert issue.bbox is not None
        lon, lat = issue.point
        assert lon == pytest.approx(117.001, abs=0.001)
        assert issue.bbox[0] < lon < issue.bbox[2]
        assert issue.bbox[1] < lat < issue.bbox[3]


def test_long_edges_of_a_geographic_file_stay_matched(tmp_path: Path) -> None:
    halves = [shapely.box(116.0, 36.0, 117.0, 36.5), shapely.box(116.0, 36.5, 117.0, 37.0)]

    found = check_file(geojson(tmp_path / "a.geojson", halves), min_area_m2=0.0)

    assert found.issues == ()
    assert found.exit_code == 0


def test_feet_are_converted(tmp_path: Path) -> None:
    feet = moved(SQUARES, 600_000, 600_000, 1 / (1200 / 3937))

    found = check_file(geojson(tmp_path / "a.geojson", feet, "EPSG:3435"))

    assert [issue.area_m2 for issue in found.issues] == pytest.approx([100.0, 100.0], rel=1e-6)
    assert found.issues[0].point is not None
    assert found.issues[0].point[0] == pytest.approx(600_095 * 3937 / 1200, abs=50)


def test_large_numbers_without_crs_are_metres_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "无坐标系.gpkg"
    _write_without_crs(path, moved(SQUARES, 500_000, 0))

    found = check_file(path)

    assert [warning.code for warning in found.warnings][-1] == "check.assumed_metres"
    assert found.crs == ""
    assert [issue.area_m2 for issue in found.issues] == [100.0, 100.0]


def test_small_numbers_without_crs_are_degrees_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    _write_without_crs(path, in_degrees(SQUARES))

    found = check_file(path)

    assert [warning.code for warning in found.warnings][-1] == "check.assumed_lon_lat"
    assert [issue.area_m2 for issue in found.issues] == pytest.approx([100.0, 100.0], rel=1e-4)


def test_crs_option_goes_before_what_the_file_says(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    _write_without_crs(path, moved(SQUARES, 500_000, 4_000_000))

    found = check_file(path, crs="EPSG:4548")

    assert found.crs == "EPSG:4548"
    assert found.warnings == () or found.warnings[-1].code != "check.assumed_metres"


def test_shifted_map_is_told_in_its_own_numbers(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", in_degrees(SQUARES))

    found = check_file(path, crs="gcj02")

    assert found.crs == "gcj02"
    assert found.issues[0].point is not None
    assert found.issues[0].point[0] == pytest.approx(117.001, abs=0.0002)


def test_degrees_declared_over_metres_are_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", moved(SQUARES, 500_000, 4_000_000))

    with pytest.raises(InputError, match="crs_disagrees"):
        check_file(path, crs="EPSG:4490")


def test_unknown_id_column_is_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", in_degrees(SQUARES))

    with pytest.raises(InputError, match="no_column"):
        check_file(path, id_column="编号")


def test_parent_in_another_crs_is_brought_into_the_same_plane(tmp_path: Path) -> None:
    areas = geojson(tmp_path / "a.geojson", in_degrees(SQUARES[:2]))
    wide = geojson(
        tmp_path / "b.geojson",
        moved([shapely.box(0, 0, 200, 101)], 500_000, 4_000_000),
        "EPSG:4548",
    )

    found = check_file(areas, parent=wide)

    assert found.to_json()["frame"] == "given"
    assert kinds(found) == {"gap": 1}
    assert found.issues[0].area_m2 == pytest.approx(200.0, rel=1e-3)


def test_invalid_rows_come_before_the_issues_in_the_result(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    path = geojson(
        tmp_path / "蝴蝶结.geojson", moved([*SQUARES, bow_tie], 500_000, 4_000_000), "EPSG:4548"
    )
    told = check_file(path).to_json()

    assert [row["row"] for row in told["invalid"]] == ["4"]
    assert list(told).index("invalid") < list(told).index("issues")


def test_rows_without_polygon_are_listed_as_invalid_in_the_language_asked(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    path = geojson(tmp_path / "a.geojson", moved([bow_tie], 500_000, 0), "EPSG:4548")

    found = check_file(path, id_column="code")

    assert found.to_json("zh")["invalid"] == [
        {
            "row": "990001",
            "why": "第 990001 行的边界自相交，位于（500005, 5）。"
            "已按奇偶规则计算，请重画该处边界。",
        }
    ]
    assert found.exit_code == 1


def test_table_without_land_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("code,name\n990001,a\n", encoding="utf-8")

    with pytest.raises(InputError, match="no_polygons"):
        check_file(path)


def test_without_a_frame_it_says_that_open_gaps_are_not_proved(tmp_path: Path) -> None:
    found = check_file(geojson(tmp_path / "a.geojson", in_degrees(SQUARES[:2])))

    assert [note.code for note in found.notes] == ["check.no_frame"]


def _write_without_crs(path: Path, polygons: list[shapely.Geometry]) -> None:
    import fiona

    schema = {"geometry": "Polygon", "properties": {}}
    with fiona.open(path, "w", driver="GPKG", schema=schema, layer="areas") as layer:
        for polygon in polygons:
            layer.write({"geometry": shapely.geometry.mapping(polygon), "properties": {}})


def test_near_misses_of_a_file_are_told_as_causes_that_fail_no_check(tmp_path: Path) -> None:
    west = shapely.Polygon([(0, 0), (100, 0), (100.002, 60), (100, 100), (0, 100)])
    east = shapely.Polygon([(100, 0), (200, 0), (200, 100), (100, 100), (100, 60)])
    path = geojson(tmp_path / "错位.geojson", moved([west, east], 500_000, 4_000_000), "EPSG:4548")
    found = check_file(path, min_area_m2=0.5)

    (miss,) = found.to_json()["issues"]
    assert (miss["kind"], miss["class"], miss["severity"]) == ("near_miss", "vertex", "info")
    assert miss["width_m"] == pytest.approx(0.002, abs=1e-6)
    assert miss["area_m2"] is None
    assert sorted(miss["areas"]) == ["1", "2"]
    assert found.exit_code == 0
