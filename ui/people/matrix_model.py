"""The coverage matrix as a table model: base units by kinds of posts."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from gridadmin.app.area_search import folded
from gridadmin.app.pinyin import keys_of, pattern_of
from gridadmin.domain.model import Area
from gridadmin.staffing.matrix import CADRES, Cell, Matrix
from ui.panels.words import UNKNOWN, name_of, path_of
from ui.people import words
from ui.people.desk import PeopleDesk
from ui.texts import tr
from ui.theme import colours
from ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex


class MatrixRole(IntEnum):
    """What the model tells beside the usual roles."""

    UNIT = Qt.ItemDataRole.UserRole + 1
    """The uid of a row's community or village."""
    COLUMN = Qt.ItemDataRole.UserRole + 2
    """The key of a column's post."""
    CELL = Qt.ItemDataRole.UserRole + 3


class MatrixModel(QAbstractTableModel):
    """The units that the filter lets through."""

    def __init__(self, desk: PeopleDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._matrix: Matrix | None = None
        self._rows: list[Area] = []
        self._columns: list[str] = []
        self._names: dict[str, str] = {}
        self._typed = ""
        self._holes_only = self._has_empty = False
        self.empty_count = 0
        """How many kinds of posts nobody holds or is asked for; left out unless wanted."""

    @property
    def matrix(self) -> Matrix | None:
        """The cells, None while the people are being read."""
        return self._matrix

    def take(self, matrix: Matrix | None) -> None:
        """Show other cells; None takes them all away."""
        self._matrix = matrix
        self._narrow()

    def set_filter(
        self,
        *,
        typed: str | None = None,
        holes_only: bool | None = None,
        has_empty: bool | None = None,
    ) -> None:
        """Show the units of a name alone, or those with holes; empty columns too or not."""
        self._has_empty = self._has_empty if has_empty is None else has_empty
        self._typed = self._typed if typed is None else typed
        self._holes_only = self._holes_only if holes_only is None else holes_only
        self._narrow()

    def _narrow(self) -> None:
        self.beginResetModel()
        matrix = self._matrix
        self._rows, self._columns, self.empty_count = [], [], 0
        if matrix is not None:
            self._columns = [CADRES] if matrix.asks_cadres else []
            posts = [post.key for post in matrix.posts]
            full = [key for key in posts if not matrix.is_empty(key)]
            self.empty_count = len(posts) - len(full)
            self._columns += posts if self._has_empty else full
            self._names = {post.key: words.term(post) for post in matrix.posts}
            self._names[CADRES] = tr("干部合计")
            typed = folded(self._typed).split()
            self._rows = [
                unit
                for unit in matrix.units
                if (not self._holes_only or matrix.has_hole(unit.uid))
                and all(_fits(unit, word) for word in typed)
            ]
        self.endResetModel()

    def row_of(self, uid: str) -> int | None:
        """Return the row of a unit, None when it isn't shown."""
        return next((row for row, unit in enumerate(self._rows) if unit.uid == uid), None)

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many units are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many kinds of posts there are."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the name of a post or of a unit."""
        if way is Qt.Orientation.Horizontal:
            if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                return None
            post = self._names.get(self._columns[section], self._columns[section])
            return plain_tip(post) if role == Qt.ItemDataRole.ToolTipRole else post
        unit = self._rows[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return name_of(unit)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(path_of(self._desk.bridge.snapshot, unit.uid))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if not index.isValid() or self._matrix is None:
            return None
        unit, column = self._rows[index.row()], self._columns[index.column()]
        cell = self._matrix.cell(unit.uid, column)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            told = self._tip(unit, column, cell)
            return plain_tip(told) if role == Qt.ItemDataRole.ToolTipRole else told
        plain = {
            int(MatrixRole.UNIT): unit.uid,
            int(MatrixRole.COLUMN): column,
            int(MatrixRole.CELL): cell,
            int(Qt.ItemDataRole.TextAlignmentRole): Qt.AlignmentFlag.AlignCenter,
        }
        if role == Qt.ItemDataRole.DisplayRole:
            return _told(cell, column)
        return plain[role] if role in plain else _look(cell, role)

    def _tip(self, unit: Area, column: str, cell: Cell) -> str:
        said = f"{name_of(unit)} {self._names.get(column, column)}"
        if column == CADRES:
            found = tr("{n} 人", n=cell.held)
            return f"{said}：{found if cell.held else tr('没有干部，未覆盖')}"
        told = tr("应配 {required} · 实配 {held}", required=cell.required, held=cell.held)
        if cell.vacant:
            told = f"{told} · {tr('空缺 {n}', n=cell.vacant)}"
        return f"{said}：{told}"


def _told(cell: Cell, column: str) -> str:
    if column == CADRES:
        return str(cell.held)
    if not cell.required:
        return str(cell.held) if cell.held else UNKNOWN
    if cell.required == 1:
        return "✓" if cell.held else "✗"
    # Enough in all may hide a place with too many beside one with none: the sign tells.
    sign = " ⚠" if cell.vacant and cell.held >= cell.required else ""
    return f"{cell.held}/{cell.required}{sign}"


def _look(cell: Cell, role: int) -> Any:
    if role == Qt.ItemDataRole.ForegroundRole:
        of = colours()
        return QColor(of.error_text if cell.vacant else of.text if cell.held else of.quiet)
    if role == Qt.ItemDataRole.FontRole and cell.vacant:
        bold = QFont()
        bold.setBold(True)
        return bold
    return None


def _fits(unit: Area, word: str) -> bool:
    if word in folded(unit.name) or word in folded(unit.code or ""):
        return True
    keys = keys_of(folded(unit.name))
    return word.isascii() and (
        word in keys.initials or re.search(pattern_of(word), keys.full) is not None
    )
