"""Waiting for a server that may never answer, so that the user needn't."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from gridadmin.base.errors import Cancelled
from gridadmin.base.progress import Progress

T = TypeVar("T")

NAME = "gridadmin waits for a server"
"""What the threads of such waits are called."""
_LOOK_S = 0.1
"""How often a wait looks whether the user cancelled."""


def abandonable(work: Callable[[], T], progress: Progress, grace_s: float = 0.0) -> T:
    """Return what *work* returns, or leave it behind when the user cancels.

    A read from a socket can't be stopped. *work* goes on in a thread of its own until its server
    answers or its time is up; it has to look at *progress* before it changes anything, and to
    close what it opened. Work that ends within *grace_s* after the cancel ends as it would have.

    Raises: Cancelled; what *work* raises.
    """
    ended = threading.Event()
    results: list[T] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as fault:  # noqa: BLE001 - raised again by whoever waits
            faults.append(fault)
        finally:
            ended.set()

    threading.Thread(target=run, name=NAME, daemon=True).start()
    while not ended.wait(_LOOK_S):
        if progress.is_cancelled() and not ended.wait(grace_s):
            raise Cancelled
    if faults:
        raise faults[0]
    return results[0]
