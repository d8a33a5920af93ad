"""Fetching for offline packs: a worker asks and waits, the GUI thread sends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from queue import Empty, SimpleQueue
from typing import Any

from PySide6.QtCore import QObject, Signal

from gridadmin.base.errors import Cancelled
from gridadmin.tiles.pack import TileAnswer
from gridadmin.tiles.request import TileRequest
from ui.jobs import JobProgress
from ui.tiles.fetcher import Answer, Fetcher
from ui.tiles.network import Reach
from ui.tiles.orders import Order

_LOOK_S = 0.2
"""So often a worker that waits looks whether it was cancelled."""


class PackFetch(QObject):
    """Asks servers for a worker; make it on the GUI thread, give :meth:`fetch` to the worker."""

    _wanted = Signal(object)

    def __init__(
        self, reach: Reach, parent: QObject | None = None, *, is_secret: bool = False
    ) -> None:
        super().__init__(parent)
        self._fetcher = Fetcher(reach, self)
        self._fetcher.answered.connect(self._take)
        self._wanted.connect(self._fetcher.want)
        self._answers: SimpleQueue[tuple[int, int, TileAnswer]] = SimpleQueue()
        self._is_secret = is_secret
        self._batch = 0
        self.progress: JobProgress | None = None

    def fetch(self, requests: Sequence[TileRequest]) -> Iterable[tuple[int, TileAnswer]]:
        """Yield for each request its place and the answer. Raises: Cancelled."""
        self._batch = batch = self._batch + 1
        orders = [
            Order((batch, place), one.url, one.host, dict(one.headers), is_secret=self._is_secret)
            for place, one in enumerate(requests)
        ]
        self._wanted.emit(orders)
        waiting = set(range(len(requests)))
        while waiting:
            if self.progress is not None and self.progress.is_cancelled():
                raise Cancelled
            try:
                of, place, answer = self._answers.get(timeout=_LOOK_S)
            except Empty:
                continue
            if of == batch and place in waiting:
                waiting.discard(place)
                yield place, answer

    def close(self) -> None:
        """Ask nobody any more."""
        self._fetcher.close()

    def _take(self, answer: Answer) -> None:
        """Hand on what came; who fetches a pack sees to it that it is tried again."""
        batch, place = _named(answer.order)
        said = TileAnswer(answer.status, dict(answer.headers), answer.body)
        self._answers.put((batch, place, said))


def _named(order: Order) -> tuple[int, int]:
    """Return batch and place of an order that was made here."""
    name: Any = order.name
    batch, place = name
    return batch, place
