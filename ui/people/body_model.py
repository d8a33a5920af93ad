"""The bodies of one kind as a table: narrowed by typed words, sorted by a column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from gridadmin.app.area_search import folded
from ui.people.body_list import BodyRow
from ui.texts import tr
from ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex


class BodyModel(QAbstractTableModel):
    """The rows that are shown; as many may be in a city as it has communities."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heads: Sequence[str] = ()
        self._all: Sequence[BodyRow] = ()
        self.rows: list[BodyRow] = []
        self._sort: tuple[int, Qt.SortOrder] | None = None
        self._typed = ""

    def take(self, heads: Sequence[str], rows: Sequence[BodyRow]) -> None:
        """Show other rows; where the columns are others, in their own order."""
        self.beginResetModel()
        if list(heads) != list(self._heads):
            self._sort = None
        self._heads, self._all = list(heads), rows
        self.rows = self._sorted()
        self.endResetModel()

    def narrow(self, typed: str) -> None:
        """Show the rows that hold all typed words."""
        self.beginResetModel()
        self._typed = typed
        self.rows = self._sorted()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; a negative one goes back to the usual order."""
        self.beginResetModel()
        self._sort = None if column < 0 else (column, order)
        self.rows = self._sorted()
        self.endResetModel()

    def row_of(self, uid: str) -> int | None:
        """Return the row of a body, None when it isn't shown."""
        return next((n for n, row in enumerate(self.rows) if row.uid == uid), None)

    def _sorted(self) -> list[BodyRow]:
        wanted = folded(self._typed).split()
        found = [row for row in self._all if _fits(row, wanted)]
        if self._sort is not None:
            column, order = self._sort
            is_down = order is Qt.SortOrder.DescendingOrder
            found.sort(key=lambda row: _in_order(row.cells[column]), reverse=is_down)
        return found

    # QAbstractTableModel

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns the kind has."""
        return len(self._heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell says."""
        roles = Qt.ItemDataRole
        if not index.isValid() or role not in (roles.DisplayRole, roles.ToolTipRole):
            return None
        said = self.text_at(index.row(), index.column())
        return plain_tip(said) if role == roles.ToolTipRole else said

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the headings."""
        is_head = orientation == Qt.Orientation.Horizontal
        return self._heads[section] if is_head and role == Qt.ItemDataRole.DisplayRole else None

    # Cells

    @property
    def heads(self) -> Sequence[int]:
        """There are no groups."""
        return ()

    def is_head(self, row: int) -> bool:
        """Return that no row is the head of a group."""
        return False

    def text_at(self, row: int, column: int) -> str:
        """Return what a cell says."""
        return self.rows[row].cells[column]

    def sign_at(self, row: int, column: int) -> QIcon | None:
        """Return that there are no signs."""
        return None

    def ink_at(self, row: int, column: int) -> str:
        """Return the colour of a cell: what is vacant stands out."""
        return "error_text" if self.rows[row].cells[column] == tr("空缺") else "text"


def _fits(row: BodyRow, wanted: Sequence[str]) -> bool:
    if not wanted:
        return True
    text = folded("\n".join(row.cells))
    return all(word in text for word in wanted)


def _in_order(text: str) -> tuple[bool, int, str]:
    """Numbers go by their size, before words."""
    return (False, int(text), "") if text.isdecimal() else (True, 0, text)
