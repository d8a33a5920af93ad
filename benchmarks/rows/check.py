"""Finding all gaps and overlaps: kernel and whole check against reading and other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.data import LAYER, DataFile, data_file
from benchmarks.measure import ChildFailedError, ChildResult, Line, Report, Timing, in_child, timed
from benchmarks.peer_env import missing_programs
from benchmarks.rows.peers import PEERS, peer_figures

SIZES = [10_161, 100_000]
REPEATS = 7
PEERS_UP_TO = 100_000
READ_BARS = {10_161: 6.0}
"""How many times the reading of the geometry a check may take; 5 where nothing is said."""
MAUP_BAR = 1 / 20
WHOLE_BAR = 0.3


def run(sizes: list[int] | None) -> Report:
    """Measure clean and planted files at each size; a million areas without the peers."""
    report = Report("check", details={"left out": missing_programs()})
    for areas in sizes or SIZES:
        for is_planted in (False, True):
            file = data_file(areas, is_planted=is_planted)
            work = f"{areas:,} {'planted' if is_planted else 'clean'}"
            kernel = in_child("benchmarks.rows.check:kernel", path=str(file.path))
            whole = in_child("benchmarks.rows.check:whole", path=str(file.path))
            report.details[work] = kernel.value | {"peak_mb": kernel.peak_mb}
            report.details[f"{work} whole"] = whole.value | {"peak_mb": whole.peak_mb}
            _add_own_lines(report, work, areas, kernel, whole)
            if is_planted:
                found = recall_and_precision(file, whole.value["issues"])
                report.details[f"{work} truth"] = found
                report.add(Line(work, None, "truth", note=str(found)))
            if areas <= PEERS_UP_TO:
                _add_peers(report, work, file, kernel, whole)
    return report


def kernel(path: str) -> dict[str, Any]:
    """Return the seconds of reading the geometry and of the check with it in memory."""
    from benchmarks.peers.shapely_alone import read
    from gridadmin.partition.coverage import check_coverage

    polygons = read(path, LAYER)
    found = check_coverage(polygons)
    reading: list[float] = []
    checking: list[float] = []
    # By turns, so that a busy machine slows both alike.
    for _ in range(REPEATS):
        reading += timed(lambda: read(path, LAYER))[1].seconds
        checking += timed(lambda: check_coverage(polygons))[1].seconds
    return {
        "read": Timing(tuple(reading)).p50,
        "check": Timing(tuple(checking)).p50,
        "findings": len(found.findings),
    }


def whole(path: str) -> dict[str, Any]:
    """Return the seconds of the whole check of a file, and its issues with everything listed."""
    from gridadmin.exchange.file_check import check_file

    _, seconds = timed(lambda: check_file(Path(path), layer=LAYER, id_column="code").to_json())
    listed = check_file(Path(path), layer=LAYER, id_column="code", min_area_m2=0.0)
    return {"seconds": seconds.p50, "issues": listed.to_json()["issues"]}


def recall_and_precision(file: DataFile, issues: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the shares of provable faults that were found and of issues that are faults.

    A fault counts as found when kind, areas and size (to 1e-6) are all right.
    """
    faults = json.loads(file.truth.read_text(encoding="utf-8"))["faults"] if file.truth else []
    wanted = [fault for fault in faults if _is_provable(fault)]
    # Near misses are told as the causes of faults, beside the faults themselves.
    left = [issue for issue in issues if issue["kind"] != "near_miss"]
    found = 0
    for fault in wanted:
        hits = [issue for issue in left if _is_same(fault, issue)]
        if hits:
            left.remove(hits[0])
            found += 1
    return {
        "planted": len(wanted),
        "recall": found / max(len(wanted), 1),
        "precision": 1 - len(left) / max(found + len(left), 1),
        "not provable": len(faults) - len(wanted),
    }


def _is_provable(fault: dict[str, Any]) -> bool:
    """Return whether a check can find it without a frame, what is 1 mm apart being one."""
    return bool(fault["class"] != "open" and fault["how"] != "t_junction" and fault["area_m2"] > 0)


def _is_same(fault: dict[str, Any], issue: dict[str, Any]) -> bool:
    return bool(
        issue["kind"] == fault["kind"]
        and sorted(issue["areas"]) == sorted(fault["areas"])
        and abs(issue["area_m2"] - fault["area_m2"]) <= 1e-6 * fault["area_m2"]
    )


def _add_own_lines(
    report: Report, work: str, areas: int, kernel: ChildResult, whole: ChildResult
) -> None:
    bar = READ_BARS.get(areas, 5.0)
    figures = kernel.value
    report.add(
        Line(f"{work}, kernel", figures["check"], "read", figures["read"], kernel.peak_mb, bar)
    )
    report.add(Line(f"{work}, whole", whole.value["seconds"], peak_mb=whole.peak_mb))


def _add_peers(
    report: Report, work: str, file: DataFile, kernel: ChildResult, whole: ChildResult
) -> None:
    for peer in PEERS:
        try:
            figures = peer_figures(peer, file)
        except ChildFailedError as error:
            report.add(Line(work, None, peer, note=str(error)))
            continue
        seconds, peak = figures["seconds"], figures["peak_mb"]
        report.details[f"{work} {peer}"] = figures
        if peer == "maup":
            ours, theirs = kernel.value["check"], seconds["gaps"] + seconds["overlaps"]
            report.add(Line(f"{work}, kernel", ours, peer, theirs, peak, MAUP_BAR))
        elif peer == "mapshaper":
            ours, theirs = whole.value["seconds"], seconds["all"]
            report.add(Line(f"{work}, whole", ours, peer, theirs, peak))
        else:
            ours, theirs = whole.value["seconds"], seconds["read"] + seconds["gaps"]
            bar = WHOLE_BAR if file.areas >= 100_000 else None
            report.add(Line(f"{work}, whole", ours, "shapely read + union", theirs, peak, bar))
