"""Bytes count as the outline given only where they are its ring, once round, wherever begun."""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np
import pytest
import shapely

from gridadmin.exchange.gpkg_blob import HEADER_BYTES, blobs
from gridadmin.exchange.outline_proof import POINT_BYTES, are_given, heads_of_rings
from gridadmin.exchange.package_content import Shape
from gridadmin.exchange.stored_outlines import stored_outlines

RING = [(0.0, 0.0), (4.0, 0.0), (5.0, 3.0), (2.0, 6.0), (-1.0, 3.0)]
HEAD_BYTES = HEADER_BYTES + 22
OTHER = [(10.0, 0.0), (14.0, 0.0), (14.0, 4.0)]


def outline_of(points: list[tuple[float, float]]) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([shapely.Polygon(points)])


def told(made: list[bytes], begun_at: int = 0, *, is_reversed: bool = False) -> list[bool]:
    """Ask of RING and OTHER, given as they stand above, whether *made* holds them."""
    given = np.array([outline_of(RING), outline_of(OTHER)], dtype=object)
    sizes = np.array([6, 4])
    found: list[bool] = are_given(
        made,
        heads_of_rings(shapely.bounds(given), 4490, sizes),
        shapely.get_coordinates(given),
        np.array([0, 6]),
        sizes,
        np.array([begun_at, 6]),
        np.array([is_reversed, False]),
    ).tolist()
    return found


def made_of(points: list[tuple[float, float]]) -> list[bytes]:
    both = np.array([outline_of(points), outline_of(OTHER)], dtype=object)
    return blobs(list(shapely.to_wkb(both, byte_order=1)), shapely.bounds(both), 4490)


@pytest.mark.parametrize("begun_at", range(5))
@pytest.mark.parametrize("is_reversed", [False, True])
def test_the_same_ring_begun_anywhere_and_walked_either_way_is_the_one_given(
    begun_at: int, is_reversed: bool
) -> None:
    walked = RING[begun_at:] + RING[:begun_at]
    if is_reversed:
        walked = [walked[0], *walked[:0:-1]]

    assert told(made_of(walked), begun_at, is_reversed=is_reversed) == [True, True]
    assert told(made_of(walked), (begun_at + 1) % 5, is_reversed=is_reversed) == [False, True]
    assert told(made_of(walked), begun_at, is_reversed=not is_reversed) == [False, True]


@pytest.mark.parametrize(
    "change",
    [
        lambda blob: blob[:-1],
        lambda blob: blob + bytes(POINT_BYTES),
        lambda blob: blob[:-POINT_BYTES],
        lambda blob: blob[: HEAD_BYTES - 4],
        lambda blob: blob[:0],
        lambda blob: b"X" + blob[1:],
        lambda blob: blob[:4] + struct.pack("<i", 4326) + blob[8:],
        lambda blob: blob[:8] + struct.pack("<d", 0.5) + blob[16:],
        lambda blob: blob[:41] + struct.pack("<I", 3) + blob[45:],
        lambda blob: blob[: HEAD_BYTES - 4] + struct.pack("<I", 5) + blob[HEAD_BYTES:],
        lambda blob: blob[:HEAD_BYTES] + struct.pack("<d", 1e-9) + blob[HEAD_BYTES + 8 :],
        lambda blob: blob[:-8] + struct.pack("<d", 1e-9),
    ],
    ids=[
        "byte_short", "vertex_more", "vertex_less", "head_short", "empty", "magic", "system", "box",
        "kind", "count", "first_vertex", "last_vertex",
    ],
)  # fmt: skip
def test_any_other_bytes_are_not_the_ring_given(change: Callable[[bytes], bytes]) -> None:
    first, second = made_of(RING)

    assert told([first, second]) == [True, True]
    assert told([change(first), second]) == [False, True]


def test_rings_are_shown_to_be_given_and_all_else_is_left_to_be_parsed() -> None:
    wkts = (
        "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)))",
        "MULTIPOLYGON(((4 4,4 0,0 0,0 4,4 4)))",
        "MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0),(2 2,2 4,4 4,4 2,2 2)))",
        "MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0),(0 0,2 4,4 4,0 0)))",
        "MULTIPOLYGON(((5 5,6 5,6 6,5 6,5 5)),((0 0,1 0,1 1,0 1,0 0)))",
        "MULTIPOLYGON(((2 0,0 0,1 1,0 0,2 0)))",
    )
    outlines = np.array([shapely.from_wkt(wkt) for wkt in wkts], dtype=object)

    stored = stored_outlines(outlines, Shape.MULTIPOLYGON, shapely.bounds(outlines), 4490)

    assert stored.is_given.tolist() == [True, True, False, False, False, False]
