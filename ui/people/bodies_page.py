"""The page of bodies: clusters, teams, agreements, facilities, streets, compounds as lists."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from ui.panels.flow import FlowBox
from ui.panels.parts import ElidedButton, label
from ui.people import body_words
from ui.people.body_list import KINDS, BodyKind
from ui.people.body_model import BodyModel
from ui.people.body_reasons import why_no_edit, why_no_end, why_no_new
from ui.people.cells import CellTable
from ui.people.desk import PeopleDesk
from ui.people.late_page import LatePage
from ui.texts import tr
from ui.theme import icon

_PAUSE_MS = 120
_FIRST = 3.0
"""Names get so many times the width of another column."""


class BodyTable(CellTable):
    """The table; Enter changes the current body, Delete ends it."""

    entered_row = Signal()
    gone_wanted = Signal()

    def __init__(self, model: BodyModel) -> None:
        super().__init__(model, (1.0,))
        self.setModel(model)
        self.setObjectName("bodies")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSortingEnabled(True)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setSortIndicatorClearable(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Change the current body, or end it."""
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
        self._is_chosen = False
        """Whether the kind stays: somebody chose it, or there were bodies of it."""
        self._has_any = False
        self._coming: str | None = None
        """The body to go to once the people are read again."""
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
        self.model = BodyModel(self)
        self.view = BodyTable(self.model)
        self._said = label("", "quiet", wraps=True)
        self._said.setContentsMargins(14, 8, 14, 8)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._narrow)
        self._lay_out()
        self.field.textChanged.connect(lambda _: self._pause.start())
        self.view.selectionModel().currentRowChanged.connect(lambda now, _: self._select(now))
        self.view.doubleClicked.connect(lambda _: self._edit())
        self.view.entered_row.connect(self._edit)
        self.view.gone_wanted.connect(self._end)
        desk.actions.refreshed.connect(self._judge)
        desk.bridge.opened.connect(self._forget_choice)

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
        row = self.view.currentIndex().row()
        return self.model.rows[row].uid if 0 <= row < len(self.model.rows) else None

    def show_kind(self, table: str, uid: str | None = None) -> None:
        """Show the bodies of a table; the one of *uid* is the current one."""
        self._choose(next(kind for kind in KINDS if kind.table == table))
        self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._coming = uid
        self.read()

    def _choose(self, kind: BodyKind) -> None:
        self._kind, self._is_chosen = kind, True
        self._chips[kind.table].setChecked(True)

    def _forget_choice(self) -> None:
        self._is_chosen = False

    def read(self) -> bool:
        """Show the bodies as they are now, first those of a kind of which there are some."""
        book = self.desk.staff.book
        some = None
        if book is not None and not self._is_chosen:
            some = next((kind for kind in (self._kind, *KINDS) if kind.count(book)), None)
        if some is not None:
            self._choose(some)
        for kind in KINDS:
            title = tr(body_words.TITLES[kind.table])
            count = 0 if book is None else kind.count(book)
            self._chips[kind.table].setText(f"{title} {count:,}")
        self._chip_row.fit()
        kept = self.uid
        self.view.setAccessibleName(tr(body_words.TITLES[self.table]))
        rows = [] if book is None else self._kind.rows(book)
        heads = [tr(said) for said in self._kind.heads]
        self.model.take(heads, rows)
        self._has_any = bool(rows)
        self.view.share_width([_FIRST, *([1.0] * (len(heads) - 1))])
        self._settle(kept)
        return book is not None

    def _narrow(self) -> None:
        kept = self.uid
        self.model.narrow(self.field.text())
        self._settle(kept)

    def _settle(self, kept: str | None) -> None:
        """Go back to the body that was the current one, and say why there is none."""
        if self._coming is not None and self.model.row_of(self._coming) is not None:
            kept, self._coming = self._coming, None
        if kept is not None:
            self._go_to(kept)
        self._say()
        self._judge()

    def _say(self) -> None:
        said = ""
        if self.desk.staff.book is None:
            said = tr("正在读取岗位和人员…") if self.desk.bridge.is_open else tr("没有打开的项目。")
        elif not self._has_any:
            said = tr("还没有登记{what}。", what=tr(body_words.TITLES[self.table]))
        elif not self.model.rows:
            said = tr("没有符合筛选的。")
        self._said.setText(said)
        self._said.setVisible(bool(said))

    def _go_to(self, uid: str) -> None:
        row = self.model.row_of(uid)
        if row is not None:
            self._is_telling = True
            self.view.setCurrentIndex(self.model.index(row, 0))
            self._is_telling = False

    # Choosing and acting

    def _select(self, now: QModelIndex) -> None:
        self._judge()
        book, uid = self.desk.staff.book, self.uid
        if not now.isValid() or book is None or uid is None or self._is_telling:
            return
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
