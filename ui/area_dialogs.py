"""The dialogs about selected areas: split, merge, simplify; bound to their actions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from gridadmin.edit.document import Done
from ui.actions import Actions
from ui.canvas.view import MapView
from ui.context import Context
from ui.dialogs.preview_dialog import PreviewDialog
from ui.panels import words
from ui.texts import tr

_LAYER = "n preview"


class AreaDialogs(QObject):
    """Opens the dialogs, one at a time, and shows their previews on the map."""

    def __init__(self, context: Context, actions: Actions, view: MapView, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._view = view
        self._window = parent
        self._standing: PreviewDialog | None = None
        bind, why_not_change = actions.bind, context.bridge.why_not_change
        bind("edit.split_parts", self.split, self._why_no_split)
        bind("edit.merge", self.merge, self._why_no_merge)
        bind("edit.simplify", self.simplify, why_not_change)

    def split(self) -> None:
        """Split the selected areas into parts."""
        from ui.dialogs.split_dialog import SplitDialog

        areas = self._context.selection.areas
        self._open(SplitDialog(self._context, areas, self._window), self._was_split)

    def _was_split(self, done: Done) -> None:
        parts = [uid for one in dict(done.change.told)["parts"] for uid in one]
        self._context.selection.select_areas(parts)
        self._say(tr("已分成 {n} 份。", n=len(parts)))

    def merge(self) -> None:
        """Make one area of those selected."""
        from ui.dialogs.merge_dialog import MergeDialog

        areas = self._context.selection.areas
        self._open(MergeDialog(self._context, areas, self._window), self._was_merged)

    def _was_merged(self, done: Done) -> None:
        stays = dict(done.change.told)["into"]["uid"]
        self._context.selection.select_areas([stays])
        self._say(tr("已合并为{name}。", name=words.name_of(done.after.area(stays))))

    def simplify(self) -> None:
        """Simplify borders of the selected areas or of all."""
        from ui.dialogs.simplify_dialog import SimplifyDialog

        areas = self._context.selection.areas
        self._open(SimplifyDialog(self._context, areas, self._window), self._was_simplified)

    def _was_simplified(self, done: Done) -> None:
        count = dict(done.change.told)["vertices_removed"]
        self._say(tr("已简化边界，去掉 {n} 个点。", n=f"{count:,}"))

    def _say(self, text: str) -> None:
        self._context.messages.done(text, (tr("撤销"), self._context.bridge.undo))

    def _open(self, dialog: PreviewDialog, on_done: Callable[[Done], None]) -> None:
        if self._standing is not None:
            self._standing.reject()
        self._standing = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.things_changed.connect(lambda things: self._view.overlay.put(_LAYER, things))
        dialog.carried_out.connect(on_done)
        dialog.finished.connect(lambda _: self._forget(dialog))
        dialog.show()
        dialog.move(
            self._window.geometry().topRight().x() - dialog.width() - 24,
            self._window.geometry().top() + 90,
        )

    def _forget(self, dialog: PreviewDialog) -> None:
        if self._standing is dialog:
            self._standing = None

    def _why_no_split(self) -> str:
        why = self._context.bridge.why_not_change()
        few = tr("请先选中一个或几个要分割的区域。")
        return why or ("" if self._context.selection.areas else few)

    def _why_no_merge(self) -> str:
        why = self._context.bridge.why_not_change()
        few = tr("请先选中两个或更多相邻的区域（按住 Ctrl 单击）。")
        return why or (few if len(self._context.selection.areas) < 2 else "")
