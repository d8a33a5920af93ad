"""Write the 四至 of a whole level: old and new texts in a table, each accepted or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from gridadmin.base.progress import Progress
from gridadmin.domain.model import CELL_LEVEL
from gridadmin.edit.bounds_commands import ALL, EMPTY, OUTDATED, WriteBounds
from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from gridadmin.partition.snapshot import Snapshot
from ui.context import Context
from ui.dialogs.change_table import ChangeRow
from ui.dialogs.changes_dialog import ChangesDialog
from ui.dialogs.scope_row import ScopeRow
from ui.dialogs.words import label
from ui.panels import words
from ui.texts import mark, tr

_WHICH = (
    (OUTDATED, mark("没有四至，或边界已变动")),
    (EMPTY, mark("没有四至")),
    (ALL, mark("全部重写")),
)


class BoundsDialog(ChangesDialog):
    """Choose where, which level and which areas; what would be written is shown at once."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            context,
            tr("编写四至"),
            tr("写入"),
            (tr("区域名称"), tr("编码"), tr("原四至"), tr("新四至")),
            (8, 9, 11, 11),
            parent,
        )
        self.setObjectName("bounds_dialog")
        self.nothing = tr("没有要写的：有地的区域都有四至，边界也没有变动。")
        scope = ScopeRow(context, "bounds", tr("在哪里"))
        self.place, self.level = scope.place, scope.level
        self.which = QComboBox()
        self.which.setObjectName("bounds-which")
        self.which.setAccessibleName(tr("哪些区域"))
        for key, said in _WHICH:
            self.which.addItem(tr(said), key)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label(tr("哪些区域"), buddy=self.which))
        row.addWidget(self.which)
        row.addStretch(1)
        self.top.insertLayout(0, scope)
        self.top.insertLayout(1, row)
        self._fill_levels(context.bridge.snapshot)
        self.begin_with(self.place, self.level, self.which)
        scope.changed.connect(self._renew)
        self.which.currentIndexChanged.connect(lambda _: self._renew())
        self._renew()

    def _fill_levels(self, snapshot: Snapshot) -> None:
        self.level.addItem(tr("所有级别"), None)
        for one in snapshot.scheme.present_levels:
            if one.key not in (CELL_LEVEL, snapshot.root.level):
                self.level.addItem(words.level(snapshot, one.key), one.key)
        self.level.setCurrentIndex(max(self.level.findData("grid"), 0))

    def _renew(self) -> None:
        """Work out beside the window what would be written."""
        command = WriteBounds(
            below=self.place.currentData(),
            level=self.level.currentData(),
            which=self.which.currentData(),
        )
        document = self._context.bridge.document
        self.look(
            tr("编写四至"),
            tr("正在编写…"),
            lambda progress: document.preview(replace(command, progress=progress)),
            self._show,
        )

    def _show(self, done: Done) -> None:
        told = dict(done.change.told)["texts"]
        rows = [_row(done.after, one) for one in told]
        self.show_changes(tr("{n} 个区域的四至会写入；不想改的去掉勾选。", n=len(rows)), rows)

    def command(self, chosen: list[Any], progress: Progress) -> Command:
        """Return the command that writes the four bounds of the chosen areas."""
        return WriteBounds(chosen, progress=progress)

    def told(self, done: Done) -> str:
        """Return of how many areas they were written."""
        return tr("已写好 {n} 个区域的四至。", n=len(done.change.of("area")))


def _row(snapshot: Snapshot, told: Mapping[str, Any]) -> ChangeRow:
    old = tr("（空）") if told["old"] is None else _one_line(told["old"])
    new = tr("（不变）") if told["old"] == told["new"] else _one_line(told["new"])
    code = words.spaced_code(told["code"]) if told["code"] else words.UNKNOWN
    return ChangeRow((words.name_of(snapshot.area(told["uid"])), code, old, new), told["uid"])


def _one_line(text: str) -> str:
    return text.replace("\n", " ")
