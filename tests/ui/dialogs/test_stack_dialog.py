"""Dividing a micro-grid by entrances and floors in its dialog, by keys and by dragging."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMessageBox,
    QPushButton,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
)
from pytestqt.qtbot import QtBot

from gridadmin.domain.model import Area
from gridadmin.edit.stack_commands import Share, shares_of
from gridadmin.partition.figures import households_of
from gridadmin.partition.snapshot import Snapshot
from tests.ui.dialogs.conftest import click
from tests.ui.finding import part
from tests.ui.mapping import first_drawn
from ui.dialogs.stack_dialog import StackDialog
from ui.main_window import MainWindow

DRAWN, STACKED = "99000100300600203", "99000100300300504"
"""A micro-grid with a tower of 14 floors and 2 entrances, and a stacked one of a tower of 30."""


def by_code(window: MainWindow, code: str) -> Area:
    return next(a for a in window.context.bridge.snapshot.areas() if a.code == code)


def opened(window: MainWindow, code: str) -> StackDialog:
    """Return the dialog about an area, opened by its action."""
    window.context.selection.select_areas([by_code(window, code).uid])
    window.actions_table.action("edit.stack").trigger()
    QApplication.processEvents()
    return window.findChildren(StackDialog)[-1]


def row(dialog: StackDialog, name: str) -> QTreeWidgetItem:
    """Return the first row whose name begins like that."""
    walk = QTreeWidgetItemIterator(dialog.tree)
    while (item := walk.value()) is not None:
        if item.text(0).startswith(name):
            return item
        walk += 1
    raise AssertionError(name)


def choose(dialog: StackDialog, name: str) -> None:
    """Click a row."""
    item = row(dialog, name)
    dialog.tree.scrollToItem(item)
    at = dialog.tree.visualItemRect(item).center()
    QTest.mouseClick(
        dialog.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
    )
    QApplication.processEvents()


def give(dialog: StackDialog, name: str, key: Qt.Key) -> None:
    choose(dialog, name)
    QTest.keyClick(dialog.tree, key)
    QApplication.processEvents()


def drag(dialog: StackDialog, name: str, to: int) -> bool:
    """Drag a row onto a part, and let it go; return whether it may be let go there."""
    choose(dialog, name)
    data = dialog.tree.mimeData([row(dialog, name)])
    cell = dialog.table.visualRect(dialog.table.model().index(to, 0))
    at = QPointF(cell.center()) if to < dialog.table.rowCount() else QPointF(9, 9999)
    left, none, copy = (
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.DropAction.CopyAction,
    )
    port = dialog.table.viewport()
    enter = QDragEnterEvent(at.toPoint(), copy, data, left, none)
    QApplication.sendEvent(port, enter)
    move = QDragMoveEvent(at.toPoint(), copy, data, left, none)
    QApplication.sendEvent(port, move)
    if move.isAccepted():
        QApplication.sendEvent(port, QDropEvent(at, copy, data, left, none))
    QApplication.processEvents()
    return move.isAccepted()


def shown(dialog: StackDialog, part_number: int) -> tuple[str, str]:
    cells = [dialog.table.item(part_number, column) for column in (1, 2)]
    first, second = (cell.text() if cell is not None else "" for cell in cells)
    return first, second


def carry_out(window: MainWindow, dialog: StackDialog, qtbot: QtBot) -> Snapshot:
    """Press Return in the list once the button can be used, and return what came of it."""
    qtbot.waitUntil(dialog.main_button.isEnabled, timeout=20_000)
    with qtbot.waitSignal(dialog.carried_out, timeout=20_000):
        QTest.keyClick(dialog.tree, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=20_000)
    return window.context.bridge.snapshot


def test_entrances_are_given_by_keys_and_made_in_one_step(window: MainWindow, qtbot: QtBot) -> None:
    bridge = window.context.bridge
    dialog = opened(window, DRAWN)
    assert dialog.said.said == "还有 2 个单元（或整栋楼）没有全部归属，共 55 户。"
    assert not dialog.main_button.isEnabled()
    assert dialog.main_button.toolTip() == "还有单元或楼层没有归属。"

    give(dialog, "1单元", Qt.Key.Key_1)
    assert dialog.said.said == "还有 1 个单元（或整栋楼）没有全部归属，共 28 户。"
    give(dialog, "2单元", Qt.Key.Key_2)

    assert dialog.said.said == "有住户的单元和楼层都有归属。"
    assert shown(dialog, 0) == ("27（偏少）", "结霜聚居点3栋：1单元")
    assert shown(dialog, 1) == ("28（偏少）", "结霜聚居点3栋：2单元")
    snapshot = carry_out(window, dialog, qtbot)
    assert snapshot.revision == 1
    chosen = [snapshot.area(uid) for uid in window.context.selection.areas]
    assert [(a.land, households_of(snapshot, a)[0]) for a in chosen] == [
        ("stacked", 27),
        ("stacked", 28),
    ]
    assert chosen[0].code == DRAWN
    bridge.undo()
    assert by_code(window, DRAWN).land == "drawn"


def test_an_entrance_is_dragged_onto_a_part(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, DRAWN)

    assert drag(dialog, "1单元", 1)
    assert not drag(dialog, "2单元", 99)

    assert shown(dialog, 1)[1] == "结霜聚居点3栋：1单元"
    assert row(dialog, "1单元").text(2) == "2"
    assert drag(dialog, "2单元", 0)
    qtbot.waitUntil(dialog.main_button.isEnabled, timeout=20_000)
    dialog.reject()


def test_floors_are_given_within_the_chosen_range(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, DRAWN)
    choose(dialog, "结霜聚居点3栋")
    dialog.high.setFocus()
    dialog.high.selectAll()
    QTest.keyClicks(dialog.high, "7")
    dialog.tree.setFocus()

    QTest.keyClick(dialog.tree, Qt.Key.Key_1)
    choose(dialog, "8–14 层")
    assert (dialog.low.value(), dialog.high.value()) == (8, 14)
    dialog.table.selectRow(1)
    assert dialog.give.text() == "归入第 2 份"
    click(dialog.give)
    assert dialog.said.said == "还有 1 个单元（或整栋楼）没有全部归属，共 14 户。"
    # The other entrance has the same floors left.
    choose(dialog, "2单元")
    dialog.low.setValue(8)
    QTest.keyClick(dialog.tree, Qt.Key.Key_2)

    assert shown(dialog, 0) == ("27（偏少）", "结霜聚居点3栋：1–7 层")
    assert shown(dialog, 1) == ("28（偏少）", "结霜聚居点3栋：8–14 层")
    snapshot = carry_out(window, dialog, qtbot)
    held = shares_of(snapshot, by_code(window, DRAWN).uid)
    assert [(one.entrance, one.floor_from, one.floor_to) for one in held] == [(None, 1, 7)]


def test_what_was_given_is_taken_back(window: MainWindow) -> None:
    dialog = opened(window, DRAWN)
    give(dialog, "1单元", Qt.Key.Key_1)

    QTest.keyClick(dialog.tree, Qt.Key.Key_Delete)

    assert row(dialog, "1单元").text(2) == "未归"
    # There is no third part that a key could mean.
    give(dialog, "1单元", Qt.Key.Key_3)
    assert row(dialog, "1单元").text(2) == "未归"
    dialog.reject()


def test_equal_households_are_proposed_for_any_number_of_parts(
    window: MainWindow, qtbot: QtBot
) -> None:
    dialog = opened(window, DRAWN)
    dialog.parts.setValue(3)

    click(dialog.equal)
    item = dialog.table.item(2, 0)
    assert item is not None
    item.setText("虚构商铺微网格")

    assert dialog.said.said == "有住户的单元和楼层都有归属。"
    snapshot = carry_out(window, dialog, qtbot)
    names = [snapshot.area(uid).name for uid in window.context.selection.areas]
    assert len(names) == 3
    assert names[2] == "虚构商铺微网格"


def test_a_part_without_anything_is_named(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, DRAWN)

    give(dialog, "结霜聚居点3栋", Qt.Key.Key_1)

    qtbot.waitUntil(lambda: dialog.reason.said == "第 2 份还是空的。", timeout=20_000)
    assert not dialog.main_button.isEnabled()
    dialog.reject()


def test_floors_go_from_one_stacked_micro_grid_to_another(window: MainWindow, qtbot: QtBot) -> None:
    bridge = window.context.bridge
    dialog = opened(window, STACKED)
    assert [row(dialog, name).text(2) for name in ("1–10", "11–20", "21–30")] == ["1", "2", "3"]
    qtbot.waitUntil(lambda: dialog.reason.said == "没有要改的。", timeout=20_000)

    choose(dialog, "11–20 层")
    dialog.high.setValue(15)
    QTest.keyClick(dialog.tree, Qt.Key.Key_1)

    snapshot = carry_out(window, dialog, qtbot)
    assert snapshot.revision == 1
    held = [
        shares_of(snapshot, by_code(window, f"990001003003005{n}").uid) for n in ("03", "04", "05")
    ]
    tower = held[0][0].building
    assert held == [
        [Share(tower, None, 1, 15)],
        [Share(tower, None, 16, 20)],
        [Share(tower, None, 21, 30)],
    ]
    bridge.undo()
    (again,) = shares_of(bridge.snapshot, by_code(window, STACKED).uid)
    assert (again.floor_from, again.floor_to) == (11, 20)


def test_stacked_micro_grids_become_one_after_a_question(window: MainWindow, qtbot: QtBot) -> None:
    stacked = by_code(window, STACKED)
    dialog = opened(window, STACKED)
    dialog.keeper.setCurrentIndex(1)
    click(dialog.unstack)
    box = dialog.findChild(QMessageBox)
    assert box is not None
    assert box.text() == "“05-04微网格”得到全部土地和楼栋，05-03微网格、05-05微网格撤销。"
    assert window.context.bridge.snapshot.revision == 0

    with qtbot.waitSignal(dialog.carried_out, timeout=20_000):
        click(next(b for b in box.findChildren(QPushButton) if b.text() == "还原"))
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=20_000)

    snapshot = window.context.bridge.snapshot
    now = snapshot.area(stacked.uid)
    assert (now.land, now.cell, households_of(snapshot, now)[0]) == ("drawn", None, 120)
    assert snapshot.area(stacked.cell or "").valid_to is not None
    assert snapshot.revision == 1


def test_the_details_of_a_stacked_micro_grid_say_what_it_holds(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.context.selection.select_areas([by_code(window, STACKED).uid])
    wanted = "藏余聚居点5栋：11–20 层"
    qtbot.waitUntil(
        lambda: wanted in [one.text() for one in window.inspector.findChildren(QLabel)],
        timeout=20_000,
    )

    click(part(window.inspector, QPushButton, "stack-edit"))
    dialog = window.findChild(StackDialog)
    assert dialog is not None
    dialog.reject()


@pytest.mark.parametrize(
    ("level", "why"),
    [("grid", "只有微网格可以按单元和楼层划分。"), ("", "请先选中一个微网格。")],
)
def test_the_action_says_why_it_cannot_be_used(window: MainWindow, level: str, why: str) -> None:
    chosen = [first_drawn(window.context.bridge.snapshot, level).uid] if level else []
    window.context.selection.select_areas(chosen)

    action = window.actions_table.action("edit.stack")
    assert not action.isEnabled()
    assert why in action.toolTip()
