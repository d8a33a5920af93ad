"""The drawer of people: one page at a time, chosen by tabs; nothing is made before it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
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
from ui.people.desk import PageSpec, PeopleDesk
from ui.people.pages import PAGES
from ui.texts import tr
from ui.theme import icon

if TYPE_CHECKING:
    from ui.people.found import Found

BUTTONS: tuple[str, ...] = ("people.assign", "people.end")
"""The actions that have a button in the title of the drawer."""


class PeoplePanel(Panel):
    """The drawer; its pages share the seats that are chosen."""

    made = Signal(str, QWidget)
    """A page was made: its key and its widget."""

    def __init__(
        self, desk: PeopleDesk, pages: Sequence[PageSpec] = PAGES, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("人员"), parent)
        self._desk = desk
        self._specs = {spec.key: spec for spec in pages}
        self._made: dict[str, QWidget] = {}
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(tr("人员视图"))
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
        self._found: Found | None = None
        desk.staff.renewed.connect(self._look)

    def stand_in(self, dock: QDockWidget) -> None:
        """Put tabs and buttons where the dock has its title: the table needs the room below."""
        title = QWidget()
        title.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title.setProperty("role", "page")
        title.setAccessibleName(tr("人员"))
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 8, 0)
        row.setSpacing(6)
        row.addWidget(self.tabs)
        row.addStretch(1)
        for key in BUTTONS:
            row.addWidget(self._button(key))
        close = QToolButton()
        close.setIcon(icon("cross", "quiet"))
        close.setObjectName("close_people")
        close.setAccessibleName(tr("收起人员面板"))
        close.setToolTip(tr("收起人员面板"))
        close.setAutoRaise(True)
        close.clicked.connect(dock.hide)
        row.addWidget(close)
        column = QVBoxLayout(title)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(line())
        dock.setTitleBarWidget(title)

    def _button(self, key: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._desk.actions.action(key))
        button.setObjectName(f"people_bar_{key}")
        button.setAccessibleName(button.defaultAction().text())
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setProperty("role", "outlined")
        return button

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
        """Read the people when somebody first looks at them."""
        super().showEvent(event)
        self._desk.staff.wake()
        self._show_page()
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the findings rest while nobody looks."""
        super().hideEvent(event)
        if self._found is not None:
            self._found.watch(is_watched=False)

    # Findings

    def _look(self) -> None:
        """Have the people looked at once they are read: the tab says how much weighs."""
        if not self.isVisible() or not self._desk.staff.is_up_to_date:
            return
        if self._found is None:
            # Only here: the rules take their time to come in.
            from ui.people.found import Found

            self._found = Found.of(self._desk.context)
            self._found.renewed.connect(self._count)
        self._found.watch(is_watched=True)
        self._count()

    def _count(self) -> None:
        count = None if self._found is None else self._found.weighing
        for number, spec in enumerate(self._specs.values()):
            if spec.key == "findings":
                title = tr(spec.title)
                self.tabs.setTabText(number, f"{title} {count:,}" if count else title)
