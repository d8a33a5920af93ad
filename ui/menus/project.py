"""Making, opening, bringing in and handing out; taking back and finding; help."""

from __future__ import annotations

from ui.menus.spec import EDIT, FILE, HELP, ActionSpec
from ui.texts import mark

PROJECT_ACTIONS = (
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
)

EDIT_ACTIONS = (
    ActionSpec("edit.undo", mark("撤销"), EDIT, 0, "undo", ("Ctrl+Z",)),
    ActionSpec("edit.redo", mark("重做"), EDIT, 0, "redo", ("Ctrl+Y", "Ctrl+Shift+Z")),
    ActionSpec("edit.search", mark("查找区域和命令…"), EDIT, 1, "search", ("Ctrl+K",)),
    ActionSpec("edit.clear", mark("取消选择"), EDIT, 1, "", ("Ctrl+Shift+A",)),
)

HELP_ACTIONS = (
    ActionSpec("help.tour", mark("两分钟导览"), HELP, 0, "help"),
    ActionSpec("help.keys", mark("快捷键一览"), HELP, 0, "", ("F1",)),
    ActionSpec("help.report", mark("报告故障…"), HELP, 1, "report"),
    ActionSpec("help.about", mark("关于"), HELP, 1, "about"),
)
