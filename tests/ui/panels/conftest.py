"""Projects that the panels are tried with: the demo city, and one with gaps and disputes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfile
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gridadmin.app.creation import new_project
from gridadmin.app.importing import Request, import_file
from gridadmin.app.session import Session
from gridadmin.domain.model import Area
from tests.helpers.patience import PATIENCE_MS
from tests.ui.hands import all_shown, tap
from ui.application import dress
from ui.context import Context
from ui.settings import Settings

LONG_MS = PATIENCE_MS

Shown = TypeVar("Shown", bound=QWidget)
OpenContext = Callable[..., Context]


@pytest.fixture(scope="session")
def dirty_file(demo_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the dirty city down to its grids: a gap, two remainders, three disputes."""
    path = tmp_path_factory.mktemp("dirty") / "样例区.gpkg"
    new_project(path, "default", name="样例区")
    for level in ("street", "community", "grid"):
        import_file(path, Request(demo_files / "demo-dirty.gpkg", level, layer=level))
    return path


@pytest.fixture
def open_context(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[OpenContext]:
    """Opens a copy of a project: ``open_context(path, write=True)``; closed when the test ends."""
    made: list[Context] = []

    def open_one(path: Path | None = None, *, write: bool = True, lang: str = "zh") -> Context:
        settings = Settings(tmp_path / f"settings-{len(made)}.json")
        settings.set_value("theme", "light")
        dress(qapp, settings, lang)
        context = Context.made(settings)
        made.append(context)
        if path is not None:
            copy = tmp_path / f"{len(made)} {path.name}"
            copyfile(path, copy)
            session = Session.open(copy, write=write)
            context.bridge.adopt_session(session, session.store.why_read_only)
            idle(qtbot, context)
        return context

    yield open_one
    for context in made:
        context.bridge.close()
        context.jobs.close()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def demo(open_context: OpenContext, demo_files: Path) -> Context:
    """The demo city, which has no issues."""
    return open_context(demo_files / "demo.gpkg")


@pytest.fixture
def dirty(open_context: OpenContext, dirty_file: Path) -> Context:
    """The dirty city down to its grids."""
    return open_context(dirty_file)


def idle(qtbot: QtBot, context: Context) -> None:
    """Wait until nothing is at work and everything has been told."""
    qtbot.waitUntil(lambda: not context.jobs.is_busy, timeout=LONG_MS)
    QApplication.processEvents()


def shown(qtbot: QtBot, panel: Shown, size: tuple[int, int] = (300, 700)) -> Shown:
    """Show a panel, closed again when the test ends."""
    qtbot.addWidget(panel)
    panel.resize(*size)
    with qtbot.waitExposed(panel, timeout=PATIENCE_MS):
        panel.show()
    return panel


def press(widget: QWidget, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    """Press and release a key on a widget."""
    together = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        together |= modifier
    QTest.keyClick(widget, key, together)
    QApplication.processEvents()


def click(widget: QWidget) -> None:
    """Click a widget as soon as it can be clicked."""
    tap(widget)
    QApplication.processEvents()


def type_into(widget: QWidget, text: str) -> None:
    """Type Latin letters and digits into a field instead of what it holds."""
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(widget, text)


def area(context: Context, *names: str) -> Area:
    """Return the living area of the last name that lies under areas of the names before."""
    snapshot = context.bridge.snapshot
    (found,) = [
        one
        for one in snapshot.areas()
        if one.name == names[-1]
        and {*names[:-1]} <= {above.name for above in snapshot.ancestors(one.uid)}
    ]
    return found


def said(widget: QWidget) -> str:
    """Return all words that labels and buttons of a widget show, one a line."""
    from PySide6.QtWidgets import QAbstractButton, QLabel

    all_shown(widget)
    parts = []
    for part in widget.findChildren(QWidget):
        if isinstance(part, (QLabel, QAbstractButton)) and part.isVisible():
            whole = getattr(part, "whole_text", part.text)
            parts.append(whole())
    return "\n".join(parts)
