"""QGIS Server shows what was published: its features are the project's, one by one."""

from __future__ import annotations

import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import fiona
import pytest
import shapely
from defusedxml.ElementTree import fromstring
from shapely.geometry import shape

from gridadmin.app.session import Session
from gridadmin.domain.model import Land
from tests.cli.runner import json_of, run
from tests.servers.programs import free_port, own_folder, program, running

pytestmark = [pytest.mark.slow]
LAYERS = ("district", "street", "community", "grid", "micro_grid")
GML, QGS = "http://www.opengis.net/gml", "http://www.qgis.org/gml"
MAKE_PROJECT = """
import sys
from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
application = QgsApplication([], False)
application.initQgis()
project = QgsProject.instance()
names = sys.argv[3:]
layers = [QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr") for name in names]
assert all(layer.isValid() for layer in layers)
project.addMapLayers(layers)
project.writeEntry("WFSLayers", "/", [layer.id() for layer in layers])
for layer in layers:
    project.writeEntry("WFSLayersPrecision", "/" + layer.id(), 12)
assert project.write(sys.argv[2])
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A project and the package of it that a target holds."""
    folder = tmp_path_factory.mktemp("published")
    assert run("demo", folder / "demo").code == 0
    server = folder / "server"
    server.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRIDADMIN_OUTBOX", str(folder / "outbox"))
        patch.setenv("GRIDADMIN_CONFIG", str(folder / "config"))
        told = json_of("publish", folder / "demo" / "demo.gpkg", "--target", server.as_uri())
    return folder / "demo" / "demo.gpkg", server / str(told["file"])


@pytest.fixture(scope="module")
def map_server(published: tuple[Path, Path]) -> Iterator[str]:
    binary = program("qgis_mapserver")
    python = shutil.which("python3", path="/usr/bin")
    if (
        python is None
        or subprocess.run(
            [python, "-c", "import qgis.core"], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("QGIS's own Python is not installed here; dev.py qgis installs it")
    with ExitStack() as stack:
        folder = stack.enter_context(own_folder())
        package = folder / "package.gpkg"
        shutil.copyfile(published[1], package)
        project = folder / "published.qgs"
        quiet = {
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
        }
        subprocess.run(
            [python, "-c", MAKE_PROJECT, str(package), str(project), *LAYERS],
            check=True,
            env={"PATH": "/usr/bin:/bin", **quiet},
        )
        port = free_port()
        command = (binary, "-p", project, f"127.0.0.1:{port}")
        stack.enter_context(running(command, port, folder / "log", environment=quiet))
        yield f"http://127.0.0.1:{port}/"


def ask(server: str, **query: str) -> bytes:
    with urllib.request.urlopen(f"{server}?{urlencode(query)}", timeout=60) as answer:
        body: bytes = answer.read()
        return body


@dataclass(frozen=True)
class Served:
    """A feature as the map server gives it, its outline as lon, lat."""

    said: dict[str, str]
    outline: shapely.MultiPolygon


def features(server: str, layer: str) -> dict[str, Served]:
    """Return the features of a layer by uid; GML, for the server rounds its GeoJSON to 0.1 m."""
    query = {"SERVICE": "WFS", "VERSION": "1.1.0", "REQUEST": "GetFeature", "TYPENAME": layer}
    root = fromstring(ask(server, **query))
    found = {}
    for feature in root.iter(f"{{{QGS}}}{layer}"):
        said = {one.tag.rpartition("}")[2]: one.text or "" for one in feature}
        polygons = [_polygon(one) for one in feature.iter(f"{{{GML}}}Polygon")]
        found[said["uid"]] = Served(said, shapely.MultiPolygon(polygons))
    return found


def _polygon(element: Any) -> shapely.Polygon:
    rings = []
    for kind in ("exterior", "interior"):
        for boundary in element.iter(f"{{{GML}}}{kind}"):
            numbers = [float(word) for word in boundary.find(f".//{{{GML}}}posList").text.split()]
            rings.append([(lon, lat) for lat, lon in zip(numbers[::2], numbers[1::2], strict=True)])
    return shapely.Polygon(rings[0], rings[1:])


@pytest.mark.parametrize("layer", LAYERS)
def test_get_feature_agrees_with_the_project_feature_by_feature(
    layer: str, map_server: str, published: tuple[Path, Path]
) -> None:
    project, package = published
    with Session.open(project, write=False) as session:
        of_level = [one for one in session.snapshot.areas() if one.level == layer]
        areas = {one.uid: one for one in of_level if one.land == Land.DRAWN}

    served = features(map_server, layer)

    assert set(served) == set(areas)
    for uid, area in areas.items():
        said = served[uid].said
        assert (said["code"], said["name"], said["level"]) == (area.code, area.name, layer)
    with fiona.open(package, layer=layer) as rows:
        drawn = {row.properties["uid"]: shape(row.geometry) for row in rows}
    assert set(drawn) == set(served)
    for uid, outline in drawn.items():
        shown = served[uid].outline.normalize()
        assert shapely.equals_exact(shown, outline.normalize(), 1e-9)


def test_get_map_paints_the_published_layers_with_their_styles(map_server: str) -> None:
    plain = ask(
        map_server,
        SERVICE="WMS",
        VERSION="1.3.0",
        REQUEST="GetMap",
        LAYERS="micro_grid,grid,community",
        STYLES="",
        CRS="EPSG:4490",
        BBOX="40.19,104.13,40.26,104.23",
        WIDTH="600",
        HEIGHT="450",
        FORMAT="image/png",
    )

    assert plain.startswith(b"\x89PNG")
    assert len(plain) > 20_000
