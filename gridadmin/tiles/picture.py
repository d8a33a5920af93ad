"""What a picture's first bytes say: format and size, before anybody decodes it.

A picture that lies about its size, is cut off or would fill the memory is found here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gridadmin.base.errors import InputError

MOST_BYTES = 8 * 2**20
"""A tile of more than this is none."""
MOST_SIDE_PX = 4096
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_JPEG_END = b"\xff\xd9"
_JPEG_TAIL = 4096
"""Some writers put something behind the end of a JPEG."""
_VECTOR_STARTS = (b"\x1f\x8b", b"\x1a")
"""How vector tiles begin: packed by gzip, or with their first layer."""


class PictureFormat(StrEnum):
    """The formats that tiles have."""

    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    GIF = "gif"


@dataclass(frozen=True, slots=True)
class PictureHead:
    """Format and size in pixels, as the file says."""

    format: PictureFormat
    width_px: int
    height_px: int


def looks_like_vector(content: bytes) -> bool:
    """Return whether bytes begin as vector tiles do."""
    return content.startswith(_VECTOR_STARTS)


def format_of(content: bytes) -> PictureFormat | None:
    """Return the format that the first bytes tell, None for what is no picture."""
    if content.startswith(_PNG):
        return PictureFormat.PNG
    if content.startswith(_JPEG):
        return PictureFormat.JPEG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return PictureFormat.WEBP
    if content.startswith((b"GIF87a", b"GIF89a")):
        return PictureFormat.GIF
    return None


def require_picture(content: bytes, most_side_px: int = MOST_SIDE_PX) -> PictureHead:
    """Return the head of a whole picture that may be decoded.

    Raises: InputError ``picture.none``, ``picture.vector``, ``picture.damaged``,
    ``picture.too_large``.
    """
    if len(content) > MOST_BYTES:
        raise InputError("picture.too_many_bytes", most=MOST_BYTES // 2**20)
    found = format_of(content)
    if found is None:
        vector = looks_like_vector(content)
        raise InputError("picture.vector" if vector else "picture.none")
    try:
        width, height = _SIZES[found](content)
    except (IndexError, ValueError) as error:
        raise InputError("picture.damaged") from error
    if width < 1 or height < 1:
        raise InputError("picture.damaged")
    if max(width, height) > most_side_px:
        raise InputError("picture.too_large", width=width, height=height, most=most_side_px)
    if not _is_whole(found, content):
        raise InputError("picture.damaged")
    return PictureHead(found, width, height)


def _is_whole(kind: PictureFormat, content: bytes) -> bool:
    if kind is PictureFormat.PNG:
        return b"IEND" in content[-_JPEG_TAIL:]
    if kind is PictureFormat.JPEG:
        return _JPEG_END in content[-_JPEG_TAIL:]
    if kind is PictureFormat.WEBP:
        return len(content) >= int.from_bytes(content[4:8], "little") + 8
    return content.rstrip(b"\0").endswith(b";")


def _png_size(content: bytes) -> tuple[int, int]:
    if content[12:16] != b"IHDR" or len(content) < 24:
        raise ValueError
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def _gif_size(content: bytes) -> tuple[int, int]:
    if len(content) < 13:
        raise ValueError
    return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")


def _webp_size(content: bytes) -> tuple[int, int]:
    kind = content[12:16]
    if len(content) < 30:
        raise ValueError
    if kind == b"VP8X":
        return (
            int.from_bytes(content[24:27], "little") + 1,
            int.from_bytes(content[27:30], "little") + 1,
        )
    if kind == b"VP8L" and content[20] == 0x2F:
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        return (
            int.from_bytes(content[26:28], "little") & 0x3FFF,
            int.from_bytes(content[28:30], "little") & 0x3FFF,
        )
    raise ValueError


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Return the size from the first frame head; marks are stepped over by their lengths."""
    at = 2
    while True:
        while content[at] != 0xFF:
            at += 1
        while content[at] == 0xFF:
            at += 1
        mark = content[at]
        if mark in _JPEG_SIZES:
            height = int.from_bytes(content[at + 4 : at + 6], "big")
            return int.from_bytes(content[at + 6 : at + 8], "big"), height
        at += 1
        if mark not in _JPEG_ALONE:
            length = int.from_bytes(content[at : at + 2], "big")
            if length < 2:
                raise ValueError
            at += length


_SIZES = {
    PictureFormat.PNG: _png_size,
    PictureFormat.JPEG: _jpeg_size,
    PictureFormat.WEBP: _webp_size,
    PictureFormat.GIF: _gif_size,
}
