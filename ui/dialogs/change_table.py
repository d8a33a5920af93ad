"""A table of changes from old to new, each accepted or not, and a dialog around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.dialogs.words import Sentence, label
from ui.jobs import Job
from ui.texts import tr

_Index = QModelIndex | QPersistentModelIndex

_ROW_AIR_PX = 8
_SCREEN_SHARE = 0.92
_PROBLEM_LINES = 5


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
            return row.why or row.cells[index.column()]
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


class ChangesDialog(QDialog):
    """What would change, row by row; the main button does what is accepted."""

    def __init__(
        self,
        title: str,
        act_words: str,
        headings: Sequence[str],
        widths_em: Sequence[int],
        accept: Callable[[list[Any]], None],
        parent: QWidget | None = None,
        *,
        can_choose: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._accept = accept
        self._looking: Job | None = None
        self._writing: Job | None = None
        self.is_over = False
        """Whether it was closed: what comes back from a worker then is for nobody."""
        self.model = ChangeModel(headings, (), can_choose=can_choose)
        self.table = ChangeTable(self.model, widths_em)
        self.head = label("")
        self.head.setWordWrap(True)
        self.head.setObjectName("head")
        self.problems = QPlainTextEdit()
        self.problems.setObjectName("problems")
        self.problems.setReadOnly(True)
        self.problems.setTabChangesFocus(True)
        self.problems.setAccessibleName(tr("没有采用的行"))
        self.problems.setFixedHeight(_PROBLEM_LINES * self.fontMetrics().lineSpacing() + 12)
        self.problems.hide()
        self.fault = Sentence()
        self.fault.setObjectName("fault")
        self.top = QVBoxLayout()
        self.top.setSpacing(8)
        self.top.addWidget(self.head)
        body = QVBoxLayout()
        body.setContentsMargins(16, 14, 16, 10)
        body.setSpacing(10)
        body.addLayout(self.top)
        body.addWidget(self.table, 1)
        body.addWidget(self.problems)
        body.addWidget(self.fault)
        line = QFrame()
        line.setProperty("role", "line")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(body, 1)
        column.addWidget(line)
        column.addLayout(self._buttons(act_words, can_choose=can_choose))
        self.model.chosen_changed.connect(self.judge)
        self.resize(self.sizeHint())

    def _buttons(self, act_words: str, *, can_choose: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 12)
        row.setSpacing(8)
        if can_choose:
            for name, words, is_on in (("all", tr("全选"), True), ("none", tr("全不选"), False)):
                row.addWidget(_button(name, words, self._chooser(is_on=is_on)))
        row.addStretch(1)
        row.addWidget(_button("close", tr("取消"), self.reject))
        self.main_button = _button("main", act_words, self._act)
        self.main_button.setProperty("role", "primary")
        self.main_button.setDefault(True)
        row.addWidget(self.main_button)
        return row

    def _chooser(self, *, is_on: bool) -> Callable[[], None]:
        return lambda: self.model.choose(is_on=is_on)

    def show_changes(
        self, head: str, rows: Sequence[ChangeRow], problems: Sequence[str] = ()
    ) -> None:
        """Show changes under a sentence, and below them what could not be understood."""
        self.head.setText(head)
        self.model.set_rows(rows)
        self.problems.setPlainText("\n".join(problems))
        self.problems.setVisible(bool(problems))
        self.judge()

    def say(self, fault: str) -> None:
        """Say why what was wanted can't be done."""
        self.fault.say(fault)

    def judge(self) -> None:
        """Let the main button be used when anything is accepted."""
        why = "" if self.model.chosen else tr("没有要改的。")
        self.main_button.setEnabled(not why)
        self.main_button.setToolTip(why)

    def _act(self) -> None:
        self.say("")
        self._accept(self.model.chosen)

    # Work beside the window

    def look(self, job: Job) -> None:
        """Show what comes of a job, until the next one begins or the dialog is closed."""
        if self._looking is not None:
            self._looking.cancel()
        self._looking = job

    def write(self, job: Job) -> None:
        """Stay open until a job that writes has ended; Escape stops it."""
        self.main_button.setEnabled(False)
        self._writing = job
        job.ended.connect(self._written)

    def _written(self) -> None:
        self._writing = None
        self.judge()

    def reject(self) -> None:
        """Stop what is being written; close when nothing is."""
        if self._writing is not None:
            self._writing.cancel()
            return
        super().reject()

    def done(self, result: int) -> None:
        """Close; a look that is under way is for nobody any more."""
        self.is_over = True
        if self._looking is not None:
            self._looking.cancel()
        super().done(result)

    def sizeHint(self) -> QSize:
        """Ask for room for the columns, as far as the screen has it."""
        em = self.fontMetrics().height()
        room = self.screen().availableGeometry().size() * _SCREEN_SHARE
        return QSize(52 * em, 38 * em).boundedTo(room)


def _button(name: str, words: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.clicked.connect(lambda *_: act())
    return button
