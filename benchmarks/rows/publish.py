"""Releasing, making the package, handing a street out and taking it in: processor seconds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from benchmarks.measure import Line, Report, in_child
from benchmarks.project import project_file

SIZES = [10_161]


def run(sizes: list[int] | None) -> Report:
    """Measure each size, all steps on one project in one process."""
    report = Report("publish")
    for areas in sizes or SIZES:
        result = in_child("benchmarks.rows.publish:steps", path=str(project_file(areas)))
        for name, (wall, busy) in result.value.items():
            note = f"processor {busy:.2f} s"
            report.add(Line(f"{name} {areas:,}", wall, peak_mb=result.peak_mb, note=note))
        report.details[str(areas)] = result.value
    return report


def steps(path: str) -> dict[str, tuple[float, float]]:
    """Return seconds on the clock and of the processor for each step."""
    from gridadmin.app.session import Session
    from gridadmin.app.work_package import hand_out, read_returned
    from gridadmin.edit.area_commands import SetField
    from gridadmin.edit.take_in_command import TakeIn
    from gridadmin.publish.package import make_package
    from gridadmin.publish.releasing import make_release

    told: dict[str, tuple[float, float]] = {}

    def step(name: str, work: Callable[[], Any]) -> Any:
        clock, busy = perf_counter(), process_time()
        result = work()
        told[name] = perf_counter() - clock, process_time() - busy
        return result

    with TemporaryDirectory() as folder:
        project = Path(folder) / "project.gpkg"
        shutil.copyfile(path, project)
        with Session.open(project, write=True) as session:
            document = session.document
            release = step("release", lambda: make_release(document))
            step("package", lambda: make_package(session, release, "public", folder=Path(folder)))
            street = min(a.uid for a in session.snapshot.areas() if a.level == "street")
            sent = step("hand out", lambda: hand_out(session, street, Path(folder) / "out.gpkg"))
            document.execute(sent.note)
            with Session.open(sent.file, write=True) as theirs:
                theirs.document.execute(SetField(street, "name", "街道改名"))
            returned = step("read", lambda: read_returned(sent.file, session.snapshot))
            step("take in", lambda: document.execute(TakeIn(returned, {})))
    return told
