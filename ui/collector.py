"""Garbage collection in idle moments, so that it never stops the window in the middle of a drag.

A full collection goes over everything that lives, which takes a quarter of a second with a large
project. So Python's own rhythm is switched off while a window lives: lasting things are put out
of the collector's sight, and the few that come and go are looked through when nobody waits.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from ui.context import Context

_LOOK_MS = 1000
_FEW = 3000
"""So few new things aren't worth a look."""
_MANY = 60_000
"""So many at once are what a job has made, and they stay: going over them takes 10 ms and more."""
_DEEP = 10
"""Every so many looks everything is looked through that was made since the project was opened."""
_YOUNG, _ALL = 0, 2


class Collector(QObject):
    """The collector of one window: Python's own is off until :meth:`close`."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._looks = 0
        self._had_project = False
        context.bridge.opened.connect(self._project_changed)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        gc.disable()
        gc.freeze()

    def look(self) -> None:
        """Collect what is garbage, unless the user is at it or a job makes new things."""
        is_held = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if is_held or self._context.jobs.current is not None:
            return
        if self._had_project and not self._context.bridge.is_open:
            self._had_project = False
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            return
        count = gc.get_count()[_YOUNG]
        if count > _MANY:
            gc.freeze()
        elif count > _FEW:
            self._looks += 1
            gc.collect(_YOUNG if self._looks % _DEEP else _ALL)

    def close(self) -> None:
        """Give Python its own rhythm back."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _project_changed(self) -> None:
        self._had_project = True
