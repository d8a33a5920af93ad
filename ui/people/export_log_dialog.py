"""The log of exports: who took what out of the project, when, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHeaderView, QVBoxLayout, QWidget

from gridadmin.domain.export_note import ExportNote
from ui.dialogs.change_table import ChangeModel, ChangeRow, ChangeTable
from ui.dialogs.words import label
from ui.texts import sentence, tr

_SCREEN_SHARE = 0.92


class ExportLogDialog(QDialog):
    """A table of all exports, the newest first; nothing in it can be changed."""

    def __init__(self, notes: Sequence[ExportNote], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("导出记录"))
        headings = (
            tr("时间"), tr("谁"), tr("内容"), tr("给谁看"), tr("文件"), tr("数量"), tr("人员的列"),
        )  # fmt: skip
        self.model = ChangeModel(headings, [_row(note) for note in notes], can_choose=False)
        self.table = ChangeTable(self.model, (7, 4, 5, 4, 10, 4, 10))
        self.table.setObjectName("export_log")
        self.table.setAccessibleName(tr("导出记录"))
        for column in range(len(headings) - 1):
            fits = QHeaderView.ResizeMode.ResizeToContents
            self.table.horizontalHeader().setSectionResizeMode(column, fits)
        head = label(
            tr("{n} 次导出。记录不能修改，撤销也不会去掉。", n=f"{len(notes):,}")
            if notes
            else tr("还没有导出过。")
        )
        buttons = QDialogButtonBox()
        close = buttons.addButton(tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setDefault(True)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(head)
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)
        self.table.setVisible(bool(notes))
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Ask for room for the columns, as far as the screen has it."""
        em = self.fontMetrics().height()
        room = self.screen().availableGeometry().size() * _SCREEN_SHARE
        return QSize(60 * em, 26 * em).boundedTo(room)


def _row(note: ExportNote) -> ChangeRow:
    time = datetime.fromisoformat(note.time).astimezone()
    return ChangeRow(
        (
            f"{time:%Y-%m-%d %H:%M}",
            note.author,
            sentence(f"export_note.{note.what}"),
            sentence(f"export_note.{note.profile}"),
            note.file,
            f"{note.count:,}" if note.count else "",
            note.fields,
        ),
        note,
    )
