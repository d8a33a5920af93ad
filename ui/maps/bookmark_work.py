"""Bookmarks in the menu, by keys and in the search."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu

from gridadmin.app.search import Phrases
from ui.actions import Actions
from ui.context import Context
from ui.maps.bookmark_dialog import NUMBERED, BookmarkDialog
from ui.maps.bookmarks import Bookmarks, Kept
from ui.menus.spec import MAP
from ui.search_list import Row
from ui.texts import tr

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_FOUND = 5
_LISTED = 30
"""The menu lists so many."""


class BookmarkWork(QObject):
    """Binds the bookmarks of one window."""

    def __init__(self, context: Context, actions: Actions, window: MainWindow) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self.marks = Bookmarks(context, window.map_panel, self)
        self._phrases: Phrases | None = None
        self._spoken: list[Kept] = []
        actions.bind("map.bookmarks", self.show_dialog, self._why_not_open)
        self.menu = QMenu(tr("转到书签"), window)
        self.menu.setObjectName("bookmark_menu")
        window.menus[MAP].addMenu(self.menu)
        self.menu.aboutToShow.connect(self._fill_menu)
        self._fill_menu()
        for number in range(NUMBERED):
            keys = QShortcut(QKeySequence(f"Alt+{number + 1}"), window)
            keys.activated.connect(partial(self._go_to_number, number))
        window.search_box.finders.append(self.find)
        self.marks.changed.connect(self._changed)

    def _why_not_open(self) -> str:
        return "" if self._context.bridge.is_open else tr("没有打开的项目。")

    def show_dialog(self) -> None:
        """Show the bookmarks, ready to keep the present view."""
        for standing in self._window.findChildren(BookmarkDialog):
            if standing.isVisible():
                standing.raise_()
                standing.activateWindow()
                return
        dialog = BookmarkDialog(self.marks, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def _go_to_number(self, number: int) -> None:
        if self._context.bridge.is_open:
            self.marks.go_to_number(number)

    def _changed(self) -> None:
        self._phrases = None
        self._fill_menu()

    def _fill_menu(self) -> None:
        self.menu.clear()
        for number, kept in enumerate(self.marks.all()[:_LISTED]):
            name = kept.mark.name.replace("&", "&&")
            keys = f"\tAlt+{number + 1}" if number < NUMBERED else ""
            action = self.menu.addAction(f"{name}{keys}")
            action.triggered.connect(partial(self._go, kept))
        if self.menu.isEmpty():
            self.menu.addAction(tr("还没有书签")).setEnabled(False)

    def _go(self, kept: Kept, _: bool = False) -> None:
        self.marks.go(kept)

    def find(self, typed: str) -> list[Row]:
        """Return the bookmarks that fit what somebody typed, by pinyin too."""
        if self._phrases is None:
            self._spoken = self.marks.all()
            self._phrases = Phrases([kept.mark.name for kept in self._spoken])
        found = [self._spoken[line] for line in self._phrases.find(typed)][:_FOUND]
        if not found:
            return []
        rows = [
            Row(
                kept.mark.name,
                tr("自己的书签") if kept.is_own else tr("项目的书签"),
                "",
                "pin",
                act=partial(self.marks.go, kept),
            )
            for kept in found
        ]
        return [Row(tr("书签"), is_heading=True), *rows]
