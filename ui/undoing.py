"""Undo and redo of the window: what they say, and why they can't be used."""

from __future__ import annotations

from PySide6.QtCore import QObject

from gridadmin.domain.change import LogEntry
from gridadmin.edit.document import Done
from ui.actions import Actions
from ui.context import Context
from ui.panels.gesture_words import gesture
from ui.panels.project_index import ProjectIndex
from ui.texts import tr


class Undoing(QObject):
    """Takes gestures back and repeats them, and says which."""

    def __init__(self, context: Context, actions: Actions, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        actions.bind("edit.undo", self.undo, self._why_no_undo)
        actions.bind("edit.redo", self.redo, self._why_no_redo)

    def undo(self) -> None:
        """Take the last gesture back."""
        what = self._words_of(self._context.bridge.document.undo_entry())
        self._told(self._context.bridge.undo(), tr("已撤销：{what}", what=what))

    def redo(self) -> None:
        """Repeat the gesture last taken back."""
        what = self._words_of(self._context.bridge.document.redo_entry())
        self._told(self._context.bridge.redo(), tr("已重做：{what}", what=what))

    def _words_of(self, entry: LogEntry | None) -> str:
        index = ProjectIndex.of(self._context)
        return "" if entry is None else gesture(entry, index.gist_of(entry))

    def _told(self, done: Done | None, words: str) -> None:
        if done is not None:
            self._context.messages.done(words)

    def _why_no_undo(self) -> str:
        bridge = self._context.bridge
        why = bridge.why_not_change()
        return why or ("" if bridge.document.can_undo else tr("没有可以撤销的操作。"))

    def _why_no_redo(self) -> str:
        bridge = self._context.bridge
        why = bridge.why_not_change()
        return why or ("" if bridge.document.can_redo else tr("没有可以重做的操作。"))
