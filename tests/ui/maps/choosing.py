"""Choices in boxes, and pointer and keys over further maps."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from ui.canvas.view import MapView
from ui.canvas.viewport import Place
from ui.main_window import MainWindow
from ui.maps.second_map import SecondMap

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def choose(box: QComboBox, value: object) -> None:
    """Choose a value in a box by keys."""
    row = next(n for n in range(box.count()) if box.itemData(n) == value)
    box.setFocus()
    key = Qt.Key.Key_Down if row > box.currentIndex() else Qt.Key.Key_Up
    for _ in range(abs(row - box.currentIndex())):
        QTest.keyClick(box, key)
    assert box.currentData() == value
    QApplication.processEvents()


def pixel(view: MapView, place: Place) -> QPoint:
    """Return the pixel of a place."""
    x, y = view.view.px_of(place)
    return QPoint(round(x), round(y))


def hover(view: MapView, place: Place) -> None:
    """Move the pointer to a place; without a screen the window above would get a move of QTest."""
    here, port = QPointF(pixel(view, place)), view.viewport()
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        here,
        QPointF(port.mapToGlobal(here)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        NONE,
    )
    QApplication.sendEvent(port, move)


def click(view: MapView, place: Place) -> None:
    """Click a place of a map."""
    hover(view, place)
    QTest.mouseClick(view.viewport(), LEFT, NONE, pixel(view, place))
    QApplication.processEvents()


def drag(view: MapView, start: QPoint, by: QPoint) -> None:
    """Drag a map by so many pixels."""
    port = view.viewport()
    QTest.mousePress(port, LEFT, NONE, start)
    for step in range(1, 5):
        QTest.mouseMove(port, start + by * step / 4)
        QApplication.processEvents()
    QTest.mouseRelease(port, LEFT, NONE, start + by)
    QApplication.processEvents()


def second_map(qtbot: QtBot, window: MainWindow) -> SecondMap:
    """Open the second map and wait for its picture."""
    window.actions_table.action("map.second").trigger()
    second = window.maps.second
    assert second is not None
    qtbot.waitUntil(second.map.view.is_sharp, timeout=20_000)
    return second
