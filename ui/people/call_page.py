"""The call-out list: for each grid everybody who works there, with phones to be copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QGuiApplication, QIcon, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout

from gridadmin.domain.people import masked_phone
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.call_list import Call, CallGroup, call_list
from ui.panels.parts import label
from ui.panels.words import UNKNOWN, dotted, name_of, path_of
from ui.people import words
from ui.people.cells import CellTable
from ui.people.desk import PeopleDesk
from ui.people.late_page import LatePage
from ui.people.roster_work import note_phone_shown
from ui.texts import mark, tr
from ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex


class CallColumn(IntEnum):
    """The columns from the left."""

    NAME = 0
    POST = 1
    PLACE = 2
    DUTY_PHONE = 3
    OWN_PHONE = 4
    UNIT = 5


_HEADS = {
    CallColumn.NAME: mark("姓名"),
    CallColumn.POST: mark("岗位"),
    CallColumn.PLACE: mark("所在区域"),
    CallColumn.DUTY_PHONE: mark("值班电话"),
    CallColumn.OWN_PHONE: mark("本人手机"),
    CallColumn.UNIT: mark("身份或派出单位"),
}
_SHARES = {
    CallColumn.NAME: 7,
    CallColumn.POST: 9,
    CallColumn.PLACE: 9,
    CallColumn.DUTY_PHONE: 9,
    CallColumn.OWN_PHONE: 9,
    CallColumn.UNIT: 11,
}


@dataclass(frozen=True)
class _Head:
    group: CallGroup
    title: str


class CallModel(QAbstractTableModel):
    """The grids as heads, those to be called below them."""

    def __init__(self, desk: PeopleDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._rows: list[_Head | Call] = []
        self.groups: Sequence[CallGroup] = ()
        self.shows_own = False

    def take(self, groups: Sequence[CallGroup]) -> None:
        """Show other grids."""
        self.beginResetModel()
        self.groups = groups
        self._rows = []
        for group in self.groups:
            path = path_of(self._desk.bridge.snapshot, group.grid.uid)
            told = [path, tr("{n} 人", n=len(group.calls))]
            if not group.can_be_called:
                told.append(tr("没有可以联系的人"))
            self._rows += [_Head(group, dotted(told)), *group.calls]
        self.endResetModel()

    def show_own(self, *, is_shown: bool) -> None:
        """Show own phones whole, or with their middle hidden."""
        self.shows_own = is_shown
        last = self.index(len(self._rows) - 1, CallColumn.UNIT)
        self.dataChanged.emit(self.index(0, 0), last)

    @property
    def heads(self) -> Sequence[int]:
        """The rows of grids."""
        return [number for number, row in enumerate(self._rows) if isinstance(row, _Head)]

    def is_head(self, row: int) -> bool:
        """Return whether a row is a grid."""
        return isinstance(self._rows[row], _Head)

    def text_at(self, row: int, column: int) -> str:
        """Return what a cell says."""
        found, book = self._rows[row], self._desk.staff.book
        if isinstance(found, _Head):
            return found.title if column == 0 else ""
        return "" if book is None else self._told(book, found, CallColumn(column))

    def _told(self, book: StaffBook, call: Call, column: CallColumn) -> str:
        one, person = call.assignment, call.person
        own = person.own_phone or UNKNOWN
        is_hidden = person.own_phone is not None and not self.shows_own
        unit = book.organizations.get(book.sender_of(one) or "")
        return {
            CallColumn.NAME: person.name,
            CallColumn.POST: words.term(book.posts[one.post]),
            CallColumn.PLACE: words.place(book, (one.anchor_kind, one.anchor)),
            CallColumn.DUTY_PHONE: person.duty_phone or UNKNOWN,
            CallColumn.OWN_PHONE: masked_phone(own) if is_hidden else own,
            CallColumn.UNIT: unit.name if unit is not None else person.job_title or UNKNOWN,
        }[column]

    def sign_at(self, row: int, column: int) -> QIcon | None:
        """Return no sign: words tell all."""
        return None

    def ink_at(self, row: int, column: int) -> str:
        """Return the colour of words: of grids where nobody can be called that of errors."""
        found = self._rows[row]
        if isinstance(found, _Head):
            return "text" if found.group.can_be_called else "error_text"
        return "text"

    def call_at(self, row: int) -> Call | None:
        """Return who is to be called in a row, None for a grid."""
        found = self._rows[row]
        return found if isinstance(found, Call) else None

    def grid_at(self, row: int) -> str:
        """Return the uid of the grid of a row."""
        head = next(r for r in range(row, -1, -1) if self.is_head(r))
        found = self._rows[head]
        return found.group.grid.uid if isinstance(found, _Head) else ""

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows there are, grids included."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(CallColumn)

    def headerData(
        self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the head of a column."""
        if way is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            said = _HEADS[CallColumn(section)]
            return tr(said)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell says."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text_at(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.text_at(index.row(), index.column()))
        return None


class CallTable(CellTable):
    """The table; Copy takes the chosen rows as text."""

    def __init__(self, model: CallModel) -> None:
        super().__init__(model, [_SHARES[column] for column in CallColumn])
        self._model = model
        self.setModel(model)
        self.setAccessibleName(tr("应急名单"))
        model.modelReset.connect(self.span_heads)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy takes the chosen rows."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.chosen_text())
            return
        super().keyPressEvent(event)

    def chosen_text(self) -> str:
        """Return the chosen rows as lines with tabs between the cells; all when none is chosen."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        model = self._model
        lines = []
        for row in rows or range(model.rowCount()):
            cells = [model.text_at(row, column) for column in CallColumn]
            lines.append(cells[0] if model.is_head(row) else "\t".join(cells))
        return "\n".join(lines)


class CallPage(LatePage):
    """The list of the selected areas, or of all grids when nothing is selected."""

    def __init__(self, desk: PeopleDesk) -> None:
        super().__init__(desk)
        self._is_telling = False
        self.model = CallModel(desk, self)
        self.view = CallTable(self.model)
        self.own = QCheckBox(tr("显示本人手机"))
        self.own.setObjectName("calls_own")
        self.own.toggled.connect(self._show_own)
        self.copy = QPushButton(tr("复制名单"))
        self.copy.setObjectName("calls_copy")
        self.copy.clicked.connect(self._copy)
        self._said = label("", "quiet")
        tools = QHBoxLayout()
        tools.setContentsMargins(10, 6, 10, 4)
        tools.setSpacing(10)
        tools.addWidget(self._said, 1)
        tools.addWidget(self.own)
        tools.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(tools)
        column.addWidget(self.view, 1)
        self.view.selectionModel().currentRowChanged.connect(lambda now, _: self._select(now))
        desk.context.selection.changed.connect(self._follow)

    def _follow(self) -> None:
        # What a row of its own selects is no reason to read anew.
        if not self._is_telling:
            super()._follow()

    def read(self) -> bool:
        """Show who is called in the selected areas."""
        if self.desk.staff.book is None:
            return False
        areas = self.desk.context.selection.areas
        self.desk.staff.work_out(
            tr("整理应急名单"), lambda roll: call_list(roll.book, areas or None), self._take
        )
        return True

    def _take(self, groups: Sequence[CallGroup]) -> None:
        self._is_telling = True
        try:
            self.model.take(groups)
        finally:
            self._is_telling = False
        areas = self.desk.context.selection.areas
        deaf = sum(not group.can_be_called for group in groups)
        people = sum(len(group.calls) for group in groups)
        told = [
            tr("{n} 个网格", n=f"{len(groups):,}"),
            tr("{n} 人", n=f"{people:,}"),
            tr("{n} 个网格没有可以联系的人", n=deaf) if deaf else "",
        ]
        place = name_of(self.desk.bridge.snapshot.root) if not areas else ""
        self._said.setText(dotted([place, *told]))

    def _select(self, index: QModelIndex) -> None:
        """Let the map show where the person of a row works; the list stays as it is."""
        if self._is_telling or not index.isValid():
            return
        call = self.model.call_at(index.row())
        self._is_telling = True
        try:
            if call is None:
                self.desk.context.selection.select_areas([self.model.grid_at(index.row())])
            else:
                where = call.assignment.anchor
                self.desk.context.selection.select_person(call.person.uid, [where])
        finally:
            self._is_telling = False

    def _show_own(self, is_shown: bool) -> None:
        if is_shown:
            count = sum(len(group.calls) for group in self.model.groups)
            note_phone_shown(self.desk.context, self._said.text(), count)
        self.model.show_own(is_shown=is_shown)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.view.chosen_text())
        self.desk.context.messages.done(tr("名单已复制，可以粘贴到表格或短信中。"))
