"""The table of a comparison: one row per area that differs, by level and code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gridadmin.app.plan_comparison import AreaDifference, Comparison, Side
from gridadmin.partition.snapshot import Snapshot
from ui.panels import words
from ui.plans import words as plan_words
from ui.texts import mark, tr
from ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns, in their order."""

    LEVEL = 0
    CODE = 1
    NAME = 2
    KINDS = 3
    LAND = 4
    HOUSEHOLDS = 5
    BUILDINGS = 6
    PARENT = 7
    FROM_TO = 8


_HEADS = {
    Column.LEVEL: mark("级别"),
    Column.CODE: mark("编码"),
    Column.NAME: mark("名称"),
    Column.KINDS: mark("变化"),
    Column.LAND: mark("面积"),
    Column.HOUSEHOLDS: mark("户数"),
    Column.BUILDINGS: mark("楼栋"),
    Column.PARENT: mark("所属"),
    Column.FROM_TO: mark("来自和去向"),
}
_FIGURES = (Column.LAND, Column.HOUSEHOLDS, Column.BUILDINGS)


class ComparisonModel(QAbstractTableModel):
    """The rows of a comparison."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._areas: tuple[AreaDifference, ...] = ()
        self._snapshot: Snapshot | None = None

    def show_comparison(self, snapshot: Snapshot | None, comparison: Comparison | None) -> None:
        """Show another comparison, or none."""
        areas = () if comparison is None else comparison.areas
        if areas == self._areas:
            return
        self.beginResetModel()
        self._snapshot = snapshot
        self._areas = areas
        self.endResetModel()

    def area_of(self, index: Index) -> AreaDifference | None:
        """Return the area of a row."""
        return self._areas[index.row()] if index.isValid() else None

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many areas differ."""
        return 0 if parent is not None and parent.isValid() else len(self._areas)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(Column)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the word above a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(_HEADS[Column(section)])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        area = self.area_of(index)
        if area is None or self._snapshot is None:
            return None
        column = Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_words(self._snapshot, area, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(cell_words(self._snapshot, area, column))
        if role == Qt.ItemDataRole.TextAlignmentRole and column in _FIGURES:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None


def cell_words(snapshot: Snapshot, area: AreaDifference, column: Column) -> str:
    """Return what stands in one cell: what it is now, with what it was where that differs."""
    if column in _SIDES:
        return _before_after(area, _SIDES[column])
    if column is Column.LEVEL:
        return words.level(snapshot, area.level)
    return plan_words.kinds(area) if column is Column.KINDS else _from_to(area)


def _households(side: Side) -> str:
    return words.UNKNOWN if side.households is None else f"{side.households:,}"


def _before_after(area: AreaDifference, said_of: Callable[[Side], str]) -> str:
    said = [said_of(side) for side in (area.before, area.after) if side is not None]
    return " → ".join(dict.fromkeys(said))


def _from_to(area: AreaDifference) -> str:
    parts = []
    if area.predecessors:
        parts.append(tr("来自{names}", names=tr("、").join(area.predecessors)))
    if area.successors:
        names = tr("、").join(area.successors)
        is_alive = area.after is not None
        parts.append(tr("分出{names}", names=names) if is_alive else tr("并入{names}", names=names))
    return words.dotted(parts)


_SIDES: Mapping[Column, Callable[[Side], str]] = {
    Column.CODE: lambda side: side.code or words.UNKNOWN,
    Column.NAME: lambda side: side.name,
    Column.LAND: lambda side: words.land(side.land_m2),
    Column.HOUSEHOLDS: _households,
    Column.BUILDINGS: lambda side: f"{side.buildings:,}",
    Column.PARENT: lambda side: side.parent or words.UNKNOWN,
}
