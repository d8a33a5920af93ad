"""What a plan locks: all borders while it is approved, and in force until the next one is open."""

from __future__ import annotations

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.model import Plan, PlanState
from gridadmin.edit.plan_commands import back_to_draft, open_plan
from gridadmin.edit.shifts import Shifts
from gridadmin.partition.snapshot import Snapshot

_OF_A_PLAN = ("area", "border", "exempt", "dispute", "stacked_part", "building", "entrance")
"""Tables whose rows a check of a plan has looked at."""


def locking_plan(snapshot: Snapshot) -> Plan | None:
    """Return the plan that locks all borders, or None: what is open in draft locks none.

    An approved plan is no other plan once a border has moved, and borders in force are moved by
    opening the next plan.
    """
    plans = snapshot.rows("plan")
    if not plans:
        return None
    standing = open_plan(snapshot)
    if standing is not None:
        return standing if standing.state == PlanState.APPROVED else None
    in_force: list[Plan] = [plan for plan in plans.values() if plan.state == PlanState.IN_FORCE]
    return max(in_force, key=lambda plan: plan.revision, default=None)


def check_plan_lock(before: Snapshot, shifts: Shifts) -> None:
    """Refuse a change that moves any border while a plan locks them all.

    Raises: EditError ``edit.borders_approved``, ``edit.borders_in_force``.
    """
    plan = locking_plan(before)
    if plan is None:
        return
    moved = shifts.moved()
    if moved:
        place = shifts.place_of(min(moved))
        raise plan_refusal(plan, before, place)


def plan_refusal(
    plan: Plan, snapshot: Snapshot, place_mm: tuple[float, float] | None = None
) -> EditError:
    """Return the refusal of what would move a border that a plan locks."""
    is_in_force = plan.state == PlanState.IN_FORCE
    said = {
        "plan": plan.name,
        "document": plan.document or "",
        "author": plan.author or "",
        "since": (plan.in_force if is_in_force else plan.approved) or "",
        **metres_of(snapshot, place_mm),
    }
    if is_in_force:
        return EditError("edit.borders_in_force", **said)
    return EditError("edit.borders_approved", **said)


def metres_of(snapshot: Snapshot, place_mm: tuple[float, float] | None) -> dict[str, float]:
    """Return a place of the kernel as parameters of a refusal, metres of the plane."""
    if place_mm is None:
        return {}
    x, y = snapshot.origin_mm
    return {"x": (place_mm[0] + x) / 1000, "y": (place_mm[1] + y) / 1000}


def plan_that_follows(before: Snapshot, change: Change) -> list[RowChange]:
    """Return the row of a checked plan as a draft again when a change touches what was checked."""
    if not before.rows("plan"):
        return []
    plan = open_plan(before)
    if plan is None or plan.state != PlanState.CHECKED or change.of("plan"):
        return []
    if not any(row.table in _OF_A_PLAN for row in change.rows):
        return []
    return [RowChange("plan", plan, back_to_draft(plan))]
