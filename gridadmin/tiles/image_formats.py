"""Which reader a large picture needs, by its first bytes.

Only formats that hold their pixels themselves: what points to other files or servers is not opened.
"""

from __future__ import annotations

from pathlib import Path

from gridadmin.base.errors import InputError

_DRIVERS = {
    b"II*\0": "GTiff",
    b"MM\0*": "GTiff",
    b"II+\0": "GTiff",
    b"MM\0+": "GTiff",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"BM": "BMP",
    b"GIF8": "GIF",
    b"RIFF": "WEBP",
    b"EHFA_HEADER_TAG": "HFA",
    b"\0\0\0\x0cjP": "JP2OpenJPEG",
    b"\xffO\xffQ": "JP2OpenJPEG",
}
SUFFIXES = (
    ".tif", ".tiff", ".png", ".jpg", ".jpeg", ".bmp", ".webp", ".gif", ".img", ".jp2",
)  # fmt: skip
"""Usual endings of such pictures."""
_LONGEST = 16


def driver_of(start: bytes) -> str | None:
    """Return GDAL's name of the format, None for what is no picture."""
    return next((name for magic, name in _DRIVERS.items() if start.startswith(magic)), None)


def driver_of_file(path: Path) -> str | None:
    """Return GDAL's name of a file's format. Raises: InputError ``input.unreadable``."""
    try:
        with path.open("rb") as file:
            return driver_of(file.read(_LONGEST))
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError("input.unreadable", file=path.name, why=why) from error
