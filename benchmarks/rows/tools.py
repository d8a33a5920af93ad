"""A step of each boundary tool: on generated areas, and on the demo city with roads and houses."""

from __future__ import annotations

import tempfile

from benchmarks.measure import Line, Report, in_child
from benchmarks.project import project_file
from benchmarks.tools import demo_file

SIZES = [10_161]
STEP_BAR_S = 0.004
STALL_BAR_S = 0.05


def run(sizes: list[int] | None) -> Report:
    """Measure all tools on the demo city, then on generated areas of each size."""
    report = Report("tools")
    with tempfile.TemporaryDirectory() as folder:
        _measure(report, "demo city", demo_file(folder))
    for areas in sizes or SIZES:
        _measure(report, f"{areas:,}", str(project_file(areas)))
    return report


def _measure(report: Report, where: str, path: str) -> None:
    found = in_child("benchmarks.tools:steps_of_tools", path=path)
    for tool, spent in found.value.items():
        note = (
            f"p50 {spent['p50']:.1f} ms; the thread's own work p50 {spent['own_p50']:.1f}, "
            f"p95 {spent['own_p95']:.1f}, most {spent['own_max']:.0f} ms"
        )
        step = spent["p95"] / 1000
        report.add(Line(f"{tool}: p95, {where}", step, "bar", STEP_BAR_S, bar=1.0, note=note))
        longest = spent["max"] / 1000
        report.add(Line(f"{tool}: longest, {where}", longest, "bar", STALL_BAR_S, bar=1.0))
    report.details[where] = found.value
