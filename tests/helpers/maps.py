"""Small partitions for tests: built by the kernel's own bulk path from random polygons."""

from __future__ import annotations

import random

import numpy as np
import shapely

from gridadmin.partition.arrange import arrange, enclosed_as_nobodys, labelled_borders
from gridadmin.partition.base import BorderArrays
from gridadmin.partition.edges import edges_of_rings, rings_of
from gridadmin.partition.grid import Ints
from gridadmin.partition.planar import Partition
from gridadmin.partition.resolve import resolved, unmatched
from gridadmin.partition.runs import Runs


def partition_of(runs: Runs, left: Ints, right: Ints, parents: dict[int, int]) -> Partition:
    """Return the partition of labelled runs, ids 1…n."""
    ids = np.arange(1, len(runs) + 1)
    return Partition.of_arrays(
        BorderArrays(ids, runs.xy, runs.offsets, left, right, np.zeros(len(runs), np.int64)),
        parents,
    )


def from_polygons(polygons: list[shapely.Polygon], parents: dict[int, int]) -> Partition:
    """Return the partition of polygons in metres; polygon ``i`` becomes owner ``i + 1``.

    Where several claim land the first has it; enclosed free land is nobody's.
    """
    edges = edges_of_rings(rings_of(np.array(polygons, dtype=object), (0, 0)))
    edges = resolved(edges, unmatched(edges, np.zeros(len(polygons), dtype=np.int64)))
    arrangement = arrange(edges)
    owner = np.array([min(c) + 1 if c else -1 for c in arrangement.claims], dtype=np.int64)
    owner = enclosed_as_nobodys(arrangement, owner)
    return partition_of(*labelled_borders(arrangement, owner), parents)


def crowded(seed: int, columns: int = 20, rows: int = 20, size_mm: int = 40) -> Partition:
    """Return a crowded map: jittered cells of a few centimetres, wiggly borders, two levels.

    Leaf owners are 1…n; groups of four by four cells hang under owners 100_001….
    """
    rng = random.Random(seed)

    def jitter(x: int, y: int) -> tuple[float, float]:
        reach = size_mm // 3
        return (
            (x * size_mm + rng.randint(-reach, reach)) / 1000,
            (y * size_mm + rng.randint(-reach, reach)) / 1000,
        )

    nodes = {(x, y): jitter(x, y) for x in range(columns + 1) for y in range(rows + 1)}
    wiggles: dict[tuple[tuple[int, int], tuple[int, int]], list[tuple[float, float]]] = {}

    def side(a: tuple[int, int], b: tuple[int, int]) -> list[tuple[float, float]]:
        if (b, a) in wiggles:
            return wiggles[b, a][::-1]
        if (a, b) not in wiggles:
            (ax, ay), (bx, by) = nodes[a], nodes[b]
            off = rng.randint(-3, 3) / 1000
            middle = ((ax + bx) / 2 + off, (ay + by) / 2 - off)
            wiggles[a, b] = [middle] if rng.random() < 0.7 else []
        return wiggles[a, b]

    polygons, parents = [], {}
    for y in range(rows):
        for x in range(columns):
            corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
            ring: list[tuple[float, float]] = []
            for a, b in zip(corners, corners[1:] + corners[:1], strict=True):
                ring += [nodes[a], *side(a, b)]
            polygons.append(shapely.Polygon(ring))
            parents[len(polygons)] = 100_001 + (y // 4) * columns + x // 4
    return from_polygons(polygons, parents)


def from_mm(rings: list[list[tuple[int, int]]], parents: dict[int, int] | None = None) -> Partition:
    """Return the partition of simple polygons in whole mm; ring ``i`` becomes owner ``i + 1``."""
    polygons = [shapely.Polygon(np.array(ring) / 1000) for ring in rings]
    return from_polygons(polygons, parents or {})


def box(x0: int, y0: int, x1: int, y1: int) -> list[tuple[int, int]]:
    """Return the corners of a rectangle, counter-clockwise."""
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def chessboard(columns: int, rows: int, size_mm: int = 100) -> Partition:
    """Return square areas 1…n, row by row from the lower left."""
    return from_mm(
        [
            box(x * size_mm, y * size_mm, (x + 1) * size_mm, (y + 1) * size_mm)
            for y in range(rows)
            for x in range(columns)
        ]
    )


def dirty(seed: int, count: int = 40, reach_mm: int = 600) -> Partition:
    """Return a map of random rectangles and triangles that overlap and leave gaps."""
    rng = random.Random(seed)
    polygons: list[shapely.Polygon] = []
    while len(polygons) < count:
        x, y = rng.randint(0, reach_mm - 150), rng.randint(0, reach_mm - 150)
        corners = [(x + rng.randint(0, 150), y + rng.randint(0, 150)) for _ in range(3)]
        if rng.random() < 0.6:
            corners = box(x, y, x + rng.randint(20, 150), y + rng.randint(20, 150))
        polygon = shapely.Polygon(np.array(corners) / 1000)
        if polygon.area > 1e-4:
            polygons.append(polygon)
    return from_polygons(polygons, {})
