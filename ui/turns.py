"""Who works when: threads that paint or count give way while the window handles an event.

Only one thread of Python's runs at a time. Without this a worker would take every other turn from
the window, and a click would take twice as long and more.
"""

from __future__ import annotations

import sys
import threading
from time import perf_counter

from PySide6.QtCore import QAbstractEventDispatcher

SWITCH_S = 0.001
"""After so long a thread asks the one at work for its turn; Python's usual 5 ms can be felt."""
_LONGEST_S = 0.05
"""A window that is at it for longer than this doesn't keep the others waiting."""

_is_free = threading.Event()
_is_free.set()
_began = 0.0
_window_thread = 0


def watch_window() -> None:
    """Follow the event loop of this thread, the window's, from now on."""
    global _window_thread  # noqa: PLW0603 - there is one window thread in a process
    _window_thread = threading.get_ident()
    sys.setswitchinterval(SWITCH_S)
    dispatcher = QAbstractEventDispatcher.instance()
    dispatcher.awake.connect(_begin)
    dispatcher.aboutToBlock.connect(_is_free.set)


def give_way() -> None:
    """Wait while the window handles an event; for workers, between two pieces of work."""
    if _is_free.is_set() or threading.get_ident() == _window_thread:
        return
    if perf_counter() - _began < _LONGEST_S:
        _is_free.wait(_LONGEST_S)


def _begin() -> None:
    global _began  # noqa: PLW0603
    if _is_free.is_set():
        _began = perf_counter()
        _is_free.clear()
