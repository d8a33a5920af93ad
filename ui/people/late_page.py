"""A page of the drawer that reads the people when it is looked at, and keeps up while it is."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from ui.people.desk import PeopleDesk


class LatePage(QWidget):
    """What it shows is read when somebody looks, and anew whenever the people are others."""

    def __init__(self, desk: PeopleDesk) -> None:
        super().__init__()
        self.desk = desk
        self._is_stale = True
        desk.staff.renewed.connect(self._follow)

    def read(self) -> bool:
        """Show what the people are now; return false when they aren't known yet."""
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while nobody looked."""
        super().showEvent(event)
        self._read()

    def _follow(self) -> None:
        self._is_stale = True
        if self.isVisible():
            self._read()

    def _read(self) -> None:
        if self._is_stale:
            self._is_stale = not self.read()
