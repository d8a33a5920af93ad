"""The seats as a table: filtered, sorted by a column, put together by place if one wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QIcon

from gridadmin.app.seat_search import SeatFilter
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.seats import Seat, SeatState
from ui.panels.marks import State, state_pixmap
from ui.panels.words import UNKNOWN, name_of
from ui.people import words
from ui.people.staff import Staff
from ui.texts import mark, tr
from ui.theme import colours
from ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex

SEATS = "application/x-gridadmin-seats"
"""Kind of data of dragged rows: the keys of their seats, a line each."""

SEAT = Qt.ItemDataRole.UserRole + 1
"""The seat of a row; None for the head of a group."""
_SIGN_PX = 14


class Column(IntEnum):
    """The columns from the left."""

    NAME = 0
    POST = 1
    UNIT = 2
    BASE_UNIT = 3
    PLACE = 4
    SINCE = 5
    UNTIL = 6
    PHONE = 7
    STATE = 8


HEADS = {
    Column.NAME: mark("姓名"),
    Column.POST: mark("岗位"),
    Column.UNIT: mark("身份或派出单位"),
    Column.BASE_UNIT: mark("社区（村）"),
    Column.PLACE: mark("所在区域"),
    Column.SINCE: mark("起"),
    Column.UNTIL: mark("止"),
    Column.PHONE: mark("电话"),
    Column.STATE: mark("状态"),
}
_TEXT_COLOURS = {
    State.ERROR: "error_text",
    State.WARNING: "warning_text",
    State.NOTE: "text",
    State.FINE: "good_text",
}


@dataclass(frozen=True)
class _Head:
    title: str


_Row = Seat | _Head


class SeatModel(QAbstractTableModel):
    """The seats that the filter lets through."""

    def __init__(self, staff: Staff, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._staff = staff
        self._filter = SeatFilter()
        self._sort: tuple[Column, Qt.SortOrder] | None = None
        self._is_grouped = False
        self._rows: list[_Row] = []
        self._row_of: dict[str, int] = {}
        self.of_all_states: Sequence[Seat] = ()
        """The seats that pass all of the filter but its state."""
        self._icons: dict[tuple[str, State], QIcon] = {}
        self._tellers: Mapping[Column, Callable[[StaffBook, Seat], str]] = {
            Column.NAME: lambda _, seat: words.person(seat),
            Column.POST: lambda _, seat: words.post(seat),
            Column.UNIT: words.unit,
            Column.BASE_UNIT: lambda _, seat: self._base_unit(seat),
            Column.PLACE: lambda book, seat: words.place(book, seat.anchor),
            Column.SINCE: lambda _, seat: _since(seat),
            Column.UNTIL: lambda _, seat: _until(seat),
            Column.PHONE: lambda _, seat: words.phone(seat.person),
            Column.STATE: lambda book, seat: words.state(seat, book.day),
        }

    # What is shown

    @property
    def filter(self) -> SeatFilter:
        """Which seats are shown."""
        return self._filter

    def set_filter(self, **changed: Any) -> None:
        """Change fields of the filter."""
        self._filter = replace(self._filter, **changed)
        self.read_anew()

    @property
    def is_grouped(self) -> bool:
        """Whether seats are put together by community."""
        return self._is_grouped

    def set_grouped(self, *, is_grouped: bool) -> None:
        """Put the seats together by community, or no longer."""
        self._is_grouped = is_grouped
        self.read_anew()

    def read_anew(self) -> None:
        """Take the seats that are known now."""
        self.beginResetModel()
        self.of_all_states = self.matching(state=None)
        state = self._filter.state
        seats = [one for one in self.of_all_states if state is None or one.state is state]
        self._rows = self._in_groups(self._sorted(seats))
        self._row_of = {
            row.key: number for number, row in enumerate(self._rows) if isinstance(row, Seat)
        }
        self.endResetModel()

    def matching(self, **changed: Any) -> Sequence[Seat]:
        """Return the seats that would pass with some fields of the filter changed."""
        search = self._staff.search
        return [] if search is None else search.find(replace(self._filter, **changed))

    @property
    def heads(self) -> list[int]:
        """The rows that are heads of groups."""
        return [number for number, row in enumerate(self._rows) if isinstance(row, _Head)]

    @property
    def seat_count(self) -> int:
        """How many seats are shown."""
        return len(self._row_of)

    def seat_of(self, index: Index) -> Seat | None:
        """Return the seat of a row, None for the head of a group."""
        row = self._rows[index.row()] if index.isValid() else None
        return row if isinstance(row, Seat) else None

    def row_of(self, key: str) -> int | None:
        """Return the row of a seat, None when it isn't shown."""
        return self._row_of.get(key)

    def rows_on(self, areas: Sequence[str], person: str | None = None) -> list[int]:
        """Return the rows of areas; those of one person alone where one is given."""
        wanted = set(areas)
        return [
            number
            for number, row in enumerate(self._rows)
            if isinstance(row, Seat)
            and (
                row.person is not None and row.person.uid == person
                if person is not None
                else row.area is not None and row.area.uid in wanted
            )
        ]

    # QAbstractTableModel

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows there are, heads included."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(Column)

    def headerData(
        self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the head of a column."""
        if way is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(HEADS[Column(section)])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Seats can be chosen and dropped on; those with a person can be dragged."""
        seat = self.seat_of(index)
        if seat is None:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if seat.person is not None:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        if seat.post is not None:
            flags |= Qt.ItemFlag.ItemIsDropEnabled
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        book = self._staff.book
        if not index.isValid() or book is None:
            return None
        row = self._rows[index.row()]
        if isinstance(row, _Head):
            is_text = role == Qt.ItemDataRole.DisplayRole and index.column() == 0
            return row.title if is_text else None
        if role == SEAT:
            return row
        return self._cell(book, row, Column(index.column()), role)

    def _cell(self, book: StaffBook, seat: Seat, column: Column, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._tellers[column](book, seat)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tellers[column](book, seat))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{tr(HEADS[column])} {self._tellers[column](book, seat)}"
        return None

    def sign_at(self, row: int, column: int) -> QIcon | None:
        """Return the sign of a seat's state."""
        seat = self._rows[row]
        if column != Column.STATE or isinstance(seat, _Head):
            return None
        return self._icon(words.state_mark(seat.state))

    def ink_at(self, row: int, column: int) -> str:
        """Return the colour of the words of a cell: a field of Colours."""
        seat = self._rows[row]
        if isinstance(seat, _Head):
            return "text"
        if column == Column.STATE:
            return _TEXT_COLOURS[words.state_mark(seat.state)]
        return "quiet" if column == Column.NAME and seat.person is None else "text"

    def _icon(self, state: State) -> QIcon:
        known = self._icons.get((colours().name, state))
        if known is None:
            sign = state_pixmap(state, _SIGN_PX, 2.0)
            known = QIcon(sign)
            known.addPixmap(sign, QIcon.Mode.Selected)
            self._icons[colours().name, state] = known
        return known

    def mimeTypes(self) -> list[str]:
        """Return what can be dropped on a row."""
        return [SEATS]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the dragged seats by their keys."""
        found = {seat.key: None for one in indexes if (seat := self.seat_of(one)) is not None}
        data = QMimeData()
        data.setData(SEATS, "\n".join(found).encode())
        return data

    def supportedDragActions(self) -> Qt.DropAction:
        """Persons are moved or put on one more post."""
        return Qt.DropAction.CopyAction | Qt.DropAction.MoveAction

    def text_at(self, row: int, column: int) -> str:
        """Return what a cell says; the title of a group in its first column."""
        found, book = self._rows[row], self._staff.book
        if isinstance(found, _Head):
            return found.title if column == 0 else ""
        return "" if book is None else self._tellers[Column(column)](book, found)

    def is_head(self, row: int) -> bool:
        """Return whether a row is the head of a group."""
        return isinstance(self._rows[row], _Head)

    # Order and groups

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; a negative one goes back to the order of the areas."""
        self._sort = None if column < 0 else (Column(column), order)
        self.read_anew()

    def _sorted(self, seats: list[Seat]) -> list[Seat]:
        book = self._staff.book
        if self._sort is None or book is None:
            return seats
        column, order = self._sort
        is_down = order is Qt.SortOrder.DescendingOrder
        if column is Column.STATE:
            rank = {state: number for number, state in enumerate(SeatState)}
            return sorted(seats, key=lambda seat: rank[seat.state], reverse=is_down)
        tell = self._tellers[column]
        told = [(tell(book, seat), seat) for seat in seats]
        # What is unknown comes last, however one sorts.
        known = [one for one in told if one[0] != UNKNOWN]
        known.sort(key=lambda one: one[0], reverse=is_down)
        return [seat for _, seat in known] + [seat for text, seat in told if text == UNKNOWN]

    def _in_groups(self, seats: Sequence[Seat]) -> list[_Row]:
        if not self._is_grouped:
            return list(seats)
        groups: dict[str, list[Seat]] = {}
        titles: dict[str, str] = {}
        for seat in seats:
            key, title = self._place_of(seat)
            groups.setdefault(key, []).append(seat)
            titles[key] = title
        rows: list[_Row] = []
        for key in sorted(groups):
            vacant = sum(seat.state is SeatState.VACANT for seat in groups[key])
            title = f"{titles[key]}  {tr('{n} 席', n=len(groups[key]))}"
            if vacant:
                title += f" · {tr('空缺 {n}', n=vacant)}"
            rows += [_Head(title), *groups[key]]
        return rows

    def _place_of(self, seat: Seat) -> tuple[str, str]:
        """Return the key that orders a group, and its title."""
        roll = self._staff.roll
        at = None if roll is None else roll.area_of(seat)
        if at is None or roll is None:
            return "~~", tr("没有岗位或不在区域上")
        area = roll.base_unit_of.get(at.uid, at)
        return f"{area.code or '~'} {area.uid}", name_of(area)

    def _base_unit(self, seat: Seat) -> str:
        roll = self._staff.roll
        at = None if roll is None else roll.area_of(seat)
        if at is None or roll is None:
            return UNKNOWN
        area = roll.base_unit_of.get(at.uid)
        return UNKNOWN if area is None else name_of(area)


def _since(seat: Seat) -> str:
    one = seat.assignment
    return UNKNOWN if one is None or one.valid_from is None else one.valid_from


def _until(seat: Seat) -> str:
    return UNKNOWN if seat.assignment is None else words.until(seat.assignment.valid_to)
