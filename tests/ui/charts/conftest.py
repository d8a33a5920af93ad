"""The demo city as a project that a test may write into."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridadmin.app.demo import write_demo
from tests.ui.charts.gestures import settle
from ui.charts.panel import ChartPanel
from ui.main_window import MainWindow


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city with its base map, to be read."""
    folder = tmp_path_factory.mktemp("演示 城市")
    write_demo(folder)
    return folder


@pytest.fixture
def project(demo_folder: Path, chinese_dir: Path) -> Path:
    """A copy of the demo city."""
    path = chinese_dir / "演示.gpkg"
    shutil.copy(demo_folder / "demo.gpkg", path)
    return path


@pytest.fixture
def charts(window: MainWindow, qtbot: QtBot) -> ChartPanel:
    """The workspace with the first sheet of the demo city."""
    QTest.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)
    return window.charts.panel
