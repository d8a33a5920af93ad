"""A drawer below the map: one page at a time, chosen by tabs, each made when it is first shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.actions import Actions
from ui.panels.parts import Panel, line
from ui.texts import tr
from ui.theme import icon


@dataclass(frozen=True)
class DrawerPage:
    """A page: its key, what its tab says, and how it is made when it is first looked at."""

    key: str
    title: str
    """Chinese, for ``tr``."""
    make: Callable[[], QWidget]


@dataclass(frozen=True)
class DrawerWords:
    """What a drawer is called: in object names, on its title, its tabs and its closing button."""

    name: str
    title: str
    views: str
    close: str


class PageDrawer(Panel):
    """The drawer; its pages stay once they are made."""

    made = Signal(str, QWidget)
    """A page was made: its key and its widget."""

    def __init__(
        self, words: DrawerWords, pages: Sequence[DrawerPage], parent: QWidget | None = None
    ) -> None:
        super().__init__(words.title, parent)
        self._words = words
        self._pages = {page.key: page for page in pages}
        self._made: dict[str, QWidget] = {}
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(words.views)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for page in pages:
            number = self.tabs.addTab(tr(page.title))
            self.tabs.setTabData(number, page.key)
        self.tabs.currentChanged.connect(lambda _: self._show_page())
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)

    def bar_buttons(self) -> list[QToolButton]:
        """Return the buttons that stand in the title; asked for once."""
        return []

    def stand_in(self, dock: QDockWidget) -> None:
        """Put tabs and buttons where the dock has its title: the pages need the room below."""
        title = QWidget()
        title.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title.setProperty("role", "page")
        title.setAccessibleName(self._words.title)
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 8, 0)
        row.setSpacing(6)
        row.addWidget(self.tabs)
        row.addStretch(1)
        for button in self.bar_buttons():
            row.addWidget(button)
        close = QToolButton()
        close.setIcon(icon("cross", "quiet"))
        close.setObjectName(f"close_{self._words.name}")
        close.setAccessibleName(self._words.close)
        close.setToolTip(self._words.close)
        close.setAutoRaise(True)
        close.clicked.connect(dock.hide)
        row.addWidget(close)
        column = QVBoxLayout(title)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(line())
        dock.setTitleBarWidget(title)

    @property
    def page(self) -> str:
        """The key of the page that is chosen."""
        return str(self.tabs.tabData(self.tabs.currentIndex()))

    def widget_of(self, key: str) -> QWidget:
        """Return a page, made if nobody looked at it yet. Raises: KeyError."""
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._pages[key].make()
            self._stack.addWidget(made)
            self.made.emit(key, made)
        return made

    def made_page(self, key: str) -> QWidget | None:
        """Return a page if somebody looked at it already."""
        return self._made.get(key)

    def show_page(self, key: str) -> QWidget:
        """Show a page and return it. Raises: KeyError."""
        self.tabs.setCurrentIndex(self._number_of(key))
        self._show_page()
        return self.widget_of(key)

    def retitle(self, key: str, title: str) -> None:
        """Let the tab of a page say something else. Raises: KeyError."""
        self.tabs.setTabText(self._number_of(key), title)

    def _number_of(self, key: str) -> int:
        if key not in self._pages:
            raise KeyError(key)
        return [*self._pages].index(key)

    def _show_page(self) -> None:
        if self.isVisible():
            self._stack.setCurrentWidget(self.widget_of(self.page))

    def showEvent(self, event: QShowEvent) -> None:
        """Make the page that is looked at."""
        super().showEvent(event)
        self._show_page()


def bar_button(actions: Actions, key: str, drawer: str) -> QToolButton:
    """Return a button with words and icon for an action of the drawer called *drawer*."""
    button = QToolButton()
    button.setDefaultAction(actions.action(key))
    button.setObjectName(f"{drawer}_bar_{key}")
    button.setAccessibleName(button.defaultAction().text())
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setProperty("role", "outlined")
    return button
