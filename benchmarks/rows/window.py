"""The window: start, first sharp map, pan and zoom, stalls, a step of a drag.

Pans and zooms twice: over plain ground, and over a base map with the second map window open.
"""

from __future__ import annotations

import time
from typing import Any

from benchmarks.measure import Line, Report, in_child
from benchmarks.project import project_file

SIZES = [10_161, 100_000]
START_BAR_S = 2.5
OPEN_BAR_S = {10_161: 0.8, 100_000: 3.0}
MOVE_BAR_S = 0.004
DRAG_BAR_S = 0.004
STALL_BAR_S = 0.05


def run(sizes: list[int] | None) -> Report:
    """Measure the start once, everything else at each size."""
    report = Report("window")
    starts = [in_child("benchmarks.window:started", since=time.time()).value for _ in range(3)]
    report.add(Line("start to window", sorted(starts)[1], "bar", START_BAR_S, bar=1.0))
    for areas in sizes or SIZES:
        path = str(project_file(areas))
        opened = in_child("benchmarks.window:opened", path=path)
        bar = OPEN_BAR_S.get(areas)
        note = f"issues known after {opened.value['issues']:.1f} s"
        report.add(
            Line(
                f"open to sharp map {areas:,}",
                opened.value["sharp"],
                "" if bar is None else "bar",
                bar,
                opened.peak_mb,
                None if bar is None else 1.0,
                note,
            )
        )
        details = {"opened": opened.value}
        for has_maps in (False, True):
            moved = in_child("benchmarks.window:moved", path=path, has_maps=has_maps).value
            _add_moves(report, f"{areas:,}" + (" with two maps" if has_maps else ""), moved)
            details["moved with two maps" if has_maps else "moved"] = moved
        dragged = in_child("benchmarks.window:dragged", path=path)
        note = f"p50 {dragged.value['p50']:.1f} ms, {dragged.value['steps']} steps"
        spent = dragged.value["p95"] / 1000
        report.add(Line(f"drag step p95 {areas:,}", spent, "bar", DRAG_BAR_S, bar=1.0, note=note))
        report.details[str(areas)] = {**details, "dragged": dragged.value}
    return report


def _add_moves(report: Report, name: str, moved: dict[str, Any]) -> None:
    """Add what pans and zooms cost, and what stalled; two maps are this and a second window."""
    early = moved["early"]
    for what in ("pan", "zoom"):
        spent = moved[f"{what}_p95"] / 1000
        note = f"{early[f'{what}_p95']:.1f} ms beside the first check"
        report.add(Line(f"{what} p95 {name}", spent, "bar", MOVE_BAR_S, bar=1.0, note=note))
    note = (
        f"{moved['pictures']} pictures meanwhile; beside the first check "
        f"{early['stall']:.0f} ms, {early['stalls']} over 50 ms"
    )
    stall = moved["stall"] / 1000
    report.add(Line(f"longest stall {name}", stall, "bar", STALL_BAR_S, bar=1.0, note=note))
