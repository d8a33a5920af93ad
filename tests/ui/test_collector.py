"""Garbage is collected in idle moments, and never while a window's user or job is at work."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ui.collector import Collector
from ui.context import Context
from ui.settings import Settings

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = Context.made(Settings(tmp_path / "settings.json"))
    yield made
    made.jobs.close()


@pytest.fixture
def collector(context: Context) -> Iterator[Collector]:
    made = Collector(context)
    yield made
    made.close()


class Knot:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.me = self


def knot() -> weakref.ref[Knot]:
    return weakref.ref(Knot())


def much(count: int) -> list[list[int]]:
    return [[] for _ in range(count)]


def test_python_collects_by_itself_again_when_the_window_is_gone(context: Context) -> None:
    collector = Collector(context)
    was_on = gc.isenabled()
    collector.close()

    assert (was_on, gc.isenabled(), gc.get_freeze_count()) == (False, True, 0)


def test_a_look_frees_what_nobody_holds(collector: Collector) -> None:
    left, kept = knot(), much(5000)
    collector.look()

    assert left() is None
    assert len(kept) == 5000


def test_little_garbage_is_not_worth_a_look(collector: Collector) -> None:
    gc.collect()
    left = knot()
    collector.look()

    assert left() is not None


def test_what_a_job_has_made_is_put_out_of_sight(collector: Collector) -> None:
    before = gc.get_freeze_count()
    kept = much(100_000)
    collector.look()

    assert gc.get_freeze_count() - before >= 100_000
    assert len(kept) == 100_000


def test_nothing_is_collected_while_a_job_is_at_work(
    collector: Collector, context: Context, qtbot: QtBot
) -> None:
    gate = threading.Event()
    with qtbot.waitSignal(context.jobs.idle):
        context.jobs.start("x", lambda _: gate.wait(60))
        left, kept = knot(), much(5000)
        collector.look()
        is_there = left() is not None
        gate.set()

    assert is_there
    assert len(kept) == 5000
