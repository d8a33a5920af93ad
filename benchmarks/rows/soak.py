"""2,000 random pans, zooms, selections, edits and undos in one window: memory and stalls."""

from __future__ import annotations

from typing import Any

from benchmarks.measure import Line, Report, in_child
from benchmarks.project import project_file

SIZES = [10_161]
STALL_BAR_S = 0.05


def run(sizes: list[int] | None) -> Report:
    """Measure each size, without and with base map and second map window.

    Memory, widgets and threads count from the time when the caches are full.
    """
    report = Report("soak")
    for areas in sizes or SIZES:
        for has_maps in (False, True):
            name = f"{areas:,}" + (" with base map and second map" if has_maps else "")
            found = in_child(
                "benchmarks.soak:soaked",
                path=str(project_file(areas)),
                has_maps=has_maps,
                timeout_s=3000,
            )
            value, stall = found.value, found.value["stall"] / 1000
            work = f"longest stall {name}"
            line = Line(work, stall, "bar", STALL_BAR_S, found.peak_mb, 1.0, _note(value))
            report.add(line)
            report.details[name] = value
    return report


def _note(value: dict[str, Any]) -> str:
    before, after = value["before"], value["after"]
    grown = after["memory_mb"] / before["memory_mb"] - 1 if before["memory_mb"] else 0.0
    leaked = {name: round(after[name] - before[name]) for name in ("widgets", "threads")}
    return (
        f"{value['stalls']} of {value['beats']} beats over 50 ms; the window's own work "
        f"{value['own']:.0f} ms at most, {value['own_stalls']} over 50 ms; "
        f"memory {before['memory_mb']:.0f} → {after['memory_mb']:.0f} MB ({grown:+.1%}); "
        f"leaked {leaked['widgets']} of {after['widgets']:.0f} widgets, "
        f"{leaked['threads']} of {after['threads']:.0f} threads"
    )
