"""The page of publishing targets: the list, and beside it what is known of the chosen one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from gridadmin.base.errors import GridAdminError
from gridadmin.publish.target_book import TargetSetting
from gridadmin.publish.targets.address import readable
from ui.dialogs.busy_strip import BusyStrip
from ui.dialogs.change_table import ChangeModel, ChangeRow, ChangeTable
from ui.panels import words as panel_words
from ui.panels.flow import FlowBox
from ui.panels.parts import ElidedButton, label
from ui.publish import words
from ui.publish.desk import PublishDesk
from ui.publish.panel import action_button
from ui.texts import explain, tr

BUTTONS = (
    "publish.target_add",
    "publish.target_edit",
    "publish.target_remove",
    "publish.target_test",
    "publish.dry_run",
    "publish.send",
    "publish.fetch",
)


@dataclass(frozen=True)
class _Told:
    """What was said on a target, and what the user may answer."""

    text: str = ""
    answer: str = ""
    on_answer: Callable[[], object] | None = None


class TargetsPage(QWidget):
    """All targets of this user; what a test, a rehearsal or a delivery said stands beside them."""

    chosen_changed = Signal()

    def __init__(self, desk: PublishDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._settings: list[TargetSetting] = []
        self._is_refreshing = False
        headings = (tr("目标"), tr("地址"), tr("给谁看"), tr("最近发送"))
        self.model = ChangeModel(headings, [], can_choose=False)
        self.table = ChangeTable(self.model, (9, 22, 6, 14))
        self.table.setObjectName("targets")
        self.table.setAccessibleName(tr("发布目标"))
        self.table.setFrameShape(self.table.Shape.NoFrame)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.said = label("", "", wraps=True)
        self.said.setObjectName("target_said")
        self.said.setAccessibleName(tr("目标的情况"))
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.answer = ElidedButton("", self._take_answer, "outlined")
        self.answer.setObjectName("target_answer")
        self.answer.hide()
        self._on_answer: Callable[[], object] | None = None
        self._told: dict[str, _Told] = {}
        self.strip = BusyStrip()
        self.strip.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._buttons = FlowBox()
        for key in BUTTONS:
            self._buttons.add(action_button(desk, key))
        self._lay_out()
        desk.records.changed.connect(self.refresh)
        desk.actions.refreshed.connect(self._buttons.fit)
        self.refresh()

    @property
    def chosen(self) -> TargetSetting | None:
        """The target that is chosen."""
        row = self.table.currentIndex().row()
        return self._settings[row] if 0 <= row < len(self._settings) else None

    def choose(self, name: str) -> None:
        """Choose a target by name."""
        for row, setting in enumerate(self._settings):
            if setting.name == name:
                self.table.selectRow(row)

    def tell(
        self, name: str, text: str, answer: str = "", on_answer: Callable[[], object] | None = None
    ) -> None:
        """Say something on the target of that name, with a button where the user may answer.

        It stands there whenever that target is chosen, until something else is said of it.
        """
        self._told[name] = _Told(text, answer, on_answer)
        self._show_told()

    def forget(self, name: str) -> None:
        """Take back what was said on a target, which is another one now."""
        self._told.pop(name, None)
        self._show_told()

    def _show_told(self) -> None:
        setting = self.chosen
        usual = _Told(tr("先测试连接，再发送。发布前可以预演。"))
        self._say(_Told() if setting is None else self._told.get(setting.name, usual))

    def _say(self, told: _Told) -> None:
        self.said.setText(told.text)
        self._on_answer = told.on_answer
        self.answer.setText(told.answer)
        self.answer.setVisible(bool(told.answer))

    def refresh(self) -> None:
        """Show the targets that there are now."""
        name = None if self.chosen is None else self.chosen.name
        self._is_refreshing = name is not None
        try:
            self._settings = self._desk.post.book.all()
            fault = ""
        except GridAdminError as error:
            self._settings, fault = [], explain(error)
        self.model.set_rows([self._row(setting) for setting in self._settings])
        if self._settings:
            self.choose(name or self._settings[0].name)
        elif fault or not self.said.text():
            said = fault or tr("还没有发布目标。添加一个文件夹或服务器，以后一键发布。")
            self._say(_Told(said))
        self._is_refreshing = False
        self.chosen_changed.emit()

    def _row(self, setting: TargetSetting) -> ChangeRow:
        sent = [one for one in self._desk.records.deliveries if one.url == setting.url]
        last = panel_words.UNKNOWN
        if sent:
            one = sent[0]
            last = f"{words.number(one.release)} {words.state(one)} {words.moment(one.changed)}"
        cells = (setting.name, readable(setting.url), words.profile(setting.profile), last)
        return ChangeRow(cells, setting)

    def _choose(self, _: QModelIndex) -> None:
        if self._is_refreshing:
            return
        self._show_told()
        self.chosen_changed.emit()

    def _take_answer(self) -> None:
        on_answer, setting = self._on_answer, self.chosen
        if setting is not None:
            self._told[setting.name] = _Told(self.said.text())
        self.answer.hide()
        if on_answer is not None:
            on_answer()

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside.setProperty("role", "page")
        text = QVBoxLayout(inside)
        text.setContentsMargins(12, 8, 12, 8)
        text.addWidget(self.said)
        text.addWidget(self.answer, 0, Qt.AlignmentFlag.AlignLeft)
        text.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setAccessibleName(tr("目标的情况"))
        scroll.setWidget(inside)
        foot = QVBoxLayout()
        foot.setContentsMargins(8, 4, 8, 6)
        foot.addWidget(self._buttons)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.strip)
        right.addWidget(scroll, 1)
        right.addLayout(foot)
        holder = QWidget()
        holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        holder.setProperty("role", "page")
        holder.setLayout(right)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.table)
        split.addWidget(holder)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(split)
