"""Runs the real window without a screen, for the benchmarks; each function in its own process."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from statistics import quantiles
from time import perf_counter
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.partition import EPSG
from benchmarks.tiles import write_basemap
from gridadmin.app.session import Session
from gridadmin.partition.border import points_of
from gridadmin.tiles.local import BASEMAP_NAME
from ui.application import dress, make_application
from ui.canvas.view import MapEvent
from ui.main_window import MainWindow
from ui.settings import Settings
from ui.tiles.basemaps import BaseMaps
from ui.tiles.choice import BESIDE

WIDTH_PX, HEIGHT_PX = 1920, 1080
_PATIENCE_MS = 120_000
STALL_MS = 50.0
_LOOK_MS = 5
_REST_MS = 70
"""So long the map has to stand still before it asks for a picture."""


def started(since: float) -> float:
    """Return the seconds from *since* (``time.time()``) until the start page is painted."""
    with _window():
        QApplication.processEvents()
        return time.time() - since


def opened(path: str) -> dict[str, Any]:
    """Return the seconds from asking for a project to its first sharp map, and to its issues."""
    with _window() as window:
        begin = perf_counter()
        window.open_project(Path(path))
        until(window.map_panel.view.is_sharp)
        sharp = perf_counter() - begin
        until(lambda: window.context.bridge.has_issues)
        return {"sharp": sharp, "issues": perf_counter() - begin}


def moved(path: str, steps: int = 200, *, has_maps: bool = False) -> dict[str, Any]:
    """Return what a pan and a zoom cost the GUI thread in ms, and its longest stall meanwhile.

    Once while check and indexes are at work after the opening, once later; pictures are painted
    beside the moves both times. With *has_maps* over a base map, the second map window open.
    """
    with opened_window(path, has_maps=has_maps) as window:
        early = _moved(window, steps // 2)
        settle(window)
        return {"early": early, **_moved(window, steps)}


def _moved(window: MainWindow, steps: int) -> dict[str, Any]:
    view = window.map_panel.view
    source = random.Random(1)
    pan: list[float] = []
    zoom: list[float] = []
    heart = Heartbeat()
    pictures = _Count(window.map_panel.pictures.made)
    for step in range(steps):
        if step % 10 == 0:
            # The view rests until a picture is begun; the next moves are made beside it.
            window.map_panel.zoom_all()
            pause(_REST_MS)
        change = (
            view.view.panned(source.uniform(-120, 120), source.uniform(-90, 90))
            if step % 2
            else view.view.zoomed(source.choice((0.83, 1.2)), (700.0, 400.0))
        )
        begin = perf_counter()
        view.look(change)
        view.viewport().repaint()
        (pan if step % 2 else zoom).append((perf_counter() - begin) * 1000)
        pause(15)
    until(view.is_sharp)
    return {
        "pan_p50": percentile(pan, 50),
        "pan_p95": percentile(pan, 95),
        "zoom_p95": percentile(zoom, 95),
        "stall": heart.longest_ms,
        "stalls": heart.count(STALL_MS),
        "pictures": pictures.seen,
    }


def dragged(path: str, steps: int = 400) -> dict[str, Any]:
    """Return what a step of dragging a point costs in ms: plan, totals, tag and paint."""
    with opened_window(path) as window:
        view, panel = window.map_panel.view, window.map_panel
        source = random.Random(2)
        spent: list[float] = []
        settle(window)
        panel.choose_tool("tool.adjust")
        for x, y in inner_points(window, 10, source, border_ids(window)):
            view.look(view.view.centred((x, y)).at_scale_number(4000))
            until(view.is_sharp)
            pause(100)
            start = MapEvent(view.view.px_of((x, y)), (x, y))
            if not panel.tool.press(start):
                continue
            for _step in range(steps // 10):
                place = (x + source.uniform(-2, 2), y + source.uniform(-2, 2))
                begin = perf_counter()
                panel.tool.drag(MapEvent(view.view.px_of(place), place))
                view.viewport().repaint()
                spent.append((perf_counter() - begin) * 1000)
            panel.tool.cancel()
        return {"p50": percentile(spent, 50), "p95": percentile(spent, 95), "steps": len(spent)}


class Heartbeat(QObject):
    """Measures how long the event loop is away between two beats."""

    def __init__(self) -> None:
        super().__init__()
        self._gaps: list[float] = []
        self._own: list[float] = []
        self._last, self._last_cpu = perf_counter(), time.thread_time()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(2)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def stop(self) -> None:
        """Measure no more."""
        self._timer.stop()

    def _beat(self) -> None:
        now, cpu = perf_counter(), time.thread_time()
        self._gaps.append((now - self._last) * 1000 - 2)
        self._own.append((cpu - self._last_cpu) * 1000)
        self._last, self._last_cpu = now, cpu

    @property
    def beats(self) -> int:
        """How many beats there were."""
        return len(self._gaps)

    @property
    def longest_ms(self) -> float:
        """The longest time without a beat."""
        return max(self._gaps, default=0.0)

    @property
    def longest_own_ms(self) -> float:
        """The most that this thread itself worked between two beats: no disk, no other thread."""
        return max(self._own, default=0.0)

    def count(self, limit_ms: float) -> int:
        """Return how many times the loop was away for longer than *limit_ms*."""
        return sum(gap > limit_ms for gap in self._gaps)

    def count_own(self, limit_ms: float) -> int:
        """Return how many times this thread itself worked for longer than *limit_ms*."""
        return sum(own > limit_ms for own in self._own)


class _Count(QObject):
    """Counts how often a signal comes."""

    def __init__(self, signal: Any) -> None:
        super().__init__()
        self.seen = 0
        signal.connect(self._more)

    def _more(self, _: object) -> None:
        self.seen += 1


@contextmanager
def _window() -> Iterator[MainWindow]:
    application = make_application()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.json")
        settings.set_value("theme", "light")
        dress(application, settings, "zh")
        window = MainWindow(settings)
        window.resize(WIDTH_PX, HEIGHT_PX)
        window.show()
        try:
            yield window
        finally:
            window.close()
            until(lambda: not window.isVisible())


@contextmanager
def opened_window(path: str, *, has_maps: bool = False) -> Iterator[MainWindow]:
    """Open a project in a window of its own, up to the first sharp map.

    With *has_maps* a base map of all its land lies beside it, and the second map window is open.
    """
    with tempfile.TemporaryDirectory() as folder, _window() as window:
        project = Path(path)
        if has_maps:
            project = Path(copyfile(project, Path(folder) / "project.gpkg"))
            write_basemap(project.with_name(BASEMAP_NAME), EPSG, _extent_m(project))
        window.open_project(project)
        until(window.map_panel.view.is_sharp)
        if has_maps:
            BaseMaps.of(window.context).choose_base(BESIDE)
            window.actions_table.action("map.second").trigger()
            until(window.map_panel.view.is_sharp)
        try:
            yield window
        finally:
            # The base map is open: its folder goes after the window.
            window.close()


def _extent_m(project: Path) -> tuple[float, float, float, float]:
    """Return the box of all land in metres of the plane."""
    with Session.open(project, write=False) as session:
        snapshot = session.snapshot
    extent = snapshot.partition.extent()
    if extent is None:
        raise ValueError(project)
    x0, y0, x1, y1 = snapshot.place(np.array(extent).reshape(2, 2)).ravel().tolist()
    return x0, y0, x1, y1


def border_ids(window: MainWindow) -> list[int]:
    """Return the borders of the project that is open."""
    return [border.id for border in window.context.bridge.snapshot.partition]


def inner_points(
    window: MainWindow, count: int, source: random.Random, borders: list[int]
) -> list[tuple[float, float]]:
    """Return points of some of *borders* that are no nodes, in local metres."""
    partition = window.context.bridge.snapshot.partition
    found: list[tuple[float, float]] = []
    while len(found) < count:
        number = source.choice(borders)
        if not partition.has(number):
            continue
        border = partition.border(number)
        points = points_of(border)
        if -1 in (border.left, border.right) or len(points) < 3:
            continue
        x, y = points[source.randrange(1, len(points) - 1)].tolist()
        found.append((x / 1000, y / 1000))
    return found


def until(is_so: Callable[[], bool]) -> None:
    """Let the window live until it is so. A loop of processEvents would fight its own workers."""
    deadline = QDeadlineTimer(_PATIENCE_MS)
    loop, watch = QEventLoop(), QTimer()
    watch.setInterval(_LOOK_MS)
    watch.timeout.connect(lambda: loop.quit() if is_so() or deadline.hasExpired() else None)
    if not is_so():
        watch.start()
        loop.exec()
    watch.stop()
    if not is_so():
        raise TimeoutError("the window doesn't come to rest")


def pause(milliseconds: int) -> None:
    """Let the window live for so long."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop, loop.quit)
    loop.exec()


def settle(window: MainWindow) -> None:
    """Wait until check and indexes are done and the map shows what they found out."""
    context = window.context
    until(lambda: context.bridge.has_issues and not context.jobs.is_busy)
    pause(200)
    until(window.map_panel.view.is_sharp)


def percentile(values: list[float], percent: int) -> float:
    """Return the value that *percent* of 100 values stay below."""
    return quantiles(values, n=100)[percent - 1]
