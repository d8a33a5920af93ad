"""The comparison of a plan with its base as a workbook in Chinese: summary, areas, handovers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gridadmin.app.plan_comparison import AreaDifference, Comparison, Difference, Side
from gridadmin.app.plan_report import names_of
from gridadmin.domain.model import PlanState
from gridadmin.exchange.workbook import Sheet, Value, write_workbook
from gridadmin.partition.snapshot import Snapshot

DIFFERENCES = {
    Difference.ADDED: "新增",
    Difference.REMOVED: "撤销",
    Difference.RESHAPED: "边界调整",
    Difference.REPARENTED: "改归上级",
    Difference.RENAMED: "更名",
    Difference.RECODED: "改编码",
}
STATES = {
    PlanState.DRAFT: "草案",
    PlanState.CHECKED: "已检查",
    PlanState.APPROVED: "已批准",
    PlanState.IN_FORCE: "已生效",
    PlanState.ABANDONED: "已放弃",
}

_AREA_HEADERS = (
    "层级", "编码", "名称", "变化", "原名称", "原编码", "原上级", "现上级",
    "原面积（平方米）", "现面积（平方米）", "原户数", "现户数", "原楼栋", "现楼栋", "来自", "去向",
)  # fmt: skip
_LAND_HEADERS = (
    "层级", "划出区域", "划出编码", "划入区域", "划入编码", "面积（平方米）", "户数", "楼栋",
)  # fmt: skip


def write_plan_table(path: Path, snapshot: Snapshot, comparison: Comparison) -> None:
    """Write a comparison as an Excel workbook. Raises: InputError, StoreError of the disk."""
    write_workbook(
        path,
        [
            Sheet("汇总", ("项目", "调整前", "调整后"), list(_summary(snapshot, comparison))),
            Sheet(
                "区域变化", _AREA_HEADERS, [area_row(snapshot, area) for area in comparison.areas]
            ),
            Sheet("划转明细", _LAND_HEADERS, list(_handovers(snapshot, comparison))),
        ],
    )


def level_name(snapshot: Snapshot, level: str) -> str:
    """Return the Chinese name of a level."""
    known = snapshot.scheme.level("micro_grid" if level == "cell" else level)
    return level if known is None else known.zh


def _summary(snapshot: Snapshot, comparison: Comparison) -> Iterator[tuple[Value, ...]]:
    plan = comparison.plan
    if plan is not None:
        yield "方案", "", plan.name
        yield "状态", "", STATES[PlanState(plan.state)]
        yield "文号", "", plan.document or ""
        yield "新建日期", "", plan.opened or ""
        yield "批准日期", "", plan.approved or ""
        yield "生效日期", "", plan.in_force or ""
    yield "修改次数", comparison.base_revision, comparison.revision
    for level in comparison.levels:
        name = level_name(snapshot, level.level)
        yield f"{name}数", level.areas_before, level.areas_after
        yield f"{name}户数合计", level.households_before, level.households_after
    for kind, words in DIFFERENCES.items():
        yield f"{words}的区域", None, comparison.count_of(kind)
    yield "划转土地（平方米）", None, round(comparison.land_m2, 2)
    yield "划转户数", None, comparison.households
    yield "划转楼栋", None, comparison.buildings


def area_row(snapshot: Snapshot, area: AreaDifference) -> tuple[Value, ...]:
    """Return what the table says of one area."""
    old, new = area.before, area.after
    name = (new or old or Side("", None, "", None, None, 0)).name
    return (
        level_name(snapshot, area.level),
        area.code,
        name,
        "、".join(DIFFERENCES[kind] for kind in area.kinds) or "户数变化",
        *_former(old, new),
        *(("" if side is None else side.parent) for side in (old, new)),
        *(_rounded(side) for side in (old, new)),
        *(None if side is None else side.households for side in (old, new)),
        *(None if side is None else side.buildings for side in (old, new)),
        "、".join(area.predecessors),
        "、".join(area.successors),
    )


def _former(old: Side | None, new: Side | None) -> tuple[str, str]:
    """Return name and code of before, where they were others."""
    if old is None or new is None:
        return "", ""
    name = old.name if old.name != new.name else ""
    return name, (old.code or "") if old.code != new.code else ""


def _rounded(side: Side | None) -> float | None:
    return None if side is None or side.land_m2 is None else round(side.land_m2, 2)


def _handovers(snapshot: Snapshot, comparison: Comparison) -> Iterator[tuple[Value, ...]]:
    names = names_of(comparison, snapshot)
    for handover in comparison.handovers:
        ends = [
            ("（无）", "") if uid is None else names.get(uid, ("", None))
            for uid in (handover.before, handover.after)
        ]
        (old, old_code), (new, new_code) = ends
        yield (
            level_name(snapshot, handover.level),
            old,
            old_code or "",
            new,
            new_code or "",
            round(handover.land_m2, 2),
            handover.households,
            len(handover.buildings),
        )
