"""The stacked micro-grids to be: names, what they hold, households against the band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from ui.dialogs.stack_tree import FLOORS
from ui.texts import tr
from ui.theme import colours
from ui.tips import plain_tip

_NAME, _HOUSEHOLDS, _HOLDS = range(3)


@dataclass(frozen=True)
class PartRow:
    """What a row says: the name, the households and how they fit, and what is held."""

    name: str
    households: str
    holds: str
    is_off: bool = False


class StackParts(QTableWidget):
    """A row for each part; rows of the tree may be let go on them."""

    given = Signal(int)
    """Something was let go on the part of this number."""
    named = Signal(int, str)
    """Somebody wrote a name for a part."""

    def __init__(self, *, can_name: bool) -> None:
        super().__init__(0, 3)
        self._can_name = can_name
        self._is_filling = False
        self.setObjectName("stack_parts")
        self.setAccessibleName(tr("立体微网格"))
        self.setHorizontalHeaderLabels([tr("名称"), tr("户数"), tr("楼栋和单元")])
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        header = self.horizontalHeader()
        for column in (_NAME, _HOLDS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_HOUSEHOLDS, QHeaderView.ResizeMode.ResizeToContents)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.cellChanged.connect(self._take_name)

    def show_rows(self, rows: Sequence[PartRow]) -> None:
        """Fill the table."""
        current = max(self.currentRow(), 0)
        self._is_filling = True
        self.setRowCount(len(rows))
        for number, row in enumerate(rows):
            self._put(number, _NAME, row.name, can_edit=self._can_name)
            shown = self._put(number, _HOUSEHOLDS, row.households)
            if row.is_off:
                shown.setForeground(QColor(colours().warning))
            self._put(number, _HOLDS, row.holds)
        self._is_filling = False
        self.setCurrentCell(min(current, len(rows) - 1), _NAME)

    def _put(self, row: int, column: int, text: str, *, can_edit: bool = False) -> QTableWidgetItem:
        item = QTableWidgetItem(text)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if can_edit:
            flags |= Qt.ItemFlag.ItemIsEditable
        item.setFlags(flags | Qt.ItemFlag.ItemIsDropEnabled)
        item.setToolTip(plain_tip(text))
        if column == _HOUSEHOLDS:
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setItem(row, column, item)
        return item

    def _take_name(self, row: int, column: int) -> None:
        item = self.item(row, column)
        if not self._is_filling and column == _NAME and item is not None:
            self.named.emit(row, item.text().strip())

    # Letting go

    def _row_under(self, event: QDropEvent) -> int:
        if not event.mimeData().hasFormat(FLOORS):
            return -1
        return self.rowAt(round(event.position().y()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take floors."""
        event.setAccepted(event.mimeData().hasFormat(FLOORS))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take floors over a part, and mark the part."""
        row = self._row_under(event)
        if row >= 0:
            self.selectRow(row)
        event.setAccepted(row >= 0)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell to which part floors were dragged."""
        row = self._row_under(event)
        event.setAccepted(row >= 0)
        if row >= 0:
            # The rows stay where they are: only who has them is another.
            event.setDropAction(Qt.DropAction.CopyAction)
            self.given.emit(row)
