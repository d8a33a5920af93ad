"""The findings on the people as a table: filtered, sorted, put together by place or kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from gridadmin.app.finding_list import FindingFilter, FindingLine
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.model import Area
from ui.panels import words
from ui.panels.marks import State, state_of, state_pixmap
from ui.people.found import Found
from ui.texts import mark, tr
from ui.theme import colours
from ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
Key = tuple[str, str | None, str | None, str, str]

_SIGN_PX = 14
_LAST = "\uffff"


class FoundColumn(IntEnum):
    """The columns from the left."""

    SEVERITY = 0
    KIND = 1
    TEXT = 2
    ABOUT = 3
    PLACE = 4
    UNIT = 5


class Together(StrEnum):
    """How findings are put together."""

    NOT = "not"
    PLACE = "place"
    KIND = "kind"


HEADS = {
    FoundColumn.SEVERITY: mark("轻重"),
    FoundColumn.KIND: mark("类型"),
    FoundColumn.TEXT: mark("具体问题"),
    FoundColumn.ABOUT: mark("涉及"),
    FoundColumn.PLACE: mark("所在区域"),
    FoundColumn.UNIT: mark("社区（村）"),
}
_INKS = {
    State.ERROR: "error_text",
    State.WARNING: "warning_text",
    State.NOTE: "text",
}
_SAME: Mapping[FoundColumn, Callable[[FindingLine], object]] = {
    FoundColumn.KIND: lambda line: line.finding.kind,
    FoundColumn.ABOUT: lambda line: line.about,
    FoundColumn.PLACE: lambda line: None if line.place is None else line.place.uid,
    FoundColumn.UNIT: lambda line: None if line.unit is None else line.unit.uid,
}
"""What a cell of a column follows from."""
_RANK = {severity: number for number, severity in enumerate(Severity)}


@dataclass(frozen=True)
class _Head:
    title: str


def key_of(line: FindingLine) -> Key:
    """Return what tells a finding from all others, from one look to the next."""
    one = line.finding
    return one.kind, one.area, one.person, one.subject, one.sentence


class FoundModel(QAbstractTableModel):
    """The findings that the filter lets through."""

    def __init__(self, found: Found, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found = found
        self.filter = FindingFilter()
        self._sort: tuple[FoundColumn, Qt.SortOrder] | None = None
        self._together = Together.NOT
        self._rows: list[FindingLine | _Head] = []
        self.shown_count = 0
        """How many findings are shown."""
        self._icons: dict[tuple[str, State], QIcon] = {}
        self._tellers: Mapping[FoundColumn, Callable[[FindingLine], str]] = {
            FoundColumn.SEVERITY: lambda line: words.severity(line.finding.severity),
            FoundColumn.KIND: lambda line: words.kind(line.finding.kind),
            FoundColumn.TEXT: lambda line: line.text,
            FoundColumn.ABOUT: lambda line: line.about or words.UNKNOWN,
            FoundColumn.PLACE: lambda line: _named(line.place),
            FoundColumn.UNIT: lambda line: _named(line.unit),
        }

    # What is shown

    def set_filter(self, **changed: Any) -> None:
        """Change fields of the filter."""
        self.filter = replace(self.filter, **changed)
        self.read_anew()

    def put_together(self, how: Together) -> None:
        """Put findings together by place or by kind, or no longer."""
        self._together = how
        self.read_anew()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; a negative one goes back to the order of a report."""
        self._sort = None if column < 0 else (FoundColumn(column), order)
        self.read_anew()

    def read_anew(self) -> None:
        """Take the findings that are known now."""
        self.beginResetModel()
        known = self._found.list
        lines = [] if known is None else known.find(self.filter)
        self.shown_count = len(lines)
        self._rows = self._in_groups(self._sorted(lines))
        self.endResetModel()

    def line_at(self, row: int) -> FindingLine | None:
        """Return the finding of a row, None for the head of a group."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return None if isinstance(found, _Head) else found

    def row_of(self, key: Key) -> int | None:
        """Return the row of a finding, None when it isn't shown."""
        for number, row in enumerate(self._rows):
            # The kind alone tells most of them apart, and quickly.
            if isinstance(row, FindingLine) and row.finding.kind == key[0] and key_of(row) == key:
                return number
        return None

    def first_on(self, areas: Sequence[str]) -> int | None:
        """Return the first row that is about one of some areas (uids)."""
        wanted = set(areas)
        for number, row in enumerate(self._rows):
            if not isinstance(row, _Head) and row.place is not None and row.place.uid in wanted:
                return number
        return None

    def _sorted(self, lines: list[FindingLine]) -> list[FindingLine]:
        if self._sort is None:
            return lines
        column, order = self._sort
        is_down = order is Qt.SortOrder.DescendingOrder
        if column is FoundColumn.SEVERITY:
            return sorted(lines, key=lambda one: _RANK[one.finding.severity], reverse=is_down)
        # What is said of many lines alike is worked out once for each of them.
        tell, told = self._tellers[column], dict[object, str]()
        if column is FoundColumn.TEXT:
            return sorted(lines, key=tell, reverse=is_down)
        about = _SAME[column]
        for line in lines:
            one = about(line)
            if one not in told:
                told[one] = tell(line)
        return sorted(lines, key=lambda line: told[about(line)], reverse=is_down)

    def _in_groups(self, lines: Sequence[FindingLine]) -> list[FindingLine | _Head]:
        if self._together is Together.NOT:
            return list(lines)
        groups: dict[str, list[FindingLine]] = {}
        for line in lines:
            groups.setdefault(self._group_of(line), []).append(line)
        is_by_place = self._together is Together.PLACE
        rows: list[FindingLine | _Head] = []
        for key in sorted(groups) if is_by_place else groups:
            counted = tr("{n} 条问题", n=f"{len(groups[key]):,}")
            rows += [_Head(words.dotted((self._title_of(groups[key][0]), counted))), *groups[key]]
        return rows

    def _group_of(self, line: FindingLine) -> str:
        """Return the key of a finding's group, which orders places too."""
        if self._together is Together.KIND:
            return line.finding.kind
        return _LAST if line.unit is None else f"{line.unit.code or '~'} {line.unit.uid}"

    def _title_of(self, line: FindingLine) -> str:
        if self._together is Together.KIND:
            return words.kind(line.finding.kind)
        return tr("不在区域上") if line.unit is None else words.name_of(line.unit)

    # Cells

    @property
    def heads(self) -> list[int]:
        """The rows that are heads of groups."""
        return [number for number, row in enumerate(self._rows) if isinstance(row, _Head)]

    def is_head(self, row: int) -> bool:
        """Return whether a row is the head of a group."""
        return isinstance(self._rows[row], _Head)

    def text_at(self, row: int, column: int) -> str:
        """Return what a cell says; the title of a group in its first column."""
        found = self._rows[row]
        if isinstance(found, _Head):
            return found.title if column == 0 else ""
        return self._tellers[FoundColumn(column)](found)

    def sign_at(self, row: int, column: int) -> QIcon | None:
        """Return the sign of a finding's severity."""
        found = self._rows[row]
        if column != FoundColumn.SEVERITY or isinstance(found, _Head):
            return None
        state = state_of(found.finding.severity)
        known = self._icons.get((colours().name, state))
        if known is None:
            sign = state_pixmap(state, _SIGN_PX, 2.0)
            known = self._icons[colours().name, state] = QIcon(sign)
            known.addPixmap(sign, QIcon.Mode.Selected)
        return known

    def ink_at(self, row: int, column: int) -> str:
        """Return the colour of the words of a cell: a field of Colours."""
        found = self._rows[row]
        if column != FoundColumn.SEVERITY or isinstance(found, _Head):
            return "text"
        return _INKS[state_of(found.finding.severity)]

    # QAbstractTableModel

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows there are, heads included."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(FoundColumn)

    def headerData(
        self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the head of a column."""
        if way is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(HEADS[FoundColumn(section)])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Findings can be chosen; heads of groups are stepped over."""
        if not index.isValid() or self.is_head(index.row()):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text_at(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.text_at(row, column)) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = self.text_at(row, column)
            return said if self.is_head(row) else f"{tr(HEADS[FoundColumn(column)])} {said}"
        return None


def _named(area: Area | None) -> str:
    return words.UNKNOWN if area is None else words.name_of(area)
