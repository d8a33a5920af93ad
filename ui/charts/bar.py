"""The tools above the preview of a sheet; where there is little room words give way to icons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from ui.actions import Actions

_ICON_PX = 38
"""So narrow a button may become that shows its icon alone."""
_GAP_PX, _SIDE_PX = 4, 8


class ChartBar(QWidget):
    """Small tools at the left, what is done with the sheet at the right.

    The ones at the right show their words while all of them have room, else none does: words that
    end in three dots say nothing.
    """

    def __init__(
        self,
        actions: Actions,
        tools: Sequence[str],
        doings: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tools = [_button(actions, key) for key in tools]
        self._doings = [_button(actions, key) for key in doings]
        self._is_wide = False
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDE_PX, 4, _SIDE_PX, 4)
        row.setSpacing(_GAP_PX)
        for button in self._tools:
            row.addWidget(button)
        row.addStretch(1)
        for button in self._doings:
            row.addWidget(button)
        self._wide_px = self._measured()

    def minimumSizeHint(self) -> QSize:
        """Return the room that icons alone need."""
        count = len(self._tools) + len(self._doings)
        width = 2 * _SIDE_PX + count * (_ICON_PX + _GAP_PX)
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show words where they have room."""
        super().resizeEvent(event)
        self._show_words(is_wide=self.width() >= self._wide_px)

    def showEvent(self, event: QShowEvent) -> None:
        """Measure the words in the letters in which they are seen."""
        super().showEvent(event)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        """Measure the words anew when the letters grow."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measure()

    def _measure(self) -> None:
        self._wide_px = self._measured()
        self._show_words(is_wide=self.width() >= self._wide_px)

    def _measured(self) -> int:
        """Return how wide the bar is with all words."""
        self._show_words(is_wide=True)
        buttons = [*self._tools, *self._doings]
        return 2 * _SIDE_PX + sum(button.sizeHint().width() + _GAP_PX for button in buttons)

    def _show_words(self, *, is_wide: bool) -> None:
        if is_wide == self._is_wide:
            return
        self._is_wide = is_wide
        style = Qt.ToolButtonStyle
        for button in self._doings:
            button.setToolButtonStyle(
                style.ToolButtonTextBesideIcon if is_wide else style.ToolButtonIconOnly
            )


def _button(actions: Actions, key: str) -> QToolButton:
    button = QToolButton()
    action = actions.action(key)
    button.setDefaultAction(action)
    button.setObjectName(f"button_{key}")
    button.setAccessibleName(action.text())
    button.setProperty("role", "tool")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    return button
