"""The four promises, held for any sequence of edits; GRIDADMIN_STEPS asks for longer ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridadmin.app.demo import write_demo
from tests.helpers.play import InFile, InMemory, Play
from tests.helpers.projects import small_town

STEPS = int(os.environ.get("GRIDADMIN_STEPS", "60"))


@given(seed=st.integers(0, 2**32 - 1), has_frame=st.booleans(), share=st.integers(1, 10))
@settings(max_examples=8, derandomize="GRIDADMIN_STEPS" not in os.environ)
def test_promises_hold_for_random_edits(seed: int, has_frame: bool, share: int) -> None:
    # Fewer steps come first when a failure is made smaller.
    steps = STEPS * share // 10
    Play(InMemory(small_town(has_frame=has_frame)), seed).run(steps)


@pytest.fixture
def demo_city(chinese_dir: Path) -> Iterator[InFile]:
    path = chinese_dir / "demo.gpkg"
    write_demo(chinese_dir)
    project = InFile(path)
    yield project
    project.close()


@pytest.mark.slow
def test_promises_hold_for_random_edits_of_the_demo_city(demo_city: InFile) -> None:
    play = Play(demo_city, seed=5, far_m=60.0, bends_m2=1.0)

    play.run(STEPS, check_every=10, reopen_every=25)

    drawn = {"InsertLine", "Split", "SplitEqually", "Redraw", "Draw"}
    assert sum(play.seen[command] for command in drawn) > 3
    assert sum(play.seen[command] for command in ("Merge", "Reparent", "Paint")) > 1
    assert play.seen["Move"] > 1
