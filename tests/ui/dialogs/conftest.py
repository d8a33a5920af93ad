"""Contexts, projects and files that the dialogs are tried with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from gridadmin.app.creation import new_project
from gridadmin.app.demo import write_demo
from gridadmin.app.importing import Request, import_file
from gridadmin.app.session import Session
from tests.cli.boundaries import PLANE, boundary_file, box, quarters
from tests.ui.hands import tap
from ui.context import Context
from ui.settings import Settings
from ui.texts import SOURCE, set_language

LONG_MS = 60_000


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo city."""
    folder = tmp_path_factory.mktemp("样例 城市")
    write_demo(folder)
    return folder


@pytest.fixture
def context(qapp: QApplication, tmp_path: Path) -> Iterator[Context]:
    """What a window shares, with settings of its own and no project."""
    set_language(SOURCE)
    settings = Settings(tmp_path / "settings.json")
    settings.set_value("last_folder", str(tmp_path))
    made = Context.made(settings)
    yield made
    made.bridge.close()
    made.jobs.close()
    qapp.processEvents()
    set_language(SOURCE)


def opened(context: Context, path: Path, scheme: str = "default", **wanted: object) -> Path:
    """Make a project and open it for work."""
    new_project(path, scheme, **wanted)  # type: ignore[arg-type]
    context.bridge.adopt_session(Session.open(path, write=True), None)
    return path


@pytest.fixture
def working(context: Context, chinese_dir: Path) -> Context:
    """The context with an open project without land: a district 样例区, without code."""
    opened(context, chinese_dir / "样例区.gpkg", name="样例区")
    return context


def with_overlap(working: Context, folder: Path, overlap_m: float) -> Context:
    """Bring in a street 样例街道 of four grids, two of which overlap along 100 m."""
    project = working.bridge.path
    working.bridge.close()
    rows = quarters()
    rows[0] = (rows[0][0], box(0, 100, 100 + overlap_m, 200))
    street = [({"code": "990001001", "name": "样例街道"}, box(0, 0, 200, 200))]
    source = boundary_file(folder / "街道.gpkg", street, crs=PLANE)
    import_file(project, Request(source, "street"))
    import_file(project, Request(boundary_file(folder / "网格.gpkg", rows), "grid"))
    working.bridge.adopt_session(Session.open(project, write=True), None)
    return working


def idle(qtbot: QtBot, context: Context) -> None:
    """Wait until nothing is at work."""
    qtbot.waitUntil(lambda: not context.jobs.is_busy, timeout=LONG_MS)


def click(button: QAbstractButton) -> None:
    """Click a button as soon as it can be clicked."""
    # Beside the words of a radio button or a check box nothing happens.
    tap(button, QPoint(12, button.height() // 2))


def press(widget: QWidget, key: Qt.Key) -> None:
    """Press and release a key on a widget."""
    QTest.keyClick(widget, key)


def type_in(widget: QWidget, text: str) -> None:
    """Type Latin letters and digits into a widget."""
    QTest.keyClicks(widget, text)
