"""Rosters in the window: a file in steps, questions, mistakes, writing; export and its log."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TypeVar

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QPushButton,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.conftest import OpenWindow
from tests.ui.finding import drop, part
from tests.ui.hands import tap
from ui.dialogs.task_dialog import Page
from ui.main_window import MainWindow
from ui.people.export_log_dialog import ExportLogDialog
from ui.people.roster_export_dialog import RosterExportDialog
from ui.people.roster_wizard import RosterWizard

LEFT = Qt.MouseButton.LeftButton
Kind = TypeVar("Kind", bound=QDialog)
ROSTER = (
    "花名册,,,,,\n"
    "所属街道,所属社区,姓 名,联系电话,身份证号,所属岗位\n"
    "子虚街道,甲子社区居委会,赵甲,200-0001,,下沉干部\n"
    "子虚街道,甲子社区,钱乙,12,,下沉干部\n"
    "子虚街道,子甲社区,孙丙,200-0003,,下沉干部\n"
    "合计,3,,,,\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "花名册 样例.csv"
    path.write_text(ROSTER, encoding="gb18030")
    return path


def click(button: QWidget) -> None:
    tap(button)
    QApplication.processEvents()


def idle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=20_000)
    QApplication.processEvents()


def opened(window: MainWindow, action: str, kind: type[Kind]) -> Kind:
    window.actions_table.action(action).trigger()
    QApplication.processEvents()
    found = window.findChild(kind)
    assert found is not None
    return found


def wizard_on(qtbot: QtBot, window: MainWindow, file: Path) -> RosterWizard:
    wizard = opened(window, "people.roster_import", RosterWizard)
    wizard.set_file(file)
    idle(qtbot, window)
    return wizard


def go_on(qtbot: QtBot, window: MainWindow, wizard: RosterWizard, to: Page) -> None:
    click(wizard.main_button)
    idle(qtbot, window)
    assert wizard.pages.currentWidget() is to, wizard.banner.text


def cells(wizard: RosterWizard) -> list[tuple[str, ...]]:
    model = wizard.problems_page.model
    return [
        tuple(model.index(row, column).data() for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def test_a_roster_is_looked_at_asked_about_and_written_as_one_step(
    qtbot: QtBot, window: MainWindow, file: Path
) -> None:
    bridge = window.context.bridge
    before = bridge.snapshot.revision
    wizard = wizard_on(qtbot, window, file)
    item = wizard.file_page.sheets.topLevelItem(0)
    assert item is not None
    assert (item.text(1), item.text(2)) == ("3", "表头在第 2 行；1 行合计或说明不读")

    go_on(qtbot, window, wizard, wizard.columns_page)
    assert wizard.columns_page.refused.text == "“身份证号”含有身份证号，不读取，也不会保存。"
    assert part(wizard, QComboBox, "meaning_3").currentText() == "手机号（本人）"

    go_on(qtbot, window, wizard, wizard.questions_page)
    click(part(wizard, QRadioButton, "answer_990001001001"))
    go_on(qtbot, window, wizard, wizard.problems_page)
    assert cells(wizard) == [
        (
            "不能写入",
            "花名册 样例!D4",
            "联系电话",
            "12",
            "不是电话号码（2 位数字）。手机号是 11 位。",
        )
    ]
    assert wizard.problems_page.detail.text() == "不是电话号码（2 位数字）。手机号是 11 位。"
    assert wizard.main_button.text() == "写入 2 行"
    assert bridge.snapshot.revision == before

    go_on(qtbot, window, wizard, wizard.done_page)
    names = {row.name for row in bridge.snapshot.rows("person").values()}
    assert {"赵甲", "孙丙"} <= names
    assert "钱乙" not in names
    assert bridge.snapshot.revision == before + 1
    click(wizard.main_button)
    bridge.undo()
    assert not {"赵甲", "孙丙"} & {row.name for row in bridge.snapshot.rows("person").values()}


def test_a_question_without_an_answer_leaves_its_rows_out(
    qtbot: QtBot, window: MainWindow, file: Path
) -> None:
    wizard = wizard_on(qtbot, window, file)
    go_on(qtbot, window, wizard, wizard.columns_page)
    go_on(qtbot, window, wizard, wizard.questions_page)

    go_on(qtbot, window, wizard, wizard.problems_page)

    assert [row[0] for row in cells(wizard)] == ["不能写入", "待确认"]
    assert wizard.main_button.text() == "写入 1 行"
    only = part(wizard, QComboBox, "severity")
    only.setCurrentIndex(only.findData("question"))
    assert [row[2] for row in cells(wizard)] == ["所属社区"]
    # Back to the questions, and the answer is given by keys alone.
    click(wizard.back_button)
    assert wizard.pages.currentWidget() is wizard.questions_page
    choice = part(wizard, QRadioButton, "answer_990001001001")
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_Space)
    go_on(qtbot, window, wizard, wizard.problems_page)
    assert wizard.main_button.text() == "写入 2 行"
    wizard.reject()


def test_what_a_column_means_is_chosen_and_the_name_must_be_there(
    qtbot: QtBot, window: MainWindow, file: Path
) -> None:
    wizard = wizard_on(qtbot, window, file)
    go_on(qtbot, window, wizard, wizard.columns_page)
    name = part(wizard, QComboBox, "meaning_2")

    name.setCurrentIndex(name.findData(""))
    assert wizard.main_button.toolTip() == "请选出姓名是哪一列。"
    name.setCurrentIndex(name.findData("post"))
    assert wizard.main_button.toolTip() == "请选出姓名是哪一列。"
    phone = part(wizard, QComboBox, "meaning_3")
    phone.setCurrentIndex(phone.findData("name"))
    assert wizard.main_button.toolTip() == "“岗位”选了两次。"
    wizard.reject()


def test_without_a_column_of_posts_one_post_is_chosen_for_all(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    file = tmp_path / "名册.csv"
    file.write_text("所属社区,姓名\n甲子社区,赵甲\n", encoding="utf-8")
    wizard = wizard_on(qtbot, window, file)
    go_on(qtbot, window, wizard, wizard.columns_page)
    post = part(wizard, QComboBox, "usual_post")
    assert post.isVisible()

    post.setCurrentIndex(post.findData("cadre"))
    go_on(qtbot, window, wizard, wizard.problems_page)

    assert wizard.preview is not None
    assert (wizard.preview.posts_new, wizard.preview.problems) == (1, ())
    wizard.reject()


def test_mistakes_are_saved_as_a_marked_copy(
    qtbot: QtBot, window: MainWindow, file: Path, tmp_path: Path
) -> None:
    wizard = wizard_on(qtbot, window, file)
    for page in (wizard.columns_page, wizard.questions_page, wizard.problems_page):
        go_on(qtbot, window, wizard, page)
    out = tmp_path / "问题 清单.xlsx"

    wizard.save_marked(out)
    idle(qtbot, window)

    assert wizard.banner.text == "已写入“问题 清单.xlsx”：有问题的格已标色并加批注。"
    note = openpyxl.load_workbook(out)["花名册 样例"]["D4"].comment
    assert note is not None
    assert note.text == "不是电话号码（2 位数字）。手机号是 11 位。"
    wizard.reject()


def test_a_roster_dropped_into_the_workspace_of_people_opens_its_import(
    qtbot: QtBot, window: MainWindow, file: Path
) -> None:
    window.choose_workspace("people")

    drop(window, file)
    idle(qtbot, window)

    wizard = window.findChild(RosterWizard)
    assert wizard is not None
    assert wizard.file_page.names == ("花名册 样例",)
    wizard.reject()


def test_a_file_that_is_no_roster_is_told_and_another_can_be_chosen(
    qtbot: QtBot, window: MainWindow, file: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "清单.csv"
    wrong.write_text("甲,乙\n1,2\n", encoding="utf-8")

    wizard = wizard_on(qtbot, window, wrong)

    assert wizard.banner.text.startswith("没有找到名册的表头")
    assert not wizard.main_button.isEnabled()
    wizard.set_file(file)
    idle(qtbot, window)
    assert (wizard.banner.text, wizard.main_button.isEnabled()) == ("", True)
    wizard.reject()


def test_a_roster_is_compared_again_when_the_project_has_changed(
    qtbot: QtBot, window: MainWindow, file: Path
) -> None:
    wizard = wizard_on(qtbot, window, file)
    for page in (wizard.columns_page, wizard.questions_page, wizard.problems_page):
        go_on(qtbot, window, wizard, page)
    other = wizard.preview

    assert other is not None
    assert other.command is not None
    window.context.bridge.execute(other.command)
    assert wizard.main_button.text() == "重新核对"
    click(wizard.main_button)
    idle(qtbot, window)

    assert wizard.main_button.toolTip() == "名册里的内容项目里都已经有了，不用写入。"
    wizard.reject()


def test_the_public_roster_is_written_and_the_log_shows_it(
    qtbot: QtBot, staffed: MainWindow, tmp_path: Path
) -> None:
    dialog = opened(staffed, "people.roster_export", RosterExportDialog)
    page = dialog.page
    assert page.warning.text == ""
    assert "own_phone" in page.columns
    assert "rank" not in page.columns
    click(part(dialog, QCheckBox, "column_micro_grid"))
    click(part(dialog, QRadioButton, "format_csv"))
    page.place.folder.setText(str(tmp_path))
    page.place.name.setText("公示 名册.csv")

    click(dialog.main_button)
    idle(qtbot, staffed)

    with (tmp_path / "公示 名册.csv").open(encoding="utf-8-sig", newline="") as rows:
        first = next(csv.DictReader(rows))
    assert "所属微网格" not in first
    assert first["姓名"]
    staffed.actions_table.action("people.export_log").trigger()
    idle(qtbot, staffed)
    log = staffed.findChild(ExportLogDialog)
    assert log is not None
    told = [log.model.index(0, column).data() for column in range(5)]
    assert told[2:] == ["人员名册", "公开", "公示 名册.csv"]
    log.close()


def test_an_internal_roster_warns_and_an_existing_file_must_be_replaced_on_purpose(
    staffed: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "甲.xlsx").write_bytes(b"")
    dialog = opened(staffed, "people.roster_export", RosterExportDialog)
    page = dialog.page

    click(part(dialog, QRadioButton, "profile_internal"))
    page.place.folder.setText(str(tmp_path))
    page.place.name.setText("甲.xlsx")

    assert page.warning.text.startswith("内部名册含完整手机号")
    assert "rank" in page.columns
    assert dialog.main_button.toolTip() == "文件已经存在。"
    click(part(dialog, QCheckBox, "replaces"))
    assert dialog.main_button.isEnabled()
    dialog.reject()


def test_the_template_is_written_from_the_menu(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    out = tmp_path / "模板.xlsx"

    window.people.rosters.write_template(out)
    idle(qtbot, window)

    assert openpyxl.load_workbook(out).sheetnames == ["花名册", "清单", "填写说明"]


def test_without_a_project_or_people_the_actions_say_why(
    open_window: OpenWindow, window: MainWindow
) -> None:
    empty = open_window()

    for action in ("people.roster_import", "people.roster_export", "people.export_log"):
        assert not empty.actions_table.action(action).isEnabled()
        assert "没有打开的项目" in empty.actions_table.action(action).toolTip()
    if not window.context.bridge.snapshot.rows("person"):
        assert "还没有人员" in window.actions_table.action("people.roster_export").toolTip()


def test_every_control_of_the_dialogs_has_a_name(
    qtbot: QtBot, staffed: MainWindow, file: Path
) -> None:
    wizard = wizard_on(qtbot, staffed, file)
    for page in (wizard.columns_page, wizard.questions_page, wizard.problems_page):
        go_on(qtbot, staffed, wizard, page)
    dialog = opened(staffed, "people.roster_export", RosterExportDialog)

    for of in (wizard, dialog):
        boxes = of.findChildren(QComboBox)
        buttons = [*of.findChildren(QPushButton), *of.findChildren(QRadioButton)]
        assert all(box.accessibleName() for box in boxes)
        seen = [button for button in buttons if button.isVisibleTo(of)]
        assert all(button.text() or button.accessibleName() for button in seen)
    dialog.reject()
    wizard.reject()


def test_a_sheet_with_several_persons_a_row_says_so_and_is_taken(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "网格力量.csv"
    path.write_text(
        "社区,网格,网格长,联系电话,网格员,联系电话\n"
        "甲子社区,第一网格,赵甲,200-0001,钱乙,200-0002\n"
        "甲子社区,第二网格,孙丙,12,空缺,\n",
        encoding="utf-8",
    )
    wizard = wizard_on(qtbot, window, path)
    go_on(qtbot, window, wizard, wizard.columns_page)

    assert wizard.columns_page.several.text() == "每行有几个人，各自成为一条：网格长、网格员。"
    assert wizard.columns_page.post.isHidden()
    assert part(wizard, QComboBox, "meaning_5").accessibleName() == "“网格员联系电话”列的含义"
    go_on(qtbot, window, wizard, wizard.questions_page)

    # The demo city has its people: who is on the seats is asked, a question for each of them.
    assert wizard.questions_page.list.topLevelItemCount() >= 1
