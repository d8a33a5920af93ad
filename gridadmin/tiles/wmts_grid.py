"""The grid of a WMTS matrix set, with the faults that such sets have."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from xml.etree.ElementTree import Element

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from gridadmin.tiles.grid import DEGREE_CRS, WEB_CRS, Matrix, TileGrid, as_web

_PIXEL_M = 0.00028
"""The pixel of which scale denominators speak. Source: OGC 07-057r7, 6.1."""
_DEGREE_M = math.tau * 6_378_137.0 / 360.0
_EPSG = re.compile(r"EPSG[:/].*?(\d{3,6})$", re.IGNORECASE)
_WEB_CODES = (3857, 900913, 3785, 102100, 102113)
_LON_LAT = re.compile(r"CRS:?84$", re.IGNORECASE)
_MOST_MATRICES = 40
_MOST_TILES = 2**31
_SIDES_PX = range(16, 4097)


def grid_of_set(node: Element) -> TileGrid | None:
    """Return the grid of a ``TileMatrixSet``, None when it can't be used."""
    crs, is_y_first = _crs(_text(node, "SupportedCRS"))
    if crs is None:
        return None
    degrees = crs in (DEGREE_CRS, "EPSG:4490") or _is_geographic(crs)
    unit_m = _DEGREE_M if degrees else _unit_m(crs)
    matrices = []
    for matrix in [child for child in node if _tag(child) == "TileMatrix"][:_MOST_MATRICES]:
        found = _matrix(matrix, unit_m)
        if found is not None:
            matrices.append(found)
    if not matrices:
        return None
    ordered = sorted(matrices, key=lambda one: -one.px_width)
    as_said = [replace(m, level=level) for level, m in enumerate(ordered)]
    exchanged = [replace(m, left=m.top, top=m.left) for m in as_said]
    choices = [exchanged, as_said] if is_y_first else [as_said, exchanged]
    # Servers often write the corner with its axes the other way round.
    chosen = next((one for one in choices if _lies_on_earth(crs, one[0])), None)
    return None if chosen is None else as_web(TileGrid(crs, tuple(chosen)))


def _crs(text: str) -> tuple[str | None, bool]:
    """Return the CRS and whether its first axis runs north."""
    if _LON_LAT.search(text):
        return DEGREE_CRS, False
    match = _EPSG.search(text)
    if match is None:
        return None, False
    code = int(match[1])
    if code in _WEB_CODES:
        return WEB_CRS, False
    try:
        crs = CRS.from_epsg(code)
    except CRSError:
        return None, False
    if not (crs.is_geographic or crs.is_projected):
        return None, False
    return f"EPSG:{code}", crs.axis_info[0].direction.lower() in ("north", "south")


def _is_geographic(crs: str) -> bool:
    return CRS.from_user_input(crs).is_geographic


def _unit_m(crs: str) -> float:
    return float(CRS.from_user_input(crs).axis_info[0].unit_conversion_factor)


def _matrix(node: Element, unit_m: float) -> Matrix | None:
    try:
        scale = float(_text(node, "ScaleDenominator"))
        left, top = (float(number) for number in _text(node, "TopLeftCorner").split()[:2])
        sides = [int(_text(node, name)) for name in ("TileWidth", "TileHeight")]
        counts = [int(_text(node, name)) for name in ("MatrixWidth", "MatrixHeight")]
    except ValueError:
        return None
    px = scale * _PIXEL_M / unit_m
    is_sound = (
        all(map(math.isfinite, (px, left, top)))
        and px > 0
        and all(side in _SIDES_PX for side in sides)
        and all(0 < count <= _MOST_TILES for count in counts)
    )
    name = _text(node, "Identifier")
    if not is_sound or not name:
        return None
    return Matrix(0, name, left, top, px, px, counts[0], counts[1], sides[0], sides[1])


def _lies_on_earth(crs: str, matrix: Matrix) -> bool:
    """Return whether the middle of a level lies where its CRS is made for."""
    x = matrix.left + matrix.width * matrix.columns / 2
    y = matrix.top - matrix.height * matrix.rows / 2
    known = CRS.from_user_input(crs)
    if known.is_geographic or crs == WEB_CRS:
        half = (180.0, 90.0) if known.is_geographic else (2.01e7, 2.01e7)
        # A level may have fewer tiles than the world, but it begins on it.
        return (
            abs(x) <= half[0] * 1.5
            and abs(y) <= half[1] * 1.5
            and matrix.left < half[0] * 0.99
            and matrix.top > -half[1] * 0.99
        )
    area = known.area_of_use
    if area is None:
        return True
    try:
        to_degrees = Transformer.from_crs(known, 4326, always_xy=True)
        lon, lat = to_degrees.transform(x, y)
        corner_lon, corner_lat = to_degrees.transform(matrix.left, matrix.top)
    except ProjError:
        return False
    margin = 12.0

    def is_near(lon: float, lat: float) -> bool:
        return (
            area.west - margin <= lon <= area.east + margin
            and area.south - margin <= lat <= area.north + margin
        )

    return is_near(lon, lat) or is_near(corner_lon, corner_lat)


def _tag(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _text(node: Element, tag: str) -> str:
    child = next((child for child in node if _tag(child) == tag), None)
    return "" if child is None or child.text is None else child.text.strip()[:200]
