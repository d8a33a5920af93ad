from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gridadmin.edit.area_commands import SetField
from tests.ui.finding import part
from ui.actions import Actions
from ui.context import Context
from ui.search_box import SearchBox
from ui.search_list import Row
from ui.texts import set_language

MakeBox = Callable[[Context], SearchBox]


@pytest.fixture
def make_box(qtbot: QtBot, frame: QMainWindow, actions: Actions) -> MakeBox:
    """Make a search box in the window, beside another field, with its index ready."""

    def make(context: Context) -> SearchBox:
        middle = QWidget()
        column = QVBoxLayout(middle)
        made = SearchBox(context, actions)
        other = QLineEdit()
        other.setObjectName("other")
        column.addWidget(made)
        column.addWidget(other)
        column.addStretch(1)
        frame.setCentralWidget(middle)
        frame.activateWindow()
        made.focus_search()
        qtbot.waitUntil(lambda: not context.jobs.is_busy, timeout=20_000)
        return made

    return make


@pytest.fixture
def box(make_box: MakeBox, opened: Context) -> SearchBox:
    made = make_box(opened)
    assert made.is_ready
    return made


def rows(box: SearchBox) -> list[Row]:
    found = [box.popup._row(number) for number in range(box.popup.list.count())]
    return found if box.popup.isVisible() else []


def titles(box: SearchBox) -> list[str]:
    return [row.title for row in rows(box)]


def type_in(qtbot: QtBot, box: SearchBox, text: str) -> None:
    box.clear()
    if text.isascii():
        QTest.keyClicks(box, text)
    else:
        # Chinese comes from the input method, not from keys.
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(box, event)
    qtbot.waitUntil(lambda: not box._pause.isActive())


def test_areas_are_listed_with_level_and_path(qtbot: QtBot, box: SearchBox) -> None:
    type_in(qtbot, box, "jiazi")
    found = rows(box)
    assert [row.title for row in found[:2]] == ["区域", "甲子社区"]
    assert found[1].quiet == "社区 · 虚构市样例区 › 子虚街道"
    assert found[1].right == "990001001001"


def test_enter_selects_and_shows_the_area(qtbot: QtBot, box: SearchBox, opened: Context) -> None:
    type_in(qtbot, box, "jzsq")
    with qtbot.waitSignal(opened.navigator.box_wanted):
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert opened.selection.area is not None
    assert opened.bridge.snapshot.area(opened.selection.area).name == "甲子社区"
    assert box.popup.isHidden()
    assert box.text() == ""


def test_arrows_go_through_the_list_past_headings(qtbot: QtBot, box: SearchBox) -> None:
    type_in(qtbot, box, "shequ")
    assert box.popup.list.currentRow() == 1
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert titles(box)[box.popup.list.currentRow()] == "乙丑社区"
    QTest.keyClick(box, Qt.Key.Key_Up)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert box.popup.list.currentRow() == 1
    for _ in range(30):
        QTest.keyClick(box, Qt.Key.Key_PageDown)
    assert box.popup.list.currentRow() == box.popup.list.count() - 1


def test_a_building_is_brought_into_view(qtbot: QtBot, box: SearchBox, opened: Context) -> None:
    building = next(row for row in opened.bridge.snapshot.rows("building").values() if row.address)
    type_in(qtbot, box, building.address)
    assert titles(box)[0] == "楼栋和地址"
    with qtbot.waitSignal(opened.navigator.place_wanted) as wanted:
        QTest.keyClick(box, Qt.Key.Key_Return)
    x, y = opened.bridge.snapshot.origin_mm
    assert wanted.args == [((building.x_mm - x) / 1000, (building.y_mm - y) / 1000)]
    assert opened.selection.now.is_empty


def test_a_command_is_carried_out(qtbot: QtBot, box: SearchBox, actions: Actions) -> None:
    type_in(qtbot, box, "dcbj")
    assert titles(box) == ["命令", "导出边界…"]
    assert rows(box)[1].right == "Ctrl+E"
    with qtbot.waitSignal(actions.action("file.export").triggered):
        QTest.keyClick(box, Qt.Key.Key_Return)


def test_commands_are_found_in_the_language_in_use_and_in_chinese(
    qtbot: QtBot, make_box: MakeBox, context: Context
) -> None:
    set_language("en")
    box = make_box(context)
    for typed in ("undo", "chexiao"):
        type_in(qtbot, box, typed)
        # A command whose Chinese holds the word further on comes after it.
        assert titles(box)[:2] == ["Commands", "Undo"]


def test_a_disabled_command_says_why_and_is_not_carried_out(
    qtbot: QtBot, box: SearchBox, actions: Actions
) -> None:
    actions.bind("edit.undo", lambda: None, lambda: "没有可以撤销的操作。")
    actions.refresh()
    type_in(qtbot, box, "撤销")
    (row,) = [row for row in rows(box) if row.command == "edit.undo"]
    assert row.quiet == "没有可以撤销的操作。"
    with qtbot.assertNotEmitted(actions.action("edit.undo").triggered):
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.popup.isVisible()


def test_a_click_chooses(qtbot: QtBot, box: SearchBox, opened: Context) -> None:
    type_in(qtbot, box, "shequ")
    area = box.popup.list.visualItemRect(box.popup.list.item(2))
    QTest.mouseClick(box.popup.list.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert opened.selection.area is not None
    assert opened.bridge.snapshot.area(opened.selection.area).name == "乙丑社区"


def test_escape_goes_back_to_where_one_was(
    qtbot: QtBot, box: SearchBox, frame: QMainWindow
) -> None:
    other = part(frame, QLineEdit, "other")
    other.setFocus()
    box.focus_search()
    type_in(qtbot, box, "shequ")
    assert box.popup.isVisible()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert box.popup.isHidden()
    assert box.text() == ""
    assert frame.focusWidget() is other


def test_nothing_found_is_said(qtbot: QtBot, box: SearchBox) -> None:
    type_in(qtbot, box, "qqqq")
    assert titles(box) == ["没有找到“qqqq”"]
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.popup.isVisible()


def test_an_empty_field_has_no_list(qtbot: QtBot, box: SearchBox) -> None:
    type_in(qtbot, box, "shequ")
    box.clear()
    box.search()
    assert box.popup.isHidden()


def test_the_list_stands_inside_the_window(
    qtbot: QtBot, box: SearchBox, frame: QMainWindow
) -> None:
    type_in(qtbot, box, "wangge")
    assert box.popup.parentWidget() is frame
    assert frame.rect().contains(box.popup.geometry())
    below = box.mapTo(frame, QPoint(0, box.height()))
    assert box.popup.geometry().top() >= below.y()


def test_changes_are_found_at_once(qtbot: QtBot, make_box: MakeBox, changeable: Context) -> None:
    box = make_box(changeable)
    root = changeable.bridge.snapshot.root
    changeable.bridge.execute(SetField(root.uid, "name", "壬辰新区（虚构）"))
    type_in(qtbot, box, "renchen")
    assert titles(box)[1] == "壬辰新区（虚构）"


def test_before_the_areas_are_ready_commands_are_found(
    qtbot: QtBot, frame: QMainWindow, actions: Actions, opened: Context
) -> None:
    box = SearchBox(opened, actions, frame)
    box.setText("导出")
    box.search()
    assert titles(box)[:3] == ["命令", "导出边界…", "导出网格台账…"]
    assert titles(box)[-1] == "正在准备查找区域…"
    qtbot.waitUntil(lambda: box.is_ready, timeout=20_000)
    assert titles(box)[:2] == ["命令", "导出边界…"]
    assert "正在准备查找区域…" not in titles(box)


def test_without_a_project_commands_are_found(
    qtbot: QtBot, make_box: MakeBox, context: Context
) -> None:
    box = make_box(context)
    assert not box.is_ready
    type_in(qtbot, box, "xjxm")
    assert titles(box) == ["命令", "新建项目…"]


def test_another_project_forgets_the_areas_of_the_last(
    qtbot: QtBot, box: SearchBox, opened: Context
) -> None:
    opened.bridge.close()
    assert not box.is_ready
    type_in(qtbot, box, "jiazi")
    assert titles(box) == ["没有找到“jiazi”"]


def test_a_search_that_was_stopped_is_not_begun_again_by_itself(
    qtbot: QtBot, frame: QMainWindow, actions: Actions, opened: Context
) -> None:
    box = SearchBox(opened, actions, frame)
    box._prepare()
    opened.jobs.cancel_all()
    qtbot.waitUntil(lambda: not opened.jobs.is_busy)
    assert not box.is_ready
    box.focus_search()
    qtbot.waitUntil(lambda: box.is_ready, timeout=20_000)


def test_the_field_has_a_name_and_tells_its_key(box: SearchBox) -> None:
    assert box.accessibleName() == "查找"
    assert "Ctrl+K" in box.toolTip()
