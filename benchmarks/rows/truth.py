"""Recall and precision of the check by size of fault, on several maps with planted faults."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import Any

import shapely

from benchmarks.generate import generate, plant
from benchmarks.measure import Line, Report, in_child

SIZES = [10_161, 100_000]
SEEDS = (1, 2, 3)
FAULTS = 500
LISTED_M2 = 1e-7
"""Smaller than every planted fault: all of them are above the stated minimum."""
CLASSES_M2 = (0.0, 1e-4, 1e-2, 1.0, 100.0)


def run(sizes: list[int] | None) -> Report:
    """Plant 500 gaps and 500 overlaps into each map and look for them."""
    report = Report("truth")
    for areas in sizes or SIZES:
        for seed in SEEDS:
            result = in_child("benchmarks.rows.truth:found", areas=areas, seed=seed)
            report.details[f"{areas} seed {seed}"] = result.value
            for least, one in result.value.items():
                work = f"{areas:,} seed {seed}, from {least} m²"
                note = f"planted {one['planted']}, recall {one['recall']}, more {one['more']}"
                report.add(Line(work, None, "truth", note=note))
    return report


def found(areas: int, seed: int, faults: int = FAULTS) -> dict[str, dict[str, Any]]:
    """Return by size class how many faults were planted, the share found, what else was listed."""
    from gridadmin.partition.coverage import check_coverage

    partition = generate(areas, seed)
    frame = shapely.coverage_union_all(partition.leaves.polygons_m())
    planted = plant(partition, seed, faults, faults)
    result = check_coverage(planted.polygons, parent=_one(frame), min_area_m2=LISTED_M2)
    row_of = {code: row for row, code in enumerate(planted.codes)}
    left = {(one.kind, one.areas, one.point): one for one in result.findings}
    wanted: Counter[int] = Counter()
    hits: Counter[int] = Counter()
    for fault in planted.truth:
        if fault.how == "t_junction":
            # Less than the snap distance off the edge: no fault by the numbers that are stated.
            continue
        size = bisect_right(CLASSES_M2, fault.area_m2) - 1
        wanted[size] += 1
        rows = tuple(sorted(row_of[code] for code in fault.areas))
        same = [
            key
            for key, one in left.items()
            if key[:2] == (fault.kind, rows)
            and abs(one.area_m2 - fault.area_m2) <= 1e-6 * fault.area_m2
        ]
        if same:
            hits[size] += 1
            del left[same[0]]
    more = Counter(bisect_right(CLASSES_M2, one.area_m2) - 1 for one in left.values())
    return {
        f"{CLASSES_M2[size]:g}": {
            "planted": wanted[size],
            "recall": hits[size] / wanted[size] if wanted[size] else 1.0,
            "more": more[size],
        }
        for size in range(len(CLASSES_M2))
        if wanted[size] or more[size]
    }


def _one(shape: shapely.Geometry) -> Any:
    import numpy as np

    array = np.empty(1, dtype=object)
    array[0] = shape
    return array
