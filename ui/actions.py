"""One table of everything the user can do: menus, shortcuts, buttons and command search use it.

An action is bound to what it does by the window. When it can't be done now, it is disabled and its
tip says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QDockWidget, QMenu, QMenuBar, QWidget

from ui.texts import mark, tr
from ui.theme import icon

WhyNot = Callable[[], str]
"""Returns why an action can't be done now, in words; empty when it can."""


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
_MNEMONICS = {
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

TABLE: tuple[ActionSpec, ...] = (
    ActionSpec("file.new", mark("新建项目…"), FILE, 0, "new", ("Ctrl+N",)),
    ActionSpec("file.open", mark("打开项目…"), FILE, 0, "open", ("Ctrl+O",)),
    ActionSpec("file.demo", mark("打开样例城市"), FILE, 0, "demo"),
    ActionSpec("file.import", mark("导入边界文件…"), FILE, 1, "import", ("Ctrl+I",)),
    ActionSpec("file.export", mark("导出边界…"), FILE, 1, "export", ("Ctrl+E",)),
    ActionSpec("file.ledger_import", mark("导入网格台账…"), FILE, 1, "import"),
    ActionSpec("file.ledger_export", mark("导出网格台账…"), FILE, 1, "export"),
    ActionSpec("file.codes", mark("更新区划代码…"), FILE, 1),
    ActionSpec("file.settings", mark("设置…"), FILE, 2, "settings", ("Ctrl+,",)),
    ActionSpec("file.close", mark("关闭项目"), FILE, 3, "close", ("Ctrl+W",)),
    ActionSpec("file.quit", mark("退出"), FILE, 3, "", ("Ctrl+Q",)),
    ActionSpec("edit.undo", mark("撤销"), EDIT, 0, "undo", ("Ctrl+Z",)),
    ActionSpec("edit.redo", mark("重做"), EDIT, 0, "redo", ("Ctrl+Y", "Ctrl+Shift+Z")),
    ActionSpec("edit.search", mark("查找区域和命令…"), EDIT, 1, "search", ("Ctrl+K",)),
    ActionSpec("edit.clear", mark("取消选择"), EDIT, 1, "", ("Ctrl+Shift+A",)),
    ActionSpec(
        "view.boundaries",
        mark("边界"),
        VIEW,
        0,
        "boundaries",
        ("Ctrl+1",),
        is_checkable=True,
        group="workspace",
    ),
    ActionSpec(
        "view.people",
        mark("人员"),
        VIEW,
        0,
        "people",
        ("Ctrl+2",),
        is_checkable=True,
        group="workspace",
    ),
    ActionSpec(
        "view.checks",
        mark("检查"),
        VIEW,
        0,
        "checks",
        ("Ctrl+3",),
        is_checkable=True,
        group="workspace",
    ),
    ActionSpec(
        "view.charts",
        mark("出图"),
        VIEW,
        0,
        "charts",
        ("Ctrl+4",),
        is_checkable=True,
        group="workspace",
    ),
    ActionSpec(
        "view.publish",
        mark("发布"),
        VIEW,
        0,
        "publish",
        ("Ctrl+5",),
        is_checkable=True,
        group="workspace",
    ),
    ActionSpec("view.zoom_in", mark("放大"), VIEW, 1, "zoom-in", ("Ctrl+=", "Ctrl++")),
    ActionSpec("view.zoom_out", mark("缩小"), VIEW, 1, "zoom-out", ("Ctrl+-",)),
    ActionSpec("view.zoom_all", mark("显示全部"), VIEW, 1, "zoom-all", ("Ctrl+0",)),
    ActionSpec("view.zoom_selection", mark("缩放到所选"), VIEW, 1, "zoom-selection", ("F",)),
    ActionSpec(
        "view.to_details",
        mark("到详情，或回地图"),
        VIEW,
        1,
        "",
        ("F6",),
        tip=mark("把键盘移到右边的详情；在详情里按，就回到地图。"),
    ),
    ActionSpec("view.labels", mark("显示名称和户数"), VIEW, 2, "labels", is_checkable=True),
    ActionSpec("view.basemap", mark("显示底图"), VIEW, 2, "basemap", is_checkable=True),
    ActionSpec(
        "map.basemap",
        mark("选择底图…"),
        VIEW,
        2,
        "",
        ("Ctrl+Shift+D",),
        tip=mark("选择底图和叠加，调整浓淡。"),
    ),
    ActionSpec(
        "map.basemap_add",
        mark("添加底图…"),
        tip=mark("添加单位内网、天地图或文件里的底图。"),
    ),
    ActionSpec(
        "map.basemaps",
        mark("管理底图…"),
        tip=mark("哪些底图可以选择；修改或删除自己添加的。"),
    ),
    ActionSpec(
        "map.basemap_pack",
        mark("制作离线包…"),
        tip=mark("把一片范围的图块存成一个文件，没有网络也能用。"),
    ),
    ActionSpec(
        "map.basemap_cache",
        mark("底图缓存…"),
        tip=mark("各底图存了多少图块；清除它们。"),
    ),
    ActionSpec(
        "view.roads",
        mark("显示道路"),
        VIEW,
        3,
        is_checkable=True,
        tip=mark("按等级显示道路，越近越细。"),
    ),
    ActionSpec(
        "view.water",
        mark("显示水系"),
        VIEW,
        3,
        is_checkable=True,
        tip=mark("显示河流和湖泊。"),
    ),
    ActionSpec(
        "view.railways",
        mark("显示铁路"),
        VIEW,
        3,
        is_checkable=True,
        tip=mark("显示铁路和轨道线。"),
    ),
    ActionSpec(
        "view.buildings",
        mark("显示楼栋"),
        VIEW,
        3,
        is_checkable=True,
        tip=mark("显示楼栋，放大后显示户数。"),
    ),
    ActionSpec(
        "view.compounds",
        mark("显示小区"),
        VIEW,
        3,
        is_checkable=True,
        tip=mark("显示小区范围，放大后显示名称和类型。"),
    ),
    ActionSpec(
        "view.pairings",
        mark("显示结对连线"),
        VIEW,
        3,
        is_checkable=True,
        tip=mark("用线连接结对单位和社区（村）；选中单位或社区时只显示它的。"),
    ),
    ActionSpec(
        "view.reach",
        mark("显示步行圈"),
        VIEW,
        3,
        is_checkable=True,
        tip=mark("在便民点、服务站周围画出步行可达的范围，并说明哪些地方不在任何圈内。"),
    ),
    ActionSpec(
        "view.plain",
        mark("按区域着色"),
        VIEW,
        4,
        "",
        is_checkable=True,
        group="map_theme",
    ),
    ActionSpec(
        "view.households",
        mark("按户数着色"),
        VIEW,
        4,
        "",
        is_checkable=True,
        group="map_theme",
    ),
    ActionSpec(
        "view.vacant",
        mark("按岗位空缺着色"),
        VIEW,
        4,
        tip=mark("区域和下级的岗位有多少没有人。"),
        is_checkable=True,
        group="map_theme",
    ),
    ActionSpec(
        "view.load",
        mark("按每名网格员户数着色"),
        VIEW,
        4,
        tip=mark("每名网格员服务多少户，是否超过方案的规定。"),
        is_checkable=True,
        group="map_theme",
    ),
    ActionSpec(
        "view.cadres",
        mark("按下沉干部人数着色"),
        VIEW,
        4,
        tip=mark("每个社区（村）有几名下沉干部；一个也没有的标红并加斜线。"),
        is_checkable=True,
        group="map_theme",
    ),
    ActionSpec(
        "view.compound",
        mark("按小区类型着色"),
        VIEW,
        4,
        tip=mark("区域里多数住户住在哪一类小区。"),
        is_checkable=True,
        group="map_theme",
    ),
    ActionSpec(
        "view.net",
        mark("按片区、专网着色"),
        VIEW,
        4,
        tip=mark("区域属于哪个片区、联盟或专网；有几种时再选一种。"),
        is_checkable=True,
        group="map_theme",
    ),
    ActionSpec("view.dark", mark("深色主题"), VIEW, 5, "dark", is_checkable=True),
    ActionSpec("view.reset", mark("恢复面板布局"), VIEW, 5),
    ActionSpec(
        "map.second",
        mark("第二幅地图"),
        MAP,
        0,
        "second-map",
        ("Ctrl+Shift+M",),
        mark("另开一个窗口，看别的底图、别的着色，或调整以前的边界。"),
        is_checkable=True,
    ),
    ActionSpec(
        "map.swipe",
        mark("卷帘对比"),
        MAP,
        0,
        "swipe",
        ("Ctrl+Shift+L",),
        mark("在同一幅地图上左右拖动，比较两种底图，或调整前后的边界。"),
        is_checkable=True,
    ),
    ActionSpec(
        "map.locator",
        mark("鹰眼图"),
        MAP,
        0,
        "locator",
        ("Ctrl+Shift+O",),
        mark("在地图一角看全部范围，拖动方框到别处。"),
        is_checkable=True,
    ),
    ActionSpec(
        "map.bookmarks",
        mark("书签…"),
        MAP,
        1,
        "pin",
        ("Ctrl+D",),
        mark("给现在看到的地方起个名字，以后直接回来；Alt+1 至 Alt+9 转到前九个。"),
    ),
    ActionSpec(
        "map.print",
        mark("打印当前视图…"),
        MAP,
        2,
        "print",
        ("Ctrl+P",),
        mark("把现在看到的地图打印出来或存为 PDF，带标题、图例、比例尺和日期。"),
    ),
    ActionSpec(
        "tool.select",
        mark("选择"),
        TOOLS,
        0,
        "select",
        ("V",),
        mark("选择区域、边界或地块。"),
        is_checkable=True,
        group="tool",
    ),
    ActionSpec(
        "tool.adjust",
        mark("调整边界"),
        TOOLS,
        0,
        "adjust",
        ("A",),
        mark("拖动边界上的点，两侧区域一起变化。"),
        is_checkable=True,
        group="tool",
    ),
    ActionSpec(
        "tool.give",
        mark("划归地块"),
        TOOLS,
        0,
        "give",
        ("G",),
        mark("把一块地划给一个区域。"),
        is_checkable=True,
        group="tool",
    ),
    ActionSpec(
        "tool.split",
        mark("分割"),
        TOOLS,
        0,
        "split",
        ("S",),
        mark("画一条线，把一个区域分成两个。"),
        is_checkable=True,
        group="tool",
    ),
    ActionSpec(
        "tool.paint",
        mark("划归画笔"),
        TOOLS,
        0,
        "paint",
        ("P",),
        mark("点选、涂画或框选，把微网格、街块或楼栋划给一个区域。"),
        is_checkable=True,
        group="tool",
    ),
    ActionSpec(
        "tool.redraw",
        mark("改画边界"),
        TOOLS,
        0,
        "redraw",
        ("R",),
        mark("画出边界新的走向，两侧之间的地随之改变归属。"),
        is_checkable=True,
        group="tool",
    ),
    ActionSpec(
        "tool.draw",
        mark("画新区域"),
        TOOLS,
        0,
        "draw",
        ("D",),
        mark("画一个新区域，只占可以占用的地。"),
        is_checkable=True,
        group="tool",
    ),
    ActionSpec(
        "tool.measure",
        mark("测量"),
        TOOLS,
        0,
        "measure",
        ("L",),
        mark("量长度和面积，不改变任何内容。"),
        is_checkable=True,
        group="tool",
    ),
    ActionSpec(
        "adjust.straighten",
        mark("拉直所选边界"),
        TOOLS,
        1,
        "",
        (),
        mark("两端之间拉直，或去掉不重要的点；先预览，Enter 确认。"),
    ),
    ActionSpec(
        "adjust.align",
        mark("贴靠道路或河流"),
        TOOLS,
        1,
        "",
        (),
        mark("把所选边界放到道路、河流或铁路的中心线上；先预览，Enter 确认。"),
    ),
    ActionSpec(
        "adjust.offset",
        mark("平行移动边界…"),
        TOOLS,
        1,
        "",
        (),
        mark("输入米数，把所选边界平行移向一侧；先预览，Enter 确认。"),
    ),
    ActionSpec(
        "edit.split_parts",
        mark("分成几份…"),
        TOOLS,
        1,
        "split",
        ("Shift+S",),
        mark("把选中的区域分成户数或面积相等的几份，或者沿道路、河流分开。"),
    ),
    ActionSpec(
        "edit.stack",
        mark("按单元和楼层划分…"),
        TOOLS,
        1,
        "stack",
        (),
        mark("把高楼按单元或楼层分给几个立体微网格，或者修改已有的划分。"),
    ),
    ActionSpec(
        "edit.merge",
        mark("合并所选区域…"),
        TOOLS,
        1,
        "merge",
        ("M",),
        mark("把选中的相邻区域合成一个，先选保留哪一个。"),
    ),
    ActionSpec(
        "edit.campus",
        mark("关联为跨社区单位"),
        TOOLS,
        1,
        "",
        (),
        mark("一所学校跨两个社区时，是互相关联的两个专属网格。先选中这两个。"),
    ),
    ActionSpec(
        "edit.simplify",
        mark("简化边界…"),
        TOOLS,
        1,
        "simplify",
        (),
        mark("在规定的距离之内去掉边界上多余的点，各级一起变化。"),
    ),
    ActionSpec(
        "edit.dissolve",
        mark("取消专属网格并入周围"),
        TOOLS,
        1,
        "merge",
        (),
        mark("取消整个在另一个区域里面的区域，把地还给周围的区域。"),
    ),
    ActionSpec(
        "edit.move_to",
        mark("移到…"),
        TOOLS,
        1,
        "",
        ("Ctrl+M",),
        mark("把选中的区域改归另一个上级。"),
    ),
    ActionSpec(
        "edit.renumber",
        mark("重新编号…"),
        TOOLS,
        1,
        "",
        (),
        mark("由北到南、由西到东重新编排编码，先看再改。"),
    ),
    ActionSpec(
        "edit.four_bounds",
        mark("编写四至…"),
        TOOLS,
        1,
        "",
        (),
        mark("按道路、河流和相邻区域写出一整级区域的四至，先看再写。"),
    ),
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
    ActionSpec(
        "people.assign",
        mark("指派…"),
        PEOPLE,
        0,
        "people",
        ("Ctrl+Return",),
        mark("为选中的岗位选一个人，或给选中的人选一个岗位。"),
    ),
    ActionSpec(
        "people.transfer",
        mark("转岗…"),
        PEOPLE,
        0,
        "next",
        (),
        mark("把选中的人从这个岗位调到另一个岗位。"),
    ),
    ActionSpec(
        "people.handover",
        mark("移交全部岗位…"),
        PEOPLE,
        0,
        "give",
        (),
        mark("把选中的人的全部岗位交给另一个人。"),
    ),
    ActionSpec(
        "people.change",
        mark("修改任职…"),
        PEOPLE,
        0,
        "pencil",
        (),
        mark("一次修改选中任职的期限、批次、派出单位等。"),
    ),
    ActionSpec(
        "people.end",
        mark("卸任…"),
        PEOPLE,
        0,
        "minus",
        ("Ctrl+Backspace",),
        mark("让选中的人从某一天起不再担任这些岗位。"),
    ),
    ActionSpec("people.new_person", mark("新增人员…"), PEOPLE, 1, "new"),
    ActionSpec("people.new_unit", mark("新增单位…"), PEOPLE, 1, "community"),
    ActionSpec(
        "people.pair",
        mark("新增结对…"),
        PEOPLE,
        1,
        "plus",
        (),
        mark("把单位与选中的社区（村）结对。"),
    ),
    ActionSpec(
        "people.mode",
        mark("切换平战模式…"),
        PEOPLE,
        1,
        "warning",
        (),
        mark("从某一天起启用另一套岗位和队伍，先看有什么变化。"),
    ),
    ActionSpec(
        "people.propose",
        mark("配岗建议…"),
        PEOPLE,
        2,
        "good",
        ("Ctrl+Shift+B",),
        mark("求出谁到哪个岗位最好，逐条说明理由，勾选采纳，一步可撤销。"),
    ),
    ActionSpec(
        "people.propose_pairs",
        mark("结对建议…"),
        PEOPLE,
        2,
        "community",
        (),
        mark("为没有结对单位的村（社区）提出单位，按单位规模均衡、就近。"),
    ),
    ActionSpec(
        "people.report",
        mark("人员报表…"),
        PEOPLE,
        3,
        "report",
        (),
        mark("缺员、名册、结对、选派任务、到期顶岗、变动、平战转换，写成 Excel 或 PDF。"),
    ),
    ActionSpec(
        "people.vacant",
        mark("查看空缺岗位"),
        PEOPLE,
        2,
        "eye",
        ("Ctrl+Shift+V",),
        mark("在岗位表中只看空缺。"),
    ),
    ActionSpec(
        "people.matrix",
        mark("覆盖矩阵"),
        PEOPLE,
        2,
        "grid",
        ("Ctrl+Shift+X",),
        mark("每个社区（村）的每类岗位应配和实配多少，空缺用红色标出。"),
    ),
    ActionSpec(
        "people.findings",
        mark("人员问题"),
        PEOPLE,
        2,
        "checks",
        ("Ctrl+Shift+K",),
        mark("方案的人员规则有哪些不符合，逐条列出，双击转到岗位、人员或单位。"),
    ),
    ActionSpec(
        "people.bodies",
        mark("组织和设施"),
        PEOPLE,
        2,
        "community",
        (),
        mark("片区、队伍、共建协议、设施和店铺、街巷、小区的清单，可新增、修改、撤销。"),
    ),
    ActionSpec(
        "people.counts",
        mark("人数登记"),
        PEOPLE,
        2,
        "pencil",
        (),
        mark("像表格一样输入各社区、网格的双报到人数，和各单位的在编、应派人数。"),
    ),
    ActionSpec("people.party", mark("党组织"), PEOPLE, 2, "community"),
    ActionSpec("people.new_party", mark("新增党组织…")),
    ActionSpec("people.new_grouping", mark("新增片区或分组…")),
    ActionSpec("people.new_team", mark("新增队伍…")),
    ActionSpec("people.new_agreement", mark("新增共建协议…")),
    ActionSpec("people.new_facility", mark("新增设施或店铺…")),
    ActionSpec("people.new_street", mark("新增街巷…")),
    ActionSpec("people.new_compound", mark("新增小区…")),
    ActionSpec(
        "people.find",
        mark("在岗位表中查找…"),
        PEOPLE,
        2,
        "search",
        ("Ctrl+Shift+F",),
        mark("按姓名、岗位、区域或单位查找，支持拼音。"),
    ),
    ActionSpec(
        "people.roster_import",
        mark("导入名册…"),
        PEOPLE,
        3,
        "import",
        ("Ctrl+Shift+I",),
        mark("从 Excel、WPS 或 CSV 名册导入人员和岗位，先核对再写入。"),
    ),
    ActionSpec(
        "people.roster_export",
        mark("导出名册…"),
        PEOPLE,
        3,
        "export",
        ("Ctrl+Shift+E",),
        mark("把人员和岗位写入 Excel 或 CSV，公开或内部。"),
    ),
    ActionSpec(
        "people.roster_template",
        mark("另存名册模板…"),
        PEOPLE,
        3,
        "new",
        (),
        mark("带岗位和区域下拉清单的空白名册，发给街道社区填写。"),
    ),
    ActionSpec(
        "people.export_log",
        mark("导出记录…"),
        PEOPLE,
        3,
        "history",
        (),
        mark("谁在何时把什么导出给谁看。"),
    ),
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
    ActionSpec(
        "chart.save",
        mark("生成图纸…"),
        CHARTS,
        0,
        "export",
        tip=mark("把选好的图幅写成 PDF、图片或 SVG；写完后重新打开检查。"),
    ),
    ActionSpec(
        "chart.print",
        mark("打印图纸…"),
        CHARTS,
        0,
        "print",
        tip=mark("按原大打印正在看的图幅。"),
    ),
    ActionSpec(
        "chart.tiles",
        mark("拼接打印（A4/A3）…"),
        CHARTS,
        0,
        "grid",
        tip=mark("把大幅图纸切成 A4 或 A3 打印，再按示意图拼成原大。"),
    ),
    ActionSpec("chart.previous", mark("上一页"), CHARTS, 1, "previous"),
    ActionSpec("chart.next", mark("下一页"), CHARTS, 1, "next"),
    ActionSpec("chart.zoom_in", mark("放大图纸"), CHARTS, 2, "zoom-in"),
    ActionSpec("chart.zoom_out", mark("缩小图纸"), CHARTS, 2, "zoom-out"),
    ActionSpec("chart.fit", mark("看全图纸"), CHARTS, 2, "zoom-all"),
    ActionSpec("chart.true_size", mark("按纸上大小看"), CHARTS, 2, "zoom-selection"),
    ActionSpec(
        "publish.release",
        mark("生成发布版本…"),
        PUBLISH,
        0,
        "publish",
        tip=mark("检查整个项目，把现在的边界编号冻结下来。"),
    ),
    ActionSpec(
        "publish.compare",
        mark("与现状对比"),
        PUBLISH,
        1,
        "layers",
        tip=mark("在地图上和表里看选中的版本与现状哪里不同。"),
    ),
    ActionSpec(
        "publish.save",
        mark("另存发布文件…"),
        PUBLISH,
        1,
        "export",
        tip=mark("把选中的版本写成 GeoPackage 或其他格式。"),
    ),
    ActionSpec(
        "publish.roll_back",
        mark("恢复到此版本…"),
        PUBLISH,
        1,
        "undo",
        tip=mark("把边界恢复到选中的版本；可以一步撤销。"),
    ),
    ActionSpec(
        "publish.hand_out",
        mark("发出工作包…"),
        PUBLISH,
        2,
        "give",
        tip=mark("把一个街道做成自己的项目文件发出去修改。"),
    ),
    ActionSpec(
        "publish.take_in",
        mark("收回工作包…"),
        PUBLISH,
        2,
        "import",
        tip=mark("把发出去的工作包收回来，两边的改动合在一起。"),
    ),
    ActionSpec(
        "publish.receive",
        mark("接收发布文件…"),
        PUBLISH,
        2,
        "open",
        tip=mark("把收到的发布文件与项目对比、留作依据界线，或建成新项目。"),
    ),
    ActionSpec(
        "publish.target_add",
        mark("添加目标…"),
        PUBLISH,
        3,
        "plus",
        tip=mark("添加一个文件夹、网络共享或服务器。"),
    ),
    ActionSpec(
        "publish.target_edit",
        mark("修改目标…"),
        PUBLISH,
        3,
        "settings",
        tip=mark("修改选中目标的地址、用户和密码。"),
    ),
    ActionSpec(
        "publish.target_remove",
        mark("删除目标…"),
        PUBLISH,
        3,
        "trash",
        tip=mark("从列表里删除选中的目标；服务器上的成果不动。"),
    ),
    ActionSpec(
        "publish.target_test",
        mark("测试连接"),
        PUBLISH,
        3,
        "check",
        tip=mark("在选中的目标上写入、读回并删除一个小文件。"),
    ),
    ActionSpec(
        "publish.dry_run",
        mark("预演"),
        PUBLISH,
        3,
        "search",
        tip=mark("看看发送会改变服务器上的什么；什么也不改。"),
    ),
    ActionSpec(
        "publish.send",
        mark("发送最新版本"),
        PUBLISH,
        3,
        "publish",
        tip=mark("把最新的发布版本发到选中的目标，服务器确认才算完成。"),
    ),
    ActionSpec(
        "publish.fetch",
        mark("从目标接收…"),
        PUBLISH,
        3,
        "import",
        tip=mark("从选中的目标取回最新的或任选的版本，核对后与项目对比、留作依据或建成新项目。"),
    ),
    ActionSpec(
        "publish.queue_send",
        mark("立即发送"),
        PUBLISH,
        4,
        "redo",
        tip=mark("现在就发送选中的一份。"),
    ),
    ActionSpec(
        "publish.queue_cancel",
        mark("取消发送"),
        PUBLISH,
        4,
        "cross",
        tip=mark("把选中的一份从待发队列里去掉。"),
    ),
    ActionSpec(
        "publish.audit",
        mark("导出发送记录…"),
        PUBLISH,
        5,
        "history",
        tip=mark("什么在何时由谁发到了哪里，写成 Excel 或 CSV。"),
    ),
    ActionSpec("help.tour", mark("两分钟导览"), HELP, 0, "help"),
    ActionSpec("help.keys", mark("快捷键一览"), HELP, 0, "", ("F1",)),
    ActionSpec("help.report", mark("报告故障…"), HELP, 1, "report"),
    ActionSpec("help.about", mark("关于"), HELP, 1, "about"),
)


def with_mnemonic(words: str, letter: str) -> str:
    """Return *words* with the letter that Alt opens them by, marked as Qt wants it."""
    at = words.upper().find(letter)
    return f"{words}(&{letter})" if at < 0 else f"{words[:at]}&{words[at:]}"


class Actions(QObject):
    """The actions of one window, made from the table."""

    refreshed = Signal()

    def __init__(self, window: QWidget, table: Sequence[ActionSpec] = TABLE) -> None:
        super().__init__(window)
        self._table = table
        self._actions: dict[str, QAction] = {}
        self._why_not: dict[str, WhyNot] = {}
        self._told: dict[str, str] = {}
        """Why each can't be done, as it was told last: most of it stays from edit to edit."""
        self._groups: dict[str, QActionGroup] = {}
        for spec in table:
            self._actions[spec.key] = self._made(spec, window)

    @property
    def table(self) -> Sequence[ActionSpec]:
        """The table."""
        return self._table

    def action(self, key: str) -> QAction:
        """Return the action of a row. Raises: KeyError."""
        return self._actions[key]

    def bind(self, key: str, act: Callable[[], object], why_not: WhyNot | None = None) -> None:
        """Say what an action does, and when it can't be done. Raises: KeyError."""
        self._actions[key].triggered.connect(lambda *_: act())
        if why_not is not None:
            self._why_not[key] = why_not

    def bind_switch(
        self, key: str, switch: Callable[[bool], object], why_not: WhyNot | None = None
    ) -> None:
        """Say what a checkable action does when it is switched, and why not. Raises: KeyError."""
        self._actions[key].triggered.connect(switch)
        if why_not is not None:
            self._why_not[key] = why_not

    def bind_dock(self, key: str, dock: QDockWidget) -> None:
        """Let a checkable action show and hide a dock. Raises: KeyError."""
        action = self._actions[key]
        action.toggled.connect(dock.setVisible)
        dock.visibilityChanged.connect(lambda _: action.setChecked(not dock.isHidden()))
        self._why_not[key] = lambda: (
            "" if dock.toggleViewAction().isEnabled() else tr("没有打开的项目。")
        )

    def refresh(self) -> None:
        """Enable and disable everything by the present state."""
        for spec in self._table:
            action = self._actions[spec.key]
            reason = self._why_not[spec.key]() if spec.key in self._why_not else ""
            if self._told.get(spec.key) == reason:
                continue
            self._told[spec.key] = reason
            action.setEnabled(not reason)
            action.setToolTip(self._tip(spec, reason))
            action.setStatusTip(reason)
        self.refreshed.emit()

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Fill a menu bar and return its menus by name (the Chinese of the table)."""
        menus = {}
        for name in MENUS:
            menu = bar.addMenu(with_mnemonic(tr(name), _MNEMONICS[name]))
            menu.setToolTipsVisible(True)
            section = 0
            for spec in self._table:
                if spec.menu != name:
                    continue
                if spec.section != section:
                    menu.addSeparator()
                    section = spec.section
                menu.addAction(self._actions[spec.key])
            menus[name] = menu
        return menus

    def renew_icons(self) -> None:
        """Draw all icons anew in the colours of the theme in use."""
        for spec in self._table:
            if spec.icon:
                self._actions[spec.key].setIcon(icon(spec.icon))

    def _made(self, spec: ActionSpec, window: QWidget) -> QAction:
        action = QAction(tr(spec.words), window)
        action.setObjectName(spec.key)
        action.setShortcuts([QKeySequence(keys) for keys in spec.shortcuts])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setCheckable(spec.is_checkable)
        # In a menu the tick is what matters, and an icon would take its place.
        action.setIconVisibleInMenu(not spec.is_checkable)
        action.setToolTip(self._tip(spec, ""))
        if spec.icon:
            action.setIcon(icon(spec.icon))
        if spec.group:
            group = self._groups.get(spec.group)
            if group is None:
                group = self._groups[spec.group] = QActionGroup(window)
            group.addAction(action)
        window.addAction(action)
        return action

    def _tip(self, spec: ActionSpec, reason: str) -> str:
        words = tr(spec.words).rstrip("…")
        if spec.shortcuts:
            keys = QKeySequence(spec.shortcuts[0]).toString(QKeySequence.SequenceFormat.NativeText)
            words = f"{words} ({keys})"
        lines = [words, tr(spec.tip) if spec.tip else "", reason]
        return "\n".join(line for line in lines if line)
