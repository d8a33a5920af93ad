"""What a target gets is chosen in its form; what was written by hand stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gridadmin.publish.target_book import TargetBook, TargetSetting
from tests.ui.hands import tap
from ui.publish.target_form import TargetForm

LEFT = Qt.MouseButton.LeftButton
BY_HAND = """\
# 由信息中心维护
[targets.city]
url = "file:///srv/grids"  # 机房
profile = "internal"
tables = ["organizations", "posts"]

[targets.city.mapping.columns]
code = "WGBM"  # 他们的列名
"""


@pytest.fixture
def book(tmp_path: Path) -> TargetBook:
    return TargetBook(tmp_path / "targets.toml")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def opened(
    window: QWidget,
    book: TargetBook,
    setting: TargetSetting | None,
    area: tuple[str, str] | None = None,
) -> TargetForm:
    form = TargetForm(book, setting, window, area)
    form.show()
    return form


def keep(form: TargetForm) -> None:
    tap(form.keep_button)


def test_levels_place_and_tables_are_chosen_by_keys(window: QWidget, book: TargetBook) -> None:
    form = opened(window, book, None)
    QTest.keyClicks(form.name, "dav")
    form.url.setText("https://dav.example.org/grids")
    for key in ("city", "district", "street", "community", "cell", "exempt"):
        QTest.keyClick(form.content.levels[key], Qt.Key.Key_Space)
    QTest.keyClicks(form.content.area, "990101001")
    QTest.keyClick(form.content.tables["issues"], Qt.Key.Key_Space)
    keep(form)

    (kept,) = book.all()
    assert kept.levels == ("grid", "micro_grid")
    assert kept.area == "990101001"
    assert kept.tables == ("issues",)


def test_what_is_usual_is_not_written(window: QWidget, book: TargetBook) -> None:
    form = opened(window, book, None)
    QTest.keyClicks(form.name, "dav")
    form.url.setText("https://dav.example.org/grids")
    keep(form)

    expected = '[targets.dav]\nurl = "https://dav.example.org/grids"\nprofile = "public"\n'
    assert book.path.read_text(encoding="utf-8") == expected


def test_tables_follow_the_profile_until_others_are_chosen(
    window: QWidget, book: TargetBook
) -> None:
    form = opened(window, book, None)
    tables = form.content.tables
    form.profile.setCurrentIndex(form.profile.findData("internal"))
    assert [key for key, box in tables.items() if box.isChecked()] == ["posts", "organizations"]

    QTest.keyClick(tables["organizations"], Qt.Key.Key_Space)
    form.profile.setCurrentIndex(form.profile.findData("public"))

    assert [key for key, box in tables.items() if box.isChecked()] == ["posts"]
    form.reject()


def test_the_chosen_area_is_taken_by_its_button(window: QWidget, book: TargetBook) -> None:
    form = opened(window, book, None, ("990101002", "样例街道"))
    button = form.findChild(QPushButton, "take_area")
    assert isinstance(button, QPushButton)
    assert "样例街道" in button.text()
    tap(button)

    assert form.content.area.text() == "990101002"
    form.reject()


def test_a_target_without_levels_is_refused_in_the_form(window: QWidget, book: TargetBook) -> None:
    form = opened(window, book, TargetSetting("x", "file:///srv/grids", levels=("grid",)))
    QTest.keyClick(form.content.levels["grid"], Qt.Key.Key_Space)
    keep(form)

    assert form.fault.said == "请至少选一个层级。"
    assert form.isVisible()
    form.reject()


def test_a_mapping_is_taken_from_a_file_and_forgotten_again(
    window: QWidget, book: TargetBook, tmp_path: Path
) -> None:
    path = tmp_path / "省 平台.toml"
    path.write_text('[columns]\ncode = "WGBM"\n\n[values.kind]\ngeneral = "1"\n', "utf-8-sig")
    setting = TargetSetting("x", "file:///srv/grids")
    book.keep(setting)
    form = opened(window, book, setting)
    form.content.take_mapping(path)
    assert form.content.names.text() == "另用名称 1 个，代码表 1 个，不带的列 0 个。"
    keep(form)
    (kept,) = book.all()
    assert kept.mapping == {"columns": {"code": "WGBM"}, "values": {"kind": {"general": "1"}}}

    form = opened(window, book, kept)
    tap(form.content.forget)
    assert not form.content.forget.isVisible()
    keep(form)
    assert book.all() == [setting]


def test_a_wrong_mapping_is_told_and_the_old_one_stays(
    window: QWidget, book: TargetBook, tmp_path: Path
) -> None:
    path = tmp_path / "坏.toml"
    path.write_text('[columns]\ncode = "fid"\n', encoding="utf-8")
    before = TargetSetting("x", "file:///srv/grids", mapping={"columns": {"code": "WGBM"}})
    book.keep(before)
    form = opened(window, book, before)
    form.content.take_mapping(path)
    assert "fid" in form.fault.said
    keep(form)

    assert book.all() == [before]


def test_what_was_written_by_hand_stays_when_the_form_is_kept(
    window: QWidget, book: TargetBook
) -> None:
    book.path.write_text(BY_HAND, encoding="utf-8")
    (before,) = book.all()
    form = opened(window, book, before)
    keep(form)
    assert book.path.read_text(encoding="utf-8") == BY_HAND

    form = opened(window, book, replace(before))
    QTest.keyClick(form.content.levels["city"], Qt.Key.Key_Space)
    keep(form)

    (after,) = book.all()
    assert after.levels[:2] == ("district", "street")
    text = book.path.read_text(encoding="utf-8")
    assert text.startswith('# 由信息中心维护\n[targets.city]\nurl = "file:///srv/grids"  # 机房\n')
    assert 'code = "WGBM"  # 他们的列名\n' in text
    assert 'tables = ["organizations", "posts"]\n' in text


def test_a_folder_is_told_by_its_path(window: QWidget, book: TargetBook, tmp_path: Path) -> None:
    folder = tmp_path / "共享 文件夹"
    form = opened(window, book, None)
    QTest.keyClicks(form.name, "share")
    form.kind.setCurrentIndex(form.kind.findText("SFTP"))
    form.url.setText("")
    form.url.insert(str(folder))
    form.url.textEdited.emit(form.url.text())
    assert form.kind.currentText() == "文件夹或网络共享"
    keep(form)

    (kept,) = book.all()
    assert kept.url == folder.as_uri()
    form = opened(window, book, kept)
    assert form.url.text() == str(folder)
    form.reject()


def test_part_of_a_path_is_refused_in_the_form(window: QWidget, book: TargetBook) -> None:
    form = opened(window, book, None)
    QTest.keyClicks(form.name, "share")
    QTest.keyClicks(form.url, "grids")
    keep(form)

    assert form.fault.said.startswith("“grids”不是完整的文件夹路径。")
    assert form.isVisible()
    assert book.all() == []
    form.reject()


def test_the_address_of_a_folder_stays_as_it_was_written(window: QWidget, book: TargetBook) -> None:
    setting = TargetSetting("city", "file:///srv/网格", profile="public")
    book.keep(setting)
    form = opened(window, book, setting)
    assert form.url.text() == "/srv/网格"
    keep(form)

    (kept,) = book.all()
    assert kept.url == "file:///srv/网格"


def test_a_folder_is_chosen_by_a_button_in_its_field(
    window: QWidget, book: TargetBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = opened(window, book, None)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    assert form.choose_folder.isVisible()
    form.choose_folder.trigger()
    assert form.url.text() == str(tmp_path)

    form.kind.setCurrentIndex(form.kind.findText("SFTP"))
    assert not form.choose_folder.isVisible()
    assert form.url.text() == "sftp://"
    form.reject()
