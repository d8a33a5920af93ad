"""Taking gestures back and repeating them, durably stored."""

from __future__ import annotations

from benchmarks.editing import measured, seconds_of
from benchmarks.measure import Line, Report

SIZES = [10_161, 100_000]
BAR_S = 0.010


def run(sizes: list[int] | None) -> Report:
    """Measure undo and redo at each size."""
    report = Report("undo")
    for areas in sizes or SIZES:
        result = measured(areas)
        commit = seconds_of(result, "bare commit")
        for name in ("undo", "redo"):
            seconds = seconds_of(result, name)
            note = (
                f"p50 {seconds.p50 * 1000:.1f} ms; "
                f"a bare durable commit p95 {commit.p95 * 1000:.1f} ms"
            )
            work = f"{name} p95 {areas:,}"
            report.add(Line(work, seconds.p95, "bar", BAR_S, result.peak_mb, 1.0, note))
        report.details[str(areas)] = {name: result.value[name] for name in ("undo", "redo")}
    return report
