"""A wall chart of a whole project on A0, without and with a base map, and beside QGIS.

Figures count from the open project to a file that was opened again and looked at. A wall chart of
so many micro-grids names the grids, and says how many names its scale is too small for; *all named*
asks for a place for each of the micro-grids' names too: what finds none is listed on further pages,
while QGIS leaves it out.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.measure import OUT, Line, Report, in_child
from benchmarks.partition import EPSG
from benchmarks.peer_env import qgis_python
from benchmarks.project import project_file
from benchmarks.rows.picture import exported_project
from benchmarks.tiles import write_photographs

SIZES = [10_161]
BAR_S = 8.0
BAR_MB = 300
"""Beyond what the open project itself takes."""
DPI = 300
QGIS_BAR = 1.0
ALL_NAMED = "base map, all named"
DETAIL = {"plain": "", "base map": "", ALL_NAMED: "micro_grid"}
"""The charts, and the level that is named instead of the template's."""
QGIS_NAMED = {"base map": ["street", "community", "grid"], ALL_NAMED: ["micro_grid"]}
"""The levels that QGIS names on the same sheet."""


def run(sizes: list[int] | None) -> Report:
    """Measure each size against its bars, and QGIS at the same sheet."""
    report = Report("chart")
    for areas in sizes or SIZES:
        for kind, detail in DETAIL.items():
            result = in_child(
                "benchmarks.rows.chart:make_chart",
                path=str(project_file(areas)),
                detail=detail,
                has_base=kind != "plain",
            )
            found = result.value
            parts = ", ".join(f"{name} {found[name]:.1f}" for name in ("facts", "sheet", "paint"))
            note = f"{parts} s; {found['cpu']:.1f} s of the processor"
            has_bar = areas in SIZES and kind != ALL_NAMED
            peer, bar = ("bar", BAR_S) if has_bar else ("", None)
            work = f"A0 {areas:,} {kind}"
            report.add(
                Line(work, found["all"], peer, bar, result.peak_mb, 1.0 if has_bar else None, note)
            )
            more, size = found["more_mb"], found["file_mb"]
            note = f"+{more:.0f} MB over the open project (bar {BAR_MB}); file {size:.0f} MB"
            report.add(Line(f"memory {kind}", more, "MB", BAR_MB, None, 1.0, note))
            report.details[f"{areas} {kind}"] = found
            if kind in QGIS_NAMED:
                _add_qgis(report, areas, kind, found)
    return report


def _add_qgis(report: Report, areas: int, kind: str, ours: dict[str, Any]) -> None:
    python = qgis_python()
    work = f"A0 {areas:,} {kind}"
    if python is None:
        report.add(Line(work, None, "QGIS", note="left out: not installed"))
        return
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "qgis.pdf")
        theirs = in_child(
            "benchmarks.peers.qgis_layout:export",
            python=python,
            timeout_s=900,
            path=str(exported_project(areas)),
            base=ours["base"],
            named=QGIS_NAMED[kind],
            sheet={name: ours[name] for name in ("sheet_mm", "map_mm", "extent")} | {"dpi": DPI},
            out=out,
        )
        names = in_child("benchmarks.rows.chart:names_in", path=out, levels=QGIS_NAMED[kind]).value
    found = theirs.value | {"names": names}
    note = (
        f"{found['version']}: {found['cpu']:.1f} s of the processor, +{found['more_mb']:.0f} MB,"
        f" {found['names']:,} names, file {found['file_mb']:.0f} MB"
    )
    report.add(Line(work, ours["all"], "QGIS", found["all"], theirs.peak_mb, QGIS_BAR, note))
    report.details[f"QGIS {areas} {kind}"] = found


def make_chart(path: str, detail: str, *, has_base: bool, keep: str = "") -> dict[str, Any]:
    """Make the chart of a project; return seconds by stage and the memory it took more.

    With *keep* the PDF stays there.
    """
    from pyproj import CRS

    from gridadmin.app.charting import chart_source
    from gridadmin.app.session import Session
    from gridadmin.chart.base_map import BaseMap
    from gridadmin.chart.choice import ChartChoice
    from gridadmin.chart.compose import compose
    from gridadmin.chart.finishing import PageEnd, check_pdf, finish_pdf
    from gridadmin.chart.template_reading import load_template
    from gridadmin.tiles.opening import open_local
    from ui.chart_making import QtChartPainter

    painter, choice = QtChartPainter(), ChartChoice()
    template = load_template("wall-a0")
    if detail:
        template = replace(template, detail=detail)
    base = _base_map() if has_base else None
    with Session.open(Path(path), write=False) as session, tempfile.TemporaryDirectory() as folder:
        x, y = (axis / 1000 for axis in session.snapshot.origin_mm)
        tiles = None if base is None else open_local(base)
        rasters = None if tiles is None else BaseMap(tiles, CRS.from_epsg(EPSG), (x, y))
        before_mb = _peak_mb()
        start, start_cpu = time.perf_counter(), time.process_time()
        source = chart_source(session, choice, template)
        facts = source.facts(session.snapshot.root, template)
        gathered = time.perf_counter()
        pages = compose(facts, template, choice, painter.metrics, rasters, (x, y))
        composed = time.perf_counter()
        painted, out = Path(folder) / "painted.pdf", Path(folder) / "chart.pdf"
        links = painter.paint_pdf(pages, painted, pages[0].title)
        ends = [
            PageEnd(page.key, page.title, page.sheet, tuple(mine))
            for page, mine in zip(pages, links, strict=True)
        ]
        finish_pdf([painted], ends, out, pages[0].title)
        check_pdf(out, ends)
        end, end_cpu = time.perf_counter(), time.process_time()
        more_mb = _peak_mb() - before_mb
        if tiles is not None:
            tiles.close()
        view = pages[0].view
        found = {
            "facts": gathered - start,
            "sheet": composed - gathered,
            "paint": end - composed,
            "all": end - start,
            "cpu": end_cpu - start_cpu,
            "more_mb": more_mb,
            "file_mb": out.stat().st_size / 1e6,
            "names": [dict(note.params) for note in pages[0].notes],
            "pages": len(pages),
            "base": None if base is None else str(base),
            "sheet_mm": [pages[0].sheet.width_mm, pages[0].sheet.height_mm],
        }
        if view is not None:
            x0, y0, x1, y1 = view.bounds
            found["scale"] = view.scale
            found["map_mm"] = list(view.frame)
            found["extent"] = [x0 + x, y0 + y, x1 + x, y1 + y]
        if keep:
            Path(keep).write_bytes(out.read_bytes())
        return found


_ENDINGS = {"street": "街道", "community": "社区", "grid": "(?<!微)网格", "micro_grid": "微网格"}


def names_in(path: str, levels: list[str]) -> int:
    """Return how many areas of some levels have their name on the first page of a PDF."""
    import pypdfium2

    words = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
    return sum(len(re.findall(rf"\d+{_ENDINGS[level]}", words)) for level in levels)


def _base_map() -> Path:
    """Return photographs over the whole map, as sharp as 300 dpi on the sheet can show."""
    from benchmarks.data import made_by

    path = OUT / "data" / f"chart-photographs-{made_by(('tiles',))}.mbtiles"
    if not path.exists():
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        write_photographs(part, EPSG, BASE_BOX_M, [BASE_METRES_PER_PX])
        with closing(sqlite3.connect(part)) as connection, connection:
            # QGIS asks for what our program looks up in the tiles.
            level = connection.execute("SELECT max(zoom_level) FROM map").fetchone()[0]
            said = {"name": "made up", "format": "jpg", "minzoom": level, "maxzoom": level}
            connection.executemany("INSERT INTO metadata VALUES (?, ?)", said.items())
        part.replace(path)
    return path


BASE_BOX_M = (475_000.0, 3_375_000.0, 525_000.0, 3_425_000.0)
"""More than the map of the sheet shows, in the plane of the made-up projects."""
BASE_METRES_PER_PX = 25.4e-3 / DPI * 50_000


def _peak_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
