"""First page of a roster's import: the file, and which of its sheets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from gridadmin.exchange.roster_file import RosterSheet
from gridadmin.exchange.roster_preview import SheetFacts
from ui.dialogs.import_file_page import DropArea
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import label
from ui.people.roster_words import sheet_words
from ui.texts import tr
from ui.tips import plain_tip

_NAME = Qt.ItemDataRole.UserRole


class RosterFilePage(Page):
    """The file, and a tick for each sheet that is read; hidden ones have none at first."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drop = DropArea(
            tr("选一份名册，或把文件拖到这里。"),
            tr("Excel（.xlsx、.xls）、WPS 表格（.et）、.ods、CSV。身份证号不会被读取。"),
        )
        self._title = label(tr("读哪些工作表？"), "heading")
        self.sheets = QTreeWidget()
        self.sheets.setObjectName("sheets")
        self.sheets.setAccessibleName(tr("文件里的工作表"))
        self.sheets.setHeaderLabels([tr("工作表"), tr("人员行"), tr("说明")])
        self.sheets.setRootIsDecorated(False)
        self.sheets.setUniformRowHeights(True)
        self.sheets.setMinimumHeight(self.fontMetrics().height() * 8)
        em = self.fontMetrics().height()
        for column, width_em in enumerate((10, 5)):
            self.sheets.setColumnWidth(column, width_em * em)
        self.sheets.itemChanged.connect(lambda *_: self.chosen.emit())
        self.body.addWidget(label(tr("哪个文件？"), "heading"))
        self.body.addWidget(self.drop)
        self.body.addWidget(self._title)
        self.body.addWidget(self.sheets, 1)
        self._filler = QWidget()
        self.body.addWidget(self._filler, 1)
        self._show_list(is_there=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The sheets that are ticked."""
        items = (self.sheets.topLevelItem(row) for row in range(self.sheets.topLevelItemCount()))
        return tuple(
            str(item.data(0, _NAME))
            for item in items
            if item is not None and item.checkState(0) == Qt.CheckState.Checked
        )

    def first_field(self) -> QWidget:
        """Return the list where there is one, else the button."""
        return self.sheets if self.sheets.topLevelItemCount() else self.drop.button

    def show_sheets(
        self, path: Path, sheets: Sequence[RosterSheet], facts: Sequence[SheetFacts]
    ) -> None:
        """List the sheets of a file."""
        self.drop.show_path(path)
        self.sheets.blockSignals(True)
        self.sheets.clear()
        for sheet, fact in zip(sheets, facts, strict=True):
            count = f"{fact.rows:,}" if fact.header is not None else ""
            item = QTreeWidgetItem([sheet.name, count, sheet_words(fact)])
            item.setData(0, _NAME, sheet.name)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(2, plain_tip(sheet_words(fact)))
            is_read = fact.header is not None
            item.setCheckState(0, Qt.CheckState.Checked if is_read else Qt.CheckState.Unchecked)
            if not is_read and not sheet.is_hidden:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.sheets.addTopLevelItem(item)
        self.sheets.blockSignals(False)
        first = self.sheets.topLevelItem(0)
        if first is not None:
            self.sheets.setCurrentItem(first)
        self._show_list(is_there=True)
        self.chosen.emit()

    def clear(self) -> None:
        """Forget the sheets: the file can't be used."""
        self.sheets.clear()
        self._show_list(is_there=False)
        self.chosen.emit()

    def _show_list(self, *, is_there: bool) -> None:
        self._title.setVisible(is_there)
        self.sheets.setVisible(is_there)
        self._filler.setVisible(not is_there)
