"""Rough data: neighbours a hair apart check as clean ones do; a heap of bad polygons still ends."""

from __future__ import annotations

from time import process_time
from typing import Any

import numpy as np
import shapely

from benchmarks.generate import generate
from benchmarks.measure import Line, Report, in_child, timed

HAIR_AREAS = 10_161
HAIR_M = 1e-5
HEAP_AREAS = 12_000
HEAP_POINTS = 3_000_000
HEAP_BAR_S = 60.0
SAME_BAR = 1.5


def run(sizes: list[int] | None) -> Report:
    """Measure both kinds of rough data."""
    report = Report("rough")
    hair = in_child("benchmarks.rows.rough:hair", areas=(sizes or [HAIR_AREAS])[0])
    figures = hair.value
    note = f"findings {figures['rough findings']} as against {figures['clean findings']}"
    report.add(
        Line("1e-6 to 1e-5 m apart", figures["rough"], "clean", figures["clean"], hair.peak_mb,
             SAME_BAR, note)
    )  # fmt: skip
    heap = in_child("benchmarks.rows.rough:heap")
    told = heap.value
    note = (
        f"{told['points']:,} points, {told['overlaps']:,} overlaps, {told['invalid']} invalid; "
        f"processor {told['processor']:.0f} s"
    )
    report.add(Line("12,000 polygons", told["seconds"], "bar", HEAP_BAR_S, heap.peak_mb, 1.0, note))
    report.details |= {"hair": figures, "heap": told}
    return report


def hair(areas: int) -> dict[str, Any]:
    """Return the seconds and findings of a clean map and of one shaken by less than 0.01 mm."""
    from gridadmin.partition.coverage import check_coverage

    clean = generate(areas).leaves.polygons_m()
    rough = shaken(clean, np.random.default_rng(1))
    first, second = timed(lambda: check_coverage(clean)), timed(lambda: check_coverage(rough))
    return {
        "clean": first[1].p50,
        "rough": second[1].p50,
        "clean findings": len(first[0].findings),
        "rough findings": len(second[0].findings),
    }


def shaken(polygons: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return polygons whose points each lie up to 1e-5 m beside where they were, ring by ring."""
    xy = shapely.get_coordinates(polygons)
    moved = xy + random.uniform(-HAIR_M, HAIR_M, xy.shape) * 0.5
    rings = shapely.get_rings(polygons)
    ends = np.cumsum(shapely.get_num_coordinates(rings))
    moved[ends - 1] = moved[np.append(0, ends[:-1])]
    return np.asarray(shapely.set_coordinates(polygons.copy(), moved))


def heap() -> dict[str, Any]:
    """Return the seconds of a check of 12,000 polygons, 2 % of them invalid, many overlapping."""
    from gridadmin.partition.coverage import check_coverage

    polygons = heaped(HEAP_AREAS, HEAP_POINTS // HEAP_AREAS, np.random.default_rng(2))
    began = process_time()
    result, seconds = timed(lambda: check_coverage(polygons))
    return {
        "seconds": seconds.p50,
        "processor": process_time() - began,
        "points": int(shapely.get_num_coordinates(polygons).sum()),
        "overlaps": sum(one.kind in ("overlap", "contained") for one in result.findings),
        "invalid": len(result.invalid),
        "told of": len({row for one in result.findings for row in one.areas}),
    }


def heaped(count: int, points: int, random: np.random.Generator) -> np.ndarray:
    """Return round polygons on a lattice, a third of them over their neighbour, 2 % crossed."""
    side = int(np.ceil(np.sqrt(count)))
    turn = np.linspace(0, 2 * np.pi, points, endpoint=False)
    found = np.empty(count, dtype=object)
    for number in range(count):
        reach = random.uniform(52.0, 60.0) if random.random() < 1 / 3 else random.uniform(30, 48)
        radius = reach * (1 + 0.02 * np.sin(7 * turn + random.uniform(0, 6)))
        x = 100.0 * (number % side) + radius * np.cos(turn)
        y = 100.0 * (number // side) + radius * np.sin(turn)
        ring = np.column_stack((x, y))
        if random.random() < 0.02:
            # Two points change places: the ring crosses itself.
            at = int(random.integers(5, points - 5))
            ring[[at, at + 3]] = ring[[at + 3, at]]
        found[number] = shapely.Polygon(ring)
    return found
