"""Fourth page of an import: what will happen, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHeaderView,
    QTableView,
    QWidget,
)

from gridadmin.app.import_preview import ImportPreview
from gridadmin.partition.snapshot import Snapshot
from ui.dialogs.import_facts import (
    Fact,
    Remark,
    Remarks,
    doubts_of,
    facts_of,
    headline,
    warnings_of,
)
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import Banner, discard, label
from ui.texts import tr
from ui.tips import plain_tip

_Index = QModelIndex | QPersistentModelIndex
_MOST_WARNINGS = 6
_MOST_ROWS = 1000


class RemarkTable(QAbstractTableModel):
    """Remarks as a table of three columns."""

    def __init__(self) -> None:
        super().__init__()
        self._remarks: Sequence[Remark] = ()

    def show(self, remarks: Sequence[Remark]) -> None:
        """Show other remarks."""
        self.beginResetModel()
        self._remarks = remarks
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many there are."""
        return 0 if parent is not None and parent.isValid() else len(self._remarks)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return three."""
        return 0 if parent is not None and parent.isValid() else 3

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the words of a cell; the tip has them in full."""
        if not index.isValid() or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
        ):
            return None
        remark = self._remarks[index.row()]
        said = (remark.what, remark.concerned, remark.detail)[index.column()]
        return plain_tip(said) if role == Qt.ItemDataRole.ToolTipRole else said

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the names of the columns."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (tr("情况"), tr("涉及"), tr("说明"))[section]


class FactBoard(QFrame):
    """Figures to the left, their words to the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 10, 12, 12)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show other figures."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = None if item is None else item.widget()
            if widget is not None:
                discard(widget)
        for row, fact in enumerate(facts):
            figure = label(fact.figure, fact.role)
            figure.setWordWrap(False)
            figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            words = label(fact.words, fact.role)
            self._grid.addWidget(figure, row, 0)
            self._grid.addWidget(words, row, 1)
        self.setAccessibleName("\n".join(f"{fact.figure} {fact.words}" for fact in facts))


class PreviewPage(Page):
    """Figures, warnings, and a table of what needs a look."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = label("", "heading")
        self.headline.setObjectName("headline")
        self._note = label("", "quiet")
        self.board = FactBoard()
        self.board.setObjectName("facts")
        self.warnings = Banner("warning")
        self.warnings.setObjectName("warnings")
        self._title = label(tr("请看一看"), "heading")
        self.model = RemarkTable()
        self.table = QTableView()
        self.table.setObjectName("remarks")
        self.table.setAccessibleName(tr("不导入的行、争议地块和空隙"))
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.table.setMinimumHeight(self.fontMetrics().height() * 9)
        for part in (self.headline, self._note, self.board, self.warnings, self._title):
            self.body.addWidget(part)
        self.body.addWidget(self.table, 1)
        self.body.addStretch()

    def show_preview(self, snapshot: Snapshot, preview: ImportPreview, *, has_map: bool) -> None:
        """Show what an import would do."""
        told = preview.told
        self.headline.setText(headline(snapshot, told, is_done=False))
        on_map = tr("现在还没有写入任何内容。要导入的土地已画在地图上。")
        self._note.setText(on_map if has_map else tr("现在还没有写入任何内容。"))
        self.board.show_facts(list(facts_of(told)))
        said = [*doubts_of(snapshot, preview), *warnings_of(told)]
        rest = len(said) - _MOST_WARNINGS
        lines = said[:_MOST_WARNINGS] + ([tr("另有 {n} 条。", n=rest)] if rest > 0 else [])
        self.warnings.say("\n".join(lines))
        remarks = Remarks(told)
        self.model.show(remarks)
        self._title.setVisible(bool(remarks))
        self.table.setVisible(bool(remarks))
        rows = self.table.verticalHeader().defaultSectionSize() * (
            min(len(remarks), _MOST_ROWS) + 2
        )
        self.table.setMaximumHeight(max(rows, self.table.minimumHeight()))
        self.table.resizeColumnToContents(1)
        widest = self.width() * 3 // 5
        self.table.setColumnWidth(1, min(self.table.columnWidth(1), widest))
