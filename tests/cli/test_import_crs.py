"""What an import can't be sure of it asks about, and the sentence names the option."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
import shapely.affinity
from pyproj import Transformer

from tests.cli.boundaries import PLANE, Row, boundary_file, quarters
from tests.cli.runner import json_of, run


def moved(rows: list[Row], crs: str) -> list[Row]:
    """Return rows of the plane in another CRS."""
    to_other = Transformer.from_crs(PLANE, crs, always_xy=True)
    return [
        (values, shapely.transform(shape, to_other.transform, interleaved=False))
        for values, shape in rows
        if shape is not None
    ]


def swapped(rows: list[Row]) -> list[Row]:
    return [
        (values, shapely.transform(shape, lambda xy: xy[:, ::-1]))
        for values, shape in rows
        if shape is not None
    ]


def shifted(rows: list[Row], x: float) -> list[Row]:
    return [
        (values, shapely.affinity.translate(shape, xoff=x))
        for values, shape in rows
        if shape is not None
    ]


def assert_asked(project: Path, path: Path, *options: str) -> str:
    """Import without options: refused, nothing written, and the options are named."""
    before = project.read_bytes()
    sentences = []
    for lang in ("zh", "en"):
        ran = run("import", project, path, "--level", "grid", lang=lang)
        assert ran.code == 2
        assert ran.out == ""
        assert path.name in ran.err
        for option in options:
            assert option in ran.err
        sentences.append(ran.err)
    assert sentences[0] != sentences[1]
    assert project.read_bytes() == before
    return sentences[1]


def land_of(project: Path) -> float:
    return float(json_of("info", project)["levels"][1]["land_m2"])


def test_plane_metres_without_a_crs_are_asked_about(project: Path, chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "无 系.gpkg", quarters(), crs=None)
    assert_asked(project, path, "--crs")

    json_of("import", project, path, "--level", "grid", "--crs", PLANE)

    assert json_of("info", project)["crs"] == PLANE
    assert land_of(project) == pytest.approx(39_999.11, abs=0.05)


def test_zone_in_front_of_eastings_is_recognised_and_asked_about(
    project: Path, chinese_dir: Path
) -> None:
    path = boundary_file(chinese_dir / "带号.gpkg", shifted(quarters(), 40_000_000.0), crs=None)
    assert_asked(project, path, "--crs EPSG:4528")

    json_of("import", project, path, "--level", "grid", "--crs", "EPSG:4528")

    assert json_of("info", project)["crs"] == PLANE


def test_north_before_east_is_asked_about(project: Path, chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "反.gpkg", swapped(quarters()), crs=PLANE)
    assert_asked(project, path, "--swap-xy")

    json_of("import", project, path, "--level", "grid", "--swap-xy")

    assert land_of(project) == pytest.approx(39_999.11, abs=0.05)


def test_degrees_without_a_crs_are_asked_about(project: Path, chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "度.gpkg", moved(quarters(), "EPSG:4490"), crs=None)
    assert_asked(project, path, "--crs", "gcj02")

    json_of("import", project, path, "--level", "grid", "--crs", "EPSG:4490")

    assert json_of("info", project)["crs"] == PLANE
    assert land_of(project) == pytest.approx(39_999.11, abs=0.1)


def test_old_system_is_refused_with_its_reason(project: Path, chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "旧系.gpkg", quarters(), crs="EPSG:2436")

    text = assert_asked(project, path)

    assert "1954" in text


def test_unknown_crs_option_is_bad_use(project: Path, chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "网格.gpkg", quarters())

    ran = run("import", project, path, "--level", "grid", "--crs", "moon")

    assert ran.code == 2
    assert "moon" in ran.err


def test_second_import_comes_into_the_plane_of_the_first(project: Path, chinese_dir: Path) -> None:
    first, second = quarters()[:2], quarters()[2:]
    json_of("import", project, boundary_file(chinese_dir / "一.gpkg", first), "--level", "grid")
    lonlat = boundary_file(chinese_dir / "二.gpkg", moved(second, "EPSG:4490"), crs="EPSG:4490")

    result = json_of("import", project, lonlat, "--level", "grid")

    assert result["disputed"] == []
    assert json_of("info", project)["crs"] == PLANE
    verified = json_of("verify", project)
    assert verified["plane_m2"] == pytest.approx(40_000.0, abs=0.5)
    assert verified["gap_m2"] == 0.0


def test_one_of_several_layers_must_be_named(project: Path, chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "两层.gpkg", quarters(), layer="甲层")
    boundary_file(path, quarters("990001002"), layer="乙层")

    assert_asked(project, path, "--layer", "甲层", "乙层")
    result = json_of("import", project, path, "--level", "grid", "--layer", "乙层")

    assert result["layer"] == "乙层"


def test_far_off_land_is_refused(project: Path, chinese_dir: Path) -> None:
    json_of(
        "import", project, boundary_file(chinese_dir / "近.gpkg", quarters()), "--level", "grid"
    )
    far = boundary_file(chinese_dir / "远.gpkg", shifted(quarters("990009009"), 900_000.0))
    before = project.read_bytes()

    ran = run("import", project, far, "--level", "grid", "--crs", PLANE)

    assert ran.code == 2
    assert project.read_bytes() == before
