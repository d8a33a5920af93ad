"""A field whose value is picked from a long list: a button with its name, the list behind it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QToolButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from gridadmin.staffing.seats import SeatRoll
from ui.dialogs.words import label
from ui.panels.parts import ElidedButton
from ui.people.choice_list import Choice, ChoiceList
from ui.people.desk import PeopleDesk
from ui.texts import tr
from ui.theme import icon

Make = Callable[[SeatRoll], list[Choice]]
"""Makes the rows to choose from, maybe in a job."""


class PickDialog(QDialog):
    """The list to type into; Enter takes the row."""

    def __init__(self, desk: PeopleDesk, title: str, make: Make, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        hint = tr("按名称筛选（支持拼音）")
        self.list = ChoiceList("picks", title, hint, desk.staff.spellings)
        self.take_button = ElidedButton(tr("选择"), self.accept, "primary")
        self.take_button.setObjectName("main")
        self.take_button.setDefault(True)
        cancel = ElidedButton(tr("取消"), self.reject)
        cancel.setObjectName("cancel")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.take_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(label(title, "heading"))
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        self.list.changed.connect(self._judge)
        self.list.taken.connect(self.accept)
        em = self.fontMetrics().height()
        self.resize(32 * em, 30 * em)
        self._judge()
        desk.staff.work_out(title, make, self._take)

    def _take(self, choices: list[Choice]) -> None:
        # The dialog may be gone by now.
        if isValid(self):
            self.list.take(choices)

    def _judge(self) -> None:
        self.take_button.forbid("" if self.list.chosen is not None else tr("请先选一行。"))

    def accept(self) -> None:
        """Take the current row; without one nothing happens."""
        if self.list.chosen is not None:
            super().accept()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to type a name."""
        super().showEvent(event)
        self.list.field.setFocus(Qt.FocusReason.OtherFocusReason)


class PickField(QWidget):
    """Shows what is picked; the button opens the list, the cross takes the value away."""

    changed = Signal()

    def __init__(self, desk: PeopleDesk, said: str, make: Make, *, is_needed: bool = False) -> None:
        super().__init__()
        self._desk, self._said, self._make = desk, said, make
        self._is_needed = is_needed
        self.value: str | None = None
        self.button = ElidedButton("", self.open_list)
        self.button.setAutoDefault(False)
        self.button.setStyleSheet("QPushButton { text-align: left; }")
        self.none = QToolButton()
        self.none.setIcon(icon("cross", "quiet"))
        self.none.setAutoRaise(True)
        self.none.setAccessibleName(tr("清除{what}", what=said))
        self.none.setToolTip(self.none.accessibleName())
        self.none.clicked.connect(lambda *_: self._put(None, ""))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.button, 1)
        row.addWidget(self.none)
        self.setFocusProxy(self.button)
        self.set(None, "")

    def set(self, value: str | None, title: str) -> None:
        """Show another value without telling anybody."""
        self.value = value
        text = tr("选择…") if value is None else title or value
        self.button.setText(text)
        self.button.setAccessibleName(tr("{what}：{now}", what=self._said, now=text))
        self.button.tell(text)
        self.none.setVisible(value is not None and not self._is_needed)

    def open_list(self) -> PickDialog:
        """Show the list to choose from."""
        dialog = PickDialog(self._desk, self._said, self._make, self.window())
        dialog.accepted.connect(lambda: self._chosen(dialog))
        dialog.open()
        return dialog

    def _chosen(self, dialog: PickDialog) -> None:
        chosen = dialog.list.chosen
        if chosen is not None:
            self._put(chosen.key, chosen.title)
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _put(self, value: str | None, title: str) -> None:
        if value != self.value:
            self.set(value, title)
            self.changed.emit()
