"""The workspace of people: opening, filters, scrolling, a change, the coverage matrix."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measure import OUT, Line, Report, in_child
from benchmarks.people import staffed_project
from benchmarks.project import project_file

SIZES = [10_161]
PERSONS = {10_161: 12_518}
FILTER_BAR_S = 0.1
STEP_BAR_S = 0.016
MATRIX_BAR_S = 1.0


def run(sizes: list[int] | None) -> Report:
    """Measure the table at each size, and the matrix there and at 1,671 base units."""
    report = Report("people")
    for areas in sizes or SIZES:
        persons = PERSONS.get(areas, areas * 5 // 4)
        path = str(staffed_project(areas, persons))
        tabled = in_child("benchmarks.people_window:tabled", path=path).value
        size = f"{areas:,} areas, {persons:,} persons"
        note = f"{tabled['seats']:,} seats"
        report.add(Line(f"table of seats, {size}", tabled["opened"], note=note))
        spent = tabled["filter_p95"] / 1000
        report.add(Line("filter p95", spent, "bar", FILTER_BAR_S, bar=1.0))
        spent = tabled["scroll_p95"] / 1000
        note = f"longest {tabled['scroll_max']:.1f} ms"
        report.add(Line("step of scrolling p95", spent, "bar", STEP_BAR_S, bar=1.0, note=note))
        report.add(Line("sort by any column, longest", tabled["sort_max"] / 1000))
        note = f"longest stall meanwhile {tabled['stall']:.0f} ms"
        report.add(Line("table right after a change", tabled["changed"], note=note))
        matrix = in_child("benchmarks.people_window:matrixed", path=path).value
        _add_matrix(report, matrix)
        report.details[str(areas)] = {"table": tabled, "matrix": matrix}
        _add_findings(report, path)
        _add_findings(report, str(project_file(areas)))
    matrix = in_child("benchmarks.people_window:matrixed", path=str(_dalian())).value
    _add_matrix(report, matrix)
    report.details["dalian"] = matrix
    return report


def _add_findings(report: Report, path: str) -> None:
    found = in_child("benchmarks.people_window:found", path=path).value
    note = f"the window's own thread at most {found['stall']:.0f} ms"
    report.add(Line(f"{found['findings']:,} findings on the people", found["opened"], note=note))
    note = f"the window's own thread at most {found['changed_stall']:.0f} ms"
    report.add(Line("findings right after a change", found["changed"], note=note))
    report.add(Line("filter of the findings, longest", found["filter_max"] / 1000))


def _add_matrix(report: Report, matrix: dict[str, float]) -> None:
    what = f"matrix of {matrix['rows']:,} base units × {matrix['columns']} kinds of posts"
    report.add(Line(what, matrix["opened"], "bar", MATRIX_BAR_S, bar=1.0))


def _dalian() -> Path:
    """Return the worked example of a place with 1,671 base units, made if needed."""
    from gridadmin.app.demo import write_demo

    folder = OUT / "data" / "dalian"
    project = folder / "demo.gpkg"
    if not project.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        write_demo(folder, place="dalian")
    return project
