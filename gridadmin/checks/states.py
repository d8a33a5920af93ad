"""Where an issue stands: open, accepted, reappeared; and what was settled before."""

from __future__ import annotations

from collections.abc import Iterator

from gridadmin.checks.book import IssueBook
from gridadmin.domain.issue import Issue, IssueState
from gridadmin.domain.model import IssueMark, MarkState
from gridadmin.partition.snapshot import Snapshot


def state_of(snapshot: Snapshot, issue: Issue, today: str) -> IssueState:
    """Return the state of an issue that a check finds now.

    An acceptance whose day has passed counts no more.
    """
    mark = snapshot.rows("issue_mark").get(issue.id)
    if mark is None:
        return IssueState.OPEN
    if mark.state != MarkState.ACCEPTED:
        # It was settled once, and here it is again.
        return IssueState.REAPPEARED
    is_over = mark.until is not None and mark.until < today
    return IssueState.OPEN if is_over else IssueState.ACCEPTED


def acceptance_of(snapshot: Snapshot, number: str) -> IssueMark | None:
    """Return who accepted an issue and why, or None."""
    mark: IssueMark | None = snapshot.rows("issue_mark").get(number)
    return mark if mark is not None and mark.state == MarkState.ACCEPTED else None


def settled(book: IssueBook) -> Iterator[tuple[IssueMark, IssueState]]:
    """Yield what was settled and is not found any more, the newest first.

    Whatever a row says, an issue that the book holds is not settled.
    """
    present = {issue.id for issue in book.issues()}
    marks = [mark for mark in book.snapshot.rows("issue_mark").values() if mark.uid not in present]
    for mark in sorted(marks, key=lambda mark: (-mark.revision, mark.uid)):
        is_exempt = mark.state == MarkState.EXEMPT
        yield mark, IssueState.EXEMPT if is_exempt else IssueState.FIXED
