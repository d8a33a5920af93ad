"""How long jobs report progress and learn that they are cancelled."""

from __future__ import annotations

from typing import Protocol

from gridadmin.base.errors import Cancelled


class Progress(Protocol):
    """What a long job reports to; the window, the terminal and tests each bring their own."""

    def step(self, what: str, done: int, total: int) -> None:
        """Say that *done* of *total* of the stage *what* (a text code) is finished."""

    def is_cancelled(self) -> bool:
        """Return whether the user asked to stop."""


class Silent:
    """A progress that nobody watches and nobody cancels."""

    def step(self, what: str, done: int, total: int) -> None:
        """Ignore the report."""

    def is_cancelled(self) -> bool:
        """Never cancelled."""
        return False


SILENT = Silent()


def checkpoint(progress: Progress, what: str, done: int, total: int) -> None:
    """Report a step and stop here when the user cancelled.

    Raises: Cancelled.
    """
    progress.step(what, done, total)
    if progress.is_cancelled():
        raise Cancelled
