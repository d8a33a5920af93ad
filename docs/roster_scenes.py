"""Scenes of rosters: columns, questions, mistakes, what goes out, the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from openpyxl import Workbook
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QDialog, QRadioButton

from docs.stage import Stage
from gridadmin.app.roster_export import RosterRequest, export_roster, write_project_template
from gridadmin.domain.export_note import Profile
from ui.people.export_log_dialog import ExportLogDialog
from ui.people.roster_export_dialog import RosterExportDialog
from ui.people.roster_wizard import RosterWizard

_HEADINGS = (
    "序号",
    "所属街道",
    "所属社区（村）",
    "所属网格",
    "姓 名",
    "性别",
    "联系电话",
    "身份证号",
    "所属岗位",
    "派出单位",
    "职务",
    "开始时间",
    "到期时间",
    "社工证",
)
_NOBODY = "110101180001010015"
"""Right by its check digit, of somebody born in 1800."""
_ROWS = """
甲子社区居委会 第一网格 示例　甲 女 200-0001 网格员 - 2026.3.1 -
甲子社区 2号网格 示例乙 男 200-0002 网格员 - 2026年3月 助理社会工作师
甲孑社区 第三网格 示例丙 女 200-0003 网格员 - 2026.3.1 -
甲子社区 第四网格 示例丁 男 2000004444 网格员 - 2026.3.1 -
甲子社区 第五网格 示例戊 难 200-0005 网格员 - 2026.3.1 -
甲子社区 - 示例己 女 200-0006 下沉干部 样例区某中心（虚构） 2026.2.30 -
甲子社区 - 示例庚 男 200-0007 下沉干部 样例区某中心（虚构） 20260301 -
甲子社区 第三十网格 示例辛 女 200-0008 网格员 - 2026.3.1 -
甲子社区 第六网格 示例壬 男 200-0009 巡防员 - 2026.3.1 特级
甲子社区 第一网格 示例癸 女 200-0010 网格长 - 2026.3.1 -
"""
"""Community, grid, name, gender, phone, post, unit, first day, certificate."""


def _file(stage: Stage) -> Path:
    """Write a roster as streets send theirs, with what goes wrong in them."""
    book = Workbook()
    page = book.active
    if page is None:
        raise TypeError(book)
    page.title = "花名册"
    page.append(["子虚街道下沉干部和网格员花名册（虚构数据）"])
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(_HEADINGS))
    page.append(list(_HEADINGS))
    rows = _ROWS.strip().splitlines()
    for number, row in enumerate(rows, start=1):
        said = [None if cell == "-" else cell for cell in row.split(" ")]
        *place, name, gender, phone, post, unit, since, level = said
        who = [name, gender, phone, _NOBODY, post, unit, None]
        page.append([number, "子虚街道", *place, *who, since, None, level])
    page.append(["合计", len(rows)])
    file = stage.folder / stage.words("子虚街道花名册.xlsx", "street-roster.xlsx")
    book.save(file)
    return file


def _wizard(stage: Stage, steps: int) -> RosterWizard:
    stage.window.choose_workspace("people")
    stage.rest()
    stage.act("people.roster_import")
    wizard = stage.find(RosterWizard, "roster_wizard")
    _place(stage, wizard, 780, 620)
    wizard.set_file(_file(stage))
    stage.rest()
    for _ in range(steps):
        wizard.main_button.click()
        stage.rest()
    return wizard


def _place(stage: Stage, dialog: QDialog, width: int, height: int) -> None:
    """Put a dialog into the middle of the window."""
    dialog.resize(width, height)
    size = stage.window.size()
    middle = QPoint((size.width() - width) // 2, (size.height() - height) // 2 + 14)
    dialog.move(stage.window.pos() + middle)


def _columns(stage: Stage) -> None:
    _wizard(stage, 1)


def _questions(stage: Stage) -> None:
    wizard = _wizard(stage, 2)
    buttons = wizard.questions_page.findChildren(QRadioButton)
    buttons[0].click()


def _problems(stage: Stage) -> None:
    wizard = _wizard(stage, 3)
    page = wizard.problems_page
    page.table.setCurrentIndex(page.model.index(page.model.rowCount() - 1, 0))


def _export(stage: Stage) -> None:
    stage.window.choose_workspace("people")
    stage.rest()
    stage.act("people.roster_export")
    dialog = stage.find(RosterExportDialog, "roster_export")
    _place(stage, dialog, 660, 640)
    dialog.page.place.folder.setText(str(stage.folder))
    stage.find(QRadioButton, "profile_internal").click()


def _log(stage: Stage) -> None:
    store = stage.window.context.bridge.session.store
    for profile, name in (
        (Profile.PUBLIC, stage.words("公示名册.csv", "public-roster.csv")),
        (Profile.INTERNAL, stage.words("样例区花名册.xlsx", "district-roster.xlsx")),
    ):
        export_roster(stage.snapshot, store, stage.folder / name, RosterRequest(profile))
    template = stage.folder / stage.words("名册模板.xlsx", "template.xlsx")
    write_project_template(stage.snapshot, store, template)
    stage.window.choose_workspace("people")
    stage.rest()
    stage.act("people.export_log")
    _place(stage, stage.find(ExportLogDialog, "export_log_dialog"), 860, 300)


ROSTER_SCENES: Mapping[str, Callable[[Stage], None]] = {
    "roster-columns": _columns,
    "roster-questions": _questions,
    "roster-problems": _problems,
    "roster-export": _export,
    "roster-log": _log,
}
