"""The four promises, held for any sequence of edits; GRIDADMIN_STEPS asks for longer ones.

On the small town everything is proved anew after every edit. On the demo city and on a real map of
2,069 areas, 2,000 steps in all, what lies around an edit is proved after every one and everything
after every so many; undo to the start gives the first hash.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.runner import run
from tests.helpers.play import InFile, InMemory, Play, in_memory
from tests.helpers.projects import small_town
from tests.helpers.rich_town import rich_town

STEPS = int(os.environ.get("GRIDADMIN_STEPS", "60"))


@given(seed=st.integers(0, 2**32 - 1), has_frame=st.booleans(), share=st.integers(1, 10))
@settings(max_examples=8, derandomize="GRIDADMIN_STEPS" not in os.environ)
def test_promises_hold_for_random_edits(seed: int, has_frame: bool, share: int) -> None:
    # Fewer steps come first when a failure is made smaller.
    steps = STEPS * share // 10
    Play(InMemory(small_town(has_frame=has_frame)), seed).run(steps)


def test_promises_hold_for_outlines_of_compounds_buildings_and_blocks() -> None:
    play = Play(InMemory(rich_town()), 1, often=("_outline",))

    play.run(250, check_every=5)

    assert play.seen["DrawOutline"] > 3
    assert play.seen["GiveOutline"] > 3


@pytest.fixture(scope="session")
def chicago_once(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The 2,069 precincts of Chicago as grids of a project, not to be changed."""
    path = tmp_path_factory.mktemp("芝加哥 选区") / "芝加哥.gpkg"
    source = shared_data / "coverages" / "chicago_precincts.gpkg"
    assert run("new", path, "--scheme", "default").code == 0
    assert run("import", path, source, "--level", "grid").code == 0
    return path


@pytest.fixture
def opened(chinese_dir: Path) -> Iterator[Callable[[Path], InFile]]:
    """Open a copy of a project."""
    projects: list[InFile] = []

    def open_copy(path: Path) -> InFile:
        projects.append(InFile(Path(shutil.copy(path, chinese_dir))))
        return projects[-1]

    yield open_copy
    for project in projects:
        project.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5, 6])
def test_promises_hold_for_600_random_edits_of_the_demo_city(
    demo_once: Path, opened: Callable[[Path], InFile], seed: int
) -> None:
    play = Play(opened(demo_once), seed=seed, far_m=60.0)

    play.run(max(600, STEPS), check_every=100, reopen_every=300)

    drawn = {"InsertLine", "Split", "SplitEqually", "Redraw", "Draw"}
    stretches = {"MoveStretch", "Offset", "Straighten", "Align"}
    # The uids of what is made are made up in each run, and the course of the play with them.
    assert sum(play.seen[command] for command in drawn) > 20
    assert sum(play.seen[command] for command in stretches) > 15
    assert sum(play.seen[command] for command in ("Merge", "Reparent", "Paint")) > 8


@pytest.mark.slow
def test_promises_hold_for_800_random_edits_of_the_precincts_of_chicago(
    chicago_once: Path,
) -> None:
    play = Play(InMemory(in_memory(chicago_once)), seed=8, far_m=150.0)
    play.run(max(800, STEPS), check_every=250, reopen_every=400)

    assert sum(play.seen[command] for command in ("Redraw", "Split", "InsertLine")) > 20
    assert sum(play.seen[command] for command in ("MoveStretch", "Offset", "Straighten")) > 15
