"""Waiting for what is sure to come: long enough for the slowest machine, not a moment longer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import MultiSignalBlocker, SignalBlocker

PATIENCE_MS = 60_000
"""A busy machine may be slow; that is no failure of what is waited for."""
_TURN_MS = 10


def until(is_so: Callable[[], bool], what: Callable[[], str]) -> None:
    """Let events and workers go on until it is so; *what* says what was waited for in vain.

    An event loop of its own lets the threads of workers run, as ``processEvents`` alone doesn't.
    """
    end_s = time.monotonic() + PATIENCE_MS / 1000
    while not is_so():
        assert time.monotonic() < end_s, what()
        turn = QEventLoop()
        QTimer.singleShot(_TURN_MS, turn.quit)
        turn.exec()


class PatientBot(QtBot):
    """The bot of pytest-qt, which gives up after a minute at the earliest."""

    def waitSignal(self, *signal: Any, timeout: int = 0, **options: Any) -> SignalBlocker:  # noqa: N802 - its name there
        """Wait for a signal; where none may come, no longer than is asked for."""
        least = PATIENCE_MS if options.get("raising", True) else 0
        return super().waitSignal(*signal, timeout=max(timeout, least), **options)

    def waitSignals(self, *signals: Any, timeout: int = 0, **options: Any) -> MultiSignalBlocker:  # noqa: N802 - its name there
        """Wait for signals."""
        return super().waitSignals(*signals, timeout=max(timeout, PATIENCE_MS), **options)

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 0) -> None:  # noqa: N802 - its name there
        """Wait until it is so."""
        super().waitUntil(callback, timeout=max(timeout, PATIENCE_MS))
