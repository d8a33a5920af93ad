"""Number the areas of a level anew: old and new codes in a table, new numbers on the map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gridadmin.base.errors import GridAdminError
from gridadmin.edit.document import Done
from gridadmin.edit.renumber_commands import Renumber
from gridadmin.partition.snapshot import Snapshot
from ui.context import Context
from ui.dialogs.change_table import ChangeRow, ChangesDialog
from ui.dialogs.scope_row import ScopeRow
from ui.panels import words
from ui.texts import explain, tr


class RenumberDialog(ChangesDialog):
    """Choose where and which level; what would change is shown at once."""

    numbers_wanted = Signal(object)
    """Which area (uid) gets which number, for the map; empty when there is nothing to show."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("重新编号"),
            tr("重新编号"),
            (tr("区域名称"), tr("级别"), tr("原编码"), tr("新编码")),
            (14, 7, 12, 10),
            self._take,
            parent,
            can_choose=False,
        )
        self._context = context
        self._command: Renumber | None = None
        scope = ScopeRow(context, "renumber", tr("编号范围"))
        self.place, self.level = scope.place, scope.level
        self.top.insertLayout(0, scope)
        self._fill_levels(context.bridge.snapshot)
        scope.changed.connect(self._look)
        self.finished.connect(lambda _: self.numbers_wanted.emit({}))
        self._look()

    def _fill_levels(self, snapshot: Snapshot) -> None:
        """Offer the levels with codes."""
        for one in snapshot.scheme.present_levels:
            if one.code is not None:
                self.level.addItem(words.level(snapshot, one.key), one.key)

    def _look(self) -> None:
        """Work out beside the window what would change."""
        if self.level.currentIndex() < 0:
            self.show_changes(tr("方案没有规定编码规则，不能重新编号。"), ())
            return
        command = Renumber(self.place.currentData(), self.level.currentData())
        self._command = command
        self.show_changes(tr("正在编排…"), ())
        self.say("")
        document = self._context.bridge.document
        job = self._context.jobs.start(
            tr("编排编号"),
            lambda _: document.preview(command),
            on_done=lambda done: self._show(command, done),
            on_failed=lambda error: self._refused(command, error),
            is_quiet=True,
        )
        self.look(job)

    def _show(self, command: Renumber, done: Done) -> None:
        if self.is_over or command is not self._command:
            return
        told = dict(done.change.told)
        rows = [_row(done.after, row) for row in told["codes"]]
        head = tr("{n} 个编码会改变，由北到南、由西到东编排。", n=len(rows))
        if told["in_force"]:
            head = words.dotted((head, tr("{n} 个已生效的编码不变。", n=told["in_force"])))
        self.show_changes(head, rows)
        own = [row for row in told["codes"] if row["level"] == command.level]
        self.numbers_wanted.emit({row["uid"]: _number(done.after, row) for row in own})

    def _refused(self, command: Renumber, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        if self.is_over or command is not self._command:
            return
        self.numbers_wanted.emit({})
        if error.code == "edit.nothing_changes":
            self.show_changes(tr("编号已经由北到南、由西到东排好，不用改。"), ())
            return
        self.show_changes("", ())
        self.say(explain(error))

    def _take(self, _: list[Any]) -> None:
        command = self._command
        if command is None:
            return
        job = self._context.bridge.execute_long(
            tr("重新编号"),
            lambda *_: command,
            on_done=self._done,
            on_failed=lambda error: self._refused(command, error),
        )
        self.write(job)

    def _done(self, done: Done) -> None:
        bridge = self._context.bridge
        count = len(dict(done.change.told)["codes"])
        told = tr("已重新编号，改了 {n} 个编码。", n=count)
        self._context.messages.done(told, action=(tr("撤销"), bridge.undo))
        self.accept()


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
