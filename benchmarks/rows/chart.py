"""A wall chart of a whole project on A0: gathered, composed, painted, finished and looked at."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import Line, Report, in_child
from benchmarks.project import project_file

SIZES = [10_161]
BAR_S = 8.0
BAR_MB = 300
"""Beyond what the open project itself takes."""


def run(sizes: list[int] | None) -> Report:
    """Measure each size against its bar."""
    report = Report("chart")
    for areas in sizes or SIZES:
        result = in_child("benchmarks.rows.chart:make_chart", path=str(project_file(areas)))
        found = result.value
        stages = ", ".join(f"{name} {found[name]:.1f} s" for name in ("facts", "sheet", "paint"))
        note = f"{stages}; +{found['more_mb']:.0f} MB over the open project ({BAR_MB})"
        bar = BAR_S if areas in SIZES else None
        report.add(Line(f"A0 {areas:,}", found["all"], "bar", bar, result.peak_mb, 1.0, note))
        report.details[str(areas)] = found
    return report


def make_chart(path: str) -> dict[str, Any]:
    """Make the chart of a project; return seconds by stage and the memory it took more."""
    from gridadmin.app.charting import chart_source
    from gridadmin.app.session import Session
    from gridadmin.chart.choice import ChartChoice
    from gridadmin.chart.compose import compose
    from gridadmin.chart.finishing import PageEnd, check_pdf, finish_pdf
    from gridadmin.chart.template_reading import load_template
    from ui.chart_making import QtChartPainter

    painter, template, choice = QtChartPainter(), load_template("wall-a0"), ChartChoice()
    with Session.open(Path(path), write=False) as session, tempfile.TemporaryDirectory() as folder:
        before_mb = _peak_mb()
        start = time.perf_counter()
        source = chart_source(session, choice, template)
        facts = source.facts(session.snapshot.root, template)
        gathered = time.perf_counter()
        pages = compose(facts, template, choice, painter.metrics)
        composed = time.perf_counter()
        painted, out = Path(folder) / "painted.pdf", Path(folder) / "chart.pdf"
        links = painter.paint_pdf(pages, painted, pages[0].title)
        ends = [
            PageEnd(page.key, page.title, page.sheet, tuple(mine))
            for page, mine in zip(pages, links, strict=True)
        ]
        finish_pdf([painted], ends, out, pages[0].title)
        check_pdf(out, ends)
        end = time.perf_counter()
        return {
            "facts": gathered - start,
            "sheet": composed - gathered,
            "paint": end - composed,
            "all": end - start,
            "more_mb": _peak_mb() - before_mb,
            "file_mb": out.stat().st_size / 1e6,
            "names": [dict(note.params) for note in pages[0].notes],
            "pages": len(pages),
        }


def _peak_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
