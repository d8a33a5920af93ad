"""Plans: open one, bring it from draft over checked and approved into force, or give it up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from gridadmin.base.errors import EditError
from gridadmin.base.texts import Counts
from gridadmin.checks.book import IssueBook
from gridadmin.domain.change import Change
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import Plan, PlanState
from gridadmin.edit.area_commands import checked_text
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.plan_dates import put_dates
from gridadmin.partition.snapshot import Snapshot

NOT_BLOCKING = ("undivided", "household_band")
"""Kinds that are told, whatever they weigh, and keep no plan back."""


def open_plan(snapshot: Snapshot) -> Plan | None:
    """Return the plan that is being worked on, or None."""
    plans: list[Plan] = [plan for plan in snapshot.rows("plan").values() if plan.is_open]
    return plans[0] if plans else None


def _needed_plan(snapshot: Snapshot) -> Plan:
    plan = open_plan(snapshot)
    if plan is None:
        raise EditError("edit.no_plan")
    return plan


def base_revision_of(plan: Plan) -> int:
    """Return the revision after which the project was as the plan found it."""
    return plan.revision - 1 if plan.base_revision is None else plan.base_revision


@dataclass(frozen=True)
class OpenPlan:
    """Begin a plan. It is compared with a release, or with the present state."""

    name: str
    base_release: int | None = None
    document: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.plan_open``, ``edit.unknown_release``."""
        standing = open_plan(snapshot)
        if standing is not None:
            raise EditError("edit.plan_open", plan=standing.name)
        plan = Plan(
            desk.new_uid(),
            checked_text("name", self.name),
            self.base_release,
            document=_text_or_none("document", self.document),
            opened=desk.today,
            is_open=True,
            base_revision=_base_revision(snapshot, self.base_release),
            author=desk.author,
        )
        return _kept(snapshot, plan, "plan_open", plan.name)


def _base_revision(snapshot: Snapshot, number: int | None) -> int:
    if number is None:
        return snapshot.revision
    for release in snapshot.rows("release").values():
        if release.number == number:
            return int(release.at_revision)
    raise EditError("edit.unknown_release", release=number)


@dataclass(frozen=True)
class SetPlan:
    """Give the open plan another name or document number, as long as it isn't approved."""

    name: str | None = None
    document: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.no_plan``, ``edit.plan_is_approved``."""
        plan = _needed_plan(snapshot)
        if plan.state == PlanState.APPROVED:
            raise EditError("edit.plan_is_approved", plan=plan.name)
        if self.name is not None:
            plan = replace(plan, name=checked_text("name", self.name))
        if self.document is not None:
            plan = replace(plan, document=_text_or_none("document", self.document))
        return _kept(snapshot, plan, "plan_set", plan.name)


@dataclass(frozen=True)
class Allowed:
    """An issue, or all of a kind, that may stand in a checked plan: why, and who says so."""

    what: str
    reason: str
    by: str


@dataclass(frozen=True)
class CheckPlan:
    """Check the whole project; with nothing in the way the plan is checked.

    What is *allowed* is named by the number of an issue or by a kind.
    """

    allowed: Sequence[Allowed] = ()
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.plan_has_issues`` and others."""
        plan = _needed_plan(snapshot)
        if plan.state == PlanState.APPROVED:
            raise EditError("edit.plan_is_approved", plan=plan.name)
        allowed = [
            Allowed(one.what, checked_text("reason", one.reason), checked_text("by", one.by))
            for one in self.allowed
        ]
        standing = blocking(IssueBook.of(snapshot).issues())
        named = {one.what for one in allowed}
        left = [issue for issue in standing if not {issue.id, issue.kind} & named]
        if left:
            counts = tuple((f"kind.{kind}", n) for kind, n in kinds_of(left).items())
            raise EditError("edit.plan_has_issues", count=len(left), kinds=Counts(counts))
        found = {word for issue in standing for word in (issue.id, issue.kind)}
        used = [asdict(one) for one in allowed if one.what in found]
        plan = replace(
            plan,
            state=PlanState.CHECKED,
            checked=desk.today,
            author=desk.author,
            allowed=json.dumps(used, ensure_ascii=False) if used else None,
        )
        return _kept(snapshot, plan, "plan_checked", plan.name, allowed=len(used))


def blocking(issues: Sequence[Issue]) -> list[Issue]:
    """Return the issues that keep a plan from being checked."""
    weighty = (Severity.ERROR, Severity.WARNING)
    return [i for i in issues if i.severity in weighty and i.kind not in NOT_BLOCKING]


def kinds_of(issues: Sequence[Issue]) -> dict[str, int]:
    """Return how many issues there are of each kind, in the order in which kinds come up."""
    return dict(Counter(issue.kind for issue in issues))


@dataclass(frozen=True)
class ApprovePlan:
    """Approve a checked plan: it needs a document number. From then on all borders are locked."""

    document: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change.

        Raises: EditError ``edit.plan_not_checked``, ``edit.plan_needs_document`` and others.
        """
        plan = _needed_plan(snapshot)
        if plan.state != PlanState.CHECKED:
            raise EditError("edit.plan_not_checked", plan=plan.name)
        document = _text_or_none("document", self.document) or plan.document
        if document is None:
            raise EditError("edit.plan_needs_document", plan=plan.name)
        plan = replace(
            plan,
            state=PlanState.APPROVED,
            approved=desk.today,
            document=document,
            author=desk.author,
        )
        return _kept(snapshot, plan, "plan_approved", f"{plan.name} · {document}")


@dataclass(frozen=True)
class PutInForce:
    """Put an approved plan in force: what it changed is dated, and the borders stay locked.

    *since* is the date from which it holds, today's where none is given.
    """

    since: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change; takes long, for it reads the log.

        Raises: EditError ``edit.no_plan``, ``edit.plan_not_approved``, ``edit.bad_value``.
        """
        plan = _needed_plan(snapshot)
        if plan.state != PlanState.APPROVED:
            raise EditError("edit.plan_not_approved", plan=plan.name)
        since = _checked_date(self.since or desk.today)
        draft = Draft(snapshot)
        past = desk.past(base_revision_of(plan))
        dated = put_dates(draft, past, snapshot, since, plan.document)
        draft.put(
            "plan",
            replace(
                plan,
                state=PlanState.IN_FORCE,
                in_force=since,
                is_open=False,
                author=desk.author,
            ),
        )
        draft.tell(plan=plan.uid, dated=dated)
        return draft.change("plan_in_force", note=f"{plan.name} · {since}")


@dataclass(frozen=True)
class ReturnToDraft:
    """Take back the check or the approval of a plan; the reason is kept."""

    reason: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.no_plan``, ``edit.plan_is_draft``."""
        plan = _needed_plan(snapshot)
        if plan.state == PlanState.DRAFT:
            raise EditError("edit.plan_is_draft", plan=plan.name)
        reason = checked_text("reason", self.reason)
        plan = replace(back_to_draft(plan), reason=reason, author=desk.author)
        return _kept(snapshot, plan, "plan_draft", f"{plan.name} · {reason}")


@dataclass(frozen=True)
class AbandonPlan:
    """Give a draft up. What it changed stays as it is, without a date; the reason is kept."""

    reason: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.no_plan``, ``edit.plan_is_no_draft``."""
        plan = _needed_plan(snapshot)
        if plan.state != PlanState.DRAFT:
            raise EditError("edit.plan_is_no_draft", plan=plan.name)
        reason = checked_text("reason", self.reason)
        plan = replace(
            plan, state=PlanState.ABANDONED, is_open=False, reason=reason, author=desk.author
        )
        return _kept(snapshot, plan, "plan_abandoned", f"{plan.name} · {reason}")


def back_to_draft(plan: Plan) -> Plan:
    """Return a plan as a draft that nobody checked or approved."""
    return replace(plan, state=PlanState.DRAFT, checked=None, approved=None, allowed=None)


def _kept(snapshot: Snapshot, plan: Plan, kind: str, note: str, **told: object) -> Change:
    draft = Draft(snapshot)
    draft.put("plan", plan)
    draft.tell(plan=plan.uid, **told)
    return draft.change(kind, note=note)


def _text_or_none(field: str, text: str | None) -> str | None:
    """Return a text, None for one that is empty."""
    return None if text is None or not text.strip() else checked_text(field, text)


def _checked_date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except (ValueError, TypeError) as fault:
        raise EditError("edit.bad_value", field="since", value=text) from fault
