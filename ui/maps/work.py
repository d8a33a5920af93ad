"""What the window does with further maps: binds its actions to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog

from ui.actions import Actions
from ui.context import Context
from ui.maps.bookmark_work import BookmarkWork
from ui.maps.group_themes import GroupThemes
from ui.maps.locator import Locator
from ui.maps.reference_dialog import ReferenceDialog
from ui.maps.reference_layers import ReferenceLayers
from ui.maps.second_map import SecondMap
from ui.maps.states import MapStates
from ui.maps.swipe import Swipe
from ui.texts import tr

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_OPEN = "second_map_open"
_LOCATOR = "show_locator"


class MapWork(QObject):
    """The further maps of one window."""

    def __init__(self, context: Context, actions: Actions, window: MainWindow) -> None:
        super().__init__(window)
        self._context = context
        self._actions = actions
        self._window = window
        self._panel = window.map_panel
        self.states = MapStates(context, self)
        self.second: SecondMap | None = None
        self.swipe: Swipe | None = None
        self.locator: Locator | None = None
        self.bookmarks = BookmarkWork(context, actions, window)
        self.references = ReferenceLayers(context, self)
        self.references.changed.connect(self._show_references)
        self.references.refused.connect(self._tell_refusal)
        actions.bind("map.references", self.open_references, self._why_no_references)
        actions.bind("map.second", self.toggle_second, self._why_not_open)
        actions.bind("map.swipe", self.toggle_swipe, self._why_not_open)
        actions.bind("map.print", self.show_print, self._why_not_open)
        self.themes = GroupThemes(context, actions, window.map_panel, self)
        actions.bind_switch("map.locator", self.show_locator)
        actions.action("map.locator").setChecked(context.settings.value(_LOCATOR))
        context.bridge.opened.connect(self._begin)

    def _why_not_open(self) -> str:
        return "" if self._context.bridge.is_open else tr("没有打开的项目。")

    def _why_no_references(self) -> str:
        bridge = self._context.bridge
        if bridge.is_open and bridge.extent() is None:
            return tr("先导入边界：项目的投影由首次导入的土地确定。")
        return self._why_not_open()

    def _show_references(self) -> None:
        self._panel.show_looked_at(self.references.looked_at())

    def _tell_refusal(self, words: str) -> None:
        """Say why a file isn't seen, unless its list says so."""
        if not any(one.isVisible() for one in self._window.findChildren(ReferenceDialog)):
            self._context.messages.note(words)

    def open_references(self) -> ReferenceDialog:
        """Open the list of files that lie over the map, or bring it to the front."""
        for known in self._window.findChildren(ReferenceDialog):
            if known.isVisible():
                known.raise_()
                known.activateWindow()
                return known
        dialog = ReferenceDialog(self._context, self.references, self._window)
        dialog.show()
        return dialog

    def _begin(self) -> None:
        """Show the second map again where it stood when the last project was closed."""
        self._close_swipe()
        self._show_locator()
        if not self._context.bridge.is_open:
            self._drop_second()
        elif self.second is None and self._context.settings.value(_OPEN):
            self.open_second()

    def toggle_second(self) -> None:
        """Open the second map, or close it."""
        if self.second is None:
            self.open_second()
        else:
            self.second.close()

    def open_second(self) -> SecondMap:
        """Return the second map, opened where it isn't yet."""
        if self.second is None:
            self.second = second = SecondMap(self._context, self._panel, self.states)
            second.closed.connect(self._second_closed)
            second.show()
            second.begin()
            self._actions.action("map.second").setChecked(True)
            self._context.settings.set_value(_OPEN, True)
        return self.second

    def _second_closed(self) -> None:
        """Forget it: the user closed it."""
        self._context.settings.set_value(_OPEN, False)
        self._forget_second()

    def _drop_second(self) -> None:
        """Close it with the project; it comes again with the next one."""
        if self.second is not None:
            self.second.closed.disconnect(self._second_closed)
            self.second.close()
            self._forget_second()

    def _forget_second(self) -> None:
        self._actions.action("map.second").setChecked(False)
        if self.second is not None:
            self.second.deleteLater()
            self.second = None

    def toggle_swipe(self) -> None:
        """Begin to compare two maps in one, or end it."""
        if self.swipe is not None:
            self._close_swipe()
            return
        self.swipe = Swipe(self._context, self._panel, self.states)
        self.swipe.closed.connect(self._swipe_closed)
        self.swipe.handle.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._actions.action("map.swipe").setChecked(True)

    def _close_swipe(self) -> None:
        if self.swipe is not None:
            self.swipe.close()

    def _swipe_closed(self) -> None:
        self._actions.action("map.swipe").setChecked(False)
        if self.swipe is not None:
            self.swipe.deleteLater()
            self.swipe = None

    def show_locator(self, on: bool) -> None:
        """Show the whole project in a corner of the map, or no longer."""
        self._context.settings.set_value(_LOCATOR, bool(on))
        self._show_locator()

    def _show_locator(self) -> None:
        is_wanted = self._context.bridge.is_open and self._context.settings.value(_LOCATOR)
        if is_wanted and self.locator is None:
            self.locator = Locator(self._context, self._panel)
        elif not is_wanted:
            self._drop_locator()

    def _drop_locator(self) -> None:
        if self.locator is not None:
            self.locator.close_pictures()
            self.locator.hide()
            self.locator.deleteLater()
            self.locator = None

    def show_print(self) -> None:
        """Ask for paper and title, and print what the map shows."""
        from ui.maps.print_dialog import PrintDialog

        if self._panel.pictures.scene is None:
            return
        dialog = PrintDialog(self._context, self._panel, self.states, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def close(self) -> None:
        """Close all further maps with the window."""
        for dialog in self._window.findChildren(QDialog, "print_view"):
            dialog.reject()
        self._close_swipe()
        self._drop_locator()
        self._drop_second()
