"""Painting the map picture from a snapshot: whole project and one street, with names.

Each over plain ground and over a base map.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, Line, Report, in_child, timed
from benchmarks.partition import EPSG
from benchmarks.peer_env import qgis_python
from benchmarks.project import project_file

SIZES = [10_161, 100_000]
REPEATS = 9
WIDTH_PX, HEIGHT_PX = 1920, 1080
PICTURE_BAR_S = {10_161: 0.1, 100_000: 0.4}
"""A sharp picture with names, once everything it needs is at hand."""
SCENE_BAR_S = {10_161: 0.25, 100_000: 1.5}
AFTER_BAR_S = 0.002
STALL_BAR_S = 0.05
"""The window must not wait longer while a picture is painted."""
QGIS_SIZES = (10_161,)
QGIS_BAR = 0.1
QGIS_VIEWS = {
    "all names": (["micro_grid"], ["micro_grid"]),
    "names of streets": (["street", "micro_grid"], ["street"]),
}
"""What QGIS paints: layers, and those with names. The second is what our picture shows."""


def run(sizes: list[int] | None) -> Report:
    """Measure each size against its bars."""
    report = Report("picture")
    for areas in sizes or SIZES:
        result = in_child("benchmarks.rows.picture:time_pictures", path=str(project_file(areas)))
        found = result.value
        for view in ("whole", "street"):
            bar = PICTURE_BAR_S.get(areas)
            for tiles in ("", " with base map"):
                timed_view = found[view + tiles]
                note = f"first time {timed_view['first']:.2f} s; {timed_view['level']} filled"
                work = f"{view} {areas:,}{tiles}"
                report.add(_line(work, timed_view["p50"], bar, result.peak_mb, note))
        bar = SCENE_BAR_S.get(areas)
        report.add(_line(f"scene {areas:,}", found["scene"], bar, None, "cut up for painting"))
        note = "told of an edit"
        report.add(_line(f"scene after {areas:,}", found["after"], AFTER_BAR_S, None, note))
        note = "another thread kept waiting, longest"
        report.add(_line(f"stall {areas:,}", found["stall"], STALL_BAR_S, None, note))
        report.details[str(areas)] = found
        if areas in QGIS_SIZES:
            _add_qgis(report, areas, found["whole"])
    return report


def _add_qgis(report: Report, areas: int, ours: dict[str, Any]) -> None:
    python = qgis_python()
    if python is None:
        report.add(Line(f"whole {areas:,}", None, "QGIS", note="left out: not installed"))
        return
    path = str(exported_project(areas))
    for names, (layers, named) in QGIS_VIEWS.items():
        seconds = in_child(
            "benchmarks.peers.qgis_render:render",
            python=python,
            timeout_s=600,
            path=path,
            layers=layers,
            named=named,
            width_px=WIDTH_PX,
            height_px=HEIGHT_PX,
            repeats=3,
        ).value
        theirs = sorted(seconds["seconds"])[1]
        note = f"{seconds['version']}, {names}; ours the first time {ours['first']:.2f} s"
        report.add(Line(f"whole {areas:,}", ours["p50"], "QGIS", theirs, None, QGIS_BAR, note))
        report.details[f"QGIS {areas} {names}"] = seconds


def exported_project(areas: int) -> Path:
    """Return the project's boundaries as other programs read them, kept beside it."""
    project = project_file(areas)
    out = project.with_name(f"{project.stem}-export.gpkg")
    if not out.exists():
        command = [sys.executable, "-m", "gridadmin", "export", str(project), str(out)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return out


def _line(work: str, ours_s: float, bar_s: float | None, peak_mb: float | None, note: str) -> Line:
    ratio = None if bar_s is None else 1.0
    return Line(work, ours_s, "" if bar_s is None else "bar", bar_s, peak_mb, ratio, note)


def time_pictures(path: str) -> dict[str, Any]:
    """Return seconds of making a scene, of pictures, and how long another thread had to wait."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from gridadmin.app.session import Session
    from ui.canvas.picture import paint_picture
    from ui.canvas.scene import MapScene
    from ui.canvas.viewport import Viewport

    application = QGuiApplication([])
    with Session.open(Path(path), write=False) as session:
        snapshot = session.snapshot
    scene, making = timed(lambda: MapScene.of(snapshot), 3)
    bounds = scene.bounds()
    if bounds is None:
        raise ValueError(path)
    whole = Viewport(width_px=WIDTH_PX, height_px=HEIGHT_PX).fitted(bounds)
    street = Viewport(width_px=WIDTH_PX, height_px=HEIGHT_PX).fitted(_box_of_street(snapshot))
    found: dict[str, Any] = {"scene": making.p50, "after": _time_after(scene)}
    with tempfile.TemporaryDirectory() as folder, _basemap(snapshot, Path(folder)) as tiles:
        for name, view in (("whole", whole), ("street", street)):
            for words, stack in (("", None), (" with base map", tiles)):
                paint = partial(paint_picture, scene, view, tiles=stack)
                _, first = timed(paint)
                _, warm = timed(paint, REPEATS)
                found[name + words] = {
                    "first": first.p50,
                    "p50": warm.p50,
                    "p95": warm.p95,
                    "seconds": warm.seconds,
                    "level": scene.fill_level(view),
                }
        found["stall"] = max(
            _longest_stall(scene, view, stack)
            for view in (whole, street)
            for stack in (None, tiles)
        )
    del application
    return found


def _box_of_street(snapshot: Any) -> tuple[float, float, float, float]:
    """Return the box of the middle one of all streets, in local metres."""
    from gridadmin.base.ids import oid_of
    from gridadmin.partition.border import box_of

    streets = sorted((a.code, a.uid) for a in snapshot.areas() if a.level == "street")
    _, uid = streets[len(streets) // 2]
    boxes = [box_of(border) for border in snapshot.partition.outline(oid_of(uid))]
    x0, y0 = (min(box[axis] for box in boxes) / 1000 for axis in (0, 1))
    x1, y1 = (max(box[axis] for box in boxes) / 1000 for axis in (2, 3))
    return x0, y0, x1, y1


def _time_after(scene: Any) -> float:
    """Return how long it takes to tell a scene of an edit of one border."""
    from dataclasses import replace

    from gridadmin.domain.change import Change, RowChange
    from gridadmin.edit.document import Done

    before = scene.snapshot
    border = next(iter(before.partition))
    rows = (RowChange("border", border, replace(border, revision=1)),)
    after = before.applied(Change("benchmark", rows), before.revision + 1)
    done = Done(Change("benchmark", rows), before, after, frozenset())
    _, timing = timed(lambda: scene.after(done), REPEATS)
    return timing.p95


@contextmanager
def _basemap(snapshot: Any, folder: Path) -> Iterator[Any]:
    """Yield a base map of all land, read from its file while it is painted."""
    import numpy as np
    from pyproj import CRS

    from benchmarks.tiles import write_basemap
    from gridadmin.tiles.opening import open_local
    from ui.canvas.tiles import TileLayer, TileStack

    box = snapshot.place(np.array(snapshot.partition.extent()).reshape(2, 2)).ravel().tolist()
    write_basemap(folder / "a.mbtiles", EPSG, tuple(box))
    x, y = snapshot.origin_mm
    with open_local(folder / "a.mbtiles") as file:
        layer = TileLayer.of_file(file, CRS.from_epsg(EPSG), (x / 1000, y / 1000))
        yield TileStack([layer])


def _longest_stall(scene: Any, view: Any, tiles: Any) -> float:
    """Return how long, at most, this thread waited for its turn while another one painted."""
    from ui.canvas.picture import paint_picture

    painter = threading.Thread(
        target=lambda: [paint_picture(scene, view, tiles=tiles) for _ in range(3)]
    )
    longest = 0.0
    painter.start()
    while painter.is_alive():
        start = time.perf_counter()
        time.sleep(0.001)
        longest = max(longest, time.perf_counter() - start - 0.001)
    painter.join()
    return longest
