"""The drawer of publishing: one page at a time, chosen by tabs; nothing is made before shown."""

from __future__ import annotations

from collections.abc import Sequence

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

from ui.panels.parts import Panel, line
from ui.publish.desk import PageSpec, PublishDesk
from ui.publish.pages import PAGES
from ui.texts import tr
from ui.theme import icon

BUTTONS: tuple[str, ...] = ("publish.release",)
"""The actions that have a button in the title of the drawer."""


class PublishPanel(Panel):
    """The drawer; its pages share the release that is chosen."""

    made = Signal(str, QWidget)
    """A page was made: its key and its widget."""

    def __init__(
        self, desk: PublishDesk, pages: Sequence[PageSpec] = PAGES, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("发布"), parent)
        self._desk = desk
        self._specs = {spec.key: spec for spec in pages}
        self._made: dict[str, QWidget] = {}
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(tr("发布视图"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for spec in pages:
            number = self.tabs.addTab(tr(spec.title))
            self.tabs.setTabData(number, spec.key)
        self.tabs.currentChanged.connect(lambda _: self._show_page())
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)

    def stand_in(self, dock: QDockWidget) -> None:
        """Put tabs and buttons where the dock has its title: the pages need the room below."""
        title = QWidget()
        title.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title.setProperty("role", "page")
        title.setAccessibleName(tr("发布"))
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 8, 0)
        row.setSpacing(6)
        row.addWidget(self.tabs)
        row.addStretch(1)
        for key in BUTTONS:
            row.addWidget(action_button(self._desk, key))
        close = QToolButton()
        close.setIcon(icon("cross", "quiet"))
        close.setObjectName("close_publish")
        close.setAccessibleName(tr("收起发布面板"))
        close.setToolTip(tr("收起发布面板"))
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
            made = self._made[key] = self._specs[key].make(self._desk)
            self._stack.addWidget(made)
            self.made.emit(key, made)
        return made

    def made_page(self, key: str) -> QWidget | None:
        """Return a page if somebody looked at it already."""
        return self._made.get(key)

    def show_page(self, key: str) -> QWidget:
        """Show a page and return it. Raises: KeyError."""
        number = [*self._specs].index(key) if key in self._specs else -1
        if number < 0:
            raise KeyError(key)
        self.tabs.setCurrentIndex(number)
        self._show_page()
        return self.widget_of(key)

    def _show_page(self) -> None:
        if self.isVisible():
            self._stack.setCurrentWidget(self.widget_of(self.page))

    def showEvent(self, event: QShowEvent) -> None:
        """Read the deliveries when somebody looks at them."""
        super().showEvent(event)
        self._desk.records.read()
        self._show_page()


def action_button(desk: PublishDesk, key: str) -> QToolButton:
    """Return a button with words and icon for an action."""
    button = QToolButton()
    button.setDefaultAction(desk.actions.action(key))
    button.setObjectName(f"publish_bar_{key}")
    button.setAccessibleName(button.defaultAction().text())
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setProperty("role", "outlined")
    return button
