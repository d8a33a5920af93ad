"""What can be done with exempt land: change what it says, give it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from gridadmin.domain.model import Exempt
from gridadmin.edit.exempt_commands import AROUND, EndExempt, SetExempt
from ui.panels.desk import Desk
from ui.panels.exempt_form import ExemptForm
from ui.panels.parts import ElidedButton, Section
from ui.texts import tr


class ExemptSection(Section):
    """A form with what the exempt land says, and two ways to end it."""

    def __init__(self, desk: Desk, exempt: Exempt) -> None:
        super().__init__(tr("修改或交还"))
        self._desk = desk
        self._exempt = exempt
        why = desk.bridge.why_not_change()
        if is_expired(exempt):
            self.say(tr("已经到期：请延长，或者交还。"), "error")
        self._form = ExemptForm()
        self._form.fill(exempt)
        self._form.hide()
        self._form.on_done(self._keep, self._close_form)
        self._edit = self._button(
            "exempt-edit", tr("修改事由、批准人、期限…"), self._open_form, why
        )
        self.add(self._form)
        self._button("exempt-around", tr("交还给周围的区域"), lambda: self._end(AROUND), why)
        self._button("exempt-nobody", tr("交还，暂不归任何区域"), lambda: self._end(None), why)

    def _button(self, name: str, text: str, act: Callable[[], object], why: str) -> ElidedButton:
        button = ElidedButton(text, act)
        button.setObjectName(name)
        button.forbid(why)
        self.add(button)
        return button

    def _open_form(self) -> None:
        self._edit.hide()
        self._form.show()
        self._form.first_field().setFocus()

    def _close_form(self) -> None:
        self._form.hide()
        self._edit.show()
        self._edit.setFocus()

    def _keep(self) -> None:
        command = SetExempt(self._exempt.uid, self._form.values())
        self._desk.carry_out(command, tr("例外地块已修改。"))

    def _end(self, to: str | None) -> None:
        self._desk.carry_out(EndExempt(self._exempt.uid, to), tr("例外地块已交还。"))


def is_expired(exempt: Exempt) -> bool:
    """Return whether the day until which land is exempt has passed."""
    return exempt.is_over_on(date.today().isoformat())  # noqa: DTZ011 - the day on the wall
