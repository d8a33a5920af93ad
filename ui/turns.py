"""The window goes first: what works beside it stands back while it is at work.

Python runs one thread at a time. A window at work would have to hand over every millisecond, and
then wait for a whole call of the other thread: of a painter, of the kernel. So it takes the turn
with whatever somebody does or sees, until the loop of events has dealt with all that came of it;
threads beside it wait between two of their calls.
"""

from __future__ import annotations

import threading

from PySide6.QtCore import QCoreApplication, QTimer

_PATIENCE_S = 0.1
"""After this time the turn is over: the window may wait for the very thread that stands back."""


class _Turn:
    """The turn of the window: its thread takes it, and all others wait for its end."""

    def __init__(self) -> None:
        self._is_free = threading.Event()
        self._is_free.set()
        self._end: QTimer | None = None

    def take(self) -> None:
        if not self._is_free.is_set() or not _is_window():
            return
        if self._end is None:
            self._end = QTimer(QCoreApplication.instance())
            self._end.setSingleShot(True)
            self._end.timeout.connect(self._is_free.set)
        self._is_free.clear()
        # Without a time to wait it comes after all events that are there by then.
        self._end.start()

    def stand_back(self) -> None:
        if self._is_free.is_set() or threading.current_thread() is threading.main_thread():
            return
        if not self._is_free.wait(_PATIENCE_S):
            self._is_free.set()


def _is_window() -> bool:
    """Return whether a loop of events will end the turn that this thread takes."""
    is_main = threading.current_thread() is threading.main_thread()
    return is_main and QCoreApplication.instance() is not None


_turn = _Turn()


def take_turn() -> None:
    """Let other threads wait until what the window does now, and what comes of it, is done."""
    _turn.take()


def stand_back() -> None:
    """Wait while the window is at work, in a thread beside it; never for long."""
    _turn.stand_back()
