"""F6 between the map and the details."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import rest
from tests.ui.mapping import first_drawn
from ui.main_window import MainWindow


def test_f6_goes_to_the_details_and_back_to_the_map(qtbot: QtBot, window: MainWindow) -> None:
    grid = first_drawn(window.context.bridge.snapshot, "grid")
    window.context.selection.select_areas([grid.uid])
    rest(qtbot, window)
    window.docks["inspector"].hide()
    view = window.map_panel.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_F6)

    holder = QApplication.focusWidget()
    assert holder is not None
    assert window.inspector.isAncestorOf(holder)
    assert window.docks["inspector"].isVisible()

    QTest.keyClick(holder, Qt.Key.Key_F6)
    assert view.hasFocus()
