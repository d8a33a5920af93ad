"""Files that are only looked at: all their shapes in their places, or a sentence why not."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from gridadmin.app.creation import new_project
from gridadmin.app.demo import write_demo
from gridadmin.app.session import Session
from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT
from gridadmin.base.texts import LANGUAGES, explain
from gridadmin.exchange import shown_file
from gridadmin.exchange.reader import read_shapes
from gridadmin.exchange.shown_file import declared_crs, read_shown_file
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.shown_files import X, Y, squares, track


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("demo") / "city"
    write_demo(folder, SILENT)
    with Session.open(folder / "demo.gpkg", write=False) as session:
        return session.snapshot


def local(snapshot: Snapshot, x: float, y: float) -> tuple[float, float]:
    dx, dy = snapshot.origin_mm
    return x - dx / 1000, y - dy / 1000


def test_areas_lie_in_local_metres_and_bear_their_names(
    snapshot: Snapshot, chinese_dir: Path
) -> None:
    found = read_shown_file(snapshot, squares(chinese_dir / "地块 一.fgb"))

    left, bottom = local(snapshot, X, Y)
    assert sorted(found.names) == ["地块0", "地块1", "地块2"]
    assert found.box == pytest.approx((left, bottom, left + 1000, bottom + 200), abs=1e-3)
    assert found.left_out == 0
    assert found.tree.query(shapely.Point(left + 450, bottom + 50)).size == 1


def test_way_points_and_tracks_of_gpx_come_each_once(snapshot: Snapshot, tmp_path: Path) -> None:
    found = read_shown_file(snapshot, track(tmp_path / "巡查.gpx"))

    left, bottom = local(snapshot, X, Y)
    kinds = sorted(shape.geom_type for shape in found.shapes)
    assert kinds == ["LineString", "Point", "Point"]
    assert sorted(found.names) == ["点0", "点1", "路线"]
    assert found.box == pytest.approx((left, bottom, left + 400, bottom), abs=0.01)


def test_parts_of_a_shape_bear_its_name_once(snapshot: Snapshot, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(
        '{"type":"Feature","properties":{"Name":"岛"},"geometry":{"type":"MultiPoint",'
        '"coordinates":[[104.18,40.24],[104.19,40.24]]}}',
        encoding="utf-8",
    )

    found = read_shown_file(snapshot, path)

    assert [shape.geom_type for shape in found.shapes] == ["Point", "Point"]
    assert found.names == ("岛", "")


@pytest.mark.parametrize("crs", [None, "EPSG:4326"], ids=["none", "wrong"])
def test_coordinates_that_are_not_sure_are_asked_about(
    snapshot: Snapshot, tmp_path: Path, crs: str | None
) -> None:
    path = squares(tmp_path / "a.fgb", crs)

    with pytest.raises(InputError) as refusal:
        read_shown_file(snapshot, path)
    answered = read_shown_file(snapshot, path, crs=str(refusal.value.params["option"]))

    assert refusal.value.params["option"] == "EPSG:4544"
    assert len(answered.shapes) == 3
    assert (declared_crs(path) is None) == (crs is None)


def test_what_cannot_be_shown_is_refused_in_words(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "空.gpx").write_text('<gpx version="1.1" creator="t"></gpx>', encoding="utf-8")
    many = squares(tmp_path / "多.fgb", count=5)
    monkeypatch.setattr(shown_file, "MOST_SHAPES", 4)
    with pytest.raises(InputError) as empty:
        read_shown_file(snapshot, tmp_path / "空.gpx")
    with pytest.raises(InputError) as too_many:
        read_shown_file(snapshot, many)
    monkeypatch.setattr(shown_file, "MOST_BYTES", 10)
    with pytest.raises(InputError) as too_large:
        read_shown_file(snapshot, many)

    codes = [one.value.code for one in (empty, too_many, too_large)]
    assert codes == ["shown.nothing", "shown.too_many", "shown.too_large"]
    for one, file in ((empty, "空.gpx"), (too_many, "多.fgb"), (too_large, "多.fgb")):
        for lang in LANGUAGES:
            assert file in explain(one.value, lang)


def test_project_without_land_says_that_it_has_no_plane_yet(tmp_path: Path) -> None:
    path = tmp_path / "new.gpkg"
    new_project(path, "default", name="新区")
    with Session.open(path, write=False) as session:
        empty = session.snapshot

    with pytest.raises(InputError) as refusal:
        read_shown_file(empty, squares(tmp_path / "a.fgb"))

    assert refusal.value.code == "shown.no_plane"


def test_flatgeobuf_that_ends_early_is_never_taken_for_whole(tmp_path: Path) -> None:
    path = squares(tmp_path / "a.fgb", count=40)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])

    with pytest.raises(InputError) as refusal:
        read_shapes(path)

    assert refusal.value.code == "input.damaged"
    assert "of 40 rows" in explain(refusal.value, "en")
