"""What the program tells the walker: where things are, what state it is in."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QWidget

from docs.few_colours import with_few_colours
from gridadmin.base.ids import OUTSIDE
from gridadmin.partition.border import points_of
from ui.main_window import MainWindow
from ui.shots import is_at_rest


class Answers:
    """Answers one line of JSON with another; never acts on the window but to look elsewhere."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._questions: dict[str, Callable[..., Any]] = {
            "where": self._where,
            "is_visible": lambda name: self._found(name) is not None,
            "is_hidden": lambda name: self._found(name) is None,
            "is_enabled": self._is_enabled,
            "is_at_rest": lambda: is_at_rest(window),
            "is_idle": lambda: not window.context.jobs.is_busy,
            "is_open": lambda: window.context.bridge.is_open,
            "is_named": lambda name: window.context.bridge.name == name,
            "revision": self._revision,
            "is_revision": lambda at_least: self._revision() >= at_least,
            "issues": self._issues,
            "has_fewer_issues": lambda before: self._issues() < before,
            "settle_button": self._settle_button,
            "pixel": self._pixel,
            "draggable": self._draggable,
            "look": self._look,
            "window": lambda: int(window.winId()),
            "screen": self._screen,
            "shot": self._shot,
        }

    def answer(self, line: str) -> None:
        """Answer one question on stdout."""
        question = json.loads(line)
        try:
            value = self._questions[question.pop("ask")](**question)
            answer = {"value": value}
        except Exception as fault:  # noqa: BLE001 - the walker says where it got stuck
            answer = {"fault": repr(fault)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()

    # Widgets

    def _widgets(self, name: str) -> Iterator[QWidget]:
        for widget in QApplication.allWidgets():
            if widget.objectName() == name and widget.isVisible():
                yield widget

    def _found(self, name: str) -> QWidget | None:
        return next(self._widgets(name), None)

    def _is_enabled(self, name: str) -> bool:
        widget = self._found(name)
        return widget is not None and widget.isEnabled()

    def _where(self, name: str, text: str) -> list[int] | None:
        widget = self._found(name)
        if widget is None:
            return None
        if text and isinstance(widget, QAbstractItemView):
            return self._where_row(widget, text)
        # Beside the words of a radio button nothing happens: aim at its left.
        aim = QPoint(
            14
            if isinstance(widget, QAbstractButton) and widget.isCheckable()
            else widget.width() // 2,
            widget.height() // 2,
        )
        spot = widget.mapToGlobal(aim)
        return [spot.x(), spot.y()]

    def _where_row(self, view: QAbstractItemView, text: str) -> list[int] | None:
        model = view.model()
        for row in range(model.rowCount()):
            index = model.index(row, 0)
            if text in _words(model, index):
                view.scrollTo(index)
                spot = view.viewport().mapToGlobal(view.visualRect(index).center())
                return [spot.x(), spot.y()]
        return None

    def _settle_button(self) -> str | None:
        buttons = [
            widget
            for widget in self._window.inspector.findChildren(QAbstractButton)
            if widget.objectName().startswith("give-") and widget.isVisible()
        ]
        return buttons[0].objectName() if buttons else None

    # The project

    def _revision(self) -> int:
        bridge = self._window.context.bridge
        return bridge.snapshot.revision if bridge.is_open else -1

    def _issues(self) -> int:
        bridge = self._window.context.bridge
        return bridge.tally(bridge.snapshot.root.uid).count

    # The map

    def _pixel(self, place: list[float]) -> list[int]:
        view = self._window.map_panel.view
        x, y = view.view.px_of((place[0], place[1]))
        spot = view.viewport().mapToGlobal(QPoint(round(x), round(y)))
        return [spot.x(), spot.y()]

    def _draggable(self) -> dict[str, Any]:
        """Return a point between two grids of the selected area, and which way to drag it."""
        bridge = self._window.context.bridge
        snapshot = bridge.snapshot
        home = bridge.box_of_area(self._window.context.selection.areas[0])
        if home is None:
            raise LookupError("the selected area has no land")
        for border in snapshot.partition:
            points = points_of(border) / 1000
            if OUTSIDE in (border.left, border.right) or len(points) < 4:
                continue
            left, right = (snapshot.owning_area(side) for side in (border.left, border.right))
            x, y = points[len(points) // 2].tolist()
            is_inside = home[0] < x < home[2] and home[1] < y < home[3]
            if left and right and left.parent != right.parent and is_inside:
                before, after = points[len(points) // 2 - 1], points[len(points) // 2 + 1]
                dx, dy = (after - before) / np.hypot(*(after - before)) * 28
                return {"place": [x, y], "way": [-dy, dx]}
        raise LookupError("no point to drag")

    def _look(self, place: list[float], scale: float) -> bool:
        view = self._window.map_panel.view
        view.look(view.view.centred((place[0], place[1])).at_scale_number(scale))
        return True

    # Pictures

    def _screen(self) -> list[str]:
        return sorted(
            {w.objectName() for w in QApplication.allWidgets() if w.isVisible() and w.objectName()}
        )

    def _shot(self, path: str) -> bool:
        screen = self._window.screen()
        return bool(with_few_colours(screen.grabWindow(0).toImage()).save(path))


def _words(model: QAbstractItemModel, index: QModelIndex) -> str:
    return str(model.data(index, Qt.ItemDataRole.DisplayRole))
