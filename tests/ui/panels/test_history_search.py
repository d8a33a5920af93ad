"""The change log by words, author, period and area; going back many steps at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from gridadmin.edit.area_commands import SetField
from gridadmin.edit.lock_commands import Lock, LockTarget
from tests.ui.hands import coming, tap
from tests.ui.panels.conftest import area, click, idle, press, shown
from ui.context import Context
from ui.panels.history_panel import HistoryPanel
from ui.panels.inspector import Inspector


@pytest.fixture
def history(qtbot: QtBot, demo: Context) -> HistoryPanel:
    panel = shown(qtbot, HistoryPanel(demo), (320, 700))
    for number, name in enumerate(("甲子社区", "乙丑社区", "甲子社区", "乙丑社区")):
        demo.bridge.execute(SetField(area(demo, name).uid, "note", f"虚构备注 {number}"))
    demo.bridge.execute(SetField(area(demo, "甲子社区").uid, "name", "新社区"))
    return panel


def told(history: HistoryPanel) -> list[str]:
    return [str(history.model.index(row).data()) for row in range(history.model.rowCount())]


def choose(history: HistoryPanel, row: int) -> None:
    history.view.setCurrentIndex(history.model.index(row))
    QApplication.processEvents()


def test_words_leave_the_entries_that_hold_all_of_them(qtbot: QtBot, history: HistoryPanel) -> None:
    history.filter.words.setText("新社区 甲子")
    qtbot.waitUntil(lambda: len(told(history)) == 1, timeout=20_000)

    assert told(history) == ["改名：甲子社区 → 新社区"]
    history.filter.words.clear()
    qtbot.waitUntil(lambda: len(told(history)) == 5, timeout=5_000)


def test_a_day_is_found_by_its_date_and_an_author_by_the_list(
    qtbot: QtBot, history: HistoryPanel, demo: Context
) -> None:
    entry = demo.bridge.document.history(1)[0]
    history.filter.period.setCurrentIndex(1)
    idle(qtbot, demo)
    assert len(told(history)) == 5

    history.filter.author.setCurrentIndex(history.filter.author.findData(entry.author))
    assert len(told(history)) == 5
    history.filter.words.setText("1999-01-01")
    qtbot.waitUntil(lambda: told(history) == [], timeout=5_000)
    assert history._note.text() == "没有符合条件的记录。"


def test_each_area_has_its_own_timeline_that_follows_edits(
    qtbot: QtBot, history: HistoryPanel, demo: Context
) -> None:
    uid = area(demo, "乙丑社区").uid
    history.show_area(uid)
    idle(qtbot, demo)
    assert len([one for one in told(history) if "乙丑社区" in one]) == 2

    demo.bridge.execute(SetField(uid, "name", "又一社区"))
    demo.bridge.execute(Lock(LockTarget(area=uid), "已公告"))
    demo.bridge.execute(SetField(area(demo, "新社区").uid, "name", "别的社区"))

    assert told(history)[:2] == ["锁定边界：已公告", "改名：乙丑社区 → 又一社区"]
    click(history.filter.area)
    assert told(history)[0] == "改名：新社区 → 别的社区"


def test_the_inspector_leads_to_the_timeline_of_its_area(qtbot: QtBot, demo: Context) -> None:
    uid = area(demo, "乙丑社区").uid
    inspector = shown(qtbot, Inspector(demo))
    demo.selection.select_areas([uid])
    idle(qtbot, demo)

    with qtbot.waitSignal(demo.navigator.history_wanted) as wanted:
        click(coming(inspector, QPushButton, "whole-history"))

    assert wanted.args == [uid]


def test_going_back_asks_first_and_says_how_many_steps(
    qtbot: QtBot, history: HistoryPanel, demo: Context
) -> None:
    choose(history, 3)
    before = demo.bridge.snapshot.revision

    press(history.undo_button, Qt.Key.Key_Space)
    box = history.findChild(QMessageBox)
    assert box is not None
    assert "一次撤销这之后的 3 步操作" in box.text()
    [act] = [button for button in box.buttons() if button.text().startswith("撤销 3 步")]
    tap(act)
    idle(qtbot, demo)

    assert demo.bridge.snapshot.revision == before + 1
    assert area(demo, "甲子社区").name == "甲子社区"
    assert told(history)[0].startswith("一次撤销多步，从“")
    assert [one.endswith("（已撤销）") for one in told(history)[1:6]] == [True] * 3 + [False] * 2
    demo.bridge.redo()
    assert demo.bridge.document.gestures_after(before - 2) == 0


def test_staying_takes_nothing_back(qtbot: QtBot, history: HistoryPanel, demo: Context) -> None:
    choose(history, 2)
    before = demo.bridge.snapshot

    click(history.undo_button)
    box = history.findChild(QMessageBox)
    assert box is not None
    press(box, Qt.Key.Key_Escape)
    idle(qtbot, demo)

    assert demo.bridge.snapshot is before


def test_there_is_no_going_back_to_what_was_undone(history: HistoryPanel, demo: Context) -> None:
    choose(history, 0)
    assert history.undo_button.toolTip() == "这就是最近的一步。"

    demo.bridge.undo()
    choose(history, 1)

    assert not history.undo_button.isEnabled()
    assert history.undo_button.toolTip() == "这一步已撤销，或本身是撤销、重做，不能退到这里。"
