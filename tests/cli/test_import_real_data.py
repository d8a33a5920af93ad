"""Imports of real coverages, with the figures that their makers and other programs give."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import fiona
import pytest
import shapely
import shapely.geometry

from tests.cli.runner import edited, json_of, run


@pytest.fixture(scope="session")
def chicago_once(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Chicago precincts as grids of a new project."""
    path = tmp_path_factory.mktemp("芝加哥 选区") / "芝加哥.gpkg"
    assert run("new", path, "--scheme", "default").code == 0
    source = shared_data / "coverages" / "chicago_precincts.gpkg"
    result = json_of("import", path, source, "--level", "grid")
    assert (result["rows"], result["drawn"], result["new"]) == (2069, 2069, 2069)
    # The three overlaps of 0.001 m² are narrower than the snapping distance.
    assert len(result["moved"]) == 3
    assert max(result["moved"].values()) < 1.0
    assert result["disputed"] == []
    assert sum(gap["area_m2"] for gap in result["gaps"]) == pytest.approx(8_808_349.88, abs=1.0)
    return path


@pytest.fixture
def chicago(chicago_once: Path, chinese_dir: Path) -> Path:
    return Path(shutil.copy(chicago_once, chinese_dir / "芝加哥 副本.gpkg"))


@pytest.fixture
def shinan(shared_data: Path, chinese_dir: Path) -> Path:
    """市南区 with its 50 communities listed and its 11 streets drawn."""
    path = chinese_dir / "市南 项目.gpkg"
    assert run("new", path, "--scheme", "shinan", "--root", "370202").code == 0
    source = shared_data / "osm" / "shinan_11_streets_osm.geojson"
    result = json_of("import", path, source, "--level", "street")
    assert (result["known"], result["new"], result["drawn"]) == (11, 0, 11)
    return path


def test_chicago_has_the_four_holes_that_are_known_of_it(chicago_once: Path) -> None:
    result = json_of("check", chicago_once, code=1)

    gaps = [issue for issue in result["issues"] if issue["kind"] == "gap"]
    assert len(gaps) == 4
    assert [round(gap["area_m2"], 2) for gap in gaps] == pytest.approx(
        [7_986_568.34, 508_322.16, 313_453.72, 5.66], abs=0.5
    )
    assert {gap["class"] for gap in gaps} == {"enclosed"}
    assert not [issue for issue in result["issues"] if issue["kind"] in ("overlap", "overhang")]


def test_hole_given_to_a_neighbour_by_its_number_is_closed(chicago: Path) -> None:
    gaps = [i for i in json_of("check", chicago, code=1)["issues"] if i["kind"] == "gap"]
    before = json_of("verify", chicago)

    [answer] = edited(chicago, {"do": "give", "issue": gaps[1]["id"], "to": gaps[1]["areas"][0]})

    assert gaps[1]["areas"][0] in answer["changed"]
    after = json_of("verify", chicago)
    assert before["gap_m2"] - after["gap_m2"] == pytest.approx(gaps[1]["area_m2"], abs=1e-3)
    assert after["plane_m2"] == before["plane_m2"]
    left = [i["id"] for i in json_of("check", chicago, code=1)["issues"] if i["kind"] == "gap"]
    assert sorted(left) == sorted(gap["id"] for gap in gaps if gap is not gaps[1])


def test_chicago_export_is_a_valid_coverage_for_other_programs(
    chicago_once: Path, chinese_dir: Path
) -> None:
    out = chinese_dir / "导出 选区.gpkg"

    ran = run("export", chicago_once, out)

    assert ran.code == 0
    with fiona.open(out, layer="grid") as rows:
        shapes = [shapely.geometry.shape(row["geometry"]) for row in rows]
        assert rows.crs.to_epsg() == 4326
    assert len(shapes) == 2069
    assert shapely.is_valid(shapes).all()
    # Shared vertices come out of the same numbers, so equal means equal in degrees too.
    assert shapely.coverage_is_valid(shapes)


def test_shinan_has_its_published_parts_and_no_gap(shinan: Path) -> None:
    info = json_of("info", shinan)
    result = json_of("check", shinan)

    levels = {level["level"]: level for level in info["levels"]}
    assert levels["street"]["drawn"] == 11
    assert levels["community"]["listed"] == 50
    assert info["crs"] == "EPSG:4549"
    assert levels["street"]["land_m2"] == pytest.approx(28_353_537.7, abs=5.0)
    kinds = {issue["kind"] for issue in result["issues"]}
    assert kinds == {"undivided", "band_open"}
    undivided = sum(issue["area_m2"] or 0 for issue in result["issues"])
    assert undivided == pytest.approx(28_354_302.0, abs=5.0)


def test_list_of_base_units_leaves_known_ones_and_counts_those_outside(
    shinan: Path, shared_data: Path
) -> None:
    source = shared_data / "base_units.csv"
    with source.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    inside = [row for row in rows if row["code12"].startswith("370202")]
    before = shinan.read_bytes()

    result = json_of("import", shinan, source, "--level", "community")

    assert len(inside) == 50
    assert result["known"] == 50
    assert result["new"] == 0
    assert result["outside_root"] == len(rows) - 50
    assert result["revision"] == 1
    assert shinan.read_bytes() == before


def test_list_of_base_units_fills_a_project_made_without_them(
    shared_data: Path, chinese_dir: Path
) -> None:
    path = chinese_dir / "空 项目.gpkg"
    assert run("new", path, "--scheme", "shinan", "--root", "370202", "--no-units").code == 0

    result = json_of("import", path, shared_data / "base_units.csv", "--level", "community")

    assert result["new"] == 50
    assert result["made_parents"] == 11
    levels = {level["level"]: level for level in json_of("info", path)["levels"]}
    assert (levels["street"]["listed"], levels["community"]["listed"]) == (11, 50)


def test_streets_drawn_on_a_shifted_map_are_asked_about_and_not_taken(
    shinan: Path, shared_data: Path, chinese_dir: Path
) -> None:
    import json

    from gridadmin.partition.datum import gcj02_from_wgs84

    source = json.loads(
        (shared_data / "osm" / "shinan_11_streets_osm.geojson").read_text(encoding="utf-8")
    )

    def shifted(node: object) -> object:
        if isinstance(node, list) and node and isinstance(node[0], float):
            lon, lat = gcj02_from_wgs84(node[0], node[1])
            return [float(lon), float(lat)]
        return [shifted(part) for part in node] if isinstance(node, list) else node

    for feature in source["features"]:
        feature["geometry"]["coordinates"] = shifted(feature["geometry"]["coordinates"])
    path = chinese_dir / "高德 描图.geojson"
    path.write_text(json.dumps(source), encoding="utf-8")
    before = shinan.read_bytes()

    refused = run("import", shinan, path, "--level", "street", "--replace")
    taken = json_of(
        "import", shinan, path, "--level", "street", "--replace", "--crs", "gcj02", "--preview-only"
    )

    assert refused.code == 2
    assert "--crs gcj02" in refused.err
    assert shinan.read_bytes() == before
    assert taken["known"] == 11
