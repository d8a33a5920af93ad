"""The whole window: opening, looking, selecting, undoing, closing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from gridadmin.app.creation import new_project
from gridadmin.app.session import Session
from gridadmin.edit.area_commands import Create, SetField
from tests.ui.conftest import OpenWindow, rest
from tests.ui.finding import drop
from tests.ui.mapping import (
    area_named,
    border_with_vertex,
    click,
    drag,
    hover,
    inner_place,
    press_key,
)
from ui.canvas.overlay import Outline, Role, Tag
from ui.main_window import MainWindow


def test_a_project_opens_with_its_whole_land_in_view(window: MainWindow) -> None:
    extent = window.context.bridge.extent()

    assert window.stack.currentWidget() is window.map_panel
    assert extent is not None
    assert window.map_panel.view.view.shows(extent)
    assert window.windowTitle().startswith("虚构市样例区")


def test_the_start_page_stands_while_nothing_is_open(open_window: OpenWindow) -> None:
    window = open_window()

    assert window.stack.currentWidget() is window.start_page
    assert [name for name, dock in window.docks.items() if dock.isVisible()] == []


def test_a_project_without_land_says_what_to_do_first(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    new_project(tmp_path / "空.gpkg", "default", name="样例区")
    window = open_window()

    window.open_project(tmp_path / "空.gpkg")
    qtbot.waitUntil(lambda: window.context.bridge.is_open)

    assert window.map_panel.invitation.isVisible()


def test_ctrl_takes_a_selected_area_out_again(window: MainWindow) -> None:
    snapshot = window.context.bridge.snapshot
    community = next(area for area in snapshot.areas() if area.name == "甲子社区")
    place = inner_place(snapshot, community)

    click(window, place)
    click(window, place, Qt.KeyboardModifier.ControlModifier)

    assert window.context.selection.areas == ()


def test_a_rubber_band_around_nothing_leaves_the_selection(window: MainWindow) -> None:
    snapshot = window.context.bridge.snapshot
    community = next(area for area in snapshot.areas() if area.name == "甲子社区")
    x, y = inner_place(snapshot, community)
    click(window, (x, y))

    drag(window, (x, y), (x + 200, y + 200), Qt.KeyboardModifier.ShiftModifier)

    assert window.context.selection.areas == (community.uid,)


def test_letters_of_another_size_come_into_force_at_once(window: MainWindow) -> None:
    before = window.tree.font().pixelSize()

    window.context.settings.set_value("font_scale", 200)

    assert (before, window.tree.font().pixelSize()) == (13, 26)


def test_menus_open_by_their_letters(window: MainWindow) -> None:
    titles = [action.text() for action in window.menuBar().actions()]

    assert titles == [
        "项目(&P)",
        "编辑(&E)",
        "视图(&V)",
        "地图(&M)",
        "工具(&T)",
        "调整方案(&L)",
        "人员(&O)",
        "问题(&I)",
        "出图(&C)",
        "发布(&B)",
        "帮助(&H)",
    ]


def test_a_file_that_is_no_project_is_refused_in_words(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    bad = tmp_path / "坏 文件.gpkg"
    bad.write_bytes(b"not a database" * 100)

    with qtbot.waitSignal(window.context.messages.told) as told:
        window.open_project(bad)

    assert "坏 文件.gpkg" in told.args[0].text
    assert not window.context.bridge.is_open


def test_a_bad_file_leaves_the_open_project_alone(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.gpkg"
    bad.write_bytes(b"x")

    with qtbot.waitSignal(window.context.messages.told):
        window.open_project(bad)

    assert window.context.bridge.name == "虚构市样例区"


def test_the_demo_city_opens_from_the_start_page(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()

    window.actions_table.action("file.demo").trigger()
    rest(qtbot, window)

    assert window.context.bridge.name == "虚构市样例区"
    assert window.map_panel.base_map is not None


def test_a_project_dropped_onto_the_window_opens(
    open_window: OpenWindow, qtbot: QtBot, demo_folder: Path
) -> None:
    window = open_window()

    drop(window, demo_folder / "demo.gpkg")
    rest(qtbot, window)

    assert window.context.bridge.is_open


def test_a_click_selects_the_area_shown_and_another_goes_deeper(window: MainWindow) -> None:
    snapshot = window.context.bridge.snapshot
    community = next(area for area in snapshot.areas() if area.name == "甲子社区")
    place = inner_place(snapshot, community)

    click(window, place)
    first = snapshot.area(window.context.selection.areas[0])
    click(window, place)
    second = snapshot.area(window.context.selection.areas[0])

    assert first.uid == community.uid
    assert second.parent == community.uid


def test_ctrl_adds_areas_and_escape_selects_nothing(window: MainWindow) -> None:
    snapshot = window.context.bridge.snapshot
    one, other = (
        next(area for area in snapshot.areas() if area.name == name)
        for name in ("甲子社区", "戊辰社区")
    )

    click(window, inner_place(snapshot, one))
    click(window, inner_place(snapshot, other), Qt.KeyboardModifier.ControlModifier)
    both = window.context.selection.areas
    press_key(window, Qt.Key.Key_Escape)

    assert both == (one.uid, other.uid)
    assert window.context.selection.now.is_empty


def test_a_rubber_band_selects_what_lies_wholly_in_it(window: MainWindow) -> None:
    extent = window.context.bridge.extent()
    assert extent is not None
    x0, y0, x1, y1 = extent

    drag(
        window,
        (x0 - 50, y1 + 50),
        (x1 + 50, y0 - 50),
        Qt.KeyboardModifier.ShiftModifier,
    )

    assert len(window.context.selection.areas) == 12


def test_a_drag_moves_the_map(window: MainWindow) -> None:
    before = window.map_panel.view.view
    place = (before.centre_x, before.centre_y)

    drag(window, place, (place[0] + 500, place[1]))

    after = window.map_panel.view.view
    assert after.centre_x == pytest.approx(before.centre_x - 500, abs=20)


def test_the_wheel_zooms_at_the_pointer(window: MainWindow, qtbot: QtBot) -> None:
    view = window.map_panel.view
    place, scale = view.view.place_of((300.0, 200.0)), view.view.metres_per_px

    turn = QWheelEvent(
        QPointF(300, 200),
        view.viewport().mapToGlobal(QPointF(300, 200)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), turn)

    assert view.view.px_of(place) == pytest.approx((300.0, 200.0))
    assert view.view.metres_per_px == pytest.approx(scale / 1.2)
    qtbot.waitUntil(view.is_sharp)


def test_hovering_shows_what_a_click_would_select(window: MainWindow) -> None:
    snapshot = window.context.bridge.snapshot
    community = next(area for area in snapshot.areas() if area.name == "甲子社区")

    hover(window, inner_place(snapshot, community))

    shown = window.map_panel.view.overlay.things("select")
    assert [thing.role for thing in shown if isinstance(thing, Outline)] == [Role.HOVER]


def test_a_click_shows_the_area_as_selected_and_no_longer_as_hovered(window: MainWindow) -> None:
    snapshot = window.context.bridge.snapshot
    community = next(area for area in snapshot.areas() if area.name == "甲子社区")

    click(window, inner_place(snapshot, community))

    overlay = window.map_panel.view.overlay
    assert overlay.things("select") == ()
    shown = overlay.things("0 selected")
    assert [one.role for one in shown if isinstance(one, Outline)] == [Role.SELECTED]


def test_hovering_a_border_names_both_its_owners(window: MainWindow, qtbot: QtBot) -> None:
    snapshot = window.context.bridge.snapshot
    border, place = border_with_vertex(snapshot, "micro_grid")
    window.map_panel.view.look(window.map_panel.view.view.centred(place).at_scale_number(1500))
    qtbot.waitUntil(window.map_panel.view.is_sharp)
    owners = [snapshot.owning_area(side) for side in (border.left, border.right)]

    hover(window, place)

    things = window.map_panel.view.overlay.things("select")
    tags = [thing.rows for thing in things if isinstance(thing, Tag)]
    assert tags == [[(owner.name,) for owner in owners if owner is not None]]


def test_colouring_by_households_comes_with_its_legend(window: MainWindow) -> None:
    window.actions_table.action("view.households").trigger()
    with_households = window.map_panel.legend.isVisible(), window.map_panel.legend.words
    window.actions_table.action("view.plain").trigger()

    assert with_households == (
        True,
        ["户数少于标准", "在标准之内", "户数多于标准", "户数未知或没有标准"],
    )
    assert not window.map_panel.legend.isVisible()


def test_keys_alone_select_an_area(window: MainWindow) -> None:
    window.map_panel.view.setFocus()

    press_key(window, Qt.Key.Key_Right)
    for _ in range(6):
        press_key(window, Qt.Key.Key_Plus)
    press_key(window, Qt.Key.Key_Down)
    press_key(window, Qt.Key.Key_Return)

    assert len(window.context.selection.areas) == 1


def test_the_map_shows_its_focus_when_it_came_by_tab(window: MainWindow) -> None:
    window.search_box.setFocus()
    window.map_panel.view.setFocus(Qt.FocusReason.TabFocusReason)

    assert window.map_panel.view.overlay.is_focused


def test_the_map_keeps_its_size_whatever_the_status_line_says(window: MainWindow) -> None:
    size = window.map_panel.view.size()

    window.status_line.snapped("边界线")
    window.place_line.show_place((0.0, 0.0))
    QApplication.processEvents()

    assert window.map_panel.view.size() == size


def test_undo_and_redo_by_keys(window: MainWindow) -> None:
    bridge = window.context.bridge
    area = area_named(bridge.snapshot, "第一网格", "甲子社区")
    bridge.execute(SetField(area.uid, "name", "一号网格"))

    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    undone = bridge.snapshot.area(area.uid).name
    QTest.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)

    assert undone == "第一网格"
    assert bridge.snapshot.area(area.uid).name == "一号网格"


def test_an_action_that_cannot_be_done_says_why(open_window: OpenWindow) -> None:
    window = open_window()
    action = window.actions_table.action("edit.undo")

    assert not action.isEnabled()
    assert "没有打开的项目。" in action.toolTip()


def test_a_project_that_is_locked_can_be_read_and_says_so(
    open_window: OpenWindow, qtbot: QtBot, demo_folder: Path
) -> None:
    with Session.open(demo_folder / "demo.gpkg", write=True):
        window = open_window(demo_folder / "demo.gpkg")
        was_shown = window.banner.isVisible()
        is_refused = not window.actions_table.action("tool.adjust").isEnabled()

    window.banner.retried.emit()
    qtbot.waitUntil(lambda: window.context.bridge.is_open)
    rest(qtbot, window)

    assert (was_shown, is_refused) == (True, True)
    assert not window.banner.isVisible()
    assert window.actions_table.action("tool.adjust").isEnabled()


def test_workspaces_keep_their_own_layout(window: MainWindow) -> None:
    window.docks["history"].hide()
    window.choose_workspace("checks")
    in_checks = window.docks["history"].isHidden()
    window.choose_workspace("boundaries")

    assert not in_checks
    assert window.docks["history"].isHidden()


def test_the_window_stands_next_time_as_it_was_left(
    open_window: OpenWindow, qtbot: QtBot, demo_folder: Path
) -> None:
    first = open_window(demo_folder / "demo.gpkg")
    first.docks["history"].hide()
    first.close()
    qtbot.waitUntil(lambda: not first.isVisible())

    second = open_window()
    second.restore()
    second.open_project(demo_folder / "demo.gpkg")
    rest(qtbot, second)

    assert second.docks["history"].isHidden()
    assert not second.docks["inspector"].isHidden()


def test_closing_during_a_job_asks_and_waits_for_its_end(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)

    def work(progress: object) -> None:
        while True:
            progress.check()  # type: ignore[attr-defined]

    window.context.jobs.start("导入", work, on_cancelled=lambda: ended.append("cancelled"))
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())

    assert ended == ["cancelled"]


def test_closing_during_a_job_can_be_thought_better_of(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.No)

    def work(progress: object) -> None:
        while True:
            progress.check()  # type: ignore[attr-defined]

    job = window.context.jobs.start("导入", work)
    window.close()
    stays = window.isVisible()
    with qtbot.waitSignal(job.ended):
        job.cancel()

    assert stays
    assert window.context.bridge.is_open


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_can_be_switched_while_the_window_is_open(
    window: MainWindow, qtbot: QtBot, theme: str
) -> None:
    window.context.settings.set_value("theme", theme)
    qtbot.waitUntil(window.map_panel.view.is_sharp)

    assert window.map_panel.style_now().theme == theme


def test_what_an_undo_took_away_can_stay_selected_and_be_looked_for(
    window: MainWindow,
) -> None:
    bridge = window.context.bridge
    community = area_named(bridge.snapshot, "甲子社区", "子虚街道")
    done = bridge.execute(Create(level="grid", parent=community.uid, code=None, name="新网格"))
    assert done is not None
    (made,) = [area for area in bridge.snapshot.areas() if area.name == "新网格"]
    before = window.map_panel.view.view
    window.context.selection.select_areas([made.uid])

    window.undoing.undo()
    window.map_panel.zoom_selection()

    assert made.uid not in bridge.snapshot.rows("area")
    assert window.map_panel.view.view == before


def test_gestures_of_another_day_are_taken_back_beside_the_window(
    open_window: OpenWindow, qtbot: QtBot, demo_folder: Path
) -> None:
    path = demo_folder / "demo.gpkg"
    with Session.open(path, write=True) as session:
        root = session.snapshot.root.uid
        for name in ("甲区", "乙区"):
            session.document.execute(SetField(root, "name", name))
    window = open_window(path)
    bridge = window.context.bridge

    window.undoing.undo()
    window.undoing.undo()
    waits = bridge.snapshot.root.name
    qtbot.waitUntil(lambda: bridge.long_change is None)
    undone = bridge.snapshot.root.name
    window.undoing.redo()
    qtbot.waitUntil(lambda: bridge.long_change is None)

    assert (waits, undone, bridge.snapshot.root.name) == ("乙区", "虚构市样例区", "甲区")


def test_undo_in_a_worker_says_when_there_is_nothing_more(
    open_window: OpenWindow, qtbot: QtBot, demo_folder: Path
) -> None:
    path = demo_folder / "demo.gpkg"
    with Session.open(path, write=True) as session:
        session.document.execute(SetField(session.snapshot.root.uid, "name", "甲区"))
    window = open_window(path)
    said: list[str] = []
    window.context.messages.told.connect(lambda message: said.append(message.text))

    window.undoing.undo()
    window.undoing.undo()
    qtbot.waitUntil(lambda: window.context.bridge.long_change is None)

    assert said == ["已撤销。", "没有可以撤销的操作。"]


def test_an_area_chosen_in_the_search_gives_the_keys_to_the_map(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.tree.setFocus()
    window.actions_table.action("edit.search").trigger()
    qtbot.waitUntil(lambda: window.search_box.is_ready, timeout=30_000)
    QTest.keyClicks(window.search_box, "990001001")
    qtbot.waitUntil(window.search_box.popup.isVisible, timeout=5_000)

    QTest.keyClick(window.search_box, Qt.Key.Key_Return)

    assert window.context.selection.area is not None
    assert window.focusWidget() is window.map_panel.view
