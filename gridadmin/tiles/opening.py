"""Opens whatever lies on the disk as a base map, by what it is and not by what it is called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.tiles.folder import FolderTiles
from gridadmin.tiles.geopackage import GeoPackageTiles
from gridadmin.tiles.image_formats import driver_of_file
from gridadmin.tiles.local import LocalTiles
from gridadmin.tiles.mbtiles import MBTiles
from gridadmin.tiles.source import Datum, Kind, Source
from gridadmin.tiles.tile_database import is_sqlite

if TYPE_CHECKING:
    from gridadmin.tiles.image import ImageTiles

Tiles = TypeVar("Tiles", "MBTiles", "GeoPackageTiles", "FolderTiles", "ImageTiles")
_DATABASE_SUFFIXES = (".mbtiles", ".gpkg")


def open_local(path: Path, crs: str = "", progress: Progress = SILENT) -> LocalTiles:
    """Return a base map on the disk, open for reading.

    *crs* is for pictures that don't say theirs: ``EPSG:n``, WKT, ``gcj02`` or ``bd09``. The last
    two say of any map on what it was drawn. *progress* follows what takes long: a picture that is
    decoded as a whole.

    Raises: Cancelled; InputError of family ``input`` or ``basemap`` with what is wrong.
    """
    if path.is_dir():
        return _shifted(FolderTiles(path), crs)
    if not path.exists():
        raise InputError("input.no_file", file=str(path))
    if is_sqlite(path):
        return _database(path, crs)
    suffix = path.suffix.lower()
    if suffix in _DATABASE_SUFFIXES:
        raise InputError("input.tiles_not_sqlite", file=path.name)
    if suffix in (".kml", ".kmz"):
        from gridadmin.tiles.overlay import open_overlay

        return _shifted(open_overlay(path, progress), crs)
    if driver_of_file(path) is not None:
        # rasterio and its GDAL take a moment to load.
        from gridadmin.tiles.image import ImageTiles

        return ImageTiles(path, crs, progress=progress)
    raise InputError("input.no_basemap", file=path.name)


def open_source(source: Source, progress: Progress = SILENT) -> LocalTiles:
    """Return the tiles of a source that lies on the disk, open for reading.

    Raises: those of :func:`open_local`.
    """
    return open_local(Path(source.address), source.crs, progress)


def kind_of(tiles: LocalTiles) -> Kind:
    """Return how an open base map is declared."""
    if isinstance(tiles, MBTiles):
        return Kind.MBTILES
    if isinstance(tiles, GeoPackageTiles):
        return Kind.GEOPACKAGE
    return Kind.FOLDER if isinstance(tiles, FolderTiles) else Kind.IMAGE


def datum_of(source: Source, tiles: LocalTiles) -> Datum:
    """Return what a file's tiles are measured in: the declaration overrules the file."""
    return tiles.datum if source.datum is Datum.CGCS2000 else source.datum


def _shifted(tiles: Tiles, crs: str) -> Tiles:
    """Return a map with the datum that the user gives it.

    Raises: InputError ``input.basemap_has_crs`` for a CRS: such maps say theirs.
    """
    if not crs:
        return tiles
    try:
        tiles.datum = Datum(crs.strip().lower())
    except ValueError as error:
        tiles.close()
        raise InputError("input.basemap_has_crs", file=tiles.path.name) from error
    return tiles


def _database(path: Path, crs: str) -> LocalTiles:
    """Return the tiles of a SQLite file; those of a GeoPackage may be called anything."""
    if path.suffix.lower() == ".gpkg":
        return _shifted(GeoPackageTiles(path), crs)
    try:
        return _shifted(MBTiles(path), crs)
    except InputError as refusal:
        if refusal.code != "input.tiles_no_table":
            raise
        try:
            return _shifted(GeoPackageTiles(path), crs)
        except InputError as other:
            raise (refusal if other.code == refusal.code else other) from None
