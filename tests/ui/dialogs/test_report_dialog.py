from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.hands import tap
from ui.dialogs import report_dialog
from ui.dialogs.report_dialog import ReportDialog, report_text, show_fault
from ui.logs import log_folder, log_path

FAULT = 'Traceback (most recent call last):\n  File "/home/someone/x.py"\nValueError: 示例'


@pytest.fixture
def log() -> Path:
    log_folder().mkdir(parents=True, exist_ok=True)
    log_path().write_text("第一行\n打开 /home/someone/a.gpkg\n", encoding="utf-8")
    return log_path()


@pytest.fixture
def dialog(qtbot: QtBot, log: Path) -> ReportDialog:
    assert log.is_file()
    made = ReportDialog(FAULT)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.usefixtures("log")
def test_a_report_has_versions_fault_and_log_without_names() -> None:
    text = report_text(FAULT)
    assert text.startswith("gridadmin 0.")
    assert "ValueError: 示例" in text
    assert text.endswith("第一行\n打开 /home/***/a.gpkg")
    assert "someone" not in text


def test_the_dialog_says_that_the_project_is_in_order(dialog: ReportDialog) -> None:
    assert dialog.windowTitle() == "程序出了故障"
    assert "项目没有损坏" in dialog._words()
    assert dialog.focusWidget() is dialog.go_on_button


def test_the_report_is_copied(dialog: ReportDialog) -> None:
    tap(dialog.copy_button)
    assert QGuiApplication.clipboard().text() == dialog.text.toPlainText()
    assert dialog.told.text() == "已复制。"


def test_the_report_is_saved(dialog: ReportDialog, chinese_dir: Path) -> None:
    path = chinese_dir / "报告.txt"
    dialog.save(path)
    assert path.read_text(encoding="utf-8") == dialog.text.toPlainText()
    assert dialog.told.text() == f"已保存到“{path}”。"


def test_a_report_that_cant_be_saved_says_why(dialog: ReportDialog, chinese_dir: Path) -> None:
    dialog.save(chinese_dir / "没有的" / "报告.txt")
    assert dialog.told.text().startswith(f"无法写入“{chinese_dir / '没有的' / '报告.txt'}”：")


def test_going_on_closes_the_dialog(dialog: ReportDialog) -> None:
    tap(dialog.go_on_button)
    assert not dialog.isVisible()
    assert not dialog.wants_quit


def test_quitting_is_asked_for(dialog: ReportDialog) -> None:
    tap(dialog.quit_button)
    assert not dialog.isVisible()
    assert dialog.wants_quit


@pytest.mark.usefixtures("log")
def test_without_a_fault_there_is_nothing_to_quit_for(qtbot: QtBot) -> None:
    dialog = ReportDialog(None)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.windowTitle() == "报告故障"
    assert dialog.quit_button.isHidden()
    assert "Traceback" not in dialog.text.toPlainText()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(("button", "closed"), [("go_on_button", 0), ("quit_button", 1)])
def test_a_fault_waits_for_the_user_and_quits_when_wanted(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, button: str, closed: int
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(QApplication, "closeAllWindows", lambda: calls.append("close"))
    monkeypatch.setattr(QApplication, "exit", lambda code: calls.append(str(code)))
    monkeypatch.setattr(report_dialog, "_PATIENCE_MS", 0)

    def answer() -> None:
        shown = QApplication.activeModalWidget()
        assert isinstance(shown, ReportDialog)
        tap(getattr(shown, button))

    QTimer.singleShot(0, answer)
    show_fault(FAULT)
    qtbot.waitUntil(lambda: calls == ["close", "1"] * closed)
