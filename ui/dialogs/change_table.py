"""A table of changes from old to new, each accepted or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
)

from ui.texts import tr
from ui.tips import plain_tip

_Index = QModelIndex | QPersistentModelIndex

_ROW_AIR_PX = 8


@dataclass(frozen=True)
class ChangeRow:
    """One change: its cells in words, and what it is for whoever made the table.

    *why* says why it can't be accepted; empty where it can.
    """

    cells: tuple[str, ...]
    what: Any = None
    why: str = ""


class ChangeModel(QAbstractTableModel):
    """Changes row by row; where they can be chosen, the first cell bears a tick."""

    chosen_changed = Signal()

    def __init__(
        self, headings: Sequence[str], rows: Sequence[ChangeRow], *, can_choose: bool
    ) -> None:
        super().__init__()
        self._headings = tuple(headings)
        self._rows = list(rows)
        self._can_choose = can_choose
        self._is_chosen = [not row.why for row in self._rows]

    def set_rows(self, rows: Sequence[ChangeRow]) -> None:
        """Show other changes."""
        self.beginResetModel()
        self._rows = list(rows)
        self._is_chosen = [not row.why for row in self._rows]
        self.endResetModel()
        self.chosen_changed.emit()

    @property
    def chosen(self) -> list[Any]:
        """What the accepted rows are."""
        return [row.what for row, on in zip(self._rows, self._is_chosen, strict=True) if on]

    def choose(self, *, is_on: bool) -> None:
        """Accept all rows that can be accepted, or none."""
        self._is_chosen = [is_on and not row.why for row in self._rows]
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))
        self.chosen_changed.emit()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of changes."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return the number of cells of a change."""
        return 0 if parent is not None and parent.isValid() else len(self._headings)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the heading of a column."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._headings[section]

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Rows can be chosen where that is offered and they can be accepted."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        row = self._rows[index.row()]
        flags = Qt.ItemFlag.ItemIsSelectable
        if not row.why:
            flags |= Qt.ItemFlag.ItemIsEnabled
        if self._can_choose and index.column() == 0 and not row.why:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the words of a cell, all of them in its tip, or the tick."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cells[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.why or row.cells[index.column()])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return "，".join((*row.cells, row.why) if row.why else row.cells)
        if role == Qt.ItemDataRole.CheckStateRole and self._can_choose and index.column() == 0:
            on = self._is_chosen[index.row()]
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Accept a change or not."""
        if role != Qt.ItemDataRole.CheckStateRole or self._rows[index.row()].why:
            return False
        self._is_chosen[index.row()] = Qt.CheckState(value) == Qt.CheckState.Checked
        self.dataChanged.emit(index, index)
        self.chosen_changed.emit()
        return True


class ChangeTable(QTableView):
    """The table itself: rows of one height, Space ticks the current one."""

    def __init__(self, model: ChangeModel, widths_em: Sequence[int]) -> None:
        super().__init__()
        self.setModel(model)
        self._changes = model
        self.setObjectName("changes")
        self.setAccessibleName(tr("改动"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        em = self.fontMetrics().height()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(em + _ROW_AIR_PX)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place, width in enumerate(widths_em):
            self.setColumnWidth(place, width * em)
        head.setStretchLastSection(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick or untick the current row with Space."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            first = self._changes.index(self.currentIndex().row(), 0)
            if self._changes.flags(first) & Qt.ItemFlag.ItemIsUserCheckable:
                role = Qt.ItemDataRole.CheckStateRole
                is_on = self._changes.data(first, role) == Qt.CheckState.Checked
                now = Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked
                self._changes.setData(first, now, role)
            return
        super().keyPressEvent(event)
