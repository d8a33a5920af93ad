"""Normal times and emergency: the dialog, the banner, the way back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gridadmin.edit.people_records import PutRecord
from gridadmin.staffing.book import mode_on
from tests.ui.hands import tap
from tests.ui.people.acting import dialog_of, key
from tests.ui.people.conftest import known
from ui.main_window import MainWindow
from ui.people.mode_form import ModeForm
from ui.people.staff import today


def rows(form: ModeForm) -> list[str]:
    """Return the lines of the differences."""
    return [form.list.item(row).text() for row in range(form.list.count())]


def test_the_switch_needs_a_reason_and_shows_what_changes(staffed: MainWindow) -> None:
    bridge = staffed.context.bridge
    bridge.execute(PutRecord("organization", {"name": "虚构突击队", "mode": "emergency"}))
    staffed.actions_table.action("people.mode").trigger()
    form = dialog_of(staffed, ModeForm)

    assert form.mode.currentData() == "emergency"
    assert not form.act_button.isEnabled()
    assert "开始起作用" in rows(form)
    assert any("虚构突击队" in row for row in rows(form))
    form.reject()


def test_the_emergency_shows_a_banner_until_it_is_switched_back(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    banner = staffed.people.modes.banner
    assert not banner.isVisible()
    staffed.actions_table.action("people.mode").trigger()
    form = dialog_of(staffed, ModeForm)
    QTest.keyClicks(form.note, "drill")
    key(form.note, Qt.Key.Key_Return)
    known(qtbot, staffed)

    assert mode_on(staffed.context.bridge.snapshot, today()) == "emergency"
    assert banner.isVisible()
    assert banner.said.whole_text() == f"现在是战时模式 · {today()} 起 · drill"

    tap(banner.button)
    form = dialog_of(staffed, ModeForm)
    assert form.mode.currentData() == "normal"
    QTest.keyClicks(form.note, "over")
    key(form.note, Qt.Key.Key_Return)
    assert not banner.isVisible()
    staffed.context.bridge.undo()
    assert banner.isVisible()


def focused(window: MainWindow) -> QWidget:
    """Return what has the keys, once the window is in front again: without a screen nobody does."""
    window.activateWindow()
    QApplication.processEvents()
    found = QApplication.focusWidget()
    assert found is not None
    return found


def switch(window: MainWindow) -> None:
    """Switch to the other mode, by keys."""
    window.actions_table.action("people.mode").trigger()
    form = dialog_of(window, ModeForm)
    QTest.keyClicks(form.note, "drill")
    key(form.note, Qt.Key.Key_Return)


def test_ctrl_z_takes_a_switch_back_in_both_modes(staffed: MainWindow) -> None:
    bridge, control = staffed.context.bridge, Qt.KeyboardModifier.ControlModifier
    switch(staffed)
    key(focused(staffed), Qt.Key.Key_Z, control)
    assert mode_on(bridge.snapshot, today()) == "normal"
    key(focused(staffed), Qt.Key.Key_Y, control)
    assert mode_on(bridge.snapshot, today()) == "emergency"

    switch(staffed)
    assert mode_on(bridge.snapshot, today()) == "normal"
    key(focused(staffed), Qt.Key.Key_Z, control)
    assert mode_on(bridge.snapshot, today()) == "emergency"


def test_ctrl_z_in_a_field_takes_back_what_was_typed_first(staffed: MainWindow) -> None:
    bridge, control = staffed.context.bridge, Qt.KeyboardModifier.ControlModifier
    switch(staffed)
    staffed.activateWindow()
    staffed.actions_table.action("people.find").trigger()
    field = focused(staffed)
    assert field.objectName() == "seat_field"
    QTest.keyClicks(field, "w")

    key(field, Qt.Key.Key_Z, control)
    assert mode_on(bridge.snapshot, today()) == "emergency"
    key(field, Qt.Key.Key_Z, control)
    assert mode_on(bridge.snapshot, today()) == "normal"
    key(field, Qt.Key.Key_Y, control)
    # What was typed comes back first, for it can.
    assert mode_on(bridge.snapshot, today()) == "normal"
    key(field, Qt.Key.Key_Y, control)
    assert mode_on(bridge.snapshot, today()) == "emergency"


def test_closing_the_project_takes_the_banner_away(staffed: MainWindow) -> None:
    staffed.actions_table.action("people.mode").trigger()
    form = dialog_of(staffed, ModeForm)
    QTest.keyClicks(form.note, "drill")
    key(form.note, Qt.Key.Key_Return)
    assert staffed.people.modes.banner.isVisible()

    staffed.close_project()

    assert not staffed.people.modes.banner.isVisible()
