"""How long the made-up data take to make, and how much memory."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.generate import generate, made_up_codes, plant, write_gpkg
from benchmarks.measure import Line, Report, in_child, timed

SIZES = [400, 10_161, 100_000, 1_000_000]


def run(sizes: list[int] | None) -> Report:
    """Measure generating, planting and writing at each size; this row has no peer."""
    report = Report("generate")
    for areas in sizes or SIZES:
        done = in_child("benchmarks.rows.generate:make", areas=areas)
        for work, seconds in done.value.items():
            report.add(Line(f"{work} {areas:,}", seconds, peak_mb=done.peak_mb))
    return report


def make(areas: int) -> dict[str, Any]:
    """Return the seconds of each stage for one size."""
    partition, generated = timed(lambda: generate(areas))
    faults = min(500, areas // 20)
    _, planted = timed(lambda: plant(partition, 1, faults, faults))
    codes = made_up_codes(areas)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "网格 data.gpkg"
        _, written = timed(lambda: write_gpkg(path, partition.leaves, codes))
    return {
        "generate": generated.p50,
        f"plant {faults} + {faults}": planted.p50,
        "write": written.p50,
    }
