"""A newer list of statistical codes: what differs, each difference accepted or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from gridadmin.app.code_list import UnitDifference, differences
from gridadmin.base.progress import Progress
from gridadmin.domain.base_units import read_base_units
from gridadmin.edit.code_list_commands import TakeCodeList, UnitChangeKind
from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from ui.context import Context
from ui.dialogs.change_table import ChangeRow
from ui.dialogs.changes_dialog import ChangesDialog
from ui.dialogs.place_field import usual_folder
from ui.panels import words
from ui.texts import explain, mark, tr

_KINDS = {
    UnitChangeKind.NEW: mark("新增"),
    UnitChangeKind.GONE: mark("名单里没有了"),
    UnitChangeKind.RENAMED: mark("改名"),
    UnitChangeKind.RECODED: mark("改编码"),
}


class CodesDialog(ChangesDialog):
    """How the shipped list, or one from a file, differs from the project."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            context,
            tr("更新区划代码"),
            tr("采用"),
            (tr("差异"), tr("项目里"), tr("名单里")),
            (9, 17, 17),
            parent,
        )
        self._list_name = ""
        choose = QPushButton(tr("选择名单文件…"))
        choose.setObjectName("choose-list")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.addWidget(choose)
        row.addStretch(1)
        self.top.addLayout(row)
        self.begin_with(choose)
        self.compare(None)

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("选择名单文件"), str(usual_folder(self._context.settings)), "CSV (*.csv)"
        )
        if chosen:
            self.compare(Path(chosen))

    def compare(self, file: Path | None) -> None:
        """Compare beside the window; None is the list that comes with the program."""
        self._list_name = tr("程序自带的名单") if file is None else file.name
        snapshot = self._context.bridge.snapshot
        self.look(
            tr("对比区划代码"),
            tr("正在对比…"),
            lambda _: differences(snapshot, None if file is None else read_base_units(file)),
            self._show,
        )

    def _show(self, found: list[UnitDifference]) -> None:
        head = tr("{name}：与项目有 {n} 处不同。", name=self._list_name, n=len(found))
        self.show_changes(head, [_row(one) for one in found])

    def command(self, chosen: list[Any], progress: Progress) -> Command:
        """Return the command that takes the chosen differences over."""
        return TakeCodeList(chosen, self._list_name)

    def told(self, done: Done) -> str:
        """Return how many areas changed."""
        return tr("区划代码已更新，改了 {n} 个区域。", n=len(done.changed_areas()))


def _row(one: UnitDifference) -> ChangeRow:
    change = one.change
    old = _unit(one.old_code, one.old_name)
    new = _unit(change.code or one.old_code, change.name or one.old_name)
    if change.kind == UnitChangeKind.GONE:
        new = words.UNKNOWN
    why = "" if one.refusal is None else explain(one.refusal)
    return ChangeRow((tr(_KINDS[UnitChangeKind(change.kind)]), old, new), change, why)


def _unit(code: str | None, name: str | None) -> str:
    return " ".join(part for part in (code, name) if part) or words.UNKNOWN
