"""One key from the map to the details, and from there back to the map."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget

_WHY = Qt.FocusReason.ShortcutFocusReason


class DetailsKey:
    """Gives the keyboard to the first thing in the details, or back to the map."""

    def __init__(self, dock: QDockWidget, details: QWidget, view: QWidget) -> None:
        self._dock = dock
        self._details = details
        self._view = view

    def press(self) -> None:
        """Go to the other one of the two; details that are hidden come up."""
        holder = QApplication.focusWidget()
        if holder is not None and self._details.isAncestorOf(holder):
            self._view.setFocus(_WHY)
            return
        self._dock.show()
        self._dock.raise_()
        first = self._first()
        if first is not None:
            first.setFocus(_WHY)

    def _first(self) -> QWidget | None:
        """Return what the tab key reaches first in the details."""
        widget = self._details.nextInFocusChain()
        while widget is not None and widget is not self._details:
            is_reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
            is_ours = self._details.isAncestorOf(widget)
            if is_ours and is_reached and widget.isEnabled() and widget.isVisible():
                return widget
            widget = widget.nextInFocusChain()
        return None
