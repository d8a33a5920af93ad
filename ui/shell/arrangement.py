"""Where the panels stand: one arrangement for each workspace, kept from one time to the next."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ui.settings import Settings

WORKSPACES = ("boundaries", "people", "checks", "charts", "publish")
DRAWERS = ("people", "publish")
"""Workspaces that have a drawer of their own below the map."""
_USUAL = QSize(1440, 900)
_AROUND = QSize(16, 48)
"""What the frame and title of a window take."""
_STATE_VERSION = 2
_LEFT_PX = {"boundaries": 268, "people": 268, "checks": 372, "charts": 230, "publish": 268}
_RIGHT_PX = 312
_MOST_BESIDE = 0.6
"""Of the width of the window, for what stands beside the map."""
_DRAWER = 0.4
"""Of the height of the window, for the drawer of a workspace."""


class Arrangement(QObject):
    """Puts the panels of a window where the user left them in each workspace."""

    def __init__(
        self, window: QMainWindow, docks: Mapping[str, QDockWidget], settings: Settings
    ) -> None:
        super().__init__(window)
        self._window = window
        self._docks = docks
        self._settings = settings
        self._kept: dict[str, QByteArray] = {}
        self._arrange()

    def keep(self, workspace: str) -> None:
        """Note how the panels stand in a workspace."""
        self._kept[workspace] = self._window.saveState(_STATE_VERSION)

    def restore(self, workspace: str) -> None:
        """Put the panels where they stood in a workspace, at first where they usually stand."""
        kept = self._kept.get(workspace)
        if kept is None or not self._window.restoreState(kept, _STATE_VERSION):
            self._arrange()
            self._put_as_usual(workspace)

    def reset(self, workspace: str, *, is_open: bool) -> None:
        """Forget all arrangements; what is open stands as usual at once."""
        self._kept.clear()
        if is_open:
            self._arrange()
            self._put_as_usual(workspace)

    def _arrange(self) -> None:
        """Put the panels beside the map: tree and issues left, details and history right."""
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        for dock in self._docks.values():
            dock.setFloating(False)
            self._window.removeDockWidget(dock)
        self._window.addDockWidget(left, self._docks["tree"])
        self._window.addDockWidget(left, self._docks["issues"])
        self._window.tabifyDockWidget(self._docks["tree"], self._docks["issues"])
        self._window.addDockWidget(right, self._docks["inspector"])
        self._window.addDockWidget(right, self._docks["history"])
        self._window.tabifyDockWidget(self._docks["inspector"], self._docks["history"])
        for key in (*DRAWERS, "plan"):
            self._window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self._docks[key])

    def _put_as_usual(self, name: str) -> None:
        # The drawers below come when they are asked for: they take room from the map. The list
        # of issues is too high to stand above one.
        hidden = {"plan", *DRAWERS} - {name}
        if name in DRAWERS:
            hidden.add("issues")
        elif name == "charts":
            # The sheet has its choices beside it; the tree alone is asked for an area.
            hidden |= {"issues", "inspector", "history"}
        for key, dock in self._docks.items():
            dock.setVisible(key not in hidden)
        left = "issues" if name == "checks" else "tree"
        self._docks[left].raise_()
        self._docks["inspector"].raise_()
        wanted = _LEFT_PX[name], _RIGHT_PX
        # Large letters on a small screen leave the map room all the same.
        most = self._window.width() * _MOST_BESIDE / sum(wanted)
        scale = min(self._settings.value("font_scale") / 100, most)
        self._window.resizeDocks(
            [self._docks[left], self._docks["inspector"]],
            [round(px * scale) for px in wanted],
            Qt.Orientation.Horizontal,
        )
        if name in DRAWERS:
            # Once the panels stand: before that they take more room than they need.
            QTimer.singleShot(0, self, partial(self._open_drawer, name))

    def _open_drawer(self, name: str) -> None:
        px = round(self._window.height() * _DRAWER)
        self._window.resizeDocks([self._docks[name]], [px], Qt.Orientation.Vertical)

    def restore_window(self) -> None:
        """Stand where the window stood when it was last closed."""
        kept = self._settings.value("window")
        room = self._window.screen().availableGeometry().size()
        self._window.resize(_USUAL.boundedTo(room - _AROUND))
        if room.width() <= _USUAL.width():
            self._window.setWindowState(Qt.WindowState.WindowMaximized)
        with suppress(ValueError, TypeError, AttributeError):
            if "geometry" in kept:
                self._window.restoreGeometry(QByteArray(base64.b64decode(kept["geometry"])))
            self._kept = {
                name: QByteArray(base64.b64decode(kept[name]))
                for name in WORKSPACES
                if name in kept
            }

    def remember(self) -> None:
        """Store how window and panels stand."""
        kept = {"geometry": _text(self._window.saveGeometry())}
        kept |= {name: _text(state) for name, state in self._kept.items()}
        self._settings.set_value("window", kept)


def _text(data: QByteArray) -> str:
    return base64.b64encode(data.data()).decode("ascii")
