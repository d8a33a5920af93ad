"""What stands in the middle of the window, one at a time."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QWidget


class Middle(QStackedWidget):
    """Start page, map and sheets; only what is seen asks for room.

    What lies behind may be wider: the panels beside the map would be squeezed for it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("middle")
        self.currentChanged.connect(self._turned)

    def minimumSizeHint(self) -> QSize:
        """Return what the page that is seen needs at least."""
        page = self.currentWidget()
        if page is None:
            return super().minimumSizeHint()
        return page.minimumSizeHint().expandedTo(page.minimumSize())

    def _turned(self, _: int) -> None:
        self.updateGeometry()
