"""Whatever a file holds, reading it ends in a table or in a sentence."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from gridadmin.base.errors import GridAdminError, InputError
from gridadmin.base.texts import explain
from gridadmin.exchange.reader import list_layers, read_layer
from gridadmin.exchange.source import FeatureTable
from tests.helpers.mutator import mutants

UNFILLED = re.compile(r"\{[a-z_]+\}")
"""A parameter that nobody gave to its sentence."""
MUTANTS = int(os.environ.get("GRIDADMIN_MUTANTS", "200"))
"""A long run damages more files: GRIDADMIN_MUTANTS=2000."""


def outcome(path: Path) -> list[FeatureTable | GridAdminError]:
    """Read every layer of a file; an unexpected exception fails the test that asks."""
    try:
        layers = list_layers(path)
    except GridAdminError as error:
        return [error]
    found: list[FeatureTable | GridAdminError] = []
    for layer in layers:
        try:
            found.append(read_layer(path, layer.name))
        except GridAdminError as error:
            found.append(error)
    return found


def assert_is_told(results: list[FeatureTable | GridAdminError]) -> None:
    for result in results:
        if isinstance(result, GridAdminError):
            assert isinstance(result, InputError)
            assert not UNFILLED.search(explain(result, "zh"))
            assert not UNFILLED.search(explain(result, "en"))
        else:
            assert len(result.row_ids) == len(result.geometries)
            assert all(len(values) == len(result) for values in result.columns.values())
            for problem in (*result.left_out, *result.warnings):
                assert not UNFILLED.search(problem.sentence("zh"))
                assert not UNFILLED.search(problem.sentence("en"))


def test_geopackages_of_other_makers_are_read_or_explained(shared_data: Path) -> None:
    folder = shared_data / "geopackage-cases"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    for path in sorted(folder.glob("*.gpkg")):
        assert_is_told(outcome(path))

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_geopackages_of_other_makers_give_the_land_they_hold(shared_data: Path) -> None:
    cases = shared_data / "geopackage-cases"

    states = read_layer(cases / "ets_features-0.gpkg")
    with_nulls = read_layer(cases / "ets_null_geometry.gpkg")
    curved = read_layer(cases / "pyogrio_curvepolygon.gpkg")
    view = read_layer(cases / "ets_gdal_sample_view.gpkg", "sample_view")

    assert len(states) == 51
    assert [problem.row for problem in with_nulls.left_out] == ["1", "2"]
    assert [problem.code for problem in with_nulls.left_out] == ["input.row_no_geometry"] * 2
    assert [problem.code for problem in curved.warnings] == ["input.curves_straightened"]
    assert len(view) == 3


def test_database_without_geopackage_tables_is_refused_naming_them(shared_data: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_layer(shared_data / "geopackage-cases" / "nga_test.gpkg")

    assert caught.value.code == "input.no_geopackage_tables"
    assert "gpkg_contents" in str(caught.value.params["tables"])


def test_damaged_files_are_read_or_explained(shared_data: Path, chinese_dir: Path) -> None:
    # Small ones, so that a fault hits something.
    packages = [
        path
        for path in sorted((shared_data / "geopackage-cases").glob("*.gpkg"))
        if path.stat().st_size < 120_000
    ]
    features = [shared_data / "osm" / "shinan_11_streets_osm.geojson"]
    features += [shared_data / "osm" / "guanggu_water.geojson"]
    half = MUTANTS // 2
    cases = [(".gpkg", raw) for raw in mutants([p.read_bytes() for p in packages], half, seed=1)]
    cases += [
        (".geojson", raw) for raw in mutants([p.read_bytes() for p in features], half, seed=2)
    ]

    for number, (suffix, raw) in enumerate(cases):
        path = chinese_dir / f"坏{number}{suffix}"
        path.write_bytes(raw)
        assert_is_told(outcome(path))

    assert len(list(chinese_dir.iterdir())) == len(cases)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.gpkg", b"", "input.empty_file"),
        ("文本.gpkg", b"not a database at all", "input.not_geopackage"),
        ("截断.gpkg", b"SQLite format 3\0" + bytes(50), "input.damaged"),
        ("图.dwg", b"AC1032 and so on", "input.dwg"),
        ("表.xlsx", b"PK\x03\x04 and so on", "input.zipped"),
        ("表.xls", b"\xd0\xcf\x11\xe0 and so on", "input.spreadsheet"),
        ("未知.bin", b"\x01\x02\x03", "input.unknown_format"),
        ("坏.geojson", b'{"type": "FeatureCollection", "features": [', "input.not_geojson"),
        ("深.geojson", b'{"a":' * 100_000, "input.not_geojson"),
        ("别的.geojson", b'{"type": "Topology"}', "input.not_geojson"),
        ("坏.csv", b"code,name\n1,\0\n", "input.not_csv"),
        ("坏.kml", b"<kml><Document><Placemark>", "input.damaged"),
        ("坏.shp", b"\0\0\x27\x0a" + bytes(40), "input.damaged"),
        ("坏.fgb", b"fgb\x03fgb\x01" + b"\xff" * 40, "input.damaged"),
    ],
)
def test_broken_file_is_refused_by_what_it_is(
    chinese_dir: Path, name: str, content: bytes, code: str
) -> None:
    path = chinese_dir / name
    path.write_bytes(content)

    with pytest.raises(InputError) as caught:
        read_layer(path)

    assert caught.value.code == code
    assert [file.name for file in chinese_dir.iterdir()] == [name]
    assert_is_told([caught.value])


def test_missing_file_and_folder_are_refused(chinese_dir: Path) -> None:
    with pytest.raises(InputError) as missing:
        read_layer(chinese_dir / "没有.gpkg")
    with pytest.raises(InputError) as folder:
        read_layer(chinese_dir)

    assert missing.value.code == "input.no_file"
    assert folder.value.code == "input.is_folder"
