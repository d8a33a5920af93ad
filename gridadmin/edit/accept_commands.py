"""Accept an issue as it is, with reason and name, and take that back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.check_kinds import LAND_KINDS
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import IssueMark, MarkState
from gridadmin.edit.area_commands import checked_text
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class Accept:
    """Let an issue stand: *name* answers for it, *until* a day if it isn't for good.

    Land that nobody or several hold can't be accepted: it is settled, or made exempt land.
    """

    issue: Issue
    reason: str
    name: str
    until: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        if self.issue.kind in LAND_KINDS:
            raise EditError("edit.accept_land", issue=self.issue.id)
        reason, name = checked_text("reason", self.reason), checked_text("name", self.name)
        if self.until is not None:
            _checked_day(self.until, desk.today)
        draft = Draft(snapshot)
        mark = mark_of(self.issue, MarkState.ACCEPTED, desk.today)
        draft.put("issue_mark", mark.answered(reason, name, self.until))
        return draft.change("accept", note=reason)


@dataclass(frozen=True)
class Unaccept:
    """Let an accepted issue count again."""

    number: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.not_accepted``."""
        mark = snapshot.rows("issue_mark").get(self.number)
        if mark is None or mark.state != MarkState.ACCEPTED:
            raise EditError("edit.not_accepted", issue=self.number)
        draft = Draft(snapshot)
        draft.remove("issue_mark", self.number)
        return draft.change("unaccept", note=mark.reason)


def mark_of(issue: Issue, state: MarkState, today: str) -> IssueMark:
    """Return the row that remembers an issue."""
    x, y = (None, None) if issue.point is None else issue.point
    return IssueMark(
        issue.id, str(state), issue.kind, issue.level, " ".join(issue.areas), x, y, since=today
    )


def _checked_day(text: str, today: str) -> None:
    try:
        date.fromisoformat(text)
    except (TypeError, ValueError) as fault:
        raise EditError("edit.bad_value", field="until", value=text) from fault
    if text < today:
        raise EditError("edit.until_passed", until=text)
