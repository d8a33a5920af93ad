"""Links two selected exclusive areas of two communities as one campus."""

from __future__ import annotations

from PySide6.QtCore import QObject

from gridadmin.base.errors import EditError
from gridadmin.edit.campus_commands import JoinCampus, check_twins
from ui.actions import Actions
from ui.context import Context
from ui.panels import words
from ui.texts import explain, tr


class CampusWork(QObject):
    """Binds the action of a window."""

    def __init__(self, context: Context, actions: Actions, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        actions.bind("edit.campus", self.join, self.why_not)

    def join(self) -> None:
        """Link the two selected areas."""
        bridge = self._context.bridge
        one, other = self._context.selection.areas
        done = bridge.execute(JoinCampus(one, other))
        if done is not None:
            names = [words.name_of_uid(bridge.snapshot, uid) for uid in (one, other)]
            said = tr("“{one}”和“{other}”已互相关联。", one=names[0], other=names[1])
            self._context.messages.done(said, (tr("撤销"), bridge.undo))

    def why_not(self) -> str:
        """Return why the selected areas can't be linked; empty when they can."""
        bridge = self._context.bridge
        why = bridge.why_not_change()
        uids = self._context.selection.areas
        if why or len(uids) != 2:
            return why or tr("请先选中两个社区里的两个专属网格（按住 Ctrl 单击）。")
        rows = bridge.snapshot.rows("area")
        try:
            check_twins(bridge.snapshot, rows[uids[0]], rows[uids[1]])
        except EditError as refusal:
            return explain(refusal)
        return ""
