"""The dialogs about selected areas: split, stack, merge, simplify; bound to their actions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import CELL_LEVEL, Land
from gridadmin.edit.document import Done
from gridadmin.partition.snapshot import Snapshot
from ui.actions import Actions
from ui.canvas.beside import stand_beside
from ui.canvas.map_panel import MapPanel
from ui.context import Context
from ui.dialogs.preview_dialog import PreviewDialog
from ui.panels import words
from ui.texts import tr

_LAYER = "n preview"


class AreaDialogs(QObject):
    """Opens the dialogs, one at a time, and shows their previews on the map."""

    def __init__(
        self, context: Context, actions: Actions, map_panel: MapPanel, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._map = map_panel
        self._window = parent
        self._standing: PreviewDialog | None = None
        bind, why_not_change = actions.bind, context.bridge.why_not_change
        bind("edit.split_parts", self.split, self._why_no_split)
        bind("edit.stack", self.stack, self._why_no_stack)
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

    def stack(self) -> None:
        """Divide the selected micro-grid by entrances and floors, or change how it is divided."""
        from ui.dialogs.stack_dialog import StackDialog

        area = self._context.bridge.snapshot.area(self._context.selection.areas[0])
        self._open(StackDialog(self._context, area, self._window), self._was_stacked)

    def _was_stacked(self, done: Done) -> None:
        told = dict(done.change.told)
        if "into" in told:
            stays = told["into"]["uid"]
            self._context.selection.select_areas([stays])
            name = words.name_of(done.after.area(stays))
            self._say(tr("立体微网格已还原为{name}。", name=name))
        elif "created" in told:
            made = [row["uid"] for row in told["created"]]
            self._context.selection.select_areas([*self._context.selection.areas[:1], *made])
            self._say(tr("已划分成 {n} 个立体微网格。", n=len(made) + 1))
        else:
            self._say(tr("单元和楼层已修改。"))

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
        dialog.things_changed.connect(lambda things: self._map.view.overlay.put(_LAYER, things))
        dialog.carried_out.connect(on_done)
        dialog.finished.connect(lambda _: self._forget(dialog))
        dialog.show()
        box = self._map.box_of_selection()
        stand_beside(dialog, self._map, box, self._map.view.view)
        if box is not None:
            self._map.show_beside(box, dialog)

    def _forget(self, dialog: PreviewDialog) -> None:
        if self._standing is dialog:
            self._standing = None
            # The keys go on where the work is.
            self._window.activateWindow()
            self._map.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _why_no_split(self) -> str:
        why = self._context.bridge.why_not_change()
        few = tr("请先选中一个或几个要分割的区域。")
        return why or ("" if self._context.selection.areas else few)

    def _why_no_stack(self) -> str:
        bridge = self._context.bridge
        uids = self._context.selection.areas
        if bridge.why_not_change() or len(uids) != 1:
            return bridge.why_not_change() or tr("请先选中一个微网格。")
        return why_not_stack(bridge.snapshot, uids[0])

    def _why_no_merge(self) -> str:
        why = self._context.bridge.why_not_change()
        few = tr("请先选中两个或更多相邻的区域（按住 Ctrl 单击）。")
        return why or (few if len(self._context.selection.areas) < 2 else "")


def why_not_stack(snapshot: Snapshot, uid: str) -> str:
    """Return why an area can't be divided by entrances and floors, in words; empty when it can."""
    area = snapshot.rows("area").get(uid)
    if area is None or area.valid_to is not None:
        return tr("请先选中一个微网格。")
    if area.level == CELL_LEVEL or (area.land == Land.STACKED and area.cell):
        return ""
    if area.level != "micro_grid":
        return tr("只有微网格可以按单元和楼层划分。")
    if area.land != Land.DRAWN:
        return tr("这个微网格还没有地块。")
    is_built = snapshot.counts.buildings_of(oid_of(uid)) > 0
    return "" if is_built else tr("这个微网格里没有楼栋。")
