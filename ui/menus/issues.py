"""Going through what the checks found."""

from __future__ import annotations

from ui.menus.spec import ISSUES, ActionSpec
from ui.texts import mark

ISSUE_ACTIONS = (
    ActionSpec("issue.next", mark("下一个问题"), ISSUES, 0, "next", ("F8",)),
    ActionSpec("issue.previous", mark("上一个问题"), ISSUES, 0, "previous", ("Shift+F8",)),
    ActionSpec("issue.check", mark("重新检查整个项目"), ISSUES, 1, "checks", ("Shift+F9",)),
    ActionSpec("issue.batch", mark("批量处理微小问题…"), ISSUES, 1, "good"),
    ActionSpec(
        "issue.report",
        mark("检查报告…"),
        ISSUES,
        1,
        "export",
        tip=mark("把检查结果和覆盖证书写成 PDF、网页、Excel 或 GeoPackage。"),
    ),
    ActionSpec(
        "issue.accept",
        mark("认可问题或撤销认可…"),
        ISSUES,
        2,
        tip=mark("写明理由和负责人，让选中的问题保留下来；已认可的撤销认可。"),
    ),
    ActionSpec(
        "issue.settings",
        mark("检查项…"),
        ISSUES,
        2,
        "settings",
        tip=mark("这个项目检查什么、每项多重要、按什么数值。"),
    ),
)
