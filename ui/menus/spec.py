"""A row of the table of actions, and the menus that it may stand in."""

from __future__ import annotations

from dataclasses import dataclass

from ui.texts import mark


@dataclass(frozen=True)
class ActionSpec:
    """A row of the table.

    ``menu`` is the menu it stands in (empty: none); ``section`` groups it there; ``group`` makes
    actions of one group exclude each other; ``shortcuts`` are portable key names.
    """

    key: str
    words: str
    menu: str = ""
    section: int = 0
    icon: str = ""
    shortcuts: tuple[str, ...] = ()
    tip: str = ""
    is_checkable: bool = False
    group: str = ""


FILE, EDIT, VIEW, MAP, TOOLS, PLAN, PEOPLE, ISSUES, CHARTS, PUBLISH, HELP = (
    mark("项目"),
    mark("编辑"),
    mark("视图"),
    mark("地图"),
    mark("工具"),
    mark("调整方案"),
    mark("人员"),
    mark("问题"),
    mark("出图"),
    mark("发布"),
    mark("帮助"),
)
MNEMONICS = {
    FILE: "P",
    EDIT: "E",
    VIEW: "V",
    MAP: "M",
    TOOLS: "T",
    PLAN: "L",
    PEOPLE: "O",
    ISSUES: "I",
    CHARTS: "C",
    PUBLISH: "B",
    HELP: "H",
}
MENUS = (FILE, EDIT, VIEW, MAP, TOOLS, PLAN, PEOPLE, ISSUES, CHARTS, PUBLISH, HELP)
