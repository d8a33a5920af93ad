"""Pictures of the window itself, without a screen: for the demo and for the guide."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication

from gridadmin.base.errors import InputError
from ui.application import dress, make_application
from ui.main_window import MainWindow
from ui.settings import Settings

WIDTH_PX, HEIGHT_PX = 1440, 900
PATIENCE_MS = 60_000


def write_window_png(project: Path, out: Path, *, lang: str = "zh", theme: str = "light") -> None:
    """Write a picture of the window with *project* open.

    Raises: InputError ``render.no_picture`` when the window doesn't come to rest in time or the
    file can't be written.
    """
    with open_window(lang=lang, theme=theme) as window:
        window.open_project(project)
        wait_until(window, lambda: is_at_rest(window))
        if not window.grab().save(str(out)):
            raise InputError("render.no_picture", path=str(out))


@contextmanager
def open_window(*, lang: str = "zh", theme: str = "light") -> Iterator[MainWindow]:
    """Return a window with fresh settings; closed afterwards."""
    if sys.platform == "linux":
        # A picture needs no screen, and a window that flashes up would only be in the way.
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = make_application()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.json")
        settings.set_value("theme", theme)
        dress(application, settings, lang)
        window = MainWindow(settings)
        window.resize(WIDTH_PX, HEIGHT_PX)
        window.show()
        try:
            yield window
        finally:
            window.close()
            wait_until(window, lambda: not window.isVisible())
            window.deleteLater()
            application.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def is_at_rest(window: MainWindow) -> bool:
    """Return whether a project is open, its map painted and its issues known."""
    return (
        window.context.bridge.has_issues
        and not window.context.jobs.is_busy
        and window.map_panel.is_at_rest()
    )


def wait_until(window: MainWindow, is_so: Callable[[], bool]) -> None:
    """Let the window work until *is_so*. Raises: InputError ``render.no_picture``."""
    deadline = QDeadlineTimer(PATIENCE_MS)
    while not is_so():
        if deadline.hasExpired():
            raise InputError("render.no_picture", path=window.windowTitle())
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
