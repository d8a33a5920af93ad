"""Made-up nested partitions for benchmarks and tests, clean or with planted faults.

The same seed gives the same data. Nothing in them is a real place.
"""

from __future__ import annotations

import numpy as np
import shapely

from benchmarks.effects import Fault
from benchmarks.lattice import bricks
from benchmarks.package import add_layer, made_up_codes, write_gpkg
from benchmarks.partition import EPSG, LEVELS, Partition, Polygons, Rings
from benchmarks.plant import Planted, plant

__all__ = [
    "EPSG",
    "LEVELS",
    "SIZES",
    "Fault",
    "Partition",
    "Planted",
    "Rings",
    "add_layer",
    "generate",
    "made_up_codes",
    "outlines_mm",
    "plant",
    "write_gpkg",
]

SIZES = (400, 10_161, 100_000, 1_000_000)
"""Leaf areas: a small map, a district's micro-grids, and ten and a hundred times as many."""


def generate(count: int, seed: int = 1) -> Partition:
    """Return a partition of *count* micro-grids in grids, communities, streets and one district.

    About 40 vertices per polygon, neighbours share them exactly; the centre is dense.
    """
    return bricks(count, seed)


def outlines_mm(partition: Partition, level: str) -> Polygons:
    """Return the polygons of all areas of *level*, in whole millimetres, without holes."""
    leaves = partition.leaves.polygons_mm()
    if level == LEVELS[-1]:
        return leaves
    block = partition.ancestor[level]
    order = np.argsort(block, kind="stable")
    groups = np.split(leaves[order], np.flatnonzero(np.diff(block[order])) + 1)
    merged: Polygons = shapely.get_parts([shapely.coverage_union_all(group) for group in groups])
    return merged
