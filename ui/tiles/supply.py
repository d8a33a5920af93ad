"""Brings the tiles that maps show: from memory, from the disk, else over the network.

Lives on the GUI thread and does no work there: it keeps account of who waits for what. Several
maps of one window share it, so that no tile is asked for twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from gridadmin.base.errors import GridAdminError, InputError
from gridadmin.tiles.answer import Outcome, Verdict, verdict
from gridadmin.tiles.cache import TileCache, counter_of, most_a_day
from gridadmin.tiles.grid import Box, TileGrid, TileKey
from gridadmin.tiles.request import request_of
from gridadmin.tiles.source import Datum, Source
from ui.tiles.fetcher import Answer, Fault, Fetcher
from ui.tiles.memory import Blank, Name, Remembered, TileMemory
from ui.tiles.network import Reach
from ui.tiles.orders import Order
from ui.tiles.stock import Found, Grant, Judged, Lookup, Stock

_MOST_REFUSALS = 3
"""After so many refusals in a row, and no picture between, the source is left alone."""
_MOST_TRIES = 3
"""So often a picture that arrives damaged is fetched."""
_LEAVE_FOR = 24
"""For so many tiles at once leave is asked of what programs share."""
_WHOLE_SOURCE = frozenset({401, 403, 407, 418})
"""Answers that tell something of the key or the way, not of the tile."""

KeyOf = Callable[[Source], str | None]
"""Returns the user's key for a source, None while that is being looked up."""


class Condition(StrEnum):
    """How it stands with a source."""

    WELL = "well"
    WAITING = "waiting"
    """Its key is being looked up."""
    AWAY = "away"
    """The server is not to be had now; it is tried again by and by."""
    REFUSED = "refused"
    """Asking again is of no use before something is changed."""


@dataclass(frozen=True)
class State:
    """How it stands with a source; ``error`` has the sentence when it doesn't stand well."""

    condition: Condition = Condition.WELL
    error: GridAdminError | None = None


_WELL = State()


class NetShelf:
    """The tiles of a source on the network: what memory has, and a word to the supply."""

    def __init__(self, supply: Supply, source: Source, extent: Box | None = None) -> None:
        self.source = source
        self.grid: TileGrid = source.grid
        self.datum: Datum = source.datum
        self.extent = extent
        self._supply = supply

    def picture(self, key: TileKey) -> QImage | Blank:
        """Return a tile's picture, or why there is none."""
        found = self._supply.memory.get(self.source.id, key)
        return Blank.WAITING if found is None else found.picture

    def at_hand(self, key: TileKey) -> QImage | Blank:
        """Return the same: nothing else takes no time."""
        return self.picture(key)

    def see(self, keys: Sequence[TileKey]) -> None:
        """Let the supply bring what is seen; called by the painting worker."""
        self._supply.seen.emit(self, tuple(keys))


class Supply(QObject):
    """Brings tiles to the shelves of one window."""

    seen = Signal(object, object)
    """A :class:`NetShelf` and the tiles that are seen of it now."""
    arrived = Signal()
    """There are tiles in memory that were not there before."""
    state_changed = Signal(str)
    """It stands otherwise with the source of this id."""

    def __init__(
        self,
        reach: Reach,
        key_of: KeyOf,
        cache: TileCache,
        parent: QObject | None = None,
        *,
        memory: TileMemory | None = None,
        first_wait_s: float = 1.0,
    ) -> None:
        super().__init__(parent)
        self.memory = TileMemory() if memory is None else memory
        self._key_of = key_of
        self._stock = Stock(cache, self.memory)
        self._stock.found.connect(self._take_found)
        self._stock.judged.connect(self._take_judged)
        self._stock.granted.connect(self._take_grant)
        self._fetcher = Fetcher(reach, self, may_send=self._may_send, first_wait_s=first_wait_s)
        self._fetcher.answered.connect(self._take_answer)
        self._seen: dict[int, tuple[NetShelf, Sequence[TileKey]]] = {}
        self._lacking: dict[Name, Sequence[tuple[str, str]]] = {}
        self._ordered: dict[Name, Lookup] = {}
        self._judging: set[Name] = set()
        self._states: dict[str, State] = {}
        self._refusals: dict[str, int] = {}
        self._grants: dict[str, int] = {}
        self._asking: set[str] = set()
        self._counters: dict[str, str] = {}
        self._tries: dict[Name, int] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._order)
        self.seen.connect(self._see)

    def shelf(self, source: Source, extent: Box | None = None) -> NetShelf:
        """Return a shelf for a layer of a map; :meth:`forget` it when the layer goes."""
        return NetShelf(self, source, extent)

    def forget(self, shelf: NetShelf) -> None:
        """Bring nothing to a shelf any more: what is under way for it alone is broken off."""
        self._seen.pop(id(shelf), None)
        self._look_up()

    def state(self, source: str) -> State:
        """Return how it stands with a source."""
        return self._states.get(source, _WELL)

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits for anything that may still come by itself."""
        waiting = [tile for tile in self._wanted() if not self._is_refused(tile.source.id)]
        return not waiting and not self._judging

    def try_again(self, source: str | None = None) -> None:
        """Ask again where asking was given up or waits: one source or all."""
        for one in [source] if source is not None else list(self._states):
            self._refusals.pop(one, None)
            self._set_state(one, _WELL)
        self.memory.forget(lambda one, tile: tile.picture is Blank.BROKEN and source in (None, one))
        self._tries.clear()
        self._fetcher.try_again()
        self._look_up()

    def go_by(self, reach: Reach) -> None:
        """Reach the network in another way from now on."""
        self._fetcher.go_by(reach)
        self.try_again()

    def close(self) -> None:
        """Stop bringing anything."""
        self._seen.clear()
        self._soon.stop()
        self._fetcher.close()
        self._stock.close()

    # What is wanted

    def _see(self, shelf: NetShelf, keys: Sequence[TileKey]) -> None:
        self._seen[id(shelf)] = shelf, keys
        self._look_up()

    def _wanted(self) -> Iterator[Lookup]:
        """Yield what is seen and not settled, most wanted first, the layers by turns."""
        lists = [[(shelf, key) for key in keys] for shelf, keys in self._seen.values()]
        told: set[Name] = set()
        for row in zip_longest(*lists):
            for shelf, key in filter(None, row):
                name = (shelf.source.id, key)
                if name not in told and not self.memory.is_settled(*name):
                    told.add(name)
                    yield Lookup(shelf.source, key)

    def _look_up(self) -> None:
        """Look on the disk for what nobody has looked for yet, and see what is to be fetched."""
        wanted = list(self._wanted())
        names = {(tile.source.id, tile.key) for tile in wanted}
        self._lacking = {name: how for name, how in self._lacking.items() if name in names}
        known = self._lacking.keys() | self._judging
        self._stock.look_up([tile for tile in wanted if (tile.source.id, tile.key) not in known])
        # At once: what is wanted no more must not go out in the place of what is.
        self._order()

    def _take_found(self, found: Found) -> None:
        name = (found.source, found.key)
        if found.is_shown:
            self.arrived.emit()
        if not found.is_settled:
            self._lacking[name] = found.conditions
            if not self._soon.isActive():
                self._soon.start()

    # Fetching

    def _tile(self, name: Any) -> Lookup:
        return self._ordered[name]

    def _order(self) -> None:
        self._ordered = {}
        self._fetcher.want(list(self._orders()))

    def _orders(self) -> Iterator[Order]:
        """Yield what is to be fetched."""
        for tile in self._wanted():
            name = (tile.source.id, tile.key)
            is_coming = name not in self._lacking or name in self._judging
            if is_coming or self._is_refused(tile.source.id):
                continue
            order = self._made(tile, self._lacking[name])
            if order is not None:
                yield order

    def _take_grant(self, grant: Grant) -> None:
        self._asking.discard(grant.counter)
        if grant.count:
            self._grants[grant.counter] = self._grants.get(grant.counter, 0) + grant.count
            self._soon.start()
            return
        for shelf, _ in self._seen.values():
            source = shelf.source
            if self._counters.get(source.id) == grant.counter:
                limit = InputError("fetch.daily_limit", name=source.name, most=source.terms.daily)
                self._set_state(source.id, State(Condition.REFUSED, limit))

    def _made(self, tile: Lookup, conditions: Sequence[tuple[str, str]]) -> Order | None:
        """Return how a tile is asked for; None when its key is missing or not known yet."""
        source, name = tile.source, (tile.source.id, tile.key)
        key = self._key_of(source) if source.needs_key else ""
        if key is None:
            self._set_state(source.id, State(Condition.WAITING))
            return None
        try:
            asked = request_of(source, tile.key, key)
        except GridAdminError as refusal:
            self._set_state(source.id, State(Condition.REFUSED, refusal))
            return None
        if self.state(source.id).condition is Condition.WAITING:
            self._set_state(source.id, _WELL)
        is_counted = source.terms.daily is not None
        self._counters[source.id] = counter_of(source, key) if is_counted else ""
        self._ordered[name] = tile
        return Order(
            name,
            asked.url,
            asked.host,
            dict((*asked.headers, *conditions)),
            is_secret=source.needs_key or bool(source.headers),
        )

    def _may_send(self, order: Order) -> bool:
        """Return whether there is leave for a request; without, it comes up again with leave."""
        source = self._tile(order.name).source
        counter = self._counters.get(source.id, "")
        if not counter:
            return True
        left = self._grants.get(counter, 0)
        if left > 0:
            self._grants[counter] = left - 1
            return True
        if counter not in self._asking:
            self._asking.add(counter)
            self._stock.ask(counter, most_a_day(source), _LEAVE_FOR)
        return False

    def _take_answer(self, answer: Answer) -> None:
        tile = self._tile(answer.order.name)
        source = tile.source
        if answer.fault is not None:
            error = fault_error(source.name, answer)
            gone = Condition.REFUSED if answer.is_last else Condition.AWAY
            self._set_state(source.id, State(gone, error))
            return
        if answer.status in _WHOLE_SOURCE:
            # At once, before more of them go out: it takes no look at what came.
            said = verdict(source, answer.status, answer.headers, b"")
            self._refuse((source.id, tile.key), said, is_whole=True)
            return
        if answer.is_last:
            self._judging.add((source.id, tile.key))
        self._stock.take(tile, answer)

    def _take_judged(self, judged: Judged) -> None:
        name = (judged.source, judged.key)
        outcome = judged.verdict.outcome
        was_last = name in self._judging
        self._judging.discard(name)
        if outcome in (Outcome.PICTURE, Outcome.EMPTY, Outcome.UNCHANGED):
            self._lacking.pop(name, None)
            self._tries.pop(name, None)
            self._refusals.pop(judged.source, None)
            self._set_state(judged.source, _WELL)
            self.arrived.emit()
        elif outcome is Outcome.LATER:
            self._set_state(judged.source, State(Condition.AWAY, judged.verdict.error))
            if was_last:
                self._try_damaged_again(name)
        else:
            self._refuse(name, judged.verdict)
        if was_last:
            self._soon.start()

    def _try_damaged_again(self, name: Name) -> None:
        self._tries[name] = self._tries.get(name, 0) + 1
        if self._tries[name] >= _MOST_TRIES:
            self._give_up(name)

    def _refuse(self, name: Name, said: Verdict, *, is_whole: bool = False) -> None:
        """Give up a tile, or the whole source when it is about that."""
        source = name[0]
        self._refusals[source] = self._refusals.get(source, 0) + 1
        if is_whole or self._refusals[source] >= _MOST_REFUSALS:
            self._set_state(source, State(Condition.REFUSED, said.error))
            self._order()
        else:
            self._give_up(name)

    def _give_up(self, name: Name) -> None:
        self._lacking.pop(name, None)
        self.memory.put(*name, Remembered(Blank.BROKEN))

    def _is_refused(self, source: str) -> bool:
        return self.state(source).condition is Condition.REFUSED

    def _set_state(self, source: str, state: State) -> None:
        before = self.state(source)
        if before.condition is state.condition and _code(before) == _code(state):
            return
        if before.condition is Condition.REFUSED and state.condition is Condition.AWAY:
            return  # one of those that were under way together
        if state.condition is Condition.WELL:
            self._states.pop(source, None)
        else:
            self._states[source] = state
        self.state_changed.emit(source)


def _code(state: State) -> str:
    return "" if state.error is None else state.error.code


def fault_error(name: str, answer: Answer) -> GridAdminError:
    """Return the sentence of a request for the base map *name* that got no answer."""
    fault = answer.fault or Fault.NO_CONNECTION
    return InputError(
        f"fetch.{fault.value}",
        name=name,
        host=answer.order.host,
        detail=answer.detail,
    )
