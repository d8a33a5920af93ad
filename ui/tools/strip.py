"""A small box of choices that floats over the map while a tool is in hand."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QLabel, QWidget

_GAP_PX = 12


class ToolStrip(QFrame):
    """Rows of words and choices, at the right edge of the map; Tab leads from the map to it."""

    def __init__(self, name: str, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._map = parent
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setProperty("role", "float")
        self._form = QFormLayout(self)
        self._form.setContentsMargins(10, 8, 10, 8)
        self._form.setHorizontalSpacing(10)
        self._form.setVerticalSpacing(6)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        title = QLabel(words)
        title.setProperty("role", "heading")
        self._form.addRow(title)
        self.hide()

    def add_choice(self, name: str, words: str) -> QComboBox:
        """Return a new row's box of choices, which is called *words*."""
        box = QComboBox(self)
        box.setObjectName(name)
        box.setAccessibleName(words)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setMaximumWidth(260)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._form.addRow(words, box)
        return box

    def follow_map(self) -> None:
        """Come next after the map when Tab is pressed; Esc leads back to it."""
        before = self._map
        for box in self.findChildren(QComboBox):
            QWidget.setTabOrder(before, box)
            before = box

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the map with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self._map.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        super().keyPressEvent(event)

    def place(self, top_px: int) -> None:
        """Stand at the right edge of the map, from *top_px* down."""
        self.adjustSize()
        width = self._map.width()
        self.move(max(width - self.width() - _GAP_PX, _GAP_PX), top_px)
