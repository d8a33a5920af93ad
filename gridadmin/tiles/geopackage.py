"""Base maps in a GeoPackage, in whatever CRS and with whatever levels it declares."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from gridadmin.base.errors import InputError
from gridadmin.exchange.sql_names import quoted
from gridadmin.tiles.grid import Box, Matrix, TileGrid, TileKey
from gridadmin.tiles.placement import known_crs
from gridadmin.tiles.source import Datum
from gridadmin.tiles.tile_database import LONGEST_TEXT, TileDatabase

_MOST_LEVELS = 40
_MOST_TILES = 2**31
_SIDES_PX = range(1, 4097)


class GeoPackageTiles(TileDatabase):
    """The first table of tiles in a GeoPackage; it may be asked from any thread.

    Raises: InputError ``input.no_file``, ``input.is_folder``, ``input.unreadable``,
    ``input.tiles_not_sqlite``, ``input.tiles_no_table``, ``input.tiles_vector``,
    ``input.tiles_empty``, ``input.tiles_unknown_format``, ``input.tiles_damaged``,
    ``input.tiles_no_crs``, ``input.tiles_bad_matrix``, ``basemap.unknown_crs``.
    """

    attribution = ""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.datum = Datum.CGCS2000
        try:
            self._table, name = self._tile_table()
            self._require_pictures(self._table)
            self.grid: TileGrid = self._grid()
            self.extent: Box = self._extent()
        except BaseException:
            self.close()
            raise
        self.name = name or path.stem

    def tile(self, key: TileKey) -> bytes | None:
        """Return the picture of a tile as it is stored, or None where the file has none.

        Raises: InputError ``input.tiles_damaged``.
        """
        return self._picture(
            f"SELECT tile_data FROM {quoted(self._table)}"  # noqa: S608 - quoted
            " WHERE zoom_level = ? AND tile_column = ? AND tile_row = ? LIMIT 1",
            (key.level, key.column, key.row),
        )

    def _tile_table(self) -> tuple[str, str]:
        file = self.path.name
        if not self._has("gpkg_contents") or not self._has("gpkg_tile_matrix_set"):
            raise InputError("input.tiles_no_table", file=file)
        rows = self._asked("SELECT table_name, data_type, identifier FROM gpkg_contents")
        tiles = [(str(t), str(title or "")) for t, kind, title in rows if kind == "tiles"]
        if not tiles:
            is_vector = any("vector-tile" in str(kind) for _, kind, _ in rows)
            raise InputError(
                "input.tiles_vector" if is_vector else "input.tiles_no_table", file=file
            )
        table, title = tiles[0]
        return table, title.strip()[:LONGEST_TEXT]

    def _grid(self) -> TileGrid:
        rows = self._asked(
            "SELECT srs_id, min_x, max_y FROM gpkg_tile_matrix_set WHERE table_name = ?",
            (self._table,),
        )
        if not rows:
            raise InputError("input.tiles_no_crs", file=self.path.name)
        srs_id, left, top = rows[0]
        crs = self._crs(srs_id)
        matrices = [
            self._matrix(row, left, top)
            for row in self._asked(
                "SELECT zoom_level, matrix_width, matrix_height, tile_width, tile_height,"
                " pixel_x_size, pixel_y_size FROM gpkg_tile_matrix WHERE table_name = ?"
                " ORDER BY pixel_x_size DESC LIMIT ?",
                (self._table, _MOST_LEVELS),
            )
        ]
        with_tiles = tuple(matrix for matrix in matrices if self._has_level(matrix.level))
        if not with_tiles:
            raise InputError("input.tiles_empty", file=self.path.name)
        return TileGrid(crs, with_tiles)

    def _crs(self, srs_id: object) -> str:
        rows = self._asked(
            "SELECT organization, organization_coordsys_id, definition"
            " FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
            (srs_id,),
        )
        if not rows:
            raise InputError("input.tiles_no_crs", file=self.path.name)
        organization, number, definition = rows[0]
        if str(organization).upper() == "EPSG" and isinstance(number, int) and number > 0:
            return known_crs(f"EPSG:{number}")
        text = str(definition or "")
        if text.strip().lower() in ("", "undefined"):
            raise InputError("input.tiles_no_crs", file=self.path.name)
        return known_crs(text)

    def _matrix(self, row: Any, left: Any, top: Any) -> Matrix:
        level, columns, rows, width, height, px_width, px_height = row
        whole = (level, columns, rows, width, height)
        sizes = (left, top, px_width, px_height)
        is_sound = (
            all(isinstance(number, int) for number in whole)
            and all(isinstance(size, int | float) and math.isfinite(size) for size in sizes)
            and px_width > 0
            and px_height > 0
            and 0 < columns <= _MOST_TILES
            and 0 < rows <= _MOST_TILES
            and width in _SIDES_PX
            and height in _SIDES_PX
        )
        if not is_sound:
            raise InputError("input.tiles_bad_matrix", file=self.path.name, level=level)
        return Matrix(
            level, str(level), float(left), float(top), float(px_width), float(px_height),
            columns, rows, width, height,
        )  # fmt: skip

    def _has_level(self, level: int) -> bool:
        sql = f"SELECT 1 FROM {quoted(self._table)} WHERE zoom_level = ? LIMIT 1"  # noqa: S608 - quoted
        return bool(self._asked(sql, (level,)))

    def _extent(self) -> Box:
        """Return what the tiles of the coarsest level cover: what the file says is often wrong."""
        level = self.grid.levels[0]
        found = self._asked(
            "SELECT min(tile_column), max(tile_column), min(tile_row), max(tile_row)"  # noqa: S608 - quoted
            f" FROM {quoted(self._table)} WHERE zoom_level = ?"
            " AND typeof(tile_column) = 'integer' AND typeof(tile_row) = 'integer'",
            (level,),
        )[0]
        if None in found:
            raise InputError("input.tiles_empty", file=self.path.name)
        first_column, last_column, first_row, last_row = found
        left, _, _, top = self.grid.box(TileKey(level, first_column, first_row))
        _, bottom, right, _ = self.grid.box(TileKey(level, last_column, last_row))
        return left, bottom, right, top
