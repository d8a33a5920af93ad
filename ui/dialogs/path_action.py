"""A button inside a field that takes a path, for whoever would rather choose than type."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from ui.theme import icon


def offer_choice(field: QLineEdit, said: str, choose: Callable[[], None]) -> QAction:
    """Put a button that opens a file dialog at the end of *field*."""
    action = field.addAction(icon("open"), QLineEdit.ActionPosition.TrailingPosition)
    action.setToolTip(said)
    action.triggered.connect(choose)
    return action
