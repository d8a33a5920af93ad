"""maup: the two checks that its doctor runs, kept apart so that their areas can be read."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from time import perf_counter
from typing import Any


def check(path: str, layer: str) -> dict[str, Any]:
    """Find holes of the union and pairwise overlaps as ``maup.doctor`` does."""
    geopandas = import_module("geopandas")
    maup = import_module("maup")
    start = perf_counter()
    table = geopandas.read_file(path, layer=layer)
    at_read = perf_counter()
    holes = maup.repair.holes_of_union(table)
    at_holes = perf_counter()
    shared = maup.adjacencies(table.geometry, warn_for_islands=False, warn_for_overlaps=False)
    overlaps = shared[shared.area > 0]
    at_end = perf_counter()
    return {
        "version": version("maup"),
        "seconds": {
            "read": at_read - start,
            "gaps": at_holes - at_read,
            "overlaps": at_end - at_holes,
            "all": at_end - start,
        },
        "gaps": len(holes),
        "gap_m2": float(holes.area.sum()),
        "overlaps": len(overlaps),
        "overlap_m2": float(overlaps.area.sum()),
    }
