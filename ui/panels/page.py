"""A page of the inspector: sections one below the other under a title."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gridadmin.domain.change import LogEntry
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import Area
from ui.panels import words
from ui.panels.desk import Desk
from ui.panels.flow import FlowLayout
from ui.panels.marks import StateMark, state_of
from ui.panels.parts import ElidedButton, Facts, Section, label, line, row_of
from ui.texts import tr

_MOST_ISSUES = 5


class Page(QWidget):
    """What the inspector shows of one selection; made anew whenever that changes."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setProperty("role", "page")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 12)
        self._column.setSpacing(0)
        self._column.addStretch(1)

    def add(self, section: QWidget) -> None:
        """Put a section at the end, under a line if it isn't the first."""
        at = self._column.count() - 1
        if at:
            self._column.insertWidget(at, line())
            at += 1
        self._column.insertWidget(at, section)

    def add_title(self, title: str, aside: str = "", mark: StateMark | None = None) -> Section:
        """Put a title at the top, with its sign before and something quieter behind it."""
        section = Section()
        row = QHBoxLayout()
        row.setSpacing(6)
        if mark is not None:
            row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(title, "heading", wraps=True), 1)
        if aside:
            row.addWidget(label(aside, "quiet"), 0, Qt.AlignmentFlag.AlignTop)
        section.column.addLayout(row)
        self.add(section)
        return section

    def link(self, area: Area) -> ElidedButton:
        """Return a button that leads to an area."""
        return self.desk.link_to(area.uid)

    def add_issues(self, issues: list[Issue], below: int) -> None:
        """Put the issues of an area, each with ways to see and to settle it.

        *below* is how many there are on the areas below it.
        """
        if not issues and not below:
            return
        section = Section(tr("问题"), str(len(issues)) if issues else "")
        for issue in issues[:_MOST_ISSUES]:
            section.add(IssueCard(self.desk, issue))
        if len(issues) > _MOST_ISSUES:
            section.say(tr("另有 {n} 个，见问题列表。", n=len(issues) - _MOST_ISSUES), "quiet")
        if below:
            section.say(tr("下级区域还有 {n} 个问题。", n=below), "quiet")
        self.add(section)

    def add_history(self, uid: str) -> None:
        """Put the last gestures that touched an area; nothing while they aren't known."""
        entries = self.desk.index.history_of(uid)
        if entries is None:
            return
        section = Section(tr("变更记录"))
        if not entries:
            section.say(tr("最近没有改动。"), "quiet")
        facts = Facts()
        for entry in entries:
            facts.add(words.clock(entry.time), words.dotted((self._said(entry), entry.note)))
        section.add(facts)
        more = ElidedButton(
            tr("全部记录"), lambda: self.desk.context.navigator.history_wanted.emit(uid), "link"
        )
        more.setObjectName("whole-history")
        section.add(row_of(more))
        self.add(section)

    def _said(self, entry: LogEntry) -> str:
        return words.gesture(entry, self.desk.index.gist_of(entry))


class IssueCard(QFrame):
    """One issue in a frame: what it says, how large it is, where, and a way to settle it."""

    def __init__(self, desk: Desk, issue: Issue) -> None:
        super().__init__()
        roles = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "card"}
        self.setProperty("role", roles[issue.severity])
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 7, 9, 7)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(5)
        head.addWidget(StateMark(state_of(issue.severity)), 0, Qt.AlignmentFlag.AlignTop)
        title = f"{words.kind(issue.kind)}  {words.issue_areas(desk.snapshot, issue)}"
        head.addWidget(label(title, wraps=True), 1)
        column.addLayout(head)
        size = words.issue_size(issue, desk.index.land_of_issue(issue))
        column.addWidget(label(size, "quiet", wraps=True))
        row = FlowLayout()
        see = ElidedButton(tr("定位"), lambda: desk.show_issue(issue))
        see.setObjectName(f"see-{issue.id}")
        is_land = issue.kind in words.SETTLED_ON_LAND
        settle = ElidedButton(tr("处理…") if is_land else tr("详情…"), lambda: desk.take_up(issue))
        settle.setObjectName(f"settle-{issue.id}")
        row.addWidget(see)
        row.addWidget(settle)
        column.addLayout(row)
