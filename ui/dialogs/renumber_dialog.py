"""Number the areas of a level anew: old and new codes in a table, new numbers on the map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QWidget

from gridadmin.base.progress import Progress
from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from gridadmin.edit.renumber_commands import Renumber
from gridadmin.partition.snapshot import Snapshot
from ui.context import Context
from ui.dialogs.change_table import ChangeRow
from ui.dialogs.changes_dialog import ChangesDialog
from ui.dialogs.scope_row import ScopeRow
from ui.panels import words
from ui.texts import tr

_WIDTH_EM = 40


class RenumberDialog(ChangesDialog):
    """Choose where and which level; what would change is shown at once."""

    numbers_wanted = Signal(object)
    """Which area (uid) gets which number, for the map; empty when there is nothing to show."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            context,
            tr("重新编号"),
            tr("重新编号"),
            (tr("区域名称"), tr("级别"), tr("原编码"), tr("新编码")),
            (8, 6, 11, 11),
            parent,
            can_choose=False,
        )
        self.nothing = tr("编号已经由北到南、由西到东排好，不用改。")
        scope = ScopeRow(context, "renumber", tr("编号范围"))
        self.place, self.level = scope.place, scope.level
        self.top.insertLayout(0, scope)
        self._fill_levels(context.bridge.snapshot)
        self.begin_with(self.place, self.level)
        scope.changed.connect(self._renew)
        self.finished.connect(lambda _: self.numbers_wanted.emit({}))
        self._renew()

    def _fill_levels(self, snapshot: Snapshot) -> None:
        """Offer the levels with codes."""
        for one in snapshot.scheme.present_levels:
            if one.code is not None:
                self.level.addItem(words.level(snapshot, one.key), one.key)

    def _renew(self) -> None:
        """Work out beside the window what would change."""
        if self.level.currentIndex() < 0:
            self.show_changes(tr("方案没有规定编码规则，不能重新编号。"), ())
            return
        command, document = self._wanted(), self._context.bridge.document
        self.look(tr("编排编号"), tr("正在编排…"), lambda _: document.preview(command), self._show)

    def _wanted(self) -> Renumber:
        return Renumber(self.place.currentData(), self.level.currentData())

    def _show(self, done: Done) -> None:
        told = dict(done.change.told)
        rows = [_row(done.after, row) for row in told["codes"]]
        head = tr("{n} 个编码会改变，由北到南、由西到东编排。", n=len(rows))
        if told["in_force"]:
            head = words.dotted((head, tr("{n} 个已生效的编码不变。", n=told["in_force"])))
        self.show_changes(head, rows)
        own = [row for row in told["codes"] if row["level"] == self.level.currentData()]
        self.numbers_wanted.emit({row["uid"]: _number(done.after, row) for row in own})

    def sizeHint(self) -> QSize:
        """Leave the map room for the numbers."""
        wanted = super().sizeHint()
        return QSize(min(wanted.width(), _WIDTH_EM * self.fontMetrics().height()), wanted.height())

    def found_nothing(self) -> None:
        """Take the numbers off the map."""
        self.numbers_wanted.emit({})

    def command(self, chosen: list[Any], progress: Progress) -> Command:
        """Return the command that numbers anew; it is done whole or not at all."""
        return self._wanted()

    def told(self, done: Done) -> str:
        """Return how many codes changed."""
        return tr("已重新编号，改了 {n} 个编码。", n=len(dict(done.change.told)["codes"]))


def _row(snapshot: Snapshot, row: Mapping[str, Any]) -> ChangeRow:
    cells = (
        row["name"],
        words.level(snapshot, row["level"]),
        words.spaced_code(row["old"]) if row["old"] else words.UNKNOWN,
        words.spaced_code(row["new"] or ""),
    )
    return ChangeRow(cells, row["uid"])


def _number(snapshot: Snapshot, row: Mapping[str, Any]) -> str:
    """Return the part of a new code that counts, as it stands on the map."""
    level = snapshot.scheme.level(row["level"])
    parts = None if level is None or level.code is None else level.code.parse(row["new"] or "")
    return str(row["new"]) if parts is None else str(row["new"]).removeprefix(parts.parent_code)
