"""One door to boundary files: which layers they have, and a layer as a table.

The content decides how a file is read, its extension only where the content could be several
things.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.exchange.columns import guess_columns
from gridadmin.exchange.csv_reader import csv_layers, read_csv
from gridadmin.exchange.geojson_reader import geojson_layers, read_geojson
from gridadmin.exchange.geopackage_file import MAGIC as SQLITE
from gridadmin.exchange.geopackage_reader import geopackage_layers, read_geopackage
from gridadmin.exchange.land import Judge, land_of, shapes_of
from gridadmin.exchange.source import NO_GEOMETRY, FeatureTable, SourceLayer, as_text

_START = 4096
_DXF = re.compile(rb"\s*(?:999\r?\n[^\n]*\n\s*)*0\r?\n\s*SECTION", re.IGNORECASE)
_SHAPEFILE = b"\x00\x00\x27\x0a"
_FOREIGN = (
    (b"PK\x03\x04", "input.zipped"),
    (b"Rar!", "input.zipped"),
    (b"7z\xbc\xaf", "input.zipped"),
    (b"\xd0\xcf\x11\xe0", "input.spreadsheet"),
    (b"AC10", "input.dwg"),
)
_SHAPEFILE_PARTS = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_BY_EXTENSION = {
    ".gpkg": "geopackage",
    ".geojson": "geojson",
    ".json": "geojson",
    ".geojsonl": "geojson",
    ".kml": "KML",
    ".dxf": "DXF",
    ".fgb": "FlatGeobuf",
    ".tab": "MapInfo File",
    ".mif": "MapInfo File",
    ".gml": "GML",
    ".gpx": "GPX",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
}
_GDB = ".gdb"
"""A file geodatabase is a folder of this ending."""
_EXACT_DIGITS = 10**11
"""Whole numbers from 12 digits on are codes, not amounts."""


@dataclass(frozen=True, slots=True)
class _Format:
    layers: Callable[[Path], list[SourceLayer]]
    read: Callable[[Path, str, Progress, Judge], FeatureTable]


def list_layers(path: Path) -> list[SourceLayer]:
    """Return the layers of a file, in its order; empty for a package that holds no vector data.

    Raises: InputError ``input.no_file``, ``input.is_folder``, ``input.empty_file``,
    ``input.unknown_format`` and those of the format's reader.
    """
    path = _main_file(path)
    return _format_of(path).layers(path)


def read_layer(path: Path, layer: str | None = None, progress: Progress = SILENT) -> FeatureTable:
    """Return one layer of a file; without a name, the one that may hold polygons (or listed rows).

    Codes are text, also where the file stores numbers.

    Raises: InputError ``input.several_layers``, ``input.no_polygons``, ``input.no_such_layer``,
    ``input.no_layers`` and those of :func:`list_layers`; Cancelled.
    """
    path = _main_file(path)
    found = _format_of(path)
    chosen = _chosen(path, found.layers(path), layer)
    return _with_text_codes(found.read(path, chosen, progress, land_of))


def read_shapes(path: Path, layer: str | None = None, progress: Progress = SILENT) -> FeatureTable:
    """Return one layer of a file with shapes of any kind: points, lines, polygons.

    Without a name it is the only one that has shapes. Codes are left as the file has them.

    Raises: InputError ``input.several_shapes``, ``input.no_shapes``, ``input.no_such_layer``,
    ``input.no_layers`` and those of :func:`list_layers`; Cancelled.
    """
    path = _main_file(path)
    found = _format_of(path)
    layers = found.layers(path)
    drawn = [one.name for one in layers if one.geometry_kind != NO_GEOMETRY]
    if layers and layer is None:
        if len(drawn) > 1:
            raise InputError("input.several_shapes", file=path.name, layers=", ".join(drawn))
        if not drawn:
            raise InputError("input.no_shapes", file=path.name)
        layer = drawn[0]
    return found.read(path, _chosen(path, layers, layer), progress, shapes_of)


def _main_file(path: Path) -> Path:
    """The file itself, or the .shp when another part of a Shapefile was picked."""
    if not path.exists():
        raise InputError("input.no_file", file=str(path))
    if path.is_dir() and not _is_geodatabase(path):
        raise InputError("input.is_folder", file=path.name)
    if path.suffix.lower() in _SHAPEFILE_PARTS - {".shp"}:
        for suffix in (".shp", ".SHP"):
            if path.with_suffix(suffix).is_file():
                return path.with_suffix(suffix)
    return path


def _is_geodatabase(path: Path) -> bool:
    return path.suffix.lower() == _GDB and any(path.glob("*.gdbtable"))


def _format_of(path: Path) -> _Format:
    if path.is_dir():
        return _format("OpenFileGDB")
    try:
        with path.open("rb") as file:
            start = file.read(_START)
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError("input.unreadable", file=path.name, why=why) from error
    if not start:
        raise InputError("input.empty_file", file=path.name)
    name = _by_content(start, path) or _BY_EXTENSION.get(path.suffix.lower())
    if name is None:
        raise InputError("input.unknown_format", file=path.name)
    return _format(name)


def _by_content(start: bytes, path: Path) -> str | None:
    if start.startswith(SQLITE):
        return "geopackage"
    if start.startswith(_SHAPEFILE) and path.suffix.lower() == ".shp":
        return "ESRI Shapefile"
    if start.startswith(b"fgb\x03"):
        return "FlatGeobuf"
    if start.startswith(b"AutoCAD Binary DXF") or _DXF.match(start):
        return "DXF"
    for magic, code in _FOREIGN:
        if start.startswith(magic):
            raise InputError(code, file=path.name)
    return _by_text(start.removeprefix(b"\xef\xbb\xbf").lstrip())


def _by_text(text: bytes) -> str | None:
    if text.startswith((b"{", b"\x1e{")):
        return "geojson"
    if not text.startswith(b"<"):
        return None
    if b"<kml" in text:
        return "KML"
    if b"<gpx" in text:
        return "GPX"
    return "GML" if b"opengis.net/gml" in text else None


def _format(name: str) -> _Format:
    if name == "geopackage":
        return _Format(geopackage_layers, read_geopackage)
    if name == "geojson":
        return _Format(
            geojson_layers, lambda path, _, progress, judge: read_geojson(path, progress, judge)
        )
    if name == "csv":
        return _Format(csv_layers, lambda path, _, progress, _judge: read_csv(path, progress))
    # GDAL takes a third of a second to load: only when its formats are asked for.
    from gridadmin.exchange.fiona_reader import fiona_layers, read_fiona

    def read(path: Path, layer: str, progress: Progress, judge: Judge) -> FeatureTable:
        return read_fiona(path, name, layer, progress, judge)

    return _Format(partial(fiona_layers, driver=name), read)


def _chosen(path: Path, layers: list[SourceLayer], wanted: str | None) -> str:
    names = [layer.name for layer in layers]
    if not layers:
        raise InputError("input.no_layers", file=path.name)
    if wanted is not None:
        if wanted not in names:
            raise InputError(
                "input.no_such_layer", file=path.name, layer=wanted, layers=", ".join(names)
            )
        return wanted
    polygonal = [layer.name for layer in layers if layer.may_hold_land]
    if len(polygonal) > 1:
        raise InputError("input.several_layers", file=path.name, layers=", ".join(polygonal))
    if polygonal:
        return polygonal[0]
    drawn = [layer for layer in layers if layer.geometry_kind != NO_GEOMETRY]
    if len(layers) == 1 and _is_worth_reading(layers[0]):
        return names[0]
    kinds = ", ".join(f"{layer.name} ({layer.geometry_kind})" for layer in drawn or layers)
    raise InputError("input.no_polygons", file=path.name, layers=kinds)


def _is_worth_reading(layer: SourceLayer) -> bool:
    """Closed lines may enclose land, collections hold polygons, tables listed rows."""
    return "POINT" not in layer.geometry_kind


def _with_text_codes(table: FeatureTable) -> FeatureTable:
    guess = guess_columns(table.columns)
    codes = {guess.code, guess.parent}
    columns: dict[str, list[object]] = {
        name: [*table.texts(name)] if name in codes or _holds_long_numbers(values) else values
        for name, values in table.columns.items()
    }
    return replace(table, columns=columns)


def _holds_long_numbers(values: list[object]) -> bool:
    return any(
        isinstance(value, (int, float))
        and abs(value) >= _EXACT_DIGITS
        and as_text(value) is not None
        and float(value).is_integer()
        for value in values
    )
