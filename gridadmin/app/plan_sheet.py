"""A plan beside its base for the sheet of before and after: what changed, and where."""

from __future__ import annotations

from gridadmin.app.plan_comparison import (
    AreaDifference,
    Comparison,
    Difference,
    Side,
    compare_with_base,
)
from gridadmin.app.plan_report import plan_to_tell
from gridadmin.app.session import Session
from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.base.texts import sentence
from gridadmin.chart.facts import Table, TableColumn, TableRow
from gridadmin.chart.plan_facts import PlanFacts
from gridadmin.edit.plan_commands import base_revision_of
from gridadmin.partition.snapshot import Snapshot

_COLUMNS = ("code", "name", "change", "households", "land", "from_to")
_NUMBERS = frozenset({"households", "land"})
_SIGNERS = ("made", "community", "street", "department")
_NONE = "—"


def plan_facts(session: Session, lang: str, progress: Progress = SILENT) -> PlanFacts:
    """Return what the sheet of the open plan tells, else of the last one in force.

    Takes long, for a worker.

    Raises: InputError ``chart.no_plan``, Cancelled.
    """
    plan = plan_to_tell(session.snapshot)
    if plan is None:
        raise InputError("chart.no_plan")
    past = session.document.past(base_revision_of(plan), progress)
    comparison = compare_with_base(past, session.snapshot, plan, progress)
    return PlanFacts(
        name=plan.name,
        before=past.snapshot,
        changes=_changes(comparison, lang),
        changed_uids=tuple(area.uid for area in comparison.areas),
        totals=_totals(session.snapshot, comparison, lang),
        moved=_moved(comparison, lang),
        changed=comparison.changed,
        signatures=tuple(sentence(f"chart.signer_{who}", lang) for who in _SIGNERS),
    )


def _changes(comparison: Comparison, lang: str) -> Table:
    columns = tuple(
        TableColumn(sentence(f"chart.col_{name}", lang), name in _NUMBERS) for name in _COLUMNS
    )
    rows = tuple(_row(area, lang) for area in comparison.areas)
    return Table(sentence("chart.changes_title", lang), columns, rows)


def _row(area: AreaDifference, lang: str) -> TableRow:
    old, new = area.before, area.after
    between = "、" if lang == "zh" else ", "
    kinds = between.join(sentence(f"chart.change_{kind}", lang) for kind in area.kinds)
    name = (new or old or Side("", None, "", None, None, 0)).name
    if old is not None and new is not None and Difference.RENAMED in area.kinds:
        name = f"{old.name} → {new.name}"
    told = []
    if area.predecessors:
        told.append(sentence("chart.came_from", lang, {"names": between.join(area.predecessors)}))
    if area.successors:
        told.append(sentence("chart.went_to", lang, {"names": between.join(area.successors)}))
    cells = (
        area.code or _NONE,
        name,
        kinds or sentence("chart.change_figures", lang),
        _pair(_households(old), _households(new)),
        _pair(_land(old), _land(new)),
        between.join(told) or _NONE,
    )
    return TableRow(cells)


def _households(side: Side | None) -> str:
    return _NONE if side is None or side.households is None else f"{side.households:,}"


def _land(side: Side | None) -> str:
    return _NONE if side is None or side.land_m2 is None else f"{side.land_m2 / 1e6:.4f}"


def _pair(old: str, new: str) -> str:
    return old if old == new else f"{old} → {new}"


def _totals(snapshot: Snapshot, comparison: Comparison, lang: str) -> tuple[tuple[str, str], ...]:
    found = []
    for level in comparison.levels:
        known = snapshot.scheme.level("micro_grid" if level.level == "cell" else level.level)
        if known is not None:
            name = known.zh if lang == "zh" else known.en
            found.append((name, _pair(f"{level.areas_before:,}", f"{level.areas_after:,}")))
    return tuple(found)


def _moved(comparison: Comparison, lang: str) -> tuple[tuple[str, str], ...]:
    return (
        (sentence("chart.moved_land", lang), f"{comparison.land_m2 / 1e6:,.4f} km²"),
        (sentence("chart.moved_households", lang), f"{comparison.households:,}"),
        (sentence("chart.moved_buildings", lang), f"{comparison.buildings:,}"),
    )
