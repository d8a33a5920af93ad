"""An hour of work in a few minutes: random pans, zooms, selections, edits and undos."""

from __future__ import annotations

import gc
import random
import tempfile
import threading
from pathlib import Path
from shutil import copyfile
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from benchmarks.window import (
    STALL_MS,
    Heartbeat,
    border_ids,
    inner_points,
    opened_window,
    pause,
    settle,
    until,
)
from gridadmin.edit.vertex_commands import Move
from ui.main_window import MainWindow


def soaked(path: str, steps: int = 2000, *, has_maps: bool = False) -> dict[str, Any]:
    """Do random pans, zooms, selections, edits and undos; return what grew and what stalled.

    With *has_maps* over a base map, the second map window open.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "soak.gpkg"
        copyfile(path, copy)
        with opened_window(str(copy), has_maps=has_maps) as window:
            settle(window)
            walk = _Walk(window)
            # Caches fill first: what grows after that is a leak.
            for _ in range(steps):
                walk.step()
            before = _at_rest(window)
            heart = Heartbeat()
            for _ in range(steps):
                walk.step()
            until(window.map_panel.view.is_sharp)
            heart.stop()
            after = _at_rest(window)
            return {
                "before": before,
                "after": after,
                "stall": heart.longest_ms,
                "own": heart.longest_own_ms,
                "stalls": heart.count(STALL_MS),
                "own_stalls": heart.count_own(STALL_MS),
                "beats": heart.beats,
                "done": walk.done,
            }


def _at_rest(window: MainWindow) -> dict[str, float]:
    """Return memory, widgets and threads when nothing is under way and garbage is gone."""
    settle(window)
    gc.collect()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    tasks = Path("/proc/self/task")
    return {
        "memory_mb": _rss_mb(),
        "widgets": len(QApplication.allWidgets()),
        "threads": len(list(tasks.iterdir())) if tasks.exists() else threading.active_count(),
    }


class _Walk:
    """What somebody might do in an hour, in random order."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._source = random.Random(3)
        self._uids = [area.uid for area in window.context.bridge.snapshot.areas()]
        self._borders = border_ids(window)
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
        bridge.attempt(Move(start, end))

    def _undo(self) -> None:
        bridge = self._window.context.bridge
        if bridge.document.can_undo:
            bridge.undo()


def _rss_mb() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(
        line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmRSS")
    )
    return int(line.split()[1]) / 1024
