"""A real window without a screen, on copies of the demo city; nothing of it may be left over."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gridadmin.app.demo import write_demo
from tests.helpers.patience import PATIENCE_MS
from ui.application import dress
from ui.main_window import MainWindow
from ui.settings import Settings
from ui.texts import SOURCE, set_language

OpenWindow = Callable[..., MainWindow]


@pytest.fixture(autouse=True)
def fresh_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep settings, log and demo city of the one who runs the tests out of them."""
    monkeypatch.setenv("GRIDADMIN_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("GRIDADMIN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GRIDADMIN_OUTBOX", str(tmp_path / "outbox"))
    monkeypatch.setenv("GRIDADMIN_LOG", str(tmp_path / "log"))
    monkeypatch.setenv("GRIDADMIN_DEMO", str(tmp_path / "documents" / "demo"))
    yield
    set_language(SOURCE)


@pytest.fixture(autouse=True)
def no_button_held() -> Iterator[None]:
    """Let go the mouse: QTest leaves its button pressed after each double click."""
    yield
    if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
        QTest.mouseRelease(QWidget(), QGuiApplication.mouseButtons())


@pytest.fixture(scope="session")
def demo_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the demo city, not to be changed."""
    folder = tmp_path_factory.mktemp("demo") / "样例 城市"
    write_demo(folder)
    return folder


@pytest.fixture
def demo_folder(demo_files: Path, tmp_path: Path) -> Path:
    """A copy of the demo city's files, to work on."""
    folder = tmp_path / "样例 城市"
    copytree(demo_files, folder)
    return folder


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication) -> Iterator[OpenWindow]:
    """Opens windows: ``open_window(project=None, lang="zh", theme="light")``.

    When the test ends they are closed, and no thread, timer or widget of theirs is left.
    """
    windows: list[MainWindow] = []

    def open_one(
        project: Path | None = None, *, lang: str = "zh", theme: str = "light"
    ) -> MainWindow:
        settings = Settings()
        settings.set_value("theme", theme)
        settings.set_value("tour_seen", True)
        dress(qapp, settings, lang)
        window = MainWindow(settings)
        windows.append(window)
        window.resize(1366, 768)
        with qtbot.waitExposed(window, timeout=PATIENCE_MS):
            window.show()
        if project is not None:
            window.open_project(project)
            rest(qtbot, window)
        return window

    yield open_one
    for window in windows:
        window.close()
        qtbot.waitUntil(window.isHidden, timeout=10_000)
        window.deleteLater()
    windows.clear()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    ours = [thread.name for thread in threading.enumerate() if "gridadmin" in thread.name]
    left = [widget for widget in qapp.topLevelWidgets() if isinstance(widget, MainWindow)]
    assert (ours, left) == ([], [])


@pytest.fixture
def window(open_window: OpenWindow, demo_folder: Path) -> MainWindow:
    """A window with a copy of the demo city."""
    return open_window(demo_folder / "demo.gpkg")


def rest(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until a project is open, its map painted and its issues known."""
    qtbot.waitUntil(
        lambda: (
            window.context.bridge.has_issues
            and not window.context.jobs.is_busy
            and window.map_panel.is_at_rest()
        ),
        timeout=90_000,
    )
