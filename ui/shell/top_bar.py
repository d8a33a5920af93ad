"""The bar above the map: where one is, the workspaces, the search, back and forth."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from ui.actions import Actions


class TopBar(QFrame):
    """Crumbs and search share the room that the buttons leave."""

    def __init__(
        self, actions: Actions, crumbs: QWidget, workspaces: Iterable[str], search: QWidget
    ) -> None:
        super().__init__()
        self.setObjectName("top_bar")
        self._actions = actions
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(8)
        row.addWidget(crumbs, 2)
        for name in workspaces:
            row.addWidget(self._button(f"view.{name}", "workspace"))
        row.addStretch(1)
        search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row.addWidget(search, 2)
        for key in ("edit.undo", "edit.redo"):
            row.addWidget(self._button(key, "tool", is_icon_only=True))

    def _button(self, key: str, role: str, *, is_icon_only: bool = False) -> QToolButton:
        action = self._actions.action(key)
        button = QToolButton()
        button.setDefaultAction(action)
        button.setObjectName(f"top_{key}")
        button.setAccessibleName(action.text())
        button.setProperty("role", role)
        button.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonIconOnly
            if is_icon_only
            else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        )
        return button
