"""The dialogs about people: what they do, their fields, why it can't be done, and one button."""

from __future__ import annotations

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from gridadmin.edit.command import Command
from ui.context import Context
from ui.dialogs.words import Sentence, label
from ui.panels.parts import ElidedButton
from ui.texts import tr

_WIDTH_EM = 34


class PeopleForm(QDialog):
    """A dialog that carries out one command; a refusal is said inside it, and nothing is lost."""

    carried_out = Signal()

    def __init__(
        self, context: Context, title: str, said: str, act: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.context = context
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH_EM * self.fontMetrics().height())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.act_button = ElidedButton(act, self._agree, "primary")
        self.act_button.setObjectName("main")
        self.act_button.setDefault(True)
        cancel = ElidedButton(tr("取消"), self.reject)
        cancel.setObjectName("cancel")
        cancel.setAutoDefault(True)
        self.fault = Sentence("error")
        self.fault.setObjectName("fault")
        self.body = QVBoxLayout()
        self.body.setSpacing(7)
        self.heading = label(title, "heading")
        self.body.addWidget(self.heading)
        if said:
            self.body.addWidget(label(said, "quiet"))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.act_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addLayout(self.body, 1)
        column.addWidget(self.fault)
        column.addLayout(foot)

    # What a dialog says for itself

    def why_not(self) -> str:
        """Return what is missing, in words; empty when nothing is."""
        return ""

    def command(self) -> Command:
        """Return what is to be done; asked for when nothing is missing."""
        raise NotImplementedError

    def told(self) -> str:
        """Return what was done, in words."""
        raise NotImplementedError

    def first_field(self) -> QWidget | None:
        """Return what gets the keyboard first."""
        return None

    # Doing it

    def judge(self) -> None:
        """Enable the main button, or say in its tip what is missing."""
        self.act_button.forbid(self.why_not() or self.context.bridge.why_not_change())

    def _agree(self) -> None:
        if self.why_not():
            return
        told = self.told()
        refusal = self.context.bridge.attempt(self.command())
        self.fault.say(refusal)
        if refusal:
            return
        bridge = self.context.bridge
        self.context.messages.done(told, action=(tr("撤销"), bridge.undo))
        self.accept()
        self.carried_out.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the first field."""
        super().showEvent(event)
        self.judge()
        field = self.first_field() or self.findChild(QDateEdit) or self.findChild(QLineEdit)
        if isinstance(field, QWidget):
            field.setFocus(Qt.FocusReason.OtherFocusReason)


class Fields(QGridLayout):
    """Words with their fields beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(12)
        self.setVerticalSpacing(6)
        self.setColumnStretch(1, 1)

    def put(self, name: str, said: str, field: QWidget) -> None:
        """Put a field in the next row."""
        field.setObjectName(name)
        field.setAccessibleName(said)
        row = self.rowCount()
        self.addWidget(label(said, buddy=field), row, 0)
        self.addWidget(field, row, 1)


class DayField(QWidget):
    """A day to be written; with a box that says whether there is one, when that is open."""

    changed = Signal()

    def __init__(self, name: str, said: str, *, box: str = "", day: str | None = None) -> None:
        super().__init__()
        self.box = QCheckBox(box) if box else None
        self.field = QDateEdit(QDate.currentDate() if day is None else _date(day))
        self.field.setDisplayFormat("yyyy-MM-dd")
        self.field.setObjectName(name)
        self.field.setAccessibleName(said)
        self.field.setFixedWidth(9 * self.fontMetrics().height())
        # A dialog doesn't grow any more when the field appears, and would cut it off.
        policy = self.field.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.field.setSizePolicy(policy)
        self.field.dateChanged.connect(lambda _: self.changed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        if self.box is not None:
            self.box.setObjectName(f"has-{name}")
            self.box.setChecked(day is not None)
            self.box.toggled.connect(self._switch)
            row.addWidget(self.box)
        row.addWidget(self.field)
        row.addStretch(1)
        self._switch()

    def iso(self) -> str | None:
        """Return the day as ISO 8601, None where the box says that there is none."""
        if self.box is not None and not self.box.isChecked():
            return None
        return self.field.date().toString(Qt.DateFormat.ISODate)

    def day_after(self) -> str | None:
        """Return the day after the one that is written: the first on which it no longer holds."""
        if self.iso() is None:
            return None
        return self.field.date().addDays(1).toString(Qt.DateFormat.ISODate)

    def set_iso(self, day: str) -> None:
        """Write another day."""
        self.field.setDate(_date(day))

    def _switch(self) -> None:
        self.field.setVisible(self.box is None or self.box.isChecked())
        self.changed.emit()


def _date(day: str) -> QDate:
    return QDate.fromString(day, Qt.DateFormat.ISODate)
