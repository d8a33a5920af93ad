"""A page of the inspector: sections one below the other under a title."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gridadmin.domain.model import Area
from ui.panels.desk import Desk
from ui.panels.marks import StateMark
from ui.panels.parts import ElidedButton, Section, label, line


class Page(QWidget):
    """What the inspector shows of one selection; made anew for another one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setProperty("role", "page")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 12)
        self._column.setSpacing(0)
        self._column.addStretch(1)

    def add(self, section: QWidget) -> None:
        """Put a section at the end, under a line if it isn't the first."""
        at = self._column.count() - 1
        if at:
            self._column.insertWidget(at, line())
            at += 1
        self._column.insertWidget(at, section)

    def add_title(self, title: str, aside: str = "", mark: StateMark | None = None) -> Section:
        """Put a title at the top, with its sign before and something quieter behind it."""
        section = titled(title, aside, mark)
        self.add(section)
        return section

    def link(self, area: Area) -> ElidedButton:
        """Return a button that leads to an area."""
        return self.desk.link_to(area.uid)

    def renew(self) -> bool:
        """Tell the present state; return False where the page has to be made anew for that."""
        return False

    def leave(self) -> None:
        """Let go of what was shown: the page is seen no more."""


def titled(title: str, aside: str = "", mark: StateMark | None = None) -> Section:
    """Return a section with a title, its sign before and something quieter behind it."""
    section = Section()
    row = QHBoxLayout()
    row.setSpacing(6)
    if mark is not None:
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(label(title, "heading", wraps=True), 1)
    if aside:
        row.addWidget(label(aside, "quiet"), 0, Qt.AlignmentFlag.AlignTop)
    section.column.addLayout(row)
    return section
