"""Issues that are found no more: what was fixed, and what became exempt land."""

from __future__ import annotations

from gridadmin.checks.states import settled
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import Issue, IssueState
from gridadmin.domain.model import IssueMark
from gridadmin.partition.snapshot import Snapshot
from ui.bridge import Bridge
from ui.panels import words
from ui.texts import sentence, tr

GONE_STATES = (IssueState.FIXED, IssueState.EXEMPT)
"""The states of issues that a check finds no more."""


class SettledIssues:
    """The issues that were settled in one state, the newest first, as a list shows them."""

    def __init__(self, bridge: Bridge, state: IssueState) -> None:
        self._state = state
        found = settled(bridge.session.book()) if bridge.has_issues else ()
        self._marks: dict[str, IssueMark] = {
            mark.uid: mark for mark, its_state in found if its_state is state
        }
        self.issues: list[Issue] = [_issue(bridge.snapshot, mark) for mark in self._marks.values()]

    def holds(self, number: str) -> bool:
        """Return whether an issue is one of them."""
        return number in self._marks

    def said(self, number: str) -> str:
        """Return how an issue ended, and since when, in words."""
        mark = self._marks[number]
        reason = (
            ""
            if mark.reason is None
            else tr("{reason}（{name}）", reason=mark.reason, name=mark.name or "")
        )
        return words.dotted((sentence(f"issue_state.{self._state}"), mark.since or "", reason))


def _issue(snapshot: Snapshot, mark: IssueMark) -> Issue:
    """Return the issue that a mark remembers, as far as it does."""
    point = None if mark.x is None or mark.y is None else (mark.x, mark.y)
    return Issue(
        mark.uid,
        mark.kind,
        _severity(snapshot, mark.kind),
        mark.level,
        areas=tuple(mark.areas.split()),
        point=point,
        bbox=None if point is None else (*point, *point),
    )


def _severity(snapshot: Snapshot, kind: str) -> Severity:
    try:
        return snapshot.check(kind).severity
    except KeyError:
        # A file of a later version may know kinds that this one doesn't.
        return Severity.WARNING
