"""Building the partition from polygons in memory, clean and with planted faults."""

from __future__ import annotations

from typing import Any

from benchmarks.data import GAPS, OVERLAPS
from benchmarks.measure import Line, Report, in_child, timed

SIZES = [10_161, 100_000]
REPEATS = 3
CLEAN_BAR_S = {10_161: 0.25, 100_000: 2.5, 1_000_000: 25.0}
PLANTED, PLANTED_BAR_S = 10_161, 1.5


def run(sizes: list[int] | None) -> Report:
    """Measure each size clean, and the district's with 500 + 500 faults."""
    report = Report("build")
    for areas in sizes or SIZES:
        _measure(report, areas, CLEAN_BAR_S.get(areas), is_planted=False)
        if areas == PLANTED:
            _measure(report, areas, PLANTED_BAR_S, is_planted=True)
    return report


def _measure(report: Report, areas: int, bar_s: float | None, *, is_planted: bool) -> None:
    result = in_child("benchmarks.rows.build:time_build", areas=areas, is_planted=is_planted)
    work = f"build {'planted' if is_planted else 'clean'} {areas:,}"
    bar = None if bar_s is None else 1.0
    peer = "" if bar_s is None else "bar"
    report.add(Line(work, result.value["p50"], peer, bar_s, result.peak_mb, bar))
    report.details[work] = result.value


def time_build(areas: int, *, is_planted: bool) -> dict[str, Any]:
    """Return the median seconds from polygons to a partition with its indexes."""
    import numpy as np

    from benchmarks.generate import generate, plant
    from gridadmin.base.ids import OUTSIDE
    from gridadmin.base.progress import SILENT
    from gridadmin.partition.base import arrays_of
    from gridadmin.partition.overlay import border_changes, overlay
    from gridadmin.partition.planar import Partition
    from gridadmin.partition.rewire import BorderIds

    made = generate(areas)
    rings = plant(made, 1, GAPS, OVERLAPS).rings if is_planted else made.leaves
    polygons = rings.polygons_m()
    middle = np.rint(made.leaves.coords.mean(axis=0) / 1e6).astype(int) * 1_000_000
    origin = int(middle[0]), int(middle[1])
    empty = Partition.of([], {})

    def build() -> Partition:
        overlaid = overlay(
            empty, polygons, [0] * len(polygons), origin_mm=origin, snap_m=0.001, progress=SILENT
        )
        claims = overlaid.arrangement.claims
        owner = np.array([min(c) + 1 if c else OUTSIDE for c in claims], dtype=np.int64)
        changes = border_changes(empty, overlaid, owner, BorderIds("build"), has_frame=False)
        return Partition.of_arrays(arrays_of(row for _, row in changes if row is not None), {})

    partition, seconds = timed(build, REPEATS)
    return {"p50": seconds.p50, "seconds": seconds.seconds, "borders": len(partition)}
