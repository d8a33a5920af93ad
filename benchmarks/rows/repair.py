"""Repairing a file with planted faults: how long, and whether what comes out is a coverage."""

from __future__ import annotations

from typing import Any

import shapely

from benchmarks.data import LAYER, data_file
from benchmarks.measure import Line, Report, in_child, timed

SIZES = [10_161, 100_000]


def run(sizes: list[int] | None) -> Report:
    """Measure each size and policy."""
    report = Report("repair")
    for areas in sizes or SIZES:
        file = data_file(areas, is_planted=True)
        for policy in ("longest", "centre"):
            done = in_child("benchmarks.rows.repair:repaired", path=str(file.path), policy=policy)
            facts = done.value
            note = f"coverage {facts['is_coverage']}, vanished {facts['vanished']}"
            work = f"{areas:,} planted, {policy}"
            report.add(Line(work, facts["repair"], peak_mb=done.peak_mb, note=note))
            report.details[work] = facts
    return report


def repaired(path: str, policy: str) -> dict[str, Any]:
    """Return the seconds of a repair with the geometry in memory, and what came out."""
    from benchmarks.peers.shapely_alone import read
    from gridadmin.repair.polygons import repair_polygons

    polygons = read(path, LAYER)
    done, timing = timed(lambda: repair_polygons(polygons, policy, near_m=0.1))
    return {
        "repair": timing.p50,
        "settled": dict(done.tally.settled),
        "left": len(done.left),
        "is_coverage": bool(shapely.coverage_is_valid(done.polygons)),
        "vanished": int(shapely.is_empty(done.polygons).sum()),
    }
