"""Whatever a file holds, check and import end in a result or a sentence, never in a fault."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.runner import Ran, json_of, run
from tests.helpers.mutator import mutants

MUTANTS = int(os.environ.get("GRIDADMIN_MUTANTS", "200"))
"""A long run damages more files: GRIDADMIN_MUTANTS=2000."""
UNFILLED = re.compile(r"\{[a-z_]+\}")


def assert_told(ran: Ran, path: Path) -> None:
    assert ran.code in (0, 1, 2), f"{path}: {ran.err}"
    assert ran.err.strip(), path
    assert not UNFILLED.search(ran.err), ran.err
    assert "Traceback" not in ran.err, ran.err


def import_outcome(project: Path, path: Path, before: bytes) -> Ran:
    """Import into *project*, which holds *before* again afterwards."""
    ran = run("import", project, path, "--level", "grid", "--crs", "EPSG:4326")
    assert_told(ran, path)
    if ran.code == 2:
        assert project.read_bytes() == before, path
    else:
        assert json_of("verify", project)["ok"] is True, path
        project.write_bytes(before)
    return ran


def test_packages_of_other_makers_are_checked_and_imported_or_explained(
    shared_data: Path, project: Path
) -> None:
    folder = shared_data / "geopackage-cases"
    before = project.read_bytes()
    seen = set()

    for path in sorted(folder.glob("*.gpkg")):
        for lang in ("zh", "en"):
            assert_told(run("check", path, lang=lang), path)
        seen.add(import_outcome(project, path, before).code)

    assert {0, 2} <= seen
    assert project.read_bytes() == before


def test_tile_packages_and_corrupt_ones_are_explained(shared_data: Path, project: Path) -> None:
    before = project.read_bytes()

    for path in sorted((shared_data / "mbtiles-cases").iterdir()):
        assert run("check", path).code == 2
        assert import_outcome(project, path, before).code == 2


def test_damaged_files_are_checked_and_imported_or_explained(
    shared_data: Path, project: Path, chinese_dir: Path
) -> None:
    packages = [
        path.read_bytes()
        for path in sorted((shared_data / "geopackage-cases").glob("*.gpkg"))
        if path.stat().st_size < 120_000
    ]
    features = [
        (shared_data / "osm" / name).read_bytes()
        for name in ("shinan_11_streets_osm.geojson", "guanggu_water.geojson")
    ]
    half = MUTANTS // 2
    cases = [(".gpkg", raw) for raw in mutants(packages, half, seed=11)]
    cases += [(".geojson", raw) for raw in mutants(features, half, seed=12)]
    before = project.read_bytes()

    for number, (suffix, raw) in enumerate(cases):
        path = chinese_dir / f"坏 {number}{suffix}"
        path.write_bytes(raw)
        assert_told(run("check", path), path)
        import_outcome(project, path, before)
        path.unlink()

    assert sorted(chinese_dir.iterdir()) == [project]


def test_damaged_projects_are_told_by_every_command(four_grids: Path, chinese_dir: Path) -> None:
    original = four_grids.read_bytes()

    for number, raw in enumerate(mutants([original], MUTANTS // 4, seed=13)):
        path = chinese_dir / f"坏项目 {number}.gpkg"
        path.write_bytes(raw)
        for command in ("info", "check", "verify"):
            assert_told(run(command, path), path)
        ran = run("edit", path, stdin=b'{"do":"undo"}\n')
        assert ran.code in (0, 1, 2), ran.err
        assert "Traceback" not in ran.err
        path.unlink()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.gpkg", b""),
        ("文本.gpkg", b"not a database"),
        ("文本.shp", b"x" * 300),
        ("坏.geojson", b'{"type": "FeatureCollection", "features": ['),
        ("空.geojson", b'{"type": "FeatureCollection", "features": []}'),
        ("表.csv", b"code,name\n"),
        ("表.xlsx", b"PK\x03\x04"),
        ("没有后缀", b"\x00" * 100),
    ],
)
@pytest.mark.parametrize("level", ["grid", "frame", "context", "buildings"])
def test_file_without_land_is_refused_at_every_level(
    project: Path, chinese_dir: Path, name: str, content: bytes, level: str
) -> None:
    path = chinese_dir / name
    path.write_bytes(content)
    before = project.read_bytes()

    ran = run("import", project, path, "--level", level)

    assert_told(ran, path)
    assert ran.code == 2 or name in ("表.csv", "空.geojson")
    assert project.read_bytes() == before


def test_importing_a_project_into_itself_changes_nothing(four_grids: Path) -> None:
    before = four_grids.read_bytes()

    ran = run("import", four_grids, four_grids, "--level", "grid", "--layer", "grid")

    assert_told(ran, four_grids)
    assert four_grids.read_bytes() == before


def test_importing_a_layer_of_another_project_works(
    four_grids: Path, project: Path, chinese_dir: Path
) -> None:
    source = Path(shutil.copy(four_grids, chinese_dir / "来源.gpkg"))

    result = json_of("import", project, source, "--level", "grid", "--layer", "grid")

    assert result["drawn"] == 4
