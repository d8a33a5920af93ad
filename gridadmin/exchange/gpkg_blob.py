"""GeoPackage geometry blobs: a header with envelope before plain WKB.

Source: OGC 12-128r18, clause 2.1.3 (BLOB format).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_HEADER = np.dtype(
    [("magic", "S2"), ("version", "u1"), ("flags", "u1"), ("srs_id", "<i4"), ("box", "<f8", (4,))]
)
HEADER_BYTES = _HEADER.itemsize
"""So many bytes stand before the WKB in a blob of our own."""
_LITTLE_ENDIAN_WITH_BOX = 0b0000_0011
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_FIXED_BYTES = 8
_USUAL_START = bytes((*b"GP", 0, _LITTLE_ENDIAN_WITH_BOX))


def headers(boxes: NDArray[np.float64], srs_id: int) -> NDArray[np.void]:
    """Return what stands before each WKB.

    ``boxes`` is ``(n, 4)``: min x, min y, max x, max y, as shapely's bounds.
    """
    made = np.zeros(len(boxes), dtype=_HEADER)
    made["magic"] = b"GP"
    made["flags"] = _LITTLE_ENDIAN_WITH_BOX
    made["srs_id"] = srs_id
    made["box"] = boxes[:, [0, 2, 1, 3]]
    return made


def blobs(wkbs: Sequence[bytes], boxes: NDArray[np.float64], srs_id: int) -> list[bytes]:
    """Return one blob for each WKB; ``boxes`` as for :func:`headers`."""
    packed, size = headers(boxes, srs_id).tobytes(), HEADER_BYTES
    return [packed[i * size : (i + 1) * size] + wkb for i, wkb in enumerate(wkbs)]


def wkb_in(blob: object) -> bytes | None:
    """Return the WKB in a blob, or None when it isn't a standard GeoPackage geometry."""
    if not isinstance(blob, bytes) or len(blob) < _FIXED_BYTES or blob[:3] != b"GP\0":
        return None
    envelope_kind = blob[3] >> 1 & 0b111
    is_extended = bool(blob[3] & 0b10_0000)
    if is_extended or envelope_kind >= len(_ENVELOPE_BYTES):
        return None
    return blob[_FIXED_BYTES + _ENVELOPE_BYTES[envelope_kind] :]


def wkbs_in(found: Sequence[object]) -> list[bytes | None]:
    """Return :func:`wkb_in` of each."""
    size = _HEADER.itemsize
    return [
        blob[size:] if isinstance(blob, bytes) and blob[:4] == _USUAL_START else wkb_in(blob)
        for blob in found
    ]


def headers_in(found: Sequence[object]) -> NDArray[np.void]:
    """Return the ``srs_id`` and ``box`` (min x, max x, min y, max y) of each header.

    Where there is no envelope, the box is NaN; where there is no header, the number is -1 too.
    """
    size = _HEADER.itemsize
    usual = [isinstance(blob, bytes) and blob[:4] == _USUAL_START for blob in found]
    parts = [
        blob[:size].ljust(size) if is_usual and isinstance(blob, bytes) else bytes(size)
        for blob, is_usual in zip(found, usual, strict=True)
    ]
    headers = np.frombuffer(b"".join(parts), dtype=_HEADER).copy()
    for i, is_usual in enumerate(usual):
        if not is_usual:
            headers["srs_id"][i], headers["box"][i] = _unusual_header(found[i])
    return headers


def _unusual_header(blob: object) -> tuple[int, tuple[float, ...]]:
    nothing = (math.nan,) * 4
    if not isinstance(blob, bytes) or wkb_in(blob) is None:
        return -1, nothing
    order = "<" if blob[3] & 1 else ">"
    (srs_id,) = struct.unpack_from(order + "i", blob, 4)
    has_envelope = blob[3] >> 1 & 0b111 and len(blob) >= _HEADER.itemsize
    return srs_id, struct.unpack_from(order + "4d", blob, _FIXED_BYTES) if has_envelope else nothing
