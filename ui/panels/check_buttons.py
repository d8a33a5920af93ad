"""Buttons below the figures of the check: settle the small ones at once, write a report."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from ui.actions import Actions
from ui.panels.flow import FlowBox

_KEYS = ("issue.batch", "issue.report")


def check_buttons(actions: Actions) -> QWidget:
    """Return the buttons in one row, or more where it is narrow."""
    box = FlowBox()
    for key in _KEYS:
        button = QToolButton()
        button.setDefaultAction(actions.action(key))
        button.setObjectName(f"checks_{key}")
        button.setAccessibleName(actions.action(key).text())
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        button.setProperty("role", "outlined")
        box.add(button)
    return box
