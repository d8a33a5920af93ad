"""The page of bodies: clusters, teams, agreements, facilities, streets, compounds as lists."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from gridadmin.app.area_search import folded
from ui.panels.flow import FlowBox
from ui.panels.parts import ElidedButton, label
from ui.people import body_words
from ui.people.body_list import KINDS, BodyKind, BodyRow
from ui.people.body_reasons import why_no_edit, why_no_end, why_no_new
from ui.people.desk import PeopleDesk
from ui.people.late_page import LatePage
from ui.texts import tr
from ui.theme import icon

_UID = int(Qt.ItemDataRole.UserRole) + 1
_PAUSE_MS = 120


class _Rows(QTreeWidget):
    entered_row = Signal()
    gone_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter changes the current body, Delete ends it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.gone_wanted.emit()
        else:
            super().keyPressEvent(event)


class BodiesPage(LatePage):
    """One kind at a time; the current row is selected for the whole window."""

    new_wanted = Signal(str)
    """A new body of a table."""
    edit_wanted = Signal(str, str)
    """Table and uid of a body to be changed."""
    end_wanted = Signal(str, str)

    def __init__(self, desk: PeopleDesk) -> None:
        super().__init__(desk)
        self._kind: BodyKind = KINDS[0]
        self._rows: list[BodyRow] = []
        self._is_telling = False
        self._chips: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._chip_row = FlowBox()
        for kind in KINDS:
            self._chip_row.add(self._made_chip(kind))
        self.field = QLineEdit()
        self.field.setObjectName("body_field")
        self.field.setPlaceholderText(tr("按名称、类别、区域筛选"))
        self.field.setAccessibleName(tr("筛选组织和设施"))
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumWidth(150)
        self.field.setMaximumWidth(300)
        self.field.addAction(icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self.new_button = ElidedButton(tr("新增…"), lambda: self.new_wanted.emit(self.table))
        self.new_button.setObjectName("body-new")
        self.edit_button = ElidedButton(tr("修改…"), self._edit)
        self.edit_button.setObjectName("body-edit")
        self.end_button = ElidedButton(tr("撤销…"), self._end)
        self.end_button.setObjectName("body-end")
        self.view = _Rows()
        self.view.setObjectName("bodies")
        self.view.setProperty("role", "bare")
        self.view.setRootIsDecorated(False)
        self.view.setUniformRowHeights(True)
        self.view.setAllColumnsShowFocus(True)
        self.view.setSortingEnabled(True)
        self.view.header().setSortIndicatorClearable(True)
        self.view.header().setAccessibleName(tr("列"))
        self._said = label("", "quiet", wraps=True)
        self._said.setContentsMargins(14, 8, 14, 8)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._show)
        self._lay_out()
        self.field.textChanged.connect(lambda _: self._pause.start())
        self.view.currentItemChanged.connect(lambda now, _: self._select(now))
        self.view.itemDoubleClicked.connect(lambda *_: self._edit())
        self.view.entered_row.connect(self._edit)
        self.view.gone_wanted.connect(self._end)
        desk.actions.refreshed.connect(self._judge)

    def _made_chip(self, kind: BodyKind) -> QPushButton:
        chip = QPushButton(tr(body_words.TITLES[kind.table]))
        chip.setProperty("role", "chip")
        chip.setCheckable(True)
        chip.setChecked(kind is self._kind)
        chip.setObjectName(f"bodies-{kind.table}")
        chip.clicked.connect(lambda *_: self.show_kind(kind.table))
        self._group.addButton(chip)
        self._chips[kind.table] = chip
        return chip

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(10, 6, 10, 4)
        tools.setSpacing(8)
        tools.addWidget(self._chip_row, 3)
        tools.addWidget(self.new_button)
        tools.addWidget(self.edit_button)
        tools.addWidget(self.end_button)
        tools.addWidget(self.field, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(tools)
        column.addWidget(self._said)
        column.addWidget(self.view, 1)

    # What is shown

    @property
    def table(self) -> str:
        """The table whose bodies are shown."""
        return self._kind.table

    @property
    def uid(self) -> str | None:
        """The uid of the current body."""
        item = self.view.currentItem()
        return None if item is None else str(item.data(0, _UID))

    def show_kind(self, table: str, uid: str | None = None) -> None:
        """Show the bodies of a table; the one of *uid* is the current one."""
        self._chips[table].setChecked(True)
        self._kind = next(kind for kind in KINDS if kind.table == table)
        self.view.header().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.read()
        if uid is not None:
            self._go_to(uid)

    def read(self) -> bool:
        """Show the bodies as they are now."""
        book = self.desk.staff.book
        for kind in KINDS:
            title = tr(body_words.TITLES[kind.table])
            count = 0 if book is None else kind.count(book)
            self._chips[kind.table].setText(f"{title} {count:,}")
        self._chip_row.fit()
        self._rows = [] if book is None else self._kind.rows(book)
        self._show()
        return book is not None

    def _show(self) -> None:
        kept = self.uid
        self._is_telling = True
        self.view.setSortingEnabled(False)
        self.view.clear()
        self.view.setAccessibleName(tr(body_words.TITLES[self.table]))
        heads = [tr(said) for said in self._kind.heads]
        self.view.setColumnCount(len(heads))
        self.view.setHeaderLabels(heads)
        wanted = folded(self.field.text()).split()
        shown = [row for row in self._rows if _fits(row, wanted)]
        self.view.addTopLevelItems([_item(row) for row in shown])
        self.view.setSortingEnabled(True)
        self._fit_columns(len(heads))
        self._is_telling = False
        self._say(len(shown))
        if kept is not None:
            self._go_to(kept)
        self._judge()

    def _fit_columns(self, count: int) -> None:
        em = self.fontMetrics().height()
        head = self.view.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, count):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            head.resizeSection(column, 11 * em)

    def _say(self, shown: int) -> None:
        said = ""
        if self.desk.staff.book is None:
            said = tr("正在读取岗位和人员…") if self.desk.bridge.is_open else tr("没有打开的项目。")
        elif not self._rows:
            said = tr("还没有登记{what}。", what=tr(body_words.TITLES[self.table]))
        elif not shown:
            said = tr("没有符合筛选的。")
        self._said.setText(said)
        self._said.setVisible(bool(said))

    def _go_to(self, uid: str) -> None:
        for number in range(self.view.topLevelItemCount()):
            item = self.view.topLevelItem(number)
            if item is not None and item.data(0, _UID) == uid:
                self._is_telling = True
                self.view.setCurrentItem(item)
                self._is_telling = False
                return

    # Choosing and acting

    def _select(self, item: QTreeWidgetItem | None) -> None:
        self._judge()
        book = self.desk.staff.book
        if item is None or book is None or self._is_telling:
            return
        uid = str(item.data(0, _UID))
        row = book.snapshot.rows(self.table).get(uid)
        if row is None:
            return
        areas = body_words.areas(book, self.table, row)
        context = self.desk.context
        context.selection.select_thing(self.table, uid, areas)
        box = context.bridge.box_of_area(areas[0]) if areas else None
        if box is not None:
            context.navigator.show_place(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))

    def _edit(self) -> None:
        if self.uid is not None and self.edit_button.isEnabled():
            self.edit_wanted.emit(self.table, self.uid)

    def _end(self) -> None:
        if self.uid is not None and self.end_button.isEnabled():
            self.end_wanted.emit(self.table, self.uid)

    def _judge(self) -> None:
        desk, table, uid = self.desk, self.table, self.uid
        row = None
        if uid is not None and desk.bridge.is_open:
            row = desk.bridge.snapshot.rows(table).get(uid)
        none = tr("请先选一行。")
        self.new_button.forbid(why_no_new(desk, table))
        self.edit_button.forbid(none if row is None else why_no_edit(desk, table, row))
        self.end_button.forbid(none if row is None else why_no_end(desk, table, row))


def _item(row: BodyRow) -> QTreeWidgetItem:
    item = _Item([*row.cells])
    item.setData(0, _UID, row.uid)
    for column, text in enumerate(row.cells):
        item.setToolTip(column, text)
    return item


class _Item(QTreeWidgetItem):
    def __lt__(self, other: QTreeWidgetItem) -> bool:
        """Numbers go by their size."""
        column = max(self.treeWidget().sortColumn(), 0)
        ours, theirs = self.text(column), other.text(column)
        if ours.isdecimal() and theirs.isdecimal():
            return int(ours) < int(theirs)
        return ours < theirs


def _fits(row: BodyRow, wanted: list[str]) -> bool:
    text = folded("\n".join(row.cells))
    return all(word in text for word in wanted)
