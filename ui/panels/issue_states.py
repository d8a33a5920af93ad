"""The row under the list of issues: by state, accept the current one, set up the checks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtWidgets import QComboBox, QWidget

from gridadmin.checks.states import acceptance_of, state_of
from gridadmin.domain.check_kinds import LAND_KINDS
from gridadmin.domain.issue import Issue, IssueState
from gridadmin.edit.accept_commands import Unaccept
from gridadmin.partition.snapshot import Snapshot
from ui.panels.desk import Desk
from ui.panels.flow import FlowBox
from ui.panels.parts import ElidedButton
from ui.texts import sentence, tr

SHOWN_STATES = tuple(IssueState)


def state_words(snapshot: Snapshot, issue: Issue) -> str:
    """Return where an issue stands, in words; empty while it is just open."""
    state = state_now(snapshot, issue)
    if state is IssueState.OPEN:
        return ""
    mark = acceptance_of(snapshot, issue.id)
    said = sentence(f"issue_state.{state}")
    if state is not IssueState.ACCEPTED or mark is None:
        return said
    until = f"，{tr('截至 {day}', day=mark.until)}" if mark.until else ""
    return tr("{said}：{reason}（{name}）", said=said, reason=mark.reason, name=mark.name) + until


def state_now(snapshot: Snapshot, issue: Issue) -> IssueState:
    """Return the state of an issue today."""
    return state_of(snapshot, issue, datetime.now(UTC).date().isoformat())


def accept_or_withdraw(desk: Desk, issue: Issue, window: QWidget) -> None:
    """Ask who lets an issue stand and why; take that back where somebody did."""
    from ui.dialogs.accept_dialog import AcceptDialog

    if acceptance_of(desk.snapshot, issue.id) is not None:
        desk.carry_out(Unaccept(issue.id), tr("已撤销认可。"))
        return
    dialog = AcceptDialog(issue, window)
    dialog.accepted.connect(lambda: desk.carry_out(dialog.command(), tr("已认可。")))
    dialog.open()


class IssueStates(FlowBox):
    """Filter by state, accept or take that back, and the settings of the checks."""

    def __init__(self, desk: Desk, filter_by: Callable[[IssueState | None], None]) -> None:
        super().__init__()
        self._desk = desk
        self._issue: Issue | None = None
        self.box = QComboBox()
        self.box.setObjectName("issue-states")
        self.box.setAccessibleName(tr("问题状态"))
        self.box.addItem(tr("现有的全部"), None)
        for state in SHOWN_STATES:
            self.box.addItem(sentence(f"issue_state.{state}"), state)
        self.box.currentIndexChanged.connect(lambda _: filter_by(self._state()))
        self.accept_button = ElidedButton(tr("认可…"), self._accept)
        self.accept_button.setObjectName("accept")
        self.settings_button = ElidedButton(tr("检查项…"), self.show_settings)
        self.settings_button.setObjectName("check-settings")
        # Where the list is narrow the buttons go on in the next line: their words stay whole.
        for widget in (self.box, self.accept_button, self.settings_button):
            self.add(widget)
        self.tell(None)
        if desk.actions is not None:
            desk.actions.bind("issue.accept", self._accept, self._why_not)
            desk.actions.bind("issue.settings", self.show_settings, self._why_no_settings)

    def _state(self) -> IssueState | None:
        # Qt hands a plain text back.
        chosen = self.box.currentData()
        return None if chosen is None else IssueState(chosen)

    def tell(self, issue: Issue | None) -> None:
        """Follow the current issue."""
        is_open = self._desk.bridge.is_open
        self._issue = issue = issue if is_open else None
        self.settings_button.forbid(self._why_no_settings())
        is_accepted = issue is not None and acceptance_of(self._desk.snapshot, issue.id) is not None
        text = tr("撤销认可") if is_accepted else tr("认可…")
        self.accept_button.setText(text)
        self.accept_button.setAccessibleName(text)
        self.fit()
        self.accept_button.forbid(self._why_not())

    def _why_no_settings(self) -> str:
        return "" if self._desk.bridge.is_open else tr("没有打开的项目。")

    def _why_not(self) -> str:
        if self._issue is None:
            return tr("请先选一个还没有解决的问题。")
        if self._issue.kind in LAND_KINDS:
            return tr("土地问题不能认可：请划给区域，或列为例外地块。")
        return self._desk.bridge.why_not_change()

    def _accept(self) -> None:
        if self._issue is not None:
            accept_or_withdraw(self._desk, self._issue, self.window())

    def show_settings(self) -> None:
        """Show what the project checks."""
        from ui.dialogs.check_settings import CheckSettings

        CheckSettings(self._desk.bridge, self.window()).open()
