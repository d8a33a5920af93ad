"""Where a large picture lies: its CRS, and what maps its pixels to places."""

from __future__ import annotations

import glob
import math
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rasterio
import rasterio.shutil
from pyproj import CRS
from pyproj.exceptions import CRSError
from rasterio.io import MemoryFile
from rasterio.transform import Affine

from gridadmin.base.errors import InputError
from gridadmin.exchange.recognise import crs_of_option, recognise_crs
from gridadmin.tiles.source import Datum

_MOST_PRJ_BYTES = 10_000
_MOST_WORLD_BYTES = 1000
_FARTHEST = 1e9


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a picture lies, told by somebody else than its file: CRS and affine transform."""

    crs: str
    transform: Any


def crs_of(
    file: Any, transform: Any, crs: str, placed: Placed | None, path: Path
) -> tuple[str, Datum]:
    """Return the CRS and the datum of a picture.

    Raises: InputError ``input.image_no_crs``, ``input.image_which_crs``, ``input.old_datum``,
    ``input.local_system``, ``input.bad_crs``.
    """
    name = path.name
    if placed is not None:
        return placed.crs, Datum.WGS84
    if crs:
        chosen, shift = crs_of_option(crs)
        return _as_text(chosen), Datum.CGCS2000 if shift is None else Datum(shift)
    declared = _declared(file, path)
    bounds = (math.nan,) * 4 if file.gcps[0] else _bounds(file, transform)
    finding = recognise_crs(declared, bounds, file=name)
    if declared is not None and not finding.params.get("option") and finding.crs is declared:
        if finding.swap_xy:
            raise InputError("input.image_no_crs", file=name)
        return _as_text(declared), Datum.CGCS2000
    if finding.is_sure and finding.question_code:
        raise InputError(finding.question_code, **finding.params)
    option = str(finding.params.get("option", ""))
    if option and not finding.swap_xy:
        raise InputError("input.image_which_crs", file=name, option=option)
    raise InputError("input.image_no_crs", file=name)


def _declared(file: Any, path: Path) -> CRS | None:
    """Return the CRS that a picture or the ``.prj`` beside it names."""
    own = file.gcps[1] if file.gcps[0] else file.crs
    try:
        if own:
            return CRS.from_wkt(own.to_wkt())
        beside = path.with_suffix(".prj")
        if beside.is_file():
            with beside.open("rb") as opened:
                return CRS.from_wkt(opened.read(_MOST_PRJ_BYTES).decode("utf-8", "replace"))
    except (CRSError, OSError):
        # GDAL keeps what it read of a CRS even where PROJ can make nothing of it.
        return None
    return None


def transform_of(file: Any, path: Path) -> Any:
    """Return what maps pixels to places: the file's own, else that of the world file beside it.

    Raises: InputError ``input.image_no_place``.
    """
    if file.gcps[0]:
        return file.transform
    if not file.transform.is_identity:
        if is_sound(file.transform):
            return file.transform
        raise InputError("input.image_no_place", file=path.name)
    ending = path.suffix.lower().removeprefix(".")
    names = {f".{ending[:1]}{ending[-1:]}w", f".{ending}w", ".wld"}
    for beside in path.parent.glob(f"{glob.escape(path.stem)}.*"):
        if beside.suffix.lower() in names and beside.is_file():
            found = _world(beside)
            if found is not None:
                return found
    raise InputError("input.image_no_place", file=path.name)


def _world(path: Path) -> Affine | None:
    """Return what a world file says: six numbers, the last two of the middle of a pixel."""
    try:
        with path.open("rb") as file:
            a, d, b, e, x, y = (float(n) for n in file.read(_MOST_WORLD_BYTES).split()[:6])
    except (OSError, ValueError):
        return None
    found = Affine(a, b, x - (a + b) / 2, d, e, y - (d + e) / 2)
    return found if is_sound(found) else None


def is_sound(transform: Affine) -> bool:
    """Return whether pixels come to different places, not too far off."""
    is_near = all(math.isfinite(number) and abs(number) < _FARTHEST for number in transform)
    return is_near and not transform.is_degenerate


def put(stack: ExitStack, file: Any, transform: Any, wkt: str) -> Any:
    """Return a picture in another place: a note in memory that points to its pixels."""
    memory = stack.enter_context(MemoryFile(ext=".vrt"))
    rasterio.shutil.copy(file, memory.name, driver="VRT")
    with rasterio.open(memory.name, "r+") as note:
        note.crs, note.transform = wkt, transform
    return rasterio.open(memory.name)


def _bounds(file: Any, transform: Any) -> tuple[float, float, float, float]:
    width, height = file.width, file.height
    corners = [transform @ corner for corner in ((0, 0), (width, 0), (0, height), (width, height))]
    x, y = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return min(x), min(y), max(x), max(y)


def _as_text(crs: CRS) -> str:
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt())


def is_upright(transform: Any) -> bool:
    """Return whether a picture lies with its upper edge in the north, neither turned nor bent."""
    return bool(transform.b == 0 and transform.d == 0 and transform.a > 0 and transform.e < 0)
