"""Opening a project: file to snapshot, ready for edits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.measure import Line, Report, in_child, timed
from benchmarks.project import project_file

SIZES = [10_161, 100_000]
REPEATS = 3
BAR_S = {10_161: 0.8, 100_000: 3.0}


def run(sizes: list[int] | None) -> Report:
    """Measure each size against the bar, which also has to hold the first picture."""
    report = Report("open")
    for areas in sizes or SIZES:
        result = in_child("benchmarks.rows.open:time_open", path=str(project_file(areas)))
        peer = "bar" if areas in BAR_S else ""
        report.add(
            Line(
                f"open {areas:,}",
                result.value["p50"],
                peer,
                BAR_S.get(areas),
                result.peak_mb,
                1.0 if peer else None,
                f"first full check {result.value['check']:.2f} s",
            )
        )
        report.details[str(areas)] = result.value
    return report


def time_open(path: str) -> dict[str, Any]:
    """Return the median seconds of opening a project, and those of its first full check."""
    from gridadmin.app.session import Session

    def open_and_close() -> int:
        with Session.open(Path(path), write=False) as session:
            return len(session.snapshot.partition)

    _, opening = timed(open_and_close, REPEATS)
    with Session.open(Path(path), write=False) as session:
        _, checking = timed(session.book)
    return {"p50": opening.p50, "seconds": opening.seconds, "check": checking.p50}
