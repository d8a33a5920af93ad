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

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from gridadmin.base.errors import EditError
from gridadmin.edit.vertex_commands import Move
from gridadmin.partition.border import points_of
from ui.application import dress, make_application
from ui.canvas.view import MapEvent
from ui.main_window import MainWindow
from ui.settings import Settings

WIDTH_PX, HEIGHT_PX = 1920, 1080
_PATIENCE_MS = 120_000
_STALL_MS = 50.0
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


def moved(path: str, steps: int = 200) -> dict[str, Any]:
    """Return what a pan and a zoom cost the GUI thread in ms, and its longest stall meanwhile.

    Once while check and indexes are at work after the opening, once later; pictures are painted
    beside the moves both times.
    """
    with opened_window(path) as window:
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
        "stalls": heart.count(_STALL_MS),
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
        for x, y in inner_points(window, 10, source, _border_ids(window)):
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


def soaked(path: str, steps: int = 2000) -> dict[str, Any]:
    """Do random pans, zooms, selections, edits and undos; return memory and the longest stall."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "soak.gpkg"
        copyfile(path, copy)
        with opened_window(str(copy)) as window:
            settle(window)
            walk = _Walk(window)
            # Caches fill first: what grows after that is a leak.
            for _ in range(steps):
                walk.step()
            until(window.map_panel.view.is_sharp)
            before = _rss_mb()
            heart = Heartbeat()
            for _ in range(steps):
                walk.step()
            until(window.map_panel.view.is_sharp)
            return {
                "before_mb": before,
                "after_mb": _rss_mb(),
                "stall": heart.longest_ms,
                "own": heart.longest_own_ms,
                "stalls": heart.count(_STALL_MS),
                "beats": heart.beats,
                "done": walk.done,
                "widgets": len(QApplication.allWidgets()),
            }


class _Walk:
    """What somebody might do in an hour, in random order."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._source = random.Random(3)
        self._uids = [area.uid for area in window.context.bridge.snapshot.areas()]
        self._borders = _border_ids(window)
        self.done = {"pan": 0, "zoom": 0, "select": 0, "edit": 0, "undo": 0}

    def step(self) -> None:
        """Do one thing and let the window work for a moment."""
        what = self._source.choices(list(self.done), (4, 3, 3, 2, 1))[0]
        getattr(self, f"_{what}")()
        self.done[what] += 1
        pause(self._source.choice((1, 1, 5, 30)))

    def _pan(self) -> None:
        view = self._window.map_panel.view
        view.look(
            view.view.panned(self._source.uniform(-400, 400), self._source.uniform(-300, 300))
        )

    def _zoom(self) -> None:
        if self._source.random() < 0.1:
            self._window.map_panel.zoom_all()
        else:
            self._window.map_panel.view.zoom(self._source.choice((0.7, 1.4)))

    def _select(self) -> None:
        self._window.context.select_and_show(self._source.choice(self._uids))

    def _edit(self) -> None:
        bridge = self._window.context.bridge
        ((x, y),) = inner_points(self._window, 1, self._source, self._borders)
        start = bridge.to_plane((x, y))
        end = (start[0] + self._source.uniform(-1, 1), start[1] + self._source.uniform(-1, 1))
        try:
            bridge.document.execute(Move(start, end))
        except EditError:
            return

    def _undo(self) -> None:
        document = self._window.context.bridge.document
        if document.can_undo:
            document.undo()


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
def opened_window(path: str) -> Iterator[MainWindow]:
    """Open a project in a window of its own, up to the first sharp map."""
    with _window() as window:
        window.open_project(Path(path))
        until(window.map_panel.view.is_sharp)
        yield window


def _border_ids(window: MainWindow) -> list[int]:
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


def _rss_mb() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(
        line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmRSS")
    )
    return int(line.split()[1]) / 1024
