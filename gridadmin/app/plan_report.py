"""The comparison of a plan with its base as JSON, and as a table of rows for Excel."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import shapely

from gridadmin.app.plan_comparison import (
    AreaDifference,
    Comparison,
    Difference,
    Handover,
    Side,
    compare_with_base,
)
from gridadmin.app.session import Session
from gridadmin.base.errors import EditError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.model import Plan, PlanState
from gridadmin.edit.plan_commands import base_revision_of, open_plan
from gridadmin.exchange.import_source import plane_name
from gridadmin.partition.snapshot import Snapshot


def plan_to_tell(snapshot: Snapshot) -> Plan | None:
    """Return the open plan, else the one that came into force last, else None."""
    plan = open_plan(snapshot)
    if plan is not None:
        return plan
    ended: list[Plan] = [p for p in snapshot.rows("plan").values() if p.state == PlanState.IN_FORCE]
    return max(ended, key=lambda p: p.revision, default=None)


def compared(session: Session, progress: Progress = SILENT) -> Comparison:
    """Return how the present state differs from the base of the plan.

    Raises: EditError ``edit.no_plan``, StoreError, Cancelled.
    """
    snapshot = session.snapshot
    plan = plan_to_tell(snapshot)
    if plan is None:
        raise EditError("edit.no_plan")
    past = session.document.past(base_revision_of(plan), progress)
    return compare_with_base(past, snapshot, plan, progress)


def comparison_json(snapshot: Snapshot, comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as JSON values; polygons are GeoJSON in the project's plane."""
    plan = comparison.plan
    return {
        "version": 1,
        "crs": plane_name(snapshot),
        "plan": None if plan is None else _plan_json(plan),
        "base_revision": comparison.base_revision,
        "revision": comparison.revision,
        "counts": {str(kind): comparison.count_of(kind) for kind in Difference},
        "land_m2": round(comparison.land_m2, 2),
        "households": comparison.households,
        "buildings": comparison.buildings,
        "persons": comparison.persons,
        "levels": [asdict(level) for level in comparison.levels],
        "areas": [_area_json(area) for area in comparison.areas],
        "handovers": [
            _handover_json(handover, comparison, snapshot) for handover in comparison.handovers
        ],
    }


def _plan_json(plan: Plan) -> dict[str, Any]:
    facts = asdict(plan)
    del facts["revision"], facts["base_revision"]
    facts["allowed"] = json.loads(plan.allowed) if plan.allowed else []
    return facts


def _area_json(area: AreaDifference) -> dict[str, Any]:
    return {
        "uid": area.uid,
        "code": area.code or None,
        "level": area.level,
        "kinds": [str(kind) for kind in area.kinds],
        "before": _side_json(area.before),
        "after": _side_json(area.after),
        "predecessors": list(area.predecessors),
        "successors": list(area.successors),
    }


def _side_json(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    land = None if side.land_m2 is None else round(side.land_m2, 2)
    return {**asdict(side), "land_m2": land}


def _handover_json(
    handover: Handover, comparison: Comparison, snapshot: Snapshot
) -> dict[str, Any]:
    names = names_of(comparison, snapshot)
    return {
        "level": handover.level,
        "from": _named(handover.before, names),
        "to": _named(handover.after, names),
        "land_m2": round(handover.land_m2, 2),
        "households": handover.households,
        "buildings": len(handover.buildings),
        "persons": handover.persons,
        "polygon": json.loads(shapely.to_geojson(handover.polygon)),
    }


def _named(uid: str | None, names: Mapping[str, tuple[str, str | None]]) -> dict[str, Any] | None:
    if uid is None:
        return None
    name, code = names.get(uid, ("", None))
    return {"uid": uid, "code": code, "name": name}


def names_of(comparison: Comparison, snapshot: Snapshot) -> dict[str, tuple[str, str | None]]:
    """Return name and code of every area that gave or took land, as it is or was at last."""
    uids = {uid for h in comparison.handovers for uid in (h.before, h.after) if uid is not None}
    areas = snapshot.rows("area")
    found = {uid: (areas[uid].name, areas[uid].code) for uid in uids if uid in areas}
    for area in comparison.areas:
        side = area.before or area.after
        if area.uid in uids and area.uid not in found and side is not None:
            found[area.uid] = side.name, side.code
    return found
