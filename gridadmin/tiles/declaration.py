"""A base map as a table of a TOML file: read with every fault named, and written again."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from gridadmin.base.errors import InputError
from gridadmin.exchange.recognise import crs_of_option
from gridadmin.tiles.grid import FINEST, FIXED, Matrix, TileGrid, as_web, fixed_grid, web_grid
from gridadmin.tiles.placement import known_crs
from gridadmin.tiles.request import require_template
from gridadmin.tiles.source import Datum, Degrees, KeyType, Kind, Layer, Role, Source, Terms

E = TypeVar("E", bound=StrEnum)

SETTINGS = (
    "name", "en", "kind", "url", "path", "subdomains", "key", "key_type", "datum", "offset",
    "grid", "levels", "crs", "matrices", "layer", "style", "matrix_set", "format", "bounds",
    "attribution", "pack", "daily", "note", "headers", "role", "pair", "on",
)  # fmt: skip
"""What a table may hold."""
OWN_GRID = "own"
ID = re.compile(r"[A-Za-z0-9_一-鿿-]{1,60}")
_LONGEST_TEXT = 4000
_MOST_OFFSET_M = 5000.0
_MOST_MATRICES = 40
_MOST_TILES = 2**31
_TILE_SIDES = range(16, 4097)
_MATRIX_PARTS = 9


def source_of(id_: str, values: Mapping[str, Any], *, is_shipped: bool = False) -> Source:
    """Return the source that a table declares.

    Raises: InputError of family ``basemap``.
    """
    table = _Table(id_, values)
    table.only_known()
    kind = table.choice("kind", Kind)
    subdomains = table.texts("subdomains")
    address = _address(table, kind, subdomains)
    grid_name, grid = ("web", web_grid()) if kind.is_local else _grid(table)
    return Source(
        id=id_,
        name=table.text("name"),
        name_en=table.text("en", ""),
        kind=kind,
        address=address,
        subdomains=subdomains,
        key_name=table.text("key", ""),
        key_type=table.choice("key_type", KeyType, _usual_key_type(kind)),
        datum=table.choice("datum", Datum, Datum.CGCS2000),
        offset_m=_offset(table),
        grid=grid,
        grid_name=grid_name,
        layer=Layer(
            table.text("layer", ""), table.text("style", "default"), table.text("matrix_set", "")
        ),
        format=table.text("format", ""),
        crs=_crs(table) if kind.is_local else "",
        bounds=_bounds(table),
        attribution=table.text("attribution", ""),
        terms=Terms(table.yes("pack", usual=False), _daily(table), table.text("note", "")),
        headers=_headers(table),
        role=table.choice("role", Role, Role.BASE),
        pair=table.text("pair", ""),
        is_on=table.yes("on", usual=True),
        is_shipped=is_shipped,
    )


def table_of(source: Source) -> dict[str, Any]:
    """Return the table that declares a source; what is as usual is left out."""
    place = "path" if source.kind.is_local else "url"
    told: dict[str, tuple[Any, Any]] = {
        "en": (source.name_en, ""),
        place: (source.address, ""),
        "subdomains": (list(source.subdomains), []),
        "key": (source.key_name, ""),
        "key_type": (str(source.key_type), _usual_key_type(source.kind)),
        "datum": (str(source.datum), Datum.CGCS2000),
        "offset": (list(source.offset_m), [0.0, 0.0]),
        "layer": (source.layer.name, ""),
        "style": (source.layer.style, "default"),
        "matrix_set": (source.layer.matrix_set, ""),
        "format": (source.format, ""),
        "crs": (source.crs, ""),
        "bounds": (None if source.bounds is None else list(source.bounds), None),
        "attribution": (source.attribution, ""),
        "pack": (source.terms.pack, False),
        "daily": (source.terms.daily, None),
        "note": (source.terms.note, ""),
        "headers": ([list(header) for header in source.headers], []),
        "role": (str(source.role), Role.BASE),
        "pair": (source.pair, ""),
        "on": (source.is_on, True),
    }
    found: dict[str, Any] = {"name": source.name, "kind": str(source.kind)}
    found |= {name: value for name, (value, usual) in told.items() if value != usual}
    return found if source.kind.is_local else found | _table_of_grid(source)


def _usual_key_type(kind: Kind) -> KeyType:
    return KeyType.BROWSER if kind is Kind.TIANDITU else KeyType.NONE


def _table_of_grid(source: Source) -> dict[str, Any]:
    if source.grid_name != OWN_GRID:
        return {"grid": source.grid_name, "levels": list(source.levels)}
    rows = [
        [m.name, m.left, m.top, m.px_width, m.px_height, m.columns, m.rows, m.tile_width,
         m.tile_height]
        for m in source.grid.matrices
    ]  # fmt: skip
    return {"grid": OWN_GRID, "crs": source.grid.crs, "matrices": rows}


def _address(table: _Table, kind: Kind, subdomains: tuple[str, ...]) -> str:
    if kind.is_local:
        return table.text("path")
    url = table.text("url", "" if kind is Kind.TIANDITU else None)
    if url:
        require_template(url, subdomains)
    elif not subdomains:
        raise InputError("basemap.no_subdomains")
    return url


def _grid(table: _Table) -> tuple[str, TileGrid]:
    name = table.text("grid", "web")
    if name == OWN_GRID:
        return name, _own_grid(table)
    if name not in FIXED:
        raise InputError("basemap.unknown_grid", grid=name, grids=", ".join((*FIXED, OWN_GRID)))
    usual = [3, 19] if name == "baidu" else [0, 18]
    levels = table.get("levels", usual)
    match levels:
        case [int(low), int(high)] if 0 <= low <= high <= FINEST:
            grid = fixed_grid(name, low, high)
            if grid.matrices:
                return name, grid
    raise table.bad("levels", levels, "[1, 18]")


def _own_grid(table: _Table) -> TileGrid:
    rows = table.get("matrices", None)
    if not isinstance(rows, list) or not 0 < len(rows) <= _MOST_MATRICES:
        raise table.bad("matrices", rows, "[[name, left, top, …], …]")
    matrices = tuple(_matrix(table, level, row) for level, row in enumerate(rows))
    return as_web(TileGrid(known_crs(table.text("crs")), matrices))


def _matrix(table: _Table, level: int, row: Any) -> Matrix:
    wanted = "[name, left, top, px_width, px_height, columns, rows, tile_width, tile_height]"
    if not isinstance(row, list) or len(row) != _MATRIX_PARTS or not isinstance(row[0], str):
        raise table.bad("matrices", row, wanted)
    name, *numbers = row
    if not all(_is_number(number) for number in numbers):
        raise table.bad("matrices", row, wanted)
    left, top, px_width, px_height = (float(number) for number in numbers[:4])
    columns, rows, width, height = (int(number) for number in numbers[4:])
    is_sound = (
        px_width > 0
        and px_height > 0
        and 0 < columns <= _MOST_TILES
        and 0 < rows <= _MOST_TILES
        and width in _TILE_SIDES
        and height in _TILE_SIDES
    )
    if not is_sound:
        raise table.bad("matrices", row, wanted)
    return Matrix(level, name, left, top, px_width, px_height, columns, rows, width, height)


def _crs(table: _Table) -> str:
    """Return the CRS of a picture. Raises: InputError ``input.bad_crs`` and the like."""
    text = table.text("crs", "")
    if text:
        crs_of_option(text)
    return text


def _offset(table: _Table) -> tuple[float, float]:
    found = table.get("offset", [0.0, 0.0])
    match found:
        case [east, north] if _is_number(east) and _is_number(north):
            if max(abs(east), abs(north)) <= _MOST_OFFSET_M:
                return float(east), float(north)
    raise table.bad("offset", found, f"[1.5, -2.0] (m, ≤ {_MOST_OFFSET_M:.0f})")


def _bounds(table: _Table) -> Degrees | None:
    found = table.get("bounds", None)
    if found is None:
        return None
    match found:
        case [west, south, east, north] if all(_is_number(side) for side in found):
            if -180 <= west < east <= 180 and -90 <= south < north <= 90:
                return float(west), float(south), float(east), float(north)
    raise table.bad("bounds", found, "[103.9, 30.6, 104.3, 31.0]")


def _daily(table: _Table) -> int | None:
    found = table.get("daily", None)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int) or found < 1:
        raise table.bad("daily", found, "10000")
    return found


def _headers(table: _Table) -> tuple[tuple[str, str], ...]:
    found = table.get("headers", [])
    wanted = '[["Referer", "http://…"]]'
    if not isinstance(found, list):
        raise table.bad("headers", found, wanted)
    read = []
    for header in found:
        match header:
            case [str(name), str(value)] if re.fullmatch(r"[A-Za-z0-9-]+", name):
                if not re.search(r"[\r\n\0]", value) and len(value) <= _LONGEST_TEXT:
                    read.append((name, value))
                    continue
        raise table.bad("headers", header, wanted)
    return tuple(read)


def _is_number(value: Any) -> bool:
    is_plain = isinstance(value, int | float) and not isinstance(value, bool)
    return is_plain and math.isfinite(value)


class _Table:
    """A table of which every fault names source, setting and what was wanted."""

    def __init__(self, id_: str, values: Mapping[str, Any]) -> None:
        self.id = id_
        self._values = values

    def get(self, setting: str, usual: Any) -> Any:
        return self._values.get(setting, usual)

    def bad(self, setting: str, value: Any, wanted: str) -> InputError:
        return InputError(
            "basemap.bad_value", setting=setting, value=repr(value)[:80], wanted=wanted
        )

    def only_known(self) -> None:
        for setting in self._values:
            if setting not in SETTINGS:
                raise InputError(
                    "basemap.unknown_setting", setting=setting[:60], known=", ".join(SETTINGS)
                )

    def text(self, setting: str, usual: str | None = None) -> str:
        value = self._values.get(setting, usual)
        if value is None or value == "" != usual:
            raise InputError("basemap.missing_setting", setting=setting)
        if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
            raise self.bad(setting, value, '"…"')
        return value.strip()

    def texts(self, setting: str) -> tuple[str, ...]:
        value = self._values.get(setting, [])
        if not isinstance(value, list) or not all(
            isinstance(one, str) and re.fullmatch(r"[A-Za-z0-9.-]{1,63}", one) for one in value
        ):
            raise self.bad(setting, value, '["a", "b"]')
        return tuple(value)

    def yes(self, setting: str, *, usual: bool) -> bool:
        value = self._values.get(setting, usual)
        if not isinstance(value, bool):
            raise self.bad(setting, value, "true, false")
        return value

    def choice(self, setting: str, kinds: type[E], usual: E | None = None) -> E:
        value = self._values.get(setting, usual)
        if value is None:
            raise InputError("basemap.missing_setting", setting=setting)
        try:
            return kinds(value)
        except ValueError as error:
            raise self.bad(setting, value, ", ".join(kinds)) from error
