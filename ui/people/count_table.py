"""A table of numbers to type in, as in a spreadsheet: Enter goes down, blocks can be pasted."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gridadmin.edit.people_fields import MOST
from ui.people.count_sheets import CountRow, Entry
from ui.texts import tr
from ui.theme import colours

Index = QModelIndex | QPersistentModelIndex
_NAME, _ASIDE = 0, 1
_FIXED = 2
"""Name and what stands beside it come before the numbers; the day after them."""


def number_of(typed: str) -> int | None:
    """Return the number that somebody typed, None for nothing. Raises: ValueError."""
    text = unicodedata.normalize("NFKC", typed).replace(",", "").strip()
    if not text:
        return None
    if not text.isdecimal() or int(text) > MOST:
        raise ValueError(typed)
    return int(text)


class CountModel(QAbstractTableModel):
    """The lines that are shown."""

    typed = Signal(object)
    """The entries that somebody made."""
    refused = Signal()
    """What somebody typed is no number."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: Sequence[CountRow] = ()
        self._heads: Sequence[str] = ()
        self._aside = ""
        self.may_write = False

    def take(self, aside: str, heads: Sequence[str], rows: Sequence[CountRow]) -> None:
        """Show other lines; where only numbers are others the cells stay, with what is edited."""
        self._aside = aside
        same = list(heads) == list(self._heads) and [r.key for r in rows] == [
            r.key for r in self.rows
        ]
        if same:
            self.rows = rows
            if rows:
                last = self.index(len(rows) - 1, self.columnCount() - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._heads, self.rows = list(heads), rows
        self.endResetModel()

    @property
    def number_columns(self) -> range:
        """The columns of numbers."""
        return range(_FIXED, _FIXED + len(self._heads))

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many lines there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the columns: name, place, numbers, day."""
        return _FIXED + len(self._heads) + 1

    def is_open(self, index: Index) -> bool:
        """Return whether a number can be written into a cell."""
        at = index.column() - _FIXED
        return (
            index.isValid()
            and 0 <= at < len(self._heads)
            and at not in self.rows[index.row()].closed
        )

    def text(self, row: int, column: int) -> str:
        """Return what a cell says."""
        one = self.rows[row]
        if column == _NAME:
            return one.name
        if column == _ASIDE:
            return one.aside
        if column - _FIXED == len(self._heads):
            return one.as_of
        number = one.numbers[column - _FIXED]
        return "" if number is None else str(number)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell says and how."""
        if not index.isValid():
            return None
        roles = Qt.ItemDataRole
        if role in (roles.DisplayRole, roles.EditRole):
            return self.text(index.row(), index.column())
        if role == roles.TextAlignmentRole and index.column() in self.number_columns:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == roles.ForegroundRole and not self.is_open(index) and index.column() != _NAME:
            return QColor(colours().quiet)
        if role == roles.AccessibleTextRole:
            head = self.headerData(index.column(), Qt.Orientation.Horizontal)
            return tr("{what}：{now}", what=f"{self.rows[index.row()].name} {head}",
                      now=self.text(index.row(), index.column()) or tr("空"))  # fmt: skip
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the headings."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return [tr("名称"), self._aside, *self._heads, tr("截至日期")][section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Numbers can be written where they are counted and the project can be changed."""
        usual = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if self.may_write and self.is_open(index):
            return usual | Qt.ItemFlag.ItemIsEditable
        return usual

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tell what was typed; the cell changes when it has been written."""
        if role != Qt.ItemDataRole.EditRole or not self.is_open(index):
            return False
        try:
            number = number_of(str(value))
        except ValueError:
            self.refused.emit()
            return False
        one, at = self.rows[index.row()], index.column() - _FIXED
        if one.numbers[at] != number:
            self.typed.emit([Entry(one.key, at, number)])
        return True


class _Delegate(QStyledItemDelegate):
    """The field of a cell: all of it is chosen, so that typing replaces it."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return a plain field."""
        field = QLineEdit(parent)
        field.setFrame(False)
        field.setAccessibleName(tr("人数"))
        field.setStyleSheet("QLineEdit { padding: 0 4px; border-radius: 0; min-height: 0; }")
        return field


class CountTable(QTableView):
    """The table."""

    pasted = Signal(object)
    """Entries of a block that was pasted, or of cells that were emptied."""
    refused = Signal()

    def __init__(self, model: CountModel) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setItemDelegate(_Delegate(self))
        self.setObjectName("counts")
        self.setProperty("role", "bare")
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.AnyKeyPressed | triggers.DoubleClicked | triggers.EditKeyPressed
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows, head = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 12)
        head.setAccessibleName(tr("列"))
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        model.modelReset.connect(self.fit_columns)

    def fit_columns(self) -> None:
        """Give the name what the others leave."""
        head = self.horizontalHeader()
        em = self.fontMetrics().height()
        for column in range(self._model.columnCount()):
            mode = QHeaderView.ResizeMode
            head.setSectionResizeMode(column, mode.Interactive if column else mode.Stretch)
            if column:
                head.resizeSection(column, 9 * em)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """After Enter go on in the next line."""
        at = self.currentIndex()
        super().closeEditor(editor, hint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            below = self._model.index(at.row() + 1, at.column())
            if below.isValid():
                self.setCurrentIndex(below)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, paste and empty cells; Enter writes into the current one."""
        keys = QKeySequence.StandardKey
        if self.state() == QAbstractItemView.State.EditingState:
            # The field of a cell lets its Enter through.
            event.accept()
        elif event.matches(keys.Copy):
            QApplication.clipboard().setText(self._chosen_text())
        elif event.matches(keys.Paste):
            self._paste(QApplication.clipboard().text())
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            cells = [one for one in self.selectedIndexes() if self._model.is_open(one)]
            self._tell([(one, "") for one in cells])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._model.flags(self.currentIndex()) & Qt.ItemFlag.ItemIsEditable:
                self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _chosen_text(self) -> str:
        lines: dict[int, list[str]] = {}
        for one in sorted(self.selectedIndexes(), key=lambda cell: (cell.row(), cell.column())):
            lines.setdefault(one.row(), []).append(self._model.text(one.row(), one.column()))
        return "\n".join("\t".join(cells) for cells in lines.values())

    def _paste(self, text: str) -> None:
        """Write a block of a spreadsheet from the current cell on, to the right and down."""
        start = self.currentIndex()
        lines = [line.split("\t") for line in text.rstrip("\r\n").splitlines()]
        cells = []
        for down, line in enumerate(lines):
            for right, said in enumerate(line):
                cell = self._model.index(start.row() + down, start.column() + right)
                if self._model.is_open(cell):
                    cells.append((cell, said))
        self._tell(cells)

    def _tell(self, cells: Sequence[tuple[QModelIndex, str]]) -> None:
        model: QAbstractItemModel = self._model
        if not self._model.may_write or model is None:
            return
        entries = []
        for cell, said in cells:
            try:
                number = number_of(said)
            except ValueError:
                self.refused.emit()
                return
            one, at = self._model.rows[cell.row()], cell.column() - _FIXED
            if one.numbers[at] != number:
                entries.append(Entry(one.key, at, number))
        if entries:
            self.pasted.emit(entries)
