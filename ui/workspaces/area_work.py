"""What is done with areas as entries of a list: numbers, the ledger, other parents, merging."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget

from gridadmin.base.ids import oid_of
from gridadmin.partition.walk import land_parts, to_polygon
from ui.actions import Actions
from ui.canvas.beside import stand_beside
from ui.canvas.map_panel import MapPanel
from ui.canvas.overlay import Tag
from ui.context import Context
from ui.texts import tr

_MOST_NUMBERS = 300
"""More numbers than this on a map nobody can read."""


class AreaWork(QObject):
    """Binds the actions on areas of one window."""

    def __init__(
        self, context: Context, actions: Actions, map_panel: MapPanel, window: QWidget
    ) -> None:
        super().__init__(window)
        self._context = context
        self._map = map_panel
        self._window = window
        bridge = context.bridge
        actions.bind("file.ledger_export", self.export_ledger, self._why_not_open)
        actions.bind("file.ledger_import", self.import_ledger, bridge.why_not_change)
        actions.bind("edit.renumber", self.renumber, bridge.why_not_change)
        actions.bind("file.codes", self.update_codes, bridge.why_not_change)
        actions.bind("edit.four_bounds", self.write_bounds, bridge.why_not_change)
        actions.bind("edit.move_to", self.move_to, self._why_not_move)

    def _why_not_open(self) -> str:
        return "" if self._context.bridge.is_open else tr("没有打开的项目。")

    def _why_not_move(self) -> str:
        why = self._context.bridge.why_not_change()
        if why:
            return why
        rows = self._context.bridge.snapshot.rows("area")
        areas = [rows[uid] for uid in self._context.selection.areas if uid in rows]
        if not areas:
            return tr("请先选中要移动的区域。")
        is_root = any(area.parent is None for area in areas)
        return tr("最上级的区域不能移动。") if is_root else ""

    def export_ledger(self) -> None:
        """Write the ledger to a file that is asked for."""
        from ui.dialogs.ledger_dialog import ask_and_export

        ask_and_export(self._context, self._window)

    def import_ledger(self) -> None:
        """Show what an edited ledger changes, and take it over."""
        from ui.dialogs.ledger_dialog import ask_and_import

        ask_and_import(self._context, self._window)

    def renumber(self) -> None:
        """Number areas anew after a look at what would change."""
        from ui.dialogs.renumber_dialog import RenumberDialog

        dialog = RenumberDialog(self._context, self._window)
        dialog.numbers_wanted.connect(lambda numbers: self._show_numbers(dialog, numbers))
        self._open(dialog)
        stand_beside(dialog, self._map, None, self._map.view.view)

    def write_bounds(self) -> None:
        """Write the four bounds of a level after a look at old and new texts."""
        from ui.dialogs.bounds_dialog import BoundsDialog

        self._open(BoundsDialog(self._context, self._window))

    def update_codes(self) -> None:
        """Take over a newer list of statistical codes after a look at the differences."""
        from ui.dialogs.codes_dialog import CodesDialog

        self._open(CodesDialog(self._context, self._window))

    def move_to(self) -> None:
        """Hang the selected areas below another one."""
        from ui.dialogs.move_to_dialog import MoveToDialog

        self._open(MoveToDialog(self._context, self._context.selection.areas, self._window))

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._go_on)
        dialog.open()

    def _go_on(self) -> None:
        """Give the keys back to the map."""
        self._window.activateWindow()
        self._map.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_numbers(self, dialog: QDialog, numbers: Mapping[str, str]) -> None:
        """Show new numbers beside the dialog, each inside its area."""
        boxes = [self._context.bridge.box_of_area(uid) for uid in numbers]
        known = np.array([box for box in boxes if box is not None])
        if len(known):
            (x0, y0), (x1, y1) = known[:, :2].min(axis=0), known[:, 2:].max(axis=0)
            self._map.show_beside((float(x0), float(y0), float(x1), float(y1)), dialog)
        tags = []
        if len(numbers) <= _MOST_NUMBERS and self._context.bridge.is_open:
            for uid, number in numbers.items():
                place = self._inside(uid)
                if place is not None:
                    tags.append(Tag(place, [[number]]))
        self._map.view.overlay.put("renumber", tags)

    def _inside(self, uid: str) -> tuple[float, float] | None:
        """Return a point inside an area in local metres, None without land."""
        snapshot = self._context.bridge.snapshot
        area = snapshot.rows("area").get(uid)
        if area is None:
            return None
        parts = land_parts(snapshot.partition, oid_of(area.cell or uid))
        if not parts:
            return None
        point = to_polygon(parts, lambda points: points / 1000.0).representative_point()
        return point.x, point.y
