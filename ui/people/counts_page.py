"""The page of numbers: registrations per channel, officials and quota, typed in like a sheet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from gridadmin.app.area_search import folded
from ui.dialogs.words import label as buddy_label
from ui.panels.flow import FlowBox
from ui.panels.parts import label
from ui.people.count_sheets import SHEETS, CountRow, Entry, Sheet
from ui.people.count_table import CountModel, CountTable
from ui.people.desk import PeopleDesk
from ui.people.form import DayField
from ui.people.late_page import LatePage
from ui.people.staff import today
from ui.texts import tr
from ui.theme import icon

_PAUSE_MS = 120


class CountsPage(LatePage):
    """A sheet at a time; each number is written when it is typed, each paste is one step."""

    def __init__(self, desk: PeopleDesk) -> None:
        super().__init__(desk)
        self.sheet: Sheet = SHEETS[0]
        self._rows: list[CountRow] = []
        self._is_chosen = False
        self.model = CountModel()
        self.view = CountTable(self.model)
        self._chips: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        chips = FlowBox()
        for sheet in SHEETS:
            chips.add(self._made_chip(sheet))
        self.day = DayField("counts-day", tr("截至日期"), day=today())
        self.field = QLineEdit()
        self.field.setObjectName("count_field")
        self.field.setPlaceholderText(tr("按名称筛选"))
        self.field.setAccessibleName(tr("按名称筛选"))
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumWidth(140)
        self.field.setMaximumWidth(280)
        self.field.addAction(icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self.said = label("", "quiet", wraps=True)
        self.said.setContentsMargins(14, 2, 14, 6)
        tools = QHBoxLayout()
        tools.setContentsMargins(10, 6, 10, 4)
        tools.setSpacing(8)
        tools.addWidget(chips, 3)
        tools.addWidget(buddy_label(tr("截至日期"), buddy=self.day.field))
        tools.addWidget(self.day)
        tools.addWidget(self.field, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(tools)
        column.addWidget(self.said)
        column.addWidget(self.view, 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._show)
        self.field.textChanged.connect(lambda _: self._pause.start())
        self.model.typed.connect(self._write)
        self.model.refused.connect(self._refuse)
        self.view.pasted.connect(self._write)
        self.view.refused.connect(self._refuse)
        self.view.selectionModel().currentRowChanged.connect(lambda now, _: self._select(now))
        desk.actions.refreshed.connect(self._judge)

    def _made_chip(self, sheet: Sheet) -> QPushButton:
        chip = QPushButton(tr(sheet.title))
        chip.setProperty("role", "chip")
        chip.setCheckable(True)
        chip.setChecked(sheet is self.sheet)
        chip.setObjectName(f"counts-{sheet.key}")
        chip.clicked.connect(lambda *_: self.show_sheet(sheet.key))
        self._group.addButton(chip)
        self._chips[sheet.key] = chip
        return chip

    def show_sheet(self, key: str) -> None:
        """Show another sheet. Raises: StopIteration for a key of none."""
        self._is_chosen = True
        self.sheet = next(one for one in SHEETS if one.key == key)
        self._chips[key].setChecked(True)
        self.read()

    def read(self) -> bool:
        """Show the numbers as they are now."""
        book = self.desk.staff.book
        if book is not None and not self._is_chosen and not self.sheet.rows(book):
            # A scheme without channels: the other sheet has more to say.
            self.sheet = next((one for one in SHEETS if one.rows(book)), self.sheet)
            self._chips[self.sheet.key].setChecked(True)
        self._rows = [] if book is None else self.sheet.rows(book)
        self._judge()
        self._show()
        return book is not None

    def _judge(self) -> None:
        self.model.may_write = not self.desk.bridge.why_not_change()

    def _show(self) -> None:
        book = self.desk.staff.book
        wanted = folded(self.field.text()).split()
        shown = [one for one in self._rows if _fits(one, wanted)]
        heads = () if book is None else self.sheet.columns(book)
        self.view.setAccessibleName(tr(self.sheet.title))
        self.model.take(tr(self.sheet.aside), heads, shown)
        self.said.setText(self._words(heads, shown))

    def _words(self, heads: Sequence[str], shown: Sequence[CountRow]) -> str:
        book = self.desk.staff.book
        if book is None:
            is_open = self.desk.bridge.is_open
            return tr("正在读取岗位和人员…") if is_open else tr("没有打开的项目。")
        if not self._rows or not heads:
            return self.sheet.why_empty(book)
        if not shown:
            return tr("没有符合筛选的。")
        # Grids are part of their communities.
        whole = [one for one in shown if not one.is_part] or shown
        sums = [
            tr("{what} {n}", what=head, n=f"{sum(one.numbers[at] or 0 for one in whole):,}")
            for at, head in enumerate(heads)
        ]
        hint = self.desk.bridge.why_not_change() or tr("直接输入数字，可从表格粘贴；不登记姓名。")
        return tr("合计：{sums}。{hint}", sums=tr("，").join(sums), hint=hint)

    # Writing

    def _write(self, entries: Sequence[Entry]) -> None:
        book = self.desk.staff.book
        command = None if book is None else self.sheet.command(
            book, entries, self.day.iso() or today()
        )  # fmt: skip
        if command is None:
            return
        refusal = self.desk.bridge.attempt(command)
        messages = self.desk.context.messages
        if refusal:
            messages.refuse(refusal)
        elif len(entries) > 1:
            told = tr("已登记 {n} 个数字。", n=len(entries))
            messages.done(told, action=(tr("撤销"), self.desk.bridge.undo))

    def _refuse(self) -> None:
        self.desk.context.messages.refuse(tr("请填写 0 到 1,000,000 的整数。"))

    def _select(self, now: QModelIndex) -> None:
        """Select the area or unit of the line for the whole window."""
        book = self.desk.staff.book
        if not now.isValid() or book is None or not self.view.hasFocus():
            return
        key, selection = self.model.rows[now.row()].key, self.desk.context.selection
        if key in book.organizations:
            areas = [
                one.anchor
                for one in book.pairings()
                if one.organization == key and one.anchor_kind == "area"
            ]
            selection.select_organization(key, areas)
        elif key in book.snapshot.rows("area"):
            selection.select_areas([key])

    def focus_table(self) -> None:
        """Move the keyboard to the first number."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(0, self.model.number_columns.start))


def _fits(row: CountRow, wanted: list[str]) -> bool:
    text = folded(f"{row.name}\n{row.aside}\n{row.found_by}")
    return all(word in text for word in wanted)
