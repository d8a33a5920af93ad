"""A target whose silence holds nobody up: once the user cancels, an answer is awaited no longer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, TypeVar

from gridadmin.base.errors import Cancelled
from gridadmin.base.progress import Progress
from gridadmin.publish.abandoning import abandonable
from gridadmin.publish.targets.target import Entry, OnlyIf, Sent, Serving, Target

T = TypeVar("T")

_GRACE_S = 2.0
"""How long a server has, after a cancel, to answer or to let an unfinished upload be removed."""


def leavable(target: Target, progress: Progress) -> Target:
    """Return *target* so that each of its calls ends soon after *progress* is cancelled.

    A call that was left behind ends by itself, in a thread of its own; the next ones raise at
    once while it goes on.
    """
    if isinstance(target, Serving):
        return _LeavableServing(target, target, progress)
    return _Leavable(target, progress)


class _Leavable:
    """Does what its target does, each call in a thread that can be left behind."""

    def __init__(self, target: Target, progress: Progress) -> None:
        self._target = target
        self._progress = progress
        self._lock = threading.Lock()
        self._is_in_hand = False
        self._is_to_close = False

    @property
    def place(self) -> str:
        """Where it is."""
        return self._target.place

    @property
    def can_rename(self) -> bool:
        """Whether a file can be uploaded beside and then switched by name."""
        # A WebDAV server is asked for it.
        return self._asked(lambda: self._target.can_rename)

    @property
    def can_append(self) -> bool:
        """Whether an upload can be continued where it broke off."""
        return self._target.can_append

    def entries(self) -> list[Entry] | None:
        """Return the files there."""
        return self._asked(self._target.entries)

    def stat(self, name: str) -> Entry | None:
        """Return the file of that name."""
        return self._asked(lambda: self._target.stat(name))

    def read(self, name: str, limit: int) -> Iterator[bytes]:
        """Yield the content of a file."""
        chunks = iter(self._target.read(name, limit))
        while (chunk := self._asked(lambda: next(chunks, None))) is not None:
            yield chunk

    def put(
        self, name: str, source: BinaryIO, size: int, only_if: OnlyIf, sent: Sent, start: int = 0
    ) -> None:
        """Write the file."""
        self._asked(lambda: self._target.put(name, source, size, only_if, sent, start))

    def rename(self, old: str, new: str, only_if: OnlyIf) -> None:
        """Give a file another name."""
        self._asked(lambda: self._target.rename(old, new, only_if))

    def remove(self, name: str) -> None:
        """Remove an unfinished upload."""
        self._asked(lambda: self._target.remove(name))

    def close(self) -> None:
        """Let go of the connection, at the latest when the call that was left behind ends."""
        with self._lock:
            self._is_to_close = True
            if self._is_in_hand:
                return
        self._target.close()

    def _asked(self, work: Callable[[], T]) -> T:
        with self._lock:
            if self._is_in_hand:
                raise Cancelled
            self._is_in_hand = True

        def run() -> T:
            try:
                return work()
            finally:
                self._let_go()

        return abandonable(run, self._progress, _GRACE_S)

    def _let_go(self) -> None:
        with self._lock:
            self._is_in_hand = False
            if not self._is_to_close:
                return
        self._target.close()


class _LeavableServing(_Leavable):
    """One that shows a package as map layers, too."""

    def __init__(self, target: Target, serving: Serving, progress: Progress) -> None:
        super().__init__(target, progress)
        self._serving = serving

    def service_plan(self, name: str) -> list[str]:
        """Return what :meth:`serve` would make or change."""
        return self._asked(lambda: self._serving.service_plan(name))

    def serve(self, name: str, layers: Mapping[str, str], label: str = "name") -> None:
        """Let the map service show the layers of the package."""
        self._asked(lambda: self._serving.serve(name, layers, label))
