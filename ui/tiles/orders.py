"""Which of the tiles that are wanted is fetched next: by rank, by host, after its wait.

Knows neither Qt nor a clock: time is handed in, in seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

MOST_AT_ONCE = 6
"""So many requests may be under way to one host."""
_LONGEST_WAIT_S = 60.0
_FIRST_WAIT_S = 1.0


@dataclass(frozen=True)
class Order:
    """A tile to be fetched: what it is for the one who ordered it, and how it is asked for.

    ``is_secret`` says that the address or a header holds a key, which no other host may see.
    """

    name: Hashable
    url: str
    host: str
    headers: Mapping[str, str] = field(default_factory=dict)
    is_secret: bool = False


@dataclass
class _Wait:
    """How often something went wrong and when it may be tried again."""

    faults: int = 0
    until_s: float = 0.0

    def lengthen(self, now_s: float, first_s: float, asked_s: float | None) -> None:
        """Wait twice as long as before, or as long as the server asks for where that is more."""
        self.faults += 1
        own = min(first_s * 2.0 ** min(self.faults - 1, 16), _LONGEST_WAIT_S)
        self.until_s = now_s + max(own, asked_s or 0.0)


BUSY: Counter[str] = Counter()
"""How many requests of this program are under way to each host: maps and packs count together."""


class Orders:
    """The orders of one fetcher, and what is under way of them."""

    def __init__(
        self, first_wait_s: float = _FIRST_WAIT_S, busy: Counter[str] | None = None
    ) -> None:
        self._first_wait_s = first_wait_s
        self._busy = BUSY if busy is None else busy
        self._wanted: dict[Hashable, Order] = {}
        self._under_way: dict[Hashable, Order] = {}
        self._tile_waits: dict[Hashable, _Wait] = {}
        self._host_waits: dict[str, _Wait] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is wanted and nothing under way."""
        return not self._wanted and not self._under_way

    def want(self, orders: Iterable[Order]) -> Sequence[Hashable]:
        """Take what is wanted now, most wanted first; return what is under way in vain."""
        self._wanted = {order.name: order for order in orders}
        self._tile_waits = {
            name: wait for name, wait in self._tile_waits.items() if name in self._wanted
        }
        return [name for name in self._under_way if name not in self._wanted]

    def next(self, now_s: float) -> Order | None:
        """Return the order to send now, which is under way from then on; None when there is none.

        A host that failed is tried with one request before it gets more.
        """
        for order in self._ready(now_s):
            if self._busy[order.host] < self._most(order.host):
                self._under_way[order.name] = order
                self._busy[order.host] += 1
                return order
        return None

    def is_kept_back(self, now_s: float) -> bool:
        """Return whether an order waits only for requests of others to its host."""
        own = {order.host for order in self._under_way.values()}
        return any(order.host not in own for order in self._ready(now_s))

    def _ready(self, now_s: float) -> Iterator[Order]:
        """Yield what may be sent as far as its waits go, most wanted first."""
        for order in self._wanted.values():
            waits = self._host_waits.get(order.host), self._tile_waits.get(order.name)
            is_over = all(wait is None or wait.until_s <= now_s for wait in waits)
            if is_over and order.name not in self._under_way:
                yield order

    def _landed(self, name: Hashable) -> Order | None:
        order = self._under_way.pop(name, None)
        if order is not None:
            self._busy[order.host] -= 1
        return order

    def due_s(self) -> float | None:
        """Return when the first order that waits may be sent; None when none waits."""
        times = [
            max(
                self._host_waits.get(order.host, _Wait()).until_s,
                self._tile_waits.get(order.name, _Wait()).until_s,
            )
            for order in self._wanted.values()
            if order.name not in self._under_way
        ]
        return min(times, default=None)

    def gave_up(self, name: Hashable) -> None:
        """Take note that a request was broken off."""
        self._landed(name)

    def done(self, name: Hashable) -> None:
        """Take note that an order was answered: its host is well."""
        order = self._landed(name)
        self._wanted.pop(name, None)
        self._tile_waits.pop(name, None)
        if order is not None:
            self._host_waits.pop(order.host, None)

    def refuse(self, name: Hashable) -> None:
        """Drop an order that may not be sent."""
        self._landed(name)
        self._wanted.pop(name, None)

    def failed(
        self, name: Hashable, now_s: float, *, is_hosts: bool, asked_s: float | None = None
    ) -> None:
        """Let an order wait, and with *is_hosts* all that go to its host."""
        order = self._landed(name)
        if order is None:
            return
        if is_hosts:
            wait = self._host_waits.setdefault(order.host, _Wait())
            if wait.until_s > now_s and asked_s is None:
                return  # one of those that were under way together: it counts once
        else:
            wait = self._tile_waits.setdefault(name, _Wait())
        wait.lengthen(now_s, self._first_wait_s, asked_s)

    def try_again(self) -> None:
        """Forget all waits."""
        self._host_waits.clear()
        self._tile_waits.clear()

    def _most(self, host: str) -> int:
        return 1 if host in self._host_waits else MOST_AT_ONCE
