"""Executing one edit: proposal, polygons of the touched areas, durable store."""

from __future__ import annotations

from benchmarks.editing import measured, seconds_of
from benchmarks.measure import Line, Report

SIZES = [10_161, 100_000]
BAR_S = 0.025
MOST_GROWTH = 1.3


def run(sizes: list[int] | None) -> Report:
    """Measure each size; the last line says how the cost grows with the map."""
    report = Report("edit")
    previous = None
    for areas in sizes or SIZES:
        result = measured(areas)
        edit, memory = seconds_of(result, "edit"), seconds_of(result, "in memory")
        commit = seconds_of(result, "bare commit")
        note = f"p50 {edit.p50 * 1000:.1f} ms; a bare durable commit p95 {commit.p95 * 1000:.1f} ms"
        report.add(Line(f"edit p95 {areas:,}", edit.p95, "bar", BAR_S, result.peak_mb, 1.0, note))
        report.add(Line(f"without the store p95 {areas:,}", memory.p95, "bar", BAR_S, bar=1.0))
        if previous is not None:
            report.add(Line(f"p50 {areas:,}", memory.p50, "smaller map", previous, bar=MOST_GROWTH))
        previous = memory.p50
        report.details[str(areas)] = result.value
    return report
