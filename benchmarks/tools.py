"""One step of every boundary tool in the real window: what a move of the mouse costs.

Each function runs in its own process. A step is all that one move sets off: what the pointer snaps
to, what would come of it, totals, tag and paint.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from benchmarks.window import inner_points, opened_window, pause, percentile, settle, until
from gridadmin.app.demo import write_demo
from gridadmin.partition.border import points_of
from ui.canvas.view import MapEvent
from ui.canvas.viewport import Place
from ui.main_window import MainWindow

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_PLACES = 8
_SCALE = 4000
_LONG_M = 60.0
"""So far the end of a drawn line wanders from its beginning."""


def demo_file(folder: str) -> str:
    """Write the demo city, with roads, buildings and compounds, and return its project."""
    path = Path(folder) / "demo.gpkg"
    if not path.exists():
        write_demo(Path(folder))
    return str(path)


def steps_of_tools(path: str, steps: int = 160) -> dict[str, Any]:
    """Return for each tool what its steps cost in ms: p50, p95 and the dearest one.

    ``own_…`` is the work of the GUI thread itself, without what it waits for others.
    """
    with opened_window(path) as window:
        settle(window)
        return {
            name: _figures(_spent(window, name, begin, move, steps))
            for name, (begin, move) in _TOOLS.items()
        }


def _figures(spent: list[tuple[float, float]]) -> dict[str, float]:
    whole, own = [step[0] for step in spent], [step[1] for step in spent]
    return {
        "p50": percentile(whole, 50),
        "p95": percentile(whole, 95),
        "max": max(whole),
        "first": whole[0],
        "own_p50": percentile(own, 50),
        "own_p95": percentile(own, 95),
        "own_max": max(own),
        "steps": len(whole),
    }


Begin = Callable[[MainWindow, Place], bool]
Move = Callable[[MainWindow, Place], None]


def _spent(
    window: MainWindow, name: str, begin: Begin, move: Move, steps: int
) -> list[tuple[float, float]]:
    source = random.Random(name)
    spent: list[tuple[float, float]] = []
    for start in _starts(window, source):
        if not begin(window, start):
            window.map_panel.tool.cancel()
            continue
        for step in range(steps // _PLACES):
            reach = 2.0 + (_LONG_M - 2.0) * step / (steps // _PLACES)
            place = (start[0] + source.uniform(-reach, reach), start[1] + reach)
            begun, own = perf_counter(), thread_time()
            move(window, place)
            window.map_panel.view.viewport().repaint()
            # A preview that waits for the queue to be empty belongs to the step.
            QApplication.processEvents()
            spent.append(((perf_counter() - begun) * 1000, (thread_time() - own) * 1000))
        window.map_panel.tool.cancel()
        window.map_panel.tool.cancel()
    return spent


def _starts(window: MainWindow, source: random.Random) -> Iterator[Place]:
    partition = window.context.bridge.snapshot.partition
    long_ones = [
        border.id
        for border in partition
        if -1 not in (border.left, border.right) and len(points_of(border)) > 2
    ]
    view = window.map_panel.view
    for x, y in inner_points(window, _PLACES, source, sorted(long_ones)):
        view.look(view.view.centred((x, y)).at_scale_number(_SCALE))
        until(view.is_sharp)
        pause(100)
        yield x, y


def _event(window: MainWindow, place: Place, modifiers: Any = None) -> MapEvent:
    px = window.map_panel.view.view.px_of(place)
    none = Qt.KeyboardModifier.NoModifier
    return MapEvent(px, place, none if modifiers is None else modifiers)


def _point(window: MainWindow, start: Place) -> bool:
    window.map_panel.choose_tool("tool.adjust")
    return window.map_panel.tool.press(_event(window, start))


def _stretch(window: MainWindow, start: Place) -> bool:
    window.map_panel.choose_tool("tool.adjust")
    return window.map_panel.tool.press(_event(window, start, _SHIFT))


def _drag(window: MainWindow, place: Place) -> None:
    window.map_panel.tool.drag(_event(window, place))


def _hover(window: MainWindow, place: Place) -> None:
    window.map_panel.tool.hover(_event(window, place))


def _line_by(key: str, *, traces: bool = False) -> Begin:
    def begin(window: MainWindow, start: Place) -> bool:
        panel = window.map_panel
        _select_owner(window, start)
        panel.choose_tool(key)
        panel.tool.click(_event(window, start))
        if not traces:
            panel.tool.click(_event(window, (start[0] + 30.0, start[1] - 30.0)))
        else:
            _press_key(window, Qt.Key.Key_T)
        return True

    return begin


def _paint(window: MainWindow, start: Place) -> bool:
    _select_owner(window, start)
    window.map_panel.choose_tool("tool.paint")
    return window.map_panel.tool.press(_event(window, start, _SHIFT))


def _paint_buildings(window: MainWindow, start: Place) -> bool:
    _select_owner(window, start)
    window.map_panel.choose_tool("tool.paint")
    _press_key(window, Qt.Key.Key_3)
    return window.map_panel.tool.press(_event(window, start))


def _select_owner(window: MainWindow, place: Place) -> None:
    """Select the area left of the border at a place: who receives, or is split."""
    snapshot = window.context.bridge.snapshot
    x, y = round(place[0] * 1000), round(place[1] * 1000)
    near = snapshot.partition.in_box((x - 50, y - 50), (x + 50, y + 50))
    owners = [snapshot.owning_area(border.left) for border in near]
    window.context.selection.select_areas([area.uid for area in owners[:1] if area is not None])


def _press_key(window: MainWindow, key: Qt.Key) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "")
    window.map_panel.tool.key(event, None)


_TOOLS: dict[str, tuple[Begin, Move]] = {
    "adjust, a point": (_point, _drag),
    "adjust, a stretch": (_stretch, _drag),
    "redraw": (_line_by("tool.redraw"), _hover),
    "split": (_line_by("tool.split"), _hover),
    "draw": (_line_by("tool.draw"), _hover),
    "draw, traced": (_line_by("tool.draw", traces=True), _hover),
    "paint, a rectangle": (_paint, _drag),
    "paint, buildings": (_paint_buildings, _drag),
}
