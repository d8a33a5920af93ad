import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from ui.actions import Actions
from ui.dialogs.keys_dialog import KeysDialog
from ui.menus.table import TABLE


@pytest.fixture
def frame(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def dialog(frame: QMainWindow) -> KeysDialog:
    made = KeysDialog(Actions(frame), frame)
    made.show()
    return made


def test_every_shortcut_of_the_table_is_listed(dialog: KeysDialog) -> None:
    shown = dialog.shown()
    for spec in TABLE:
        if spec.shortcuts and spec.menu:
            assert spec.words.rstrip("…") in shown
    keys = [label.text() for label in dialog.findChildren(QLabel)]
    assert {"Ctrl+K", "Ctrl+Shift+Z", "F8", "F1", "Alt"} <= set(keys)


def test_keys_of_the_map_are_listed(dialog: KeysDialog) -> None:
    assert {"平移地图", "加一点", "暂时不捕捉"} <= set(dialog.shown())


def test_the_filter_finds_words_and_keys(dialog: KeysDialog) -> None:
    QTest.keyClicks(dialog.filter, "ctrl+k")
    assert dialog.shown() == ["查找区域和命令"]
    dialog.filter.setText("缩 ctrl")
    assert dialog.shown() == ["缩小"]
    dialog.filter.clear()
    assert len(dialog.shown()) > 25


def test_nothing_that_fits_is_said(dialog: KeysDialog) -> None:
    dialog.filter.setText("没有这样的")
    assert dialog.shown() == []
    assert dialog._nothing.isVisible()


def test_escape_closes(dialog: KeysDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
