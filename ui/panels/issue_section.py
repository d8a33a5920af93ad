"""The issues of an area on its page, each in a frame with ways to see and to settle it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import Issue
from ui.panels import words
from ui.panels.desk import Desk
from ui.panels.flow import FlowLayout
from ui.panels.lasting_page import Part
from ui.panels.marks import StateMark, state_of
from ui.panels.parts import ElidedButton, Section, label
from ui.texts import tr

_MOST_ISSUES = 5


class _Told(NamedTuple):
    """What a card says of an issue."""

    issue: Issue
    title: str
    size: str


def issue_part(desk: Desk, issues: Sequence[Issue], below: int) -> Iterator[Part]:
    """Yield the section of *issues*, if there is anything to say.

    *below* is how many there are on the areas below.
    """
    if not issues and not below:
        return
    told = [_told(desk, issue) for issue in issues[:_MOST_ISSUES]]
    yield Part("issues", (told, len(issues), below), lambda: _section(desk, told, issues, below))


def _told(desk: Desk, issue: Issue) -> _Told:
    title = f"{words.kind(issue.kind)}  {words.issue_areas(desk.snapshot, issue)}"
    return _Told(issue, title, words.issue_size(issue, desk.index.land_of_issue(issue)))


def _section(desk: Desk, told: Sequence[_Told], issues: Sequence[Issue], below: int) -> Section:
    section = Section(tr("问题"), str(len(issues)) if issues else "")
    for one in told:
        section.add(IssueCard(desk, one))
    if len(issues) > len(told):
        section.say(tr("另有 {n} 个，见问题列表。", n=len(issues) - len(told)), "quiet")
    if below:
        section.say(tr("下级区域还有 {n} 个问题。", n=below), "quiet")
    return section


class IssueCard(QFrame):
    """One issue in a frame: what it says, how large it is, where, and a way to settle it."""

    def __init__(self, desk: Desk, told: _Told) -> None:
        super().__init__()
        issue = told.issue
        roles = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "card"}
        self.setProperty("role", roles[issue.severity])
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 7, 9, 7)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(5)
        head.addWidget(StateMark(state_of(issue.severity)), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(label(told.title, wraps=True), 1)
        column.addLayout(head)
        column.addWidget(label(told.size, "quiet", wraps=True))
        row = FlowLayout()
        see = ElidedButton(tr("定位"), lambda: desk.show_issue(issue))
        see.setObjectName(f"see-{issue.id}")
        is_land = issue.kind in words.SETTLED_ON_LAND
        settle = ElidedButton(tr("处理…") if is_land else tr("详情…"), lambda: desk.take_up(issue))
        settle.setObjectName(f"settle-{issue.id}")
        row.addWidget(see)
        row.addWidget(settle)
        column.addLayout(row)
