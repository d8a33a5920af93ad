"""Workers give way to the window, but never for long, and the window never to itself."""

from __future__ import annotations

import threading
from time import perf_counter

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.turns import give_way, watch_window


_SOON_MS = 30
"""Long enough for the event loop to have come to rest before."""

pytestmark = pytest.mark.usefixtures("watched")


@pytest.fixture
def watched(qapp: QApplication) -> QApplication:
    watch_window()
    return qapp


def waited_beside(qtbot: QtBot, work_s: float) -> float:
    """How long a worker had to wait that came while the window was at it for *work_s*."""
    waits: list[float] = []
    came = threading.Event()

    def come() -> None:
        came.set()
        begin = perf_counter()
        give_way()
        waits.append(perf_counter() - begin)

    worker = threading.Thread(target=come)

    def handle() -> None:
        worker.start()
        came.wait(5)
        end = perf_counter() + work_s
        while perf_counter() < end:
            pass

    QTimer.singleShot(_SOON_MS, handle)
    qtbot.waitUntil(lambda: bool(waits), timeout=5000)
    worker.join()
    return waits[0]


def test_a_worker_waits_until_the_window_has_handled_its_event(qtbot: QtBot) -> None:
    assert waited_beside(qtbot, 0.02) > 0.01


def test_a_worker_does_not_wait_for_a_window_that_takes_long(qtbot: QtBot) -> None:
    assert waited_beside(qtbot, 1.0) < 0.5


def test_the_window_does_not_wait_for_itself(qtbot: QtBot) -> None:
    spent: list[float] = []

    def handle() -> None:
        begin = perf_counter()
        give_way()
        spent.append(perf_counter() - begin)

    QTimer.singleShot(_SOON_MS, handle)
    qtbot.waitUntil(lambda: bool(spent), timeout=5000)

    assert spent[0] < 0.02
