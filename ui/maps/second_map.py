"""The second map window: another state, base map or colouring beside the map of the window."""

from __future__ import annotations

import base64
from contextlib import suppress

import numpy as np
from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ui.canvas.map_panel import MapPanel
from ui.canvas.overlay import Handles, Mark, Overlay
from ui.canvas.viewport import Place, Viewport
from ui.context import Context
from ui.maps.look import Look
from ui.maps.look_bar import LookBar
from ui.maps.plain_map import PlainMap
from ui.maps.states import MapStates
from ui.panels import words
from ui.texts import tr
from ui.theme import icon
from ui.tiles.basemaps import BaseMaps

_USUAL = QSize(860, 640)
_LEAST = QSize(700, 360)
_SETTING = "second_map"
_POINTER = "zz other pointer"


class SecondMap(QWidget):
    """A window of its own; where it stands and what it shows are remembered."""

    closed = Signal()

    def __init__(self, context: Context, panel: MapPanel, states: MapStates) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._context = context
        self._panel = panel
        # Until it has begun it leads nobody: it doesn't look anywhere yet.
        self._is_following = True
        self.setObjectName("second_map")
        self.setMinimumSize(_LEAST)
        kept = context.settings.value(_SETTING)
        look = Look.restored(kept.get("look", {}))
        self.bar = LookBar(states, BaseMaps.of(context), look, self)
        self.link = QToolButton()
        self.link.setObjectName("second_map_link")
        self.link.setText(tr("视图联动"))
        self.link.setAccessibleName(tr("视图联动"))
        self.link.setToolTip(tr("两幅地图总看同一个地方，比例尺也相同。"))
        self.link.setCheckable(True)
        self.link.setChecked(kept.get("linked") is not False)
        self.link.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.link.setIcon(icon("link"))
        self.map = PlainMap(context, panel, states, self)
        self.under = QLabel()
        self.under.setTextFormat(Qt.TextFormat.PlainText)
        self.under.setObjectName("second_map_under")
        self.under.setProperty("role", "quiet")
        self._fill()
        self._connect()
        self.map.show_look(look)
        self._title()
        self._place(kept)

    def _fill(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(10, 6, 10, 6)
        top.addWidget(self.bar, 1)
        top.addSpacing(8)
        top.addWidget(self.link)
        below = QHBoxLayout()
        below.setContentsMargins(10, 3, 10, 3)
        below.addWidget(self.under, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.map, 1)
        column.addLayout(below)

    def _connect(self) -> None:
        self.bar.changed.connect(self._choose)
        self.link.toggled.connect(self._link)
        self.map.pointed.connect(self._point)
        self.map.view.viewport_changed.connect(self._lead)
        self._panel.view.viewport_changed.connect(self._follow)
        self._panel.view.pointed.connect(self._point_here)
        self._context.bridge.opened.connect(self._title)
        for keys, act in (("Ctrl+W", self.close), ("Ctrl+0", self.show_all)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    # Looking

    @property
    def is_linked(self) -> bool:
        """Whether both maps look at the same place."""
        return self.link.isChecked()

    def show_all(self) -> None:
        """Show all land."""
        extent = self._context.bridge.extent()
        if extent is not None:
            self.map.view.show_box(extent)

    def begin(self) -> None:
        """Look where the map of the window looks."""
        self._look_as(self._panel.view.view)

    def renew(self) -> None:
        """Paint everything anew in the colours of the theme."""
        self.link.setIcon(icon("link"))
        self.map.renew()

    def _look_as(self, viewport: Viewport) -> None:
        self._is_following = True
        try:
            self.map.view.look(viewport)
        finally:
            self._is_following = False

    def _follow(self, viewport: Viewport) -> None:
        if self.is_linked and not self._is_following and self.isVisible():
            self._look_as(viewport)

    def _lead(self, viewport: Viewport) -> None:
        if self.is_linked and not self._is_following and self.isVisible():
            self._is_following = True
            try:
                self._panel.view.look(viewport)
            finally:
                self._is_following = False

    def _link(self, is_on: bool) -> None:
        if is_on:
            self.begin()
        self._keep()

    def _point(self, place: Place | None) -> None:
        """Show in the other map where the pointer is, and say what lies there."""
        _mark(self._panel.view.overlay, place)
        areas = [] if place is None else self.map.areas_under(place)
        self.under.setText(" › ".join(words.name_of(area) for area in areas))

    def _point_here(self, place: Place | None) -> None:
        _mark(self.map.view.overlay, place)

    def _choose(self, look: Look) -> None:
        self.map.show_look(look)
        self._title()
        self._keep()

    def _title(self) -> None:
        parts = (tr("第二幅地图"), self.bar.state.currentText(), self._context.bridge.name)
        is_open = self._context.bridge.is_open
        self.setWindowTitle(" · ".join(parts) if is_open else parts[0])

    # Remembering

    def _place(self, kept: dict[str, object]) -> None:
        self.resize(_USUAL)
        with suppress(ValueError, TypeError):
            geometry = kept.get("geometry")
            if isinstance(geometry, str):
                self.restoreGeometry(QByteArray(base64.b64decode(geometry)))

    def _keep(self) -> None:
        kept = {
            "look": self.bar.look.stored(),
            "linked": self.is_linked,
            "geometry": base64.b64encode(self.saveGeometry().data()).decode("ascii"),
        }
        self._context.settings.set_value(_SETTING, kept)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember where it stood, and stop painting."""
        self._keep()
        _mark(self._panel.view.overlay, None)
        self.map.close_pictures()
        super().closeEvent(event)
        self.closed.emit()


def _mark(overlay: Overlay, place: Place | None) -> None:
    things = [] if place is None else [Handles(np.array([place]), Mark.POINTER)]
    overlay.put(_POINTER, things)
