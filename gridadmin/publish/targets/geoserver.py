"""GeoServer by its REST interface: the package in the data directory, its layers on the map.

The package and ``latest.json`` go through ``/rest/resource``, which lists, reads, writes, moves and
removes files; the map service is one data store whose file is changed from release to release, so
layers keep their names.

Source: GeoServer's REST documentation (resource, workspaces, datastores, featuretypes, layers,
styles), versions 2.23 to 2.28.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO
from urllib.parse import quote

from gridadmin.publish.targets.address import Address
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.http import Connection, Upload
from gridadmin.publish.targets.map_style import layer_title, style_sld
from gridadmin.publish.targets.target import Entry, OnlyIf, Sent, own_part
from gridadmin.publish.targets.webdav import strong_tag

_LARGEST = 16 * 1024**3
_JSON = {"Content-Type": "application/json", "Accept": "application/json"}
_PLAIN = ("point", "line", "polygon", "generic", "raster")
"""The styles that come with GeoServer; each layer has one of them at first."""
_SLD = {"Content-Type": "application/vnd.ogc.sld+xml"}


class GeoServerTarget:
    """A folder of GeoServer's data directory, and one data store over the package in it.

    The folder is ``gridadmin/<workspace>``. GeoServer knows no conditions, so a rival is noticed by
    reading back.
    """

    can_rename = True
    can_append = False

    def __init__(self, address: Address, connection: Connection) -> None:
        self._address = address
        self._connection = connection
        self._workspace = address.options.get("workspace") or "gridadmin"
        self._store = address.options.get("store") or "gridadmin"
        self._rest = f"{quote(address.path.rstrip('/'))}/rest"
        self._folder = f"gridadmin/{self._workspace}"

    @property
    def place(self) -> str:
        """The address."""
        return self._address.place

    def entries(self) -> list[Entry] | None:
        """Return the files of the folder; GeoServer doesn't say how large they are (size -1)."""
        path = f"{self._rest}/resource/{quote(self._folder)}?format=json"
        answer = self._connection.ask("GET", path, fine=(200, 404))
        if answer.status == 404:
            return []
        said = self._json(answer.body)
        names = [one.get("name") for one in _listed(said, "ResourceDirectory", "children", "child")]
        known = sorted(name for name in names if isinstance(name, str))
        return [Entry(name, -1) for name in known if name and "/" not in name]

    def stat(self, name: str) -> Entry | None:
        """Return the file of that name; where its length isn't said, it is counted by reading."""
        answer = self._connection.ask("HEAD", self._path(name), name=name, fine=(200, 404))
        if answer.status == 404:
            return None
        said = answer.headers.get("Content-Length", "")
        if said.isdigit():
            return Entry(name, int(said), strong_tag(answer))
        return Entry(name, sum(map(len, self.read(name, _LARGEST))), strong_tag(answer))

    def read(self, name: str, limit: int) -> Iterator[bytes]:
        """Yield the content of a file."""
        return self._connection.read(self._path(name), name, limit)

    def put(
        self, name: str, source: BinaryIO, size: int, only_if: OnlyIf, sent: Sent, start: int = 0
    ) -> None:
        """Send the file whole."""
        self._require_absent(name, only_if)
        headers = {"Content-Type": "application/octet-stream"}
        upload = Upload(source, size, sent)
        self._connection.ask("PUT", self._path(name), name=name, headers=headers, body=upload)

    def rename(self, old: str, new: str, only_if: OnlyIf) -> None:
        """Move the file inside the data directory."""
        self._require_absent(new, only_if)
        headers = {"Content-Type": "text/plain"}
        source = f"/{self._folder}/{old}".encode()
        path = f"{self._path(new)}?operation=move"
        self._connection.ask("PUT", path, name=new, headers=headers, body=source)

    def remove(self, name: str) -> None:
        """Remove an unfinished upload."""
        fine = (200, 204, 404)
        self._connection.ask("DELETE", self._path(own_part(name)), name=name, fine=fine)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def service_plan(self, name: str) -> list[str]:
        """Return what would be made or changed: workspace, data store and its file."""
        plan = []
        if self._ask_json(f"workspaces/{quote(self._workspace)}") is None:
            plan.append(f"+ workspace {self._workspace}")
        store = self._ask_json(self._store_path)
        sign = "+" if store is None else "~"
        plan.append(f"{sign} datastore {self._workspace}:{self._store} → {name}")
        return plan

    def serve(self, name: str, layers: Mapping[str, str], label: str = "name") -> None:
        """Let the data store read the package, and publish each layer with its style.

        A style of that name that is there already stays as the administrator has it, and so does
        a layer for which another style was chosen. Layers of the store that the package lacks are
        disabled.
        """
        self._ensure_workspace()
        self._point_store(name)
        known = self._configured()
        for layer, kind in layers.items():
            self._ensure_style(layer, kind, label)
            self._publish_layer(layer, kind, is_known=layer in known)
        for layer in sorted(known - set(layers)):
            self._write(
                "PUT",
                f"{self._store_path}/featuretypes/{quote(layer, safe='')}",
                _feature(enabled=False),
            )

    @property
    def _store_path(self) -> str:
        return f"workspaces/{quote(self._workspace)}/datastores/{quote(self._store)}"

    def _ensure_workspace(self) -> None:
        if self._ask_json(f"workspaces/{quote(self._workspace)}") is None:
            self._write("POST", "workspaces", {"workspace": {"name": self._workspace}})

    def _point_store(self, name: str) -> None:
        file = f"file:{self._folder}/{name}"
        entries = {"dbtype": "geopkg", "database": file, "read_only": "true"}
        said = {
            "dataStore": {
                "name": self._store,
                "enabled": True,
                "connectionParameters": {
                    "entry": [{"@key": key, "$": value} for key, value in entries.items()]
                },
            }
        }
        if self._ask_json(self._store_path) is None:
            self._write("POST", f"workspaces/{quote(self._workspace)}/datastores", said)
        else:
            self._write("PUT", self._store_path, said)
        if _database_of(self._ask_json(self._store_path)) != file:
            raise TargetError("delivery.not_confirmed", is_passing=True, place=self.place)

    def _configured(self) -> set[str]:
        said = self._ask_json(f"{self._store_path}/featuretypes") or {}
        types = _listed(said, "featureTypes", "featureType")
        return {name for one in types if isinstance(name := one.get("name"), str)}

    def _ensure_style(self, layer: str, kind: str, label: str) -> None:
        styles = f"workspaces/{quote(self._workspace)}/styles"
        if self._ask_json(f"{styles}/{quote(layer, safe='')}") is None:
            path = f"{self._rest}/{styles}?name={quote(layer)}"
            self._connection.ask("POST", path, headers=_SLD, body=style_sld(layer, kind, label))

    def _publish_layer(self, layer: str, kind: str, *, is_known: bool) -> None:
        types = f"{self._store_path}/featuretypes"
        if is_known:
            self._write(
                "PUT",
                f"{types}/{quote(layer, safe='')}?recalculate=nativebbox,latlonbbox",
                _feature(),
            )
        else:
            names = {"name": layer, "nativeName": layer, "title": layer_title(kind)}
            self._write("POST", types, _feature(names))
        path = f"workspaces/{quote(self._workspace)}/layers/{quote(layer, safe='')}"
        if not is_known or _is_plain(self._ask_json(path)):
            style = {"name": layer, "workspace": self._workspace}
            self._write("PUT", path, {"layer": {"defaultStyle": style}})

    def _ask_json(self, path: str) -> Mapping[str, Any] | None:
        answer = self._connection.ask(
            "GET", f"{self._rest}/{path}.json", headers=_JSON, fine=(200, 404)
        )
        return None if answer.status == 404 else self._json(answer.body)

    def _write(self, method: str, path: str, said: Mapping[str, Any]) -> None:
        body = json.dumps(said, ensure_ascii=False).encode()
        self._connection.ask(method, f"{self._rest}/{path}", headers=_JSON, body=body)

    def _json(self, body: bytes) -> Mapping[str, Any]:
        try:
            said = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise TargetError("target.bad_answer", host=self._connection.host) from error
        if not isinstance(said, dict):
            raise TargetError("target.bad_answer", host=self._connection.host)
        return said

    def _require_absent(self, name: str, only_if: OnlyIf) -> None:
        if only_if.is_absent and self.stat(name) is not None:
            raise TargetError("target.changed", host=self._connection.host, name=name)

    def _path(self, name: str) -> str:
        return f"{self._rest}/resource/{quote(self._folder)}/{quote(name, safe='')}"


def _is_plain(layer: Mapping[str, Any] | None) -> bool:
    """Return whether a layer is drawn as GeoServer draws what nobody has chosen a style for."""
    styles = _listed(layer or {}, "layer", "defaultStyle")
    return not styles or ("workspace" not in styles[0] and styles[0].get("name") in _PLAIN)


def _feature(names: Mapping[str, str] | None = None, *, enabled: bool = True) -> dict[str, Any]:
    return {"featureType": {"enabled": enabled, **(names or {})}}


def _database_of(store: Mapping[str, Any] | None) -> str | None:
    entries = _listed(store or {}, "dataStore", "connectionParameters", "entry")
    return next((str(one.get("$")) for one in entries if one.get("@key") == "database"), None)


def _listed(said: Mapping[str, Any], *way: str) -> list[Mapping[str, Any]]:
    """Return the objects that *way* leads to; GeoServer writes a list of one as the one itself."""
    found: Any = said
    for name in way:
        found = found.get(name) if isinstance(found, dict) else None
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]
