"""A list of rows of two lines, as history and issues have it; Enter chooses the current one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QWidget


class RowList(QListView):
    """The list; its rows are painted by a delegate and are all equally high."""

    entered_row = Signal(QModelIndex)
    """Enter was pressed on a row."""

    def __init__(self, delegate: QStyledItemDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bare")
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        self.setMouseTracking(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the current row by Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.entered_row.emit(self.currentIndex())
            return
        super().keyPressEvent(event)
