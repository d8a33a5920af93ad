"""Re-checking after one edit, undo or redo: the issues of the whole project, kept up."""

from __future__ import annotations

from benchmarks.editing import measured, seconds_of
from benchmarks.measure import Line, Report

SIZES = [10_161, 100_000]
BAR_S = 0.005


def run(sizes: list[int] | None) -> Report:
    """Measure each size; the tests prove that the answer is that of a full check."""
    report = Report("recheck")
    for areas in sizes or SIZES:
        result = measured(areas)
        recheck = seconds_of(result, "recheck")
        note = f"p50 {recheck.p50 * 1000:.2f} ms, max {max(recheck.seconds) * 1000:.1f} ms"
        line = Line(f"recheck p95 {areas:,}", recheck.p95, "bar", BAR_S, result.peak_mb, 1.0, note)
        report.add(line)
        report.details[str(areas)] = result.value["recheck"]
    return report
