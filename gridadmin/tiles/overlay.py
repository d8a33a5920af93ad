"""Ground overlays of KML and KMZ: a picture that is put between four corners of the earth."""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import defusedxml.ElementTree
import rasterio
from defusedxml.common import DefusedXmlException
from PIL import Image, UnidentifiedImageError
from rasterio.io import MemoryFile
from rasterio.transform import Affine

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.tiles.image import ImageTiles
from gridadmin.tiles.image_formats import driver_of
from gridadmin.tiles.image_place import Placed

SUFFIXES = (".kml", ".kmz")
_MOST_XML_BYTES = 16 * 2**20
_MOST_PICTURE_BYTES = 256 * 2**20
_CRS = "EPSG:4326"
_ZIP_FAULTS = (OSError, KeyError, RuntimeError, EOFError, zlib.error, zipfile.BadZipFile)
"""What reading a damaged archive raises; a RuntimeError for what is encrypted or not known."""


def open_overlay(path: Path, progress: Progress = SILENT) -> ImageTiles:
    """Return the ground overlay of a file as a base map.

    Raises: InputError ``input.unreadable``, ``input.overlay_none``, ``input.overlay_several``,
    ``input.overlay_remote``, ``input.overlay_no_picture``, ``input.overlay_no_box``, those of
    :class:`ImageTiles`.
    """
    if not path.is_file():
        raise InputError("input.no_file", file=str(path))
    root = _root(path)
    overlays = [node for node in root.iter() if _tag(node) == "GroundOverlay"]
    if not overlays:
        raise InputError("input.overlay_none", file=path.name)
    if len(overlays) > 1:
        raise InputError("input.overlay_several", file=path.name, count=len(overlays))
    content = _picture(path, _href(overlays[0], path))
    try:
        with Image.open(io.BytesIO(content)) as head:
            width, height = head.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise InputError("input.overlay_no_picture", file=path.name) from error
    placed = Placed(_CRS, _transform(overlays[0], width, height, path.name))

    driver = driver_of(content)
    if driver is None:
        raise InputError("input.overlay_no_picture", file=path.name)

    def opened(stack: ExitStack) -> Any:
        memory = stack.enter_context(MemoryFile(content))
        return stack.enter_context(rasterio.open(memory.name, driver=driver))

    found = ImageTiles(path, placed=placed, open_with=opened, progress=progress)
    found.name = _text(overlays[0], "name")[:100] or path.stem
    return found


def _root(path: Path) -> Element:
    try:
        if path.suffix.lower() == ".kmz":
            with zipfile.ZipFile(path) as archive:
                names = [name for name in archive.namelist() if name.lower().endswith(".kml")]
                if not names:
                    raise InputError("input.overlay_none", file=path.name)
                text = _entry(archive, names[0], _MOST_XML_BYTES, path)
        else:
            if path.stat().st_size > _MOST_XML_BYTES:
                raise InputError("input.overlay_too_large", file=path.name)
            text = path.read_bytes()
        found: Element = defusedxml.ElementTree.fromstring(text)
    except (*_ZIP_FAULTS, SyntaxError, ValueError, DefusedXmlException) as error:
        raise InputError("input.unreadable", file=path.name, why=str(error)[:200]) from error
    return found


def _entry(archive: zipfile.ZipFile, name: str, most_bytes: int, path: Path) -> bytes:
    """Return an entry, unless it says or turns out to be larger than that."""
    try:
        with archive.open(name) as entry:
            content = entry.read(most_bytes + 1)
    except _ZIP_FAULTS as error:
        raise InputError("input.overlay_no_picture", file=path.name) from error
    if len(content) > most_bytes:
        raise InputError("input.overlay_too_large", file=path.name)
    return content


def _href(overlay: Element, path: Path) -> str:
    icon = _child(overlay, "Icon")
    href = "" if icon is None else _text(icon, "href")
    if not href:
        raise InputError("input.overlay_no_picture", file=path.name)
    if "://" in href:
        raise InputError("input.overlay_remote", file=path.name)
    return unquote(href).replace("\\", "/")


def _picture(path: Path, href: str) -> bytes:
    """Return the picture: from the archive, or from a file below the folder of the KML."""
    try:
        if path.suffix.lower() == ".kmz":
            with zipfile.ZipFile(path) as archive:
                return _entry(archive, str(PurePosixPath(href)), _MOST_PICTURE_BYTES, path)
        folder = path.resolve().parent
        file = (folder / href).resolve()
        if not file.is_relative_to(folder) or not file.is_file():
            raise InputError("input.overlay_no_picture", file=path.name)
        if file.stat().st_size > _MOST_PICTURE_BYTES:
            raise InputError("input.overlay_too_large", file=path.name)
        return file.read_bytes()
    except (*_ZIP_FAULTS, ValueError) as error:
        raise InputError("input.overlay_no_picture", file=path.name) from error


def _transform(overlay: Element, width: int, height: int, name: str) -> Affine:
    """Return what maps pixels to degrees: a box, turned about its middle, or a parallelogram."""
    quad = _child(overlay, "LatLonQuad")
    if quad is not None:
        corners = _corners(_text(quad, "coordinates"))
        if corners is None:
            raise InputError("input.overlay_no_box", file=name)
        (x0, y0), (x1, y1), _, (x3, y3) = corners
        # From the lower left anticlockwise: the upper left is the last.
        return Affine((x1 - x0) / width, (x0 - x3) / height, x3,
                      (y1 - y0) / width, (y0 - y3) / height, y3)  # fmt: skip
    box = _child(overlay, "LatLonBox")
    if box is None:
        raise InputError("input.overlay_no_box", file=name)
    try:
        north, south, east, west = (float(_text(box, side)) for side in _SIDES)
        turn_deg = float(_text(box, "rotation") or 0.0)
    except ValueError as error:
        raise InputError("input.overlay_no_box", file=name) from error
    sides = (north, south, east, west, turn_deg)
    if not all(map(math.isfinite, sides)) or south >= north or west >= east or abs(north) > 90:
        raise InputError("input.overlay_no_box", file=name)
    plain = Affine((east - west) / width, 0, west, 0, (south - north) / height, north)
    if not turn_deg:
        return plain
    # It is turned on the ground, where a degree of longitude is shorter.
    middle = ((west + east) / 2, (south + north) / 2)
    shrink = math.cos(math.radians(middle[1]))
    about = (
        Affine.translation(*middle)
        @ Affine.scale(1 / shrink, 1)
        @ Affine.rotation(turn_deg)
        @ Affine.scale(shrink, 1)
        @ Affine.translation(-middle[0], -middle[1])
    )
    return about @ plain


_SIDES = ("north", "south", "east", "west")


def _corners(text: str) -> list[tuple[float, float]] | None:
    try:
        found = [tuple(float(n) for n in point.split(",")[:2]) for point in text.split()]
    except ValueError:
        return None
    if len(found) != 4 or not all(len(point) == 2 for point in found):
        return None
    corners = [(point[0], point[1]) for point in found]
    return corners if all(math.isfinite(n) for point in corners for n in point) else None


def _tag(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _child(node: Element, tag: str) -> Element | None:
    return next((child for child in node if _tag(child) == tag), None)


def _text(node: Element, tag: str) -> str:
    child = _child(node, tag)
    return "" if child is None or child.text is None else child.text.strip()
