"""Exports for programs that don't read GeoPackage: Shapefile, GeoJSON, KML, DXF."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely

from gridadmin.base.errors import InputError, StoreError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.exchange.dbf_columns import DbfColumns, dbf_columns
from gridadmin.exchange.package_content import ColumnType, Geometries, Package
from gridadmin.exchange.stored_content import StoredTable, stored_layer
from gridadmin.exchange.whole_file import part_beside, switch

# GDAL's remarks about fields it skips are not for people who read stderr.
logging.getLogger("fiona").addHandler(logging.NullHandler())

UTF_8, GBK = "UTF-8", "GBK"
"""What the text of a Shapefile may be in; its .cpg says which."""
_ROWS_AT_ONCE = 1_000
_LITTLE_SPACE_BYTES = 1 << 20
_STALE_INDEXES = (".qix", ".sbn", ".sbx", ".idm", ".ind")
_PROPERTY_TYPES = {ColumnType.INTEGER: "int", ColumnType.REAL: "float", ColumnType.BOOLEAN: "bool"}


@dataclass(frozen=True, slots=True)
class WrittenFiles:
    """What an export to another format left behind, and what that format couldn't hold.

    ``column_names`` gives the new names of a layer's columns where they had to be shortened,
    ``shortened_texts`` counts texts cut at the format's limit by (layer, column),
    ``tables_left_out`` names the tables without land, ``lost_letters`` counts letters
    that GBK lacks and that were written as 〓.
    """

    files: tuple[Path, ...]
    column_names: Mapping[str, Mapping[str, str]]
    shortened_texts: Mapping[tuple[str, str], int]
    tables_left_out: tuple[str, ...]
    lost_letters: int = 0


@dataclass(frozen=True, slots=True)
class _Job:
    """One layer on its way into one file; ``plane`` is for formats that want metres."""

    path: Path
    table: StoredTable
    srs_id: int
    plane: pyproj.CRS | None
    encoding: str = UTF_8

    def outlines(self) -> Geometries:
        """Return the polygons in lon, lat degrees."""
        return np.asarray(shapely.from_wkb(self.table.wkbs()), dtype=object)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Give the values of each polygon."""
        if self.table.values:
            return zip(*self.table.values, strict=True)
        return iter([()] * len(self.table.fids))


@dataclass(frozen=True, slots=True)
class _Content:
    """What fiona needs to write a file: options for opening it, and its records."""

    options: dict[str, Any]
    records: Iterator[dict[str, Any]]
    count: int
    dbf: DbfColumns | None = None


def write_other(
    path: Path,
    package: Package,
    progress: Progress = SILENT,
    plane: pyproj.CRS | None = None,
    encoding: str = UTF_8,
) -> WrittenFiles:
    """Write the layers of *package* in the format that the extension of *path* names.

    A single layer goes to *path*; several go to one file each, named after *path* and the layer,
    for Shapefile into a folder that is called like *path* without extension. DXF has its
    coordinates in *plane* when one is given, the others stay in degrees. The text of a Shapefile
    is in *encoding*, ``UTF-8`` or ``GBK``; the other formats have one of their own. All files
    are finished before the first is switched into place.

    Raises: Cancelled; InputError ``export.unknown_format``, ``export.no_layers``, and what
    :func:`gridadmin.exchange.stored_content.stored_layer` raises; StoreError
    ``export.format_unavailable``, ``export.write_failed`` and others of the disk.
    """
    content_of = _format_of(path)
    if not package.layers:
        raise InputError("export.no_layers", file=str(path))
    targets = targets_of(path, [layer.name for layer in package.layers])
    shortened: dict[tuple[str, str], int] = {}
    lost = 0
    renamed: dict[str, Mapping[str, str]] = {}
    with part_beside(path) as part:
        part.mkdir()
        for layer, target in zip(package.layers, targets, strict=True):
            table = stored_layer(layer, package.srs_id)
            job = _Job(part / target.name, table, package.srs_id, plane, encoding)
            content = content_of(job)
            _write(job.path, path, content, progress)
            if content.dbf is not None:
                renamed[layer.name] = content.dbf.new_names
                cut = content.dbf.cut_texts.items()
                lost += content.dbf.lost_letters
                shortened |= {(layer.name, column): count for column, count in cut}
        files = _switch_all(part, targets)
    left_out = tuple(table.name for table in package.tables)
    return WrittenFiles(files, renamed, shortened, left_out, lost)


def _format_of(path: Path) -> Callable[[_Job], _Content]:
    found = _FORMATS.get(path.suffix.lower())
    if found is None:
        known = " ".join([".gpkg", *_FORMATS])
        raise InputError(
            "export.unknown_format", file=str(path), extension=path.suffix, known=known
        )
    return found


def targets_of(path: Path, layers: Sequence[str]) -> list[Path]:
    """Return the main file that each layer goes to, by their names."""
    if len(layers) == 1:
        return [path]
    if path.suffix.lower() == ".shp":
        return [path.with_suffix("") / f"{layer}{path.suffix}" for layer in layers]
    return [path.with_name(f"{path.stem}-{layer}{path.suffix}") for layer in layers]


def _switch_all(part: Path, targets: Sequence[Path]) -> tuple[Path, ...]:
    """Move the finished files, several for each Shapefile, to where their layer belongs."""
    folder = targets[0].parent
    if folder.exists() and not folder.is_dir():
        raise InputError("export.target_not_folder", file=str(folder))
    folder.mkdir(exist_ok=True)
    files = []
    for finished in sorted(part.iterdir()):
        files.append(folder / finished.name)
        switch(finished, files[-1])
    for target in targets:
        for suffix in _STALE_INDEXES:
            # Another program's index of the file that stood here before would lead it astray.
            target.with_suffix(suffix).unlink(missing_ok=True)
    return tuple(files)


def _write(part: Path, target: Path, content: _Content, progress: Progress) -> None:
    import fiona
    from fiona import drvsupport
    from fiona._err import CPLE_BaseError
    from fiona.errors import FionaError, FionaValueError

    # KML is built in, yet off in fiona's table.
    drvsupport.supported_drivers["KML"] = "rw"
    driver = content.options["driver"]
    if "w" not in drvsupport.supported_drivers.get(driver, ""):
        raise StoreError("export.format_unavailable", format=driver, file=str(target))
    try:
        with fiona.open(str(part), "w", **content.options) as sink:
            done = 0
            checkpoint(progress, "progress.export_layers", done, content.count)
            while records := list(islice(content.records, _ROWS_AT_ONCE)):
                sink.writerecords(records)
                done += len(records)
                checkpoint(progress, "progress.export_layers", done, content.count)
        # GDAL may notice a full disk only when it closes the file, and say nothing.
        written = _count(part)
    except (FionaError, FionaValueError, CPLE_BaseError, RuntimeError) as error:
        raise _gdal_error(part, target, str(error)) from error
    if written != content.count:
        raise _gdal_error(part, target, f"{written} / {content.count}")


def _gdal_error(part: Path, target: Path, why: str) -> StoreError:
    # GDAL tells of a full disk in many ways, if at all; the disk itself is plainer.
    if shutil.disk_usage(part.parent).free < _LITTLE_SPACE_BYTES:
        return StoreError("export.disk_full", file=str(target))
    return StoreError("export.write_failed", file=str(target), why=why)


def _count(path: Path) -> int:
    import fiona

    with fiona.open(str(path)) as source:
        try:
            return len(source)
        except TypeError:
            # DXF can't tell without reading.
            return sum(1 for _ in source)


def _shapefile(job: _Job) -> _Content:
    dbf = dbf_columns(job.table, job.encoding)
    schema = {"geometry": "Polygon", "properties": dbf.types}
    crs = f"EPSG:{job.srs_id}"
    options = {"driver": "ESRI Shapefile", "schema": schema, "crs": crs, "encoding": job.encoding}
    records = _records(job.outlines(), list(dbf.types), dbf.rows)
    return _Content(options, records, len(job.table.fids), dbf)


def _geojson(job: _Job) -> _Content:
    # RFC 7946 knows WGS 84 alone; nine digits are a tenth of a millimetre.
    options = _featured(job, "GeoJSON") | {"RFC7946": "YES", "COORDINATE_PRECISION": "9"}
    return _Content(options, _plain_records(job), len(job.table.fids))


def _kml(job: _Job) -> _Content:
    options = _featured(job, "KML") | {"NameField": "name", "layer": job.table.name}
    return _Content(options, _plain_records(job), len(job.table.fids))


def _featured(job: _Job, driver: str) -> dict[str, Any]:
    types = {column.name: _PROPERTY_TYPES.get(column.type, "str") for column in job.table.columns}
    schema = {"geometry": "MultiPolygon", "properties": types}
    return {"driver": driver, "schema": schema, "crs": "EPSG:4326"}


def _plain_records(job: _Job) -> Iterator[dict[str, Any]]:
    return _records(job.outlines(), [column.name for column in job.table.columns], job.rows())


def _records(
    outlines: Geometries, names: Sequence[str], rows: Iterator[tuple[Any, ...]]
) -> Iterator[dict[str, Any]]:
    for outline, row in zip(outlines, rows, strict=True):
        properties = dict(zip(names, row, strict=True))
        yield {"geometry": shapely.geometry.mapping(outline), "properties": properties}


def _dxf(job: _Job) -> _Content:
    # Closed lines and not hatches: this is what drawing programs can go on with. The DXF layer has
    # the layer's own name, since text beyond ASCII comes out garbled in many of them.
    outlines = job.outlines()
    if job.plane is not None:
        transformer = pyproj.Transformer.from_crs(job.srs_id, job.plane, always_xy=True)
        outlines = shapely.transform(outlines, transformer.transform, interleaved=False)
    rings = shapely.get_rings(shapely.get_parts(outlines))
    schema = {"geometry": "LineString", "properties": {"Layer": "str"}}
    records = (
        {
            "geometry": {"type": "LineString", "coordinates": list(ring.coords)},
            "properties": {"Layer": job.table.name},
        }
        for ring in rings
    )
    return _Content({"driver": "DXF", "schema": schema}, records, len(rings))


_FORMATS: Mapping[str, Callable[[_Job], _Content]] = {
    ".shp": _shapefile,
    ".geojson": _geojson,
    ".json": _geojson,
    ".kml": _kml,
    ".dxf": _dxf,
}
