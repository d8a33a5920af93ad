"""The page of the coverage matrix: its table, holes in red with their sign, and the filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gridadmin.staffing.matrix import CADRES, Cell, Matrix, matrix_of
from ui.panels.parts import label
from ui.people.desk import PeopleDesk
from ui.people.matrix_model import MatrixModel, MatrixRole
from ui.texts import tr
from ui.theme import colours, icon

Index = QModelIndex | QPersistentModelIndex

_PAUSE_MS = 120
_LINES = 7
"""A column is at least as wide as so many lines are high."""


class _Delegate(QStyledItemDelegate):
    """Gives cells the ground of what they say: the style sheet leaves no other way."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        cell, of = index.data(MatrixRole.CELL), colours()
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if isinstance(cell, Cell) and not is_chosen:
            ground = QColor(of.error_ground if cell.vacant else of.good)
            if not cell.vacant:
                ground.setAlpha(34 if cell.required or cell.held else 0)
            painter.fillRect(option.rect, ground)
        super().paint(painter, option, index)


class MatrixView(QTableView):
    """The table of the matrix; Enter goes to the seats of a cell."""

    entered_cell = Signal(QModelIndex)

    def __init__(self, model: MatrixModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_Delegate(self))
        self.setProperty("role", "bare")
        self.setAccessibleName(tr("覆盖矩阵"))
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        line = self.fontMetrics().height()
        rows, head = self.verticalHeader(), self.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(line + 10)
        rows.setFixedWidth(9 * line)
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        rows.setAccessibleName(tr("社区（村）"))
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setAccessibleName(tr("岗位"))
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        model.modelReset.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        count = max(self.model().columnCount(), 1)
        line = self.fontMetrics().height()
        share = (self.viewport().width() - 2) // count
        self.horizontalHeader().setDefaultSectionSize(max(share, _LINES * line))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the seats of the current cell."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.entered_cell.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


class MatrixPage(QWidget):
    """The matrix with its filter; a click goes to the unit, a second one to the seats."""

    seats_wanted = Signal(str, str)
    """Uid of a unit and key of a post (or ``cadres``) whose seats are to be shown."""

    def __init__(self, desk: PeopleDesk) -> None:
        super().__init__()
        self._desk = desk
        self._is_telling = False
        self._is_stale = True
        self.model = MatrixModel(desk, self)
        self.view = MatrixView(self.model)
        self._field = QLineEdit()
        self._field.setObjectName("matrix_field")
        self._field.setPlaceholderText(tr("按社区（村）名称筛选（支持拼音）"))
        self._field.setAccessibleName(tr("按社区（村）名称筛选（支持拼音）"))
        self._field.setClearButtonEnabled(True)
        self._field.setMaximumWidth(320)
        self._field.addAction(icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self._holes = QCheckBox(tr("只看有缺口的"))
        self._holes.setObjectName("matrix_holes")
        self._holes.toggled.connect(lambda on: self._filter(holes_only=on))
        self._empty = QCheckBox()
        self._empty.setObjectName("matrix_empty")
        self._empty.setToolTip(tr("方案里有、但这里没有要求也没有人的岗位"))
        self._empty.toggled.connect(lambda on: self._filter(has_empty=on))
        self._said = label("", "quiet")
        tools = QHBoxLayout()
        tools.setContentsMargins(10, 6, 10, 4)
        tools.setSpacing(10)
        tools.addWidget(self._said, 1)
        tools.addWidget(self._empty)
        tools.addWidget(self._holes)
        tools.addWidget(self._field, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(tools)
        column.addWidget(self.view, 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(lambda: self._filter(typed=self._field.text()))
        self._field.textChanged.connect(lambda _: self._pause.start())
        self.view.clicked.connect(self._go)
        self.view.selectionModel().currentChanged.connect(lambda now, _: self._select(now))
        self.view.entered_cell.connect(self._show_seats)
        self.view.doubleClicked.connect(self._show_seats)
        desk.staff.renewed.connect(self._follow)
        desk.context.selection.changed.connect(self._show_selection)
        self._follow()

    def showEvent(self, event: QShowEvent) -> None:
        """Count what changed while nobody looked."""
        super().showEvent(event)
        self._read()

    def _follow(self) -> None:
        self._is_stale = True
        if self._desk.staff.roll is None:
            self.model.take(None)
        if self.isVisible():
            self._read()

    def _read(self) -> None:
        if not self._is_stale or not self._desk.staff.is_up_to_date:
            self._tell()
            return
        self._is_stale = False
        self._desk.staff.work_out(tr("统计覆盖矩阵"), lambda roll: matrix_of(roll.book), self._take)

    def _take(self, matrix: Matrix) -> None:
        self._keeping_place(lambda: self.model.take(matrix))
        self._tell()

    def _filter(self, **changed: Any) -> None:
        self._keeping_place(lambda: self.model.set_filter(**changed))
        self._tell()

    def _keeping_place(self, act: Callable[[], None]) -> None:
        bars = self.view.verticalScrollBar(), self.view.horizontalScrollBar()
        places = [bar.value() for bar in bars]
        self._is_telling = True
        try:
            act()
        finally:
            self._is_telling = False
        for bar, place in zip(bars, places, strict=True):
            bar.setValue(place)

    def _tell(self) -> None:
        matrix, empty = self.model.matrix, self.model.empty_count
        self._empty.setText(tr("显示空列（{n}）", n=empty))
        self._empty.setVisible(empty > 0)
        if matrix is None:
            self._said.setText(tr("正在读取岗位和人员…"))
            return
        holes = sum(matrix.has_hole(unit.uid) for unit in matrix.units)
        bare = sum(not matrix.cell(unit.uid, CADRES).held for unit in matrix.units)
        told = [tr("{n} 个社区（村），{holes} 个有缺口", n=len(matrix.units), holes=holes)]
        if matrix.asks_cadres:
            told.append(tr("{n} 个没有干部", n=bare))
        self._said.setText(" · ".join(told))

    # Choosing

    def _go(self, index: QModelIndex) -> None:
        """Let the map show the unit of a cell."""
        uid = index.data(MatrixRole.UNIT)
        if uid is not None:
            self._desk.context.select_and_show(str(uid))

    def _select(self, index: QModelIndex) -> None:
        uid = index.data(MatrixRole.UNIT) if index.isValid() else None
        if uid is None or self._is_telling:
            return
        self._is_telling = True
        try:
            self._desk.context.selection.select_areas([str(uid)])
        finally:
            self._is_telling = False

    def _show_seats(self, index: QModelIndex) -> None:
        uid, column = index.data(MatrixRole.UNIT), index.data(MatrixRole.COLUMN)
        if uid is not None:
            self.seats_wanted.emit(str(uid), str(column))

    def _show_selection(self) -> None:
        """Go to the row of the community that is selected elsewhere, or lies above it."""
        uid, roll = self._desk.context.selection.area, self._desk.staff.roll
        if self._is_telling or uid is None or roll is None:
            return
        unit = roll.base_unit_of.get(uid)
        row = None if unit is None else self.model.row_of(unit.uid)
        if row is None:
            return
        self._is_telling = True
        try:
            column = max(self.view.currentIndex().column(), 0)
            self.view.setCurrentIndex(self.model.index(row, column))
        finally:
            self._is_telling = False
