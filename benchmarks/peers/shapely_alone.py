"""Shapely by itself: union for the gaps, self-join for the overlaps."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from time import perf_counter
from typing import Any

import numpy as np
import shapely

_ENVELOPE_BYTES = (0, 32, 48, 48, 64)


def read(path: str, layer: str) -> Any:
    """Return all polygons of *layer* as an array, from its blobs."""
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(f'SELECT geom FROM "{layer}"').fetchall()
    return shapely.from_wkb([blob[8 + _ENVELOPE_BYTES[blob[3] >> 1 & 7] :] for (blob,) in rows])


def time_read(path: str, layer: str, repeats: int) -> dict[str, Any]:
    """Return the seconds of reading the geometry."""
    seconds, count = [], 0
    for _ in range(repeats):
        start = perf_counter()
        count = len(read(path, layer))
        seconds.append(perf_counter() - start)
    return {"seconds": seconds, "areas": count}


def check(path: str, layer: str) -> dict[str, Any]:
    """Find gaps as holes of the union and overlaps pair by pair.

    A gap that is open to the outside is no hole: this peer can't see it.
    """
    start = perf_counter()
    polygons = read(path, layer)
    at_read = perf_counter()
    union = shapely.union_all(polygons)
    holes = _holes(union)
    at_union = perf_counter()
    first, second = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    is_once = first < second
    shared = shapely.area(shapely.intersection(polygons[first[is_once]], polygons[second[is_once]]))
    at_end = perf_counter()
    return {
        "version": shapely.__version__,
        "seconds": {
            "read": at_read - start,
            "gaps": at_union - at_read,
            "overlaps": at_end - at_union,
            "all": at_end - start,
        },
        "gaps": len(holes),
        "gap_m2": float(shapely.area(holes).sum()),
        "overlaps": int((shared > 0).sum()),
        "overlap_m2": float(shared.sum()),
    }


def _holes(union: Any) -> Any:
    parts = shapely.get_parts(union)
    rings = [ring for part in parts for ring in part.interiors]
    return shapely.polygons(rings) if rings else np.empty(0, dtype=object)
