"""The change log: what its rows say, what is undone, and what a click shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridadmin.domain.change import LogEntry
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.land_commands import Give
from tests.ui.panels.conftest import area, idle, press, shown
from ui.context import Context
from ui.panels import history_panel, words
from ui.panels.gesture_words import gesture
from ui.panels.history_panel import HistoryPanel, HistoryRole
from ui.texts import set_language


@pytest.fixture
def history(qtbot: QtBot, dirty: Context) -> HistoryPanel:
    return shown(qtbot, HistoryPanel(dirty))


def told(history: HistoryPanel) -> list[str]:
    return [str(history.model.index(row).data()) for row in range(history.model.rowCount())]


def undone(history: HistoryPanel) -> list[bool]:
    rows = range(history.model.rowCount())
    return [bool(history.model.index(row).data(HistoryRole.IS_UNDONE)) for row in rows]


RENAMED = "改名：庚午社区 → 新社区"
IMPORTS = ["导入边界：demo-dirty.gpkg"] * 3


def test_the_log_begins_with_the_newest_and_names_files(history: HistoryPanel) -> None:
    assert told(history) == IMPORTS


def test_a_gesture_comes_to_the_top_with_time_and_author(
    history: HistoryPanel, dirty: Context
) -> None:
    dirty.bridge.execute(SetField(area(dirty, "庚午社区").uid, "name", "新社区"))

    assert told(history) == [RENAMED, *IMPORTS]
    aside = str(history.model.index(0).data(HistoryRole.ASIDE))
    assert aside.startswith("今天 ")
    author = dirty.bridge.document.history(1)[0].author
    assert aside.endswith(f" · {author}")


def test_a_tip_takes_no_name_for_markup(history: HistoryPanel, dirty: Context) -> None:
    dirty.bridge.execute(SetField(area(dirty, "庚午社区").uid, "name", "<b>新</b>"))

    row = history.model.index(0)
    assert "&lt;b&gt;新&lt;/b&gt;" in str(row.data(Qt.ItemDataRole.ToolTipRole))
    assert "→ <b>新</b>，今天" in str(row.data(Qt.ItemDataRole.AccessibleTextRole))


def test_undone_gestures_stay_and_are_marked(history: HistoryPanel, dirty: Context) -> None:
    uid = area(dirty, "庚午社区").uid
    dirty.bridge.execute(SetField(uid, "name", "新社区"))

    dirty.bridge.undo()
    assert told(history) == [f"撤销：{RENAMED}", f"{RENAMED}（已撤销）", *IMPORTS]
    assert undone(history) == [False, True, False, False, False]

    dirty.bridge.redo()
    assert told(history)[:3] == [f"重做：{RENAMED}", f"撤销：{RENAMED}", RENAMED]
    assert not any(undone(history))


def test_a_click_selects_and_shows_what_was_touched(
    qtbot: QtBot, history: HistoryPanel, dirty: Context
) -> None:
    overlap = next(i for i in dirty.bridge.issues() if i.kind == "overhang")
    assert overlap.point is not None
    grid = overlap.areas[0]
    dirty.bridge.execute(Give(overlap.point, grid, is_inside=True))
    dirty.selection.clear()
    index = history.model.index(0)

    with qtbot.waitSignal(dirty.navigator.box_wanted) as wanted:
        QTest.mouseClick(
            history.view.viewport(),
            Qt.MouseButton.LeftButton,
            pos=history.view.visualRect(index).center(),
        )

    assert grid in dirty.selection.areas
    west, south, east, north = wanted.args[0]
    x, y = dirty.bridge.to_local(overlap.point)
    assert west < x < east
    assert south < y < north


def test_enter_shows_the_land_of_a_renamed_area(
    qtbot: QtBot, history: HistoryPanel, dirty: Context
) -> None:
    uid = area(dirty, "庚午社区").uid
    dirty.bridge.execute(SetField(uid, "name", "新社区"))
    history.view.setCurrentIndex(history.model.index(0))

    with qtbot.waitSignal(dirty.navigator.box_wanted):
        press(history.view, Qt.Key.Key_Return)

    assert dirty.selection.areas == (uid,)


def test_an_import_shows_its_land(qtbot: QtBot, history: HistoryPanel, dirty: Context) -> None:
    history.view.setCurrentIndex(history.model.index(0))

    with qtbot.waitSignal(dirty.navigator.box_wanted):
        press(history.view, Qt.Key.Key_Return)

    assert len(dirty.selection.areas) > 90


def test_older_entries_are_read_page_by_page(
    qtbot: QtBot, dirty: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_panel, "PAGE", 2)
    history = HistoryPanel(dirty)
    qtbot.addWidget(history)
    assert len(told(history)) == 2
    assert history.model.canFetchMore(QModelIndex())

    history.model.fetchMore(QModelIndex())

    assert told(history) == IMPORTS
    assert not history.model.canFetchMore(QModelIndex())


def test_what_an_undo_took_back_is_known_beyond_the_page(
    qtbot: QtBot, dirty: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    dirty.bridge.execute(SetField(area(dirty, "庚午社区").uid, "name", "新社区"))
    dirty.bridge.undo()
    monkeypatch.setattr(history_panel, "PAGE", 1)

    history = HistoryPanel(dirty)
    qtbot.addWidget(history)

    assert told(history) == [f"撤销：{RENAMED}"]


def test_a_closed_project_leaves_no_log(
    qtbot: QtBot, history: HistoryPanel, dirty: Context
) -> None:
    dirty.bridge.close()

    assert told(history) == []
    assert history._note.text() == "没有打开的项目。"
    idle(qtbot, dirty)


NOON = datetime(2026, 3, 5, 12, 0, tzinfo=UTC).astimezone()


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(minutes=5), f"今天 {NOON - timedelta(minutes=5):%H:%M}"),
        (timedelta(days=1), f"昨天 {NOON:%H:%M}"),
        (timedelta(days=20), f"02-13 {NOON:%H:%M}"),
        (timedelta(days=400), f"2025-01-29 {NOON:%H:%M}"),
    ],
)
def test_a_time_is_told_as_the_clock_on_the_wall(ago: timedelta, said: str) -> None:
    set_language("zh")

    assert words.clock((NOON - ago).astimezone(UTC).isoformat(), NOON) == said


def test_a_gesture_of_a_later_program_is_told_by_its_name() -> None:
    set_language("zh")
    entry = LogEntry(1, "g", "weave", "a", "2026-01-01T00:00:00+00:00", "", None, None)

    assert gesture(entry) == "其他修改（weave）"


def test_a_row_says_what_was_changed_and_to_what(history: HistoryPanel, dirty: Context) -> None:
    grid = area(dirty, "庚午社区", "第三网格").uid
    dirty.bridge.execute(SetField(grid, "households", 420))
    dirty.bridge.execute(SetField(grid, "note", "虚构的备注"))
    dirty.bridge.execute(SetField(area(dirty, "庚午社区").uid, "divided", True))

    assert told(history)[:3] == [
        "标明下级已划分完（庚午社区）",
        "修改区域资料（第三网格）",
        "填写户数：420（第三网格）",
    ]


def test_given_land_names_who_got_it(history: HistoryPanel, dirty: Context) -> None:
    overhang = next(i for i in dirty.bridge.issues() if i.kind == "overhang")
    assert overhang.point is not None
    dirty.bridge.execute(Give(overhang.point, overhang.areas[0], is_inside=True))

    name = dirty.bridge.snapshot.area(overhang.areas[0]).name
    assert told(history)[0] == f"把地块划给{name}"
