"""The tools at the left edge of the map: in columns when it is low, with words while they fit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QToolButton, QWidget

from ui.texts import tr

_GAP_PX = 12
_BELOW_PX = 52
"""The scale bar stands below it."""
_WIDEST = 0.3
"""Of the map's width; beyond that the words go, which the tips tell all the same."""


class Palette(QFrame):
    """One button for each tool, in one column or in several."""

    def __init__(self, parent: QWidget, actions: Sequence[QAction]) -> None:
        super().__init__(parent)
        self._map = parent
        self.setObjectName("tool_palette")
        self.setAccessibleName(tr("工具"))
        self.setProperty("role", "float")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(4, 4, 4, 4)
        self._grid.setSpacing(2)
        self._buttons = [self._button(action) for action in actions]

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setObjectName(f"button_{action.objectName()}")
        button.setAccessibleName(action.text())
        button.setIconSize(QSize(20, 20))
        button.setAutoRaise(True)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return button

    def place(self) -> None:
        """Stand at the upper left, in so many columns that no tool is out of sight."""
        for has_words in (True, False):
            self._show_words(has_words)
            self._stand_in(self._columns())
            if self.width() <= self._map.width() * _WIDEST:
                break
        self.move(_GAP_PX, _GAP_PX)

    def _columns(self) -> int:
        high = max(button.sizeHint().height() for button in self._buttons)
        margins = self._grid.contentsMargins()
        room = self._map.height() - _GAP_PX - _BELOW_PX - margins.top() - margins.bottom()
        rows = max(room // (high + self._grid.spacing()), 1)
        return -(-len(self._buttons) // int(rows))

    def _show_words(self, has_words: bool) -> None:
        under, alone = (
            Qt.ToolButtonStyle.ToolButtonTextUnderIcon,
            Qt.ToolButtonStyle.ToolButtonIconOnly,
        )
        for button in self._buttons:
            button.setToolButtonStyle(under if has_words else alone)

    def _stand_in(self, columns: int) -> None:
        """Fill the columns one after the other: the keys go through them in that order too."""
        rows = -(-len(self._buttons) // columns)
        for number, button in enumerate(self._buttons):
            self._grid.addWidget(button, number % rows, number // rows)
        self._grid.activate()
        self.adjustSize()
