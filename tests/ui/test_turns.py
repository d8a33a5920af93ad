"""Threads beside the window stand back while it is at work, and never for good."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from gridadmin.app.session import Session
from gridadmin.base.giving_way import give_way
from ui import turns
from ui.canvas.pictures import Pictures
from ui.canvas.style import PLAIN
from ui.canvas.viewport import Viewport
from ui.jobs import JobProgress, Jobs
from ui.turns import stand_back, take_turn

LONG_S, A_WHILE_S, DEADLINE_S = 600.0, 0.2, 60.0


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_PATIENCE_S", LONG_S)


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


def tell(progress: JobProgress) -> None:
    progress.step("", 1, 1)


def ask(progress: JobProgress) -> None:
    progress.is_cancelled()


def go_on(_: JobProgress) -> None:
    give_way()


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("take_a_step", [tell, ask, go_on])
def test_a_job_waits_at_its_next_step_until_the_window_is_done(
    qtbot: QtBot, jobs: Jobs, take_a_step: Callable[[JobProgress], None]
) -> None:
    stepped = threading.Event()

    def work(progress: JobProgress) -> None:
        take_a_step(progress)
        stepped.set()

    take_turn()
    jobs.start("", work)
    assert not stepped.wait(A_WHILE_S)

    qtbot.waitUntil(stepped.is_set)


class Seen:
    """A base map that only tells that it was painted."""

    def __init__(self) -> None:
        self.painted = threading.Event()

    def paint(self, painter: QPainter, viewport: Viewport, should_stop: object) -> None:
        self.painted.set()


@pytest.mark.usefixtures("patience")
def test_no_picture_is_painted_while_the_window_is_at_work(qtbot: QtBot, demo_folder: Path) -> None:
    with Session.open(demo_folder / "demo.gpkg", write=False) as session:
        painter = Pictures()
        with qtbot.waitSignal(painter.ready):
            painter.show_project(session.snapshot)
        tiles = Seen()

        take_turn()
        painter.ask(Viewport(width_px=64, height_px=64), PLAIN, tiles)
        assert not tiles.painted.wait(A_WHILE_S)

        with qtbot.waitSignal(painter.made):
            pass
        assert tiles.painted.is_set()
        painter.close()


@pytest.mark.usefixtures("qapp")
def test_a_window_that_waits_for_a_thread_gets_it() -> None:
    thread = threading.Thread(target=stand_back, daemon=True)
    take_turn()
    thread.start()

    thread.join(DEADLINE_S)

    assert not thread.is_alive()


@pytest.mark.usefixtures("qapp", "patience")
def test_the_window_does_not_wait_for_itself() -> None:
    take_turn()

    stand_back()  # would last ten minutes
