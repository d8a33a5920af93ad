"""Splitting into parts, merging and simplifying by their dialogs, through the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QTableWidgetItem
from pytestqt.qtbot import QtBot

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area
from gridadmin.partition.snapshot import Snapshot
from tests.ui.mapping import first_drawn
from ui.canvas.overlay import Outline, Role, Tag
from ui.dialogs.merge_dialog import MergeDialog
from ui.dialogs.preview_dialog import PreviewDialog
from ui.dialogs.simplify_dialog import SimplifyDialog
from ui.dialogs.split_dialog import SplitDialog
from ui.main_window import MainWindow


def opened(window: MainWindow, qtbot: QtBot, key: str, kind: type[PreviewDialog]) -> PreviewDialog:
    """Return the dialog of an action, its first preview shown."""
    window.actions_table.action(key).trigger()
    dialog = window.findChild(kind)
    assert dialog is not None
    shown(dialog, qtbot)
    return dialog


def shown(dialog: PreviewDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(dialog.main_button.isEnabled, timeout=20_000)


def cell(dialog: SplitDialog, row: int, column: int) -> QTableWidgetItem:
    item = dialog.table.item(row, column)
    assert item is not None
    return item


def carry_out(window: MainWindow, dialog: PreviewDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.carried_out, timeout=20_000):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=20_000)


def preview(window: MainWindow) -> list[Outline]:
    things = window.map_panel.view.overlay.things("n preview")
    return [thing for thing in things if isinstance(thing, Outline)]


@pytest.fixture
def grid(window: MainWindow) -> Area:
    """A grid that has micro-grids, selected."""
    snapshot = window.context.bridge.snapshot
    area = snapshot.area(first_drawn(snapshot, "micro_grid").parent or "")
    window.context.selection.select_areas([area.uid])
    return area


@pytest.mark.usefixtures("grid")
def test_parts_are_shown_with_their_figures_before_anything_is_done(
    window: MainWindow, qtbot: QtBot
) -> None:
    dialog = opened(window, qtbot, "edit.split_parts", SplitDialog)
    assert isinstance(dialog, SplitDialog)

    dialog.parts.setValue(3)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 3, timeout=20_000)

    tags = window.map_panel.view.overlay.things("n preview")
    assert len([thing for thing in tags if isinstance(thing, Tag)]) == 3
    assert all("户" in cell(dialog, row, 1).text() for row in range(3))
    assert window.context.bridge.snapshot.revision == 0
    dialog.reject()
    assert preview(window) == []


@pytest.mark.usefixtures("grid")
def test_a_dialog_that_was_left_hears_no_more_of_the_project(
    window: MainWindow, qtbot: QtBot
) -> None:
    dialog = opened(window, qtbot, "edit.split_parts", SplitDialog)

    dialog.reject()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window.close_project()

    assert not window.context.bridge.is_open


@pytest.mark.usefixtures("grid")
def test_a_dialog_that_qt_took_away_hears_no_more_of_the_project(
    window: MainWindow, qtbot: QtBot
) -> None:
    dialog = opened(window, qtbot, "edit.split_parts", SplitDialog)

    dialog.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window.close_project()

    assert not window.context.bridge.is_open


@pytest.mark.usefixtures("grid")
def test_a_window_closed_while_parts_are_being_made_takes_the_dialog_along(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    dialog = opened(window, qtbot, "edit.split_parts", SplitDialog)

    QTest.keyClick(dialog, Qt.Key.Key_Return)
    window.close()
    qtbot.waitUntil(window.isHidden, timeout=20_000)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    assert window.findChild(SplitDialog) is None


@pytest.mark.usefixtures("grid")
def test_a_dialog_leaves_the_land_in_sight_that_it_is_about(
    window: MainWindow, grid: Area, qtbot: QtBot
) -> None:
    panel = window.map_panel
    box = window.context.bridge.box_of_area(grid.uid)
    assert box is not None
    # The grid fills the map, so no edge of the window is free.
    panel.zoom_selection()

    dialog = opened(window, qtbot, "edit.split_parts", SplitDialog)

    view = panel.view.view
    (left, top), (right, bottom) = view.px_of((box[0], box[3])), view.px_of((box[2], box[1]))
    seen = QRect(QPoint(round(left), round(top)), QPoint(round(right), round(bottom)))
    on_screen = seen.translated(panel.mapToGlobal(QPoint()))
    assert panel.rect().contains(seen)
    assert not seen.intersects(panel.palette_box.geometry())
    assert not on_screen.intersects(dialog.frameGeometry())
    dialog.reject()


@pytest.mark.usefixtures("grid")
def test_after_an_undone_split_no_vanished_part_stays_selected(
    window: MainWindow, grid: Area, qtbot: QtBot
) -> None:
    dialog = opened(window, qtbot, "edit.split_parts", SplitDialog)
    carry_out(window, dialog, qtbot)
    merge = window.actions_table.action("edit.merge")
    assert (len(window.context.selection.areas), merge.isEnabled()) == (2, True)

    window.undoing.undo()

    assert window.context.selection.areas == (grid.uid,)
    assert not merge.isEnabled()


@pytest.mark.usefixtures("grid")
def test_parts_are_made_in_one_gesture_with_the_names_given(
    window: MainWindow, qtbot: QtBot
) -> None:
    dialog = opened(window, qtbot, "edit.split_parts", SplitDialog)
    assert isinstance(dialog, SplitDialog)
    fresh = next(
        row
        for row in range(dialog.table.rowCount())
        if cell(dialog, row, 0).flags() & Qt.ItemFlag.ItemIsEditable
    )
    cell(dialog, fresh, 0).setText("虚构新网格")
    shown(dialog, qtbot)

    carry_out(window, dialog, qtbot)

    snapshot = window.context.bridge.snapshot
    assert snapshot.revision == 1
    assert len(window.context.selection.areas) == 2
    assert "虚构新网格" in {snapshot.area(uid).name for uid in window.context.selection.areas}


@pytest.mark.usefixtures("grid")
def test_enter_in_a_field_of_figures_makes_the_parts_and_keeps_their_names(
    window: MainWindow, qtbot: QtBot
) -> None:
    dialog = opened(window, qtbot, "edit.split_parts", SplitDialog)
    assert isinstance(dialog, SplitDialog)
    fresh = next(
        row
        for row in range(dialog.table.rowCount())
        if cell(dialog, row, 0).flags() & Qt.ItemFlag.ItemIsEditable
    )
    cell(dialog, fresh, 0).setText("虚构新网格")
    shown(dialog, qtbot)

    with qtbot.waitSignal(dialog.carried_out, timeout=20_000):
        QTest.keyClick(dialog.parts, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=20_000)

    snapshot = window.context.bridge.snapshot
    assert "虚构新网格" in {snapshot.area(uid).name for uid in window.context.selection.areas}
    assert QApplication.focusWidget() is window.map_panel.view


@pytest.mark.usefixtures("grid")
def test_an_area_is_split_along_its_roads(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot, "edit.split_parts", SplitDialog)
    assert isinstance(dialog, SplitDialog)

    dialog.way.setCurrentIndex(dialog.way.findData("roads"))
    shown(dialog, qtbot)
    count = dialog.table.rowCount()
    carry_out(window, dialog, qtbot)

    assert count > 1
    assert len(window.context.selection.areas) == count
    assert window.context.bridge.snapshot.revision == 1


@pytest.mark.usefixtures("grid")
def test_what_can_t_be_split_is_said_in_the_dialog(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot, "edit.split_parts", SplitDialog)
    assert isinstance(dialog, SplitDialog)

    dialog.way.setCurrentIndex(dialog.way.findData("railways"))
    qtbot.waitUntil(lambda: "没有可用的道路" in dialog.reason.said, timeout=20_000)

    assert not dialog.main_button.isEnabled()
    assert dialog.table.rowCount() == 0
    dialog.reject()


@pytest.fixture
def neighbours(window: MainWindow) -> tuple[Area, Area]:
    """Two grids of one community that share a border, the older one first; both selected."""
    snapshot = window.context.bridge.snapshot
    one = snapshot.area(first_drawn(snapshot, "micro_grid").parent or "")
    outline = {b.id for b in snapshot.partition.outline(oid_of(one.uid))}
    other = next(
        area
        for area in snapshot.children(one.parent)
        if area.uid != one.uid
        and outline & {b.id for b in snapshot.partition.outline(oid_of(area.uid))}
    )
    older, younger = sorted((one, other), key=lambda area: area.uid)
    window.context.selection.select_areas([younger.uid, older.uid])
    return older, younger


def test_the_oldest_stays_unless_another_one_is_chosen(
    window: MainWindow, neighbours: tuple[Area, Area], qtbot: QtBot
) -> None:
    older, younger = neighbours
    snapshot = window.context.bridge.snapshot
    total = sum(snapshot.land_twice_mm2(area.uid) for area in neighbours)
    dialog = opened(window, qtbot, "edit.merge", MergeDialog)
    assert isinstance(dialog, MergeDialog)
    assert dialog.name.text() == older.name
    below = len(snapshot.children(younger.uid))
    assert dialog.hanging.said.startswith(f"下级区域 {below} 个")

    QTest.keyClick(dialog.buttons[0], Qt.Key.Key_Down)
    assert dialog.name.text() == younger.name
    dialog.name.setText("虚构合并网格")
    shown(dialog, qtbot)
    roles = [outline.role for outline in preview(window)]
    carry_out(window, dialog, qtbot)

    after = window.context.bridge.snapshot
    assert roles == [Role.BEFORE, Role.AFTER]
    assert window.context.selection.area == younger.uid
    assert after.area(younger.uid).name == "虚构合并网格"
    assert after.area(older.uid).valid_to is not None
    assert after.land_twice_mm2(younger.uid) == total


def test_areas_that_don_t_touch_are_refused_with_the_reason(
    window: MainWindow, qtbot: QtBot
) -> None:
    snapshot = window.context.bridge.snapshot
    communities = sorted(
        (a for a in snapshot.areas() if a.level == "community"), key=lambda a: a.code or ""
    )
    window.context.selection.select_areas([communities[0].uid, communities[-1].uid])
    window.actions_table.action("edit.merge").trigger()
    dialog = window.findChild(MergeDialog)
    assert dialog is not None

    qtbot.waitUntil(lambda: "上级" in dialog.reason.said, timeout=20_000)

    assert not dialog.main_button.isEnabled()
    dialog.reject()


def test_simplifying_tells_its_effect_and_is_one_step(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot, "edit.simplify", SimplifyDialog)
    assert isinstance(dialog, SimplifyDialog)
    assert dialog.everything.isChecked()
    assert not dialog.selected.isEnabled()

    dialog.distance.setValue(2.0)
    shown(dialog, qtbot)
    said = dialog.figures.said
    carry_out(window, dialog, qtbot)
    window.undoing.undo()
    qtbot.waitUntil(lambda: window.context.bridge.snapshot.revision == 2, timeout=20_000)

    assert "条边界去掉" in said
    assert "最大移动" in said


@pytest.mark.usefixtures("grid")
def test_only_what_is_selected_is_simplified(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot, "edit.simplify", SimplifyDialog)
    assert isinstance(dialog, SimplifyDialog)
    assert dialog.selected.isChecked()

    dialog.distance.setValue(3.0)
    shown(dialog, qtbot)
    few = dialog.shown
    dialog.everything.click()
    shown(dialog, qtbot)
    many = dialog.shown
    dialog.reject()

    assert few is not None
    assert many is not None
    assert len(few.change.rows) < len(many.change.rows)


def touch(snapshot: Snapshot, one: str, other: str) -> bool:
    sides = {oid_of(other), *(oid_of(below.uid) for below in snapshot.descendants(other))}
    return any(
        sides & {border.left, border.right} for border in snapshot.partition.outline(oid_of(one))
    )


def test_a_merge_of_communities_asks_for_number_and_day_of_the_document(
    window: MainWindow, qtbot: QtBot
) -> None:
    snapshot = window.context.bridge.snapshot
    first = first_drawn(snapshot, "community")
    siblings = sorted(snapshot.child_uids(first.parent or ""))
    pair = next(
        sorted((first.uid, other))
        for other in siblings
        if other != first.uid and touch(snapshot, first.uid, other)
    )
    window.context.selection.select_areas(pair)
    dialog = opened(window, qtbot, "edit.merge", MergeDialog)
    assert isinstance(dialog, MergeDialog)
    assert dialog.papers is not None
    dialog.papers.day.setText("gestern")
    assert dialog.reason.text() == "日期写成 2026-12-31 的样子。"
    dialog.papers.day.setText("2026-01-05")
    dialog.papers.number.setText("No. 1")
    shown(dialog, qtbot)

    carry_out(window, dialog, qtbot)

    (line,) = window.context.bridge.snapshot.linked("lineage", min(pair))
    assert (line.document, line.date) == ("No. 1", "2026-01-05")


@pytest.mark.usefixtures("grid")
def test_a_split_of_grids_asks_for_no_document(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot, "edit.split_parts", SplitDialog)
    assert isinstance(dialog, SplitDialog)
    assert dialog.papers is None
    dialog.reject()


def test_a_split_of_a_community_keeps_its_document(window: MainWindow, qtbot: QtBot) -> None:
    community = first_drawn(window.context.bridge.snapshot, "community")
    window.context.selection.select_areas([community.uid])
    dialog = opened(window, qtbot, "edit.split_parts", SplitDialog)
    assert isinstance(dialog, SplitDialog)
    assert dialog.papers is not None
    dialog.papers.number.setText("No. 1")
    shown(dialog, qtbot)

    carry_out(window, dialog, qtbot)

    lines = window.context.bridge.snapshot.linked("lineage", community.uid)
    assert {line.document for line in lines} == {"No. 1"}
