"""Base maps in a folder: ``level/column/row.png`` as most programs write it."""

from __future__ import annotations

import re
from pathlib import Path

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from gridadmin.base.errors import InputError
from gridadmin.tiles.grid import FINEST, Box, TileGrid, TileKey, geodetic_grid, web_grid
from gridadmin.tiles.local import OpenTiles
from gridadmin.tiles.picture import MOST_BYTES, format_of, looks_like_vector
from gridadmin.tiles.source import Datum

_NUMBER = re.compile(r"\d{1,9}")
_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
_VECTOR_SUFFIXES = (".pbf", ".mvt")
_TMS_FILE = "tilemapresource.xml"
_MOST_XML_BYTES = 2**20
_LOOKED_AT = 1000
"""So many folders of columns are looked into to find how far the map reaches."""


class FolderTiles(OpenTiles):
    """A folder of tiles; it may be asked from any thread.

    Rows are counted from the north, as on the web. With a ``tilemapresource.xml`` beside them they
    are counted from the south, and the grid is the one it names.

    Raises: InputError ``input.no_file``, ``input.unreadable``, ``input.folder_no_tiles``,
    ``input.tiles_vector``, ``input.tiles_unknown_format``.
    """

    attribution = ""

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise InputError("input.no_file", file=str(path))
        self.path = path
        self.name = path.name
        self.datum = Datum.CGCS2000
        self._is_from_south, whole = _profile(path)
        try:
            levels = tuple(level for level in whole.levels if _first_column(path / str(level)))
            if not levels:
                raise InputError("input.folder_no_tiles", folder=path.name)
            self._suffix = self._suffix_of(path / str(levels[0]))
            self.grid: TileGrid = whole.only(levels)
            self.extent: Box = self._extent()
        except OSError as error:
            why = error.strerror or str(error)
            raise InputError("input.unreadable", file=path.name, why=why) from error

    def tile(self, key: TileKey) -> bytes | None:
        """Return the picture of a tile as it is stored, or None where the folder has none.

        Raises: InputError ``input.tiles_damaged``.
        """
        if not self.grid.has(key):
            return None
        row = key.row
        if self._is_from_south:
            row = self.grid.matrix(key.level).rows - 1 - row
        file = self.path / str(key.level) / str(key.column) / f"{row}{self._suffix}"
        try:
            with file.open("rb") as opened:
                return opened.read(MOST_BYTES + 1) or None
        except FileNotFoundError:
            return None
        except OSError as error:
            why = error.strerror or str(error)
            raise InputError("input.tiles_damaged", file=self.name, why=why) from error

    def _suffix_of(self, level: Path) -> str:
        """Return the ending of the tiles, looked at one of them."""
        column = _first_column(level)
        files = [] if column is None else [f for f in column.iterdir() if f.is_file()]
        if any(file.suffix.lower() in _VECTOR_SUFFIXES for file in files):
            raise InputError("input.tiles_vector", file=self.name)
        tiles = [
            file
            for file in files
            if _NUMBER.fullmatch(file.stem) and file.suffix.lower() in _SUFFIXES
        ]
        if not tiles:
            raise InputError("input.folder_no_tiles", folder=self.name)
        with tiles[0].open("rb") as opened:
            start = opened.read(64)
        if looks_like_vector(start):
            raise InputError("input.tiles_vector", file=self.name)
        if format_of(start) is None:
            raise InputError("input.tiles_unknown_format", file=self.name)
        return tiles[0].suffix

    def _extent(self) -> Box:
        """Return what the tiles of the coarsest level cover."""
        matrix = self.grid.matrices[0]
        columns = _numbered(self.path / str(matrix.level))
        rows: set[int] = set()
        for number in sorted(columns)[:_LOOKED_AT]:
            rows.update(_numbered(self.path / str(matrix.level) / str(number)))
        if not rows:
            raise InputError("input.folder_no_tiles", folder=self.name)
        first, last = min(rows), max(rows)
        if self._is_from_south:
            first, last = matrix.rows - 1 - last, matrix.rows - 1 - first
        left, _, _, top = self.grid.box(TileKey(matrix.level, min(columns), first))
        _, bottom, right, _ = self.grid.box(TileKey(matrix.level, max(columns), last))
        return left, bottom, right, top


def _numbered(folder: Path) -> set[int]:
    return {int(entry.stem) for entry in folder.iterdir() if _NUMBER.fullmatch(entry.stem)}


def _first_column(level: Path) -> Path | None:
    """Return a folder of a level that holds anything, None when there is none."""
    if not level.is_dir():
        return None
    for entry in level.iterdir():
        if entry.is_dir() and _NUMBER.fullmatch(entry.name) and any(entry.iterdir()):
            return entry
    return None


def _profile(path: Path) -> tuple[bool, TileGrid]:
    """Return whether rows are counted from the south, and the grid."""
    said = path / _TMS_FILE
    if not said.is_file():
        return False, web_grid()
    try:
        with said.open("rb") as file:
            text = file.read(_MOST_XML_BYTES)
        profile = defusedxml.ElementTree.fromstring(text).find("TileSets")
    except (OSError, SyntaxError, ValueError, DefusedXmlException) as error:
        raise InputError("input.unreadable", file=said.name, why=str(error)) from error
    name = "" if profile is None else profile.get("profile", "")
    return True, geodetic_grid(FINEST - 1) if "geodetic" in name else web_grid()
