"""A map to look at, without tools: another state, base map or colouring of the open project."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from gridadmin.domain.model import Area
from gridadmin.edit.document import Done
from ui.canvas.furniture import Attribution, ScaleBar
from ui.canvas.legend import Legend
from ui.canvas.map_panel import MapPanel
from ui.canvas.overlay import Role
from ui.canvas.picking import areas_at
from ui.canvas.pictures import Picture
from ui.canvas.view import MapEvent, MapView
from ui.canvas.viewport import Place, Viewport
from ui.context import Context
from ui.maps.look import Look
from ui.maps.other_pictures import OtherPictures
from ui.maps.states import MapStates
from ui.tools.shapes import area_outline

_GAP_PX = 12


class PlainMap(QWidget):
    """Pictures, scale bar, attribution and legend of one look; a click selects an area."""

    pointed = Signal(object)
    """The place in local metres under the pointer, or None."""

    def __init__(
        self, context: Context, panel: MapPanel, states: MapStates, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self.view = MapView(self)
        self.pictures = OtherPictures(context, panel, states, self)
        self.scale_bar = ScaleBar(self)
        self.attribution = Attribution(self)
        self.legend = Legend(self)
        self.legend.least_px = _GAP_PX
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(self.view)
        self._handler = _Looking(self)
        self.view.use(self._handler)
        self.view.viewport_changed.connect(self._look_at)
        self.view.picture_wanted.connect(self.pictures.ask)
        self.view.pointed.connect(self.pointed)
        self.pictures.made.connect(self._take)
        self.pictures.ready.connect(self._renew)
        context.bridge.opened.connect(self._begin)
        context.bridge.changed.connect(self._follow)
        context.selection.changed.connect(self.show_selection)
        context.settings.changed.connect(self._settings_changed)
        panel.renewed.connect(self.renew)
        self._begin()

    def show_look(self, look: Look) -> None:
        """Show another state, base map or colouring."""
        self.pictures.show(look)
        self.renew()

    def renew(self) -> None:
        """Paint everything anew, in the colours of the theme."""
        self.legend.show_style(self.pictures.style(), self.pictures.snapshot)
        self.attribution.tell(self.pictures.attribution)
        self.view.overlay.update()
        self.view.viewport().update()
        self.view.ask_picture()

    def close_pictures(self) -> None:
        """Stop painting for good."""
        self.pictures.close()

    def areas_under(self, place: Place) -> list[Area]:
        """Return the areas of the shown state that hold a place, from the root down."""
        snapshot = self.pictures.snapshot
        return [] if snapshot is None else areas_at(snapshot, place)

    def click(self, place: Place) -> None:
        """Select what is filled at this scale under a place, in all maps."""
        snapshot = self.pictures.snapshot
        if snapshot is None:
            return
        shown = self.view.shown_level
        found = [
            area
            for area in self.areas_under(place)
            if not shown or snapshot.level_rank(area.level) <= snapshot.level_rank(shown)
        ]
        known = self._context.bridge.snapshot.rows("area")
        if found and found[-1].uid in known:
            self._context.selection.select_areas([found[-1].uid])
        elif not found:
            self._context.selection.clear()

    def show_selection(self) -> None:
        """Show where the selected areas lie in this state."""
        snapshot = self.pictures.snapshot
        uids = self._context.selection.areas
        known = () if snapshot is None else snapshot.rows("area")
        there = [uid for uid in uids if uid in known]
        things = area_outline(snapshot, there, Role.SELECTED) if snapshot and there else []
        self.view.overlay.put("0 selected", things)

    def _begin(self) -> None:
        self.view.take_picture(None)
        self.view.overlay.put("0 selected", [])

    def _follow(self, done: Done) -> None:
        self.show_selection()
        self.view.ask_picture()

    def _renew(self) -> None:
        self.attribution.tell(self.pictures.attribution)
        self.legend.show_style(self.pictures.style(), self.pictures.snapshot)
        self._look_at(self.view.view)
        self.show_selection()
        self.view.ask_picture_now()

    def _take(self, picture: Picture) -> None:
        self.view.take_picture(picture)

    def _look_at(self, viewport: Viewport) -> None:
        scene = self.pictures.pictures.scene
        if scene is not None:
            self.view.shown_level = scene.fill_level(viewport)
        self.scale_bar.look(viewport)

    def _settings_changed(self, key: str) -> None:
        if key in ("show_labels", "fill_opacity", "hidden_layers"):
            self.view.ask_picture()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what floats in its place."""
        super().resizeEvent(event)
        for floating in (self.scale_bar, self.attribution, self.legend):
            floating.place()
            floating.raise_()


class _Looking:
    """What pointer and keys do on a map without tools."""

    def __init__(self, plain: PlainMap) -> None:
        self._plain = plain

    def press(self, event: MapEvent) -> bool:
        """Leave drags to the map."""
        return False

    def drag(self, event: MapEvent) -> None:
        """Do nothing."""

    def release(self, event: MapEvent) -> None:
        """Do nothing."""

    def click(self, event: MapEvent) -> None:
        """Select an area."""
        self._plain.click(event.place)

    def double_click(self, event: MapEvent) -> None:
        """Do nothing."""

    def hover(self, event: MapEvent | None) -> None:
        """Do nothing: the map tells where the pointer is."""

    def key(self, event: QKeyEvent, pointer: MapEvent | None) -> bool:
        """Select an area by Enter or the space bar."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and pointer is not None:
            self._plain.click(pointer.place)
            return True
        return False

    def key_up(self, event: QKeyEvent) -> None:
        """Do nothing."""

    def wants(self, event: QKeyEvent) -> bool:
        """Leave shortcuts to the window."""
        return False

    def keys_lost(self) -> None:
        """Do nothing."""
