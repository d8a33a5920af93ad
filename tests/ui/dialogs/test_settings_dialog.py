import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.finding import part
from tests.ui.hands import tap
from ui.context import Context
from ui.dialogs.settings_dialog import SettingsDialog
from ui.settings import TABLE, Settings


@pytest.fixture
def dialog(qtbot: QtBot, context: Context) -> SettingsDialog:
    made = SettingsDialog(context)
    qtbot.addWidget(made)
    made.show()
    return made


def test_every_setting_with_words_has_a_field_with_a_name(dialog: SettingsDialog) -> None:
    for setting in TABLE:
        field = dialog.findChild(QWidget, f"setting_{setting.key}")
        assert (field is not None) == bool(setting.words), setting.key
        if field is not None:
            assert field.accessibleName() == setting.words


def test_a_choice_counts_at_once(qtbot: QtBot, dialog: SettingsDialog, context: Context) -> None:
    box = part(dialog, QComboBox, "setting_theme")
    assert [box.itemText(row) for row in range(box.count())] == ["跟随系统", "浅色", "深色"]
    with qtbot.waitSignal(context.settings.changed) as changed:
        QTest.keyClick(box, Qt.Key.Key_End)
    assert changed.args == ["theme"]
    assert context.settings.value("theme") == "dark"
    assert Settings(context.settings._path).value("theme") == "dark"


def test_a_switch_counts_at_once(dialog: SettingsDialog, context: Context) -> None:
    switch = part(dialog, QCheckBox, "setting_show_basemap")
    assert switch.isChecked()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert context.settings.value("show_basemap") is False


def test_numbers_stay_within_their_bounds(dialog: SettingsDialog, context: Context) -> None:
    whole = part(dialog, QSpinBox, "setting_snap_px")
    assert (whole.minimum(), whole.maximum()) == (4, 40)
    whole.setValue(100)
    assert context.settings.value("snap_px") == 40
    exact = part(dialog, QDoubleSpinBox, "setting_nudge_m")
    exact.setValue(0.25)
    assert context.settings.value("nudge_m") == 0.25


def test_text_counts_when_its_field_is_left(dialog: SettingsDialog, context: Context) -> None:
    field = part(dialog, QLineEdit, "setting_proxy_address")
    QTest.keyClicks(field, " 10.1.2.3:8080 ")
    assert context.settings.value("proxy_address") == ""
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert context.settings.value("proxy_address") == "10.1.2.3:8080"


def test_file_is_chosen_or_taken_away(
    dialog: SettingsDialog, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/证书/机构.pem", ""))
    field = part(dialog, QLineEdit, "setting_ca_file")
    choose = next(one for one in field.actions() if one.toolTip() == "选择文件…")
    choose.trigger()
    assert context.settings.value("ca_file") == "/证书/机构.pem"
    field.clear()
    assert context.settings.value("ca_file") == ""


def test_a_change_from_elsewhere_is_shown(dialog: SettingsDialog, context: Context) -> None:
    context.settings.set_value("show_labels", False)
    assert not part(dialog, QCheckBox, "setting_show_labels").isChecked()
    context.settings.set_value("tour_seen", True)


def test_all_can_be_put_back(dialog: SettingsDialog, context: Context) -> None:
    context.settings.set_value("snap_px", 20)
    context.settings.set_value("theme", "dark")
    context.settings.set_value("tour_seen", True)
    tap(dialog.reset_button)
    assert context.settings.value("snap_px") == 10
    assert part(dialog, QSpinBox, "setting_snap_px").value() == 10
    assert part(dialog, QComboBox, "setting_theme").currentText() == "跟随系统"
    assert context.settings.value("tour_seen") is True


def test_what_needs_a_restart_says_so(dialog: SettingsDialog) -> None:
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert "界面文字所用的语言。重启后生效。" in words
    assert sum("重启后生效。" in text for text in words) == sum(one.needs_restart for one in TABLE)


def test_fields_stand_in_one_line(dialog: SettingsDialog) -> None:
    fields = [
        *dialog.findChildren(QComboBox, "setting_theme"),
        *dialog.findChildren(QSpinBox),
        *dialog.findChildren(QDoubleSpinBox),
    ]
    assert len({field.mapTo(dialog, field.rect().topLeft()).x() for field in fields}) == 1
