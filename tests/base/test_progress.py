"""Progress: silent by default, and a cancel that stops at the next checkpoint."""

from __future__ import annotations

import pytest

from gridadmin.base.errors import Cancelled
from gridadmin.base.progress import SILENT, checkpoint


class Impatient:
    """A watcher who cancels after the first step."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int, int]] = []

    def step(self, what: str, done: int, total: int) -> None:
        self.steps.append((what, done, total))

    def is_cancelled(self) -> bool:
        return len(self.steps) > 1


def test_silent_progress_never_cancels() -> None:
    checkpoint(SILENT, "progress.checking", 1, 2)

    assert SILENT.is_cancelled() is False


def test_checkpoint_reports_and_stops_when_cancelled() -> None:
    watcher = Impatient()

    checkpoint(watcher, "progress.checking", 1, 3)
    with pytest.raises(Cancelled):
        checkpoint(watcher, "progress.checking", 2, 3)

    assert watcher.steps == [("progress.checking", 1, 3), ("progress.checking", 2, 3)]
