"""What the inspector says of locks, and how they are put on and taken off by hand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit

from gridadmin.app.border_facts import LockFact, LockKind
from gridadmin.edit.lock_commands import Lock, LockTarget, Unlock
from ui.panels.desk import Desk
from ui.panels.lock_words import lock_words
from ui.panels.parts import ElidedButton, Section, row_of
from ui.texts import tr


class LockSection(Section):
    """The locks on a border or an outline, each with who, why and since when.

    Below them a reason is typed, and a button locks, or unlocks what was locked by hand.
    """

    def __init__(
        self, desk: Desk, target: LockTarget, facts: Sequence[LockFact], own: LockKind
    ) -> None:
        super().__init__(tr("锁定"))
        self._desk = desk
        self._target = target
        self._own = own
        for fact in facts:
            self.say(lock_words(desk.snapshot, fact), "warning")
        self._is_locked = any(fact.kind is own for fact in facts)
        self._field = self._reason_field()
        if not facts:
            self.say(tr("没有锁定，可以移动。"), "quiet")
        if not self._is_locked and any(fact.kind is LockKind.FRAME for fact in facts):
            return
        self.add(row_of(self._field, self._button()))

    def aim(self, target: LockTarget, *, is_other: bool) -> None:
        """Lock *target* from now on, which is locked alike; a reason stays unless it is another."""
        self._target = target
        if is_other:
            self._field.clear()

    def _reason_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("lock-reason")
        words_of = tr("解锁理由") if self._is_locked else tr("锁定理由")
        field.setAccessibleName(words_of)
        field.setPlaceholderText(words_of)
        why = self._desk.bridge.why_not_change()
        field.setReadOnly(bool(why))
        field.setToolTip(why)
        field.returnPressed.connect(self._act)
        field.textChanged.connect(lambda _: self._judge())
        return field

    def _button(self) -> ElidedButton:
        self._act_button = ElidedButton(tr("解锁") if self._is_locked else tr("锁定"), self._act)
        self._act_button.setObjectName("lock-act")
        self._judge()
        return self._act_button

    def _judge(self) -> None:
        why = self._desk.bridge.why_not_change()
        is_missing = not self._field.text().strip()
        self._act_button.forbid(why or (tr("请先写明理由。") if is_missing else ""))

    def _act(self) -> None:
        reason = self._field.text().strip()
        if not reason or not self._act_button.isEnabled():
            return
        if self._is_locked:
            self._desk.carry_out(Unlock(self._target, reason), tr("已解锁。"))
        elif self._own is LockKind.AREA:
            self._desk.carry_out(Lock(self._target, reason), tr("已锁定外边界。"))
        else:
            self._desk.carry_out(Lock(self._target, reason), tr("已锁定边界。"))
