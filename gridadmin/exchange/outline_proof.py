"""Proves that the bytes of an outline are the very ring that was given, begun at another vertex.

What GEOS says of the given outline then holds for the bytes as well: they needn't be parsed and
judged a second time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gridadmin.exchange.gpkg_blob import HEADER_BYTES, headers

Points = NDArray[np.float64]
Places = NDArray[np.int64]
Boxes = NDArray[np.float64]

HEAD = np.dtype(
    [
        ("header", f"V{HEADER_BYTES}"),
        ("order", "u1"),
        ("kind", "<u4"),
        ("polygons", "<u4"),
        ("inner_order", "u1"),
        ("inner_kind", "<u4"),
        ("rings", "<u4"),
        ("points", "<u4"),
    ]
)
"""What stands before the vertices in the blob of a MULTIPOLYGON of one ring (packed)."""
POINT_BYTES = 16


def heads_of_rings(boxes: Boxes, srs_id: int, sizes: Places) -> bytes:
    """Return the heads of blobs of one ring each, one after another; ``sizes`` counts vertices."""
    heads = np.zeros(len(sizes), dtype=HEAD)
    heads["header"] = headers(boxes, srs_id).view(f"V{HEADER_BYTES}")
    heads["order"] = heads["inner_order"] = heads["polygons"] = heads["rings"] = 1
    heads["kind"], heads["inner_kind"], heads["points"] = 6, 3, sizes
    return heads.tobytes()


def are_given(
    blobs: Sequence[bytes],
    heads: bytes,
    points: Points,
    starts: Places,
    sizes: Places,
    begun_at: Places,
    is_reversed: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Tell which blobs hold the given ring: its head, then all its vertices, once round.

    The given rings are *sizes* of *points* each, from *starts* on, the first vertex again at the
    end. *begun_at* and *is_reversed* say where to look; what they say wrongly is not found.
    """
    size = HEAD.itemsize
    lengths = np.fromiter(map(len, blobs), np.int64, len(blobs))
    is_given: NDArray[np.bool_] = lengths == size + POINT_BYTES * sizes
    told = b"".join([blob[:size].ljust(size) for blob in blobs])
    if told != heads:
        rows = (np.frombuffer(each, dtype=np.uint8).reshape(-1, size) for each in (told, heads))
        is_given &= np.equal(*rows).all(axis=1)
    vertices = [blob[size:] for blob in blobs]
    for place in np.flatnonzero(~is_given).tolist():
        vertices[place] = bytes(POINT_BYTES * int(sizes[place]))
    held = np.frombuffer(b"".join(vertices), dtype=np.complex128)
    way = _once_round(starts, sizes, begun_at, is_reversed)
    wanted = np.ascontiguousarray(points).view(np.complex128).ravel().take(way)
    differs = np.flatnonzero(held != wanted)
    is_given[np.searchsorted(starts, differs, side="right") - 1] = False
    return is_given


def _once_round(
    starts: Places, sizes: Places, begun_at: Places, is_reversed: NDArray[np.bool_]
) -> Places:
    """Return the places of the vertices of each ring, from one round to the same again."""
    step = np.where(is_reversed, -1, 1)
    moves = np.repeat(step, sizes)
    moves[starts] = np.diff(begun_at, prepend=0)
    # Past its last place a ring goes on at its first; there the same vertex lies.
    round_ = sizes - 1
    ahead = begun_at - starts
    moves[starts + np.where(is_reversed, ahead + 1, round_ - ahead)] -= step * round_
    places: Places = np.cumsum(moves)
    return places
