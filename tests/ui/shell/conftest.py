"""A window with nothing in it, for the parts that stand around map and panels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from gridadmin.app.session import Session
from ui.actions import Actions
from ui.context import Context
from ui.settings import Settings
from ui.texts import SOURCE, set_language


@pytest.fixture
def context(qtbot: QtBot) -> Iterator[Context]:
    """What a window shares, without a project, in Chinese."""
    assert qtbot is not None
    set_language(SOURCE)
    made = Context.made(Settings())
    yield made
    made.jobs.close()
    made.bridge.close()


@pytest.fixture
def frame(qtbot: QtBot) -> QMainWindow:
    """An empty window, shown."""
    made = QMainWindow()
    made.resize(1366, 768)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def actions(frame: QMainWindow) -> Actions:
    """The actions of the window, bound to nothing."""
    return Actions(frame)


@pytest.fixture
def opened(context: Context, demo_files: Path) -> Context:
    """A context with the demo city open for reading."""
    context.bridge.adopt_session(Session.open(demo_files / "demo.gpkg", write=False), None)
    return context


@pytest.fixture
def changeable(context: Context, demo_folder: Path) -> Context:
    """A context with a copy of the demo city open for work."""
    context.bridge.adopt_session(Session.open(demo_folder / "demo.gpkg", write=True), None)
    return context
