"""GeoServer against a conversation written down from its REST documentation (2.23 to 2.28).

The stand-in knows the documented paths, methods and status codes and nothing else: what isn't
documented is answered with 405.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest

from gridadmin.base.progress import SILENT
from gridadmin.publish.delivery import Outcome, Parcel, deliver
from gridadmin.publish.latest import LATEST, look
from gridadmin.publish.mapping import mapping_of
from gridadmin.publish.targets.address import parse_address
from gridadmin.publish.targets.credentials import Credentials
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.geoserver import GeoServerTarget
from gridadmin.publish.targets.map_style import style_sld
from gridadmin.publish.targets.opening import open_target
from gridadmin.publish.trying_out import try_out
from tests.publish.parcels import hurried, made_up_parcel

REST = "/geoserver/rest/"


class StandIn(ThreadingHTTPServer):
    """What a GeoServer keeps: resources, and a catalog of workspaces, stores, layers, styles."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.resources: dict[str, bytes] = {}
        self.catalog: dict[str, Any] = {}
        self.asked: list[str] = []


class Conversation(BaseHTTPRequestHandler):
    server: StandIn
    protocol_version = "HTTP/1.1"

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def _say(self, status: int, body: bytes = b"", kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        query = {key: value[0] for key, value in parse_qs(parts.query).items()}
        self.server.asked.append(f"{self.command} {path}")
        body = self._body()
        if not path.startswith(REST):
            self._say(404)
        elif path.startswith(f"{REST}resource/"):
            self._resource(path.removeprefix(f"{REST}resource/"), query, body)
        else:
            self._catalog(path.removeprefix(REST), query, body)

    def _resource(self, path: str, query: dict[str, str], body: bytes) -> None:
        kept = self.server.resources
        if self.command == "PUT":
            status = 200 if path in kept else 201
            if query.get("operation") == "move":
                source = body.decode().lstrip("/")
                if source not in kept:
                    self._say(404)
                    return
                kept[path] = kept.pop(source)
            else:
                kept[path] = body
            self._say(status)
        elif self.command in ("GET", "HEAD") and path in kept:
            self._say(200, kept[path], "application/octet-stream")
        elif self.command == "GET" and any(name.startswith(f"{path}/") for name in kept):
            names = [name.removeprefix(f"{path}/") for name in kept if name.startswith(f"{path}/")]
            children = {"child": [{"name": name} for name in names]}
            self._say(200, json.dumps({"ResourceDirectory": {"children": children}}).encode())
        elif self.command == "DELETE" and kept.pop(path, None) is not None:
            self._say(200)
        else:
            self._say(404)

    def _catalog(self, path: str, query: dict[str, str], body: bytes) -> None:
        catalog = self.server.catalog
        words = path.removesuffix(".json").split("/")
        if self.command == "GET":
            if words[-1] == "featuretypes":
                names = [
                    key.rpartition("/")[2] for key in catalog if key.startswith(f"{path[:-5]}/")
                ]
                listed = {"featureType": [{"name": name} for name in names]} if names else ""
                self._say(200, json.dumps({"featureTypes": listed}).encode())
                return
            found = catalog.get("/".join(words))
            self._say(404) if found is None else self._say(200, json.dumps(found).encode())
        elif self.command == "POST" and words[-1] == "styles":
            catalog[f"{path}/{query['name']}"] = {"sld": body.decode()}
            self._say(201)
        elif self.command == "POST":
            said = json.loads(body)
            (kind,) = said
            catalog[f"{path}/{said[kind]['name']}"] = said
            self._say(201)
        elif self.command == "PUT" and ("layers" in words or "/".join(words) in catalog):
            said = json.loads(body)
            (kind,) = said
            before = catalog.get("/".join(words), {kind: {}})
            catalog["/".join(words)] = {kind: before[kind] | said[kind]}
            self._say(200)
        else:
            self._say(405)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _handle  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def geoserver() -> Iterator[StandIn]:
    server = StandIn()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def target(geoserver: StandIn) -> Iterator[GeoServerTarget]:
    url = f"geoserver+http://127.0.0.1:{geoserver.server_address[1]}/geoserver?workspace=xindu"
    opened = open_target(parse_address(url), Credentials("admin", "kein-Geheimnis"))
    assert isinstance(opened, GeoServerTarget)
    yield opened
    opened.close()


def send(target: GeoServerTarget, parcel: Parcel) -> Outcome:
    return deliver(target, parcel, look(target).digest, SILENT, hurried())


def test_a_release_lies_in_the_data_directory_and_is_served_with_its_style(
    geoserver: StandIn, target: GeoServerTarget, tmp_path: Path
) -> None:
    parcel = made_up_parcel(tmp_path)

    assert send(target, parcel) == Outcome.CONFIRMED

    folder = "gridadmin/xindu"
    assert sorted(geoserver.resources) == sorted(
        [f"{folder}/{LATEST}", f"{folder}/{parcel.release.file}"]
    )
    store = geoserver.catalog["workspaces/xindu/datastores/gridadmin"]["dataStore"]
    entries = {one["@key"]: one["$"] for one in store["connectionParameters"]["entry"]}
    assert entries["database"] == f"file:{folder}/{parcel.release.file}"
    assert entries["dbtype"] == "geopkg"
    types = "workspaces/xindu/datastores/gridadmin/featuretypes"
    assert geoserver.catalog[f"{types}/grid"]["featureType"]["title"] == "网格"
    layer = geoserver.catalog["workspaces/xindu/layers/grid"]["layer"]
    assert layer["defaultStyle"] == {"name": "grid", "workspace": "xindu"}
    sld = ET.fromstring(geoserver.catalog["workspaces/xindu/styles/grid"]["sld"])
    assert sld.tag == "{http://www.opengis.net/sld}StyledLayerDescriptor"


@pytest.mark.parametrize(
    ("said", "labels"),
    [({}, ["name"]), ({"columns": {"name": "WGMC"}}, ["WGMC"]), ({"leave_out": ["name"]}, [])],
)
def test_a_style_writes_the_column_that_the_package_has(
    said: dict[str, object],
    labels: list[str],
    geoserver: StandIn,
    target: GeoServerTarget,
    tmp_path: Path,
) -> None:
    parcel = replace(made_up_parcel(tmp_path), label=mapping_of(said, "x").label_column)

    send(target, parcel)

    sld = ET.fromstring(geoserver.catalog["workspaces/xindu/styles/grid"]["sld"])
    found = sld.iter("{http://www.opengis.net/ogc}PropertyName")
    assert [one.text for one in found] == labels


def test_a_layer_that_a_mapping_renames_keeps_title_and_style_of_what_it_is(
    geoserver: StandIn, target: GeoServerTarget, tmp_path: Path
) -> None:
    plain = made_up_parcel(tmp_path)
    mapping = mapping_of({"layers": {"grid": "WG"}}, "x")
    send(target, replace(plain, layers=("WG",), kinds=(mapping.kind_of("WG"),)))

    types = "workspaces/xindu/datastores/gridadmin/featuretypes"
    assert geoserver.catalog[f"{types}/WG"]["featureType"]["title"] == "网格"
    root = ET.fromstring(geoserver.catalog["workspaces/xindu/styles/WG"]["sld"])
    assert root.findtext(".//{http://www.opengis.net/sld}NamedLayer/{*}Name") == "WG"
    as_grid = ET.fromstring(style_sld("grid", "grid"))
    drawn = "{http://www.opengis.net/sld}CssParameter"
    assert [one.text for one in root.iter(drawn)] == [one.text for one in as_grid.iter(drawn)]
    as_unknown = ET.fromstring(style_sld("WG", "WG"))
    assert [one.text for one in root.iter(drawn)] != [one.text for one in as_unknown.iter(drawn)]


def test_the_next_release_changes_the_file_of_the_store_and_keeps_the_layers(
    geoserver: StandIn, target: GeoServerTarget, tmp_path: Path
) -> None:
    send(target, made_up_parcel(tmp_path, 1))
    styled = geoserver.catalog["workspaces/xindu/styles/grid"]

    second = made_up_parcel(tmp_path, 2)
    send(target, second)

    store = geoserver.catalog["workspaces/xindu/datastores/gridadmin"]["dataStore"]
    entries = {one["@key"]: one["$"] for one in store["connectionParameters"]["entry"]}
    assert entries["database"].endswith(second.release.file)
    assert geoserver.catalog["workspaces/xindu/styles/grid"] is styled
    assert json.loads(geoserver.resources[f"gridadmin/xindu/{LATEST}"])["number"] == 2


@pytest.mark.parametrize("plain", ["point", "line", "polygon", "generic", "raster"])
def test_a_layer_that_is_drawn_plainly_gets_its_style(
    plain: str, geoserver: StandIn, target: GeoServerTarget, tmp_path: Path
) -> None:
    send(target, made_up_parcel(tmp_path, 1))
    layer = geoserver.catalog["workspaces/xindu/layers/grid"]["layer"]
    href = f"http://127.0.0.1/geoserver/rest/styles/{plain}.json"
    layer["defaultStyle"] = {"name": plain, "href": href}

    send(target, made_up_parcel(tmp_path, 2))

    layer = geoserver.catalog["workspaces/xindu/layers/grid"]["layer"]
    assert layer["defaultStyle"] == {"name": "grid", "workspace": "xindu"}


@pytest.mark.parametrize(
    "chosen",
    [
        {"name": "市里的样式"},
        {"name": "xindu:polygon", "workspace": "xindu"},
        {"name": "polygon", "workspace": "xindu"},
    ],
    ids=["of all workspaces", "of its workspace", "of its workspace by its bare name"],
)
def test_a_style_that_somebody_chose_for_a_layer_stays(
    chosen: dict[str, str], geoserver: StandIn, target: GeoServerTarget, tmp_path: Path
) -> None:
    send(target, made_up_parcel(tmp_path, 1))
    geoserver.catalog["workspaces/xindu/layers/grid"]["layer"]["defaultStyle"] = chosen

    send(target, made_up_parcel(tmp_path, 2))

    layer = geoserver.catalog["workspaces/xindu/layers/grid"]["layer"]
    assert layer["defaultStyle"] == chosen


def test_a_layer_that_the_package_lacks_is_switched_off(
    geoserver: StandIn, target: GeoServerTarget, tmp_path: Path
) -> None:
    first = made_up_parcel(tmp_path, 1)
    send(target, Parcel(first.path, first.release, ("grid", "micro_grid")))

    second = made_up_parcel(tmp_path, 2)
    send(target, Parcel(second.path, second.release, ("grid",)))

    types = "workspaces/xindu/datastores/gridadmin/featuretypes"
    assert geoserver.catalog[f"{types}/micro_grid"]["featureType"]["enabled"] is False
    assert geoserver.catalog[f"{types}/grid"]["featureType"]["enabled"] is True


def test_the_pointer_comes_after_the_service(
    geoserver: StandIn, target: GeoServerTarget, tmp_path: Path
) -> None:
    send(target, made_up_parcel(tmp_path))

    writes = [asked for asked in geoserver.asked if asked.split()[0] in ("PUT", "POST")]
    assert writes[-1] == f"PUT {REST}resource/gridadmin/xindu/{LATEST}"


def test_a_rival_on_a_server_without_conditions_is_noticed(
    target: GeoServerTarget, tmp_path: Path
) -> None:
    (tmp_path / "b").mkdir()
    send(target, made_up_parcel(tmp_path / "b", 1, seed=7))

    with pytest.raises(TargetError, match=r"delivery\.rival"):
        deliver(target, made_up_parcel(tmp_path, 2), "", SILENT, hurried())


def test_a_dry_run_names_what_the_catalog_would_get(
    target: GeoServerTarget, tmp_path: Path
) -> None:
    name = made_up_parcel(tmp_path).release.file

    assert target.service_plan(name) == [
        "+ workspace xindu",
        f"+ datastore xindu:gridadmin → {name}",
    ]
    send(target, made_up_parcel(tmp_path))
    assert target.service_plan(name) == [f"~ datastore xindu:gridadmin → {name}"]


def test_trying_out_leaves_nothing_behind(geoserver: StandIn, target: GeoServerTarget) -> None:
    assert try_out(target).renames

    assert geoserver.resources == {}
