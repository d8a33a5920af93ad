"""A published package opens in other programs with its layers, CRS and styles."""

from __future__ import annotations

from pathlib import Path

import fiona
import pytest

from docs.qgis_picture import LAYERS, has_qgis, write_picture
from gridadmin.app.demo import write_demo
from gridadmin.app.session import Session
from gridadmin.publish.package import make_package
from gridadmin.publish.releasing import make_release

COUNTS = {
    "district": 1,
    "street": 3,
    "community": 12,
    "grid": 93,
    "micro_grid": 680,
    "cell": 5,
    "exempt": 1,
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("发布 成果")
    write_demo(folder)
    with Session.open(folder / "demo.gpkg", write=True) as session:
        release = make_release(session.document)
        return make_package(session, release, "public", folder=folder).path


def test_fiona_finds_every_layer_with_its_features_and_crs(package: Path) -> None:
    found = set(fiona.listlayers(package))
    assert set(COUNTS) <= found
    for layer, count in COUNTS.items():
        with fiona.open(package, layer=layer) as source:
            features = list(source)
            assert (layer, len(features)) == (layer, count)
            assert source.crs.to_epsg() == 4490
            assert source.schema["geometry"] == "MultiPolygon"
            assert all(one["geometry"]["type"] == "MultiPolygon" for one in features)
            if layer in LAYERS:
                assert all(one["properties"]["name"] for one in features)
                assert len({one["properties"]["uid"] for one in features}) == count


@pytest.mark.skipif(not has_qgis(), reason="QGIS and its Python are not installed here")
def test_qgis_draws_every_layer_in_its_style_with_names(package: Path, tmp_path: Path) -> None:
    out = tmp_path / "图.png"
    told = write_picture(package, out)

    assert out.stat().st_size > 50_000
    assert {name: one["features"] for name, one in told.items()} == {
        name: COUNTS[name] for name in LAYERS
    }
    assert {one["crs"] for one in told.values()} == {"EPSG:4490"}
    assert {name: one["strokes"] for name, one in told.items()} == {
        "micro_grid": ["#5a6978"],
        "grid": ["#0b5cad"],
        "community": ["#c84632"],
        "street": ["#aa3c32"],
        "district": ["#96285a"],
    }
    # With all layers on, the names of the higher levels come before those of the lower.
    assert told["district"]["labels"] == 1
    assert told["street"]["labels"] == 3
    assert told["community"]["labels"] >= 10
    assert told["grid"]["labels"] > 0
