"""A window on the demo city with made-up people in it."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from benchmarks.people import PutPeople
from gridadmin.app.session import Session
from tests.ui.conftest import OpenWindow, rest
from ui.main_window import MainWindow
from ui.people.seat_page import SeatPage


@pytest.fixture(scope="session")
def staffed_file(demo_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city with made-up people, not to be changed."""
    path = tmp_path_factory.mktemp("staffed") / "样例.gpkg"
    copyfile(demo_files / "demo.gpkg", path)
    with Session.open(path, write=True) as session:
        if not session.snapshot.rows("person"):
            session.document.execute(PutPeople())
    return path


@pytest.fixture
def staffed(
    open_window: OpenWindow, staffed_file: Path, tmp_path: Path, qtbot: QtBot
) -> MainWindow:
    """A window in the workspace of people, its seats read."""
    path = tmp_path / "人员 样例.gpkg"
    copyfile(staffed_file, path)
    window = open_window(path)
    window.choose_workspace("people")
    known(qtbot, window)
    rest(qtbot, window)
    return window


def known(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the seats are those of the present state."""
    qtbot.waitUntil(lambda: window.people.staff.is_up_to_date, timeout=20_000)
    QApplication.processEvents()


def seats(window: MainWindow) -> SeatPage:
    """Return the page of seats."""
    return window.people.seat_page()
