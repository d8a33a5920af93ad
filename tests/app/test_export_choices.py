"""What an export can hold, counted before."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridadmin.app.demo import write_demo
from gridadmin.app.export_choices import export_choices, standing_files
from gridadmin.app.exporting import export_project
from gridadmin.app.session import Session


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder)
    return folder / "demo.gpkg"


def test_the_counts_are_those_of_the_export(demo: Path, tmp_path: Path) -> None:
    with Session.open(demo, write=False) as session:
        choices = export_choices(session.snapshot)
        exported = export_project(session, tmp_path / "x.gpkg")
    assert choices.layers == dict(exported.layers)
    assert list(choices.layers) == [name for name, _ in exported.layers]
    assert choices.disputed_faces == exported.disputed_faces == 0


def test_one_area_counts_itself_and_what_is_below(demo: Path, tmp_path: Path) -> None:
    with Session.open(demo, write=False) as session:
        street = session.snapshot.bearing("990001001")[0]
        choices = export_choices(session.snapshot, street.uid)
        exported = export_project(session, tmp_path / "x.gpkg", area_code=street.uid)
    assert choices.layers == dict(exported.layers)
    assert choices.layers["street"] == 1


def test_files_in_the_way_are_found(tmp_path: Path) -> None:
    (tmp_path / "x-grid.kml").touch()
    assert standing_files(tmp_path / "x.kml", ["street", "grid"]) == [tmp_path / "x-grid.kml"]
    assert standing_files(tmp_path / "x.kml", ["street"]) == []
    (tmp_path / "x.gpkg").touch()
    assert standing_files(tmp_path / "x.gpkg", ["street", "grid"]) == [tmp_path / "x.gpkg"]
