"""How long other programs take for gaps and overlaps, and how many of the planted ones they see."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.data import LAYER, DataFile, data_file
from benchmarks.measure import ChildFailedError, Line, Report, in_child
from benchmarks.peer_env import mapshaper_program, missing_programs, peer_python

SIZES = [10_161, 100_000]
PEERS = {
    "shapely": "benchmarks.peers.shapely_alone:check",
    "maup": "benchmarks.peers.maup_check:check",
    "mapshaper": "benchmarks.peers.mapshaper_check:check",
}
TIMEOUT_S = 1800.0


def run(sizes: list[int] | None) -> Report:
    """Measure each peer on clean and on planted files, and keep totals beside the truth's."""
    report = Report("peers", details={"left out": missing_programs()})
    for areas in sizes or SIZES:
        for is_planted in (False, True):
            file = data_file(areas, is_planted=is_planted)
            state = "planted" if is_planted else "clean"
            report.details[f"truth {areas} {state}"] = truth_totals(file)
            for peer in PEERS:
                work = f"{areas:,} {state}"
                try:
                    figures = peer_figures(peer, file)
                except ChildFailedError as error:
                    report.add(Line(work, None, peer, note=str(error)))
                    continue
                report.details[f"{peer} {areas} {state}"] = figures
                report.add(_line(work, peer, figures))
    return report


def peer_figures(peer: str, file: DataFile) -> dict[str, Any]:
    """Return seconds, totals and peak memory of one peer on one file.

    Raises: ChildFailedError.
    """
    more = {"program": str(mapshaper_program())} if peer == "mapshaper" else {}
    done = in_child(
        PEERS[peer],
        python=peer_python(),
        timeout_s=TIMEOUT_S,
        path=str(file.path),
        layer=LAYER,
        **more,
    )
    figures: dict[str, Any] = done.value
    # What runs in a process of its own counts itself.
    return figures | {"peak_mb": figures.get("child_mb", done.peak_mb)}


def truth_totals(file: DataFile) -> dict[str, Any]:
    """Return what a perfect check finds in *file*; pairs of overlaps count as peers count them."""
    faults = json.loads(file.truth.read_text(encoding="utf-8"))["faults"] if file.truth else []
    gaps = [fault for fault in faults if fault["kind"] == "gap"]
    shared = [fault for fault in faults if fault["kind"] in {"overlap", "duplicate", "contained"}]
    pairs = [len(fault["areas"]) * (len(fault["areas"]) - 1) // 2 for fault in shared]
    return {
        "gaps": len(gaps),
        "open_gaps": sum(fault["class"] == "open" for fault in gaps),
        "gap_m2": sum(fault["area_m2"] for fault in gaps),
        "overlaps": len(shared),
        "overlap_pairs": sum(pairs),
        "overlap_m2": sum(fault["area_m2"] for fault in shared),
        "overlap_pairs_m2": sum(
            fault["area_m2"] * count for fault, count in zip(shared, pairs, strict=True)
        ),
    }


def _line(work: str, peer: str, figures: dict[str, Any]) -> Line:
    seconds = figures["seconds"]
    note = (
        f"read {seconds['read']:.2f}, gaps {seconds['gaps']:.2f} ({figures['gaps']}), "
        f"overlaps {seconds['overlaps']:.2f} ({figures['overlaps']} pairs)"
    )
    return Line(work, None, peer, seconds["all"], figures["peak_mb"], note=note)
