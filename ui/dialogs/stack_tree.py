"""The buildings of a cell with their entrances and floors, to be given to parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
)

from gridadmin.app.stack_plan import Run, Slot, StackPlan
from ui.panels import stack_words, words
from ui.texts import tr
from ui.tips import plain_tip

FLOORS = "application/x-gridadmin-floors"
"""The dragged rows are those selected; the data is empty."""

_KEY = Qt.ItemDataRole.UserRole
_NAME, _HOUSEHOLDS, _TO = range(3)


@dataclass(frozen=True)
class Piece:
    """What a row stands for: the floors *low* to *high* of some slots of the plan."""

    slots: tuple[int, ...]
    low: int
    high: int


class StackTree(QTreeWidget):
    """A row for each building, below it its entrances, below them floors that differ.

    Digits give the selected rows to a part, 0 and Delete take them back.
    """

    part_wanted = Signal(int)
    """The number of a part that the selection shall go to, from 0; -1 for none."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stack_tree")
        self.setAccessibleName(tr("楼栋、单元和楼层"))
        self.setHeaderLabels([tr("楼栋、单元、楼层"), tr("户数"), tr("归入")])
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setTabKeyNavigation(False)
        self.setUniformRowHeights(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for column in (_HOUSEHOLDS, _TO):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    # Filling

    def show_plan(self, plan: StackPlan) -> None:
        """Fill the rows anew; selected rows stay so as far as they are still there."""
        chosen = set(self.pieces())
        current = self._piece(self.currentItem())
        self.blockSignals(True)
        self.clear()
        at = 0
        for building in plan.buildings:
            count = sum(slot.building.uid == building.uid for slot in plan.slots)
            self._add_building(plan, range(at, at + count))
            at += count
        self.expandAll()
        self._select(chosen, current)
        self.blockSignals(False)
        self.itemSelectionChanged.emit()

    def _add_building(self, plan: StackPlan, numbers: range) -> None:
        slots = [plan.slots[number] for number in numbers]
        name = _named(slots[0], with_entrance=len(slots) == 1)
        high = slots[0].floors
        top = self._row(plan, name, [run for n in numbers for run in plan.runs(n)])
        top.setData(_NAME, _KEY, Piece(tuple(numbers), 1, high))
        self.addTopLevelItem(top)
        for number, slot in zip(numbers, slots, strict=True):
            over = top
            if len(slots) > 1:
                over = self._row(plan, slot.entrance or "", plan.runs(number))
                over.setData(_NAME, _KEY, Piece((number,), 1, high))
                top.addChild(over)
            runs = plan.runs(number)
            for run in runs if len(runs) > 1 else ():
                said = stack_words.floors(run.low, run.high)
                row = self._row(plan, said, [run])
                row.setData(_NAME, _KEY, Piece((number,), run.low, run.high))
                over.addChild(row)

    def _row(self, plan: StackPlan, name: str, runs: Sequence[Run]) -> QTreeWidgetItem:
        parts = sorted({-1 if run.part is None else run.part for run in runs})
        count = sum(map(plan.households_of, runs))
        to = tr("、").join(str(part + 1) if part >= 0 else tr("未归") for part in parts)
        row = QTreeWidgetItem([name, f"{count:,}", to])
        row.setToolTip(_NAME, plain_tip(name))
        row.setTextAlignment(
            _HOUSEHOLDS, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        spoken = (name, words.households(count), tr("归入 {to}", to=to))
        row.setData(_NAME, Qt.ItemDataRole.AccessibleTextRole, tr("，").join(spoken))
        return row

    def _select(self, chosen: set[Piece], current: Piece | None) -> None:
        walk = QTreeWidgetItemIterator(self)
        at: QTreeWidgetItem | None = None
        while (item := walk.value()) is not None:
            piece = self._piece(item)
            if current is not None and piece is not None and current.slots == piece.slots:
                # The floors may be others now: then the entrance that they belong to.
                is_same = current == piece
                at = item if is_same or at is None else at
            item.setSelected(piece in chosen)
            walk += 1
        at = at or self.topLevelItem(0)
        if at is not None:
            keeps = bool(self.selectedItems())
            self.setCurrentItem(at, _NAME, self.selectionModel().SelectionFlag.NoUpdate)
            at.setSelected(not keeps or at.isSelected())

    # What is selected

    def pieces(self) -> list[Piece]:
        """Return what the selected rows stand for."""
        found = [self._piece(item) for item in self.selectedItems()]
        return [piece for piece in found if piece is not None]

    def _piece(self, item: QTreeWidgetItem | None) -> Piece | None:
        return None if item is None else item.data(_NAME, _KEY)

    # Giving

    def mimeTypes(self) -> list[str]:
        """Rows are dragged as floors."""
        return [FLOORS]

    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:
        """Return the mark of dragged rows."""
        data = QMimeData()
        data.setData(FLOORS, b"%d" % len(items))
        return data

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give the selection to the part of a digit, or take it back."""
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.part_wanted.emit(key - Qt.Key.Key_1)
        elif plain and key in (Qt.Key.Key_0, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.part_wanted.emit(-1)
        else:
            super().keyPressEvent(event)


def _named(slot: Slot, *, with_entrance: bool) -> str:
    name = stack_words.building_name(slot.building)
    if with_entrance and slot.entrance:
        name = f"{name} {slot.entrance}"
    count = slot.building.floors
    return tr("{building}（{n} 层）", building=name, n=count) if count else name
