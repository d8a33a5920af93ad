"""What an edit settles is remembered with it: the issues that it took away, in the same change."""

from __future__ import annotations

from collections.abc import Iterable

from gridadmin.base.errors import EditError
from gridadmin.checks.book import IssueBook
from gridadmin.domain.change import RowChange
from gridadmin.domain.check_kinds import LAND_KINDS, Severity
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import MarkState
from gridadmin.edit.accept_commands import mark_of
from gridadmin.edit.command import face_of_point
from gridadmin.partition.snapshot import Snapshot


def marks_of_settled(before: Snapshot, book: IssueBook, today: str) -> list[RowChange]:
    """Return the rows that remember what a change settled; *book* is the one after it.

    Only what weighs is remembered. An issue about land counts as settled when nothing is wrong any
    more where it lay: a gap that is smaller now has another number, but isn't fixed.
    """
    rows = []
    known = before.rows("issue_mark")
    for issue in _settled(book):
        mark = known.get(issue.id)
        if mark is not None and mark.state == MarkState.ACCEPTED:
            continue
        state = MarkState.EXEMPT if _is_exempt(book.snapshot, issue) else MarkState.FIXED
        rows.append(RowChange("issue_mark", mark, mark_of(issue, state, today)))
    return rows


def _settled(book: IssueBook) -> Iterable[Issue]:
    come = {issue.id for issue in book.come}
    lying = [issue for issue in book.come if issue.kind in LAND_KINDS]
    seen: set[str] = set()
    for issue in book.gone:
        if issue.severity is Severity.INFO or issue.id in come or issue.id in seen:
            continue
        seen.add(issue.id)
        if issue.kind in LAND_KINDS and any(_meet(issue, other) for other in lying):
            continue
        if not book.holds(issue.id):
            yield issue


def _meet(one: Issue, other: Issue) -> bool:
    """Return whether the boxes of two issues meet; what has no place meets all."""
    if one.bbox is None or other.bbox is None:
        return True
    ax0, ay0, ax1, ay1 = one.bbox
    bx0, by0, bx1, by1 = other.bbox
    return ax0 <= bx1 and bx0 <= ax1 and ay0 <= by1 and by0 <= ay1


def _is_exempt(snapshot: Snapshot, issue: Issue) -> bool:
    if issue.point is None or issue.kind not in LAND_KINDS:
        return False
    try:
        owner = snapshot.owner(face_of_point(snapshot, issue.point, is_inside=True).owner)
    except EditError:
        return False
    return owner is not None and owner[0] == "exempt"
