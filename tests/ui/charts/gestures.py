"""What hands do in the workspace of charts, and what is waited for."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from gridadmin.chart.drawing import DrawWords
from tests.ui.finding import part
from ui.charts.panel import ChartPanel
from ui.charts.sheets import Sheets
from ui.main_window import MainWindow

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def settle(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until the sheet is made and painted."""
    sheets = window.charts.sheets
    qtbot.waitUntil(
        lambda: (
            (sheets.page is not None or bool(sheets.fault))
            and not sheets.is_busy
            and (sheets.page is None or window.charts.panel.view.is_sharp)
        ),
        timeout=60_000,
    )


def choose(panel: ChartPanel, name: str, words: str) -> None:
    """Choose a line of a list by its words, with the keyboard."""
    box = part(panel, QComboBox, name)
    row = next(row for row in range(box.count()) if box.itemText(row).strip() == words)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(row):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentIndex() == row


def commit(edit: QLineEdit, text: str) -> None:
    """Type Chinese, as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(edit, event)


def words_of(sheets: Sheets) -> set[str]:
    """Return all words on the page that is looked at."""
    assert sheets.page is not None
    calls = sheets.page.drawing.calls
    return {call.words.text for call in calls if isinstance(call, DrawWords)}


def drag(
    panel: ChartPanel, begin: QPointF, shift: QPoint, keys: Qt.KeyboardModifier = NONE
) -> None:
    """Drag on the preview from one place by so many pixels."""
    view, start = panel.view, begin.toPoint()
    QTest.mouseMove(view, start)
    QTest.mousePress(view, LEFT, keys, start)
    for step in range(1, 5):
        QTest.mouseMove(view, start + shift * step / 4)
    QTest.mouseRelease(view, LEFT, keys, start + shift)


def choose_in(box: QComboBox, words: str) -> None:
    """Choose a line of a list by its words, with the keyboard."""
    row = box.findText(words)
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(row):
        QTest.keyClick(box, Qt.Key.Key_Down)
