"""The dialog for a new project: says what it will do, refuses in place, makes the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from gridadmin.app.session import Session
from tests.ui.dialogs.conftest import click, idle, press, type_in
from ui.context import Context
from ui.dialogs.new_project import NewProjectDialog
from ui.texts import set_language


@pytest.fixture
def dialog(qtbot: QtBot, context: Context) -> NewProjectDialog:
    made = NewProjectDialog(context)
    qtbot.addWidget(made)
    made.show()
    return made


def lines(widget: QListWidget) -> list[str]:
    return [widget.item(row).text() for row in range(widget.count())]


def choose_scheme(dialog: NewProjectDialog, words: str) -> None:
    found = dialog.schemes.list.findItems(words, Qt.MatchFlag.MatchExactly)
    dialog.schemes.list.setCurrentItem(found[0])


def test_six_schemes_are_offered_and_described(dialog: NewProjectDialog) -> None:
    assert lines(dialog.schemes.list) == [
        "通用方案",
        "大连市",
        "龙港市",
        "三明市（沙县区、三元区）",
        "市南区",
        "新都区",
    ]
    choose_scheme(dialog, "龙港市")
    told = dialog.schemes._words.text()
    assert "层级：市 › 市 › 社区（村） › 网格 › 微网格。" in told
    assert "网格 300–500 户" in told
    assert "浙江省温州市龙港市（330383）" in told


def test_the_first_thing_to_do_has_the_focus(qtbot: QtBot, dialog: NewProjectDialog) -> None:
    qtbot.waitUntil(lambda: dialog.focusWidget() is dialog.schemes.list)


def test_a_code_is_found_and_what_will_be_listed_is_said(dialog: NewProjectDialog) -> None:
    type_in(dialog.root.search, "510114")
    assert lines(dialog.root.matches)[0] == "510114　新都区　区县　成都市"
    assert dialog.root.told.text() == "1 区县、9 镇街、184 个村和社区将列出。"
    assert dialog.name.text() == "新都区"
    assert dialog.place.name.text() == "新都区.gpkg"


def test_a_name_is_found_and_arrows_move_through_the_matches(dialog: NewProjectDialog) -> None:
    dialog.root.search.insert("新都")
    press(dialog.root.search, Qt.Key.Key_Down)
    assert dialog.root.choice is not None
    assert dialog.root.choice.code == "510114004"
    assert dialog.name.text() == "新都街道"


def test_the_place_of_a_scheme_is_offered_before_anything_is_typed(
    dialog: NewProjectDialog,
) -> None:
    choose_scheme(dialog, "新都区")
    assert lines(dialog.root.matches) == ["510114　新都区　区县　成都市"]
    assert dialog.main_button.isEnabled()


def test_a_project_is_made_with_its_listed_areas(
    qtbot: QtBot, context: Context, dialog: NewProjectDialog, chinese_dir: Path
) -> None:
    choose_scheme(dialog, "新都区")
    dialog.place.folder.setText(str(chinese_dir))
    with qtbot.waitSignal(dialog.created, timeout=30_000) as created:
        click(dialog.main_button)
    assert created.args == [chinese_dir / "新都区.gpkg"]
    assert dialog.path == chinese_dir / "新都区.gpkg"
    assert not dialog.isVisible()
    with Session.open(dialog.path, write=False) as session:
        assert session.snapshot.root.code == "510114"
        assert sum(1 for _ in session.snapshot.areas()) == 194
    assert context.settings.value("last_folder") == str(chinese_dir)


def test_only_a_name_makes_one_area(
    qtbot: QtBot, context: Context, dialog: NewProjectDialog, chinese_dir: Path
) -> None:
    click(dialog.root.name_only)
    assert dialog.reason.text() == "请填写项目名称。"
    dialog.name.setText("虚构区")
    dialog.place.folder.setText(str(chinese_dir))
    press(dialog.name, Qt.Key.Key_Return)
    idle(qtbot, context)
    with Session.open(chinese_dir / "虚构区.gpkg", write=False) as session:
        assert [area.name for area in session.snapshot.areas()] == ["虚构区"]


def test_a_file_that_is_there_is_refused_below_its_field(
    dialog: NewProjectDialog, chinese_dir: Path
) -> None:
    (chinese_dir / "已有.gpkg").write_bytes(b"precious")
    choose_scheme(dialog, "新都区")
    dialog.place.folder.setText(str(chinese_dir))
    dialog.place.name.setText("已有")
    assert dialog.place.fault.isVisible()
    assert "已经存在，没有覆盖" in dialog.place.fault.text()
    assert not dialog.main_button.isEnabled()
    assert dialog.main_button.toolTip() == "同名的文件已在，请换个名称。"
    press(dialog.place.name, Qt.Key.Key_Return)
    assert (chinese_dir / "已有.gpkg").read_bytes() == b"precious"
    dialog.place.name.setText("另一个")
    assert not dialog.place.fault.isVisible()
    assert dialog.main_button.isEnabled()


@pytest.mark.parametrize("name", ["a:b", "con", "甲?乙", "lpt1.txt", " "])
def test_a_name_that_no_system_takes_is_refused(dialog: NewProjectDialog, name: str) -> None:
    choose_scheme(dialog, "新都区")
    dialog.place.name.setText(name)
    assert dialog.place.fault.isVisible()
    assert not dialog.main_button.isEnabled()


def test_a_scheme_file_of_the_users_can_be_chosen_and_a_faulty_one_is_told(
    dialog: NewProjectDialog, chinese_dir: Path
) -> None:
    good = chinese_dir / "虚构.toml"
    good.write_text('extends = "default"\nzh = "虚构县"\nen = "Made up"\n', encoding="utf-8")
    bad = chinese_dir / "坏.toml"
    bad.write_text("levels = [", encoding="utf-8")
    dialog.schemes.take_file(bad)
    assert "坏.toml" in dialog.schemes._fault.text()
    dialog.schemes.take_file(good)
    assert dialog.schemes.key == str(good)
    assert dialog.schemes._fault.isHidden()


def test_what_the_list_lacks_is_said(dialog: NewProjectDialog) -> None:
    dialog.root.search.insert("没有这个地方")
    assert dialog.root.told.text() == "名录里没有“没有这个地方”。可换一个写法，或不用名录。"
    assert dialog.reason.text() == "请选择项目范围。"
    dialog.root.search.clear()
    type_in(dialog.root.search, "110101")
    assert lines(dialog.root.matches) == ["110101　不在名录里"]


def test_escape_closes_without_a_file(dialog: NewProjectDialog, tmp_path: Path) -> None:
    choose_scheme(dialog, "新都区")
    press(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert dialog.path is None
    assert not list(tmp_path.glob("*.gpkg"))


def test_it_speaks_english(qtbot: QtBot, context: Context) -> None:
    set_language("en")
    dialog = NewProjectDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    type_in(dialog.root.search, "510114")
    assert dialog.main_button.text() == "Create"
    assert dialog.root.told.text() == (
        "Will be listed: 1 district, 9 streets and towns, 184 villages and communities."
    )
