"""The form for exempt land: reason, approver, name, end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFormLayout, QFrame, QLineEdit, QVBoxLayout

from gridadmin.domain.model import Exempt
from ui.panels.parts import ElidedButton, label, row_of
from ui.texts import tr


class ExemptForm(QFrame):
    """What exempt land needs: a reason and an approver; a name and an end if there are any."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.name = _field("exempt-name", tr("名称"), tr("如：镜花湖（虚构）"))
        self.reason = _field("exempt-reason", tr("事由"), tr("必填，如：水面"))
        self.approver = _field("exempt-approver", tr("批准人"), tr("必填"))
        self.until = _field("exempt-until", tr("截止日期"), tr("如 2026-12-31，可不填"))
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setVerticalSpacing(5)
        for field in (self.name, self.reason, self.approver, self.until):
            form.addRow(label(field.accessibleName(), "quiet"), field)
            field.textChanged.connect(self._look)
            field.returnPressed.connect(self._return_pressed)
        self._keep = ElidedButton(tr("确定"), self._keep_pressed, "primary")
        self._keep.setObjectName("exempt-keep")
        self._leave = ElidedButton(tr("取消"), self._leave_pressed)
        self._kept: Callable[[], object] = _nothing
        self._left: Callable[[], object] = _nothing
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 9, 9, 9)
        column.addLayout(form)
        column.addWidget(row_of(self._keep, self._leave))
        self._look()

    def fill(self, exempt: Exempt) -> None:
        """Show what exempt land says."""
        for field, text in (
            (self.name, exempt.name),
            (self.reason, exempt.reason),
            (self.approver, exempt.approver),
            (self.until, exempt.until),
        ):
            field.setText(text or "")

    def values(self) -> dict[str, str | None]:
        """Return what is filled in, by the names of the fields; None for what is empty."""
        return {
            "name": self.name.text().strip() or None,
            "reason": self.reason.text().strip() or None,
            "approver": self.approver.text().strip() or None,
            "until": self.until.text().strip() or None,
        }

    def on_done(self, kept: Callable[[], object], left: Callable[[], object]) -> None:
        """Say what happens when the form is filled in, and when it is left."""
        self._kept, self._left = kept, left

    def first_field(self) -> QLineEdit:
        """Return the field to begin with."""
        return self.name

    def _is_whole(self) -> bool:
        return bool(self.reason.text().strip() and self.approver.text().strip())

    def _look(self) -> None:
        self._keep.forbid("" if self._is_whole() else tr("请填写事由和批准人。"))

    def _return_pressed(self) -> None:
        if self._is_whole():
            self._keep_pressed()

    def _keep_pressed(self) -> None:
        self._kept()

    def _leave_pressed(self) -> None:
        self._left()


def _nothing() -> None:
    """Do nothing."""


def _field(name: str, words_of_it: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    field.setAccessibleName(words_of_it)
    field.setPlaceholderText(hint)
    return field
