"""Shapefile, DXF, KML, MapInfo and the like through GDAL; the only place that knows fiona.

GDAL opens each file with the one driver that its content asks for, writes nothing beside it, and
what it has to say becomes a sentence of ours.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fiona
import fiona.drvsupport
from fiona.errors import FionaError
from pyproj import CRS
from pyproj.exceptions import CRSError

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.exchange.geojson_geometry import shaped
from gridadmin.exchange.land import Judge, land_of
from gridadmin.exchange.shapefile_text import encoding_of
from gridadmin.exchange.source import NO_GEOMETRY, FeatureTable, RowProblem, SourceLayer

SHAPEFILE, DXF, KML, FLATGEOBUF = "ESRI Shapefile", "DXF", "KML", "FlatGeobuf"
_ROWS_BETWEEN_REPORTS = 2_000
_KINDS = {"Unknown": "GEOMETRY", "None": NO_GEOMETRY}
_ARC_STEP_DEG = "0.25"
"""Arcs of drawings: chords within 1 cm up to a radius of 4 km."""
_OPEN_OPTIONS = {"GML": {"WRITE_GFS": "NO", "DOWNLOAD_SCHEMA": "NO"}}
"""GDAL would write beside a GML file and fetch schemas from the network."""
_FAULTS = (ValueError, KeyError, TypeError, AttributeError, OverflowError, SystemError)
"""What fiona itself trips over in damaged files; SystemError when GDAL's message is no UTF-8."""
_GDAL_OPTIONS = {
    "OGR_ARC_STEPSIZE": _ARC_STEP_DEG,
    "OGR_ENABLE_PARTIAL_REPROJECTION": "NO",
    "CPL_LOG_ERRORS": "OFF",
}

# Reading alone; GDAL has it, fiona hides it since its KML can't be written well.
fiona.drvsupport.supported_drivers.setdefault(KML, "r")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where to read a file from, in which encoding, and what had to be done to get there."""

    path: Path
    encoding: str | None
    remarks: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Features:
    ids: list[str]
    geometries: list[Any]
    columns: dict[str, list[object]]


def fiona_layers(path: Path, driver: str) -> list[SourceLayer]:
    """Return the layers of a file that GDAL's *driver* reads.

    Raises: InputError ``input.unreadable``, ``input.damaged``.
    """
    with _opened(path, driver, "") as place:
        return [_layer(place, driver, name) for name in _names(place, driver)]


def read_fiona(
    path: Path, driver: str, layer: str, progress: Progress = SILENT, judge: Judge = land_of
) -> FeatureTable:
    """Return the rows of one layer, read by GDAL's *driver*, that *judge* finds usable.

    Rows have GDAL's feature numbers, which for a Shapefile count from 0.

    Raises: InputError ``input.unreadable``, ``input.damaged``; Cancelled.
    """
    with _opened(path, driver, layer) as place, _collection(place, driver, layer) as source:
        crs, crs_text, crs_remarks = _crs(source)
        features = _read(source, progress)
        if driver == FLATGEOBUF:
            _require_all(len(features.ids), _count(source))
    rows = shaped(features.geometries)
    land = judge(rows.geometries, features.ids, rows.refused, rows.warned)
    return FeatureTable(
        path,
        layer,
        crs,
        crs_text,
        {name: [values[row] for row in land.kept] for name, values in features.columns.items()},
        [features.ids[row] for row in land.kept],
        land.geometries,
        land.left_out,
        (*place.remarks, *crs_remarks, *land.warnings),
    )


@contextmanager
def _opened(path: Path, driver: str, layer: str) -> Iterator[_Place]:
    """Yield where to read from; what GDAL raises over a broken file becomes a sentence."""
    try:
        with fiona.Env(**_GDAL_OPTIONS), _staged(path, driver) as place:
            yield place
    except OSError as error:
        raise InputError("input.unreadable", file=path.name, why=error.strerror) from error
    except (FionaError, *_FAULTS) as error:
        why = str(error.__cause__ or error).replace(str(path), path.name)
        named = layer or path.stem
        raise InputError("input.damaged", file=path.name, layer=named, why=why) from error


@contextmanager
def _staged(path: Path, driver: str) -> Iterator[_Place]:
    """Yield the file itself, or a mended temporary copy of a Shapefile that lost its index."""
    if driver != SHAPEFILE:
        yield _Place(path, None)
        return
    found = encoding_of(path)
    remarks = []
    if not found.is_sure:
        remarks.append(RowProblem("", "input.encoding_assumed", {"encoding": found.name}))
    if any(path.with_suffix(suffix).exists() for suffix in (".shx", ".SHX")):
        yield _Place(path, found.name, tuple(remarks))
        return
    remarks.append(RowProblem("", "input.shx_missing"))
    with tempfile.TemporaryDirectory(prefix="gridadmin-") as folder:
        copy = Path(folder) / f"{path.stem}.shp"
        shutil.copyfile(path, copy)
        for suffix in (".dbf", ".prj", ".cpg"):
            for name in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
                if name.is_file():
                    shutil.copyfile(name, copy.with_suffix(suffix))
        with fiona.Env(SHAPE_RESTORE_SHX="YES"):
            yield _Place(copy, found.name, tuple(remarks))


@contextmanager
def _collection(place: _Place, driver: str, layer: str) -> Iterator[Any]:
    options = dict(_OPEN_OPTIONS.get(driver, {}))
    if place.encoding:
        options["encoding"] = place.encoding
    with fiona.open(place.path, driver=driver, layer=layer, **options) as source:
        yield source


def _names(place: _Place, driver: str) -> list[str]:
    if driver == SHAPEFILE:
        return [place.path.stem]
    names = list(fiona.listlayers(place.path, **_OPEN_OPTIONS.get(driver, {})))
    if not names:
        raise ValueError(f"no layers for {driver}")
    return names


def _layer(place: _Place, driver: str, name: str) -> SourceLayer:
    with _collection(place, driver, name) as source:
        crs, crs_text, _ = _crs(source)
        columns = tuple(source.schema["properties"])
        kind = _kind(source.schema["geometry"])
        return SourceLayer(name, _count(source), kind, columns, crs, crs_text)


def _read(source: Any, progress: Progress) -> _Features:
    names = list(source.schema["properties"])
    features = _Features([], [], {name: [] for name in names})
    total = _count(source)
    for record in source:
        if len(features.ids) % _ROWS_BETWEEN_REPORTS == 0:
            checkpoint(progress, "progress.read_rows", len(features.ids), total)
        features.ids.append(str(record.id))
        geometry = record.geometry
        features.geometries.append(None if geometry is None else geometry.__geo_interface__)
        for name in names:
            features.columns[name].append(record.properties.get(name))
    return features


def _require_all(read: int, declared: int) -> None:
    """Raise where a file ends early: GDAL ends there without a word."""
    if read < declared:
        raise ValueError(f"{read} of {declared} rows")


def _count(source: Any) -> int:
    try:
        return len(source)
    except TypeError:
        return 0


def _kind(fiona_kind: Any) -> str:
    kind = str(fiona_kind).removeprefix("3D ").removeprefix("Measured ")
    return _KINDS.get(kind, kind.upper())


def _crs(source: Any) -> tuple[CRS | None, str, list[RowProblem]]:
    wkt = source.crs_wkt
    if not wkt:
        return None, "", []
    try:
        crs = CRS.from_wkt(wkt)
    except CRSError:
        return None, wkt[:80], [RowProblem("", "input.srs_undefined", {"srs": wkt[:80]})]
    code = crs.to_epsg()
    if code is None:
        return crs, crs.name, []
    return CRS.from_epsg(code), f"EPSG:{code}", []
