"""Trying again what may pass by itself: pauses grow, scatter, and end on cancel."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from gridadmin.base.errors import Cancelled
from gridadmin.base.progress import Progress
from gridadmin.publish.targets.faults import TargetError

T = TypeVar("T")

_LOOK_S = 0.1
"""How often a pause looks whether the user cancelled."""


@dataclass
class Patience:
    """How often and after which pauses something is tried.

    The pause doubles from *first_s* to *longest_s* and is scattered by half, so that many clients
    don't come back at once. A server that asks for more than *longest_s* is left alone.
    """

    attempts: int = 5
    first_s: float = 0.5
    longest_s: float = 30.0
    chance: random.Random = field(default_factory=random.Random)
    pause: Callable[[float], None] = time.sleep

    def carry_out(self, work: Callable[[], T], progress: Progress) -> T:
        """Return what *work* returns, trying again after passing faults.

        Raises: Cancelled; TargetError, the last one, or the first that doesn't pass.
        """
        for attempt in range(1, self.attempts + 1):
            try:
                return work()
            except TargetError as error:
                seconds = self._seconds(attempt, error)
                if seconds is None:
                    raise
                self._wait(seconds, progress)
        raise AssertionError

    def _seconds(self, attempt: int, error: TargetError) -> float | None:
        """Return how long to wait before the next attempt, None when there is none."""
        if not error.is_passing or attempt >= self.attempts:
            return None
        grown = min(self.longest_s, self.first_s * 2 ** (attempt - 1))
        scattered = grown * (0.5 + self.chance.random() / 2)
        asked = error.wait_s or 0.0
        return None if asked > self.longest_s else max(asked, scattered)

    def _wait(self, seconds: float, progress: Progress) -> None:
        left = seconds
        while True:
            if progress.is_cancelled():
                raise Cancelled
            if left <= 0:
                return
            self.pause(min(_LOOK_S, left))
            left -= _LOOK_S
