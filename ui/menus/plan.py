"""The way of a plan from draft to force."""

from __future__ import annotations

from ui.menus.spec import PLAN, ActionSpec
from ui.texts import mark

PLAN_ACTIONS = (
    ActionSpec("plan.open", mark("新建调整方案…"), PLAN, 0, "new"),
    ActionSpec("plan.edit", mark("名称和文号…"), PLAN, 0, "pencil"),
    ActionSpec(
        "plan.check",
        mark("检查方案"),
        PLAN,
        1,
        "check",
        (),
        mark("检查整个项目；没有问题，或问题都写明理由保留，方案就通过检查。"),
    ),
    ActionSpec("plan.approve", mark("批准方案…"), PLAN, 1, "lock"),
    ActionSpec("plan.in_force", mark("方案生效…"), PLAN, 1, "good"),
    ActionSpec("plan.draft", mark("退回草案…"), PLAN, 1, "unlock"),
    ActionSpec(
        "plan.abandon",
        mark("放弃方案…"),
        PLAN,
        1,
        "trash",
        (),
        mark("结束这个草案；已经做的改动保留不变。"),
    ),
    ActionSpec(
        "plan.compare",
        mark("与基准对比"),
        PLAN,
        2,
        "layers",
        ("Ctrl+B",),
        mark("在地图上用虚线显示原边界，用斜线显示划转的土地。"),
        is_checkable=True,
    ),
    ActionSpec("plan.table", mark("导出前后对照表…"), PLAN, 2, "export"),
    ActionSpec("plan.panel", mark("方案面板"), PLAN, 3, "", ("Ctrl+Shift+P",), is_checkable=True),
)
