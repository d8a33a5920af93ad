"""Letting an issue stand, from its page: who answers for it, or the button to say so."""

from __future__ import annotations

from gridadmin.checks.states import acceptance_of
from gridadmin.domain.issue import Issue
from ui.panels.desk import Desk
from ui.panels.issue_states import accept_or_withdraw, state_words
from ui.panels.parts import ElidedButton, Section
from ui.texts import tr


class AcceptSection(Section):
    """What somebody said of an issue that is no land, and a button to accept it or take it back."""

    def __init__(self, desk: Desk, issue: Issue) -> None:
        super().__init__(tr("认可"))
        snapshot = desk.snapshot
        is_accepted = acceptance_of(snapshot, issue.id) is not None
        said = state_words(snapshot, issue)
        self.say(said or tr("可以就这样的，写明理由和负责人后不再算作错误或警告。"), "quiet")
        self.button = button = ElidedButton(
            tr("撤销认可") if is_accepted else tr("认可…"),
            lambda: accept_or_withdraw(desk, issue, self.window()),
        )
        button.setObjectName("accept-here")
        button.forbid(desk.bridge.why_not_change())
        self.add(button)
