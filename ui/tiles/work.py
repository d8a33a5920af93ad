"""What the user does with base maps: choosing, adding, managing, packing, clearing."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from gridadmin.tiles.source import Source
from ui.actions import Actions
from ui.canvas.map_panel import MapPanel
from ui.canvas.viewport import Box
from ui.context import Context
from ui.texts import tr
from ui.tiles.basemaps import BaseMaps
from ui.tiles.cache_dialog import CacheDialog
from ui.tiles.pack_dialog import PackDialog
from ui.tiles.previews import Previews
from ui.tiles.source_dialog import SourceDialog
from ui.tiles.sources_dialog import SourcesDialog


class BaseMapWork(QObject):
    """Binds the actions of base maps in one window."""

    def __init__(
        self, context: Context, actions: Actions, panel: MapPanel, window: QWidget
    ) -> None:
        super().__init__(window)
        self._context = context
        self._panel = panel
        self._window = window
        self._pack: PackDialog | None = None
        actions.bind("map.basemap", panel.basemap_button.open, self._why_not)
        picker = panel.basemap_button.picker
        picker.use_previews(Previews(context, lambda: panel.view.view, picker))
        picker.edit_wanted.connect(self.edit)
        actions.bind("map.basemap_add", self.add, self._why_not)
        actions.bind("map.basemaps", self.manage, self._why_not)
        actions.bind("map.basemap_cache", self.show_cache)
        actions.bind("map.basemap_pack", self.pack, self._why_not)

    def _why_not(self) -> str:
        return "" if self._context.bridge.is_open else tr("没有打开的项目。")

    def add(self) -> QDialog:
        """Open the dialog for another base map."""
        return self._opened(SourceDialog(self._context, None, self._window))

    def edit(self, source: Source) -> QDialog:
        """Open the dialog of a base map that is there."""
        return self._opened(SourceDialog(self._context, source, self._window))

    def manage(self) -> QDialog:
        """Open the list of all base maps."""
        return self._opened(SourcesDialog(self._context, self._window))

    def show_cache(self) -> QDialog:
        """Show what is kept of fetched tiles."""
        return self._opened(CacheDialog(self._context, self._window))

    def pack(self) -> PackDialog:
        """Open the dialog for offline packs; one at a time."""
        if self._pack is None or not isValid(self._pack):
            self._pack = PackDialog(
                self._context,
                self._seen,
                self._panel.box_of_selection,
                self._window,
            )
        self._pack.show()
        self._pack.raise_()
        self._pack.activateWindow()
        return self._pack

    def _seen(self) -> Box:
        """Return what the map shows now."""
        return self._panel.view.view.bounds()

    def close(self) -> None:
        """Stop all that is under way; the window closes."""
        if self._pack is not None and isValid(self._pack):
            self._pack.end_work()
        BaseMaps.of(self._context).close()

    def _opened(self, dialog: QDialog) -> QDialog:
        dialog.open()
        return dialog
