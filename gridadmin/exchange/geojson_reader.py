"""GeoJSON: read with the standard library, because whole numbers of any length stay exact there.

GDAL turns a 20-digit code that was written without quotes into a float and so destroys it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.exchange.encodings import decoded
from gridadmin.exchange.geojson_geometry import shaped
from gridadmin.exchange.land import Judge, land_of
from gridadmin.exchange.source import NO_GEOMETRY, FeatureTable, RowProblem, SourceLayer

_FEATURES = "FeatureCollection"
_GEOMETRIES = frozenset(
    {
        "Point",
        "LineString",
        "Polygon",
        "MultiPoint",
        "MultiLineString",
        "MultiPolygon",
        "GeometryCollection",
    }
)
_LON_LAT = "OGC:CRS84"
_AUTHORITY = re.compile(
    r"(?:.*[:/])?(EPSG|OGC|ESRI|CRS)[:/](?:[^:/]*[:/])?([A-Z0-9]+)", re.IGNORECASE
)
"""The forms EPSG:n, urn:ogc:def:crs:EPSG::n and http://www.opengis.net/def/crs/EPSG/0/n."""
_MOST_EXACT = 1 << 53
"""Whole numbers beyond this don't survive the way through a float."""


def geojson_layers(path: Path) -> list[SourceLayer]:
    """Return the one layer of a GeoJSON file.

    Raises: InputError ``input.unreadable``, ``input.not_geojson``.
    """
    document, _ = loaded(path)
    features = features_of(document, path)
    crs, crs_text, _ = _crs(document)
    return [
        SourceLayer(
            path.stem, len(features), _kind(features), tuple(_names(features)), crs, crs_text
        )
    ]


def read_geojson(path: Path, progress: Progress = SILENT, judge: Judge = land_of) -> FeatureTable:
    """Return the features of a GeoJSON file that *judge* finds usable; rows count from 1.

    Raises: InputError ``input.unreadable``, ``input.not_geojson``; Cancelled.
    """
    checkpoint(progress, "progress.read_rows", 0, 1)
    document, encoding = loaded(path)
    features = features_of(document, path)
    checkpoint(progress, "progress.read_rows", 0, len(features))
    crs, crs_text, remarks = _crs(document)
    if encoding not in ("utf-8", "utf-8-sig"):
        remarks.append(RowProblem("", "input.text_not_utf8", {"layer": path.stem}))
    row_ids = [str(number) for number in range(1, len(features) + 1)]
    rows = shaped([_member(feature, "geometry") for feature in features])
    land = judge(rows.geometries, row_ids, rows.refused, rows.warned)
    kept = [_properties(features[row]) for row in land.kept]
    checkpoint(progress, "progress.read_rows", len(features), len(features))
    return FeatureTable(
        path,
        path.stem,
        crs,
        crs_text,
        {name: [_value(row.get(name)) for row in kept] for name in _names(features)},
        [row_ids[row] for row in land.kept],
        land.geometries,
        land.left_out,
        (*remarks, *land.warnings),
    )


def loaded(path: Path) -> tuple[Any, str]:
    """Return the document of a GeoJSON file and its encoding; a sequence as one collection.

    Raises: InputError ``input.unreadable``, ``input.not_geojson``.
    """
    try:
        text, encoding = decoded(path.read_bytes())
    except OSError as error:
        raise InputError("input.unreadable", file=path.name, why=str(error)) from error
    try:
        return json.loads(text), encoding
    except (ValueError, RecursionError) as error:
        sequence = _sequence(text)
        if sequence is not None:
            return {"type": _FEATURES, "features": sequence}, encoding
        raise InputError("input.not_geojson", file=path.name, why=str(error)) from error


def _sequence(text: str) -> list[Any] | None:
    """The features of a file that holds one on each line (GeoJSON text sequence)."""
    lines = [line.strip("\x1e \t\r") for line in text.split("\n")]
    try:
        features = [json.loads(line) for line in lines if line]
    except (ValueError, RecursionError):
        return None
    return features if len(features) > 1 else None


def features_of(document: Any, path: Path) -> list[Any]:
    """Return the features of a document. Raises: InputError ``input.not_geojson``."""
    kind = _member(document, "type")
    if kind == _FEATURES and isinstance(document.get("features"), list):
        features: list[Any] = document["features"]
        return features
    if kind == "Feature":
        return [document]
    if kind in _GEOMETRIES:
        return [{"type": "Feature", "properties": {}, "geometry": document}]
    raise InputError("input.not_geojson", file=path.name, why=f"type: {kind!r:.40}")


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _properties(feature: Any) -> dict[str, Any]:
    properties = _member(feature, "properties")
    return properties if isinstance(properties, dict) else {}


def _names(features: list[Any]) -> list[str]:
    return list(dict.fromkeys(name for feature in features for name in _properties(feature)))


def _kind(features: list[Any]) -> str:
    kinds = {_member(_member(feature, "geometry"), "type") for feature in features} - {None}
    if not kinds:
        return NO_GEOMETRY
    names = {str(kind).upper().removeprefix("MULTI") for kind in kinds}
    if len(names) > 1:
        return "GEOMETRY"
    name = names.pop()
    return f"MULTI{name}" if len(kinds) > 1 or f"Multi{name.title()}" in kinds else name


def _value(value: object) -> object:
    """A plain value: whole numbers that no float holds, and nested things, become text."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _MOST_EXACT:
        return str(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return value


def _crs(document: Any) -> tuple[CRS | None, str, list[RowProblem]]:
    """RFC 7946 knows lon, lat on WGS 84 alone; older files name their CRS in a member."""
    member = _member(document, "crs")
    if member is None:
        return CRS.from_authority("OGC", "CRS84"), _LON_LAT, []
    name = str(_member(_member(member, "properties"), "name") or "")
    match = _AUTHORITY.fullmatch(name)
    if match:
        try:
            return _from_authority(*match.groups()), name, []
        except CRSError:
            pass
    return None, name, [RowProblem("", "input.srs_undefined", {"srs": name or str(member)[:40]})]


def _from_authority(authority: str, code: str) -> CRS:
    if authority.upper() == "CRS":
        return CRS.from_authority("OGC", f"CRS{code}")
    return CRS.from_authority(authority.upper(), code.upper())
