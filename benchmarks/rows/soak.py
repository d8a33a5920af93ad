"""2,000 random pans, zooms, selections, edits and undos in one window: memory and stalls."""

from __future__ import annotations

from benchmarks.measure import Line, Report, in_child
from benchmarks.project import project_file

SIZES = [10_161]
STALL_BAR_S = 0.05


def run(sizes: list[int] | None) -> Report:
    """Measure each size; memory counts from the time when the caches are full."""
    report = Report("soak")
    for areas in sizes or SIZES:
        found = in_child("benchmarks.window:soaked", path=str(project_file(areas)), timeout_s=3000)
        value = found.value
        growth = value["after_mb"] / value["before_mb"] - 1 if value["before_mb"] else 0.0
        note = (
            f"memory {value['before_mb']:.0f} → {value['after_mb']:.0f} MB ({growth:+.1%}), "
            f"{value['stalls']} of {value['beats']} beats over 50 ms, "
            f"the window's own work {value['own']:.0f} ms at most"
        )
        stall = value["stall"] / 1000
        report.add(
            Line(
                f"longest stall {areas:,}",
                stall,
                "bar",
                STALL_BAR_S,
                found.peak_mb,
                1.0,
                note,
            )
        )
        report.details[str(areas)] = value
    return report
