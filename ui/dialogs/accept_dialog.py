"""Letting an issue stand: the reason, who answers for it, and until when."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from gridadmin.domain.issue import Issue
from gridadmin.edit.accept_commands import Accept
from ui.panels import words
from ui.texts import tr


class AcceptDialog(QDialog):
    """Asks what an acceptance needs; the button says what is missing."""

    def __init__(self, issue: Issue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._issue = issue
        self.setObjectName("accept_dialog")
        self.setWindowTitle(tr("认可问题"))
        self.setMinimumWidth(420)
        said = QLabel(words.issue_sentence(issue))
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setWordWrap(True)
        note = QLabel(tr("认可后问题仍会列出并注明理由，但不再算作错误或警告。"))
        note.setProperty("role", "quiet")
        note.setWordWrap(True)
        self.reason = self._field("accept-reason", tr("理由"), "")
        self.name = self._field("accept-name", tr("负责人"), "")
        self.until = self._field("accept-until", tr("截止日期"), tr("如 2027-12-31；留空表示长期"))
        form = QFormLayout()
        form.setVerticalSpacing(8)
        for field in (self.reason, self.name, self.until):
            form.addRow(field.accessibleName(), field)
        self.buttons = QDialogButtonBox()
        self.accept_button = self.buttons.addButton(
            tr("认可"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.accept_button.setProperty("role", "primary")
        self.accept_button.setObjectName("accept-issue")
        self.buttons.addButton(tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(10)
        for widget in (said, note):
            column.addWidget(widget)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self._tell()

    def command(self) -> Accept:
        """Return what is to be done."""
        until = self.until.text().strip() or None
        return Accept(self._issue, self.reason.text(), self.name.text(), until)

    def _field(self, name: str, words_of: str, hint: str) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(name)
        field.setAccessibleName(words_of)
        field.setPlaceholderText(hint)
        field.textChanged.connect(lambda _: self._tell())
        return field

    def _tell(self) -> None:
        why = self._missing()
        self.accept_button.setEnabled(not why)
        self.accept_button.setToolTip(why)

    def _missing(self) -> str:
        if not self.reason.text().strip():
            return tr("请填写理由。")
        if not self.name.text().strip():
            return tr("请填写负责人。")
        until = self.until.text().strip()
        return "" if not until or _is_day(until) else tr("日期写成 2027-12-31 的样子。")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
