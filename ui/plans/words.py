"""Plans in the words of the window."""

from __future__ import annotations

from gridadmin.app.plan_comparison import AreaDifference, Comparison, Difference
from gridadmin.domain.model import Plan, PlanState
from ui.panels import words
from ui.texts import mark, tr

_STATES = {
    PlanState.DRAFT: mark("草案"),
    PlanState.CHECKED: mark("已检查"),
    PlanState.APPROVED: mark("已批准"),
    PlanState.IN_FORCE: mark("已生效"),
    PlanState.ABANDONED: mark("已放弃"),
}
_KINDS = {
    Difference.ADDED: mark("新增"),
    Difference.REMOVED: mark("已撤销"),
    Difference.RESHAPED: mark("边界调整"),
    Difference.REPARENTED: mark("改了上级"),
    Difference.RENAMED: mark("更名"),
    Difference.RECODED: mark("改编码"),
}


def state(plan: Plan) -> str:
    """Return how far a plan has come."""
    return tr(_STATES[PlanState(plan.state)])


def kind(difference: Difference) -> str:
    """Return in which way an area differs."""
    return tr(_KINDS[difference])


def kinds(area: AreaDifference) -> str:
    """Return all ways in which an area differs."""
    return tr("、").join(kind(one) for one in area.kinds) or tr("户数变化")


def status(plan: Plan, comparison: Comparison | None) -> str:
    """Return what the status line says of a plan: name, state, how many areas differ."""
    said = tr("方案“{name}”（{state}）", name=plan.name, state=state(plan))
    if comparison is None:
        return said
    return words.dotted((said, tr("{n} 处变化", n=f"{len(comparison.areas):,}")))


def facts(plan: Plan) -> str:
    """Return document number, base and dates of a plan in one line."""
    base = tr("以现状为基准（{date}）", date=plan.opened or "")
    if plan.base_release is not None:
        base = tr("以第 {number} 号版本为基准", number=plan.base_release)
    dates = (
        (tr("检查 {date}", date=plan.checked) if plan.checked else ""),
        (tr("批准 {date}", date=plan.approved) if plan.approved else ""),
        (tr("{date} 起生效", date=plan.in_force) if plan.in_force else ""),
    )
    document = tr("文号 {number}", number=plan.document) if plan.document else tr("还没有文号")
    return words.dotted((document, base, *dates))


def counts(comparison: Comparison) -> str:
    """Return how many areas differ in each way, and what changed hands."""
    parts = [
        tr("{what} {n}", what=kind(one), n=comparison.count_of(one))
        for one in Difference
        if comparison.count_of(one)
    ]
    if comparison.handovers:
        parts += [
            tr("划转 {land}", land=words.land(comparison.land_m2)),
            words.households(comparison.households),
            words.buildings(comparison.buildings),
        ]
    return words.dotted(parts) or tr("与基准相比还没有变化。")
